"""My calls: live while they are shown, and nobody is asked while they are not."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import THEMES, WIDTHS, assert_accessible, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, call, lot
from tests.browser.elements import tile

pytestmark = pytest.mark.django_db(transaction=True)

BOB = {"uniqueid": "1764000000.50", "phone": 5, "name": "Bob", "number": "5551", "seconds": 80}
ANN = {"uniqueid": "1764000000.60", "phone": 5, "name": "Ann", "number": "5552", "seconds": 5}


def show(page: Page) -> Locator:
    page.get_by_role("button", name="My calls").click()
    return page.get_by_role("region", name="My calls")


def tell(server: BoardServer, *calls: dict[str, Any], state: str = "watching", number: int = 0) -> None:
    command = server.wait_for("calls", number)["command"]
    about = {"type": "progress", "command": command, "lot": None, "slot": None}
    server.send(state=state, code="calls", params={"calls": list(calls)}, **about)


def test_calls_come_and_go_by_themselves(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.clock.install()
    log_in()
    server.settled()
    assert server.count("calls") == 0, "nobody looks"
    mine = show(page)
    expect(mine).to_contain_text("Asking which calls your phones are in")
    above = tile(page, 703).bounding_box()
    tell(server)
    expect(mine).to_contain_text("Your phones are in no call just now.")
    tell(server, ANN, BOB)
    expect(mine.get_by_role("listitem")).to_have_count(2)
    expect(mine.get_by_role("listitem").first).to_contain_text("Bob 5551 1:20")
    page.clock.run_for(2_000)
    expect(mine.get_by_role("listitem").first).to_contain_text("1:22")
    tell(server, ANN)
    expect(mine.get_by_role("listitem")).to_have_count(1)
    assert tile(page, 703).bounding_box() == above, "nothing below it moved"
    tell(server, ANN, state="done")  # it is asked anew
    tell(server, number=1)
    expect(mine).to_contain_text("Your phones are in no call just now.")
    page.get_by_role("button", name="My calls").click()
    expect(mine).to_be_hidden()
    server.wait_for("cancel")


def test_it_is_shown_again_next_time(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    show(page)
    log_in()
    expect(page.get_by_role("button", name="My calls")).to_have_attribute("aria-expanded", "true")
    tell(server, BOB, number=1)
    expect(page.get_by_role("region", name="My calls")).to_contain_text("Bob")


def test_what_is_not_known_is_not_told_as_no_call(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.clock.install()
    log_in()
    mine = show(page)
    tell(server, BOB)
    expect(mine).to_contain_text("Bob")
    command = server.wait_for("calls")["command"]
    server.send(type="progress", command=command, state="failed", code="link_lost", lot=None, slot=None, params={})
    expect(mine).to_contain_text("is not known just now")
    expect(mine.get_by_role("listitem")).to_have_count(0)
    page.clock.run_for(6_000)
    tell(server, BOB, number=1)
    expect(mine).to_contain_text("Bob")
    server.send(type="link", now=1, link={"state": "lost", "since": 1, "reason": ""})
    expect(mine).to_contain_text("is not known just now")


def test_one_of_them_is_parked(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    mine = show(page)
    tell(server, ANN, BOB)
    mine.get_by_role("button", name="Park Ann").click()
    dialog = page.get_by_role("dialog", name="Park my call")
    expect(dialog.locator("#pick-list li")).to_have_count(1)
    page.keyboard.press("Enter")
    asked = server.wait_for("park")
    assert (asked["call"], asked["lot"], asked["to_slot"]) == (ANN["uniqueid"], 1, None)
    assert server.count("cancel") == 0, "they are still shown"


def test_who_may_park_nowhere_has_none(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703)], may_park=False))
    log_in()
    expect(tile(page, 703)).to_be_visible()
    expect(page.get_by_role("button", name="My calls")).to_be_hidden()


@pytest.mark.parametrize(("theme", "width"), list(zip(THEMES, WIDTHS, strict=True)))
def test_it_is_accessible(page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int) -> None:
    look(page, theme, width)
    log_in()
    mine = show(page)
    tell(server, ANN, BOB, {**BOB, "uniqueid": "3", "name": "Somebody with a long name of many words indeed"})
    expect(mine.get_by_role("listitem")).to_have_count(3)
    assert_accessible(page)
    assert_not_cut_off(page)
