"""Retrieve by click: ring the person's phone, and connect it to the call that was drawn, or to nothing.

The phone is rung into the dialplan's guard (``originate.GUARDS``), which compares the Uniqueid in the slot with
the one that was clicked at the last moment. Success is ``UnParkedCall`` with our channel as the retriever; the reply
to ``Originate`` proves nothing (tried live: a second retriever gets "Success" too, and hears "invalid").
"""

import asyncio

from lots.ami import ActionRefused, AmiError
from lots.bridge.causes import code_of_ending, failure_of_hangup
from lots.bridge.command import End, Failed, Heard, refusal
from lots.bridge.originate import Leg, caller_name, originate_headers
from lots.bridge.pulling import pull
from lots.bridge.ringing import RING, SPARE, Ringing
from lots.types import events
from lots.types.calls import Call
from lots.types.changes import Ended, Ending, LinkChanged, Outcome, Replaced, Resolved, Resumed


class Retrieval(Ringing):
    """One click. ``order["phone"]`` is rung; ``shown`` is what it shows of the caller."""

    holds = True
    gone: Ending | None = None
    """How the call left at the very moment the phone was picked up: the dialplan's guard decides then."""

    def shown(self, call: Call) -> str:
        """The caller as the phone shows it."""
        return caller_name(call)

    @property
    def taker(self) -> tuple[int | None, str]:
        """Who has the call when the phone is picked up: the user, and their name."""
        return self.order["user"], self.order["user_name"]

    async def run(self) -> End:
        """Go through all of it; the page hears each step."""
        call = await self.claimed()
        try:
            failed = await self._outcome(call)
        except Exception:
            await self.release()
            raise
        if failed is not None:  # else the claim ends with the stay
            await self.release()
            raise failed
        return End("connected", "connected")

    async def _outcome(self, call: Call) -> Failed | None:
        """Ring and wait; None when caller and phone talk. Whatever else happens, nothing of ours rings on."""
        try:
            await self._ring(call)
            await self._connected()
        except Failed as end:
            return end
        except ActionRefused as error:
            return refusal(self.order, error)
        except AmiError:
            await self.hang_up()  # whether the phone was rung is unknown
            return Failed("link_lost")
        return None

    async def claimed(self) -> Call:
        """Claim the call; one that is on its way back is parked again first. Raises ``Failed``."""
        if self.order["uniqueid"] in self.bridge.board.returning:
            await pull(self)
        call = self.still_there()
        await self.claim()
        await self.report("claimed", "claimed")
        return call

    async def _ring(self, call: Call) -> None:
        await self.phone_can_ring()
        self.still_there()
        if self.stopped:
            raise Failed("cancelled")
        user, name = self.taker
        self.bridge.orders.remember(self.channel_id, user)
        leg = Leg(self.order["phone"], self.channel_id, self.shown(call), name)
        headers = await originate_headers(self.bridge.link, call, leg, RING)
        await self.bridge.link.send("Originate", headers)

    async def _connected(self) -> None:
        """Returns when caller and phone talk."""
        try:
            async with asyncio.timeout(RING + SPARE):
                while not await self._is_connected(await self.heard.get()):
                    pass
        except TimeoutError:
            if await self.hang_up():
                raise Failed("phone_no_answer", phone=self.phone) from None
            raise Failed("link_lost") from None  # picked up, and no word of what came of it

    async def _is_connected(self, heard: Heard | None) -> bool:
        match heard:
            case None:
                return await self.stopped_by_hand()
            case Ended(call, ending) if call.uniqueid == self.order["uniqueid"]:
                return await self._ended(ending)
            case Replaced(before, now) if before.uniqueid == self.order["uniqueid"]:
                await self._stop(Ending(Outcome.MOVED, now.since))
            case Resumed(call) if call.uniqueid == self.order["uniqueid"]:
                self.gone = None
            case Resolved(uid, ending) if self.gone and uid == self.order["uniqueid"]:
                self.gone = ending
            case LinkChanged():
                raise Failed("link_lost")
            case events.StateChanged(uniqueid=uid, state=state) if uid == self.channel_id:
                await self.hear_state(state)
            case events.HungUp(uniqueid=uid, cause=cause) if uid == self.channel_id:
                raise await self._why_not(failure_of_hangup(cause, self.state))
            case events.Originated(uniqueid=uid, answered=False) if uid == self.channel_id:
                raise await self._why_not(failure_of_hangup(await self.cause(), self.state))
        return False

    async def _ended(self, ending: Ending) -> bool:
        if ending.retriever_uniqueid == self.channel_id:
            return True
        if ending.outcome is Outcome.TIMED_OUT and await self.resumed():
            return False
        await self._stop(ending)
        return False

    async def _stop(self, ending: Ending) -> None:
        """The call left. A phone that has been picked up may have it yet, parked again: what comes next tells."""
        if await self.hang_up():
            raise await self._gone(ending)
        self.gone = ending

    async def _gone(self, ending: Ending) -> Failed:
        """The call is no longer there: why, as far as it is known or becomes known within a second."""
        if ending.outcome in {Outcome.LEFT, Outcome.UNSEEN}:
            ending = await self._next_ending() or ending
        code, params = code_of_ending(ending)
        return Failed(code, **params)

    async def _why_not(self, code: str) -> Failed:
        """Our leg ended. If the call left at the same moment that is the reason, else ``code``."""
        if self.gone:
            return await self._gone(self.gone)
        left = self.order["uniqueid"] not in self.bridge.board.calls
        if (left or code == "not_parked") and (ending := await self._next_ending()):
            return await self._gone(ending)
        return Failed(code, phone=self.phone)

    async def _next_ending(self) -> Ending | None:
        """The next word on how our call's stay ended."""
        found = await self.next_heard(lambda heard: _ends(heard, self.order["uniqueid"]))
        return found.ending if isinstance(found, Ended | Resolved) else None


def _ends(heard: Heard, uniqueid: str) -> bool:
    match heard:
        case Ended(call, _):
            return call.uniqueid == uniqueid
        case Resolved(uid, _):
            return uid == uniqueid
    return False
