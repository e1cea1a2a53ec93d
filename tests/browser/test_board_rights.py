"""Rights per lot and names of slots on the page, with the server's side of the socket played by the test."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import THEMES, WIDTHS, assert_accessible, look
from tests.browser.conftest import BoardServer, LogIn, Message, call, lot
from tests.browser.elements import free, retrieve, tile

pytestmark = pytest.mark.django_db(transaction=True)


def shop(**changes: object) -> Message:
    return lot([call(720, "Kim Lee")], id=2, name="shop", label="Workshop", first=720, last=722, **changes)


def test_the_button_is_there_only_where_calls_may_be_taken(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703)]), shop(may_retrieve=False))
    log_in()
    expect(retrieve(page)).to_be_visible()
    expect(tile(page, 720, "shop")).to_contain_text("Kim Lee")
    expect(tile(page, 720, "shop").get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("Ring my phone:")).to_be_visible()
    server.send(**server.snapshot(lot([call(703)], may_retrieve=False), shop()))
    expect(tile(page, 720, "shop").get_by_role("button", name="Retrieve Kim Lee from 720")).to_be_visible()
    expect(retrieve(page)).to_have_count(0)
    server.send(**server.snapshot(lot([call(703)], may_retrieve=False), shop(may_retrieve=False)))
    expect(page.get_by_text("Ring my phone:")).to_be_hidden()


def test_a_lot_that_comes_or_goes_is_no_news_of_its_callers(page: Page, server: BoardServer, log_in: LogIn) -> None:
    """Rights changed: nobody was parked, nobody left."""
    log_in()
    expect(retrieve(page)).to_be_visible()
    server.send(**server.snapshot(lot([call(703)]), shop()))
    expect(tile(page, 720, "shop")).to_contain_text("Kim Lee")
    server.send(**server.snapshot(shop()))
    expect(page.get_by_role("region", name="Reception")).to_have_count(0)
    expect(page.locator("#summary")).to_contain_text("1 caller waiting")
    server.change(call(721, "Ann"), lot_id=2)
    expect(page.locator("#announcer")).to_have_text("Ann parked on 721 in Workshop.")
    server.send(**server.snapshot())
    expect(page.get_by_role("heading", name="No parking lots to show")).to_be_visible()
    assert server.count("resync") == 0


def test_named_slots_say_their_name(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703)], names={"701": "Front desk", "703": "Pharmacy"}))
    log_in()
    button = page.get_by_role("button", name="Retrieve Maria Keller from 703 Pharmacy", exact=True)
    expect(button).to_be_visible()
    expect(tile(page, 703).get_by_text("Pharmacy")).to_be_visible()
    expect(tile(page, 701).get_by_text("Front desk")).to_be_visible()
    expect(tile(page, 702).locator(".tile-name")).to_be_hidden()
    server.change(free(703), call(701, "Kim Lee"))
    expect(page.locator("#announcer")).to_have_text(
        "Kim Lee parked on 701 Front desk in Reception. Maria Keller left 703 Pharmacy in Reception."
    )
    expect(tile(page, 703).get_by_text("Pharmacy")).to_be_visible()
    server.send(**server.snapshot(lot([], names={"703": "<b>Cash</b> desk"})))
    expect(tile(page, 703).locator(".tile-name")).to_have_text("<b>Cash</b> desk")
    expect(tile(page, 701).locator(".tile-name")).to_be_hidden()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_named_tiles_are_whole_and_accessible(
    page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int
) -> None:
    look(page, theme, width)
    names = {"701": "Front desk", "702": "Consulting room of the head physician", "703": "Pharmacy", "705": "Cash desk"}
    server.first = server.snapshot(lot([call(702), call(703, timeout_at=None), call(705, "Kim Lee")], names=names))
    log_in()
    expect(tile(page, 703).get_by_text("Pharmacy")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.locator('.tile:not([data-state="free"])').evaluate_all("tiles => tiles.map(t => t.offsetHeight)")
    assert max(heights) - min(heights) == 0, "a name makes no card taller than its neighbours"
