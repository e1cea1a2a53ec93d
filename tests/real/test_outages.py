"""Whatever breaks, the board says so, and equals Asterisk again within five seconds of the link being back."""

import time
from collections.abc import Iterator

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk, real_asterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal
from tests.kit.proxy import Proxy

pytestmark = pytest.mark.slow

BACK = 5.0
"""Seconds after the link is back within which the board must be true."""


@pytest.fixture(params=["sid", "bullseye"])
def pbx(request: pytest.FixtureRequest, tmp_path) -> Iterator[RealAsterisk]:
    """An Asterisk of this test's own: it is going to be hurt."""
    with real_asterisk(tmp_path, request.param) as running:
        yield running


@pytest.fixture
def line(pbx: RealAsterisk) -> Iterator[Proxy]:
    with Proxy(pbx.pbx.ami_port) as proxy:
        yield proxy


@pytest.fixture
def portal(pbx: RealAsterisk, line: Proxy, tmp_path) -> Iterator[Portal]:
    url = pbx.pbx.runtime_url.replace(f":{pbx.pbx.ami_port}", f":{line.port}")
    folder = tmp_path / "portal"
    folder.mkdir()
    with Portal(folder, url) as running:
        yield running


def truth(ami: Ami) -> dict[str, tuple[str, int]]:
    return {c["ParkeeUniqueid"]: (c["Parkinglot"], int(c["ParkingSpace"])) for c in ami.items("ParkedCalls")}


def equals(board: BoardSocket, ami: Ami) -> None:
    """The board shows what Asterisk has, within five seconds of hearing it again."""
    board.hearing(timeout=30)
    wanted = truth(ami)
    board.until(lambda: board.parked() == wanted, f"board equal to {wanted}", BACK)


def park(pbx: RealAsterisk, ami: Ami, board: BoardSocket, number: int = 3) -> list[dict[str, str]]:
    calls = [pbx.demo_call(ami, patience=100) for _ in range(number)]
    for call in calls:
        board.slot(int(call["ParkingSpace"]))
    return calls


def test_asterisk_is_killed_and_comes_back_empty(portal: Portal, pbx: RealAsterisk):
    with portal.board("rita") as board:
        with pbx.ami() as ami:
            calls = park(pbx, ami, board)
        pbx.pbx.kill()
        board.hearing("lost")
        assert len(board.parked()) == 3, "the last known picture stays until the truth is known"
        pbx.pbx.start()
        with pbx.ami() as ami:
            equals(board, ami)
            assert board.parked() == {}
            new = pbx.demo_call(ami)
            board.slot(int(new["ParkingSpace"]))
    # A uniqueid is a second and a counter from 0: after a restart within the second the new call has the first one's.
    rows = [(row["uniqueid"], row["outcome"]) for row in portal.rows()]
    assert rows == [*((call["ParkeeUniqueid"], "unseen") for call in calls), (new["ParkeeUniqueid"], "")]


def test_the_line_is_cut_while_calls_come_and_go(portal: Portal, pbx: RealAsterisk, line: Proxy):
    with portal.board("rita") as board, pbx.ami() as ami:
        first, second, _ = park(pbx, ami, board)
        line.silence()
        ami.action("Hangup", Channel=first["ParkeeChannel"])
        pbx.demo_call(ami)
        line.cut()
        line.speak()
        board.hearing("lost")
        equals(board, ami)
        assert second["ParkeeUniqueid"] in board.parked()
        assert first["ParkeeUniqueid"] not in board.parked()


def test_a_half_open_line_is_noticed(portal: Portal, pbx: RealAsterisk, line: Proxy):
    with portal.board("rita") as board, pbx.ami() as ami:
        first, *_ = park(pbx, ami, board)
        line.silence()
        began = time.monotonic()
        ami.action("Hangup", Channel=first["ParkeeChannel"])
        pbx.demo_call(ami)
        board.hearing("lost", timeout=15)
        assert time.monotonic() - began < 15
        line.speak()
        equals(board, ami)


def test_the_portal_is_stopped_while_calls_are_parked_retrieved_and_abandoned(portal: Portal, pbx: RealAsterisk):
    with portal.board("rita") as board, pbx.ami() as ami:
        stays, taken, leaves = park(pbx, ami, board)
        board.until(lambda: len(board.parked()) == 3, "three calls")
        assert portal.stop() == [0]
        board.until(lambda: board.closed is not None, "closed socket")
        assert board.closed == 4012
        ami.action("Hangup", Channel=leaves["ParkeeChannel"])
        with pbx.dial("205", taken["ParkingSpace"]):
            ami.event("UnParkedCall")
            arrived = pbx.demo_call(ami)
            portal.start()
            with portal.board("rita") as again:
                equals(again, ami)
                assert set(again.parked()) == {stays["ParkeeUniqueid"], arrived["ParkeeUniqueid"]}
    rows = portal.rows()
    assert [row["uniqueid"] for row in rows].count(stays["ParkeeUniqueid"]) == 1, "the stay goes on in its row"
    outcomes = {row["uniqueid"]: row["outcome"] for row in rows}
    assert outcomes[taken["ParkeeUniqueid"]] == outcomes[leaves["ParkeeUniqueid"]] == "unseen"


def test_a_retrieval_under_way_when_the_link_breaks_says_so(portal: Portal, pbx: RealAsterisk, line: Proxy):
    with pbx.phone("203", answer_ms=None), portal.board("rita") as board, pbx.ami() as ami:
        (call,) = park(pbx, ami, board, 1)
        command = board.retrieve(int(call["ParkingSpace"]))
        board.progress(command, "ringing")
        line.cut()
        assert board.progress(command, "failed")["code"] == "link_lost"
        equals(board, ami)
