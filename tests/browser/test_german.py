"""The portal in German: words, progress and times, for a browser that asks for it and for somebody who chooses it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from lots.models import ParkingLot
from tests.browser.conftest import BoardServer, LogIn, call, link
from tests.browser.elements import assert_accessible, free, tile
from tests.browser.test_history import DAY, lot

__all__ = ["lot"]

pytestmark = pytest.mark.django_db(transaction=True)
UEBERNEHMEN = "Maria Keller von Platz 703 übernehmen"
KEEPS_ITS_BUTTONS = """tile => {
  const edge = tile.getBoundingClientRect().right - parseFloat(getComputedStyle(tile).paddingRight);
  const buttons = [...tile.querySelectorAll("button")].filter((button) => button.checkVisibility());
  return buttons.length > 0 && buttons.every((button) =>
    button.getBoundingClientRect().right <= edge + 1 && button.scrollWidth <= button.clientWidth + 1);
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser in Berlin, in German."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="de-DE", timezone_id="Europe/Berlin")
    yield context.new_page()
    context.close()


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_the_board_speaks_german(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page).to_have_title("(1) Parktafel · Parkinglot")
    expect(tile(page, 703)).to_contain_text("geparkt von Tom Front (203)")
    expect(tile(page, 703)).to_contain_text("zurück in 4:")
    page.get_by_role("button", name=UEBERNEHMEN).click()
    server.wait_for("retrieve")
    server.progress("claimed", "claimed")
    expect(tile(page, 703)).to_contain_text("Angenommen, 201 wird angerufen …")
    server.change(call(703, state="claimed", claimed_by="Rita Desk"))
    server.progress("ringing", "ringing", phone="201")
    expect(tile(page, 703)).to_contain_text("201 klingelt: bitte abheben")
    server.change(free(703), after=13, revision=14)
    server.progress("connected", "connected")
    expect(page.get_by_text("Verbunden mit Maria Keller")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de-DE", "Von Asterisk ist seit 14:05 nichts zu hören"),
        ("en-GB", "Cannot hear Asterisk since 14:05"),
        ("en-US", "Cannot hear Asterisk since 02:05 PM"),
    ],
)
def test_times_are_written_as_the_viewers_country_does(
    browser: Browser, live_server: LiveServer, person: User, locale: str, words: str
) -> None:
    context = browser.new_context(locale=locale, timezone_id="Europe/Berlin")
    page = context.new_page()
    page.clock.set_fixed_time("2025-11-25T13:30:00Z")
    server = BoardServer(page)
    minutes_ago = 25 * 60_000
    server.first = {
        **(server.first or {}),
        "now": 1_764_077_400_000,
        "link": {**link("lost"), "since": 1_764_077_400_000 - minutes_ago},
    }
    page.goto(f"{live_server.url}/login/")
    page.locator("#id_username").fill(person.username)
    page.locator("#id_password").fill("desk-desk-desk")
    page.locator("form .button-primary").click()
    expect(page.get_by_role("alert")).to_contain_text(words)
    context.close()


def test_somebody_chooses_english_and_german_again(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    page.get_by_text("Rita Desk").click()
    expect(page.get_by_role("group", name="Sprache").get_by_role("button", pressed=True)).to_have_text("Deutsch")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Retrieve Maria Keller from 703")).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_text("Rita Desk").click()
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("button", name=UEBERNEHMEN)).to_be_visible()


def test_the_login_offers_the_languages(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/login/")
    expect(page.get_by_role("button", name="Anmelden")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_past_in_german_fits(page: Page, log_in: LogIn, lot: ParkingLot, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    log_in("/history/")
    expect(page.get_by_role("heading", name="Verlauf")).to_be_visible()
    expect(page.get_by_text("25. Nov. 2025, 13:00", exact=True)).to_be_visible()
    assert not overflows(page)
    log_in(f"/reports/{DAY}")
    expect(page.get_by_text("25,0 %").first).to_be_visible()
    assert not overflows(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_board_in_german_fits(page: Page, server: BoardServer, log_in: LogIn, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    log_in()
    button = page.get_by_role("button", name=UEBERNEHMEN)
    expect(button).to_be_visible()
    assert not overflows(page)
    assert tile(page, 703).evaluate(KEEPS_ITS_BUTTONS)
    assert_accessible(page)
