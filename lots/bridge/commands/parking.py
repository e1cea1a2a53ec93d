"""Park from the board: which calls my phones are in, and the other party of one of them goes into a slot.

Two kinds of order: the list (asked again while it is shown; it costs one ``CoreShowChannels``), and the park itself,
after which the same order may page for the call.
AMI ``Park`` of the other party, with the full name of our own channel as ``TimeoutChannel``, is queued to the bridge
of the two: our phone hears the slot and is hung up, the parker is our phone. Its reply proves nothing (facts seen on
16.28 and 22.10), so success is ``ParkedCall`` of that very channel. Never ``AnnounceChannel``: it crashes Asterisk.
"""

import asyncio
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import Error as DatabaseError

from lots.ami import ActionRefused, AmiError
from lots.bridge import notes
from lots.bridge.command import Command, End, Failed, Heard, done
from lots.bridge.commands.paging import Page
from lots.bridge.lease import LeaseLost
from lots.bridge.room import board_now, room
from lots.types import events
from lots.types.changes import Ended, Entered, LinkChanged

LOOK = 0.5
"""Seconds after which it is looked why the call is not parked: it takes milliseconds."""
SOON = 5.0
"""Seconds more in which it may still be parked."""
AGAIN = 2.0
"""Seconds after which a watched list is looked at although nothing was heard."""
WATCHED = 30.0
"""Seconds a page is told without asking again: one that has gone costs nothing for longer."""
TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A phone of ours in a call with one other party; ``seconds`` since it was answered."""

    uniqueid: str
    channel: str
    phone: int
    peer: str
    peer_uniqueid: str
    name: str
    number: str
    seconds: int


def talks(channels: Iterable[Mapping[str, str]], phones: Mapping[str, int], parked: Container[str] = ()) -> list[Talk]:
    """The talks of ``phones`` (device: primary key) among ``CoreShowChannels``: answered, and of exactly two.

    Those who are ``parked`` (uniqueids) share a bridge without hearing each other; a conference of two is one all the
    same.
    """
    bridges: dict[str, list[Mapping[str, str]]] = {}
    for channel in channels:
        apart = channel["Uniqueid"] in parked or channel.get("Application") == "ConfBridge"
        if not apart and (bridge := channel.get("BridgeId")):
            bridges.setdefault(bridge, []).append(channel)
    found = []
    for pair in bridges.values():
        for own, other in (pair, pair[::-1]) if len(pair) == TWO else ():
            device = own["Channel"].rpartition("-")[0]
            if device in phones and {own.get("ChannelStateDesc"), other.get("ChannelStateDesc")} == {"Up"}:
                found.append(_talk(own, other, phones[device]))
    return sorted(found, key=lambda talk: talk.seconds)


def _talk(own: Mapping[str, str], other: Mapping[str, str], phone: int) -> Talk:
    return Talk(
        uniqueid=own["Uniqueid"],
        channel=own["Channel"],
        phone=phone,
        peer=other["Channel"],
        peer_uniqueid=other["Uniqueid"],
        name=_known(own.get("ConnectedLineName", "")),
        number=_known(own.get("ConnectedLineNum", "")),
        seconds=_seconds(own.get("Duration", "")),
    )


def _known(text: str) -> str:
    return "" if text in {"<unknown>", "<null>"} else text


def _seconds(duration: str) -> int:
    """``00:01:05`` as Asterisk prints it; 0 where it cannot be read."""
    total = 0
    for part in duration.split(":"):
        total = total * 60 + (int(part) if part.isdecimal() else 0)
    return total


class _WithPhones(Command):
    async def talks(self) -> list[Talk]:
        """The viewer's talks just now."""
        return self.talks_among((await self.bridge.link.send("CoreShowChannels")).items)

    def talks_among(self, channels: Iterable[Mapping[str, str]]) -> list[Talk]:
        """Those of the viewer's phones."""
        phones = {phone["device"].removesuffix("/n"): phone["id"] for phone in self.order["phones"]}
        return talks(channels, phones, self.bridge.board.calls)


class MyCalls(_WithPhones):
    """The calls that could be parked: as they are now, or with ``watch`` told again whenever they are others."""

    async def run(self) -> End:
        """In ``params``: of each its uniqueid, phone, party, and seconds. Who goes on watching asks anew."""
        told = await self._calls()
        if self.order.get("watch"):
            await self.report("watching", "calls", calls=told)
            with suppress(TimeoutError):
                async with asyncio.timeout(WATCHED):
                    while not self.stopped:
                        told = await self._told_anew(told)
        return done("calls", calls=await self._calls())

    async def _calls(self) -> list[dict[str, Any]]:
        return [
            {"uniqueid": t.uniqueid, "phone": t.phone, "name": t.name, "number": t.number, "seconds": t.seconds}
            for t in self.talks_among(await self.bridge.orders.channels.look())
        ]

    async def _told_anew(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Look when something was heard that may matter, and every few seconds: nothing tells when a call begins."""
        with suppress(TimeoutError):
            async with asyncio.timeout(AGAIN):
                while not _matters(await self.heard.get()):
                    pass
        now = await self._calls()
        if [{**call, "seconds": 0} for call in now] != [{**call, "seconds": 0} for call in told]:
            await self.report("watching", "calls", calls=now)
        return now


def _matters(heard: Heard | None) -> bool:
    if isinstance(heard, LinkChanged):
        raise Failed("link_lost")
    return heard is None or isinstance(heard, events.HungUp | Entered | Ended)


class Park(_WithPhones):
    """The other party of a talk of mine is parked; whatever fails, the two go on talking."""

    async def run(self) -> End:
        """Room and talk are looked at first; it is parked when Asterisk says in which slot."""
        lot, slot = self.order["lot_name"], self.order["to_slot"]
        others = (one for one in self.bridge.orders.running.values() if isinstance(one, Park) and one is not self)
        if any(one.order["call"] == self.order["call"] for one in others):
            raise Failed("busy_call")
        room(self.bridge.board, lot, slot)
        talk = next((talk for talk in await self.talks() if talk.uniqueid == self.order["call"]), None)
        if talk is None:
            raise Failed("call_gone")
        back = [("TimeoutChannel", talk.channel), ("Parkinglot", lot)]
        try:
            await self.wish_for(talk.peer_uniqueid, slot)
            await self._is_still(talk)
            await self.bridge.link.send("Park", [("Channel", talk.peer), *back])
            slot = await self._parked(talk)
        finally:
            with suppress(AmiError):  # it may have left again
                await self.wish_for(talk.peer_uniqueid, 0)
        if "zone" not in self.order or self.stopped:
            return done("parked", to_slot=slot)
        return await self._page(talk.peer_uniqueid, slot)

    async def _page(self, uniqueid: str, slot: int) -> End:
        """Parked it is; whatever comes of the page is told together with that. Stopping this order stops the page."""
        self.order["slot"], self.order["uniqueid"] = slot, uniqueid
        await self.report("paging", "parked_paging", to_slot=slot, uniqueid=uniqueid)
        with suppress(Failed, LeaseLost, DatabaseError):  # the page says for whom it is, too
            await self.write(notes.write_whom, uniqueid, self.order["for_whom"], self.order["for_phone"])
        try:
            return await self.bridge.orders.go_on(Page(self.bridge, self.order))
        except Failed as failed:
            raise Failed("parked_not_paged", **failed.params, to_slot=slot, why=failed.code) from None
        except ActionRefused as refused:
            raise Failed("parked_not_paged", to_slot=slot, why="asterisk_refused", reason=str(refused)) from None
        except AmiError:
            raise Failed("parked_not_paged", to_slot=slot, why="link_lost") from None

    async def _is_still(self, talk: Talk) -> None:
        """Right before: whoever has been put through to somebody else must not be torn out of that talk."""
        asked = [("Channel", talk.peer), ("Variable", "BRIDGEPEER")]
        reply = await self.bridge.link.send("Getvar", asked)
        if reply.headers.get("Value") != talk.channel:
            raise Failed("call_gone")

    async def _parked(self, talk: Talk) -> int:
        """The slot. Of a lot that has just become full Asterisk tells our phone alone, by a voice."""
        try:
            async with asyncio.timeout(LOOK):
                return await self._slot(talk)
        except TimeoutError:
            if any(one.uniqueid == talk.uniqueid and one.peer == talk.peer for one in await self.talks()):
                room(await board_now(self.bridge), self.order["lot_name"], 0)
        try:
            async with asyncio.timeout(SOON):
                return await self._slot(talk)
        except TimeoutError:
            raise Failed("not_parked_now") from None

    async def _slot(self, talk: Talk) -> int:
        while True:
            match await self.heard.get():
                case Entered(call) if call.uniqueid == talk.peer_uniqueid:
                    return call.slot
                case events.HungUp(uniqueid=uid) if uid == talk.peer_uniqueid:
                    raise Failed("caller_left")
                case LinkChanged():
                    raise Failed("link_lost")
