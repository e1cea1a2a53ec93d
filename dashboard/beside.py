"""What runs beside the web server: the bridges, the demo, and an eye on the private Asterisk."""

import asyncio
import logging
from collections.abc import Callable

from django.conf import settings

from lots.bridge.fleet import Fleet
from lots.bridge.service import Bridge
from lots.demo.publishing import publish_first
from lots.demo.traffic import ParkDemo, Traffic
from lots.embedded import EmbeddedAsterisk, EmbeddedError
from lots.models import Pbx
from lots.types.changes import LinkState

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds to wait for Asterisk before the welcome is printed all the same."""


class Beside:
    """Runs until cancelled."""

    def __init__(self, pbx: Pbx, asterisk: EmbeddedAsterisk | None, welcome: Callable[[], None]) -> None:
        """``pbx`` is the first: the one that is waited for, and the demo's."""
        self.pbx = pbx
        self.fleet = Fleet()
        self.asterisk = asterisk
        self.welcome = welcome

    async def run(self) -> None:
        """All of it; the first that fails ends the others."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.fleet.run(), name="bridges")
            tasks.create_task(self._greet(), name="greet")
            if self.asterisk is not None:
                tasks.create_task(self._mind(self.asterisk), name="asterisk")

    async def _greet(self) -> None:
        bridge = None
        try:
            async with asyncio.timeout(PATIENCE):
                bridge = await self._heard()
        except TimeoutError:
            log.warning("Asterisk is not heard yet.")
        demo = settings.DEMO and self.asterisk is not None
        if demo:
            await publish_first(self.pbx)
        self.welcome()
        if demo:
            bridge = bridge or await self._heard()
            bridge.extras["park_demo"] = ParkDemo
            await Traffic(bridge).run()

    async def _heard(self) -> Bridge:
        while True:
            bridge = self.fleet.bridges.get(self.pbx.pk)
            if bridge and bridge.board.link.state is LinkState.HEARING:
                return bridge
            await asyncio.sleep(0.05)

    async def _mind(self, asterisk: EmbeddedAsterisk) -> None:
        """Start the private Asterisk again when it dies."""
        while True:
            await asyncio.sleep(1)
            if not asterisk.is_running:
                log.error("Asterisk ended unexpectedly; starting it again.")
                try:
                    await asyncio.to_thread(asterisk.restart)
                except EmbeddedError as error:
                    log.error("%s", error)  # noqa: TRY400  (a sentence, not a trace)
                    await asyncio.sleep(10)
