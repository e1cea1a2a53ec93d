"""The dialplan a PBX has at this moment, and what dialling a number in it reaches.

Made from the items of AMI's ``ShowDialPlan``. A search goes as ``pbx_find_extension`` in Asterisk's main/pbx.c does:
a context's own extensions in Asterisk's order, then its includes one after the other, depth first. Switches (lookups in
a database or on another PBX) come between the two; what they answer nobody can foresee.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lots.config.patterns import expression_text, matches, plain, rank

HINT = -1
"""The priority of a hint, as in Asterisk."""
MOST_CONTEXTS = 512
"""Asterisk stops a search after so many contexts, included ones all counted (``AST_PBX_MAX_STACK`` in pbx.h)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One priority of an extension."""

    application: str
    data: str
    registrar: str
    """Who wrote it: ``pbx_config``, ``res_parking/sales`` ..."""


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a number."""

    context: str
    exten: str
    step: Step


@dataclass(slots=True)
class Context:
    """One context. Extensions are kept as they are written; ``includes`` without their times."""

    name: str
    includes: list[str] = field(default_factory=list)
    switches: list[str] = field(default_factory=list)
    _steps: dict[str, dict[int, Step]] = field(default_factory=dict)
    _patterns: list[str] | None = None
    _any: re.Pattern[str] | None = None

    def add(self, exten: str, priority: int, step: Step) -> None:
        """One more line."""
        key = exten if exten.startswith("_") else plain(exten)
        if key not in self._steps and key.startswith("_"):
            self._patterns = None
        self._steps.setdefault(key, {})[priority] = step

    def extensions(self) -> Iterator[tuple[str, dict[int, Step]]]:
        """All of them, numbers and patterns."""
        yield from self._steps.items()

    def candidates(self, dialled: str) -> Iterator[tuple[str, dict[int, Step]]]:
        """Extensions that match, the best first."""
        number = plain(dialled)
        if number in self._steps and not number.startswith("_"):
            yield number, self._steps[number]
        for pattern in self._matching(dialled):
            yield pattern, self._steps[pattern]

    def _matching(self, dialled: str) -> list[str]:
        if self._patterns is None:
            self._patterns = sorted((name for name in self._steps if name.startswith("_")), key=rank)
            self._any = re.compile("|".join(f"(?:{expression_text(p)})" for p in self._patterns), re.DOTALL)
        if not self._patterns or self._any is None:
            return []
        if not dialled.startswith("_") and not self._any.fullmatch(plain(dialled)):
            return []
        return [pattern for pattern in self._patterns if matches(pattern, dialled)]


class Dialplan:
    """Contexts by name."""

    def __init__(self) -> None:
        self.contexts: dict[str, Context] = {}

    @classmethod
    def of(cls, items: Iterable[Mapping[str, str]]) -> "Dialplan":
        """From ``ListDialplan`` events."""
        plan = cls()
        for item in items:
            plan.take(item)
        return plan

    def take(self, item: Mapping[str, str]) -> None:
        """One event."""
        context = self.context(item["Context"])
        if "IncludeContext" in item:
            context.includes.append(re.split(r"[,|]", item["IncludeContext"])[0])
        elif "Switch" in item:
            context.switches.append(item["Switch"])
        elif "Extension" in item:
            priority = HINT if item["Priority"] == "hint" else int(item["Priority"])
            step = Step(item.get("Application", ""), item.get("AppData", ""), item.get("Registrar", ""))
            context.add(item["Extension"], priority, step)

    def context(self, name: str) -> Context:
        """The context called ``name``, made when there is none."""
        return self.contexts.setdefault(name, Context(name))

    def find(self, context: str, dialled: str, priority: int = 1) -> Found | None:
        """What a phone in ``context`` reaches that dials ``dialled``; None: nothing. Switches count as silent."""
        return next(self.walk(context, dialled, priority), None)

    def walk(self, context: str, dialled: str, priority: int = 1) -> Iterator[Found]:
        """Everything that would take ``dialled``, in the order Asterisk looks; the first is reached."""
        for place in self.reach(context):
            for exten, steps in place.candidates(dialled):
                if step := steps.get(priority):
                    yield Found(place.name, exten, step)

    def reach(self, context: str) -> Iterator[Context]:
        """``context`` and all it includes, in the order Asterisk looks, each once, and no more than Asterisk takes."""
        seen: set[str] = set()
        waiting = [context]
        while waiting and len(seen) < MOST_CONTEXTS:
            name = waiting.pop()
            place = self.contexts.get(name)
            if place is not None and name.lower() not in seen:
                seen.add(name.lower())
                yield place
                waiting += reversed(place.includes)

    def includes(self, context: str, wanted: str) -> bool:
        """Whether a phone in ``context`` reaches ``wanted``."""
        return any(place.name == wanted for place in self.reach(context))
