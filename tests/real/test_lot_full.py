"""What becomes of a call that is parked where there is no room; no portal runs here."""

from collections.abc import Iterator

import pytest

from lots.config.setup import Lot, Setup, Step, StepKind, WhenFull
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.ear import Ear
from tests.kit.published import callers, park, publish_directly, talking

DESK = Lot(name="desk", park_code="500", first=501, last=501)
OVER = Lot(name="over", park_code="510", first=511, last=511, when_full=WhenFull.OVERFLOW, overflow="annex")
ANNEX = Lot(name="annex", park_code="520", first=521, last=521, announce=False)
SWITCHBOARD = Step(kind=StepKind.PHONE, devices=("PJSIP/205",))
FALL = Lot(name="fall", park_code="530", first=531, last=531, when_full=WhenFull.FALLBACK, steps=(SWITCHBOARD,))
GONE = Lot(name="gone", park_code="540", first=541, last=541, when_full=WhenFull.OVERFLOW, overflow="elsewhere")
SETUP = Setup(lots=(ANNEX, DESK, FALL, GONE, OVER))
FULL = {"501": "110", "511": "110", "531": "110", "541": "110"}


@pytest.fixture(scope="module", name="filled")
def filled_fixture(asterisk: RealAsterisk) -> Iterator[None]:
    """All lots are full but the annex."""
    publish_directly(asterisk, SETUP)
    with asterisk.ami() as ami:
        for lot in (DESK, OVER, FALL, GONE):
            park(ami, "110", lot.name)
    yield
    asterisk.hang_up_all()


@pytest.fixture(name="ami")
def ami_fixture(asterisk: RealAsterisk, filled: None) -> Iterator[Ami]:
    with asterisk.ami() as ami:
        yield ami
        for channel in ami.items("CoreShowChannels"):
            if channel["Channel"].startswith("PJSIP/"):
                ami.request("Hangup", Channel=channel["Channel"])
                ami.event("Hangup", Uniqueid=channel["Uniqueid"])


class TestThePark:
    def test_the_parker_keeps_the_call_and_hears_why(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with Ear() as ear, asterisk.phone("203", ear=ear.port) as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            phone.blind_transfer("500")
            phone.answered(202, "REFER")
            ear.hears(1)
            assert callers(ami) == FULL
            bridges = [c["BridgeId"] for c in ami.items("CoreShowChannels") if c["Channel"].startswith("PJSIP/")]
            assert len(bridges) == 2
            assert bridges[0] == bridges[1] != ""  # they are still talking

    @pytest.mark.usefixtures("ami")
    def test_who_dials_the_code_hears_why(self, asterisk: RealAsterisk) -> None:
        with Ear() as ear, asterisk.dial("204", to="500", ear=ear.port) as colleague:
            colleague.received("BYE")
            # Asterisk 16 hangs up without a word, and nothing can be done about it: see public.parks_natively.
            assert (0 if asterisk.pbx.version.startswith("16.") else 1) <= ear.loud() < 2

    @pytest.mark.parametrize("slot", ["501", "540", "541"])
    def test_the_parker_gets_the_call_back(self, asterisk: RealAsterisk, ami: Ami, slot: str) -> None:
        with asterisk.phone("203") as phone, asterisk.caller(to="203") as caller:
            talking(ami, phone)
            first = phone.received("ACK").header("Call-ID")
            phone.blind_transfer(slot)
            back = phone.message(lambda m: m.method == "ACK" and m.header("Call-ID") != first, "the call again")
            assert not back.sent
            caller.hang_up()
            phone.message(lambda m: m.method == "BYE" and m.header("Call-ID") == back.header("Call-ID"), "its end")
        assert callers(ami) == FULL


class TestOverflow:
    @pytest.mark.parametrize("number", ["510", "511"])
    def test_another_lot_takes_it_and_the_parker_is_told(self, asterisk: RealAsterisk, ami: Ami, number: str) -> None:
        with Ear() as ear, asterisk.phone("203", ear=ear.port) as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            phone.blind_transfer(number)
            parked = ami.event("ParkedCall")
            assert (parked["Parkinglot"], parked["ParkingSpace"]) == ("annex", "521")
            assert parked["ParkerDialString"] == "PJSIP/203"
            phone.message(lambda m: m.method == "INVITE" and m.display() == "521: Bob Caller", "the news")
            ear.hears(0.5)

    def test_with_that_full_too_the_parker_gets_the_call_back(self, asterisk: RealAsterisk, ami: Ami) -> None:
        park(ami, "112", "annex")
        with asterisk.phone("203") as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            first = phone.received("ACK").header("Call-ID")
            phone.blind_transfer("510")
            phone.message(lambda m: m.method == "ACK" and m.header("Call-ID") != first, "the call again")
        with asterisk.dial("204", to="521"):
            ami.event("UnParkedCall")


@pytest.mark.parametrize("number", ["530", "531"])
def test_the_fallback_takes_it(asterisk: RealAsterisk, ami: Ami, number: str) -> None:
    with asterisk.phone("203") as phone, asterisk.phone("205") as switchboard, asterisk.caller(to="203"):
        talking(ami, phone)
        phone.blind_transfer(number)
        assert switchboard.received("INVITE").display() == "Bob Caller"
        switchboard.received("ACK")
    assert callers(ami) == FULL


@pytest.mark.parametrize("number", ["510", "530"])
def test_with_room_the_parker_is_told_the_slot(asterisk: RealAsterisk, ami: Ami, number: str) -> None:
    with asterisk.dial("204", to=f"{number[:2]}1"):
        ami.event("UnParkedCall")
        with Ear() as ear, asterisk.phone("203", ear=ear.port) as phone, asterisk.caller(to="203", number="110"):
            talking(ami, phone)
            phone.blind_transfer(number)
            assert ami.event("ParkedCall")["ParkingSpace"] == f"{number[:2]}1"
            phone.message(lambda m: m.method == "INVITE" and m.display() == f"{number[:2]}1: Bob Caller", "the news")
            ear.hears(0.5)
