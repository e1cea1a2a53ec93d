"""What people dial in a published lot: park, pick up by slot, by code, by prompt, take next. No portal runs here."""

from collections.abc import Iterator

import pytest

from lots.config.setup import Lot, Setup
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.ear import Ear
from tests.kit.published import callers, park, publish_directly, talking

pytestmark = pytest.mark.slow

DESK = Lot(name="desk", park_code="500", first=501, last=503, retrieve_code="*85", next_code="*86", timeout=60)
QUIET = Lot(name="quiet", park_code="600", first=601, last=602, retrieve_code="*85", announce=False)
APART = Lot(name="apart", park_code="650", first=651, last=652, retrieve_code="*87", separate=True)
SETUP = Setup(lots=(APART, DESK, QUIET))
PROMPT = "vm-enter-num-to-call"
NOTHING_PARKED = "pbx-invalidpark"


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_directly(asterisk, SETUP)


@pytest.fixture(name="ami")
def ami_fixture(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as ami:
        yield ami
    asterisk.hang_up_all()


def hears(ami: Ami, phone: str, sound: str) -> Event:
    """Wait until ``phone`` is played ``sound`` by the dialplan."""
    return ami.event(lambda e: step(e, "Playback", sound) and e["Channel"].startswith(f"PJSIP/{phone}-"))


def asked(ami: Ami, prompt: str) -> None:
    """Wait until somebody is asked for a slot, in these words."""
    ami.event(lambda e: step(e, "Read", f"PL_TYPED,{prompt},3,,1,5"))


def step(event: Event, application: str, data: str) -> bool:
    """Whether a channel is at that step of the dialplan."""
    return event["Event"] == "Newexten" and (event["Application"], event["AppData"]) == (application, data)


class TestPark:
    def test_a_transfer_to_the_park_code_tells_the_parker_the_slot(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with Ear() as ear, asterisk.phone("203", ear=ear.port) as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            phone.blind_transfer("500")
            parked = ami.event("ParkedCall")
            assert (parked["Parkinglot"], parked["ParkingSpace"]) == ("desk", "501")
            assert (parked["ParkerDialString"], parked["ParkeeCallerIDName"]) == ("PJSIP/203", "Bob Caller")
            ear.hears(0.5)
            assert "200" in phone.message(lambda m: m.method == "NOTIFY" and "200 OK" in m.text, "the end").text

    def test_a_lot_that_does_not_announce_is_silent(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with Ear() as ear, asterisk.phone("203", ear=ear.port) as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            phone.blind_transfer("600")
            parked = ami.event("ParkedCall")
            assert (parked["Parkinglot"], parked["ParkerDialString"]) == ("quiet", "PJSIP/203")
            phone.message(lambda m: m.method == "NOTIFY" and "200 OK" in m.text, "the end")
            assert ear.loud() == 0

    @pytest.mark.parametrize(("lot", "seconds"), [("500", 0.5), ("600", 0)])
    def test_who_dials_the_park_code_hears_the_slot_unless_the_lot_is_quiet(
        self, asterisk: RealAsterisk, ami: Ami, lot: str, seconds: float
    ) -> None:
        with Ear() as ear, asterisk.dial("203", to=lot, ear=ear.port):
            parked = ami.event("ParkedCall")
            if seconds:
                ear.hears(seconds)
            else:
                ami.event("MusicOnHoldStart", Channel=parked["ParkeeChannel"])

    def test_an_attended_transfer_to_the_park_code(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.phone("203") as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            with asterisk.dial("203", to="500") as second:
                parked = ami.event("ParkedCall")
                phone.attended_transfer(second, "500")
                swapped = ami.event("ParkedCallSwap")
                assert swapped["ParkingSpace"] == parked["ParkingSpace"]
                assert swapped["ParkeeCallerIDName"] == "Bob Caller"

    @pytest.mark.parametrize("slot", ["503", "602"])
    def test_a_transfer_to_a_slot_parks_there(self, asterisk: RealAsterisk, ami: Ami, slot: str) -> None:
        with asterisk.phone("203") as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            phone.blind_transfer(slot)
            parked = ami.event("ParkedCall")
            assert (parked["ParkingSpace"], parked["ParkerDialString"]) == (slot, "PJSIP/203")

    def test_an_attended_transfer_to_a_free_slot_parks_there(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.phone("203") as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            with asterisk.dial("203", to="502") as second:
                hears(ami, "203", NOTHING_PARKED)
                phone.attended_transfer(second, "502")
                parked = ami.event("ParkedCall")
                assert (parked["ParkingSpace"], parked["ParkerDialString"]) == ("502", "PJSIP/203")
                assert parked["ParkeeCallerIDNum"] == "5551001"

    def test_a_taken_slot_takes_the_next_and_the_parkers_phone_says_so(self, asterisk: RealAsterisk, ami: Ami) -> None:
        first = park(ami, "111", "desk", slot="502")
        assert first["ParkingSpace"] == "502"
        with Ear() as ear, asterisk.phone("203", ear=ear.port) as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            phone.blind_transfer("502")
            parked = ami.event("ParkedCall")
            assert (parked["ParkingSpace"], parked["ParkerDialString"]) == ("503", "PJSIP/203")
            called = phone.message(lambda m: m.method == "INVITE" and m.display().startswith("503"), "the news")
            assert called.display() == "503: Bob Caller"
            ear.hears(2.5)
            assert callers(ami) == {"502": "111", "503": "5551001"}

    def test_the_next_park_of_a_call_is_a_new_one(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.phone("203") as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            phone.blind_transfer("503")
            ami.event("ParkedCall", ParkingSpace="503")
            with asterisk.dial("204", to="503") as colleague:
                retriever = ami.event("UnParkedCall")["RetrieverChannel"]
                ami.event("BridgeEnter", Channel=retriever)
                colleague.received("UPDATE")
                colleague.blind_transfer("500")
                again = ami.event("ParkedCall")
        assert again["ParkerDialString"] == "PJSIP/204"
        # Before 16.30, 18.16 and 20.1 Asterisk has no EXPORT, and nobody can make a parked call forget its slot.
        forgets = "EXPORT" in asterisk.pbx.cli("core show functions like EXPORT")
        assert again["ParkingSpace"] == ("501" if forgets else "503")
        assert forgets or asterisk.pbx.version.startswith("16.28")


class TestPickUp:
    @pytest.mark.parametrize("number", ["502", "*85502"])
    def test_a_slot_or_the_code_and_a_slot(self, asterisk: RealAsterisk, ami: Ami, number: str) -> None:
        parked = park(ami, "111", "desk", slot="502")
        with asterisk.dial("204", to=number):
            taken = ami.event("UnParkedCall")
            assert taken["ParkeeUniqueid"] == parked["ParkeeUniqueid"]
            assert taken["RetrieverChannel"].startswith("PJSIP/204-")

    @pytest.mark.parametrize("number", ["502", "*85502", "*86"])
    @pytest.mark.usefixtures("ami")
    def test_an_empty_one_says_so(self, asterisk: RealAsterisk, number: str) -> None:
        with Ear() as ear, asterisk.dial("204", to=number, ear=ear.port):
            ear.hears(1.5)

    def test_the_code_alone_asks_for_the_slot(self, asterisk: RealAsterisk, ami: Ami) -> None:
        parked = park(ami, "111", "quiet", slot="602")
        with Ear() as ear, asterisk.dial("204", to="*85", ear=ear.port) as colleague:
            ear.hears(0.5)
            ear.dial("602", colleague)
            assert ami.event("UnParkedCall")["ParkeeUniqueid"] == parked["ParkeeUniqueid"]

    def test_after_two_wrong_slots_the_right_one(self, asterisk: RealAsterisk, ami: Ami) -> None:
        park(ami, "111", "desk", slot="502")
        with Ear() as ear, asterisk.dial("204", to="*85", ear=ear.port) as colleague:
            for typed, prompt in (("777", PROMPT), ("501", NOTHING_PARKED), ("502", NOTHING_PARKED)):
                asked(ami, prompt)
                ear.dial(typed, colleague)
            assert ami.event("UnParkedCall")["ParkingSpace"] == "502"

    def test_three_wrong_slots_are_enough(self, asterisk: RealAsterisk, ami: Ami) -> None:
        parked = park(ami, "111", "apart", slot="651")
        with Ear() as ear, asterisk.dial("204", to="*85", ear=ear.port) as colleague:
            # no slot; an empty one; one of a lot this phone does not reach
            for typed, prompt in (("777", PROMPT), ("501", NOTHING_PARKED), ("651", NOTHING_PARKED)):
                asked(ami, prompt)
                ear.dial(typed, colleague)
            hears(ami, "204", NOTHING_PARKED)
            ami.event("VarSet", Variable="PLAYBACKSTATUS", Value="SUCCESS")
            colleague.received("BYE")
        assert [call["ParkeeUniqueid"] for call in ami.items("ParkedCalls")] == [parked["ParkeeUniqueid"]]

    def test_take_next_takes_who_waited_longest(self, asterisk: RealAsterisk, ami: Ami) -> None:
        for slot in ("502", "503", "501"):
            park(ami, f"11{slot}", "desk", slot=slot)
        for slot in ("502", "503", "501"):
            with asterisk.dial("204", to="*86"):
                assert ami.event("UnParkedCall")["ParkingSpace"] == slot

    def test_take_next_counts_from_the_park_not_from_the_call(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.phone("203") as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            park(ami, "111", "desk", slot="503")
            phone.blind_transfer("500")
            assert ami.event("ParkedCall")["ParkingSpace"] == "501"
            with asterisk.dial("204", to="*86"):
                assert ami.event("UnParkedCall")["ParkingSpace"] == "503"

    def test_two_who_take_next_at_once_get_two_callers(self, asterisk: RealAsterisk, ami: Ami) -> None:
        for slot in ("502", "503", "501"):
            park(ami, f"11{slot}", "desk", slot=slot)
        with asterisk.dial("203", to="*86"), asterisk.dial("204", to="*86"), asterisk.dial("205", to="*86"):
            taken = [ami.event("UnParkedCall") for _ in range(3)]
        assert {call["ParkingSpace"] for call in taken} == {"501", "502", "503"}
        assert {call["RetrieverChannel"].split("-")[0] for call in taken} == {"PJSIP/203", "PJSIP/204", "PJSIP/205"}

    @pytest.mark.usefixtures("ami")
    def test_a_separate_lot_is_out_of_reach(self, asterisk: RealAsterisk) -> None:
        with asterisk.dial("204", to="651") as colleague:
            colleague.answered(404)
