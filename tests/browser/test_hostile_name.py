"""A real call whose caller is called like a piece of a page: through Asterisk, bridge and database into every page."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_console_real import ami, portal
from tests.browser.test_first_light import board_of, tile
from tests.browser.test_wall_live import admin, make, screen
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk, asterisk_fixture
from tests.kit.portal import Portal

__all__ = ["admin", "ami", "asterisk_fixture", "portal", "screen"]

pytestmark = pytest.mark.parametrize("asterisk", ["sid"], indirect=True)

NAME = "<img src=x onerror=document.title=1>${SHELL(id)}"
PAGES = ("/history/", "/history/?caller=img", "/reports/", "/admin/lots/parkedcall/", "/admin/lots/act/", "/admin/")


SHOWN = "<img src=x"


def parked(ami: Ami) -> Event:
    """Somebody of that name is parked by 203, who is Rita."""
    ami.send(
        "Originate",
        Channel="Local/call@demo-callers/n",
        Context="demo-park",
        Exten="reception",
        Priority="1",
        CallerID=f'"{NAME}" <5551001>',
        Variable=["PATIENCE=90", "DEMO_PARKER=203"],
        Async="true",
    )
    event = ami.event("ParkedCall")
    assert SHOWN in event["ParkeeCallerIDName"], "Asterisk hands it on as it is"
    return event


@contextmanager
def harmless(*pages: Page) -> Iterator[None]:
    """Nothing in these pages became an element, ran, or was asked for and refused."""
    refused: list[str] = []
    for page in pages:
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: refused.append(dialog.message))
    yield
    for page in pages:
        assert page.locator("img[src='x']").count() == 0
        assert page.title() != "1"
    assert refused == []


def test_it_is_text_on_every_page(browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami) -> None:
    with board_of(browser, portal, "alex") as page, harmless(page):
        expect(tile(page, parked(ami)["ParkingSpace"])).to_contain_text(SHOWN)
        shown = 0
        for path in PAGES:
            page.goto(f"{portal.url()}{path}")
            assert page.locator("img[src='x']").count() == 0, path
            shown += SHOWN in page.locator("body").inner_text()
        assert shown >= 2, "history and administration name the caller"


def test_it_is_text_wherever_it_is_told_live(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami, admin: Page, screen: Page
) -> None:
    """On the parker's board, on a wall, in a notice to a colleague with such a note too, and once it is missed."""
    screen.goto(f"{portal.url()}/wall/#{make(admin, portal).partition('#')[2]}")
    expect(screen.locator("#board[data-link='hearing']")).to_be_visible()
    with (
        board_of(browser, portal, "rita") as rita,
        board_of(browser, portal, "sam") as sam,
        harmless(rita, sam, screen),
    ):
        call = parked(ami)
        slot = call["ParkingSpace"]
        for page in (rita, sam, screen):
            expect(page.locator(f'[data-lot="reception"][data-slot="{slot}"]')).to_contain_text(SHOWN)
        expect(rita.get_by_role("region", name="Calls you parked")).to_contain_text(SHOWN)

        tile(rita, slot).get_by_role("button", name="Note, for whom").click()
        rita.keyboard.type("Desk 205 (205)")
        rita.keyboard.press("Tab")
        rita.keyboard.type(NAME)
        rita.keyboard.press("Enter")
        expect(tile(rita, slot)).to_contain_text("for Desk 205")
        assert tile(rita, slot).inner_text().count(SHOWN) == 2, "the caller and the note"
        tile(rita, slot).get_by_role("button", name="More for").click()
        rita.get_by_role("menuitem", name="Tell somebody").click()
        rita.keyboard.press("Enter")  # the one it is for is marked
        expect(sam.get_by_role("region", name="Notices")).to_contain_text(f"{NAME} waits for you on {slot}")
        expect(sam.locator("#announcer")).to_contain_text(SHOWN)

        ami.action("Hangup", Channel=call["ParkeeChannel"])
        missed = rita.get_by_role("region", name="Missed callers")
        expect(missed).to_contain_text(SHOWN, timeout=15_000)
        expect(rita.get_by_role("region", name="Calls you parked")).to_contain_text(f"{NAME} hung up")
