"""A change of a few contexts as edits of the dialplan that runs, where loading all of it anew takes too long. PURE.

Asterisk asks for the state of every hint again at each reload of the dialplan, and parking answers each question by
walking all lots: with 1,000 lots of ten slots a reload takes five seconds and more (Asterisk 16 and 22), in which no
call finds its way. The files are written all the same, and say the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lots.config.content import Content, Pair
from lots.config.meant import Priority, steps
from lots.config.operations import Header

MANY_HINTS = 1000
"""Below that a reload takes no time worth saving."""
MOST_CONTEXTS = 16


@dataclass(frozen=True, slots=True)
class Edit:
    """One priority of an extension; ``step`` is None where it goes."""

    context: str
    exten: str
    priority: Priority
    step: Pair | None

    @property
    def action(self) -> str:
        """The action of AMI (class ``system``)."""
        return "DialplanExtensionAdd" if self.step else "DialplanExtensionRemove"

    @property
    def headers(self) -> list[Header]:
        """Its headers."""
        place = [("Context", self.context), ("Extension", self.exten), ("Priority", self.priority)]
        if self.step is None:
            return place
        return [*place, ("Application", self.step[0]), ("ApplicationData", self.step[1]), ("Replace", "yes")]


def edits(before: Content, after: Content) -> list[Edit] | None:
    """From ``before`` to ``after``; None: it must be loaded anew, for it is quick, too much, or cannot be edited."""
    names = [name for name in {**after, **before} if before.get(name) != after.get(name)]
    hints = sum(",hint," in value for lines in after.values() for name, value in lines if name == "exten")
    if hints < MANY_HINTS or len(names) > MOST_CONTEXTS:
        return None
    found = [list(_context(name, before.get(name, ()), after.get(name, ()))) for name in names]
    if any(None in some for some in found):
        return None
    return [edit for some in found for edit in some if edit is not None]


def _context(name: str, before: tuple[Pair, ...], after: tuple[Pair, ...]) -> Iterator[Edit | None]:
    """None for what no edit can do: an include, or a label where something changes."""
    if _others(before) != _others(after):
        yield None
    old, new = _steps(before), _steps(after)
    # From the end, so that no call runs into a gap that is about to be closed.
    for exten, priority in reversed([key for key in old if key not in new]):
        yield Edit(name, exten, priority, None)
    for (exten, priority), (step, label) in new.items():
        was = old.get((exten, priority))
        if was == (step, label):
            continue
        yield None if label or (was and was[1]) else Edit(name, exten, priority, step)


def _others(lines: Iterable[Pair]) -> list[Pair]:
    return [line for line in lines if line[0] not in {"exten", "same"}]


def _steps(lines: tuple[Pair, ...]) -> dict[tuple[str, Priority], tuple[Pair, str]]:
    """With the label of each."""
    return {(exten, priority): (step, label) for exten, priority, step, label in steps(lines)}
