"""Park from the board: which calls my phones are in, and the other party of one of them goes into a slot.

Two kinds of order: the list (asked again while it is shown; it costs one ``CoreShowChannels``), and the park itself.
AMI ``Park`` of the other party, with the full name of our own channel as ``TimeoutChannel``, is queued to the bridge
of the two: our phone hears the slot and is hung up, the parker is our phone. Its reply proves nothing (facts seen on
16.28 and 22.10), so success is ``ParkedCall`` of that very channel. Never ``AnnounceChannel``: it crashes Asterisk.
"""

import asyncio
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from lots.ami import AmiError
from lots.bridge.command import Command, End, Failed, done
from lots.bridge.commands.moving import room
from lots.types import events
from lots.types.changes import Entered, LinkChanged

SOON = 12.0
"""Seconds in which the call is parked: our phone hears the slot first, digit by digit."""
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
        phones = {phone["device"].removesuffix("/n"): phone["id"] for phone in self.order["phones"]}
        reply = await self.bridge.link.send("CoreShowChannels")
        return talks(reply.items, phones, self.bridge.board.calls)


class MyCalls(_WithPhones):
    """The calls that could be parked."""

    async def run(self) -> End:
        """In ``params``: of each its uniqueid, phone, party, and seconds."""
        calls = [
            {"uniqueid": t.uniqueid, "phone": t.phone, "name": t.name, "number": t.number, "seconds": t.seconds}
            for t in await self.talks()
        ]
        return done("calls", calls=calls)


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
        await self.wish_for(talk.peer_uniqueid, slot)
        try:
            await self.bridge.link.send("Park", [("Channel", talk.peer), *back])
            return done("parked", to_slot=await self._parked(talk))
        finally:
            with suppress(AmiError):  # it may have left again
                await self.wish_for(talk.peer_uniqueid, 0)

    async def _parked(self, talk: Talk) -> int:
        try:
            async with asyncio.timeout(SOON):
                while True:
                    match await self.heard.get():
                        case Entered(call) if call.uniqueid == talk.peer_uniqueid:
                            return call.slot
                        case events.HungUp(uniqueid=uid) if uid == talk.peer_uniqueid:
                            raise Failed("caller_left")
                        case LinkChanged():
                            raise Failed("link_lost")
        except TimeoutError:
            raise Failed("not_parked_now") from None
