"""The bridge publishes what administrators ask for, and compares the PBX with it now and then."""

import asyncio
import logging
from typing import TYPE_CHECKING

from channels.db import database_sync_to_async
from django.utils import timezone

from lots.ami import AmiError
from lots.models import Pbx, Publication
from lots.publish import drift
from lots.publish.accounts import Accounts
from lots.publish.afterwards import ais_live, fetch_recordings
from lots.publish.lock import Busy
from lots.publish.publications import State, close_interrupted
from lots.publish.publisher import publish
from lots.publish.rows import NotWanted
from lots.telemetry.figures import PUBLICATIONS

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

log = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between two looks for something to publish."""
COMPARE = 300.0
"""Seconds between two comparisons."""
NO_ACCOUNT = (
    "There is no account to publish with. Set ASTERISK_AMI_PUBLISH_URL to an AMI account with "
    "read = system and write = config,command,system, and start the portal again."
)


def _next(pbx: Pbx) -> Publication | None:
    """What is wanted, after clearing away what is over."""
    close_interrupted(pbx)
    return pbx.publications.filter(state=State.WANTED).select_related("pbx").last()


def _refuse(publication: Publication) -> None:
    rows = Publication.objects.filter(pk=publication.pk, state=State.WANTED)
    rows.update(state=State.FAILED, message=NO_ACCOUNT, ended_at=timezone.now())


def _is_asked(pbx: Pbx) -> bool:
    """Never compared: it is new, or somebody pressed *Compare now*."""
    return Pbx.objects.filter(pk=pbx.pk, drift_checked_at=None).exists()


anext_wanted, arefuse = database_sync_to_async(_next), database_sync_to_async(_refuse)
ais_asked = database_sync_to_async(_is_asked)


class Publishing:
    """A task of the bridge that never ends it. Without ``accounts`` it says what is missing to who asks."""

    def __init__(self, bridge: "Bridge", accounts: Accounts | None) -> None:
        self._bridge, self._accounts = bridge, accounts
        self._awake = asyncio.Event()
        self._compare = False
        self._afterwards: set[asyncio.Task[None]] = set()

    def compare(self) -> None:
        """Compare soon: Asterisk has come back, or somebody wants to know."""
        self._compare = True
        self._awake.set()

    def wake(self) -> None:
        """Look now whether something is to be published."""
        self._awake.set()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            await self._go_on()
        finally:
            for task in self._afterwards:
                task.cancel()

    async def _go_on(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + COMPARE
        while True:
            try:
                await self._publish()
                if self._compare or loop.time() >= due or await ais_asked(self._bridge.pbx):
                    self._compare, due = False, loop.time() + COMPARE
                    await self._look()
            except Exception:
                log.exception("Publishing has failed for a reason of our own; going on.")
            await self._sleep()

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(POLL):
                await self._awake.wait()
        except TimeoutError:
            pass
        self._awake.clear()

    async def _publish(self) -> None:
        while publication := await anext_wanted(self._bridge.pbx):
            if self._accounts is None:
                await arefuse(publication)
                continue
            try:
                await publish(publication, self._accounts, publication.author_name or "The portal")
            except (Busy, NotWanted):
                return
            self._bridge.link.relist()  # boards show new lots at once
            is_live = await ais_live(publication)
            PUBLICATIONS.labels(self._bridge.pbx.name, "live" if is_live else "failed").inc()
            if not is_live:
                self._compare = True  # who knows what the PBX has now
            task = asyncio.create_task(fetch_recordings(publication, self._accounts), name="recordings")
            self._afterwards.add(task)
            task.add_done_callback(self._afterwards.discard)

    async def _look(self) -> None:
        if self._accounts is None:
            return
        try:
            await drift.look(self._bridge.pbx, self._accounts)
        except AmiError as error:
            log.debug("The PBX cannot be compared: %s", error)
