"""What ``UpdateConfig`` must do to make one file of another, and in how many messages. PURE.

Asterisk (``handle_updates`` in manager.c) works them off one after the other; section names compare without case there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from lots.config.conf import Line
from lots.config.content import ARROWS, Content, Pair

MOST_LINES = 124
"""Header lines a message has for operations: 128, less Action, ActionID and the two file names."""
Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Operation:
    """One numbered operation; ``line`` only with Append."""

    action: Literal["NewCat", "EmptyCat", "DelCat", "Append"]
    section: str
    line: Pair | None = None

    @property
    def size(self) -> int:
        """Header lines it takes."""
        return 4 if self.line else 2


def operations(now: Content, goal: Content) -> list[Operation]:
    """From ``now`` to ``goal``. Sections that stay keep their place; new ones come last."""
    found = [Operation("DelCat", name) for name in now if name not in goal]
    for name, lines in goal.items():
        if now.get(name) != lines:
            found += _section(name, now.get(name), lines)
    return found


def _section(name: str, now: tuple[Pair, ...] | None, lines: tuple[Pair, ...]) -> Iterator[Operation]:
    kept = 0
    if now is None:
        yield Operation("NewCat", name)
    elif lines[: len(now)] == now:
        kept = len(now)
    else:
        yield Operation("EmptyCat", name)
    for line in lines[kept:]:
        yield Operation("Append", name, line)


def can_be_reached(now: Content, goal: Content) -> bool:
    """Whether sections are told apart by Asterisk too: two names that differ by case alone are one to it."""
    names = {*now, *goal}
    return len({name.lower() for name in names}) == len(names)


def messages(found: Iterable[Operation]) -> list[list[Header]]:
    """Headers of as few messages as Asterisk takes. Raises ``UnsafeValue`` for a line the gate does not let pass."""
    batches: list[list[Operation]] = []
    room = 0
    for one in found:
        if one.size > room:
            batches.append([])
            room = MOST_LINES
        batches[-1].append(one)
        room -= one.size
    return [[header for number, one in enumerate(batch) for header in _headers(number, one)] for batch in batches]


def _headers(number: int, one: Operation) -> Iterator[Header]:
    yield f"Action-{number:06d}", one.action
    yield f"Cat-{number:06d}", one.section
    if one.line is not None:
        line = Line(*one.line)
        yield f"Var-{number:06d}", line.name
        # ">" makes Asterisk write "=>"; a value that begins with one would lose it.
        yield f"Value-{number:06d}", f">{line.value}" if _has_arrow(line) else line.value


def _has_arrow(line: Line) -> bool:
    return line.name in ARROWS or line.value.startswith(">")
