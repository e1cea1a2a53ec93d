"""What a lot and a parked call are, as Asterisk tells it."""

from dataclasses import dataclass
from datetime import datetime


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

    @property
    def place(self) -> tuple[str, int]:
        """Lot name and slot number."""
        return self.lot, self.slot
