"""Two PBXs, Asterisk 22 and 16, on one board: added while the portal runs, each heard or lost by itself."""

import json
from collections.abc import Iterator

import pytest

from tests.kit.asterisk import RealAsterisk, real_asterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def berlin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAsterisk]:
    """Asterisk 16, with lots and phones of the same names as the other one."""
    with real_asterisk(tmp_path_factory.mktemp("berlin"), "bullseye") as running:
        yield running


@pytest.fixture(scope="module")
def portal(
    asterisk22: RealAsterisk, berlin: RealAsterisk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """It knows the first from the environment; the second is added while it runs."""
    with Portal(tmp_path_factory.mktemp("portal"), asterisk22.pbx.runtime_url) as running:
        with running.board("rita") as board:
            board.hearing()
        yield running


@pytest.fixture(scope="module")
def far(portal: Portal, berlin: RealAsterisk) -> str:
    """What boards call Berlin's lot."""
    account = berlin.pbx.account("runtime")
    where = {"host": "127.0.0.1", "port": berlin.pbx.ami_port, "watch_user": account.name, "secret": account.secret}
    return f"reception@{portal.script('berlin', json.dumps(where)).strip()}"


@pytest.fixture
def board(portal: Portal, asterisk22: RealAsterisk, berlin: RealAsterisk, far: str) -> Iterator[BoardSocket]:
    with portal.board("rita") as board:
        board.until(lambda: far in board.lots, "Berlin's lots")
        heard(board, "main", "Berlin")
        yield board
        asterisk22.hang_up_all()
        berlin.hang_up_all()
        board.until(lambda: not board.slots, "an empty board")


def heard(board: BoardSocket, *names: str, state: str = "hearing") -> None:
    for name in names:
        board.until(lambda name=name: board.links[name]["state"] == state, f"{name} {state}", 30)  # type: ignore[misc]


def test_a_call_of_each_is_taken_with_a_phone_of_its_own_pbx(
    board: BoardSocket, asterisk22: RealAsterisk, berlin: RealAsterisk, far: str
):
    with asterisk22.ami() as here, berlin.ami() as there:
        asterisk22.demo_call(here)
        berlin.demo_call(there)
        assert board.slot(701)["caller"] == board.slot(701, far)["caller"], "the same slot of the same lot's name"
        with asterisk22.phone("203", answer_ms=100), berlin.phone("204", answer_ms=100) as phone:
            board.progress(board.retrieve(701, far), "connected")
            assert phone.received("INVITE")
            board.free(701, far)
            assert ("reception", 701) in board.slots, "the other one is still parked"
            board.progress(board.retrieve(701), "connected")
            board.free(701)


def test_the_longest_waiting_of_both_is_next(
    board: BoardSocket, asterisk22: RealAsterisk, berlin: RealAsterisk, far: str
):
    with asterisk22.ami() as here, berlin.ami() as there:
        berlin.demo_call(there)
        board.slot(701, far)
        asterisk22.demo_call(here)
        board.slot(701)
        with asterisk22.phone("203", answer_ms=100), berlin.phone("204", answer_ms=100):
            board.progress(board.order("take_next", lot=None), "connected")
            board.free(701, far)
            board.progress(board.order("take_next", lot=None), "connected")
            board.free(701)


def test_nothing_is_moved_from_one_to_the_other(board: BoardSocket, asterisk22: RealAsterisk, far: str):
    with asterisk22.ami() as here:
        parked = asterisk22.demo_call(here)
        slot = board.shows(parked)
        refused = board.progress(board.act("move", slot, to_lot=board.lots[far]["id"], to_slot=None), "failed")
        assert refused["code"] == "other_pbx"
        assert board.slots["reception", slot]["uniqueid"] == parked["ParkeeUniqueid"]


def test_one_that_dies_greys_itself_alone_and_comes_back(
    board: BoardSocket, asterisk22: RealAsterisk, berlin: RealAsterisk, far: str
):
    with asterisk22.ami() as here, berlin.ami() as there:
        berlin.demo_call(there, patience=120)
        board.slot(701, far)
        berlin.pbx.kill()
        heard(board, "Berlin", state="lost")
        assert board.links["main"]["state"] == board.link["state"] == "hearing"
        assert (far, 701) in board.slots, "the last known picture stays"
        slot = board.shows(asterisk22.demo_call(here))
        with asterisk22.phone("203", answer_ms=100):
            board.progress(board.retrieve(slot), "connected")
        assert board.progress(board.retrieve(701, far), "failed")["code"] == "link_lost"
    berlin.pbx.start()
    heard(board, "Berlin")
    board.free(701, far)


def test_one_that_is_switched_off_is_on_no_board(portal: Portal, board: BoardSocket, far: str):
    """Last: it is not switched on again."""
    portal.script("berlin_off")
    board.until(lambda: far not in board.lots and "Berlin" not in board.links, "no Berlin")
    assert board.links["main"]["state"] == "hearing"
