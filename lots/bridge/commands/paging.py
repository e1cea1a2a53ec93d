"""Page for a parked call: an announcement in a zone, again until somebody takes the call."""

import asyncio
import logging
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone

from lots.ami import ActionRefused, AmiError
from lots.audio.speech import speak
from lots.bridge import legs
from lots.bridge.command import Command, End, Failed, Heard, done
from lots.bridge.originate import caller_id, device_state, plain
from lots.bridge.zones import zone_of
from lots.config.paging import ANSWER, LONGEST, Speaker, Zone, announcement, originate, phrase
from lots.types import events
from lots.types.calls import Call
from lots.types.changes import Ended, LinkChanged, Outcome, Replaced

if TYPE_CHECKING:
    from lots.bridge.messages import Order
    from lots.bridge.service import Bridge

log = logging.getLogger(__name__)

azone = database_sync_to_async(zone_of)
LEAST_GAP = 1.0
"""Seconds between two announcements of one page at the least."""
IN_USE = {"INUSE", "BUSY", "RINGING", "RINGINUSE", "ONHOLD"}
AWAY = {"UNAVAILABLE", "INVALID"}


class Page(Command):
    """One zone, all its repeats. Taking the call, or a stop, silences it at once."""

    zone_id = 0
    said = 0
    """Announcements that somebody heard."""
    answered = False
    """Whether somebody hears the one that plays now."""

    def __init__(self, bridge: "Bridge", order: "Order") -> None:
        super().__init__(bridge, order)
        self.legs: set[str] = set()

    def minds(self, uniqueid: str) -> bool:
        """The phones that announce."""
        return any(uniqueid.startswith(leg) for leg in self.legs)

    async def run(self) -> End:
        """Ends when the last announcement is over, or the call has left."""
        call, self.zone_id = self.still_there(), self.order["zone"]
        zone = await self._free_zone()
        sounds = await self._sounds(zone, call)
        left = False
        for turn in range(zone.repeats + 1):
            if turn and (left := await self._listen(max(zone.gap, LEAST_GAP), whole=True)):
                break
            self.bridge.orders.paged[zone.id] = monotonic()
            await self.report("paging", "paging", zone=zone.label)
            if left := await self._announce(zone, sounds):
                break
        await self._silence()
        if not self.said and not left:
            raise Failed("page_unheard", zone=zone.label)
        return done("page_stopped" if left else "paged", zone=zone.label, count=self.said)

    async def _free_zone(self) -> Zone:
        zone: Zone | None = await azone(self.bridge.pbx, self.zone_id)
        if zone is None:
            raise Failed("no_such_zone")
        if zone.is_quiet(timezone.localtime().time()) and zone.quiet_until:
            raise Failed("quiet_hours", zone=zone.label, until=zone.quiet_until.strftime("%H:%M"))
        others = (other for other in self.bridge.orders.running.values() if isinstance(other, Page))
        if any(other is not self and other.zone_id == zone.id for other in others):
            raise Failed("paging_already", zone=zone.label)
        wait = self.bridge.orders.paged.get(zone.id, -1e9) + zone.gap - monotonic()
        if wait > 0:
            raise Failed("paged_lately", zone=zone.label, seconds=int(wait) + 1)
        return zone

    async def _sounds(self, zone: Zone, call: Call) -> str:
        """Speech where the zone has a phrase and no recording, and this machine can speak."""
        speech = ""
        if zone.text and not zone.recording:
            who = self.order.get("for_whom") or call.caller.name
            text = phrase(zone.text, name=who, number=call.caller.number, slot=call.slot, lot=self.order["lot_label"])
            speech = await asyncio.to_thread(partial(speak, text))
        return announcement(call.slot, zone.recording, f"{settings.PORTAL_URL}/audio/{speech}.wav" if speech else "")

    async def _announce(self, zone: Zone, sounds: str) -> bool:
        """Once, everywhere; True when the call has left or somebody said stop."""
        self.still_there()
        speakers = await self._free_speakers(zone)
        if not speakers and not self.said:
            raise Failed("nobody_to_page", zone=zone.label)
        self.answered = False
        for speaker in speakers:
            await self._ring(zone, speaker, sounds)
        left = await self._listen(ANSWER + LONGEST)
        await self._silence()
        self.said += self.answered
        return left

    async def _free_speakers(self, zone: Zone) -> list[Speaker]:
        """Those that are not in a call; a phone in use is left alone."""
        return [speaker for speaker in zone.speakers if not speaker.device or await self._is_free(speaker.device)]

    async def _is_free(self, device: str) -> bool:
        return await device_state(self.bridge.link, device) not in IN_USE | AWAY

    async def _ring(self, zone: Zone, speaker: Speaker, sounds: str) -> None:
        leg = legs.new(legs.PAGE)
        shown = caller_id(plain(zone.label), str(self.order["slot"]))
        self.legs.add(leg)
        try:
            await self.bridge.link.send("Originate", originate(speaker, leg, sounds, shown))
        except ActionRefused as refused:
            self.legs.discard(leg)
            log.warning("Cannot page %s: %s", speaker.channel, refused)

    async def _listen(self, seconds: float, *, whole: bool = False) -> bool:
        """Hear until every leg has hung up (``whole``: for all the ``seconds``). True: the call has left, or a stop."""
        try:
            async with asyncio.timeout(seconds):
                while self.legs or whole:
                    if await self._leaves(await self.heard.get()):
                        return True
        except TimeoutError:
            pass
        return False

    async def _leaves(self, heard: Heard | None) -> bool:
        match heard:
            case None:
                return True
            case Ended(call, ending) if call.uniqueid == self.order["uniqueid"]:
                return ending.outcome is not Outcome.TIMED_OUT or not await self.resumed()
            case Replaced(call, _) if call.uniqueid == self.order["uniqueid"]:
                return True
            case LinkChanged():
                raise Failed("link_lost")
            case events.Originated(uniqueid=uid, answered=True) if uid in self.legs:
                self.answered = True
            case events.StateChanged(uniqueid=uid, state="Up") if uid in self.legs:
                self.answered = True
            case events.HungUp(uniqueid=uid) | events.Originated(uniqueid=uid, answered=False):
                self.legs.discard(uid)
        return False

    async def _silence(self) -> None:
        """Whatever still plays stops now."""
        for leg in list(self.legs):
            self.legs.discard(leg)
            with suppress(AmiError):  # it may have ended by itself
                await self.bridge.link.send("Hangup", [("Channel", leg)])


class StopPage(Command):
    """Anybody who may page there stops a page, whoever began it."""

    async def run(self) -> End:
        """Nothing to stop is no failure."""
        for other in list(self.bridge.orders.running.values()):
            if isinstance(other, Page) and other.order["uniqueid"] == self.order["uniqueid"]:
                other.cancel()
        return done("page_stopping")
