"""Where the calls are that went back: asked of Asterisk after an outage, and now and then, for what nobody told us.

One ``CoreShowChannels`` tells of all of them: the channel itself, whom it talks with, and who is rung for it. It knows
of parks that no event has told yet, and shows those who are parked in one lot like those who talk: ``ParkedCalls``
right after it tells them apart.
"""

import asyncio
from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lots.ami import AmiError
from lots.ami.translate import leg
from lots.types.calls import Leg, Return
from lots.types.events import Looked

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

EVERY = 10
"""Seconds between two looks while somebody is on their way back."""
WORD = 1.0
"""Seconds in which Asterisk says that a channel has ended."""
RUNG = frozenset({"Down", "Ringing"})
"""States of a channel that is being dialled."""

Channel = Mapping[str, str]


def looked(uniqueid: str, channels: Iterable[Channel], parked: Container[str], at: datetime) -> Looked:
    """Where the channel is among ``CoreShowChannels``. Those who are ``parked`` share a bridge and do not talk."""
    channels = list(channels)
    own = next((one for one in channels if one.get("Uniqueid") == uniqueid), None)
    if own is None:
        return Looked(uniqueid=uniqueid, there=False, at=at)
    others = [one for one in channels if one is not own]
    return Looked(
        uniqueid=uniqueid,
        there=True,
        talks_with=_talks_with(own, others, parked),
        ringing=tuple(leg(one) for one in others if _is_rung(one, own)),
        at=at,
    )


def _talks_with(own: Channel, others: list[Channel], parked: Container[str]) -> Leg | None:
    bridge = own.get("BridgeId", "")
    peers = [one for one in others if bridge and one.get("BridgeId") == bridge and one.get("Uniqueid") not in parked]
    return leg(peers[0]) if peers else None


def _is_rung(one: Channel, own: Channel) -> bool:
    return one.get("Linkedid") == own.get("Linkedid") and one.get("ChannelStateDesc") in RUNG


async def look(bridge: "Bridge") -> None:
    """Ask, and let the board hear what is found. Where more was heard meanwhile that is newer."""
    gone = await _look(bridge, dict(bridge.board.returning), sure=False)
    if gone:  # word of how they ended may be on its way
        await asyncio.sleep(WORD)
        await _look(bridge, gone, sure=True)


async def _look(bridge: "Bridge", asked: Mapping[str, Return], *, sure: bool) -> dict[str, Return]:
    """Tell the board of those ``asked`` for; who is not there any more is told when that is ``sure``, else returned."""
    try:
        reply = await bridge.link.send("CoreShowChannels")
        parked = {call.get("ParkeeUniqueid", "") for call in (await bridge.link.send("ParkedCalls")).items}
    except AmiError:
        return {}  # the next look, or the next link, tells
    gone: dict[str, Return] = {}
    for uniqueid, back in asked.items():
        if bridge.board.returning.get(uniqueid) is not back or uniqueid in parked:
            continue  # heard of meanwhile, or word of a new park is on its way
        found = looked(uniqueid, reply.items, parked | bridge.board.calls.keys(), datetime.now(UTC))
        if found.there or sure:
            await bridge.inbox.put(found)
        else:
            gone[uniqueid] = back
    return gone
