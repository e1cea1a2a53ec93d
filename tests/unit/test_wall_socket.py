"""The socket of wall screens: the secret alone lets in, revoking puts out, and nothing can be done from there."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.utils import timezone

from dashboard import hub as hubs
from dashboard import rights, wall_consumer
from dashboard.version import version
from dashboard.wall import WallViewer, admit, note_seen
from lots.bridge.ledger import record
from lots.bridge.messages import bridge_channel
from lots.models import LotRight, ParkedCall, ParkingLot, Pbx, WallScreen
from lots.models.wall import hash_of
from lots.types.changes import Ended, Ending, Entered, Outcome
from parkinglot.asgi import application
from tests.kit.hub_pages import tell
from tests.kit.layer import PATIENCE
from tests.kit.pbx_model import START
from tests.kit.served import BOB
from tests.kit.walls import Wall, opening
from tests.kit.walls import screen as make_screen

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Awaitable[Wall]]
screen = sync_to_async(make_screen)
arecord = sync_to_async(record)


@pytest.fixture
async def wall() -> AsyncIterator[Open]:
    async with opening() as start:
        yield start


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall_consumer, "PAUSE", 0.0)


@pytest.fixture
def other(pbx: Pbx) -> ParkingLot:
    return ParkingLot.objects.create(pbx=pbx, name="vip", label="VIP", first_slot=801, last_slot=804)


async def test_the_link_opens_the_board_and_says_which_version_serves_it(
    wall: Open, pbx: Pbx, lot: ParkingLot, other: ParkingLot
) -> None:
    await arecord(pbx, [Entered(BOB)], {})
    _, secret = await screen(hide_numbers=False)
    opened = await wall()
    await opened.say(type="wall", secret=secret)
    assert await opened.next() == {"type": "hello", "version": version()}
    shown = await opened.next()
    assert [each["label"] for each in shown["lots"]] == ["Desk", "VIP"]
    assert shown["lots"][0]["slots"][0]["caller"] == {"name": "Bob", "number": "5551001"}
    assert (shown["me"]["phones"], shown["me"]["may_retrieve"], shown["me"]["demo"]) == ([], False, False)
    assert set(shown) == {"type", "now", "me", "link", "links", "lots", "returning"}
    assert not [key for each in shown["lots"] for key, may in each.items() if key.startswith("may_") and may]


async def test_numbers_stay_in_the_server(wall: Open, pbx: Pbx, lot: ParkingLot) -> None:
    _, secret = await screen()
    opened = await wall()
    await opened.enter(secret)
    for news in await arecord(pbx, [Entered(BOB)], {}):
        await tell(news)
    (changed,) = (await opened.until("change"))["slots"]
    assert changed["caller"] == {"name": "Bob", "number": "… 001"}
    await opened.say(type="resync")
    snapshot = await opened.until("snapshot")
    assert snapshot["lots"][0]["slots"] == [changed]
    assert "5551001" not in json.dumps([changed, snapshot])


async def test_only_the_chosen_lots_are_spoken_of(
    wall: Open, pbx: Pbx, lot: ParkingLot, other: ParkingLot, rita: User
) -> None:
    """Rights of groups are for people: a lot is on a wall because an administrator chose it."""
    await LotRight.objects.acreate(lot=lot, group=await rita.groups.aget(), see=False)
    _, secret = await screen(lot)
    opened = await wall()
    assert [each["id"] for each in (await opened.enter(secret))["lots"]] == [lot.pk]
    elsewhere = {
        "kind": "change",
        "lot": other.pk,
        "after": 0,
        "revision": 1,
        "slots": [{"slot": 801, "state": "free"}],
    }
    await tell(elsewhere)  # type: ignore[arg-type]
    for news in await arecord(pbx, [Entered(BOB)], {}):
        await tell(news)
    heard = await opened.next()
    assert (heard["type"], heard["lot"]) == ("change", lot.pk)


@pytest.mark.parametrize(
    "first",
    [
        {"type": "wall", "secret": "wrong"},
        {"type": "wall", "secret": ""},
        {"type": "wall", "secret": None},
        {"type": "wall", "secret": ["x"]},
        {"type": "wall", "secret": "\ud800"},
        {"type": "wall"},
        {"type": "resync"},
        [],
        "{",
        "x" * 5000,
    ],
)
async def test_whatever_else_comes_first_ends_it(wall: Open, lot: ParkingLot, hasty: None, first: Any) -> None:
    _, secret = await screen()
    opened = await wall()
    await opened.socket.send_to(text_data=first if isinstance(first, str) else json.dumps(first))
    await opened.say(type="wall", secret=secret)  # there is no second try
    assert await opened.closed() == 4403
    assert await opened.socket.receive_nothing()


async def test_a_wrong_secret_costs_time(wall: Open, lot: ParkingLot) -> None:
    opened = await wall()
    await opened.say(type="wall", secret="wrong")
    assert await opened.socket.receive_nothing(timeout=0.5)
    assert await opened.closed() == 4403


async def test_who_says_nothing_is_not_waited_for(wall: Open, lot: ParkingLot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall_consumer, "PATIENCE", 0.05)
    _, secret = await screen()
    opened = await wall()
    assert await opened.closed() == 4408
    await opened.say(type="wall", secret=secret)
    assert await opened.socket.receive_nothing()


async def test_a_login_does_not_open_it(lot: ParkingLot, alex: User) -> None:
    assert await sync_to_async(admit)("") is None
    assert await sync_to_async(rights.current)([WallViewer(screen=1, secret_hash="x")]) == {}


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
async def test_other_sites_cannot_use_it(lot: ParkingLot, origin: str) -> None:
    headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
    socket = WebsocketCommunicator(application, "/ws/wall/", headers=headers)
    accepted, _ = await socket.connect(timeout=PATIENCE)
    assert not accepted


async def revoke(row: WallScreen) -> None:
    row.revoke()
    await row.asave()


async def replace(row: WallScreen) -> None:
    row.new_secret()
    await row.asave()


async def delete(row: WallScreen) -> None:
    await row.adelete()


@pytest.mark.parametrize("end", [revoke, replace, delete])
async def test_a_link_that_ends_closes_its_screens_at_once_and_opens_none(
    wall: Open, lot: ParkingLot, hasty: None, end: Callable[[WallScreen], Awaitable[None]]
) -> None:
    row, secret = await screen()
    _, others = await screen()
    opened, stays = await wall(), await wall()
    await opened.enter(secret)
    await stays.enter(others)
    await end(row)
    assert await opened.closed(within=1) == 4403
    late = await wall()
    await late.say(type="wall", secret=secret)
    assert await late.closed() == 4403
    await stays.say(type="resync")
    assert (await stays.next())["type"] == "snapshot"


async def test_other_lots_and_hidden_numbers_reach_open_screens(
    wall: Open, pbx: Pbx, lot: ParkingLot, other: ParkingLot
) -> None:
    await arecord(pbx, [Entered(BOB)], {})
    row, secret = await screen(lot, hide_numbers=False)
    opened = await wall()
    await opened.enter(secret)
    row.hide_numbers = True
    await row.asave()
    (shown,) = (await opened.until("snapshot"))["lots"]
    assert shown["slots"][0]["caller"]["number"] == "… 001"
    await row.lots.aset([other])
    names: list[str] = []
    while names != ["VIP"]:
        names = [each["label"] for each in (await opened.until("snapshot"))["lots"]]


async def test_a_screen_whose_lots_are_deleted_does_not_show_all_others(
    wall: Open, lot: ParkingLot, other: ParkingLot
) -> None:
    third = await ParkingLot.objects.acreate(pbx_id=lot.pbx_id, name="x", label="X", first_slot=1, last_slot=2)
    both, secret = await screen(lot, third)
    opened = await wall()
    await opened.enter(secret)
    await ParkingLot.objects.filter(pk__in=[lot.pk, third.pk]).adelete()
    message = await opened.socket.receive_output(PATIENCE)
    while message["type"] != "websocket.close":
        assert "VIP" not in message["text"]
        message = await opened.socket.receive_output(PATIENCE)
    assert message["code"] == 4403
    await both.arefresh_from_db()
    assert both.revoked_at is not None


@pytest.mark.parametrize("kind", ["retrieve", "cancel", "park_demo", "note", "park", "end", "settle", "whatever"])
async def test_every_order_is_refused(wall: Open, pbx: Pbx, lot: ParkingLot, kind: str) -> None:
    await arecord(pbx, [Entered(BOB)], {})
    _, secret = await screen()
    opened = await wall()
    await opened.enter(secret)
    await opened.say(type=kind, command="c1", lot=lot.pk, slot=703, uniqueid="u1", phone=None)
    answer = await opened.next()
    assert (answer["type"], answer["command"], answer["code"]) == ("progress", "c1", "forbidden")
    assert get_channel_layer().channels.get(bridge_channel("main")) is None
    row = await ParkedCall.objects.aget()
    assert (row.note, row.ended_at, row.claimed_by_id) == ("", None, None)


async def test_what_is_for_people_is_not_told(wall: Open, pbx: Pbx, lot: ParkingLot) -> None:
    """Whatever boards will learn to tell: it stays away from walls until somebody decides otherwise."""
    _, secret = await screen()
    opened = await wall()
    await opened.enter(secret)
    hub = await hubs.hub()
    await hub.fanout.send_made(lambda _audience: '{"type":"missed","missed":[{"caller":"5551001"}]}')
    await opened.say(type="resync")
    assert (await opened.next())["type"] == "snapshot"


async def test_a_caller_who_leaves_is_gone_from_the_wall(wall: Open, pbx: Pbx, lot: ParkingLot) -> None:
    await arecord(pbx, [Entered(BOB)], {})
    _, secret = await screen()
    opened = await wall()
    await opened.enter(secret)
    for news in await arecord(pbx, [Ended(BOB, Ending(Outcome.ABANDONED, START))], {}):
        await tell(news)
    assert (await opened.until("change"))["slots"] == [{"slot": 703, "state": "free"}]


async def test_it_is_written_down_that_a_screen_is_in_use(wall: Open, lot: ParkingLot) -> None:
    """When it comes, and as long as it answers beats."""
    row, secret = await screen()
    opened = await wall()
    await opened.enter(secret)
    await noted()
    await row.arefresh_from_db()
    assert row.seen_at is not None
    assert timezone.now() - row.seen_at < timedelta(minutes=1)
    await WallScreen.objects.aupdate(seen_at=timezone.now() - timedelta(hours=1))
    await opened.say(type="ack", beat=1)
    await opened.say(type="resync")
    await opened.until("snapshot")
    await noted()
    await row.arefresh_from_db()
    assert timezone.now() - row.seen_at < timedelta(minutes=1)


async def noted() -> None:
    """Wait until no note is being written."""
    running = [task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == "_note"]  # type: ignore[union-attr]
    await asyncio.gather(*running)


def test_at_most_once_a_minute(lot: ParkingLot) -> None:
    row, _ = make_screen()
    for age, renewed in ((timedelta(seconds=59), False), (timedelta(seconds=61), True)):
        before = timezone.now() - age
        WallScreen.objects.update(seen_at=before)
        note_seen(row.pk)
        assert (WallScreen.objects.get().seen_at != before) is renewed


def test_only_a_hash_is_kept(lot: ParkingLot) -> None:
    row, secret = make_screen()
    assert secret not in str(WallScreen.objects.values().get())
    assert row.secret_hash == hash_of(secret)
    assert len(secret) >= 40
    assert admit(secret) == WallViewer(screen=row.pk, secret_hash=row.secret_hash)
