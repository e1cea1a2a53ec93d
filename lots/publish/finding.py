"""One thing that was looked at on a PBX, and what to do about it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    HINT = "hint"
    """Something people will miss, or should know."""
    MISSING = "missing"
    """Publishing or the board does not work without."""


@dataclass(frozen=True, slots=True)
class Paste:
    """Lines for a file on the PBX (``file`` as people find it), or for the portal's environment."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    area: str
    """What it is about: ``accounts``, ``version``, ``modules``, ``files``, ``dialplan``, ``music``, ``phones``."""
    sentence: str
    pastes: tuple[Paste, ...] = ()
    after: str = ""
    """What to type on the PBX then."""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return asdict(self)


def ok(area: str, sentence: str) -> Finding:
    """It is as it should be."""
    return Finding(Level.OK, area, sentence)
