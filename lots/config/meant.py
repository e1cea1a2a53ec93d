"""What lines of a file become inside Asterisk, to be compared with what it shows. PURE."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lots.config.content import Content, Pair
from lots.types.words import Said, gettext_noop

Priority = str
"""A number, or ``hint``."""
PARKING_TIME = 45
"""Seconds a lot has that names none."""
OWNER = "res_parking"
"""Registrar of the extensions Asterisk's parking makes; those of one lot have ``res_parking/<lot>``."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One context of the dialplan: what stands at each extension and priority, and what is included."""

    steps: dict[tuple[str, Priority], Pair] = field(default_factory=dict)
    """Application and data."""
    registrars: dict[tuple[str, Priority], str] = field(default_factory=dict)
    includes: list[str] = field(default_factory=list)


def shown(items: Iterable[Mapping[str, str]]) -> dict[str, Shown]:
    """By context, from the events of ``ShowDialPlan``."""
    found: dict[str, Shown] = defaultdict(Shown)
    for item in items:
        context = found[item["Context"]]
        if "IncludeContext" in item:
            context.includes.append(item["IncludeContext"])
        elif "Extension" in item:
            key = item["Extension"], item["Priority"]
            context.steps[key] = item.get("Application", ""), item.get("AppData", "")
            context.registrars[key] = item.get("Registrar", "")
    return dict(found)


def steps(lines: Iterable[Pair]) -> Iterator[tuple[str, Priority, Pair, str]]:
    """Extension, priority, application with data, and label, as pbx_config reads them (``pbx_load_config``)."""
    name, last = "", 0
    for key, value in lines:
        if key == "exten":
            name, _comma, rest = value.partition(",")
        elif key == "same":
            rest = value
        else:
            continue
        written, _comma, text = rest.partition(",")
        written, _bracket, label = written.strip().removesuffix(")").partition("(")
        if written != "hint":
            last = last + 1 if written == "n" else int(written)
        yield name.strip(), "hint" if written == "hint" else str(last), _step(text.strip()), label


def _step(text: str) -> Pair:
    application, bracket, data = text.partition("(")
    end = data.rfind(")")
    return application, data[:end] if bracket and end >= 0 else data


def wrong_context(name: str, lines: Iterable[Pair], there: Shown | None) -> str:
    """What Asterisk lacks of a context, as a sentence; ``""``: nothing. More than was written is no fault."""
    lines = tuple(lines)
    if there is None:
        return Said(gettext_noop("Asterisk has no context {name}."), name=name) if lines else ""
    for exten, priority, step, _label in steps(lines):
        has = there.steps.get((exten, priority))
        if has != step:
            return Said(
                gettext_noop("{exten} with priority {priority} in the context {name} should be {meant} and is {what}."),
                exten=exten,
                priority=priority,
                name=name,
                meant=f"{step[0]}({step[1]})",
                what=f"{has[0]}({has[1]})" if has else Said(gettext_noop("nothing")),
            )
    missing = [value for key, value in lines if key == "include" and value not in there.includes]
    if not missing:
        return ""
    return Said(gettext_noop("The context {name} does not include {other}."), name=name, other=missing[0])


@dataclass(frozen=True, slots=True)
class MeantLot:
    """A lot as its section says."""

    name: str
    context: str
    park_code: str
    first: int
    last: int
    timeout: int

    @property
    def slots(self) -> range:
        """Every slot."""
        return range(self.first, self.last + 1)


def meant_lots(parking: Content) -> list[MeantLot]:
    """The lots of the parking file. An empty ``[default]`` does not say what that lot is: it may be the PBX's own."""
    named = {name: lines for name, lines in parking.items() if name != "general" and (lines or name != "default")}
    return [_lot(name, dict(lines)) for name, lines in named.items()]


def _lot(name: str, options: Mapping[str, str]) -> MeantLot:
    first, _dash, last = options.get("parkpos", "701-750").partition("-")
    seconds = _whole(options.get("parkingtime", str(PARKING_TIME)))
    context = options.get("context", "parkedcalls")
    return MeantLot(name, context, options.get("parkext", ""), _whole(first), _whole(last), seconds)


def _whole(text: str) -> int:
    """-1 for what somebody else wrote and is no number."""
    return int(text) if text.isascii() and text.isdigit() else -1


def wrong_lot(lot: MeantLot, there: tuple[int, int, int] | None) -> str:
    """``there``: first and last slot and timeout that Asterisk names."""
    if there is None:
        return Said(gettext_noop("Asterisk does not have the lot {lot}."), lot=lot.name)
    if there != (lot.first, lot.last, lot.timeout):
        return Said(
            gettext_noop("The lot {lot} should have the slots {meant}; it has {has}."),
            lot=lot.name,
            meant=_slots(lot.first, lot.last, lot.timeout),
            has=_slots(*there),
        )
    return ""


def _slots(first: int, last: int, seconds: int) -> Said:
    return Said(gettext_noop("{first} to {last} and {seconds} s"), first=first, last=last, seconds=seconds)


def wrong_native(lot: MeantLot, there: Shown | None) -> str:
    """Whether parking's own extensions of ``lot`` are there: a reload it refuses takes away those of all lots."""
    if not lot.park_code:
        return ""
    found = there or Shown()
    for exten in (lot.park_code, *map(str, lot.slots)):
        if found.registrars.get((exten, "1"), "").partition("/")[0] != OWNER:
            words = gettext_noop(
                "Asterisk did not make its own extension {exten} in the context {name} of the lot {lot}."
            )
            return Said(words, exten=exten, name=lot.context, lot=lot.name)
    return ""


def foreign(lot: MeantLot, there: Shown | None) -> str:
    """An extension of somebody's where parking wants to make its own: Asterisk would refuse, and drop all others."""
    for exten in (lot.park_code, *map(str, lot.slots)) if there and lot.park_code else ():
        owner = there.registrars.get((exten, "1")) if there else None
        if owner is not None and owner.partition("/")[0] != OWNER:
            words = gettext_noop(
                "{exten} stands in the context {name} already (written by {owner}), where Asterisk must make "
                "it for the lot {lot}. Remove it from the PBX's dialplan; that context is for parking only."
            )
            return Said(words, exten=exten, name=lot.context, owner=owner, lot=lot.name)
    return ""
