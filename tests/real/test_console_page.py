"""Page for a parked call: heard by real phones that answer by themselves, silent the moment somebody takes the call."""

from collections.abc import Iterator

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.ear import Ear
from tests.kit.portal import Portal

pytestmark = pytest.mark.slow


@pytest.fixture
def board(zones: Portal, portal: Portal) -> Iterator[BoardSocket]:
    with portal.board("rita") as board:
        board.say(type="resync")
        board.named("zones", label="Hall")
        yield board


def page(board: BoardSocket, slot: int, zone: str, **fields: str) -> str:
    return board.act("page", slot, zone=board.named("zones", label=zone)["id"], **fields)


def parked(board: BoardSocket, asterisk: RealAsterisk, ami: Ami) -> int:
    return board.shows(asterisk.demo_call(ami))


def ours(ami: Ami) -> list[str]:
    return [c["Channel"] for c in ami.items("CoreShowChannels") if c["Uniqueid"].startswith("parkinglot-page-")]


def test_the_slot_is_said_twice_on_every_phone_of_the_zone(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with Ear() as one, Ear() as two, asterisk.phone("203", ear=one.port) as first, asterisk.phone("204", ear=two.port):
        slot = parked(board, asterisk, ami)
        command = page(board, slot, "Hall")
        board.progress(command, "paging")
        one.hears(2.0)
        two.hears(2.0)
        invite = first.received("INVITE")
        assert invite.header("Call-Info") == "<sip:localhost>;answer-after=0", "what makes a phone answer by itself"
        assert "Hall" in invite.header("From")
        end = board.progress(command, "done", timeout=40)
    assert (end["code"], end["params"]) == ("paged", {"zone": "Hall", "count": 2})
    assert board.slots["reception", slot]["state"] == "parked"
    assert ours(ami) == []


def test_a_call_that_is_taken_silences_the_page_at_once(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with Ear() as ear, asterisk.phone("204", ear=ear.port) as paged:
        slot = parked(board, asterisk, ami)
        command = page(board, slot, "Hall")
        ear.hears(0.3, timeout=15)
        with asterisk.dial("205", str(slot)):
            assert board.progress(command, "done", timeout=10)["code"] == "page_stopped"
            paged.received("BYE", timeout=3)
    assert ours(ami) == []


def test_a_phrase_is_spoken_with_the_callers_name(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with Ear() as ear, asterisk.phone("205", ear=ear.port):
        slot = parked(board, asterisk, ami)
        command = page(board, slot, "Yard", for_whom="Tom Front")
        ear.hears(0.5, timeout=20)
        (leg,) = [c for c in ami.items("CoreShowChannels") if c["Uniqueid"].startswith("parkinglot-page-")]
        assert "/audio/" in leg["ApplicationData"], "a phrase made here, and fetched from here"
        ear.hears(1.5, timeout=20)
        assert board.progress(command, "done", timeout=30)["code"] == "paged"


def test_who_may_page_stops_a_page_of_somebody_else(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with Ear() as ear, asterisk.phone("203", ear=ear.port), portal.board("ron") as ron:
        slot = parked(board, asterisk, ami)
        ron.slot(slot)
        command = page(board, slot, "Hall")
        ear.hears(0.3, timeout=15)
        assert ron.progress(ron.act("stop_page", slot), "done")["code"] == "page_stopping"
        assert board.progress(command, "done")["code"] == "page_stopped"
    assert ours(ami) == []


def test_a_zone_without_a_phone_that_is_on_says_so(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    slot = parked(board, asterisk, ami)
    answer = board.progress(page(board, slot, "Yard"), "failed", timeout=15)
    assert answer["code"] in {"page_unheard", "nobody_to_page"}
    assert board.slots["reception", slot]["state"] == "parked"


def test_staff_may_not_page(zones: Portal, portal: Portal, board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    slot = parked(board, asterisk, ami)
    zone = board.named("zones", label="Hall")["id"]
    with portal.board("sam") as sam:
        sam.slot(slot)
        assert sam.lists["zones"] == []
        assert sam.progress(sam.act("page", slot, zone=zone), "failed")["code"] == "forbidden"


def talk_of(board: BoardSocket, asterisk: RealAsterisk) -> dict[str, object]:
    """Bob's talk with 203, once the board's owner is told of it."""
    calls: list[dict[str, object]] = []

    def asked() -> bool:
        calls[:] = board.progress(board.order("calls"), "done")["params"]["calls"]
        return bool(calls)

    board.until(asked, "a call of 203")
    return calls[0]


def park(board: BoardSocket, talk: dict[str, object], zone: str) -> str:
    where = {"call": talk["uniqueid"], "lot": board.lots["reception"]["id"], "to_slot": 706}
    return board.order("park", **where, zone=board.named("zones", label=zone)["id"], for_whom="Tom")


def test_a_talk_of_mine_is_parked_and_paged_for_in_one_order(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with Ear() as ear, asterisk.phone("204", ear=ear.port), asterisk.phone("203") as phone:
        with asterisk.caller(to="203"):
            phone.received("ACK")
            asked = park(board, talk_of(board, asterisk), "Hall")
            told = board.progress(asked, "paging", timeout=15)
            assert (told["code"], told["params"]["to_slot"]) == ("parked_paging", 706)
            assert board.slot(706)["uniqueid"] == told["params"]["uniqueid"]
            ear.hears(2.0, timeout=20)
            board.until(lambda: board.slots["reception", 706]["for_name"] == "Tom", "for whom it is")
            with asterisk.dial("205", "706"):
                assert board.progress(asked, "done", timeout=20)["code"] == "page_stopped"
    assert ours(ami) == []


def test_parked_and_nobody_there_to_page(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203") as phone, asterisk.caller(to="203"):
        phone.received("ACK")
        end = board.progress(park(board, talk_of(board, asterisk), "Yard"), "failed", timeout=25)
        assert (end["code"], end["params"]["to_slot"]) == ("parked_not_paged", 706)
        assert end["params"]["why"] in {"page_unheard", "nobody_to_page"}
        assert board.slot(706)["state"] == "parked"


def test_a_talk_that_is_over_is_not_paged_for(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with Ear() as ear, asterisk.phone("204", ear=ear.port), asterisk.phone("203") as phone:
        with asterisk.caller(to="203") as caller:
            phone.received("ACK")
            talk = talk_of(board, asterisk)
            caller.hang_up()
            phone.received("BYE")
            assert board.progress(park(board, talk, "Hall"), "failed")["code"] == "call_gone"
        assert ear.loud() == 0
    assert ours(ami) == []
