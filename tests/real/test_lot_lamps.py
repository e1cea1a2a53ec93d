"""Lamps on desk phones, watched by SUBSCRIBE: a slot's, and the lot's. No portal runs here."""

from collections.abc import Iterator

import pytest

from lots.config.public import lamp_covers
from lots.config.setup import Lot, Setup
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.published import park, publish_directly
from tests.kit.sip_scenarios_subscribe import Lamp

DESK = Lot(name="desk", park_code="500", first=501, last=503)
HALL = Lot(name="hall", park_code="8000", first=8001, last=8060)
DARK, LIT = "terminated", "confirmed"


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> None:
    publish_directly(asterisk, Setup(lots=(DESK, HALL)))


@pytest.fixture(name="ami")
def ami_fixture(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as ami:
        yield ami
    asterisk.hang_up_all()


def watch(asterisk: RealAsterisk, number: str) -> Lamp:
    return Lamp(asterisk.folder, asterisk.pbx.sip_port, "204", number)


def test_a_slot_lights_its_own_lamp_and_the_lots(asterisk: RealAsterisk, ami: Ami) -> None:
    with watch(asterisk, "501") as first, watch(asterisk, "502") as second, watch(asterisk, "500") as lot:
        for lamp in (first, second, lot):
            lamp.shows(DARK)
        park(ami, "111", "desk", "502")
        second.shows(DARK, LIT)
        lot.shows(DARK, LIT)
        park(ami, "112", "desk", "501")
        first.shows(DARK, LIT)
        with asterisk.dial("203", to="502"):
            second.shows(DARK, LIT, DARK)
            lot.shows(DARK, LIT)  # one is still there
            with asterisk.dial("205", to="501"):
                lot.shows(DARK, LIT, DARK)
                first.shows(DARK, LIT, DARK)


def test_a_long_lots_lamp_covers_what_it_says(asterisk: RealAsterisk, ami: Ami) -> None:
    covered = lamp_covers(HALL)
    assert 20 < len(covered) < 60
    with watch(asterisk, "8000") as lot, watch(asterisk, "8060") as last:
        for lamp in (lot, last):
            lamp.shows(DARK)
        park(ami, "111", "hall", str(covered[-1] + 1))
        park(ami, "112", "hall", "8060")
        last.shows(DARK, LIT)
        lot.shows(DARK)
        park(ami, "113", "hall", str(covered[-1]))
        lot.shows(DARK, LIT)


def test_lamps_stay_through_a_publish_of_another_lot(asterisk: RealAsterisk, ami: Ami) -> None:
    with watch(asterisk, "501") as slot, watch(asterisk, "500") as lot:
        slot.shows(DARK)
        lot.shows(DARK)
        park(ami, "111", "desk", "501")
        slot.shows(DARK, LIT)
        for timeout in (30, 40, 50):
            other = Lot(name="hall", park_code="8000", first=8001, last=8060, timeout=timeout)
            publish_directly(asterisk, Setup(lots=(DESK, other)))
        with asterisk.dial("203", to="501"):
            slot.shows(DARK, LIT, DARK)
            lot.shows(DARK, LIT, DARK)
        assert all("active" in m.header("Subscription-State") for m in slot.messages if m.method == "NOTIFY")
