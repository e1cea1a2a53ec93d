"""The board's socket through the whole ASGI application: who gets in, and what is passed on to the bridge."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from pytest_django import Settings

from dashboard import consumers
from dashboard import hub as hubs
from lots.bridge.ledger import record
from lots.bridge.messages import bridge_channel
from lots.models import ParkingLot, Pbx, Phone, SlotName
from lots.types.changes import Entered
from parkinglot.asgi import application
from tests.kit.layer import PATIENCE
from tests.kit.logins import cookie, login, person
from tests.kit.served import BOB

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Awaitable[WebsocketCommunicator]]
CALL = {"type": "retrieve", "command": "c1", "slot": 703, "uniqueid": "u1", "phone": None}


@pytest.fixture
async def board() -> AsyncIterator[Open]:
    """Opens a board as somebody; the first message is left to the test."""
    async with AsyncExitStack() as stack:

        async def end() -> None:
            hub = await hubs.hub()
            await hub.stop(4012)
            await asyncio.gather(*hub._tasks, return_exceptions=True)

        async def start(user: User | None, origin: str = "http://localhost", session: str = "") -> Any:
            if user is not None and not session:
                session = str((await sync_to_async(login)(user)).session.session_key)
            headers = [(b"origin", origin.encode()), (b"host", b"localhost"), cookie(session)]
            socket = WebsocketCommunicator(application, "/ws/board/", headers=headers)
            stack.push_async_callback(socket.disconnect)
            socket.session = session
            return socket, (await socket.connect(timeout=PATIENCE))[0]

        stack.push_async_callback(end)
        yield start


async def receive(socket: WebsocketCommunicator) -> dict[str, Any]:
    message: dict[str, Any] = await socket.receive_json_from(PATIENCE)
    return message


async def opened(board: Open, user: User) -> WebsocketCommunicator:
    socket, accepted = await board(user)
    assert accepted
    assert (await receive(socket))["type"] == "snapshot"
    return socket


async def closed(socket: WebsocketCommunicator) -> int:
    message = await socket.receive_output(PATIENCE)
    assert message["type"] == "websocket.close"
    return int(message["code"])


async def refused(socket: WebsocketCommunicator) -> tuple[str, str]:
    """Command and code of the refusal that comes next, and nothing for the bridge."""
    answer = await receive(socket)
    assert (answer["type"], answer["state"], answer["params"]) == ("progress", "failed", {})
    assert await orders() == []
    return answer["command"], answer["code"]


async def orders() -> list[dict[str, Any]]:
    """What has been sent to the bridge so far."""
    queue = get_channel_layer().channels.get(bridge_channel("main"))
    return [] if queue is None else [message["order"] for _, message in queue._queue]


async def order() -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        message: dict[str, Any] = await get_channel_layer().receive(bridge_channel("main"))
    return message["order"]  # type: ignore[no-any-return]


async def test_without_a_login_the_page_is_sent_to_it(board: Open, lot: ParkingLot, sam: User) -> None:
    for session in ("", "made up", "x" * 5000):
        socket, accepted = await board(None, session=session)
        assert accepted, "browsers see the code only of a socket that was accepted"
        assert await closed(socket) == 4401


async def test_without_the_permission_nobody_gets_in(board: Open, lot: ParkingLot, roles: None) -> None:
    socket, _ = await board(await sync_to_async(person)("guest"))
    assert await closed(socket) == 4403
    await socket.send_json_to({"type": "resync"})
    assert await socket.receive_nothing()


ELSEWHERE = [
    "http://evil.example",
    "http://localhost.evil.example",
    "http://localhost:9000",
    "null",
    "",
]


@pytest.mark.parametrize("origin", ELSEWHERE)
async def test_other_sites_cannot_open_it_with_our_cookie(board: Open, lot: ParkingLot, sam: User, origin: str) -> None:
    _, accepted = await board(sam, origin=origin)
    assert not accepted


async def test_the_snapshot(board: Open, pbx: Pbx, lot: ParkingLot, rita: User, sam: User, settings: Settings) -> None:
    settings.DEMO = True
    await sync_to_async(record)(pbx, [Entered(BOB)], {})
    await SlotName.objects.acreate(lot=lot, slot=702, name="Pharmacy")
    socket, _ = await board(rita)
    snapshot = await receive(socket)
    mine = await Phone.objects.aget(owner=rita)
    assert snapshot["me"] == {
        "id": rita.pk,
        "name": "Rita Desk",
        "may_retrieve": True,
        "may_look_back": True,
        "demo": True,
        "phones": [{"id": mine.pk, "pbx": lot.pbx_id, "number": "201", "name": "Desk 201"}],
    }
    assert snapshot["link"]["state"] == "hearing"
    (shown,) = snapshot["lots"]
    (slot,) = shown.pop("slots")
    assert shown == {
        "id": lot.pk,
        "pbx": pbx.pk,
        "name": "desk",
        "label": "Desk",
        "revision": 1,
        "first": 701,
        "last": 704,
        "names": {"702": "Pharmacy"},
        "long_after": None,
        "soon_before": None,
        "may_retrieve": True,
        "may_park": True,
        "may_page": True,
        "may_end": True,
    }
    assert (slot["slot"], slot["state"], slot["uniqueid"], slot["caller"]["name"]) == (703, "parked", "u1", "Bob")
    assert snapshot["colleagues"] == [{"id": mine.pk, "pbx": pbx.pk, "number": "201", "name": "Desk 201"}]
    assert snapshot["missed"] == []
    assert (slot["timeout_at"], slot["claimed_by"]) == (None, None)
    other, _ = await board(sam)
    his = await receive(other)
    nothing = {"may_retrieve": False, "demo": False, "phones": []}
    assert his["me"] == {"id": sam.pk, "name": "Sam Desk", **nothing, "may_look_back": False}
    assert (his["colleagues"], his["lots"][0]["may_park"]) == ([], False)
    await socket.send_json_to({"type": "resync"})
    assert (await receive(socket))["type"] == "snapshot"


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "{",
        "[]",
        "null",
        '"retrieve"',
        "[" * 4000,
        '{"type":"resync","x":"' + "x" * 4096 + '"}',
        b"\x00\xff",
        '{"command":',
    ],
)
async def test_what_cannot_be_understood_is_answered_and_survived(
    board: Open, lot: ParkingLot, rita: User, text: str | bytes
) -> None:
    socket = await opened(board, rita)
    await (socket.send_to(bytes_data=text) if isinstance(text, bytes) else socket.send_to(text_data=text))
    assert await refused(socket) == ("", "bad_request")
    await socket.send_json_to({"type": "resync"})
    assert (await receive(socket))["type"] == "snapshot"


@pytest.mark.parametrize(
    ("fields", "command"),
    [
        ({"type": "end_all"}, "c1"),
        ({"type": None}, "c1"),
        ({"type": ["retrieve"]}, "c1"),
        ({"command": ""}, ""),
        ({"command": "x" * 65}, ""),
        ({"command": 7}, ""),
        ({"slot": "703"}, "c1"),
        ({"slot": True}, "c1"),
        ({"slot": 703.0}, "c1"),
        ({"lot": None}, "c1"),
        ({"uniqueid": ""}, "c1"),
        ({"uniqueid": 5}, "c1"),
    ],
)
async def test_malformed_orders_reach_nobody(
    board: Open, lot: ParkingLot, rita: User, fields: dict[str, Any], command: str
) -> None:
    socket = await opened(board, rita)
    await socket.send_json_to({**CALL, "lot": lot.pk, **fields})
    assert await refused(socket) == (command, "bad_request")


@pytest.mark.parametrize("kind", ["retrieve", "cancel", "park_demo"])
async def test_staff_may_not_touch_anything(
    board: Open, lot: ParkingLot, sam: User, kind: str, settings: Settings
) -> None:
    settings.DEMO = True
    socket = await opened(board, sam)
    await socket.send_json_to({**CALL, "lot": lot.pk, "type": kind})
    assert await refused(socket) == ("c1", "forbidden")


async def test_only_ones_own_phone_can_be_rung(board: Open, lot: ParkingLot, rita: User, ron: User) -> None:
    rons = await Phone.objects.aget(owner=ron)
    nobodys = await Phone.objects.acreate(pbx_id=rons.pbx_id, number="9", name="Hall", device="PJSIP/9")
    socket = await opened(board, rita)
    for number in (rons.pk, nobodys.pk, 10**30, -1):
        await socket.send_json_to({**CALL, "lot": lot.pk, "phone": number})
        assert await refused(socket) == ("c1", "no_phone")
    await Phone.objects.filter(owner=rita).aupdate(owner=None)
    await socket.send_json_to({**CALL, "lot": lot.pk})
    assert await refused(socket) == ("c1", "no_phone")


async def test_lots_that_are_not_on_the_board_are_out_of_reach(board: Open, lot: ParkingLot, rita: User) -> None:
    socket = await opened(board, rita)
    hidden = await ParkingLot.objects.acreate(
        pbx_id=lot.pbx_id, name="vip", label="VIP", first_slot=1, last_slot=2, on_board=False
    )
    for number in (hidden.pk, 0, 10**30):
        await socket.send_json_to({**CALL, "lot": number})
        assert await refused(socket) == ("c1", "forbidden")


async def test_acks_do_not_wait_behind_an_order_and_an_order_outlives_its_page(
    board: Open, lot: ParkingLot, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is slow must not make the hub take a page for one that reads nothing."""
    slow, asked = asyncio.Event(), consumers.aorder_of

    async def later(*about: Any) -> Any:
        await slow.wait()
        return await asked(*about)

    monkeypatch.setattr(consumers, "aorder_of", later)
    socket = await opened(board, rita)
    await socket.send_json_to({**CALL, "lot": lot.pk})
    await socket.send_json_to({"type": "ack", "beat": 7})
    await socket.send_to(text_data="[]")
    assert (await receive(socket))["code"] == "bad_request", "so the ack has been read"
    hub = await hubs.hub()
    (seen,) = hub.fanout.sockets.values()
    assert seen.acked == 7
    await socket.send_input({"type": "websocket.disconnect", "code": 1001})
    slow.set()
    assert (await order())["uniqueid"] == "u1"
    await socket.wait(PATIENCE)


async def test_an_order_reaches_the_bridge_with_what_it_needs(board: Open, lot: ParkingLot, rita: User) -> None:
    second = await Phone.objects.acreate(pbx_id=lot.pbx_id, number="300", name="Mobile", device="SIP/300", owner=rita)
    socket = await opened(board, rita)
    await socket.send_json_to({**CALL, "lot": lot.pk, "phone": second.pk, "user": 999, "reply_to": "me"})
    given = await order()
    hub = await hubs.hub()
    assert given == {
        "kind": "retrieve",
        "command": "c1",
        "socket": next(iter(hub.fanout.sockets)),
        "reply_to": hub.channel,
        "user": rita.pk,
        "user_name": "Rita Desk",
        "pbx": lot.pbx_id,
        "lot": lot.pk,
        "lot_name": "desk",
        "slot": 703,
        "uniqueid": "u1",
        "phone": {"id": second.pk, "number": "300", "name": "Mobile", "device": "SIP/300"},
        "detail": "300",
    }
    await socket.send_json_to({**CALL, "lot": lot.pk})
    assert (await order())["phone"]["number"] == "201", "the first phone when none is named"
    await socket.send_json_to({"type": "cancel", "command": "c1"})
    assert (await order())["kind"] == "cancel"
    told = {"command": "c1", "state": "done", "code": "cancelled", "lot": lot.pk, "slot": 703, "params": {}}
    message = {"type": "progress", "socket": given["socket"], "progress": told}
    await get_channel_layer().send(given["reply_to"], message)
    assert await receive(socket) == {"type": "progress", **told}


@pytest.mark.parametrize("demo", [True, False])
async def test_demo_callers_only_in_a_demo(
    board: Open, lot: ParkingLot, rita: User, demo: bool, settings: Settings
) -> None:
    settings.DEMO = demo
    socket = await opened(board, rita)
    await socket.send_json_to({"type": "park_demo", "command": "c1"})
    if demo:
        assert (await order())["kind"] == "park_demo"
    else:
        assert await refused(socket) == ("c1", "bad_request")


async def test_who_was_logged_out_meanwhile_is_forbidden(board: Open, lot: ParkingLot, rita: User) -> None:
    """Even when the hub has not heard of it yet."""
    socket = await opened(board, rita)
    await sync_to_async(Session.objects.filter(pk=socket.session)._raw_delete)("default")
    await socket.send_json_to({**CALL, "lot": lot.pk})
    assert await refused(socket) == ("c1", "forbidden")


async def test_a_right_taken_away_counts_at_the_next_click(board: Open, lot: ParkingLot, rita: User) -> None:
    socket = await opened(board, rita)
    await sync_to_async(User.groups.through.objects.all()._raw_delete)("default")  # without a word to the hub
    await socket.send_json_to({**CALL, "lot": lot.pk})
    assert await refused(socket) == ("c1", "forbidden")
    await rita.groups.aset([])
    await sync_to_async(rita.save)()
    assert await closed(socket) == 4403


async def test_logging_out_closes_the_board(board: Open, lot: ParkingLot, rita: User) -> None:
    browser = await sync_to_async(login)(rita)
    socket, _ = await board(rita, session=str(browser.session.session_key))
    other = await opened(board, rita)
    await receive(socket)
    await sync_to_async(browser.post)("/logout/")
    assert await closed(socket) == 4401
    await other.send_json_to({"type": "resync"})
    assert (await receive(other))["type"] == "snapshot", "another login of the same person stays"


async def test_while_the_bridge_is_silent_nothing_is_passed_on(board: Open, lot: ParkingLot, rita: User) -> None:
    await Pbx.objects.aupdate(lease_until=None)
    socket = await opened(board, rita)
    await socket.send_json_to({**CALL, "lot": lot.pk})
    assert await refused(socket) == ("c1", "bridge_silent")


async def test_a_bridge_that_cannot_be_reached_is_silent(
    board: Open, lot: ParkingLot, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = await opened(board, rita)

    async def full(*_args: object) -> None:
        raise OSError("no Redis")

    monkeypatch.setattr((await hubs.hub()).layer, "send", full)
    await socket.send_json_to({**CALL, "lot": lot.pk})
    assert await refused(socket) == ("c1", "bridge_silent")


async def test_acks_are_counted(board: Open, lot: ParkingLot, rita: User) -> None:
    socket = await opened(board, rita)
    (mine,) = (await hubs.hub()).fanout.sockets.values()
    for beat in (5, 3, "9", None, True):
        await socket.send_json_to({"type": "ack", "beat": beat})
    await socket.send_json_to({"type": "resync"})
    await receive(socket)
    assert mine.acked == 5


async def test_a_page_that_leaves_is_forgotten(board: Open, lot: ParkingLot, rita: User) -> None:
    socket = await opened(board, rita)
    await socket.disconnect()
    assert (await hubs.hub()).fanout.sockets == {}
