"""The reminder, where it gets odd: parkers who are busy or nobody, callers who leave, limits that are none."""

from collections.abc import Iterator

import pytest

from lots.config.setup import Lot
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.waiting import nothing, park, parked_again, publish_lots, ran, seconds

SOON = Lot(name="soon", first=61, last=69, park_code="60", reminder=1, timeout=3, music="waiting")
EVER = Lot(name="ever", first=6201, last=6209, park_code="6200", reminder=1, timeout=0)


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk22: RealAsterisk) -> None:
    publish_lots(asterisk22, SOON, EVER)


@pytest.fixture
def ami(asterisk22: RealAsterisk) -> Iterator[Ami]:
    with asterisk22.ami() as session:
        yield session
    asterisk22.hang_up_all()


def test_the_music_is_the_lot_s_before_and_after(asterisk22: RealAsterisk, ami: Ami) -> None:
    parked = park(asterisk22, ami, "soon")
    assert ami.event("MusicOnHoldStart", Uniqueid=parked["ParkeeUniqueid"])["Class"] == "waiting"
    parked_again(ami, parked)
    assert ami.event("MusicOnHoldStart", Uniqueid=parked["ParkeeUniqueid"])["Class"] == "waiting"


def test_a_reminder_without_a_timeout_leaves_the_call_for_ever(asterisk22: RealAsterisk, ami: Ami) -> None:
    parked = park(asterisk22, ami, "ever")
    assert seconds(parked_again(ami, parked)["ParkingTimeout"]) <= 0
    (listed,) = ami.items("ParkedCalls", ParkingLot="ever")
    assert seconds(listed["ParkingTimeout"]) <= 0


def test_a_parker_on_the_phone_is_reminded_when_they_have_hung_up(asterisk22: RealAsterisk, ami: Ami) -> None:
    with asterisk22.phone("203", answer_ms=0) as phone, asterisk22.caller(to="203", number="5550000"):
        ami.event("BridgeEnter", BridgeType="basic", BridgeNumChannels="2")
        parked_again(ami, park(asterisk22, ami, "ever"))
        nothing(ami, "Dial", within=1.2)
        phone.hang_up()
        assert "PJSIP/203" in ran(ami, "Dial")["AppData"]
        phone.message(lambda m: m.method == "INVITE" and m.user() == "6201", "the reminder")


def test_a_caller_who_leaves_at_that_moment_rings_nobody(asterisk22: RealAsterisk, ami: Ami) -> None:
    again = parked_again(ami, park(asterisk22, ami, "ever"))
    ami.action("Hangup", Channel=again["ParkeeChannel"])
    nothing(ami, "Dial", within=1)


def test_a_call_nobody_parked_reminds_nobody_and_stays(asterisk22: RealAsterisk, ami: Ami) -> None:
    parked = park(asterisk22, ami, "soon", parker="")
    parked_again(ami, parked)
    nothing(ami, "Originate", within=0.2)


def test_a_device_with_dashes_in_its_name_stays_the_parker(asterisk22: RealAsterisk, ami: Ami) -> None:
    first = park(asterisk22, ami, "ever")
    ami.event("MusicOnHoldStart", Uniqueid=first["ParkeeUniqueid"])  # until then Asterisk forgets a new parker
    ami.action("Park", Channel=first["ParkeeChannel"], TimeoutChannel="PJSIP/front-desk-2-0000001a", Parkinglot="soon")
    parked = ami.event("ParkedCall", Parkinglot="soon")
    assert parked["ParkerDialString"] == "PJSIP/front-desk-2"
    parked_again(ami, parked)
