"""Move a parked call to another slot or lot; give it more time where it is. Both are one ``Park`` of a parked call.

Tried live on 16.28 and 22.10: AMI ``Park`` of a call that is parked takes it out of its slot and parks it anew, also in
the very same slot; a full lot leaves it where it was. The slot is asked for by the variable ``PARKINGEXTEN``, which
every version reads (the header ``ParkingSpace`` came with 18.19), and which is taken away again: kept, it would lead
the next park there too.
"""

import asyncio
from contextlib import suppress

from lots.ami import ActionRefused, AmiError
from lots.bridge import notes
from lots.bridge.command import Command, End, Failed, Heard, done
from lots.bridge.room import board_now, room
from lots.types import events
from lots.types.calls import Call
from lots.types.changes import Ended, Entered, LinkChanged, Outcome, Resumed

SOON = 5.0
"""Seconds in which Asterisk parks a call that it was asked to park; it takes milliseconds."""
WORD = 1.0
"""Seconds in which Asterisk says that a channel has left."""
NO_CHANNEL = "-00000000"
"""Behind a device it makes the full channel name ``TimeoutChannel`` wants: Asterisk cuts it off again."""


class Moving(Command):
    """Parks a parked call anew. It is claimed meanwhile: nobody is to ring a phone for it."""

    holds = True

    seconds = 0
    """More time than the lot gives; 0: none."""
    left = False
    """Whether the call has left the place it was in: only then it may be heard to be parked anew."""

    async def parked(self, lot: str, slot: int) -> Call:
        """The call in its new place. Raises ``Failed``; the call is where it was then, or gone."""
        call = self.still_there()
        await self.claim()
        self.bridge.orders.moving.add(call.uniqueid)
        try:
            return await self._park(call, lot, slot)
        finally:
            self.bridge.orders.moving.discard(call.uniqueid)
            await self.release()

    async def _park(self, call: Call, lot: str, slot: int) -> Call:
        """The last look into the slot is right before: nothing else may be asked in between."""
        headers = [("Channel", call.uniqueid), ("Parkinglot", lot)]
        if call.parker_device:
            headers.append(("TimeoutChannel", f"{call.parker_device}{NO_CHANNEL}"))
        if self.seconds:
            headers.append(("Timeout", str(self.seconds * 1000)))
        try:
            await self.bridge.marks.put_on(call, more=bool(self.seconds))
            await self.wish_for(call.uniqueid, slot)
            await self.is_in_slot(call)
            self.left = False
            await self.bridge.link.send("Park", headers)
            return await self._heard_parked()
        except ActionRefused as refused:
            raise await self._why_refused(lot) or refused from None
        finally:
            await self._leave_no_wish(call.uniqueid)

    async def _leave_no_wish(self, uniqueid: str) -> None:
        with suppress(AmiError):  # it may have hung up
            await self.wish_for(uniqueid, 0)
        if uniqueid not in self.bridge.board.calls:
            await self.bridge.marks.take_off(uniqueid)

    async def _why_refused(self, lot: str) -> Failed | None:
        """Asterisk has one word for all of it: somebody else was quicker, or the caller is leaving at this moment."""
        try:
            if lot != self.order["lot_name"]:
                room(await board_now(self.bridge), lot, 0)
            async with asyncio.timeout(WORD):
                while True:
                    await self._anew(await self.heard.get())
        except Failed as gone:
            return gone
        except TimeoutError:
            return None if self.order["uniqueid"] in self.bridge.board.calls else Failed("not_parked")

    async def _heard_parked(self) -> Call:
        try:
            async with asyncio.timeout(SOON):
                while True:
                    if (call := await self._anew(await self.heard.get())) is not None:
                        return call
        except TimeoutError:
            raise Failed("not_moved") from None

    async def _anew(self, heard: Heard | None) -> Call | None:
        """The call, once it is parked anew. Raises ``Failed`` where it never will be."""
        uid = self.order["uniqueid"]
        match heard:
            case events.GaveUp(call=call) if call.uniqueid == uid:
                self.left = True
            case Entered(call) | Resumed(call) if call.uniqueid == uid and self.left:
                return call
            case Ended(call, ending) if call.uniqueid == uid and ending.outcome in _GONE:
                if ending.outcome is not Outcome.TIMED_OUT or not await self.resumed():
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
        self.seconds = self.order["seconds"]
        call = await self.parked(self.order["lot_name"], self.order["slot"])
        await self.write(notes.write_more_time, call.uniqueid)
        if call.slot != self.order["slot"]:  # somebody was parked there in between
            return done("moved_to", to_slot=call.slot, to_lot="")
        return done("extended", minutes=round(self.seconds / 60))
