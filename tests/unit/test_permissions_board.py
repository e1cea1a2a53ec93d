"""Every order in every lot as every role, over real sockets: what reaches the bridge, and how refusals read."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from pytest_django import Settings

from dashboard import hub as hubs
from dashboard.orders import KINDS, Refused, order_of
from dashboard.rights import Viewer, current
from lots.admin.seen import lots_seen
from lots.bridge.messages import bridge_channel
from lots.models import Pbx
from parkinglot.asgi import application
from tests.kit.addresses import NOT_THERE
from tests.kit.cast import TRACES, Cast, make_cast
from tests.kit.layer import PATIENCE
from tests.kit.logins import cookie, viewer
from tests.kit.order_messages import elsewhere, message
from tests.kit.permissions import ACTS_IN, ANYWHERE, IN_A_LOT, LOTS, ROLES, SEES, SOCKETS
from tests.kit.walls import Wall, opening, screen

pytestmark = pytest.mark.django_db(transaction=True)
EVERYTHING = {**IN_A_LOT, **ANYWHERE}


@pytest.fixture
def cast(pbx: Pbx, roles: None, settings: Settings) -> Cast:
    settings.DEMO = True
    return make_cast(pbx)


def may(role: str, kind: str, lot: str) -> bool:
    """As the tables say."""
    return role in EVERYTHING[kind] and (kind in ANYWHERE or role in ACTS_IN[lot])


class Board:
    """One open ``/ws/board/`` of a login, which may be none."""

    def __init__(self, login: Viewer | None) -> None:
        headers = [(b"origin", b"http://localhost"), (b"host", b"localhost"), cookie(login.session if login else "")]
        self.socket = WebsocketCommunicator(application, "/ws/board/", headers=headers)

    async def open(self) -> dict[str, Any]:
        """The first message, or how it was closed."""
        assert (await self.socket.connect(timeout=PATIENCE))[0]
        return await self.next()

    async def next(self) -> dict[str, Any]:
        said = await self.socket.receive_output(PATIENCE)
        if said["type"] == "websocket.close":
            return {"type": "closed", "code": said["code"]}
        got: dict[str, Any] = json.loads(said["text"])
        return got

    async def ask(self, asked: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Send all; the refusals by command. The socket answers in order, so a snapshot after them says that is all."""
        for number, one in enumerate(asked):
            await self.socket.send_json_to({"command": f"c{number}", **one})
        await self.socket.send_json_to({"type": "resync"})
        refused = {}
        while (said := await self.next())["type"] != "snapshot":
            if said["type"] == "progress":
                refused[said["command"]] = said
        return refused


@pytest.fixture
async def board() -> AsyncIterator[Any]:
    async with AsyncExitStack() as stack:

        async def end() -> None:
            hub = await hubs.hub()
            await hub.stop(4012)
            await asyncio.gather(*hub._tasks, return_exceptions=True)

        async def start(login: Viewer | None) -> Board:
            made = Board(login)
            stack.push_async_callback(made.socket.disconnect)
            return made

        stack.push_async_callback(end)
        yield start


def test_every_kind_of_order_has_an_expectation() -> None:
    assert set(EVERYTHING) == set(KINDS)


@pytest.mark.parametrize("role", ROLES)
async def test_orders(role: str, cast: Cast, board: Any) -> None:
    """All kinds in all lots: the ones in the table reach the bridge, all others are refused as for no lot at all."""
    login = await sync_to_async(viewer)(cast.people[role]) if role in cast.people else None
    await sync_to_async(cast.revoke)()
    page = await board(login)
    first = await page.open()
    if role not in SOCKETS["ws/board/"]:
        assert first == {"type": "closed", "code": 4401 if role == "stranger" else 4403}
        return
    assert {lot["name"] for lot in first["lots"]} & set(LOTS) == {lot for lot in LOTS if role in SEES[lot]}
    cases = [(kind, lot) for kind in KINDS for lot in LOTS]
    asked = [message(kind, lot, cast) for kind, lot in cases]
    refused = await page.ask(asked)
    assert {case for number, case in enumerate(cases) if f"c{number}" not in refused} == {
        (kind, lot) for kind, lot in cases if may(role, kind, lot)
    }
    bridge = bridge_channel(cast.pbx.name)
    arrived = [await get_channel_layer().receive(bridge) for _ in range(len(cases) - len(refused))]
    told = {one["order"]["command"]: one["order"] for one in arrived}
    assert set(told) == {f"c{number}" for number in range(len(cases))} - set(refused)
    assert {one["user"] for one in told.values()} <= {cast.people[role].pk}
    away = await page.ask([elsewhere(one, NOT_THERE) for one in asked])
    assert all(said == away[command] for command, said in refused.items())


@pytest.mark.parametrize("role", [role for role in ROLES if role != "stranger"])
def test_orders_asked_of_the_database(role: str, cast: Cast) -> None:
    """At the moment of the click, whatever any hub has heard: rights that just went away count for nothing."""
    login = viewer(cast.people[role])
    cast.revoke()
    for kind in KINDS:
        for lot in LOTS:
            answer = "" if may(role, kind, lot) else "forbidden"
            assert _refusal(login, message(kind, lot, cast)) == answer, (kind, lot)


def _refusal(login: Viewer, asked: dict[str, Any]) -> str:
    try:
        order_of(login, {"command": "c", **asked}, "socket", "channel")
    except Refused as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"stranger", "revoked"}])
def test_boards_and_the_administration_mean_the_same_lots(role: str, cast: Cast) -> None:
    login, user = viewer(cast.people[role]), cast.people[role].__class__.objects.get(username=role)
    sees = {cast.lots[lot].pk for lot in LOTS if role in SEES[lot]}
    both = {lot.pk for lot in cast.lots.values()}
    assert current([login])[login].lots.see & both == set(lots_seen(user).values_list("pk", flat=True)) & both == sees


async def test_an_open_board_is_closed_when_the_last_right_goes(cast: Cast, board: Any) -> None:
    user = cast.people["revoked"]
    page = await board(await sync_to_async(viewer)(user))
    assert (await page.open())["type"] == "snapshot"
    await sync_to_async(user.groups.clear)()
    while (said := await page.next())["type"] != "closed":
        assert not any(trace in str(said) for trace in TRACES["front"])
    assert said["code"] == 4403


async def test_moving_into_a_lot_one_may_not_see(cast: Cast, board: Any) -> None:
    page = await board(await sync_to_async(viewer)(cast.people["receptionist"]))
    await page.open()
    asked = message("move", "desk", cast)
    there = {**asked, "to_lot": cast.lots["front"].pk}
    refused = await page.ask([there, {**asked, "to_lot": NOT_THERE}])
    assert [refused[name]["code"] for name in ("c0", "c1")] == ["forbidden"] * 2


async def test_a_wall_screen_sees_its_lots_and_may_do_nothing(cast: Cast) -> None:
    _, secret = await sync_to_async(screen)(cast.lots["desk"])
    async with opening() as start:
        wall: Wall = await start()
        first = await wall.enter(secret)
        assert [lot["name"] for lot in first["lots"]] == ["desk"]
        for kind in KINDS:
            for lot in LOTS:
                await wall.say(command="c", **message(kind, lot, cast))
                said = await wall.until("progress")
                assert (said["state"], said["code"]) == ("failed", "forbidden"), (kind, lot)
