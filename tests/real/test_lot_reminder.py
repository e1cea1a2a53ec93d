"""The reminder: the parker's phone rings and says the slot, the caller waits on as if nothing had been."""

import time
from collections.abc import Iterator

import pytest

from lots.config.setup import Lot, Prefix
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.dialplans import restored, write_conf
from tests.kit.waiting import park, parked_again, publish_lots, ran, seconds, talking

SOON = Lot(
    name="soon",
    first=6101,
    last=6109,
    park_code="6100",
    reminder=1,
    timeout=3,
    ring_parker=5,
    prefix=Prefix(text="P", slot=True),
)
PATIENT = Lot(name="patient", first=6201, last=6209, park_code="6200", next_code="*86", reminder=1, timeout=60)


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_lots(asterisk, SOON, PATIENT)


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as session:
        yield session
    asterisk.hang_up_all()


def test_the_parker_hears_the_slot_and_the_caller_waits_on_to_the_same_end(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("203", answer_ms=100) as phone:
        parked = park(asterisk, ami, "soon")
        again = parked_again(ami, parked)
        assert seconds(again["ParkingTimeout"]) == SOON.timeout - SOON.reminder
        reminder = phone.received("INVITE")
        assert (reminder.display(), reminder.user()) == ("P6101: Maria Keller", "6101")
        assert ran(ami, "SayDigits")["AppData"] == "6101"
        late = ami.event("ParkedCallTimeOut")
        assert seconds(late["ParkingTimeout"]) == 0
        back = phone.message(lambda m: m.method == "INVITE" and m.user() == "+4930123456", "the call back", timeout=5)
        assert back.display() == "P6101: Maria Keller"
        talking(ami, parked["ParkeeUniqueid"])


def test_a_call_taken_after_the_reminder_and_parked_again_has_its_whole_time(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("204", answer_ms=0) as phone, asterisk.caller(to="204"):
        ami.event("BridgeEnter", BridgeType="basic", BridgeNumChannels="2")
        phone.blind_transfer("6105")
        parked = ami.event("ParkedCall")
        parked_again(ami, parked)
        phone.message(lambda m: m.method == "INVITE" and m.user() == "6105", "the reminder")
        ami.ping()
        ami.events.clear()  # or the bridge of before is taken for the one that is waited for
        with asterisk.dial("205", "6105") as taker:
            ami.event("UnParkedCall", ParkeeUniqueid=parked["ParkeeUniqueid"])
            taker.answered(200)
            ami.event("BridgeEnter", BridgeType="basic", BridgeNumChannels="2")
            taker.blind_transfer("6100")
            anew = ami.event("ParkedCall", ParkeeUniqueid=parked["ParkeeUniqueid"])
            assert anew["ParkerDialString"] == "PJSIP/205"
            assert seconds(anew["ParkingTimeout"]) == SOON.reminder
            if not asterisk.pbx.version.startswith("16"):  # which has no way to make the call forget
                assert anew["ParkingSpace"] == "6101"
            assert seconds(parked_again(ami, anew)["ParkingTimeout"]) == SOON.timeout - SOON.reminder


@pytest.fixture(params=["yes", "no"])
def _records(request: pytest.FixtureRequest, asterisk: RealAsterisk, ami: Ami) -> Iterator[None]:
    """Whether the PBX keeps records of calls."""
    with restored(asterisk, "cdr.conf"):
        write_conf(asterisk, "cdr.conf", f"[general]\nenable = {request.param}\n")
        ami.action("Reload", Module="cdr")
        yield
    ami.action("Reload", Module="cdr")


@pytest.mark.usefixtures("_records")
def test_a_call_waits_since_it_was_first_parked(asterisk: RealAsterisk, ami: Ami) -> None:
    parked, at = park(asterisk, ami, "patient"), time.time()
    again = parked_again(ami, parked)
    since = ami.request("Getvar", Channel=again["ParkeeChannel"], Variable="PL_SINCE")["Value"]
    assert float(since) == pytest.approx(at, abs=0.4)


def test_take_next_counts_from_the_first_parking(asterisk: RealAsterisk, ami: Ami) -> None:
    first = park(asterisk, ami, "patient")
    longer = f"patient,t({PATIENT.timeout})"
    ami.send("Originate", Channel="Local/call@demo-callers/n", Application="Park", Data=longer, Async="true")
    second = ami.event("ParkedCall")
    parked_again(ami, first)
    for waits in (first, second):
        with asterisk.dial("204", to="*86"):
            assert ami.event("UnParkedCall")["ParkeeUniqueid"] == waits["ParkeeUniqueid"]
