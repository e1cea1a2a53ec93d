"""What is written on a parked call's channel for our own dialplan: since when its caller waits, and who gave more time.

Parking a call anew begins a new call record, from which "take next" by phone would count, and in a lot with a reminder
it begins the wait for the reminder anew (both seen on 16.28 and 22.10). The routines of ``lots.config`` go by these
variables first. They take them away again when the call is picked up, where Asterisk has ``func_export`` (16.30, 18.16,
20.1 and later); elsewhere it is done here.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lots.ami import AmiError
from lots.config.comeback_routines import MORE, SINCE
from lots.types.calls import Call
from lots.types.changes import Ended, Outcome

if TYPE_CHECKING:
    from lots.bridge.command import Heard
    from lots.bridge.service import Bridge

CLOCK = "STRFTIME(,,%s.%3q)"
"""Asterisk's own time, in seconds since 1970: it may differ from ours."""


class Marks:
    """The calls of one PBX that bear marks of ours."""

    def __init__(self, bridge: "Bridge") -> None:
        self.bridge = bridge
        self.marked: set[str] = set()
        """Uniqueids."""
        self.tasks: set[asyncio.Task[None]] = set()

    async def put_on(self, call: Call, *, more: bool) -> None:
        """Before it is parked anew; with ``more`` time it goes back when that is over, without another reminder."""
        self.marked.add(call.uniqueid)
        await self._write(call.uniqueid, MORE, "1" if more else "")
        reply = await self.bridge.link.send("Getvar", [("Variable", CLOCK)])
        with suppress(ValueError):  # no clock, no mark: the record is the next best
            now = float(reply.headers.get("Value", ""))
            waited = (datetime.now(UTC) - call.since).total_seconds()
            await self._write(call.uniqueid, SINCE, f"{now - waited:.3f}")

    async def take_off(self, uniqueid: str) -> None:
        """Its next park is no going on of this wait."""
        self.marked.discard(uniqueid)
        with suppress(AmiError):  # it has hung up
            for name in (MORE, SINCE):
                await self._write(uniqueid, name, "")

    def hear(self, heard: Sequence["Heard"]) -> None:
        """Whoever is taken has waited; of those who are gone nothing is left to do."""
        for change in heard:
            match change:
                case Ended(call, ending) if call.uniqueid in self.marked:
                    if ending.outcome is Outcome.RETRIEVED:
                        task = asyncio.get_running_loop().create_task(self.take_off(call.uniqueid))
                        self.tasks.add(task)
                        task.add_done_callback(self.tasks.discard)
                    elif ending.outcome in {Outcome.ABANDONED, Outcome.UNSEEN}:
                        self.marked.discard(call.uniqueid)

    async def _write(self, uniqueid: str, name: str, value: str) -> None:
        await self.bridge.link.send("Setvar", [("Channel", uniqueid), ("Variable", name), ("Value", value)])
