"""How long a caller waits, and when they go back, however they are moved or given more time: on board and telephone."""

import time

import pytest

from lots.config.setup import Lot
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal
from tests.kit.waiting import nothing, park, parked_again, publish_lots, talking

CALM = Lot(name="calm", first=6301, last=6309, park_code="6300", next_code="*87", timeout=60)
REMINDS = Lot(name="reminds", first=6401, last=6409, park_code="6400", reminder=2, timeout=4, ring_parker=5)


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_lots(asterisk, CALM, REMINDS)


def moved(board: BoardSocket, parked: Event, lot: str, slot: int) -> int:
    """Move the call by the board, and wait until it shows it there."""
    board.shows(parked)  # of a new lot boards hear with its first call
    there = {"to_lot": board.lots[lot]["id"], "to_slot": slot}
    board.progress(board.act("move", int(parked["ParkingSpace"]), parked["Parkinglot"], **there), "done")
    assert board.slot(slot, lot)["uniqueid"] == parked["ParkeeUniqueid"]
    return slot


def variable(ami: Ami, uniqueid: str, name: str) -> str:
    """The channel's, as it is now."""
    return ami.request("Getvar", Channel=uniqueid, Variable=name)["Value"]


def test_who_was_moved_is_next_by_telephone_too(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    """Both were parked by Asterisk itself, which keeps no time but that of its record; a move begins another one."""
    first = park(asterisk, ami, "calm")
    board.shows(first)
    second = park(asterisk, ami, "calm")
    moved(board, first, "calm", 6307)
    for waits in (first, second):
        with asterisk.dial("204", to="*87"):
            assert ami.event("UnParkedCall")["ParkeeUniqueid"] == waits["ParkeeUniqueid"]


def test_who_was_taken_waits_anew_when_parked_again(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    """Also where Asterisk (16) cannot make the call forget; and the wish for a slot is not kept."""
    first = park(asterisk, ami, "calm")
    slot = moved(board, first, "calm", 6307)
    with asterisk.dial("204", to=str(slot)) as taker:
        ami.event("UnParkedCall")
        taker.answered(200)
        talking(ami, first["ParkeeUniqueid"])
        deadline = time.monotonic() + 5
        while variable(ami, first["ParkeeUniqueid"], "PL_SINCE") and time.monotonic() < deadline:
            time.sleep(0.05)
        assert variable(ami, first["ParkeeUniqueid"], "PL_SINCE") == ""
        ami.events.clear()
        taker.blind_transfer("6300")
        again = ami.event("ParkedCall", ParkeeUniqueid=first["ParkeeUniqueid"])
        shown = board.slots["calm", board.shows(again)]
        assert shown["waiting_since"] == shown["parked_at"]
        assert again["ParkingSpace"] == "6301"


@pytest.mark.parametrize("reminded", [False, True], ids=["before the reminder", "after it"])
def test_more_time_is_the_whole_time_in_a_lot_with_a_reminder(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami, reminded: bool
):
    """The caller keeps slot, note and age, and is not reminded of again."""
    parked = park(asterisk, ami, "reminds", parker="202")
    slot = board.shows(parked)
    board.progress(board.act("note", slot, "reminds", note="urgent"), "done")
    before = dict(board.slot(slot, "reminds"))
    if reminded:
        parked_again(ami, parked)
        board.until(lambda: board.slots["reminds", slot]["timeout_at"] != before["timeout_at"], "the rest")
    asked = time.time()
    board.progress(board.act("more_time", slot, "reminds", seconds=60), "done")
    board.until(lambda: board.slots["reminds", slot]["timeout_at"] > 1000 * (asked + 50), "more time")
    now = board.slot(slot, "reminds")
    assert now["timeout_at"] / 1000 == pytest.approx(asked + 60, abs=3)
    kept = ("uniqueid", "parked_at", "waiting_since", "note")
    assert [now[name] for name in kept] == [
        parked["ParkeeUniqueid"],
        before["parked_at"],
        before["parked_at"],
        "urgent",
    ]
    assert variable(ami, parked["ParkeeUniqueid"], "PL_MORE") == "1"
    assert len([row for row in portal.rows() if row["uniqueid"] == parked["ParkeeUniqueid"]]) == 1, "one stay"


@pytest.mark.usefixtures("portal")
def test_when_more_time_is_over_the_call_goes_back_without_another_reminder(asterisk: RealAsterisk, ami: Ami):
    """As the board asks for it, but for two seconds: a minute is the least it gives."""
    with asterisk.phone("203", answer_ms=100) as phone:
        parked = park(asterisk, ami, "reminds")
        uniqueid = parked["ParkeeUniqueid"]
        for name, value in (("PL_MORE", "1"), ("PARKINGEXTEN", parked["ParkingSpace"])):
            ami.action("Setvar", Channel=uniqueid, Variable=name, Value=value)
        ami.action("Park", Channel=uniqueid, TimeoutChannel="PJSIP/203-0", Parkinglot="reminds", Timeout="2000")
        assert ami.event("ParkedCall")["ParkingSpace"] == parked["ParkingSpace"]
        ami.event("ParkedCallTimeOut", ParkeeUniqueid=uniqueid)
        assert phone.received("INVITE").user() == "+4930123456", "the caller, not a reminder of them"
        talking(ami, uniqueid)
        assert variable(ami, uniqueid, "PL_MORE") == "", "the next park has its reminder"
    nothing(ami, "SayDigits", within=0.2)


def test_a_lot_that_is_full_by_now_leaves_the_two_talking_and_it_is_told_at_once(
    board: BoardSocket, asterisk: RealAsterisk, ami: Ami
):
    """The lot has just shrunk to the one slot that is taken: the bridge believes in eight free ones."""
    taken = park(asterisk, ami, "calm")
    board.shows(taken)
    publish_lots(asterisk, Lot(name="calm", first=6301, last=6301, park_code="6300"), REMINDS)
    try:
        with asterisk.phone("203") as phone, asterisk.caller(to="203"):
            phone.received("ACK")
            calls: list[dict[str, str]] = []
            board.until(lambda: calls or calls.extend(my_calls(board)), "a call of 203")
            began = time.monotonic()
            asked = board.order("park", call=calls[0]["uniqueid"], lot=board.lots["calm"]["id"], to_slot=None)
            assert board.progress(asked, "failed")["code"] == "lot_full"
            assert time.monotonic() - began < 3
            assert [call["uniqueid"] for call in my_calls(board)] == [calls[0]["uniqueid"]], "they talk on"
            assert [call["ParkeeUniqueid"] for call in ami.items("ParkedCalls")] == [taken["ParkeeUniqueid"]]
    finally:
        publish_lots(asterisk, CALM, REMINDS)


def test_a_lot_that_is_full_by_now_takes_no_call_from_another_lot(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    """Asterisk's word for that, "Park action failed", is no help to anybody."""
    taken, moves = park(asterisk, ami, "calm"), park(asterisk, ami, "reminds")
    board.shows(taken)
    slot = board.shows(moves)
    publish_lots(asterisk, Lot(name="calm", first=6301, last=6301, park_code="6300"), REMINDS)
    try:
        asked = board.act("move", slot, "reminds", to_lot=board.lots["calm"]["id"], to_slot=None)
        assert board.progress(asked, "failed")["code"] == "lot_full"
        assert board.slot(slot, "reminds")["uniqueid"] == moves["ParkeeUniqueid"]
    finally:
        publish_lots(asterisk, CALM, REMINDS)


def my_calls(board: BoardSocket) -> list[dict[str, str]]:
    """The talks of Rita's phone."""
    calls: list[dict[str, str]] = board.progress(board.order("calls"), "done")["params"]["calls"]
    return calls
