"""What orders have in common that ring a phone for somebody: our leg, how far it has come, and how it ends."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from lots.ami import AmiError
from lots.bridge import legs
from lots.bridge.command import Command, Failed, Heard
from lots.bridge.messages import Order
from lots.types import events

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

RING = 30.0
"""Seconds a phone is rung."""
SPARE = 10.0
"""Seconds after ringing in which Asterisk must have said how it ended."""
EXPLAIN = 1.0
"""Seconds to wait for the reason of an ending before saying what is known."""


class Ringing(Command):
    """``order["phone"]`` is rung, by a channel of this Uniqueid."""

    def __init__(self, bridge: "Bridge", order: Order) -> None:
        super().__init__(bridge, order)
        self.channel_id = legs.new(legs.CALL)
        self.phone = order["phone"]["number"]
        self.state = ""
        """Asterisk's last word on our leg: Ringing, Up."""

    def minds(self, uniqueid: str) -> bool:
        """The phone that rings; of a Local channel both halves."""
        return uniqueid.startswith(self.channel_id)

    async def hear_state(self, state: str) -> None:
        """Take Asterisk's word on our leg; the page hears the first ring."""
        if state == "Ringing" != self.state:
            await self.report("ringing", "ringing", phone=self.phone)
        self.state = state

    async def next_heard(self, wanted: Callable[[Heard], bool]) -> Heard | None:
        """The next thing heard that is ``wanted``, or None when none comes in time."""
        try:
            async with asyncio.timeout(EXPLAIN):
                while True:
                    heard = await self.heard.get()
                    if heard is not None and wanted(heard):
                        return heard
        except TimeoutError:
            return None

    async def cause(self) -> int:
        """The reply says only that it failed; the leg's hangup, which may come a moment later, says why. 0: unknown."""
        found = await self.next_heard(lambda one: isinstance(one, events.HungUp) and one.uniqueid == self.channel_id)
        return found.cause if isinstance(found, events.HungUp) else 0

    async def stopped_by_hand(self) -> bool:
        """A phone that has been picked up at this very moment is left alone: the next thing heard tells."""
        if await self.hang_up():
            raise Failed("cancelled")
        return False

    async def hang_up(self) -> bool:
        """End our leg unless it has been answered: the guard ends that one, or it is a conversation by now."""
        channel = ("Channel", self.channel_id)
        try:
            reply = await self.bridge.link.send("Getvar", [channel, ("Variable", "CHANNEL(state)")])
            if reply.headers.get("Value") == "Up":
                return False
            await self.bridge.link.send("Hangup", [channel])
        except AmiError:
            pass  # no such channel, or no link: nothing of ours rings that we could stop
        return True
