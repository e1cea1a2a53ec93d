"""A caller's earlier calls: a count on the tile, and the list behind it, which the page fetches when asked for it."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import THEMES, WIDTHS, assert_accessible, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, call, lot
from tests.browser.elements import tile

pytestmark = pytest.mark.django_db(transaction=True)

STAY: dict[str, Any] = {
    "at": 1764000000000,
    "lot": "Workshop",
    "slot": 801,
    "waited": 95,
    "parker": "Tom Front (203)",
    "taker": "Ann Back",
    "outcome": "retrieved",
    "ending": "retrieved",
    "note": "wants the invoice",
    "for_name": "Tom",
    "remark": "",
}


@pytest.fixture(autouse=True)
def looks_back(server: BoardServer) -> None:
    server.first = server.snapshot(lot([call(703, earlier=2), call(704, "Ann", "")]), me={"may_look_back": True})


def answers(page: Page, status: int = 200, **answer: Any) -> list[str]:
    """What the portal says of earlier calls; the addresses asked for."""
    asked: list[str] = []

    def fulfil(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status, json=answer)

    page.route("**/history/earlier/**", fulfil)
    return asked


def open_earlier(page: Page) -> Locator:
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    page.get_by_role("menuitem", name="Earlier calls").click()
    return page.get_by_role("dialog", name="Earlier calls of Maria Keller")


@pytest.mark.parametrize(
    ("earlier", "words"), [(1, "2nd"), (2, "3rd"), (3, "4th"), (10, "11th"), (11, "12th"), (20, "21st"), (99, "100th")]
)
def test_the_how_manieth_call_it_is(page: Page, server: BoardServer, log_in: LogIn, earlier: int, words: str) -> None:
    server.first = server.snapshot(lot([call(703, earlier=earlier), call(704)]))
    log_in()
    expect(tile(page, 703)).to_contain_text(f"{words} today")
    expect(tile(page, 704)).not_to_contain_text("today")
    page.get_by_label("List", exact=True).check()
    expect(page.locator("#list")).to_contain_text(f"{words} today")


def test_the_earlier_calls_are_listed(page: Page, server: BoardServer, log_in: LogIn) -> None:
    asked = answers(page, stays=[STAY, {**STAY, "taker": "", "ending": "caller hung up"}], more="/history/?caller=1")
    log_in()
    dialog = open_earlier(page)
    lines = dialog.get_by_role("listitem")
    expect(lines).to_have_count(2)
    for words in ("801 in Workshop", "retrieved · Ann Back", "waited 1:35 · parked by Tom Front (203)"):
        expect(lines.first).to_contain_text(words)
    expect(lines.first).to_contain_text("for Tom · wants the invoice")
    expect(lines.nth(1)).to_contain_text("caller hung up")
    expect(dialog.get_by_role("link", name="All of them in the history")).to_have_attribute(
        "href", "/history/?caller=1"
    )
    assert asked[0].endswith("/history/earlier/?lot=1&call=1764000000.703")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="More for Maria Keller on 703")).to_be_focused()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (200, "was not parked before"),
        (404, "was not parked before"),
        (403, "no right to look"),
        (500, "did not answer"),
    ],
)
def test_what_else_the_portal_may_say(page: Page, server: BoardServer, log_in: LogIn, status: int, words: str) -> None:
    answers(page, status, stays=[], more="")
    log_in()
    expect(open_earlier(page)).to_contain_text(words)


def test_who_may_not_look_back_or_shows_no_number_is_not_asked_about(
    page: Page, server: BoardServer, log_in: LogIn
) -> None:
    log_in()
    page.get_by_role("button", name="More for Ann on 704").click()
    expect(page.get_by_role("menuitem", name="Earlier calls")).to_have_count(0)
    page.keyboard.press("Escape")
    server.send(**server.snapshot(lot([call(703, earlier=2)])))
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    expect(page.get_by_role("menuitem", name="Earlier calls")).to_have_count(0)


def test_a_long_number_leaves_room_for_it_where_tiles_are_narrow(
    page: Page, server: BoardServer, log_in: LogIn
) -> None:
    look(page, "light", 1280)
    server.first = server.snapshot(lot([call(703, "Priya", "+911123456712", earlier=1)]), demo=True)
    log_in()
    number, chip = (tile(page, 703).get_by_text(words, exact=True) for words in ("+911123456712", "2nd today"))
    assert number.evaluate("node => node.scrollWidth - node.clientWidth") == 0
    inside = "node => node.parentNode.getBoundingClientRect().right - node.getBoundingClientRect().right"
    assert chip.evaluate(inside) >= 0
    expect(chip).to_have_attribute("title", "2nd today")
    tops = page.locator("#bench > :visible").evaluate_all("nodes => nodes.map((node) => node.offsetTop)")
    assert len(set(tops)) == 1, "all in one row"


@pytest.mark.parametrize(("theme", "width"), list(zip(THEMES, WIDTHS, strict=True)))
def test_it_is_accessible(page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int) -> None:
    answers(page, stays=[STAY] * 3, more="/history/")
    look(page, theme, width)
    log_in()
    expect(open_earlier(page).get_by_role("listitem")).to_have_count(3)
    assert_accessible(page)
    assert_not_cut_off(page)
    page.keyboard.press("Escape")
    assert_accessible(page)
