"""End a parked call: the caller is hung up on, by somebody who may do that, and the history says so."""

import asyncio

from lots.bridge.command import Command, End, Failed, done
from lots.types import events
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
            await self.is_in_slot(call)
            self.bridge.orders.remember(call.uniqueid, self.order["user"])
            await self.bridge.link.send("Hangup", [("Channel", call.uniqueid)])
            await self._gone()
        except BaseException:
            self.bridge.orders.rung.pop(call.uniqueid, None)
            await self.release()
            raise
        return done("ended")

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
