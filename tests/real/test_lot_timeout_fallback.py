"""Where a call goes whose parker did not answer: every kind of step, in order, and an end that is heard."""

import os
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.waiting import box, park, place, played, publish_lots, quick_lot, ran, ring, talking, to_lot

NOWHERE = (ring("PJSIP/202"), box("nobody@default"), place("nowhere", "1"), to_lot("absent"))
LOTS = (
    quick_lot("group", 6001, ring("PJSIP/203", "PJSIP/202", "PJSIP/204", seconds=10)),
    quick_lot("spoken", 6021, ring("PJSIP/204"), message="beep"),
    quick_lot("elsewhere", 6041, to_lot("long"), ring("PJSIP/204", seconds=10)),
    quick_lot("long", 6051, timeout=60),
    quick_lot("falls", 6031, ring("PJSIP/205", seconds=1), to_lot("pool")),
    quick_lot("pool", 6035, last=6037, next_code="*88", timeout=60),
    quick_lot("placed", 6061, place("phones", "205")),
    quick_lot("mail", 6071, box("55@default"), ring("PJSIP/204", seconds=10)),
    quick_lot("chain", 6081, *NOWHERE, ring("PJSIP/203", seconds=1), ring("PJSIP/205", seconds=10), ring_parker=2),
    quick_lot("nobody", 6091, *NOWHERE),
)


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_lots(asterisk, *LOTS)
    file = asterisk.pbx.log.parents[1] / "etc/voicemail.conf"
    file.write_text("[general]\nformat = wav\nmaxsilence = 1\n\n[default]\n55 => 1234,Box\n", encoding="utf-8")
    if owner := asterisk.pbx.installation.owner(asterisk.pbx.home):
        os.chown(file, *owner)
    asterisk.pbx.cli("module reload app_voicemail.so")  # the Asterisk 16 of the tests comes without


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as session:
        yield session
    asterisk.hang_up_all()


def ended_politely(asterisk: RealAsterisk, ami: Ami, lot_name: str, slot: str, uniqueid: str) -> None:
    """The caller hears an ending, the log has it, and then the call is over."""
    told = ami.event("UserEvent", 20, UserEvent="ParkinglotEnded", Uniqueid=uniqueid)
    assert (told["Lot"], told["Slot"]) == (lot_name, slot)
    assert played(ami, "vm-nobodyavail&vm-goodbye", uniqueid) == "SUCCESS"
    assert ami.event("Hangup", Uniqueid=uniqueid)["Cause"] == "16"
    log = asterisk.pbx.log.read_text(encoding="utf-8", errors="replace")
    assert f"nobody took a call of lot {lot_name} slot {slot}" in log
    assert "4930123456" not in log


def test_a_group_rings_together_and_one_answer_is_enough(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("203", answer_ms=None) as first, asterisk.phone("204", answer_ms=None) as second:
        parked = park(asterisk, ami, "group")
        assert first.received("INVITE").display() == "P6001: Maria Keller"
        assert second.received("INVITE").display() == "P6001: Maria Keller"
        second.answer()
        talking(ami, parked["ParkeeUniqueid"])
        first.received("CANCEL")
        assert begins_anew(ami, parked)


def begins_anew(ami: Ami, parked: Event) -> bool:
    """Nothing on the call says since when it waits: its next park is a wait of its own."""
    return ami.request("Getvar", Channel=parked["ParkeeChannel"], Variable="PL_SINCE")["Value"] == ""


def test_the_caller_hears_the_message_before_the_first_step(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("204", answer_ms=100) as phone:
        parked = park(asterisk, ami, "spoken")
        assert played(ami, "beep", parked["ParkeeUniqueid"]) == "SUCCESS"
        assert phone.received("INVITE")
        talking(ami, parked["ParkeeUniqueid"])


def test_another_lot_takes_the_call_and_keeps_its_parker(asterisk: RealAsterisk, ami: Ami) -> None:
    parked = park(asterisk, ami, "elsewhere", parker="205")
    moved = ami.event("ParkedCall", ParkeeUniqueid=parked["ParkeeUniqueid"])
    assert (moved["Parkinglot"], moved["ParkerDialString"], moved["ParkingTimeout"]) == ("long", "PJSIP/205", "60")
    assert (moved["ParkeeConnectedLineNum"], moved["ParkeeCallerIDName"]) == ("205", "Maria Keller")


def test_who_fell_into_another_lot_is_next_before_who_was_parked_there_later(asterisk: RealAsterisk, ami: Ami) -> None:
    """As on the board: nobody has talked to them in between, though somebody was rung."""
    with asterisk.phone("205", answer_ms=None) as phone:
        first = park(asterisk, ami, "falls", parker="204")
        assert phone.received("INVITE")
        second = asterisk.demo_call(ami, "pool", parker="204")
        fallen = ami.event("ParkedCall", ParkeeUniqueid=first["ParkeeUniqueid"])
        assert (fallen["Parkinglot"], second["ParkingSpace"], fallen["ParkingSpace"]) == ("pool", "6035", "6036")
    for waits in (first, second):
        with asterisk.dial("204", to="*88"):
            assert ami.event("UnParkedCall")["ParkeeUniqueid"] == waits["ParkeeUniqueid"]


def test_another_lot_without_room_is_passed_over(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("204", answer_ms=100):
        park(asterisk, ami, "long")
        parked = park(asterisk, ami, "elsewhere")
        talking(ami, parked["ParkeeUniqueid"])


def test_a_place_in_the_dialplan_gets_the_call_as_it_was(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("205", answer_ms=100) as phone:
        parked = park(asterisk, ami, "placed")
        assert phone.received("INVITE").display() == "Maria Keller", "no prefix: what rings there is not our doing"
        talking(ami, parked["ParkeeUniqueid"])
        assert begins_anew(ami, parked)


def test_a_voicemail_box_takes_the_call_where_there_is_one(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("204", answer_ms=100):
        parked = park(asterisk, ami, "mail")
        if asterisk.pbx.version.startswith("16"):  # without app_voicemail
            talking(ami, parked["ParkeeUniqueid"])
            return
        assert ran(ami, "VoiceMail", parked["ParkeeUniqueid"])["AppData"] == "55@default,u"
        assert keys_until(ami, parked, "VMSTATUS") == "SUCCESS"
        assert played(ami, "vm-goodbye", parked["ParkeeUniqueid"]) == "SUCCESS"


def keys_until(ami: Ami, parked: Event, variable: str) -> str:
    """The caller presses # (end of the greeting, end of the recording) until ``variable`` is set; its value."""
    for _ in range(20):
        ami.action("PlayDTMF", Channel=parked["ParkeeChannel"].replace(";1", ";2"), Digit="#")
        with suppress(AssertionError):
            return ami.event("VarSet", 0.5, Variable=variable, Uniqueid=parked["ParkeeUniqueid"])["Value"]
    raise AssertionError(f"{variable} was never set")


def test_steps_are_tried_in_order_until_somebody_answers(asterisk: RealAsterisk, ami: Ami) -> None:
    with (
        asterisk.phone("204", status=486) as parker,
        asterisk.phone("203", answer_ms=None) as first,
        asterisk.phone("205", answer_ms=100) as second,
    ):
        parked = park(asterisk, ami, "chain", parker="204")
        talking(ami, parked["ParkeeUniqueid"])
        assert parker.answered(486)
        assert first.received("CANCEL")
        assert second.answered(200)


def test_nobody_at_all_is_an_ending_the_caller_hears_and_the_log_has(asterisk: RealAsterisk, ami: Ami) -> None:
    parked = park(asterisk, ami, "nobody")
    ended_politely(asterisk, ami, "nobody", "6091", parked["ParkeeUniqueid"])
