"""What is wrong in a file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

LONGEST = 400
"""Letters that are shown of a place or a sentence: both may hold what somebody wrote."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``place`` is a path in the file, such as ``lots[2].first_slot``; ``""``: the file itself."""

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


class WrongFile(Exception):  # noqa: N818  (an answer)
    """The file is not taken; nothing was changed."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class Faults(list[Fault]):
    """Collects faults."""

    def say(self, place: str, sentence: Any) -> None:
        """Add one; the first at a place is enough."""
        place = place[:LONGEST]
        if all(fault.place != place for fault in self):
            self.append(Fault(place, str(sentence)[:LONGEST]))

    def stop(self) -> None:
        """Raise ``WrongFile`` when there are any."""
        if self:
            raise WrongFile(self)
