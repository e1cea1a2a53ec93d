"""A receptionist's day by keys alone, with real phones: no click, the focus never lost, all of it said aloud."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.behind import ami, asterisk_fixture, only_22, portal, zoned_portal
from tests.browser.hands import Hands
from tests.browser.test_first_light import tile
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.portal import Portal
from tests.kit.published import park

__all__ = ["ami", "asterisk_fixture", "portal", "zoned_portal"]

pytestmark = [only_22, pytest.mark.slow]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context.new_page()
    context.close()


def test_a_day_by_keys_alone(page: Page, portal: Portal, asterisk: RealAsterisk, ami: Ami) -> None:
    hands = Hands(page)
    log_in(hands, portal)
    with asterisk.phone("203", answer_ms=300) as mine:
        with asterisk.caller(to="203", name="Bob Caller", number="5551001"):
            mine.received("ACK")
            park_my_call(hands)
            note(hands)
            page_and_stop(hands)
            retrieve(hands)
            mine.hang_up()
        with asterisk.phone("204", answer_ms=300):
            claim_and_send(hands, asterisk, ami)
            take_next(hands, asterisk, ami)
            call_back_and_settle(hands, ami)
        find_and_list(hands, asterisk, ami)
        read_the_keys(hands)


def come(asterisk: RealAsterisk, ami: Ami) -> Event:
    """Maria Keller is parked."""
    ami.ping()
    ami.events.clear()  # of calls that came by other ways
    return asterisk.demo_call(ami, patience=90)


def log_in(hands: Hands, portal: Portal) -> None:
    portal.script("password")
    hands.page.goto(portal.url())
    hands.on("id_username")
    hands.type("rita")
    hands.press("Tab")
    hands.type("desk-desk-desk")
    hands.page.keyboard.press("Enter")
    expect(hands.page.locator("#board")).to_have_attribute("data-link", "hearing")


def park_my_call(hands: Hands) -> None:
    hands.tab_to("Park my call")
    hands.press("Enter")
    dialog = hands.page.get_by_role("dialog", name="Park my call")
    expect(dialog.get_by_role("option", name="Bob Caller → Reception")).to_be_visible()
    hands.type("bob reception")
    hands.press("Enter")
    hands.hears("Parking your call …", "Bob Caller parked on 701 in Reception.")
    hands.on("Park my call")
    hands.tab_to("Retrieve Bob Caller from 701")


def note(hands: Hands) -> None:
    hands.press("e")
    hands.on("note-whom")
    hands.type("Desk 204 (204)")
    hands.press("Tab")
    hands.type("wants the invoice")
    hands.press("Enter")
    hands.hears("Noted.")
    hands.on("Retrieve Bob Caller from 701")
    expect(tile(hands.page, 701)).to_contain_text("for Desk 204")
    expect(tile(hands.page, 701)).to_contain_text("wants the invoice")


def page_and_stop(hands: Hands) -> None:
    hands.press("g")
    hands.type("hall")
    hands.press("Enter")
    hands.hears("Paging Hall …")
    hands.on("Retrieve Bob Caller from 701")
    hands.press("g")
    hands.hears("Paging Hall has ended.")
    hands.on("Retrieve Bob Caller from 701")


def retrieve(hands: Hands) -> None:
    hands.press("r")
    hands.hears("is ringing", "Connected to Bob Caller", "Bob Caller left 701 in Reception.")
    expect(tile(hands.page, 701)).to_have_attribute("data-state", "free")
    hands.look()


def claim_and_send(hands: Hands, asterisk: RealAsterisk, ami: Ami) -> None:
    slot = come(asterisk, ami)["ParkingSpace"]
    hands.hears(f"Maria Keller parked on {slot}")
    hands.press("ArrowDown")
    hands.on("Maria Keller")
    hands.press("c")
    hands.hears("Marked as yours: colleagues leave this call to you for two minutes.")
    expect(tile(hands.page, slot)).to_contain_text("You are on it")
    hands.press("s")
    hands.type("204")
    hands.press("Enter")
    hands.hears("Ringing Desk 204 (204) …", "Desk 204 (204) has taken Maria Keller.", f"Maria Keller left {slot}")
    expect(tile(hands.page, slot)).to_have_attribute("data-state", "free")
    hands.look()


def take_next(hands: Hands, asterisk: RealAsterisk, ami: Ami) -> None:
    slot = come(asterisk, ami)["ParkingSpace"]
    hands.hears(f"Maria Keller parked on {slot}")
    hands.press("n")
    hands.hears("is ringing", "Connected to Maria Keller", f"Maria Keller left {slot}")
    hands.look()


def call_back_and_settle(hands: Hands, ami: Ami) -> None:
    call = park(ami, "204", "reception")
    hands.hears("204 parked on")
    ami.action("Hangup", Channel=call["ParkeeChannel"])
    hands.hears("204 left", "204 hung up while parked")
    expect(hands.page.get_by_role("button", name="Call back 204")).to_be_visible(timeout=15_000)
    hands.tab_to("Call back 204")
    hands.press("Enter")
    hands.hears("Calling 204 …")
    hands.look()
    hands.tab_to("Done with 204")
    hands.press("Enter")
    hands.hears("204 is off the list.")
    hands.on("Missed callers")
    hands.tab_to("Undo")
    hands.press("Enter")
    hands.hears("204 is on the list again.")


def find_and_list(hands: Hands, asterisk: RealAsterisk, ami: Ami) -> None:
    maria = come(asterisk, ami)
    other = park(ami, "5552002", "reception")
    hands.hears("5552002 parked on")
    hands.press("/")
    hands.on("Find a caller")
    hands.type("maria")
    expect(tile(hands.page, other["ParkingSpace"])).to_be_hidden()
    hands.tab_to("Retrieve Maria Keller")
    ami.action("Hangup", Channel=maria["ParkeeChannel"])
    hands.hears("Maria Keller left")
    hands.look()
    hands.press("/", "Escape")
    expect(tile(hands.page, other["ParkingSpace"])).to_be_visible()
    hands.tab_to("shape-tiles")
    hands.press("ArrowRight")
    hands.on("shape-list")
    hands.tab_to("Retrieve 5552002")
    ami.action("Hangup", Channel=other["ParkeeChannel"])
    hands.hears("5552002 left")
    hands.look()


def read_the_keys(hands: Hands) -> None:
    hands.press("?")
    expect(hands.page.get_by_role("dialog", name="Keys of the board")).to_be_visible()
    hands.press("Escape")
    expect(hands.page.get_by_role("dialog")).to_be_hidden()
    hands.look()
