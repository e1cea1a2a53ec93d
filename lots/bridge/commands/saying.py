"""End a parked call with a sentence the caller hears first; and whether that can be done here."""

import asyncio
import secrets
import wave
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import Error as DatabaseError

from lots.ami import AmiError
from lots.audio.speech import can_speak, speak
from lots.audio.store import played
from lots.bridge import farewell
from lots.bridge.causes import code_of_ending
from lots.bridge.command import Command, End, Failed, Heard, done
from lots.bridge.lease import LeaseLost
from lots.bridge.originate import guard_of
from lots.config.gate import UnsafeValue
from lots.types import events
from lots.types.calls import Call
from lots.types.changes import Ended, Ending, LinkChanged, Outcome, Replaced, Resolved

if TYPE_CHECKING:
    from lots.bridge.messages import Order
    from lots.bridge.service import Bridge

SOON = 8.0
"""Seconds in which our channel has taken the call or is gone; it takes milliseconds."""
KEPT = 50
"""Sentences whose recording is remembered."""
SPARE = 5.0
"""Seconds beyond the sentence in which Asterisk must have said that it is over."""
CUT = 0.5
"""Seconds a sentence that was said whole may seem too short."""


_lately: dict[str, str] = {}
"""The recording of each of the last sentences, by its SHA-256."""


def speech(text: str) -> tuple[str, float]:
    """The address of ``text`` as sound, and its seconds. Raises ``Failed``."""
    try:
        farewell.check(text)
    except UnsafeValue:
        raise Failed("not_sayable") from None
    digest = _spoken(text)
    if not digest:
        raise Failed("not_spoken")
    with wave.open(str(played(digest)), "rb") as sound:
        seconds = sound.getnframes() / sound.getframerate()
    return f"{settings.PORTAL_URL}/audio/{digest}.wav", seconds


def _spoken(text: str) -> str:
    """The recording of ``text``, made when it is not there any more: most callers hear one of a few sentences."""
    known = _lately.get(text, "")
    if known and played(known).is_file():
        played(known).touch()  # old ones are tidied up
        return known
    digest = speak(text)
    while len(_lately) >= KEPT:
        del _lately[next(iter(_lately))]
    _lately[text] = digest
    return digest


class CanSay(Command):
    """Asked when the question is opened: so that nobody types what cannot be said."""

    async def run(self) -> End:
        """``why`` is the code of what is missing, or ``""``."""
        if not self.bridge.link.is_up:
            raise Failed("link_lost")
        if not can_speak():
            return done("can_say", why="no_speech")
        return done("can_say", why="" if await guard_of(self.bridge.link) else "no_guard")


class Farewell(Command):
    """The caller hears ``order["message"]`` and is hung up on: only that very call, only from its slot."""

    holds = True

    def __init__(self, bridge: "Bridge", order: "Order") -> None:
        super().__init__(bridge, order)
        self.leg = f"{farewell.FAREWELL}{secrets.token_hex(12)}"

    async def run(self) -> End:
        """Until the call is ours nothing has been done; from then on Asterisk ends it by itself."""
        address, seconds = await asyncio.to_thread(speech, self.order["message"])
        call = self.still_there()
        await self.claim()
        try:
            await self._take(call, address)
        except BaseException:
            await self.release()
            raise
        await self.report("saying", "saying")
        await self._note()
        return done(await self._said(seconds + 1))  # with the pause before it

    async def _take(self, call: Call, address: str) -> None:
        link, guard = self.bridge.link, await guard_of(self.bridge.link)
        if not guard:
            raise Failed("no_guard")
        self.still_there()
        self.bridge.orders.remember(farewell.other_half(self.leg), self.order["user"])
        await link.send("Originate", farewell.originate(guard, call, self.leg, address))
        try:
            async with asyncio.timeout(SOON):
                while not await self._is_ours(await self.heard.get()):
                    pass
        except TimeoutError:
            with suppress(AmiError):  # there may be none
                await link.send("Hangup", [("Channel", self.leg)])
            raise Failed("not_ended") from None

    async def _is_ours(self, heard: Heard | None) -> bool:
        """Whether our channel has the call. Raises ``Failed`` where it never will."""
        match heard:
            case Ended(call, ending) if call.uniqueid == self.order["uniqueid"]:
                return await self._ended(ending)
            case Resolved(uniqueid, ending) if uniqueid == self.order["uniqueid"]:
                return await self._ended(ending)
            case Replaced(before, _) if before.uniqueid == self.order["uniqueid"]:
                raise Failed("moved")
            case LinkChanged():
                raise Failed("link_lost")
            case events.Originated(uniqueid=uid, answered=False) if uid == self.leg:
                raise await self._not_ours()
        return False

    async def _ended(self, ending: Ending) -> bool:
        if ending.retriever_uniqueid == farewell.other_half(self.leg):
            return True
        if ending.outcome is Outcome.LEFT or (ending.outcome is Outcome.TIMED_OUT and await self.resumed()):
            return False  # what became of it is heard next
        raise _gone(ending)

    async def _not_ours(self) -> Failed:
        """The guard let nobody through: another call is there, or none; the board may not know of it yet."""
        uniqueid = self.order["uniqueid"]
        try:
            async with asyncio.timeout(1.0):
                while True:
                    match await self.heard.get():
                        case Ended(call, ending) if call.uniqueid == uniqueid and ending.outcome is not Outcome.LEFT:
                            return _gone(ending)
                        case Resolved(uid, ending) if uid == uniqueid:
                            return _gone(ending)
        except TimeoutError:
            return Failed("not_ended" if uniqueid in self.bridge.board.calls else "not_parked")

    async def _said(self, seconds: float) -> str:
        """How it went, as a code.

        Our channel ends without a cause when it has nothing more to say, with one when the caller hung up (seen on
        16.28 and 22.10). Word of the caller's end, which is our doing then, may come before.
        """
        began = monotonic()
        try:
            async with asyncio.timeout(seconds + SPARE):
                while True:
                    event = await self.heard.get()
                    whole = monotonic() - began >= seconds - CUT
                    match event:
                        case events.HungUp(uniqueid=uid, cause=0) if uid == self.leg:
                            return "ended" if whole else "ended_unsaid"
                        case events.HungUp(uniqueid=uid) if uid in {self.leg, self.order["uniqueid"]}:
                            return "ended" if whole else "ended_early"
                        case LinkChanged():
                            raise Failed("link_lost")
        except TimeoutError:
            with suppress(AmiError):  # it may have ended by itself
                await self.bridge.link.send("Hangup", [("Channel", self.leg)])
            return "ended"

    async def _note(self) -> None:
        """With the stay, for the history. Where it cannot be written the audit log has it all the same."""
        with suppress(Failed, LeaseLost, DatabaseError):
            await self.write(farewell.note, self.order["uniqueid"], self.order["message"])


def _gone(ending: Ending) -> Failed:
    code, params = code_of_ending(ending)
    return Failed(code, **params)
