"""Callers who waited too long, on the board: where they are, what can be done, and how the page says it."""

import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.axe import THEMES, WIDTHS, assert_accessible, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, Message, call, lot
from tests.browser.elements import tile
from tests.browser.test_wall import SECRET, WallServer, bay

pytestmark = pytest.mark.django_db(transaction=True)


def back(slot: int = 703, **changes: Any) -> Message:
    """Maria Keller, who went back to Tom 12 s ago."""
    now = int(time.time() * 1000)
    left, parked = now - 12_000, now - 72_000
    facts = call(slot, parked_at=parked)
    kept = {
        key: facts[key]
        for key in ("slot", "uniqueid", "caller", "parker", "parked_at", "waiting_since", "note", "for_name")
    }
    way = {"stage": "recall", "ringing": ["Tom Front"], "left_at": left, "since": left}
    return {"id": 40 + slot, "lot": 1, **kept, **way, **changes}


def tell(server: BoardServer, *backs: Message) -> None:
    server.send(type="returning", returning=list(backs))


def words(card: Locator) -> Locator:
    return card.locator('[data-part="back"]')


def test_who_goes_back_is_shown_in_their_slot_until_it_is_over(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    tell(server, back())
    expect(tile(page, 703)).to_have_attribute("data-state", "parked")  # the lot has not said that they left
    server.change({"slot": 703, "state": "free"})
    expect(tile(page, 703)).to_have_attribute("data-state", "returning")
    expect(tile(page, 703)).to_contain_text("Going back to Tom Front, ringing 0:1")
    expect(tile(page, 703)).to_contain_text("Maria Keller")
    expect(tile(page, 703).locator(".chip")).to_have_text("Going back")
    expect(tile(page, 703).locator(".chip use")).to_have_attribute("href", "/static/icons.svg#back")
    expect(page.locator("#announcer")).to_contain_text("Maria Keller waited too long and goes back to Tom Front.")
    before = words(tile(page, 703)).inner_text()
    expect(words(tile(page, 703))).not_to_have_text(before)  # the clock runs
    tell(server, back(stage="fallback", ringing=["Ann Back", "Ron Tomson"]))
    expect(tile(page, 703)).to_contain_text("Nobody took it: ringing Ann Back, Ron Tomson 0:")
    tell(server, back(stage="fallback", ringing=["Ann", "Ron", "Kim", "Lee"]))
    expect(tile(page, 703)).to_contain_text("ringing Ann and 3 more 0:")
    tell(server, back(stage="fallback", ringing=[]))
    expect(tile(page, 703)).to_contain_text("Nobody answered, nobody is ringing since 0:")
    tell(server)
    expect(tile(page, 703)).to_have_attribute("data-state", "free")


def test_somebody_else_in_the_slot_leaves_both_to_be_seen(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703, "Kim Lee", uniqueid="k")]), returning=[back()])
    log_in()
    expect(tile(page, 703)).to_have_count(2)
    expect(tile(page, 703).nth(0)).to_contain_text("Kim Lee")
    expect(tile(page, 703).nth(1)).to_contain_text("Going back to Tom Front")
    expect(page.locator(".lot-count")).to_have_text("1 of 10 occupied")
    server.change({"slot": 703, "state": "free"})
    expect(tile(page, 703)).to_have_count(1)
    expect(tile(page, 703)).to_contain_text("Going back to Tom Front")


def test_who_is_parked_again_is_parked_and_nothing_else(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), returning=[back()])
    log_in()
    expect(tile(page, 703)).to_have_attribute("data-state", "returning")
    server.change(call(704, uniqueid=back()["uniqueid"]))
    expect(tile(page, 704)).to_have_attribute("data-state", "parked")
    expect(tile(page, 703)).to_have_attribute("data-state", "free")


def test_the_list_has_them_too(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(704, "Kim Lee")]), returning=[back()])
    log_in()
    page.get_by_label("List", exact=True).check()
    rows = page.locator(".row")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Going back to Tom Front, ringing 0:")
    expect(page.locator("#summary")).to_contain_text("1 caller waiting")


def test_nothing_but_retrieve_can_be_done_with_them(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([], may_end=True), returning=[back(note="wants the invoice", for_name="Eva")])
    log_in()
    expect(tile(page, 703)).to_contain_text("wants the invoice")
    expect(tile(page, 703)).to_contain_text("for Eva")
    expect(tile(page, 703).get_by_role("button")).to_have_count(1)
    tile(page, 703).get_by_role("button", name="Retrieve").focus()
    for key in ("e", "c", "v", "t", "s", "."):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    server.settled()
    assert {message["type"] for message in server.received} == {"ack"}


def test_a_click_asks_for_the_call_that_is_drawn(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), returning=[back()])
    log_in()
    tile(page, 703).get_by_role("button", name="Retrieve Maria Keller from 703").click()
    asked = server.wait_for("retrieve")
    assert (asked["lot"], asked["slot"], asked["uniqueid"]) == (1, 703, back()["uniqueid"])
    server.progress("claimed", "claimed")
    expect(tile(page, 703)).to_contain_text("Claimed, ringing")
    server.change(call(703))
    tell(server)
    expect(tile(page, 703)).to_contain_text("Claimed, ringing")  # it goes on where the call is now


def test_a_lot_without_room_is_said_in_words_that_fit(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), returning=[back()])
    log_in()
    tile(page, 703).get_by_role("button", name="Retrieve").click()
    server.wait_for("retrieve")
    server.progress("failed", "lot_full")
    expect(page.locator(".toast")).to_contain_text("No slot is free to bring Maria Keller back to")
    expect(tile(page, 703).get_by_role("button", name="Retrieve")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("shape", ["Tiles", "List"])
def test_everybody_can_read_it(
    page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int, shape: str
) -> None:
    long = back(705, stage="fallback", ringing=["Wolfeschlegelsteinhausen Bergerdorff"], uniqueid="w", note="n", id=9)
    server.first = server.snapshot(
        lot([call(703, "Kim Lee", uniqueid="k")]), returning=[back(), long, back(706, ringing=[], uniqueid="x")]
    )
    look(page, theme, width)
    log_in()
    page.get_by_label(shape, exact=True).check()
    expect(page.get_by_text("Going back to Tom Front, ringing").locator("visible=true")).to_be_visible()
    assert_accessible(page)
    assert_not_cut_off(page)


@pytest.mark.parametrize("slots", [10, 40], ids=["every slot has its place", "callers alone"])
def test_wall_screens_show_them_too(page: Page, live_server: LiveServer, slots: int) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    wall = WallServer(page)
    wall.lots = [lot([call(704, "Kim Lee")], last=700 + slots)]
    page.goto(f"{live_server.url}/wall/#{SECRET}")
    expect(bay(page, 704)).to_contain_text("Kim Lee")
    shown = {key: value for key, value in back().items() if key not in {"note", "for_name"}}
    wall.send(type="returning", returning=[shown])
    expect(bay(page, 703)).to_have_attribute("data-state", "returning")
    expect(bay(page, 703)).to_contain_text("Going back to Tom Front, ringing 0:1")
    expect(bay(page, 703).locator(".chip use")).to_have_attribute("href", "/static/icons.svg#back")
    assert_accessible(page)
    wall.send(type="returning", returning=[])
    expect(bay(page, 704)).to_contain_text("Kim Lee")
    expect(page.get_by_text("Going back to Tom Front")).to_be_hidden()
