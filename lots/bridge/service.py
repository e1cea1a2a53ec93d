"""The bridge: Asterisk's events become rows and news; people's orders become actions."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import Error as DatabaseError

from lots.ami import AmiAddress, AmiLink, Timing
from lots.board.apply import apply
from lots.board.state import Board, with_calls
from lots.bridge import claims, lease, ledger
from lots.bridge.messages import BOARDS, News, Order, bridge_channel
from lots.bridge.orders import Orders
from lots.models import Pbx
from lots.types import events
from lots.types.changes import Change, Link, LinkChanged, LinkState, ListWanted

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500
"""Events written in one transaction at the most."""
BEAT = 5.0
"""Seconds between signs of life. Hubs call a bridge silent after three missing ones."""

arecord = database_sync_to_async(ledger.record)
arevisions = database_sync_to_async(ledger.revisions)
atake = database_sync_to_async(lease.take)
agive_back = database_sync_to_async(lease.give_back)

Extra = Callable[["Bridge", Order], Awaitable[None]]


def _begin(pbx: Pbx) -> list[Any]:
    ledger.close_interrupted(pbx)
    ledger.start_deaf(pbx)
    claims.release_all(pbx)
    return ledger.open_calls(pbx)


abegin = database_sync_to_async(_begin)


class Bridge:
    """Serves one PBX. ``run`` goes on until cancelled; only what cannot be mended ends it with an error."""

    def __init__(self, pbx: Pbx, address: AmiAddress, *, timing: Timing | None = None) -> None:
        self.pbx = pbx
        self.layer = get_channel_layer()
        self.inbox: asyncio.Queue[events.Event] = asyncio.Queue(maxsize=10_000)
        self.link = AmiLink(address, self.inbox, timing=timing or Timing())
        self.board = Board(link=Link(LinkState.LOST, datetime.now(UTC)))
        self.orders = Orders(self)
        self.extras: dict[str, Extra] = {}
        self.writing = asyncio.Lock()
        self.serving = asyncio.Event()
        """Set while this bridge holds the lease."""
        self.holder = lease.holder()
        self._untold: list[News] = []
        """What must be told before anything else."""

    async def run(self) -> None:
        """Wait for the lease, serve, and begin again when the lease is lost."""
        try:
            while True:
                try:
                    await self._wait_for_lease()
                    await self._serve()
                except DatabaseError:
                    log.exception("Cannot use the database; trying again.")
                    await asyncio.sleep(1)
        finally:
            self.serving.clear()
            await agive_back(self.pbx, self.holder)

    async def _wait_for_lease(self) -> None:
        told = False
        while not await atake(self.pbx, self.holder):
            if not told:
                log.warning("Another bridge serves %s; waiting to take over.", self.pbx.name)
                told = True
            await asyncio.sleep(1)

    async def _serve(self) -> None:
        while not self.inbox.empty():  # words of an earlier time of serving
            self.inbox.get_nowait()
        self.board = with_calls(await abegin(self.pbx), Link(LinkState.LOST, datetime.now(UTC)))
        self._untold = [{"kind": "lots"}]  # the claims and the link of the bridge before us mean nothing any more
        self.serving.set()
        try:
            async with asyncio.TaskGroup() as tasks:
                working = [
                    tasks.create_task(step(), name=step.__name__)
                    for step in (self.link.run, self._read, self._listen, self._tick)
                ]
                await self._keep_lease()
                for task in working:
                    task.cancel()
        finally:
            self.serving.clear()
            self.orders.hear([], [LinkChanged(self.board.link)])  # phones that ring do so unheard

    async def _keep_lease(self) -> None:
        """Sign of life for the boards, and for the other bridges. Returns when the lease is lost.

        A database that cannot be reached takes no lease away: it gives none to another bridge either.
        """
        while True:
            try:
                if not await atake(self.pbx, self.holder):
                    break
                await self._publish([{"kind": "beat", "revisions": await arevisions(self.pbx)}])
            except DatabaseError:
                log.exception("Cannot renew the lease; trying again.")
            await asyncio.sleep(min(BEAT, lease.RENEW))
        log.warning("Another bridge took over %s.", self.pbx.name)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1)
            await self.inbox.put(events.Ticked(at=datetime.now(UTC)))

    async def _read(self) -> None:
        while True:
            batch = [await self.inbox.get()]
            while len(batch) < MOST_AT_ONCE and not self.inbox.empty():
                batch.append(self.inbox.get_nowait())
            await self._take_in(batch)

    async def _take_in(self, batch: Sequence[events.Event]) -> None:
        board, changes = self.board, list[Change]()
        for event in batch:
            board, more = apply(board, event)
            changes += more
        if changes:
            await self._write_down(changes)
        self.board = board
        if any(isinstance(change, ListWanted) for change in changes):
            self.link.relist()
        self.orders.hear(batch, changes)

    async def _write_down(self, changes: Sequence[Change]) -> None:
        """Until it is written nothing else is read: boards show what the database has."""
        wait = 0.2
        takers = self.orders.takers()
        while True:
            try:
                async with self.writing:
                    news = await arecord(self.pbx, changes, takers)
                    await self._publish(news)
            except Exception:
                log.exception("Cannot write to the database; trying again in %.1f s.", wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)
            else:
                return

    async def tell(self, write: Callable[[], Awaitable[list[News]]]) -> None:
        """Run ``write`` as the only writer and publish what it says."""
        async with self.writing:
            await self._publish(await write())

    async def _publish(self, news: Sequence[News]) -> None:
        """After a message that was lost here the hubs are told to read the database, with the next one that goes."""
        untold, self._untold = self._untold, []
        try:
            for item in (*untold, *news):
                await self.layer.group_send(BOARDS, {"type": "news", "news": item})
        except Exception:
            log.exception("Cannot reach the web processes.")
            self._untold = [{"kind": "lots"}]

    async def _listen(self) -> None:
        while True:
            try:
                message = await self.layer.receive(bridge_channel(self.pbx.name))
            except Exception:
                log.exception("Cannot hear the web processes.")
                await asyncio.sleep(1)
            else:
                self.orders.take(message["order"])
