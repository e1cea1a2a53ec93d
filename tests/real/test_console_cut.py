"""In the midst of every order of the console the link is lost, or the portal ends: nobody is lost, nothing rings on.

A table: each order, times the moment. Whatever Asterisk has made of the order, afterwards the board shows just that,
the note is kept, each stay has exactly one ending, no phone rings for an order that is over, and no claim is left.
"""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk, real_asterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.ear import Ear
from tests.kit.portal import Portal
from tests.kit.proxy import Proxy
from tests.kit.published import park
from tests.kit.waiting import no_strays

pytestmark = pytest.mark.slow

RINGS, ANSWERS = None, 0


@dataclass(frozen=True)
class Order:
    """``action`` is AMI's, in the midst of which it happens; ``phones`` are plugged in: when they answer (ms)."""

    give: Callable[["Desk"], str]
    action: str
    phones: Mapping[str, int | None] = field(default_factory=dict)
    code: str = "link_lost"
    """How it ends when the link is cut."""


@dataclass
class Desk:
    """Rita's board, and a caller in ``slot`` with a note."""

    board: BoardSocket
    ami: Ami
    slot: int = 0
    uniqueid: str = ""

    def act(self, kind: str, **fields: Any) -> str:
        return self.board.act(kind, self.slot, **fields)

    def colleague(self, number: str = "204") -> int:
        return int(self.board.named("colleagues", number=number)["id"])

    def missed(self) -> int:
        """Somebody who hung up while parked."""
        event = park(self.ami, "205", "reception")
        self.board.shows(event)
        self.ami.action("Hangup", Channel=event["ParkeeChannel"])
        self.board.until(lambda: self.board.lists["missed"], "a missed call")
        return int(self.board.lists["missed"][0]["id"])

    def talk(self) -> str:
        """The call 203 is in."""
        calls: list[dict[str, str]] = []

        def asked() -> bool:
            calls[:] = self.board.progress(self.board.order("calls"), "done")["params"]["calls"]
            return bool(calls)

        self.board.until(asked, "a call of 203")
        return calls[0]["uniqueid"]


def lot(desk: Desk) -> int:
    return int(desk.board.lots["reception"]["id"])


ORDERS = {
    "retrieve": Order(lambda d: d.act("retrieve", phone=None), "Originate", {"203": RINGS}),
    "take_next": Order(lambda d: d.board.order("take_next", lot=None, phone=None), "Originate", {"203": RINGS}),
    "send": Order(lambda d: d.act("send", to=d.colleague()), "Originate", {"204": RINGS}),
    "call_back": Order(
        lambda d: d.board.order("call_back", missed=d.missed(), phone=None), "Originate", {"203": RINGS}
    ),
    "move": Order(lambda d: d.act("move", to_lot=lot(d), to_slot=709), "Park"),
    "more_time": Order(lambda d: d.act("more_time", seconds=600), "Park"),
    "end": Order(lambda d: d.act("end"), "BridgeKick"),
    "park": Order(lambda d: d.board.order("park", call=d.talk(), lot=lot(d), to_slot=None), "Park", {"203": ANSWERS}),
    "page": Order(
        lambda d: d.act("page", zone=d.board.named("zones", label="Hall")["id"]), "Originate", {"203": 0, "204": RINGS}
    ),
    # The board has the notice; that no phone was told as well is no failure.
    "notify": Order(lambda d: d.act("notify", to=d.colleague(), text="x"), "MessageSend", {"204": RINGS}, "notified"),
}


@pytest.fixture(scope="module", params=["sid", "bullseye"])
def pbx(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAsterisk]:
    with real_asterisk(tmp_path_factory.mktemp("cut"), request.param) as running:
        yield running


@pytest.fixture(scope="module")
def line(pbx: RealAsterisk) -> Iterator[Proxy]:
    with Proxy(pbx.pbx.ami_port) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def portal(pbx: RealAsterisk, line: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    url = pbx.pbx.runtime_url.replace(f":{pbx.pbx.ami_port}", f":{line.port}")
    with Portal(tmp_path_factory.mktemp("portal"), url) as running:
        running.script("eager_zones")
        yield running


@pytest.fixture
def ami(pbx: RealAsterisk) -> Iterator[Ami]:
    with pbx.ami() as session:
        yield session
    pbx.hang_up_all()


@pytest.fixture
def plugged(pbx: RealAsterisk, name: str) -> Iterator[None]:
    """The order's phones; and somebody talks with 203 where it answers."""
    with ExitStack() as stack:
        for number, answers in ORDERS[name].phones.items():
            ear = stack.enter_context(Ear()).port
            phone = stack.enter_context(pbx.phone(number, answer_ms=answers, ear=ear))
            if name == "park":
                stack.enter_context(pbx.caller(to=number))
                phone.received("ACK")
        yield


def waiting(portal: Portal, pbx: RealAsterisk, board: BoardSocket, ami: Ami) -> Desk:
    """A caller with a note, who stays."""
    board.hearing()
    board.until(lambda: not board.slots, "empty slots of the test before")
    desk = Desk(board, ami)
    parked = pbx.demo_call(ami, patience=100)
    desk.slot, desk.uniqueid = board.shows(parked), parked["ParkeeUniqueid"]
    board.progress(desk.act("note", note="urgent", for_name="Tom"), "done")
    board.until(lambda: board.slots["reception", desk.slot]["note"] == "urgent", "the note")
    return desk


@pytest.mark.usefixtures("plugged")
@pytest.mark.parametrize("heard", [False, True], ids=["before Asterisk hears", "after Asterisk heard"])
@pytest.mark.parametrize("name", ORDERS)
def test_the_link_is_lost(portal: Portal, pbx: RealAsterisk, line: Proxy, ami: Ami, name: str, heard: bool):
    with portal.board("rita") as board:
        desk = waiting(portal, pbx, board, ami)
        command = trapped(desk, line, name, line.cut_now, heard=heard)
        ends: list[dict[str, Any]] = []
        board.until(lambda: ends or ends.extend(endings(board, command)), f"an end of {name}")
        assert ends[0]["code"] == ORDERS[name].code
        board.hearing(timeout=20)
        all_is_well(portal, desk)
        assert len(endings(board, command)) == 1


@pytest.mark.usefixtures("plugged")
@pytest.mark.parametrize("name", ORDERS)
def test_the_portal_ends(portal: Portal, pbx: RealAsterisk, line: Proxy, ami: Ami, name: str):
    """In good order with the one Asterisk, with the other by force."""
    how = signal.SIGTERM if pbx.pbx.version.startswith("22") else signal.SIGKILL
    with portal.board("rita") as board:
        desk = waiting(portal, pbx, board, ami)
        trapped(desk, line, name, partial(portal.processes[0].send_signal, how), heard=True)
        board.until(lambda: board.closed is not None, "an end of the portal")
    portal.stop()
    portal.start()
    with portal.board("rita") as board:
        desk.board = board
        board.hearing(timeout=20)
        all_is_well(portal, desk)


def trapped(desk: Desk, line: Proxy, name: str, act: Callable[[], object], *, heard: bool) -> str:
    """Give the order, into the trap; its command."""
    order = ORDERS[name]
    line.trap(f"Action: {order.action}\r\n".encode(), act, heard=heard)
    return order.give(desk)


def endings(board: BoardSocket, command: str) -> list[dict[str, Any]]:
    mine = [m for m in board.heard if m["type"] == "progress" and m["command"] == command]
    return [m for m in mine if m["state"] in {"connected", "failed", "done"}]


def all_is_well(portal: Portal, desk: Desk) -> None:
    """What is to be so after whatever has happened."""
    board = desk.board
    truth = {c["ParkeeUniqueid"]: (c["Parkinglot"], int(c["ParkingSpace"])) for c in desk.ami.items("ParkedCalls")}
    board.until(lambda: board.parked() == truth, f"a board that shows {truth}")
    board.until(lambda: all(slot["state"] == "parked" for slot in board.slots.values()), "an end of claims")
    notes = [slot["note"] for slot in board.slots.values() if slot["uniqueid"] == desk.uniqueid]
    assert notes == ["urgent"] * (desk.uniqueid in truth)
    no_strays(desk.ami)
    rows = portal.rows()
    assert sorted(row["uniqueid"] for row in rows if row["outcome"] == "") == sorted(truth), "no row too many is open"
    assert "left" not in {row["outcome"] for row in rows if row["uniqueid"] not in truth}, rows
    stays = [row["outcome"] for row in rows if row["uniqueid"] == desk.uniqueid]
    assert stays[:-1] in ([], ["moved"]), "one stay follows the other"
