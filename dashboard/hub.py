"""The hub of a web process: one receive from the channel layer, each message serialised once, all sockets served.

Stock groups cost a task, a copy and a thread hop a socket and message, and lose messages silently (measured: eleven
times slower at 1,000 boards). Here a lost message is a gap in the revisions, and a gap means reading the database.
"""

import asyncio
import logging
import time
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from dashboard.audience import Audience
from dashboard.fanout import AT_ONCE, Fanout
from dashboard.form import Form, links_told
from dashboard.messages import ChangeMessage
from dashboard.replica import Replica, dumps, merged, now, read
from dashboard.rights import Rights, Viewer
from dashboard.socket import Socket
from dashboard.texts import texts
from dashboard.wall import current
from lots.bridge.messages import BOARDS, Beat, LinkFacts, News, Order, bridge_channel
from lots.bridge.missed import missed_facts
from lots.bridge.notices import notice_facts
from lots.bridge.own import own_facts
from lots.bridge.returning import returning_facts

log = logging.getLogger(__name__)

COALESCE = 0.05
"""Seconds: changes that come closer together than this reach the pages together."""
OWN_PAUSE = 0.3
"""Seconds in which news of people's own calls are gathered."""
BEAT = 10.0
"""Seconds between beats."""
LOOK_AGAIN = 60.0
"""Seconds after which rights are looked at again even when nobody said that they changed."""

aread = database_sync_to_async(read)
anotices = database_sync_to_async(notice_facts)
aown = database_sync_to_async(own_facts)
areturning = database_sync_to_async(returning_facts)
amissed = database_sync_to_async(missed_facts)
acurrent = database_sync_to_async(current)

_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, "Hub"] = WeakKeyDictionary()


async def hub() -> "Hub":
    """The hub of this process (of this event loop), started on first use."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    await _hubs[loop].start()
    return _hubs[loop]


def running_hub() -> "Hub | None":
    """The hub of this process, where somebody has needed one."""
    found = _hubs.get(asyncio.get_running_loop())
    return found if found and found.channel else None


class Hub:
    """Keeps a replica of the boards and passes its changes on to every socket."""

    def __init__(self) -> None:
        self.layer = get_channel_layer()
        self.replica = Replica()
        self.fanout = Fanout()
        self.channel = ""
        self.looks = 0
        """How often rights were read for all."""
        self._looking = asyncio.Lock()
        self._pending: dict[int, ChangeMessage] = {}
        self._flushed = 0.0
        self._flush_planned = False
        self._own_planned = False
        self._ready: asyncio.Future[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._flushing: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to listen, then read: nothing falls between the two. Later calls wait for the first."""
        if self._ready is None or (self._ready.done() and self._ready.exception()):
            self._ready = asyncio.ensure_future(self._start())
        await asyncio.shield(self._ready)

    async def _start(self) -> None:
        self.channel = await self.layer.new_channel("hub")
        await self.layer.group_add(BOARDS, self.channel)
        await self._reload()
        self._tasks = [asyncio.create_task(step()) for step in (self._listen, self._beat, self._look_again)]

    async def stop(self, code: int) -> None:
        """Close every socket with ``code``."""
        for task in self._tasks:
            task.cancel()
        await self.fanout.close_all(code)

    async def rights_of(self, viewer: Viewer) -> Rights | None:
        """The rights of one who is about to join, read again when those of all were read meanwhile."""
        looks = -1
        while looks != self.looks:
            looks = self.looks
            rights: Rights | None = (await acurrent([viewer])).get(viewer)
        return rights

    async def join(self, socket: Socket) -> None:
        """Serve ``socket`` from now on, beginning with a snapshot."""
        self.fanout.add(socket)
        await self.snapshot(socket)

    def leave(self, socket: Socket) -> None:
        """Forget ``socket``."""
        self.fanout.remove(socket)

    async def snapshot(self, socket: Socket) -> None:
        """Send everything the socket's viewer may see. Pending changes are in it, and come again unharmed."""
        head = f'{{"type":"snapshot","now":{now()},"me":{dumps(socket.rights.me)}'
        audience = socket.rights.lots
        links = self._link_for(audience)[1:-1]
        own = self._own(socket) if audience.form is Form.WHOLE else ""
        lots, back = self.replica.lots_json(audience), dumps(self.replica.returning_by(audience))
        await socket.send(f'{head},{links},"lots":{lots},"returning":{back}{own}}}')

    def _own(self, socket: Socket) -> str:
        """What only people are told, with a comma before it."""
        audience = socket.rights.lots
        missed, colleagues = self.replica.missed_by(audience), self.replica.colleagues if audience.retrieve else []
        socket.notices = self.replica.notices_of(socket.rights.user)
        zones = self.replica.zones if audience.page else []
        people = f',"colleagues":{dumps(colleagues)},"zones":{dumps(zones)}'
        socket.own = self.replica.own_of(socket.rights.user)
        return f'{people},"missed":{dumps(missed)},"notices":{dumps(socket.notices)},"own":{dumps(socket.own)}'

    async def give(self, order: Order) -> None:
        """Pass an order on to its bridge, or to all; answers come back as progress."""
        links = self.replica.links
        for pbx in [order["pbx"]] if "pbx" in order else links.known:
            await self.layer.send(bridge_channel(links.name(pbx)), {"type": "order", "order": order})

    async def _listen(self) -> None:
        lost = False
        while True:
            try:
                if lost:
                    await self._reload_for_all()
                    lost = False
                await self._take(await self.layer.receive(self.channel))
            except Exception:
                log.exception("Cannot follow the boards; trying again.")
                lost = True
                await asyncio.sleep(1)

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "progress":
            if socket := self.fanout.sockets.get(message["socket"]):
                await socket.send(dumps({"type": "progress", **message["progress"]}))
        elif message["type"] == "count":
            await self.layer.send(message["reply_to"], {"type": "counted", "open": self.fanout.count()})
        else:
            await self._news(message["news"])

    async def _news(self, news: News) -> None:
        if news["kind"] == "change":
            if self.replica.knows(news):
                return
            if self.replica.apply(news):
                self._plan(merged(self._pending.get(news["lot"]), news))
            else:
                await self._reload_for_all()
        elif news["kind"] == "link":
            await self._set_link(news["pbx"], news["link"])
        elif news["kind"] == "lots":
            await self._reload_for_all()
        elif news["kind"] == "rights":
            await self._check_rights()
        elif news["kind"] == "beat":
            await self._bridge_beat(news)
        else:
            await self._list_news(news["kind"])

    async def _list_news(self, kind: str) -> None:
        """A list that is told whole is another one now."""
        if kind == "missed":
            self.replica.missed = await amissed()
            await self.fanout.send_made(self._missed_for)
        elif kind == "notices":
            self.replica.notices = await anotices()
            await self._tell_notices()
        elif kind == "own":
            self._plan_own()
        elif kind == "returning":
            self.replica.returning = await areturning()
            await self.fanout.send_made(self._returning_for)

    async def _bridge_beat(self, beat: Beat) -> None:
        """The bridge lives. The beat tells enough to notice any news that got lost."""
        links = self.replica.links
        if links.is_silent(beat["pbx"]) or self.replica.is_behind(beat):
            await self._reload_for_all()
        elif links.hear(beat["pbx"]) != beat["link"]:
            await self._set_link(beat["pbx"], beat["link"])

    async def _reload(self) -> None:
        self.replica.load(await aread())

    async def _reload_for_all(self) -> None:
        """Lots and rights are read together: nobody is shown a lot by rights that are older than it."""
        await self._reload()
        self._pending.clear()
        await self._keep(all_hear=True)

    async def _keep(self, *, all_hear: bool) -> None:
        """Close the sockets of those who may no longer see, and give others a snapshot: all, or whose rights changed.

        New rights and their snapshot leave no gap in which a change could be told by the one without the other.
        """
        self.looks += 1
        async with self._looking:  # or an older answer of the database could overtake a newer one
            sockets = list(self.fanout.sockets.values())
            rights = await acurrent(socket.viewer for socket in sockets)
            for number, socket in enumerate(sockets, start=1):
                changed = await self.fanout.keep(socket, rights.get(socket.viewer))
                if socket.id in self.fanout.sockets and (changed or all_hear):
                    await self.snapshot(socket)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)

    def _plan(self, change: ChangeMessage) -> None:
        """The first change goes out at once, those that follow closely go together."""
        self._pending[change["lot"]] = change
        if self._flush_planned:
            return
        wait = max(0.0, self._flushed + COALESCE - time.monotonic())
        self._flush_planned = True
        loop = asyncio.get_running_loop()
        loop.call_later(wait, self._begin_flush)

    def _begin_flush(self) -> None:
        task = asyncio.get_running_loop().create_task(self._flush())
        self._flushing.add(task)
        task.add_done_callback(self._flushing.discard)

    async def _flush(self) -> None:
        self._flush_planned = False
        self._flushed = time.monotonic()
        changes, self._pending = self._pending, {}
        for change in changes.values():
            await self.fanout.send_seers(change["lot"], texts(change))

    def _plan_own(self) -> None:
        """Every park and every end is news here: read once for those that come together."""
        if not self._own_planned:
            self._own_planned = True
            task = asyncio.get_running_loop().create_task(self._tell_own())
            self._flushing.add(task)
            task.add_done_callback(self._flushing.discard)

    async def _tell_own(self) -> None:
        """Everybody what became of the calls they parked, and only where it is something else than before."""
        await asyncio.sleep(OWN_PAUSE)
        self._own_planned = False
        try:
            self.replica.own = await aown()
        except Exception:
            log.exception("Cannot read what became of people's own calls.")  # the next of them tells
        for socket in list(self.fanout.sockets.values()):
            mine = self.replica.own_of(socket.rights.user)
            if mine != socket.own:
                socket.own = mine
                await socket.send(dumps({"type": "own", "own": mine}))

    async def _tell_notices(self) -> None:
        """Everybody their own, and only where they are others than before."""
        for socket in list(self.fanout.sockets.values()):
            mine = self.replica.notices_of(socket.rights.user)
            if mine != socket.notices:
                socket.notices = mine
                await socket.send(dumps({"type": "notices", "notices": mine}))

    def _returning_for(self, audience: Audience) -> str:
        return dumps({"type": "returning", "returning": self.replica.returning_by(audience)})

    def _missed_for(self, audience: Audience) -> str:
        return dumps({"type": "missed", "missed": self.replica.missed_by(audience)})

    async def _set_link(self, pbx: int, link: LinkFacts) -> None:
        if self.replica.links.set(pbx, link):
            await self._tell_links()

    async def _tell_links(self) -> None:
        head = f'{{"type":"link","now":{now()},'
        await self.fanout.send_made(lambda audience: head + self._link_for(audience)[1:])

    def _link_for(self, audience: Audience) -> str:
        links = self.replica.links
        told = {"link": links.overall(audience), "links": links.seen_by(audience)}
        return dumps(links_told(told, audience.form))

    async def _beat(self) -> None:
        number = 0
        while True:
            await asyncio.sleep(BEAT / 2)
            await self._notice_silence()
            await asyncio.sleep(BEAT / 2)
            number += 1
            await self._notice_silence()
            await self.fanout.beat(number, partial(self._beat_for, number, now()))

    def _beat_for(self, number: int, at: int, audience: Audience) -> str:
        return dumps({"type": "beat", "beat": number, "now": at, "revisions": self.replica.revisions(audience)})

    async def _notice_silence(self) -> None:
        if self.replica.links.notice_silence():
            await self._tell_links()

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            try:
                await self.layer.group_add(BOARDS, self.channel)  # memberships lapse after a day
                await self._check_rights()
            except Exception:
                log.exception("Cannot look at the rights again; trying later.")

    async def _check_rights(self) -> None:
        await self._keep(all_hear=False)
