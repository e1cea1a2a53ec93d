"""End a parked call: the caller is hung up on, by somebody who may do that, and the history says so."""

import asyncio

from lots.ami import ActionRefused
from lots.bridge.command import Command, End, Failed, done
from lots.types import events
from lots.types.calls import Call
from lots.types.changes import Ended, LinkChanged, Resolved

SOON = 5.0
"""Seconds in which a channel that is hung up is gone."""


class EndCall(Command):
    """It is over when Asterisk says that the channel is gone."""

    holds = True

    async def run(self) -> End:
        """A call that a colleague is taking is left alone."""
        call = self.still_there()
        await self.claim()
        try:
            call = self.still_there()
            bridge = await self._bridge_of(call)
            await self.is_in_slot(call)
            self.bridge.orders.remember(call.uniqueid, self.order["user"])
            await self._kick(call, bridge)
            await self._gone()
        except BaseException:
            self.bridge.orders.rung.pop(call.uniqueid, None)
            await self.release()
            raise
        return done("ended")

    async def _bridge_of(self, call: Call) -> str:
        """Where the channel is. It is looked for in the slot after this: so what was found is the lot's bridge."""
        reply = await self.bridge.link.send("Status", [("Channel", call.channel)])
        return next((item["BridgeID"] for item in reply.items if item.get("BridgeID")), "")

    async def _kick(self, call: Call, bridge: str) -> None:
        """Out of that bridge, which is the end of a parked call; one that has just been taken is not in it any more.

        ``Hangup`` would end it wherever it is by then. Tried on 16.28 and 22.10, and needs no class of the account.
        """
        try:
            await self.bridge.link.send("BridgeKick", [("BridgeUniqueid", bridge), ("Channel", call.channel)])
        except ActionRefused:
            raise Failed("not_parked") from None

    async def _gone(self) -> None:
        uid = self.order["uniqueid"]
        try:
            async with asyncio.timeout(SOON):
                while True:
                    match await self.heard.get():
                        case Ended(call, _) if call.uniqueid == uid:
                            return
                        case Resolved(uniqueid, _) if uniqueid == uid:
                            return
                        case events.HungUp(uniqueid=hung_up) if hung_up == uid:
                            return
                        case LinkChanged():
                            raise Failed("link_lost")
        except TimeoutError:
            raise Failed("not_ended") from None
