"""Take next, send, claim, note and notify with real phones. What may come first is in test_console_faults."""

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal
from tests.kit.published import park


def parked(board: BoardSocket, asterisk: RealAsterisk, ami: Ami) -> int:
    return board.shows(asterisk.demo_call(ami))


def send(board: BoardSocket, slot: int, number: str) -> str:
    return board.act("send", slot, to=board.named("colleagues", number=number)["id"])


def test_a_call_is_sent_and_the_colleague_sees_who_calls_and_who_sends(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with asterisk.phone("204", answer_ms=200) as phone:
        slot = parked(board, asterisk, ami)
        uniqueid = board.slots["reception", slot]["uniqueid"]
        command = send(board, slot, "204")
        board.progress(command, "ringing")
        board.progress(command, "connected")
        board.free(slot)
        assert phone.received("INVITE").display() == "Maria Keller / sent by Rita Desk"
    row = next(row for row in portal.rows() if row["uniqueid"] == uniqueid)
    assert (row["outcome"], row["retriever_number"], row["retrieved_by__username"]) == ("retrieved", "204", "ron")


def test_the_longest_waiting_is_taken_next(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203", answer_ms=100):
        first, second = parked(board, asterisk, ami), parked(board, asterisk, ami)
        board.progress(board.order("take_next", lot=None, phone=None), "connected")
        board.free(first)
        assert board.slots["reception", second]["state"] == "parked"


def test_a_note_stays_when_the_call_is_parked_again_somewhere_else(
    board: BoardSocket, asterisk: RealAsterisk, ami: Ami
):
    slot = parked(board, asterisk, ami)
    board.progress(board.act("note", slot, note="wants the invoice", for_name="Tom"), "done")
    call = next(one for one in ami.items("ParkedCalls") if int(one["ParkingSpace"]) == slot)
    other = slot + 3
    ami.action("Setvar", Channel=call["ParkeeChannel"], Variable="PARKINGEXTEN", Value=str(other))
    ami.action("Park", Channel=call["ParkeeChannel"], TimeoutChannel="PJSIP/203", Parkinglot="reception")
    moved = board.slot(other)
    assert (moved["note"], moved["for_name"]) == ("wants the invoice", "Tom")
    board.free(slot)


def test_two_claim_one_call(board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with portal.board("ron") as ron:
        slot = parked(board, asterisk, ami)
        ron.slot(slot)
        board.progress(board.act("claim", slot), "done")
        ron.until(lambda: ron.slots["reception", slot].get("claimed_by") == "Rita Desk", "Rita's claim")
        refused = ron.progress(ron.act("claim", slot), "failed")
        assert (refused["code"], refused["params"]) == ("claimed_by", {"by": "Rita Desk"})
        board.progress(board.act("unclaim", slot), "done")
        ron.progress(ron.act("claim", slot), "done")


def test_whom_a_call_is_for_gets_a_message_on_phone_and_board_and_answers(
    board: BoardSocket, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with asterisk.phone("204") as phone, portal.board("ron") as ron, portal.board("sam") as sam:
        slot = parked(board, asterisk, ami)
        to = board.named("colleagues", number="204")["id"]
        assert board.progress(board.act("notify", slot, to=to, text="please"), "done")["code"] == "notified"
        assert f"Maria Keller on {slot}: please (Rita Desk)" in phone.received("MESSAGE").text
        notice = ron.named("notices", text="please")
        ron.progress(ron.order("seen", notice=notice["id"], answer="coming"), "done")
        assert board.named("notices", id=notice["id"], answer="coming")["to_name"] == "Ron Front"
        assert sam.lists["notices"] == []


def test_a_caller_who_hangs_up_is_missed_and_settled(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    slot = parked(board, asterisk, ami)
    call = next(one for one in ami.items("ParkedCalls") if int(one["ParkingSpace"]) == slot)
    ami.action("Hangup", Channel=call["ParkeeChannel"])
    board.free(slot)
    before = [one["id"] for one in board.lists["missed"]]
    board.until(lambda: any(one["slot"] == slot for one in board.lists["missed"]), f"missed call of {slot}; {before}")
    missed = board.named("missed", slot=slot)
    board.progress(board.order("settle", missed=missed["id"], remark="called back"), "done")
    board.until(lambda: missed["id"] not in [one["id"] for one in board.lists["missed"]], "an end of the list")


def missed_by(board: BoardSocket, ami: Ami, number: str) -> dict[str, object]:
    """Somebody with this number who hung up while parked, as the list tells."""
    known = {one["id"] for one in board.lists["missed"]}
    event = park(ami, number, "reception")
    board.shows(event)
    ami.action("Hangup", Channel=event["ParkeeChannel"])

    def missed() -> list[dict[str, object]]:
        """Those of an earlier test may still come in."""
        new = [one for one in board.lists["missed"] if one["id"] not in known]
        return [one for one in new if one["caller"]["number"] == number]

    board.until(missed, "another missed call")
    return missed()[0]


def test_a_missed_caller_is_called_back_from_my_phone(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203", answer_ms=100) as phone, asterisk.phone("204") as theirs:
        missed = missed_by(board, ami, "204")
        answer = board.progress(board.order("call_back", missed=missed["id"], phone=None), "done")
        assert (answer["code"], answer["params"]) == ("calling_back", {"number": "204"})
        assert phone.received("INVITE").user() == "204", "it shows whom it will call"
        theirs.received("ACK")
        seen = theirs.received("INVITE")
        assert (seen.user(), seen.display()) == ("203", "Rita Desk"), "not their own number"


def test_a_number_my_phone_cannot_dial_rings_nothing(board: BoardSocket, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203") as phone:
        for number, code in (("4930123456", "not_dialable_here"), ("anonymous", "not_dialable")):
            missed = missed_by(board, ami, number)
            asked = board.order("call_back", missed=missed["id"], phone=None)
            assert board.progress(asked, "failed")["code"] == code
        assert phone.invited == []
