"""Retrieve by click: ring the person's phone, and connect it to the call that was drawn, or to nothing.

The phone is rung into the dialplan's guard (``parkinglot-retrieve``), which compares the Uniqueid in the slot with
the one that was clicked at the last moment. Success is ``UnParkedCall`` with our channel as the retriever; the reply
to ``Originate`` proves nothing (tried live: a second retriever gets "Success" too, and hears "invalid").
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from channels.db import database_sync_to_async

from lots.ami import OWN_CHANNEL_PREFIX, ActionRefused, AmiError
from lots.bridge import claims
from lots.bridge.causes import failure_of_hangup
from lots.bridge.messages import News, Order
from lots.bridge.originate import device_state, originate_headers
from lots.types import events
from lots.types.calls import Call
from lots.types.changes import Change, Ended, Ending, LinkChanged, Outcome, Resolved

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

RING = 30.0
"""Seconds a phone is rung."""
SPARE = 10.0
"""Seconds after ringing in which Asterisk must have said how it ended."""
EXPLAIN = 1.0
"""Seconds to wait for the reason of an ending before saying what is known."""

aclaim = database_sync_to_async(claims.claim)
arelease = database_sync_to_async(claims.release)

Heard = events.Event | Change


class Failed(Exception):  # noqa: N818  (an ending, not an error of ours)
    """The retrieval ended without a connection: ``code`` of docs/protocol.md with its ``params``."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Retrieval:
    """One click. ``heard`` is everything the bridge hears while it runs."""

    def __init__(self, bridge: "Bridge", order: Order) -> None:
        self.bridge = bridge
        self.order = order
        self.heard: asyncio.Queue[Heard | None] = asyncio.Queue()
        self.channel_id = f"{OWN_CHANNEL_PREFIX}{secrets.token_hex(12)}"
        self.phone = order["phone"]["number"]
        self.state = ""
        """Asterisk's last word on our leg: Ringing, Up."""
        self.stopped = False

    def cancel(self) -> None:
        """The person changed their mind."""
        self.stopped = True
        self.heard.put_nowait(None)

    async def run(self) -> None:
        """Go through all of it; the page hears each step and exactly one end."""
        try:
            call = await self._claimed()
        except Failed as end:
            await self._report("failed", end.code, **end.params)
            return
        try:
            failed = await self._outcome(call)
        finally:
            await self._release()
        if failed is None:
            await self._report("connected", "connected")
        else:
            await self._report("failed", failed.code, **failed.params)

    async def _outcome(self, call: Call) -> Failed | None:
        """Ring and wait; None when caller and phone talk. Whatever else happens, nothing of ours rings on."""
        try:
            await self._ring(call)
            await self._connected()
        except Failed as end:
            await self._hang_up()
            return end
        except AmiError:
            return Failed("link_lost")
        return None

    async def _report(self, state: str, code: str, **params: Any) -> None:
        await self.bridge.orders.report(self.order, state, code, **params)

    async def _claimed(self) -> Call:
        uid, user = self.order["uniqueid"], self.order["user"]
        call = self._still_there()
        answer: claims.Claim | None = None

        async def write() -> list[News]:
            nonlocal answer
            answer = await aclaim(self.bridge.pbx, uid, user)
            return answer.news

        await self.bridge.tell(write)
        if answer is None or not answer.ours:
            holder = answer.holder if answer else ""
            raise Failed("claimed_by", by=holder) if holder else Failed("not_parked")
        await self._report("claimed", "claimed")
        return call

    def _still_there(self) -> Call:
        if not self.bridge.link.is_up:
            raise Failed("link_lost")
        call = self.bridge.board.calls.get(self.order["uniqueid"])
        if call is None:
            raise Failed("not_parked")
        if call.slot != self.order["slot"]:
            raise Failed("moved")
        return call

    async def _ring(self, call: Call) -> None:
        state = await device_state(self.bridge.link, self.order["phone"]["device"])
        if state in {"UNAVAILABLE", "INVALID"}:
            raise Failed("phone_unregistered", phone=self.phone)
        if state == "BUSY":
            raise Failed("phone_busy", phone=self.phone)
        self._still_there()
        headers = await originate_headers(self.bridge.link, call, self.order, self.channel_id, RING)
        try:
            await self.bridge.link.send("Originate", headers)
        except ActionRefused as error:
            raise Failed("asterisk_refused", reason=str(error)) from error

    async def _connected(self) -> None:
        """Returns when caller and phone talk."""
        try:
            async with asyncio.timeout(RING + SPARE):
                while not await self._is_connected(await self.heard.get()):
                    pass
        except TimeoutError:
            raise Failed("phone_no_answer", phone=self.phone) from None

    async def _is_connected(self, heard: Heard | None) -> bool:
        match heard:
            case None:
                await self._stopped_by_hand()
            case Ended(call, ending) if call.uniqueid == self.order["uniqueid"]:
                return await self._ended(ending)
            case LinkChanged():
                raise Failed("link_lost")
            case events.StateChanged(uniqueid=uid, state=state) if uid == self.channel_id:
                await self._state(state)
            case events.HungUp(uniqueid=uid, cause=cause) if uid == self.channel_id:
                raise await self._why_not(failure_of_hangup(cause, self.state))
            case events.Originated(uniqueid=uid, answered=False) if uid == self.channel_id:
                raise await self._not_reached()
        return False

    async def _state(self, state: str) -> None:
        if state == "Ringing" != self.state:
            await self._report("ringing", "ringing", phone=self.phone)
        self.state = state

    async def _not_reached(self) -> Failed:
        """The reply says only that it failed; the leg's hangup, which may come a moment later, says why."""
        hangup = await self._next(lambda heard: isinstance(heard, events.HungUp) and heard.uniqueid == self.channel_id)
        cause = hangup.cause if isinstance(hangup, events.HungUp) else 0
        return await self._why_not(failure_of_hangup(cause, self.state))

    async def _ended(self, ending: Ending) -> bool:
        if ending.retriever_uniqueid == self.channel_id:
            return True
        await self._hang_up()
        raise await self._gone(ending)

    async def _gone(self, ending: Ending) -> Failed:
        """The call is no longer there: why, as far as it is known or becomes known within a second."""
        if ending.outcome in {Outcome.LEFT, Outcome.UNSEEN}:
            ending = await self._next_ending() or ending
        match ending.outcome:
            case Outcome.RETRIEVED | Outcome.TAKEN_ELSEWHERE:
                return Failed("taken", by=ending.retriever.name or ending.retriever.number)
            case Outcome.ABANDONED:
                return Failed("caller_left")
            case Outcome.TIMED_OUT:
                return Failed("timed_out")
            case Outcome.MOVED:
                return Failed("moved")
        return Failed("not_parked")

    async def _why_not(self, code: str) -> Failed:
        """Our leg ended. If the call left at the same moment that is the reason, else ``code``."""
        if code == "not_parked" and (ending := await self._next_ending()):
            return await self._gone(ending)
        return Failed(code, phone=self.phone)

    async def _next(self, wanted: Callable[[Heard], bool]) -> Heard | None:
        """The next thing heard that is ``wanted``, or None when none comes in time."""
        try:
            async with asyncio.timeout(EXPLAIN):
                while True:
                    heard = await self.heard.get()
                    if heard is not None and wanted(heard):
                        return heard
        except TimeoutError:
            return None

    async def _next_ending(self) -> Ending | None:
        """The next word on how our call's stay ended."""
        found = await self._next(lambda heard: _ends(heard, self.order["uniqueid"]))
        return found.ending if isinstance(found, Ended | Resolved) else None

    async def _stopped_by_hand(self) -> None:
        await self._hang_up()
        ending = await self._next_ending()  # the phone may have been answered at this very moment
        if ending is None or ending.retriever_uniqueid != self.channel_id:
            raise Failed("cancelled")

    async def _hang_up(self) -> None:
        """End our leg if there is one."""
        try:
            await self.bridge.link.send("Hangup", [("Channel", self.channel_id)])
        except AmiError:
            return  # no such channel, or no link: nothing of ours rings

    async def _release(self) -> None:
        async def write() -> list[News]:
            news: list[News] = await arelease(self.bridge.pbx, self.order["uniqueid"], self.order["user"])
            return news

        await self.bridge.tell(write)


def _ends(heard: Heard, uniqueid: str) -> bool:
    match heard:
        case Ended(call, _):
            return call.uniqueid == uniqueid
        case Resolved(uid, _):
            return uid == uniqueid
    return False
