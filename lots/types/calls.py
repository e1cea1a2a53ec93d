"""What a lot and a parked call are, as Asterisk tells it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Party:
    """A person on the phone: number and name are ``""`` when unknown."""

    number: str = ""
    name: str = ""


NOBODY = Party()
"""The party Asterisk does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One line of ``Parkinglots``: the name Asterisk uses and its inclusive range of slots."""

    name: str
    first: int
    last: int
    timeout: int
    """Seconds until a parked call goes back; 0 means never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One caller in one slot. ``uniqueid`` is the identity, the place is only where it is now."""

    uniqueid: str
    channel: str
    lot: str
    slot: int
    caller: Party = NOBODY
    parker: Party = NOBODY
    parker_device: str = ""
    """Dial string of who gets the call back, such as ``PJSIP/201``."""
    linkedid: str = ""
    parked_at: datetime
    timeout_at: datetime | None = None
    """When Asterisk sends the caller back; None: never."""
    waiting_since: datetime | None = None
    """When the caller's wait began, where that was in an earlier slot: they were moved to this one."""

    @property
    def since(self) -> datetime:
        """Since when the caller waits, however often they were moved."""
        return self.waiting_since or self.parked_at

    @property
    def place(self) -> tuple[str, int]:
        """Lot name and slot number."""
        return self.lot, self.slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A phone that is rung, or talks: its channel, and who it is as far as Asterisk tells."""

    uniqueid: str
    channel: str
    party: Party = NOBODY

    @property
    def device(self) -> str:
        """``PJSIP/201`` of ``PJSIP/201-0000001a``, as Asterisk cuts it out itself."""
        return self.channel.rpartition("-")[0] or self.channel


class Stage(StrEnum):
    """How far a call that waited too long has come."""

    RECALL = "recall"
    """Back to who parked it."""
    FALLBACK = "fallback"
    """Somebody else is rung, or the dialplan does something else with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A call that waited too long and is on its way: until it is answered, parked again, or over."""

    call: Call
    """As it was in its slot."""
    stage: Stage
    since: datetime
    """When this ringing began, or ended: the page counts from here."""
    ringing: tuple[Leg, ...] = ()
    cancelled: bool = False
    """The last ringing ended because the caller did."""
    sure: bool = True
    """False: its time ran out while nobody listened. It is told of once it is found on its way."""
