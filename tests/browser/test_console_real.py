"""The console with a real Asterisk: a note, a claim, a call sent to a colleague who declines and to one who answers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

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


GUARD = 600
"""Milliseconds after which what has just come or moved is believed to be meant: nothing tells when they are over."""


def more(page: Page, slot: str, item: str) -> None:
    page.wait_for_timeout(GUARD)
    page.get_by_role("button", name=f"More for Maria Keller on {slot}").click()
    page.get_by_role("menuitem", name=item).click()


def carry(page: Page, what: Locator, to: Locator) -> None:
    start, end = what.bounding_box(), to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 25, start["y"] + 25)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 20, steps=4)
    page.mouse.up()


def test_a_caller_and_a_talk_of_mine_are_carried_to_slots(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with asterisk.phone("203") as phone, board_of(browser, portal, "rita") as page:
        parked = asterisk.demo_call(ami, patience=90)
        slot = parked["ParkingSpace"]
        expect(tile(page, slot)).to_have_attribute("data-state", "parked")
        page.wait_for_timeout(GUARD)
        carry(page, tile(page, slot).locator(".caller"), tile(page, "708"))
        expect(tile(page, "708")).to_have_attribute("data-uniqueid", parked["ParkeeUniqueid"])
        expect(page.get_by_text("Maria Keller is on 708 now.")).to_be_visible()

        page.get_by_role("button", name="My calls").click()
        mine = page.get_by_role("region", name="My calls")
        expect(mine).to_contain_text("Your phones are in no call just now.")
        with asterisk.caller(to="203"):
            phone.received("ACK")
            expect(mine).to_contain_text("Bob Caller")
            page.wait_for_timeout(GUARD)
            carry(page, mine.locator(".talk-name"), tile(page, "710"))
            expect(tile(page, "710")).to_contain_text("Bob Caller", timeout=15_000)
            expect(mine).to_contain_text("Your phones are in no call just now.")
            expect(page.get_by_text("Parked on 710.")).to_be_visible()


def test_a_caller_hears_a_sentence_and_their_earlier_calls_are_listed(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
) -> None:
    with board_of(browser, portal, "rita") as page:
        for _ in range(2):
            parked = asterisk.demo_call(ami, patience=90)
            slot = parked["ParkingSpace"]
            expect(tile(page, slot)).to_have_attribute("data-uniqueid", parked["ParkeeUniqueid"])
            more(page, slot, "Hang up")
            page.get_by_role("button", name="We are closed now.").click()
            page.get_by_role("button", name="Say it and hang up").click()
            expect(tile(page, slot)).to_have_attribute("data-state", "free", timeout=20_000)
            expect(page.get_by_text("The call with Maria Keller was ended.").last).to_be_visible(timeout=20_000)
        parked = asterisk.demo_call(ami, patience=90)
        slot = parked["ParkingSpace"]
        expect(tile(page, slot)).to_contain_text("today")
        more(page, slot, "Earlier calls")
        lines = page.get_by_role("dialog").get_by_role("listitem")
        expect(lines.first).to_contain_text("ended by a colleague · Rita Desk")
        expect(lines.first).to_contain_text("We are closed now.")
    assert rows_of(portal, parked["ParkeeUniqueid"])[0]["outcome"] in ("", None)
