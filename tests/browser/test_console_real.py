"""The console with a real Asterisk: a note, a claim, a call sent to a colleague who declines and to one who answers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.portals import portal_of
from tests.browser.test_first_light import board_of, rows_of, tile
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk, asterisk_fixture
from tests.kit.portal import Portal

__all__ = ["asterisk_fixture"]

pytestmark = pytest.mark.parametrize("asterisk", ["sid"], indirect=True)


@pytest.fixture(params=["serve"])
def portal(
    request: pytest.FixtureRequest, asterisk: RealAsterisk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    with portal_of(request.param, asterisk, tmp_path_factory.mktemp("portal")) as running:
        yield running
    asterisk.hang_up_all()


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as session:
        yield session


def send(page: Page, slot: str, number: str) -> None:
    page.get_by_role("button", name=f"More for Maria Keller on {slot}").click()
    page.get_by_role("menuitem", name="Send to").click()
    page.keyboard.type(number)
    page.keyboard.press("Enter")


def test_a_call_is_noted_claimed_declined_and_answered(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with board_of(browser, portal, "rita") as rita, board_of(browser, portal, "ron") as ron:
        parked = asterisk.demo_call(ami, patience=90)
        slot = parked["ParkingSpace"]
        for page in (rita, ron):
            expect(tile(page, slot)).to_have_attribute("data-state", "parked")

        rita.get_by_role("button", name=f"Note, for whom: Maria Keller on {slot}").click()
        rita.keyboard.type("Desk 204 (204)")
        rita.keyboard.press("Tab")
        rita.keyboard.type("wants the invoice")
        rita.keyboard.press("Enter")
        expect(rita.get_by_role("dialog")).to_be_hidden()
        for page in (rita, ron):
            expect(tile(page, slot)).to_contain_text("for Desk 204")
            expect(tile(page, slot)).to_contain_text("wants the invoice")

        tile(rita, slot).get_by_role("button", name="Retrieve").focus()
        rita.keyboard.press("c")
        expect(tile(rita, slot)).to_contain_text("You are on it")
        expect(tile(ron, slot)).to_contain_text("Rita Desk is taking it")
        expect(tile(ron, slot).get_by_role("button", name="Retrieve")).to_have_count(0)

        with asterisk.phone("204", status=603):
            send(rita, slot, "204")
            expect(tile(rita, slot)).to_contain_text("Desk 204 (204) declined. Maria Keller is still parked.")
        assert tile(rita, slot).get_attribute("data-uniqueid") == parked["ParkeeUniqueid"]
        expect(tile(ron, slot).get_by_role("button", name="Retrieve")).to_be_visible()  # nobody's again

        with asterisk.phone("204", answer_ms=400) as phone:
            send(rita, slot, "204")
            expect(tile(rita, slot)).to_contain_text("Ringing Desk 204 (204) …")
            assert phone.received("INVITE").display() == "Maria Keller / sent by Rita Desk"
            expect(rita.get_by_text("Desk 204 (204) has taken Maria Keller.")).to_be_visible()
            for page in (rita, ron):
                expect(tile(page, slot)).to_have_attribute("data-state", "free")
    (row,) = rows_of(portal, parked["ParkeeUniqueid"])
    assert (row["outcome"], row["retrieved_by__username"]) == ("retrieved", "ron")


def test_a_missed_caller_is_settled_and_the_longest_waiting_is_taken_next(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with asterisk.phone("203", answer_ms=200), board_of(browser, portal, "rita") as page:
        calls = [asterisk.demo_call(ami, patience=90) for _ in range(3)]
        for call in calls:
            expect(tile(page, call["ParkingSpace"])).to_have_attribute("data-state", "parked")
        ami.action("Hangup", Channel=calls[0]["ParkeeChannel"])
        missed = page.get_by_role("region", name="Missed callers")
        expect(missed).to_contain_text("Maria Keller", timeout=15_000)
        missed.get_by_role("button", name="Done with Maria Keller", exact=True).click()
        expect(missed).to_contain_text("none in the last 24 hours")
        page.get_by_role("button", name="Undo").click()
        expect(missed).to_contain_text("Maria Keller")

        page.get_by_role("button", name="Take next", exact=True).click()
        expect(page.get_by_text("Connected to Maria Keller")).to_be_visible()
        expect(tile(page, calls[1]["ParkingSpace"])).to_have_attribute("data-state", "free")
        expect(tile(page, calls[2]["ParkingSpace"])).to_have_attribute("data-state", "parked")
