"""A click retrieves the call that was drawn, or says in the right words why not. Real phones, real Asterisk."""

import sqlite3
from contextlib import closing

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.portal import Portal

pytestmark = pytest.mark.slow


def channels(ami: Ami) -> set[str]:
    return {channel["Channel"] for channel in ami.items("CoreShowChannels")}


def test_retrieve_rings_the_phone_with_the_callers_name_and_connects(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203", answer_ms=200) as phone, portal.board("rita") as board:
        parked = asterisk.demo_call(ami)
        slot = board.shows(parked)
        shown = board.slot(slot)
        assert shown["caller"] == {"name": "Maria Keller", "number": "+4930123456"}
        assert shown["parker"]["number"] == "203"
        command = board.retrieve(slot)
        board.progress(command, "claimed")
        board.progress(command, "ringing")
        board.progress(command, "connected")
        board.free(slot)
        invite = phone.received("INVITE")
        assert '"Maria Keller"' in invite.header("From")
        assert "4930123456" in invite.header("From")
        taken = ami.event("UnParkedCall", ParkeeUniqueid=parked["ParkeeUniqueid"])
        assert taken["RetrieverChannel"].startswith("PJSIP/203-")
        assert (
            ami.request("Getvar", Channel=parked["ParkeeChannel"], Variable="CONNECTEDLINE(name)")["Value"]
            == "Rita Desk"
        )
    row = next(row for row in portal.rows() if row["uniqueid"] == parked["ParkeeUniqueid"])
    assert (row["outcome"], row["retrieved_by__username"], row["retriever_number"]) == ("retrieved", "rita", "203")
    assert row["ended_at"] > row["parked_at"]


def test_two_receptionists_one_call(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with (
        asterisk.phone("203", answer_ms=300) as ritas,
        asterisk.phone("204", answer_ms=300) as rons,
        portal.board("rita") as rita,
        portal.board("ron") as ron,
    ):
        parked = asterisk.demo_call(ami)
        slot = rita.shows(parked)
        ron.shows(parked)
        hers, his = rita.retrieve(slot), ron.retrieve(slot)
        rita.progress(hers, "connected")
        refused = ron.progress(his, "failed")
        assert refused["code"] in {"claimed_by", "taken"}
        assert refused["params"]["by"] == "Rita Desk"
        assert rons.invited == []
        assert ritas.received("INVITE")
        rita.free(slot)
        assert sum(row["outcome"] == "retrieved" for row in portal.rows() if row["slot"] == slot) >= 1


@pytest.mark.parametrize(
    ("answer_ms", "status", "code"), [(0, 486, "phone_busy"), (0, 603, "phone_declined")], ids=["busy", "declined"]
)
def test_a_phone_that_refuses(portal, asterisk: RealAsterisk, ami: Ami, answer_ms: int, status: int, code: str):
    with asterisk.phone("203", answer_ms=answer_ms, status=status), portal.board("rita") as board:
        slot = board.shows(asterisk.demo_call(ami))
        before = channels(ami)
        failed = board.progress(board.retrieve(slot), "failed")
        assert (failed["code"], failed["params"]["phone"]) == (code, "203")
        board.until(lambda: board.slots[("reception", slot)]["state"] == "parked", "an unclaimed call")
        assert channels(ami) == before


def test_a_phone_that_is_not_registered(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with portal.board("una") as board:
        slot = board.shows(asterisk.demo_call(ami))
        before = channels(ami)
        assert board.progress(board.retrieve(slot), "failed")["code"] == "phone_unregistered"
        board.until(lambda: board.slots[("reception", slot)]["state"] == "parked", "an unclaimed call")
        assert channels(ami) == before


def test_nobody_answers(portal: Portal, asterisk: RealAsterisk, ami: Ami, request: pytest.FixtureRequest):
    """The real thirty seconds: the time limit is Asterisk's."""
    with asterisk.phone("203", answer_ms=None) as phone, portal.board("rita") as board:
        slot = board.shows(asterisk.demo_call(ami, patience=50))
        before = channels(ami)
        command = board.retrieve(slot)
        board.progress(command, "ringing")
        assert board.progress(command, "failed", timeout=40)["code"] == "phone_no_answer"
        assert phone.received("CANCEL")
        assert board.slot(slot)
        assert channels(ami) == before


def test_the_caller_hangs_up_while_the_phone_rings(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203", answer_ms=None) as phone, portal.board("rita") as board:
        parked = asterisk.demo_call(ami)
        slot = board.shows(parked)
        command = board.retrieve(slot)
        board.progress(command, "ringing")
        ami.action("Hangup", Channel=parked["ParkeeChannel"])
        assert board.progress(command, "failed")["code"] == "caller_left"
        board.free(slot)
        assert phone.received("CANCEL")
    board_row = next(row for row in portal.rows() if row["uniqueid"] == parked["ParkeeUniqueid"])
    assert board_row["outcome"] == "abandoned"


def test_a_colleague_dials_the_slot_while_the_phone_rings(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203", answer_ms=None) as phone, portal.board("rita") as board:
        slot = board.shows(asterisk.demo_call(ami))
        command = board.retrieve(slot)
        board.progress(command, "ringing")
        with asterisk.dial("205", str(slot)):
            failed = board.progress(command, "failed")
            assert failed["code"] == "taken"
            assert "205" in failed["params"]["by"]
            assert phone.received("CANCEL")


def test_stop_ends_the_ringing(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203", answer_ms=None) as phone, portal.board("rita") as board:
        slot = board.shows(asterisk.demo_call(ami))
        command = board.retrieve(slot)
        board.progress(command, "ringing")
        board.say(type="cancel", command=command)
        assert board.progress(command, "failed")["code"] == "cancelled"
        assert phone.received("CANCEL")
        board.until(lambda: board.slots["reception", slot]["state"] == "parked", "an unclaimed call")


def test_a_click_on_a_call_that_is_gone_does_not_take_the_next_one(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203") as phone, portal.board("rita") as board:
        parked = asterisk.demo_call(ami)
        slot = board.shows(parked)
        old = board.slot(slot)["uniqueid"]
        ami.action("Hangup", Channel=parked["ParkeeChannel"])
        board.free(slot)
        assert board.shows(asterisk.demo_call(ami)) == slot
        assert board.progress(board.retrieve(slot, uniqueid=old), "failed")["code"] == "not_parked"
        assert phone.invited == []
        assert board.slot(slot)["state"] == "parked"


def test_a_call_is_taken_only_out_of_the_lot_it_is_in(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    """Rights go by lot: naming another one opens no door."""
    with asterisk.phone("203") as phone, portal.board("rita") as board:
        slot = board.shows(asterisk.demo_call(ami))
        uniqueid = board.slot(slot)["uniqueid"]
        board.say(type="retrieve", command="x", lot=board.lots["quick"]["id"], slot=slot, uniqueid=uniqueid, phone=None)
        assert board.progress("x", "failed")["code"] == "moved"
        assert phone.invited == []


def test_a_database_that_stands_still_cuts_no_conversation(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    with asterisk.phone("203", answer_ms=None) as phone, portal.board("rita") as board:
        parked = asterisk.demo_call(ami, patience=60)
        slot = board.shows(parked)
        command = board.retrieve(slot)
        board.progress(command, "ringing")
        with closing(sqlite3.connect(portal.folder / "parkinglot.sqlite3", isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            phone.answer()
            board.progress(command, "connected", timeout=5)
            database.execute("ROLLBACK")
        board.free(slot, timeout=30)
        taken = ami.event("UnParkedCall", ParkeeUniqueid=parked["ParkeeUniqueid"])
        assert {taken["RetrieverChannel"], parked["ParkeeChannel"]} <= channels(ami)
    row = next(row for row in portal.rows() if row["uniqueid"] == parked["ParkeeUniqueid"])
    assert (row["outcome"], row["retrieved_by__username"]) == ("retrieved", "rita")


def test_a_pbx_without_the_guard(portal: Portal, asterisk: RealAsterisk, ami: Ami):
    """Nothing has to be installed on the PBX: the parking application is used as it is."""
    asterisk.pbx.cli("dialplan remove context parkinglot-retrieve")
    try:
        with asterisk.phone("203", answer_ms=100), portal.board("rita") as board:
            slot = board.shows(asterisk.demo_call(ami))
            board.progress(board.retrieve(slot), "connected")
            board.free(slot)
    finally:
        asterisk.pbx.cli("dialplan reload")
        assert "parkinglot-retrieve" in asterisk.pbx.cli("dialplan show parkinglot-retrieve")
