"""Move a parked call to another slot or lot; give it more time where it is. Both are one ``Park`` of a parked call.

Tried live on 16.28 and 22.10: AMI ``Park`` of a call that is parked takes it out of its slot and parks it anew, also in
the very same slot; a full lot leaves it where it was. The slot is asked for by the variable ``PARKINGEXTEN``, which
every version reads (the header ``ParkingSpace`` came with 18.19), and which is taken away again: kept, it would lead
the next park there too.
"""

import asyncio
from contextlib import suppress

from lots.ami import AmiError
from lots.board.state import Board, occupants
from lots.bridge.command import Command, End, Failed, Heard, done
from lots.types import events
from lots.types.calls import Call
from lots.types.changes import Ended, Entered, LinkChanged, Outcome, Resumed

SOON = 5.0
"""Seconds in which Asterisk parks a call that it was asked to park; it takes milliseconds."""
NO_CHANNEL = "-00000000"
"""Behind a device it makes the full channel name ``TimeoutChannel`` wants: Asterisk cuts it off again."""


class Moving(Command):
    """Parks a parked call anew. It is claimed meanwhile: nobody is to ring a phone for it."""

    holds = True

    async def parked(self, lot: str, slot: int, *headers: tuple[str, str]) -> Call:
        """The call in its new place. Raises ``Failed``; the call is where it was then, or gone."""
        call = self.still_there()
        await self.claim()
        self.bridge.orders.moving.add(call.uniqueid)
        try:
            return await self._park(call, lot, slot, headers)
        finally:
            self.bridge.orders.moving.discard(call.uniqueid)
            await self.release()

    async def _park(self, call: Call, lot: str, slot: int, headers: tuple[tuple[str, str], ...]) -> Call:
        link, channel = self.bridge.link, ("Channel", call.uniqueid)
        await self.is_in_slot(call)
        back = [("TimeoutChannel", f"{call.parker_device}{NO_CHANNEL}")] if call.parker_device else []
        while not self.heard.empty():  # what was heard before tells nothing of what comes now
            self._gone(self.heard.get_nowait())
        await self.wish_for(call.uniqueid, slot)
        try:
            await link.send("Park", [channel, *back, ("Parkinglot", lot), *headers])
            return await self._heard_parked()
        finally:
            with suppress(AmiError):  # it may have left again
                await self.wish_for(call.uniqueid, 0)

    async def _heard_parked(self) -> Call:
        try:
            async with asyncio.timeout(SOON):
                while True:
                    if (call := self._gone(await self.heard.get())) is not None:
                        return call
        except TimeoutError:
            raise Failed("not_moved") from None

    def _gone(self, heard: Heard | None) -> Call | None:
        """The call, once it is parked. Raises ``Failed`` where it never will be."""
        uid = self.order["uniqueid"]
        match heard:
            case Entered(call) | Resumed(call) if call.uniqueid == uid:
                return call
            case Ended(call, ending) if call.uniqueid == uid and ending.outcome in _GONE:
                raise Failed(_GONE[ending.outcome])
            case events.HungUp(uniqueid=hung_up) if hung_up == uid:
                raise Failed("caller_left")
            case LinkChanged():
                raise Failed("link_lost")
        return None


_GONE = {Outcome.RETRIEVED: "taken", Outcome.ABANDONED: "caller_left", Outcome.TIMED_OUT: "timed_out"}


class Move(Moving):
    """To another slot, or to another lot."""

    async def run(self) -> End:
        """Room is looked for before anything is done; where it went all the same is told."""
        lot, slot = self.order["to_lot_name"], self.order["to_slot"]
        if (lot, slot) == (self.order["lot_name"], self.order["slot"]):
            raise Failed("there_already")
        room(self.bridge.board, lot, slot)
        call = await self.parked(lot, slot)
        return done("moved_to", to_slot=call.slot, to_lot=self.order["to_lot_label"])


class MoreTime(Moving):
    """The caller stays in the same slot, and goes back later."""

    async def run(self) -> End:
        """``seconds`` from now; it neither moves nor grows younger on boards."""
        seconds = self.order["seconds"]
        call = await self.parked(self.order["lot_name"], self.order["slot"], ("Timeout", str(seconds * 1000)))
        if call.slot != self.order["slot"]:  # somebody was parked there in between
            return done("moved_to", to_slot=call.slot, to_lot="")
        return done("extended", minutes=round(seconds / 60))


def room(board: Board, lot: str, slot: int) -> None:
    """Whether somebody can be parked there; ``slot`` 0: in any slot. Raises ``Failed``."""
    found = board.lots.get(lot)
    if found is None:
        raise Failed("no_such_lot")
    taken = occupants(board, lot)
    if slot and not found.first <= slot <= found.last:
        raise Failed("no_such_slot", to_slot=slot)
    if slot and slot in taken:
        raise Failed("slot_taken", to_slot=slot)
    if len([used for used in taken if found.first <= used <= found.last]) > found.last - found.first:
        raise Failed("lot_full")
