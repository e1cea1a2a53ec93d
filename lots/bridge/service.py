"""The bridge: Asterisk's events become rows and news; people's orders become actions."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any, TypeVar

from channels.layers import get_channel_layer
from django.db import DataError, IntegrityError
from django.db import Error as DatabaseError

from lots.ami import AmiAddress, AmiLink, Timing
from lots.board.apply import apply
from lots.board.state import Board, with_calls
from lots.bridge import claims, lease, ledger, looking
from lots.bridge.lease import LeaseLost
from lots.bridge.marks import Marks
from lots.bridge.messages import BOARDS, News, bridge_channel
from lots.bridge.orders import Kind, Orders
from lots.bridge.publishing import Publishing
from lots.bridge.returning import on_their_way
from lots.bridge.thread import in_turn
from lots.models import Pbx
from lots.publish.accounts import Accounts
from lots.telemetry import figures, journal
from lots.types import events
from lots.types.changes import Change, Link, LinkChanged, LinkState, ListWanted

log = logging.getLogger(__name__)

MOST_AT_ONCE = 500
"""Events written in one transaction at the most."""
REMINDED = 0.2
"""Seconds a timeout waits for the next event. A caller whose parker is reminded is parked again within 3 to 10 ms: told
together, no board sees them leave."""
LIST_EVERY = 300
"""Seconds after which Asterisk is asked for everything although nothing seems wrong: lots may have been edited."""
LAYER = 5.0
"""Seconds a message to the web processes may take."""
READ_AGAIN: News = {"kind": "lots"}

T = TypeVar("T", claims.Claim, list[News])

abeat = in_turn(ledger.beat)
aopen_calls = in_turn(ledger.open_calls)
afenced = in_turn(lease.fenced)
atake = in_turn(lease.take)
agive_back = in_turn(lease.give_back)


def _begin(pbx: Pbx) -> Board:
    ledger.close_interrupted(pbx)
    ledger.start_deaf(pbx)
    claims.release_all(pbx)
    deaf = Link(LinkState.LOST, datetime.now(UTC))
    return with_calls(ledger.open_calls(pbx), deaf, on_their_way(pbx))


abegin = in_turn(_begin)


class Bridge:
    """Serves one PBX. ``run`` goes on until cancelled; only what cannot be mended ends it with an error."""

    def __init__(
        self, pbx: Pbx, address: AmiAddress, *, publish: AmiAddress | None = None, timing: Timing | None = None
    ) -> None:
        """``publish`` is the account that writes configuration; without one nothing can be published."""
        self.pbx = pbx
        self.layer = get_channel_layer()
        self.inbox: asyncio.Queue[events.Event] = asyncio.Queue(maxsize=10_000)
        self.link = AmiLink(address, self.inbox, timing=timing or Timing())
        self.board = Board(link=Link(LinkState.LOST, datetime.now(UTC)))
        self.orders = Orders(self)
        self.marks = Marks(self)
        self.publishing = Publishing(self, Accounts(publish, address) if publish else None)
        self.extras: dict[str, Kind] = {}
        """Kinds of orders that only this process knows."""
        self.writing = asyncio.Lock()
        self.looking = asyncio.Event()
        """Somebody went back, and it is not known what became of them."""
        self.serving = asyncio.Event()
        """Set while this bridge holds the lease."""
        self.holder = lease.holder()
        self.database_answers = True
        """As of the last look at the lease."""
        self._untold: list[News] = []
        """What must be told before anything else."""
        self._stuck = False
        """Something cannot be written."""

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
        while not await self._take_lease():
            if not told:
                log.warning("Another bridge serves %s; waiting to take over.", self.pbx.name)
                told = True
            await asyncio.sleep(1)

    async def _take_lease(self) -> bool:
        try:
            taken = await atake(self.pbx, self.holder)
        except DatabaseError:
            self.database_answers = False
            raise
        self.database_answers = True
        return taken

    async def _serve(self) -> None:
        while not self.inbox.empty():  # words of an earlier time of serving
            self.inbox.get_nowait()
        self.board = await abegin(self.pbx)
        self._untold = [READ_AGAIN]  # the claims and the link of the bridge before us mean nothing any more
        self.serving.set()
        try:
            async with asyncio.TaskGroup() as tasks:
                working = [
                    tasks.create_task(step(), name=step.__name__)
                    for step in (self.link.run, self._read, self._listen, self._tick, self._look, self.publishing.run)
                ]
                await self._keep_lease()
                for task in working:
                    task.cancel()
        finally:
            self.serving.clear()
            self.orders.hear([LinkChanged(self.board.link)])  # phones that ring do so unheard

    async def _keep_lease(self) -> None:
        """Sign of life for the boards, and for the other bridges. Returns when the lease is lost.

        A database that cannot be reached takes no lease away: it gives none to another bridge either.
        """
        while True:
            try:
                if not await self._take_lease():
                    break
                await self.write(partial(claims.sweep, self.pbx))
                await self._beat()
            except LeaseLost:
                break
            except DatabaseError:
                log.exception("Cannot renew the lease; trying again.")
            await asyncio.sleep(lease.RENEW)
        log.warning("Another bridge took over %s.", self.pbx.name)

    async def _beat(self) -> None:
        """No beat while something cannot be written: boards that show less than we know must not look alive."""
        if not self._stuck:
            async with self.writing:
                await self._publish([await abeat(self.pbx)])

    async def _tick(self) -> None:
        for second in count(1):
            await asyncio.sleep(1)
            await self.inbox.put(events.Ticked(at=datetime.now(UTC)))
            if second % LIST_EVERY == 0:
                self.link.relist()
            if second % looking.EVERY == 0 and self.board.returning:
                self.looking.set()

    async def _look(self) -> None:
        """After calls that went back: what became of them unheard."""
        while True:
            await self.looking.wait()
            self.looking.clear()
            await looking.look(self)

    async def _read(self) -> None:
        while True:
            batch = [await self.inbox.get()]
            self._add_waiting(batch)
            if any(self._may_be_parked_again(event) for event in batch):
                await asyncio.sleep(REMINDED)
                self._add_waiting(batch)
            await self._take_in(batch)

    def _may_be_parked_again(self, event: events.Event) -> bool:
        """Whether the next event may show that this one is no leaving: a reminder, or a move of ours."""
        moves = isinstance(event, events.GaveUp) and event.call.uniqueid in self.orders.moving
        return moves or isinstance(event, events.TimedOut)

    def _add_waiting(self, batch: list[events.Event]) -> None:
        while len(batch) < MOST_AT_ONCE and not self.inbox.empty():
            batch.append(self.inbox.get_nowait())

    async def _take_in(self, batch: Sequence[events.Event]) -> None:
        """Orders hear first: a phone that was picked up must not wait for a slow database to be believed."""
        changes = list[Change]()
        for event in batch:
            self.board, more = apply(self.board, event)
            changes += more
            self.orders.hear((*more, event))
            self.marks.hear(more)
            if isinstance(event, events.LinkUp):
                self.publishing.compare()
                self.orders.sweep()
            elif isinstance(event, events.Settled) and self.board.returning:
                self.looking.set()
        if changes:
            self.pbx.ami_version = self.link.version
            await self._write_down(changes)
            figures.written(self.pbx.name, batch, changes)
            journal.stays(self.pbx.name, changes)
        if any(isinstance(change, ListWanted) for change in changes):
            self.link.relist()

    async def _write_down(self, changes: Sequence[Change]) -> None:
        """Until it is written nothing else is read: boards show what the database has."""
        wait, write = 0.2, self._write_together
        while True:
            try:
                await write(changes)
            except LeaseLost:
                return  # another bridge writes now; _keep_lease is about to notice
            except (IntegrityError, DataError):
                log.exception("The database refuses a change; writing the others one by one.")
                write = self._write_singly
            except Exception:
                self._stuck = True
                log.exception("Cannot write to the database; trying again in %.1f s.", wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)
            else:
                self._stuck = False
                return

    async def _write_together(self, changes: Sequence[Change]) -> None:
        await self.write(partial(ledger.record, self.pbx, changes, self.orders.rung))

    async def _write_singly(self, changes: Sequence[Change]) -> None:
        """One change that cannot be written must not stop all that come after it. The truth is asked for again."""
        for change in changes:
            for takers in (self.orders.rung, {}):  # a user may have been deleted while their phone rang
                with suppress(IntegrityError, DataError):
                    await self.write(partial(ledger.record, self.pbx, [change], takers))
                    break
            else:
                log.error("Left out: %s", type(change).__name__)
        calls = await aopen_calls(self.pbx)  # those on their way back are looked after in a moment
        self.board = replace(self.board, calls={call.uniqueid: call for call in calls})
        self.link.relist()

    async def write(self, act: Callable[[], T]) -> T:
        """Run ``act`` as the only writer, fenced by the lease, and tell the boards what it says."""
        async with self.writing:
            with figures.writing(self.pbx.name):
                answer: T = await afenced(self.pbx, self.holder, act)
            await self._publish(answer.news if isinstance(answer, claims.Claim) else answer)
            return answer

    async def _publish(self, news: Sequence[News]) -> None:
        """After a message that was lost here the hubs are told to read the database, with the next one that goes."""
        untold, self._untold = self._untold, []
        try:
            async with asyncio.timeout(LAYER):
                for item in (*untold, *news):
                    await self.layer.group_send(BOARDS, {"type": "news", "news": item})
        except Exception:
            log.exception("Cannot reach the web processes.")
            self._untold = [READ_AGAIN]

    async def _listen(self) -> None:
        channel = bridge_channel(self.pbx.name)
        while True:
            try:
                message = await self.layer.receive(channel)
            except Exception:
                log.exception("Cannot hear the web processes.")
                await asyncio.sleep(1)
                await self._forget(channel)
            else:
                self._take(message)

    def _take(self, message: Any) -> None:
        if message["type"] == "compare":
            self.publishing.compare()
        elif message["type"] == "publish":
            self.publishing.wake()
        else:
            self.orders.take(message["order"])

    async def _forget(self, channel: str) -> None:
        """Redis' layer takes a channel for subscribed though subscribing failed; being cancelled makes it forget."""
        with suppress(Exception):
            async with asyncio.timeout(0.05):
                self._take(await self.layer.receive(channel))
