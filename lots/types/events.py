"""What the bridge hears, in the order it was heard. ``at`` is when, in UTC, by the portal's clock."""

from dataclasses import dataclass
from datetime import datetime

from lots.types.calls import Call, Leg, Lot, Party
from lots.types.changes import DoorTried


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """``ParkedCall``: a caller entered a slot (new, or moved from another one)."""

    call: Call
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """``ParkedCallSwap``: another channel (``call``) took over the occupied slot."""

    call: Call
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparked:
    """``UnParkedCall``: retrieved with ``ParkedCall()``."""

    call: Call
    retriever: Party
    retriever_channel: str
    retriever_uniqueid: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp:
    """``ParkedCallGiveUp``: left in any other way: hung up, moved, or redirected (Hangup tells)."""

    call: Call
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut:
    """``ParkedCallTimeOut``: waited too long, Asterisk sends the caller back."""

    call: Call
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    """``Hangup`` of any channel we hear of. ``cause`` is the Q.850 number."""

    uniqueid: str
    channel: str
    cause: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """``DialBegin``: the channel ``uniqueid`` waits in a dialplan while ``leg`` is being rung for it."""

    uniqueid: str
    leg: Leg
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RangOut:
    """``DialEnd``: ``leg`` is not rung any more. ``status`` is Asterisk's word: ANSWER, NOANSWER, BUSY, CANCEL ..."""

    uniqueid: str
    leg: Leg
    status: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """``Status`` of a call that went back: where its channel is now. ``there`` False: nowhere, it is over."""

    uniqueid: str
    there: bool
    talks_with: Leg | None = None
    """Who shares its bridge; None: it is in none."""
    ringing: tuple[Leg, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged:
    """``Newstate`` of a channel: ``state`` is Asterisk's word, such as ``Ringing`` or ``Up``."""

    uniqueid: str
    channel: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Originated:
    """``OriginateResponse``: how an ``Originate`` of ours ended (4 answered, 3 no answer, 5 busy ...)."""

    uniqueid: str
    action_id: str
    answered: bool
    reason: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The whole truth: ``Parkinglots`` and ``ParkedCalls`` as of ``at``.

    Events queued in Asterisk before the list was made may still follow; ``Settled`` ends that window.
    """

    lots: tuple[Lot, ...]
    calls: tuple[Call, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Everything Asterisk had queued before the last ``Listed`` has been delivered."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkUp:
    """Logged in; events are flowing. A ``Listed`` follows. ``version`` is Asterisk's AMI version."""

    version: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLost:
    """Asterisk cannot be heard. ``reason`` is a sentence for a person."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRefused:
    """Asterisk answered, and refused the account. Retrying fast would only lock it."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """Time passed."""

    at: datetime


CallEvent = Parked | Swapped | Unparked | GaveUp | TimedOut
LinkEvent = LinkUp | LinkLost | LoginRefused
ChannelEvent = HungUp | StateChanged | Originated | Ringing | RangOut | Looked
Event = CallEvent | LinkEvent | ChannelEvent | DoorTried | Listed | Settled | Ticked
