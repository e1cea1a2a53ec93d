"""Every waiting time of the link, in seconds, and the clock it stamps events with."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime


def now_utc() -> datetime:
    """The portal's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds.

    A half-open link goes unnoticed for ``idle`` + ``pong``, or until half a ``pong`` after the time limit of the last
    action that waits, when that is later: 12.5 seconds at most with these values.
    """

    connect: float = 5
    login: float = 5
    """From the open socket to the accepted login, the greeting included."""
    action: float = 5
    idle: float = 5
    pong: float = 5
    backoff_first: float = 0.5
    backoff_most: float = 30
    settled_after: float = 30
    """A link that lived this long counts as a good one: the next retry is quick again."""
    refused_first: float = 30
    refused_most: float = 300
    farewell: float = 0.5
    """How long closing may take before the socket is cut."""


class Backoff:
    """Growing pauses. Jitter keeps a hundred portals from knocking together when a PBX restarts."""

    def __init__(self, first: float, most: float, *, least: float = 0.0) -> None:
        """``least`` is the part of each pause (0 to 1) that chance must not take away."""
        self._first, self._most, self._least = first, most, least
        self._failures = 0

    def pause(self) -> float:
        """Seconds to wait before the next try."""
        ceiling = min(self._most, self._first * 2.0 ** min(self._failures, 30))
        self._failures += 1
        return random.uniform(ceiling * self._least, ceiling)  # noqa: S311 - spreads load, guards nothing

    def reset(self) -> None:
        """It worked: the next pause is a short one again."""
        self._failures = 0
