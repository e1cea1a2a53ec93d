"""A real call that waited too long, in two browsers: seen going back, retrieved out of the ringing, told its parker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import assert_accessible
from tests.browser.portals import portal_of
from tests.browser.test_first_light import board_of, rows_of, tile
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk, asterisk_fixture
from tests.kit.portal import Portal

__all__ = ["asterisk_fixture"]

pytestmark = pytest.mark.parametrize("asterisk", ["sid"], indirect=True)


@pytest.fixture
def portal(asterisk: RealAsterisk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal_of("serve", asterisk, tmp_path_factory.mktemp("portal")) as running:
        yield running
    asterisk.hang_up_all()


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as session:
        yield session


def test_a_call_goes_back_and_a_colleague_takes_it_out_of_the_ringing(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with (
        asterisk.phone("203", answer_ms=None) as parker,
        asterisk.phone("204", answer_ms=300),
        board_of(browser, portal, "rita") as rita,
        board_of(browser, portal, "ron") as ron,
    ):
        parked = asterisk.demo_call(ami, "quick", patience=90)
        slot = parked["ParkingSpace"]
        for page in (rita, ron):
            expect(tile(page, slot, "quick")).to_have_attribute("data-state", "returning", timeout=15_000)
            expect(tile(page, slot, "quick")).to_contain_text("Going back to Desk 203, ringing 0:")
        assert_accessible(ron)
        own = rita.get_by_role("region", name="Calls you parked")
        expect(own).to_contain_text("Maria Keller waited too long and goes back to you.")
        tile(ron, slot, "quick").get_by_role("button", name="Retrieve").click()
        expect(ron.get_by_text("Connected to Maria Keller")).to_be_visible(timeout=15_000)
        assert parker.received("CANCEL")
        for page in (rita, ron):
            expect(tile(page, slot, "quick")).to_have_attribute("data-state", "free")
        expect(own).to_contain_text("Ron Front took Maria Keller after 0:")
        expect(rita.locator(".toast").last).to_contain_text("Ron Front took Maria Keller")
    ends = [(row["outcome"], row["came"]) for row in rows_of(portal, parked["ParkeeUniqueid"])]
    assert ends == [("timed_out", "parked"), ("retrieved", "")]
