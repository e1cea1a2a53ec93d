"""What becomes of a parked call, in every way Asterisk knows, ends as one row with one true outcome."""

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.portal import Portal


def outcomes(portal: Portal, uniqueid: str) -> list[str]:
    return [row["outcome"] for row in portal.rows() if row["uniqueid"] == uniqueid]


def test_a_caller_who_hangs_up_is_abandoned(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with portal.board("rita") as board:
        parked = asterisk.demo_call(ami, patience=0.5)
        board.slot(int(parked["ParkingSpace"]))
        board.free(int(parked["ParkingSpace"]))
        ami.event("Hangup", Uniqueid=parked["ParkeeUniqueid"])
        ami.ping()
    assert outcomes(portal, parked["ParkeeUniqueid"]) == ["abandoned"]


def test_a_call_that_times_out_goes_back(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    """The lot called quick gives calls back after two seconds."""
    with asterisk.phone("203") as phone, portal.board("rita") as board:
        parked = asterisk.demo_call(ami, lot="quick", parker="203")
        slot = board.shows(parked)  # this very call: of an earlier one the board may still show the last of it
        shown = board.slots["quick", slot]
        assert 1000 <= shown["timeout_at"] - shown["parked_at"] <= 3000
        board.free(slot, "quick")
        assert phone.received("INVITE")
    assert outcomes(portal, parked["ParkeeUniqueid"]) == ["timed_out"]


def test_a_move_to_another_lot_ends_one_stay_and_begins_another(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with portal.board("rita") as board:
        parked = asterisk.demo_call(ami)
        slot, uniqueid = int(parked["ParkingSpace"]), parked["ParkeeUniqueid"]
        board.slot(slot)
        ami.action("Park", Channel=parked["ParkeeChannel"], TimeoutChannel="PJSIP/203-00000000", Parkinglot="quick")
        moved = ami.event("ParkedCall", ParkeeUniqueid=uniqueid)
        board.free(slot)
        assert board.slot(int(moved["ParkingSpace"]), "quick")["uniqueid"] == uniqueid
        assert outcomes(portal, uniqueid) == ["moved", ""]


def test_a_redirected_call_is_alive_and_taken_over_elsewhere(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    """A give-up without a hang-up: only time tells that nobody abandoned anything."""
    with asterisk.phone("205"), portal.board("rita") as board:
        parked = asterisk.demo_call(ami)
        slot, uniqueid = int(parked["ParkingSpace"]), parked["ParkeeUniqueid"]
        board.slot(slot)
        ami.action("Redirect", Channel=parked["ParkeeChannel"], Context="phones", Exten="205", Priority="1")
        board.free(slot)
        assert [row["outcome"] for row in portal.rows_now() if row["uniqueid"] == uniqueid] == ["left"]
    assert outcomes(portal, uniqueid) == ["elsewhere"]


def test_a_colleague_who_dials_the_slot_is_named(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with portal.board("rita") as board:
        parked = asterisk.demo_call(ami)
        slot = parked["ParkingSpace"]
        board.slot(int(slot))
        with asterisk.dial("205", slot):
            board.free(int(slot))
            ami.event("UnParkedCall", ParkeeUniqueid=parked["ParkeeUniqueid"])
    (row,) = [row for row in portal.rows() if row["uniqueid"] == parked["ParkeeUniqueid"]]
    assert (row["outcome"], row["retriever_number"], row["retrieved_by__username"]) == ("retrieved", "205", None)


def test_a_transfer_to_a_slot_parks_there(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("204") as ron, portal.board("rita") as board:
        with asterisk.caller(to="204", name="Bob Caller"):
            ami.event(
                "BridgeEnter", BridgeType="basic", BridgeNumChannels="2"
            )  # a call before that cannot be transferred
            ron.blind_transfer("707")
            assert board.slot(707)["caller"]["name"] == "Bob Caller"
