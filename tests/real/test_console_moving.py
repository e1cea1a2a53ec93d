"""Park, move, more time and end from the board, with real phones: each, and what becomes of the call when it fails."""

from typing import Any

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal
from tests.kit.sip import Caller, Phone


def parked(board: BoardSocket, asterisk: RealAsterisk, ami: Ami, **where: str) -> int:
    return board.shows(asterisk.demo_call(ami, **where))


def places(ami: Ami) -> list[tuple[str, str]]:
    return sorted((call["Parkinglot"], call["ParkingSpace"]) for call in ami.items("ParkedCalls"))


def move(board: BoardSocket, slot: int, lot: str, to_slot: int | None = None) -> str:
    return board.act("move", slot, to_lot=board.lots[lot]["id"], to_slot=to_slot)


def test_a_call_is_moved_to_another_slot_and_lot_with_its_note(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    slot = parked(board, asterisk, ami)
    uniqueid, began = (board.slots["reception", slot][name] for name in ("uniqueid", "parked_at"))
    board.progress(board.act("note", slot, note="urgent", for_name="Tom"), "done")
    answer = board.progress(move(board, slot, "reception", 708), "done")
    assert (answer["code"], answer["params"]["to_slot"]) == ("moved_to", 708)
    moved = board.slot(708)
    assert (moved["uniqueid"], moved["note"], moved["for_name"]) == (uniqueid, "urgent", "Tom")
    assert moved["parker"]["device"] == "PJSIP/203", "it still goes back to who parked it"
    assert moved["waiting_since"] == began < moved["parked_at"]
    board.free(slot)
    answer = board.progress(move(board, 708, "quick"), "done")
    assert board.slot(answer["params"]["to_slot"], "quick")["waiting_since"] == began
    assert places(ami) == [("quick", str(answer["params"]["to_slot"]))]


def test_a_moved_call_that_is_parked_again_goes_where_there_is_room(
    board: BoardSocket, asterisk: RealAsterisk, ami: Ami
):
    """The wish for a slot is not kept on the channel."""
    slot = parked(board, asterisk, ami)
    board.progress(move(board, slot, "reception", 709), "done")
    channel = next(c["ParkeeChannel"] for c in ami.items("ParkedCalls"))
    board.slot(709)
    ami.action("Park", Channel=channel, TimeoutChannel="PJSIP/203", Parkinglot="reception")
    board.slot(701)


def test_there_is_no_room(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    slot, other = parked(board, asterisk, ami), parked(board, asterisk, ami)

    def refused(lot: str, to_slot: int | None) -> str:
        return str(board.progress(move(board, slot, lot, to_slot), "failed")["code"])

    assert refused("reception", other) == "slot_taken"
    assert refused("reception", slot) == "there_already"
    assert refused("reception", 799) == "no_such_slot"
    with asterisk.ami() as second:
        for _ in range(3):
            asterisk.demo_call(second, lot="quick")
        board.until(lambda: sum(lot == "quick" for lot, _ in board.slots) == 3, "a full lot")
        assert refused("quick", None) == "lot_full"
    assert board.slots["reception", slot]["state"] == "parked"


def test_more_time_leaves_slot_note_and_age(board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami):
    slot = parked(board, asterisk, ami)
    board.progress(board.act("note", slot, note="urgent"), "done")
    board.until(lambda: board.slots["reception", slot]["note"], "the note")
    before = dict(board.slots["reception", slot])
    answer = board.progress(board.act("more_time", slot, seconds=600), "done")
    assert (answer["code"], answer["params"]) == ("extended", {"minutes": 10})
    board.until(lambda: board.slots["reception", slot]["timeout_at"] > before["timeout_at"] + 400_000, "more time")
    now = board.slots["reception", slot]
    assert {**now, "timeout_at": 0} == {**before, "timeout_at": 0}
    assert places(ami) == [("reception", str(slot))]
    rows = [row for row in portal.rows() if row["uniqueid"] == before["uniqueid"]]
    assert len(rows) == 1, "one stay"


def test_more_time_holds(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    """The lot gives calls back after two seconds; this one stays."""
    slot = parked(board, asterisk, ami, lot="quick")
    board.progress(board.act("more_time", slot, "quick", seconds=60), "done")
    asterisk.demo_call(ami, lot="quick")
    ami.event("ParkedCallTimeOut")  # of the other one, which came later
    assert ("quick", str(slot)) in places(ami)


def test_a_call_is_ended_and_nobody_has_to_call_back(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    slot = parked(board, asterisk, ami)
    uniqueid = board.slots["reception", slot]["uniqueid"]
    assert board.progress(board.act("end", slot), "done")["code"] == "ended"
    board.free(slot)
    row = next(row for row in portal.rows() if row["uniqueid"] == uniqueid)
    assert (row["outcome"], row["retrieved_by__username"]) == ("ended", "rita")
    assert uniqueid not in [call["Uniqueid"] for call in ami.items("CoreShowChannels")]


def test_what_a_colleague_is_taking_is_neither_moved_nor_ended(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with asterisk.phone("204", answer_ms=None), portal.board("ron") as ron:
        slot = parked(board, asterisk, ami)
        ron.slot(slot)
        ron.progress(ron.retrieve(slot), "ringing")
        orders: list[tuple[str, dict[str, Any]]] = [
            ("move", {"to_lot": board.lots["quick"]["id"], "to_slot": None}),
            ("end", {}),
            ("more_time", {"seconds": 60}),
        ]
        for kind, fields in orders:
            assert board.progress(board.act(kind, slot, **fields), "failed")["code"] == "claimed_by"
    assert places(ami) == [("reception", str(slot))]


def test_staff_may_do_none_of_it(portal: Portal, board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    slot = parked(board, asterisk, ami)
    with portal.board("sam") as sam:
        sam.slot(slot)
        orders: list[tuple[str, dict[str, Any]]] = [
            ("move", {"to_lot": sam.lots["quick"]["id"], "to_slot": None}),
            ("more_time", {"seconds": 60}),
            ("end", {}),
        ]
        for kind, fields in orders:
            assert sam.progress(sam.act(kind, slot, **fields), "failed")["code"] == "forbidden"
        assert sam.progress(sam.order("calls"), "failed")["code"] == "forbidden"
        asked = sam.order("park", call="1.1", lot=sam.lots["quick"]["id"], to_slot=None)
        assert sam.progress(asked, "failed")["code"] == "forbidden"
    assert places(ami) == [("reception", str(slot))]


def in_a_talk(asterisk: RealAsterisk, board: BoardSocket, phone: Phone) -> tuple[Caller, dict[str, Any]]:
    """Bob calls 203, who answers; what the board says of it."""
    caller = asterisk.caller(to="203")
    phone.received("ACK")
    calls: list[dict[str, Any]] = []

    def asked() -> bool:
        calls[:] = board.progress(board.order("calls"), "done")["params"]["calls"]
        return bool(calls)

    board.until(asked, "a call of 203")
    return caller, calls[0]


@pytest.mark.parametrize("to_slot", [None, 706])
def test_the_other_party_is_parked_and_goes_back_to_my_phone(
    board: BoardSocket, asterisk: RealAsterisk, ami: Ami, to_slot: int | None
):
    with asterisk.phone("203") as phone:
        caller, talk = in_a_talk(asterisk, board, phone)
        with caller:
            assert (talk["name"], talk["number"]) == ("Bob Caller", "5551001")
            lot = board.lots["reception"]["id"]
            asked = board.order("park", call=talk["uniqueid"], lot=lot, to_slot=to_slot)
            slot = board.progress(asked, "done", timeout=15)["params"]["to_slot"]
            assert slot == (to_slot or 701)
            shown = board.slot(slot)
            assert (shown["caller"]["number"], shown["parker"]["device"]) == ("5551001", "PJSIP/203")
            phone.received("BYE")
            assert places(ami) == [("reception", str(slot))]


def test_without_room_the_two_go_on_talking(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203") as phone:
        caller, talk = in_a_talk(asterisk, board, phone)
        with caller, asterisk.ami() as second:
            for _ in range(3):
                asterisk.demo_call(second, lot="quick", patience=60)
            board.until(lambda: sum(lot == "quick" for lot, _ in board.slots) == 3, "a full lot")
            asked = board.order("park", call=talk["uniqueid"], lot=board.lots["quick"]["id"], to_slot=None)
            assert board.progress(asked, "failed")["code"] == "lot_full"
            again = board.progress(board.order("calls"), "done")["params"]["calls"]
            assert [call["uniqueid"] for call in again] == [talk["uniqueid"]]


def test_a_talk_that_is_over_cannot_be_parked(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203") as phone:
        caller, talk = in_a_talk(asterisk, board, phone)
        with caller:
            caller.hang_up()
            phone.received("BYE")
            asked = board.order("park", call=talk["uniqueid"], lot=board.lots["reception"]["id"], to_slot=None)
            assert board.progress(asked, "failed")["code"] == "call_gone"
    assert places(ami) == []


def test_two_who_are_parked_are_no_talk(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    """They are in one bridge, and do not hear each other."""
    with asterisk.phone("204") as phone:
        slot = parked(board, asterisk, ami)
        caller = asterisk.dial("203", "204")
        phone.received("ACK")
        with caller:
            caller.answered(200)
            caller.blind_transfer("700")
            board.until(lambda: len(board.slots) == 2, "the colleague in a slot")
            assert board.progress(board.order("calls"), "done")["params"]["calls"] == []
        assert ("reception", str(slot)) in places(ami)


def watched(board: BoardSocket, command: str) -> list[str]:
    """Who is in a talk with my phones, as was told last."""
    mine = [m for m in board.heard if m["type"] == "progress" and m["command"] == command]
    return [call["number"] for call in mine[-1]["params"]["calls"]] if mine else ["nothing told"]


def test_my_calls_are_told_while_they_are_watched(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    command = board.order("calls", watch=True)
    board.until(lambda: watched(board, command) == [], "no calls")
    with asterisk.phone("203") as phone, asterisk.caller(to="203") as caller:
        phone.received("ACK")
        board.until(lambda: watched(board, command) == ["5551001"], "Bob's call")
        with asterisk.phone("204") as other, asterisk.dial("205", "204"):
            other.received("ACK")
            caller.hang_up()
            phone.received("BYE")
            board.until(
                lambda: watched(board, command) == [], "its end, and nothing of other people's calls", timeout=3
            )
    board.say(type="cancel", command=command)
    assert board.progress(command, "done")["code"] == "calls"
