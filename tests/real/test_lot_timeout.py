"""A call that waited too long rings its parker: on every phone, with a name that says why. No portal runs here."""

from collections.abc import Iterator

import pytest

from lots.config.setup import Lot
from tests.kit import sip
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.sipp import free_udp_port
from tests.kit.waiting import FULL_PREFIX, park, publish_lots, ran, ring, talking

ALERT = "<http://127.0.0.1>;info=alert-internal"
PARKER = Lot(
    name="parker",
    first=6101,
    last=6109,
    park_code="6100",
    timeout=1,
    ring_parker=2,
    prefix=FULL_PREFIX,
    alert_info=ALERT,
    steps=(ring("PJSIP/204", seconds=20),),
)


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_lots(asterisk, PARKER)


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as session:
        yield session
    asterisk.hang_up_all()


def test_the_parker_answers_and_talks_to_the_caller(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("203", answer_ms=100) as phone:
        parked = park(asterisk, ami, "parker")
        invite = phone.received("INVITE")
        assert (invite.display(), invite.user()) == ("P6101 203 Desk 203: Maria Keller", "+4930123456")
        assert invite.header("Alert-Info") == ALERT
        talking(ami, parked["ParkeeUniqueid"])
        (caller,) = [c for c in ami.items("CoreShowChannels") if c["Uniqueid"] == parked["ParkeeUniqueid"]]
        assert caller["CallerIDName"] == "Maria Keller", "the prefix is the phone's, not the caller's"
        phone.hang_up()
        ami.event("Hangup", Uniqueid=parked["ParkeeUniqueid"])
        assert not [e for e in ami.events if e["Event"] == "UserEvent"], "answered: no ending is announced"


@pytest.mark.parametrize("status", [486, 603])
def test_a_parker_who_is_busy_or_declines_is_passed_over_at_once(asterisk: RealAsterisk, ami: Ami, status: int) -> None:
    with asterisk.phone("203", status=status) as phone, asterisk.phone("204", answer_ms=100) as fallback:
        parked = park(asterisk, ami, "parker")
        invite = fallback.received("INVITE")
        assert phone.answered(status)
        assert (invite.display(), invite.user()) == ("P6101 203 Desk 203: Maria Keller", "+4930123456")
        assert invite.header("Alert-Info") == ALERT
        talking(ami, parked["ParkeeUniqueid"])


def test_a_parker_who_does_not_answer_rings_for_the_set_time(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("203", answer_ms=None) as phone, asterisk.phone("204", answer_ms=100):
        parked = park(asterisk, ami, "parker")
        assert ran(ami, "Dial")["AppData"].split(",")[1] == str(PARKER.ring_parker)
        phone.received("CANCEL")
        assert "PJSIP/204" in ran(ami, "Dial")["AppData"]
        talking(ami, parked["ParkeeUniqueid"])


def test_a_parker_whose_phone_is_logged_out_is_passed_over_at_once(asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("204", answer_ms=100) as fallback:
        parked = park(asterisk, ami, "parker", parker="202")
        assert fallback.received("INVITE").display() == "P6101 202 Sam Soft: Maria Keller"
        assert "PJSIP/204" in ran(ami, "Dial")["AppData"], "202 was not even tried"
        talking(ami, parked["ParkeeUniqueid"])


def test_all_phones_of_the_parker_ring_and_any_may_answer(asterisk: RealAsterisk, ami: Ami) -> None:
    ports = free_udp_port(), free_udp_port()
    for port in ports:
        asterisk.register("202", port)
    try:
        with (
            sip.phone(asterisk.folder, ports[0], answer_ms=None) as first,
            sip.phone(asterisk.folder, ports[1], answer_ms=None) as second,
        ):
            parked = park(asterisk, ami, "parker", parker="202")
            first.received("INVITE")
            second.answer()
            talking(ami, parked["ParkeeUniqueid"])
            first.received("CANCEL")
    finally:
        for port in ports:
            asterisk.register("202", port, expires=0)
