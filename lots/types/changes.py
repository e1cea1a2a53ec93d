"""What an event changed: what the bridge writes down and tells the boards."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lots.types.calls import NOBODY, Call, Leg, Lot, Party, Return


class LinkState(StrEnum):
    """Whether Asterisk can be heard."""

    HEARING = "hearing"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Link:
    """The state of the link, since when, and a sentence for a person."""

    state: LinkState
    since: datetime
    reason: str = ""


class Outcome(StrEnum):
    """How a stay in a slot ended."""

    RETRIEVED = "retrieved"
    TIMED_OUT = "timed_out"
    ABANDONED = "abandoned"
    MOVED = "moved"
    TAKEN_ELSEWHERE = "elsewhere"
    """Redirected or bridged by something that is not ``ParkedCall()``; the call is alive."""
    ENDED = "ended"
    """A colleague ended the call."""
    LEFT = "left"
    """Left the slot, and the next moments will tell why."""
    UNSEEN = "unseen"
    """Ended while nobody listened."""


PROVISIONAL = frozenset({Outcome.LEFT, Outcome.UNSEEN, Outcome.ABANDONED})
"""Outcomes that a late word from Asterisk may still correct."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stay ended: the outcome, when, and who took the call if somebody did."""

    outcome: Outcome
    at: datetime
    retriever: Party = NOBODY
    retriever_channel: str = ""
    retriever_uniqueid: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A stay began."""

    call: Call


@dataclass(frozen=True, slots=True)
class Ended:
    """A stay ended; its slot is free unless another call is there."""

    call: Call
    ending: Ending


@dataclass(frozen=True, slots=True)
class Resolved:
    """The last stay of ``uniqueid`` has ended already; this is how it really ended."""

    uniqueid: str
    ending: Ending


@dataclass(frozen=True, slots=True)
class Replaced:
    """The same stay, now of another channel (an attended transfer was completed)."""

    before: Call
    call: Call


@dataclass(frozen=True, slots=True)
class Resumed:
    """The stay of ``call`` in its slot goes on: a reminder took it out for a moment, or its time limit is another."""

    call: Call


class Came(StrEnum):
    """What became of a call that waited too long."""

    ANSWERED = "answered"
    HUNG_UP = "hung_up"
    """The caller gave up while somebody was rung."""
    UNANSWERED = "unanswered"
    """Nobody answered, and the call is over."""
    PARKED = "parked"
    """It is parked again: the next stay tells how it went on."""
    UNKNOWN = "unknown"
    """Nobody listened when it happened."""


@dataclass(frozen=True, slots=True)
class GoesBack:
    """A call is on its way back, or has come further: it replaces what was told of this call before."""

    back: Return


@dataclass(frozen=True, slots=True)
class CameBack:
    """A call is not on its way any more."""

    call: Call
    came: Came
    at: datetime
    by: Leg | None = None
    """Who answered."""


@dataclass(frozen=True, slots=True)
class LotsChanged:
    """Asterisk's lots are these now."""

    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """Asterisk can or cannot be heard."""

    link: Link


class Door(StrEnum):
    """What became of a caller at an outside number, in the words of our dialplan (``lots/config/outside.py``)."""

    OPENED = "opened"
    NOTHING = "nothing"
    """Let in, but nobody was parked."""
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorTried:
    """Somebody outside called ``number`` of ``lot`` (Asterisk's name). ``caller`` is their number, ``anonymous``."""

    lot: str
    number: str
    caller: str
    result: Door
    at: datetime


@dataclass(frozen=True, slots=True)
class ListWanted:
    """Two facts contradict each other: ask Asterisk for the whole truth."""


Change = (
    Entered
    | Ended
    | Resolved
    | Replaced
    | Resumed
    | GoesBack
    | CameBack
    | LotsChanged
    | LinkChanged
    | DoorTried
    | ListWanted
)
