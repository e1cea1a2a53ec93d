"""Wire text to our own types, units and all. Pure: a message and the time it was heard in, an event out.

Raises ``KeyError`` or ``ValueError`` when a message lacks what makes a call a call: lot, slot, Uniqueid.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from lots.ami.filters import OWN_CHANNEL_PREFIX
from lots.types.calls import Call, Leg, Lot, Party
from lots.types.changes import Door, DoorTried
from lots.types.events import (
    Event,
    GaveUp,
    HungUp,
    Originated,
    Parked,
    RangOut,
    Ringing,
    StateChanged,
    Swapped,
    TimedOut,
    Unparked,
)

Headers = Mapping[str, str]
"""Must look names up without case: Asterisk's own spelling varies."""

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"a": " ", "b": " ", "f": " ", "n": " ", "r": " ", "t": " ", "v": " "}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UNKNOWN = frozenset({"<unknown>", "<null>", "(null)"})
_LONG_64, _LONG_32 = 1 << 64, 1 << 32
_LONGEST_TIMEOUT = 1 << 31
_MOST = (1 << 31) - 1
"""Slots and seconds beyond are none; databases and calendars have no place for them."""
DOOR_EVENT = "ParkinglotDoor"


def event(headers: Headers, at: datetime) -> Event | None:
    """What a message means to the board; None for the many that mean nothing."""
    make = _LIVE.get(headers.get("Event", ""))
    return make(headers, at) if make else None


def knows(name: str) -> bool:
    """Whether ``event()`` reads messages of this name at all."""
    return name in _LIVE


def lot(headers: Headers) -> Lot:
    """One item of ``Parkinglots``."""
    return Lot(
        name=_text(headers, "Name"),
        first=_number(headers["StartSpace"], "StartSpace"),
        last=_number(headers["StopSpace"], "StopSpace"),
        timeout=_whole(headers, "Timeout"),
    )


def call(headers: Headers, at: datetime) -> Call:
    """The caller in a message about parking; ``at`` is when it was heard."""
    waited = _whole(headers, "ParkingDuration")
    return Call(
        uniqueid=_required(headers, "ParkeeUniqueid"),
        channel=_text(headers, "ParkeeChannel"),
        lot=_required(headers, "Parkinglot"),
        slot=_number(headers["ParkingSpace"], "ParkingSpace"),
        caller=_party(headers, "ParkeeCallerID"),
        # Asterisk promises Parker headers and never sends them: the other end of the line at park time is all we get.
        parker=_party(headers, "ParkeeConnectedLine"),
        parker_device=_text(headers, "ParkerDialString"),
        linkedid=_text(headers, "ParkeeLinkedid"),
        parked_at=at - timedelta(seconds=waited),
        timeout_at=_timeout_at(headers, waited, at),
    )


def _timeout_at(headers: Headers, waited: int, at: datetime) -> datetime | None:
    """None for a call that is never sent back.

    Asterisk prints ``start + limit - now`` and ``now - start`` in whole seconds, the first one as if it could not be
    negative. Their sum is therefore the call's own limit to the second, and 0 means none: also for a single call in a
    lot with a limit, and from the very first second on.
    """
    if "ParkingTimeout" not in headers:
        return None
    left = _number(str(_signed(int(headers["ParkingTimeout"]))), "ParkingTimeout", least=-_MOST)
    return at + timedelta(seconds=left) if left + waited > 0 else None


def _signed(printed: int) -> int:
    """Undo ``%lu`` of a negative ``long``, on machines of either size."""
    if printed >= _LONG_64 >> 1:
        return printed - _LONG_64
    return printed - _LONG_32 if printed >= _LONGEST_TIMEOUT else printed


def _unparked(headers: Headers, at: datetime) -> Unparked:
    return Unparked(
        call=call(headers, at),
        retriever=_party(headers, "RetrieverCallerID"),
        retriever_channel=_text(headers, "RetrieverChannel"),
        retriever_uniqueid=_text(headers, "RetrieverUniqueid"),
        at=at,
    )


def _hung_up(headers: Headers, at: datetime) -> HungUp:
    return HungUp(
        uniqueid=_required(headers, "Uniqueid"),
        channel=_text(headers, "Channel"),
        cause=_whole(headers, "Cause"),
        at=at,
    )


def _state_changed(headers: Headers, at: datetime) -> StateChanged | None:
    uniqueid = _required(headers, "Uniqueid")
    if not uniqueid.startswith(OWN_CHANNEL_PREFIX):
        return None  # the account may not be allowed to filter
    return StateChanged(
        uniqueid=uniqueid,
        channel=_text(headers, "Channel"),
        state=_text(headers, "ChannelStateDesc"),
        at=at,
    )


def _ringing(headers: Headers, at: datetime) -> Ringing | None:
    """A ringing that no channel waits for (an ``Originate``) has no caller."""
    caller = _text(headers, "Uniqueid")
    return Ringing(uniqueid=caller, leg=_dialled(headers), at=at) if caller else None


def _rang_out(headers: Headers, at: datetime) -> RangOut | None:
    caller = _text(headers, "Uniqueid")
    status = _text(headers, "DialStatus")
    return RangOut(uniqueid=caller, leg=_dialled(headers), status=status, at=at) if caller else None


def _dialled(headers: Headers) -> Leg:
    return Leg(
        uniqueid=_required(headers, "DestUniqueid"),
        channel=_text(headers, "DestChannel"),
        party=_party(headers, "DestCallerID"),
    )


def leg(headers: Headers) -> Leg:
    """A channel in a list of them (``CoreShowChannels``)."""
    party = _party(headers, "CallerID")
    return Leg(uniqueid=_required(headers, "Uniqueid"), channel=_text(headers, "Channel"), party=party)


def _originated(headers: Headers, at: datetime) -> Originated:
    return Originated(
        uniqueid=_text(headers, "Uniqueid"),
        action_id=_text(headers, "ActionID"),
        answered=headers.get("Response") == "Success",
        reason=_whole(headers, "Reason"),
        at=at,
    )


def _user_event(headers: Headers, at: datetime) -> DoorTried | None:
    """What our dialplan says of outside numbers (``lots/config/outside.py``); others have events of this kind too."""
    result = headers.get("Result", "")
    if headers.get("UserEvent") != DOOR_EVENT or result not in set(Door):
        return None
    return DoorTried(
        lot=_text(headers, "Lot"),
        number=_text(headers, "Number"),
        caller=_text(headers, "Caller"),
        result=Door(result),
        at=at,
    )


_LIVE: dict[str, Callable[[Headers, datetime], Event | None]] = {
    "ParkedCall": lambda headers, at: Parked(call=call(headers, at), at=at),
    "ParkedCallSwap": lambda headers, at: Swapped(call=call(headers, at), at=at),
    "ParkedCallGiveUp": lambda headers, at: GaveUp(call=call(headers, at), at=at),
    "ParkedCallTimeOut": lambda headers, at: TimedOut(call=call(headers, at), at=at),
    "UnParkedCall": _unparked,
    "Hangup": _hung_up,
    "DialBegin": _ringing,
    "DialEnd": _rang_out,
    "Newstate": _state_changed,
    "OriginateResponse": _originated,
    "UserEvent": _user_event,
}


def _party(headers: Headers, start: str) -> Party:
    """Names are C-escaped by Asterisk, numbers are not."""
    return Party(number=_text(headers, f"{start}Num"), name=unescape(_text(headers, f"{start}Name")))


def unescape(name: str) -> str:
    r"""Undo Asterisk's C escapes (``\"``, ``\\``, ``\n`` ...); what cannot be printed becomes a space."""
    return _CONTROL.sub(" ", _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), name)).strip()


def _text(headers: Headers, name: str) -> str:
    value = _CONTROL.sub(" ", headers.get(name, "")).strip()
    return "" if value in _UNKNOWN else value


def _required(headers: Headers, name: str) -> str:
    value = _text(headers, name)
    if not value:
        raise ValueError(f"no {name}")
    return value


def _whole(headers: Headers, name: str) -> int:
    """A number nothing depends on: 0 when absent."""
    return _number(headers.get(name) or "0", name, least=-_MOST)


def _number(text: str, name: str, *, least: int = 0) -> int:
    """``text`` as a number that everything behind us can hold."""
    if not least <= (number := int(text)) <= _MOST:
        raise ValueError(f"{name} is out of range")
    return number
