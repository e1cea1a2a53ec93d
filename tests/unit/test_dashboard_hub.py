"""Every page equals the database in the end, whatever gets lost on the way, and nobody sees what they may not."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import hub as hubs
from dashboard.fanout import MISSING_ACKS, Fanout
from dashboard.hub import Hub
from dashboard.replica import SILENT_AFTER, Replica, merged, read
from dashboard.rights import Rights, Viewer
from dashboard.socket import Socket
from lots.bridge.announce import announce
from lots.bridge.facts import lot_facts
from lots.bridge.ledger import beat, record
from lots.bridge.messages import BOARDS, News
from lots.models import ParkedCall, ParkingLot, Pbx
from lots.types.calls import Lot
from lots.types.changes import Change, Ended, Ending, Entered, Link, LinkChanged, LinkState, LotsChanged, Outcome
from tests.kit.board_copy import BoardCopy
from tests.kit.layer import PATIENCE
from tests.kit.logins import login, phone, viewer
from tests.kit.pbx_model import LOT, START, call
from tests.kit.pbx_model import Pbx as Model
from tests.unit.test_board_properties import STEPS, come_to_rest

database = pytest.mark.django_db(transaction=True)
SEES = Rights(name="Rita Desk", see=True, retrieve=True, phones=())
arecord = sync_to_async(record)


class Page:
    """A socket with a page behind it; ``broken`` makes sending raise."""

    def __init__(self, who: Viewer | None = None, rights: Rights = SEES) -> None:
        self.copy = BoardCopy()
        self.texts: asyncio.Queue[str] = asyncio.Queue()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.broken = False
        self.socket = Socket(who or Viewer(1, "s"), rights, self._send, self._close)

    async def _send(self, text: str) -> None:
        if self.broken:
            raise OSError("gone")
        self.copy.take(text)
        self.texts.put_nowait(text)

    async def _close(self, code: int) -> None:
        self.closed.set_result(code)
        if self.broken:
            raise OSError("gone")

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            message: dict[str, Any] = json.loads(await self.texts.get())
        return message

    async def until(self, kind: str) -> dict[str, Any]:
        while (message := await self.next())["type"] != kind:
            pass
        return message

    async def code(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self.closed

    def nothing(self) -> bool:
        return self.texts.empty()


@pytest.fixture
async def hub(pbx: Pbx) -> AsyncIterator[Hub]:
    started = Hub()
    await started.start()
    yield started
    await started.stop(4012)
    await asyncio.gather(*started._tasks, return_exceptions=True)


async def tell(news: News | list[News]) -> None:
    for item in news if isinstance(news, list) else [news]:
        await get_channel_layer().group_send(BOARDS, {"type": "news", "news": item})


async def joined(hub: Hub, who: Viewer | None = None, rights: Rights = SEES) -> Page:
    page = Page(who, rights)
    await hub.join(page.socket)
    assert (await page.next())["type"] == "snapshot"
    return page


async def sign_of_life(pbx: Pbx, **told: Any) -> News:
    """The bridge's beat as it is now, or with something told differently."""
    now: Any = await sync_to_async(beat)(await Pbx.objects.aget(pk=pbx.pk))
    return {**now, **told}  # type: ignore[no-any-return]


def entered(number: int) -> Entered:
    return Entered(call(f"n{number}", LOT.first + number % 4))


def ended(number: int) -> Ended:
    return Ended(call(f"n{number}", LOT.first + number % 4), Ending(Outcome.LEFT, START))


@database
async def test_a_page_gets_a_snapshot_and_then_what_changes(hub: Hub, pbx: Pbx, lot: ParkingLot) -> None:
    await tell({"kind": "lots"})
    page = await joined(hub)
    while not page.copy.lots:
        await page.next()
    await tell(await arecord(pbx, [entered(0)], {}))
    change = await page.next()
    assert (change["type"], change["lot"], change["after"], change["revision"]) == ("change", lot.pk, 0, 1)
    assert [slot["uniqueid"] for slot in change["slots"]] == ["n0"]


@database
async def test_many_changes_are_few_messages_and_none_is_lost(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    changes: list[News] = []
    for number in range(30):
        changes += await arecord(pbx, [entered(number)], {})
        if number >= 3:
            changes += await arecord(pbx, [ended(number - 3)], {})
    await tell(changes)
    messages = [await page.next()]
    while messages[-1]["revision"] < len(changes):
        messages.append(await page.next())
    assert {message["type"] for message in messages} == {"change"}
    assert len(messages) <= 5
    assert messages[0]["after"] == 0
    assert [m["after"] for m in messages[1:]] == [m["revision"] for m in messages[:-1]]
    truth = await sync_to_async(lot_facts)(await ParkingLot.objects.aget())
    assert sorted(page.copy.slots[lot.pk].values(), key=str) == sorted(truth["slots"], key=str)
    assert not page.copy.resync


@database
async def test_after_a_gap_everybody_gets_a_snapshot(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    pages = [await joined(hub) for _ in range(2)]
    await arecord(pbx, [entered(0)], {})  # this one gets lost
    await tell(await arecord(pbx, [entered(1)], {}))
    for page in pages:
        snapshot = await page.next()
        assert snapshot["type"] == "snapshot"
        assert {slot["uniqueid"] for slot in snapshot["lots"][0]["slots"]} == {"n0", "n1"}


@database
async def test_a_beat_of_the_bridge_shows_what_was_lost_last(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    await arecord(pbx, [entered(0)], {})
    await tell(await sign_of_life(pbx, revisions={str(lot.pk): 0, "999": 5}))
    await tell(await sign_of_life(pbx))
    snapshot = await page.next()
    assert snapshot["type"] == "snapshot"
    assert snapshot["lots"][0]["revision"] == 1
    assert page.nothing(), "the first beat, and a lot nobody is shown, are no reason"


@database
async def test_a_beat_of_the_bridge_mends_a_lost_word_on_the_link_and_the_lots(
    lot: ParkingLot, hub: Hub, pbx: Pbx
) -> None:
    page = await joined(hub)
    await tell(await sign_of_life(pbx))
    await arecord(pbx, [LinkChanged(Link(LinkState.REFUSED, START, "no"))], {})
    await tell(await sign_of_life(pbx))
    message = await page.next()
    assert (message["type"], message["link"]["state"]) == ("link", "refused")
    await ParkingLot.objects.aupdate(label="Renamed")
    await tell(await sign_of_life(pbx))
    await tell(await sign_of_life(pbx))
    assert (await page.next())["lots"][0]["label"] == "Renamed"
    assert page.nothing()


@database
async def test_a_lot_new_to_the_hub_is_read(hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    await tell(await arecord(pbx, [entered(0)], {}))
    assert (await page.next())["lots"][0]["name"] == "desk"


@database
async def test_old_words_change_nothing(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    """Heard twice, or heard late: neither this copy nor what waits to be sent goes back in time."""
    first = await arecord(pbx, [entered(0)], {})
    second = await arecord(pbx, [ended(0)], {})
    await arecord(pbx, [entered(1)], {})
    await tell({"kind": "lots"})
    page = await joined(hub)
    while page.copy.lots[lot.pk]["revision"] < 3:
        await page.next()
    fourth = await arecord(pbx, [entered(2)], {})
    await tell([*fourth, *first, *second])
    await tell(await arecord(pbx, [ended(1)], {}))
    while page.copy.lots[lot.pk]["revision"] < 5:
        assert (await page.next())["type"] == "change"
    assert {slot["uniqueid"] for slot in page.copy.slots[lot.pk].values()} == {"n2"}
    assert not page.copy.resync


@database
async def test_the_link_and_the_lots_are_told(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    await tell(await arecord(pbx, [LinkChanged(Link(LinkState.LOST, START, "cut"))], {}))
    link = await page.next()
    assert link["link"] == {"state": "lost", "since": int(START.timestamp() * 1000), "reason": "cut"}
    assert abs(link["now"] - timezone.now().timestamp() * 1000) < 60_000
    assert (await joined(hub)).copy.link["state"] == "lost", "who comes later is told too"
    sales = Lot(name="sales", first=721, last=726, timeout=0)
    await tell(await arecord(pbx, [LotsChanged((sales,))], {}))
    assert [known["name"] for known in (await page.next())["lots"]] == ["sales"]


@database
async def test_a_database_that_fails_while_reading_is_asked_again(
    lot: ParkingLot, hub: Hub, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The word that something is new is gone by then: no later one needs to come."""
    page = await joined(hub)
    real = hubs.aread

    async def fail() -> Any:
        monkeypatch.setattr(hubs, "aread", real)
        raise OperationalError("the database is away")

    monkeypatch.setattr(hubs, "aread", fail)
    await ParkingLot.objects.aupdate(label="Renamed")
    await tell({"kind": "lots"})
    assert (await page.next())["lots"][0]["label"] == "Renamed"


@database
async def test_a_silent_bridge_is_said_and_forgiven(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    page = await joined(hub)
    await hub._notice_silence()
    hub.heard_bridge -= SILENT_AFTER + 1
    await hub._notice_silence()
    await hub._notice_silence()
    message = await page.next()
    assert message["link"]["state"] == "silent"
    assert page.nothing(), "said once"
    await tell(await sign_of_life(pbx))
    back = await page.next()
    assert (back["type"], back["link"]["state"]) == ("snapshot", "hearing")


@database
async def test_a_link_written_by_a_bridge_that_is_gone_is_no_link(lot: ParkingLot, pbx: Pbx) -> None:
    past = timezone.now() - timedelta(seconds=5)
    await Pbx.objects.aupdate(lease_until=past)
    truth = await sync_to_async(read)()
    assert truth.link == {"state": "silent", "since": round(past.timestamp() * 1000), "reason": ""}
    await Pbx.objects.aupdate(lease_until=None)
    assert (await sync_to_async(read)()).link["state"] == "silent"
    await ParkingLot.objects.all().adelete()
    await Pbx.objects.all().adelete()
    truth = await sync_to_async(read)()
    assert (truth.link["state"], truth.lots, truth.bridge) == ("silent", [], "")


@database
async def test_lots_off_the_board_or_gone_are_not_read(lot: ParkingLot, pbx: Pbx) -> None:
    await ParkingLot.objects.acreate(pbx=pbx, name="b", label="B", first_slot=1, last_slot=2, on_board=False)
    await ParkingLot.objects.acreate(pbx=pbx, name="c", label="C", first_slot=1, last_slot=2, present=False)
    assert [known["name"] for known in (await sync_to_async(read)()).lots] == ["desk"]


@database
async def test_beats_come_and_pages_that_do_not_answer_are_closed(
    lot: ParkingLot, pbx: Pbx, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub._tasks[1].cancel()
    answers, silent = await joined(hub), await joined(hub)
    monkeypatch.setattr(hubs, "BEAT", 0.01)
    hub._tasks.append(asyncio.create_task(hub._beat()))
    numbers = []
    while not silent.closed.done() or len(numbers) < MISSING_ACKS + 2:
        beat = await answers.until("beat")
        numbers.append(beat["beat"])
        answers.socket.acked = beat["beat"]
        assert beat["revisions"] == {str(lot.pk): 0}
    assert numbers == list(range(1, len(numbers) + 1))
    assert await silent.code() == 4408
    assert silent.copy.kinds.count("beat") == MISSING_ACKS
    assert not answers.closed.done()


async def test_a_page_that_comes_late_is_given_as_many_beats() -> None:
    fanout, page = Fanout(), Page()
    fanout.add(page.socket)
    for number in range(100, 100 + MISSING_ACKS):
        await fanout.beat(number, json.dumps({"type": "beat", "revisions": {}}))
    assert not page.closed.done()
    page.socket.acked = 101
    await fanout.beat(104, json.dumps({"type": "beat", "revisions": {}}))
    assert not page.closed.done()
    await fanout.beat(105, json.dumps({"type": "beat", "revisions": {}}))
    assert await page.code() == 4408
    assert fanout.sockets == {}


@database
async def test_progress_goes_to_its_socket_only(hub: Hub) -> None:
    mine, other = await joined(hub), await joined(hub)
    told = {"command": "c1", "state": "failed", "code": "moved", "lot": 1, "slot": 2, "params": {}}
    for socket in ("gone", mine.socket.id):
        await get_channel_layer().send(hub.channel, {"type": "progress", "socket": socket, "progress": told})
    assert await mine.next() == {"type": "progress", **told}
    assert other.nothing()


@database
async def test_a_socket_that_cannot_be_sent_to_hurts_nobody(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    first, broken, last = [await joined(hub) for _ in range(3)]
    broken.broken = True
    await tell(await arecord(pbx, [entered(0)], {}))
    assert (await first.next())["revision"] == (await last.next())["revision"] == 1
    await hub.fanout.close(broken.socket, 4403)
    await tell(await arecord(pbx, [entered(1)], {}))
    assert (await first.next())["revision"] == (await last.next())["revision"] == 2


@database
async def test_who_left_is_told_nothing(lot: ParkingLot, hub: Hub, pbx: Pbx) -> None:
    gone, here = await joined(hub), await joined(hub)
    hub.leave(gone.socket)
    hub.leave(gone.socket)
    await tell(await arecord(pbx, [entered(0)], {}))
    await here.next()
    assert gone.nothing()


@database
async def test_a_start_that_fails_is_tried_again_at_the_next(
    lot: ParkingLot, pbx: Pbx, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = hubs.aread

    async def fail() -> Any:
        raise OperationalError("the database is away")

    monkeypatch.setattr(hubs, "aread", fail)
    with pytest.raises(OperationalError):
        await hubs.hub()
    monkeypatch.setattr(hubs, "aread", real)
    started = await hubs.hub()
    assert started is await hubs.hub()
    page = await joined(started)
    await tell(await arecord(pbx, [entered(0)], {}))
    assert (await page.next())["type"] == "change", "it listens, once"
    await tell(await arecord(pbx, [entered(1)], {}))
    assert (await page.next())["revision"] == 2
    await started.stop(4012)
    assert await page.code() == 4012


@database
@pytest.mark.parametrize("how", ["group", "permission", "inactive", "deleted", "logout", "password", "session"])
async def test_who_may_no_longer_see_is_closed_at_once(sam: User, rita: User, hub: Hub, how: str) -> None:
    browser: Client = await sync_to_async(login)(sam)
    page = await joined(hub, Viewer(sam.pk, str(browser.session.session_key)))
    stays = await joined(hub, await sync_to_async(viewer)(rita))
    await sync_to_async(_revoke)(sam, browser, how)
    assert await page.code() == (4403 if how in {"group", "permission"} else 4401)
    assert not stays.closed.done()
    assert list(hub.fanout.sockets) == [stays.socket.id]


def _revoke(user: User, browser: Client, how: str) -> None:
    match how:
        case "group":
            user.groups.clear()
        case "permission":
            user.groups.get().permissions.clear()
        case "inactive":
            user.is_active = False
            user.save()
        case "deleted":
            user.delete()
        case "logout":
            browser.post("/logout/")
        case "password":
            user.set_password("another")
            user.save()
        case "session":
            Session.objects.get(pk=browser.session.session_key).delete()


@database
async def test_rights_that_change_are_a_new_snapshot_for_their_owner(pbx: Pbx, sam: User, rita: User, hub: Hub) -> None:
    who, other = await sync_to_async(viewer)(sam), await sync_to_async(viewer)(rita)
    before = await hubs.acurrent([who, other])
    page, unchanged = await joined(hub, who, before[who]), await joined(hub, other, before[other])
    await sync_to_async(_promote)(sam, pbx)
    snapshot = await page.next()
    while not snapshot["me"]["phones"]:
        snapshot = await page.next()
    assert snapshot["me"]["may_retrieve"] is True
    assert [p["number"] for p in snapshot["me"]["phones"]] == ["209"]
    assert unchanged.nothing()


def _promote(user: User, pbx: Pbx) -> None:
    user.groups.set(user.groups.model.objects.filter(name="Receptionists"))
    phone(pbx, "209", user)
    announce({"kind": "rights"})


@database
async def test_sessions_that_are_swept_up_long_after_are_no_news(sam: User, hub: Hub) -> None:
    who = await sync_to_async(viewer)(sam)
    page = await joined(hub, who, (await hubs.acurrent([who]))[who])
    asked: list[int] = []
    real = hubs.Hub._check_rights
    hub._check_rights = lambda: asked.append(1) or real(hub)  # type: ignore[method-assign,func-returns-value]
    await Session.objects.acreate(pk="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    await Session.objects.acreate(pk="new", session_data="", expire_date=timezone.now() + timedelta(days=1))
    await Session.objects.filter(pk="old").adelete()
    await Session.objects.filter(pk="new").adelete()
    told = {"command": "c1", "state": "done", "code": "parked_demo", "lot": None, "slot": None, "params": {}}
    await get_channel_layer().send(hub.channel, {"type": "progress", "socket": page.socket.id, "progress": told})
    await page.until("progress")
    assert asked == [1]


@database
async def test_rights_are_looked_at_again_when_nobody_said_so(
    sam: User, rita: User, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await joined(hub, await sync_to_async(viewer)(sam))
    ritas = await sync_to_async(viewer)(rita)
    await get_channel_layer().group_discard(BOARDS, hub.channel)  # a day has passed
    await Session.objects.filter(pk=page.socket.viewer.session).aupdate(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    monkeypatch.setattr(hubs, "LOOK_AGAIN", 0.01)
    hub._tasks.append(asyncio.create_task(hub._look_again()))
    assert await page.code() == 4401
    late = await joined(hub, ritas, (await hubs.acurrent([ritas]))[ritas])
    await tell({"kind": "lots"})
    assert (await late.next())["type"] == "snapshot", "and it is a member again"


@pytest.fixture
def one_thread(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The hub reads in the test's own transaction, and flushes only when told to."""

    async def aread() -> Any:
        return read()

    with monkeypatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        patch.setattr(hubs, "aread", aread)
        patch.setattr(hubs, "COALESCE", 1e9)
        yield


FATES = st.sampled_from(["told", "told", "told", "lost", "twice"])
ACTS = st.one_of(
    st.tuples(st.just("write"), FATES),
    st.tuples(st.just("write"), FATES),
    STEPS,
    STEPS,
    st.sampled_from([("flush",), ("flush",), ("join",), ("resync",), ("beat",), ("again",)]),
)


@database
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=40))
def test_whatever_is_lost_every_page_equals_the_database_in_the_end(
    one_thread: None, acts: list[tuple[object, ...]]
) -> None:
    asyncio.run(_in_a_transaction(acts))


async def _in_a_transaction(acts: list[tuple[object, ...]]) -> None:
    """Begun inside the loop: Django gives the code in it a connection of its own."""
    try:
        with transaction.atomic():
            await _live(acts)
            transaction.set_rollback(True)
    finally:
        connection.close()


async def _live(acts: list[tuple[object, ...]]) -> None:  # noqa: C901  (one line per kind of act)
    pbx, model, hub, pages = Pbx.objects.create(name="model"), Model(), Hub(), list[Page]()
    Pbx.objects.update(lease_until=timezone.now() + timedelta(hours=1))
    record(pbx, [LotsChanged((LOT,))], {})
    await hub._reload()
    past: list[News] = []

    async def write(fate: str) -> None:
        changes: list[Change] = [change for change in model.changes if not isinstance(change, LotsChanged)]
        model.changes.clear()
        for news in record(pbx, changes, {}):
            if news["kind"] == "change":
                past.append(news)
                for _ in range({"told": 1, "lost": 0, "twice": 2}[fate]):
                    await hub._news(news)

    async def join() -> None:
        pages.append(Page())
        await hub.join(pages[-1].socket)

    async def beats() -> None:
        """The page's own beat, and its answer when it finds itself behind."""
        for page in pages:
            await page.socket.send(json.dumps({"type": "beat", "revisions": hub.replica.revisions()}))
            if page.copy.resync:
                await hub.snapshot(page.socket)

    await join()
    model.come_back()
    for name, *rest in acts:
        if name == "write":
            await write(str(rest[0]))
        elif name == "flush":
            await hub._flush()
        elif name == "join":
            await join()
        elif name == "resync":
            await hub.snapshot(pages[0].socket)
        elif name == "beat":
            await beats()
        elif name == "again":
            for news in past[-3:-1]:
                await hub._news(news)
        elif name == "close_list":
            model.close_list(late=bool(rest[0]))
        else:
            getattr(model, str(name))(*rest)
    come_to_rest(model)
    await write("told")
    lot = ParkingLot.objects.get()
    await hub._news(beat(Pbx.objects.get(pk=pbx.pk)))
    await hub._flush()
    assert not any(page.copy.resync for page in pages), "a gap nobody mends but the page"
    truth = {slot["slot"]: slot for slot in lot_facts(lot)["slots"]}
    for page in pages:
        assert page.copy.lots[lot.pk]["revision"] == lot.revision
        assert page.copy.slots[lot.pk] == truth
    assert ParkedCall.objects.filter(ended_at=None).count() == len(model.truth())


def test_merging_keeps_the_later_word_on_each_slot() -> None:
    free: News = {"kind": "change", "lot": 1, "after": 4, "revision": 5, "slots": [{"slot": 7, "state": "free"}]}
    taken: News = {
        "kind": "change",
        "lot": 1,
        "after": 5,
        "revision": 6,
        "slots": [{"slot": 7, "state": "parked"}, {"slot": 8, "state": "free"}],
    }
    one = merged(merged(None, free), taken)  # type: ignore[arg-type]
    assert (one["type"], one["after"], one["revision"], one["slots"]) == ("change", 4, 6, taken["slots"])  # type: ignore[typeddict-item]


def test_a_copy_without_a_database_is_silent() -> None:
    assert Replica().link["state"] == "silent"
