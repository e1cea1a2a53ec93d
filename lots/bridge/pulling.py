"""Retrieve a caller who is on the way back: out of the ringing into a slot again, then as from any slot.

Tried live on 16.28 and 22.10: AMI ``Park`` of a channel that waits in ``Dial`` (or in any other application) takes it
out of there and parks it; the phones that rang stop. Into a lot without room it parks nobody, says "Park successful",
and the caller is gone: so room is asked for right before. A channel that talks would be torn out of its talk: whether
it does is asked for last.
"""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress

from lots.ami import ActionRefused, AmiError
from lots.bridge.command import Failed, Heard
from lots.bridge.commands.moving import NO_CHANNEL
from lots.bridge.ringing import Ringing
from lots.bridge.room import room
from lots.types import events
from lots.types.calls import Call, Return
from lots.types.changes import Came, CameBack, Entered, LinkChanged, Resumed

SOON = 5.0
"""Seconds in which Asterisk parks a call that it was asked to park; it takes milliseconds."""


async def pull(command: Ringing) -> None:
    """Park the call of ``command`` again, in its old slot if that is free; the order speaks of the new one then.

    Raises ``Failed``; the call is on its way as before then, or told to be gone.
    """
    orders, uniqueid = command.bridge.orders, command.order["uniqueid"]
    if by := orders.pulled.get(uniqueid):
        raise Failed("claimed_by", by=by)
    orders.pulled[uniqueid] = command.order["user_name"]
    try:
        call = await _parked(command, _back(command))
    except ActionRefused:
        raise await _why_refused(command) or Failed("not_moved") from None
    finally:
        del orders.pulled[uniqueid]
    command.order["slot"] = call.slot


async def _why_refused(command: Ringing) -> Failed | None:
    """A channel that Asterisk does not know has ended at this moment, and word of it is on its way."""
    uid = command.order["uniqueid"]
    found = await command.next_heard(lambda heard: _explains(heard, uid) is not None)
    return _explains(found, uid)


def _explains(heard: Heard | None, uid: str) -> Failed | None:
    match heard:
        case CameBack(call, Came.ANSWERED, _, by) if call.uniqueid == uid:
            return Failed("taken", by=by.party.name if by else "")
        case CameBack(call, came) if call.uniqueid == uid:
            return Failed("moved" if came is Came.PARKED else "caller_left")
        case events.HungUp(uniqueid=hung_up) if hung_up == uid:
            return Failed("caller_left")
    return None


def _back(command: Ringing) -> Return:
    """The way back as it is now; on one of the same call from another lot nobody has clicked."""
    if not command.bridge.link.is_up:
        raise Failed("link_lost")
    back = command.bridge.board.returning.get(command.order["uniqueid"])
    if back is None or not back.sure:
        raise Failed("not_parked")
    if back.call.place != (command.order["lot_name"], command.order["slot"]):
        raise Failed("moved")
    return back


async def _parked(command: Ringing, back: Return) -> Call:
    call, link = back.call, command.bridge.link
    await command.phone_can_ring()
    slot = await _free_slot(command, call)
    await command.wish_for(call.uniqueid, slot)
    try:
        _back(command)
        if command.stopped:
            raise Failed("cancelled")
        await _is_alone(command, call.uniqueid)
        parker = [("TimeoutChannel", f"{call.parker_device}{NO_CHANNEL}")] if call.parker_device else []
        await link.send("Park", [("Channel", call.uniqueid), *parker, ("Parkinglot", call.lot)])
        return await _heard_parked(command)
    finally:
        with suppress(AmiError):  # it may have left again
            await command.wish_for(call.uniqueid, 0)


async def _free_slot(command: Ringing, call: Call) -> int:
    """The old slot, or 0 (any) where somebody else has it. Raises ``Failed`` where the lot is full."""
    room(command.bridge.board, call.lot, 0)
    lot = command.bridge.board.lots[call.lot]
    reply = await command.bridge.link.send("ParkedCalls", [("ParkingLot", call.lot)])
    taken = set(_slots(reply.items))
    if not set(range(lot.first, lot.last + 1)) - taken:
        raise Failed("lot_full")
    return 0 if call.slot in taken or not lot.first <= call.slot <= lot.last else call.slot


def _slots(parked: Iterable[Mapping[str, str]]) -> Iterable[int]:
    for one in parked:
        with suppress(KeyError, ValueError):
            yield int(one["ParkingSpace"])


async def _is_alone(command: Ringing, uniqueid: str) -> None:
    """Asked of Asterisk itself at the last moment. Raises ``Failed`` where somebody talks with the caller by now."""
    for leg in command.bridge.board.returning[uniqueid].ringing:
        if await _value(command, leg.uniqueid, "CHANNEL(state)") == "Up":
            raise Failed("taken", by=leg.party.name or leg.party.number)
    try:
        reply = await command.bridge.link.send("Status", [("Channel", uniqueid)])
    except ActionRefused:
        raise Failed("caller_left") from None
    if any(one.get("BridgeID") for one in reply.items if one.get("Uniqueid") == uniqueid):
        raise Failed("taken", by="")
    if uniqueid not in command.bridge.board.returning:
        raise Failed("taken", by="")


async def _value(command: Ringing, channel: str, variable: str) -> str:
    """``""`` where there is no such channel any more."""
    try:
        reply = await command.bridge.link.send("Getvar", [("Channel", channel), ("Variable", variable)])
    except ActionRefused:
        return ""
    return reply.headers.get("Value", "")


async def _heard_parked(command: Ringing) -> Call:
    uid = command.order["uniqueid"]
    try:
        async with asyncio.timeout(SOON):
            while True:
                heard = await command.heard.get()
                match heard:
                    case Entered(call) | Resumed(call) if call.uniqueid == uid:
                        return call
                    case LinkChanged():
                        raise Failed("link_lost")
                if (gone := _explains(heard, uid)) is not None:
                    raise gone
    except TimeoutError:
        raise Failed("not_moved") from None
