"""The console by keys alone: they act on the caller that has the focus, and rest while somebody types."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BoardServer, LogIn, call, link, lot
from tests.browser.elements import free, retrieve, tile

pytestmark = pytest.mark.django_db(transaction=True)


def test_arrows_go_from_caller_to_caller(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(701, "One"), call(703), call(706, "Six"), call(708, "Eight")]))
    log_in()
    expect(retrieve(page)).to_be_visible()
    for key, name in (
        ("ArrowDown", "One"),
        ("ArrowRight", "Maria Keller"),
        ("ArrowLeft", "One"),
        ("ArrowDown", "Six"),
        ("ArrowRight", "Eight"),
        ("ArrowRight", "Eight"),
        ("ArrowUp", "Maria Keller"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=f"Retrieve {name} from")).to_be_focused()
    server.change(call(702, "Two"), free(701))
    expect(tile(page, 702)).to_contain_text("Two")
    expect(retrieve(page)).to_be_focused()


def test_letters_act_on_the_caller_with_the_focus(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703), call(705, "Kim Lee")]))
    log_in()
    expect(retrieve(page)).to_be_visible()
    page.keyboard.press("s")
    expect(page.get_by_text("Choose a caller first")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    assert server.wait_for("claim")["slot"] == 703
    page.keyboard.press("s")
    expect(page.get_by_role("dialog", name="Send Maria Keller from 703 to …")).to_be_visible()
    page.keyboard.press("Escape")
    expect(retrieve(page)).to_be_focused()
    for key in ("e", "m"):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog", name="Maria Keller on 703")).to_be_visible()
        page.keyboard.press("Escape")
    page.keyboard.press("r")
    assert server.wait_for("retrieve")["slot"] == 703
    expect(tile(page, 703)).to_be_focused()
    page.keyboard.press("Enter")  # nothing to retrieve here now
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert server.wait_for("retrieve", 1)["slot"] == 705
    page.keyboard.press("n")
    server.wait_for("take_next")


def test_keys_rest_while_somebody_types(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(retrieve(page)).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Find a caller")).to_be_focused()
    page.keyboard.type("nrsec?/")
    expect(page.get_by_label("Find a caller")).to_have_value("nrsec?/")
    page.get_by_label("Find a caller").fill("")
    retrieve(page).focus()
    page.keyboard.press("e")
    page.keyboard.type("nr")
    page.keyboard.press("Escape")
    retrieve(page).focus()
    page.keyboard.press("Control+C")
    page.get_by_role("button", name="More for").click()
    page.keyboard.press("n")
    server.settled()
    assert {message["type"] for message in server.received} == {"ack"}


def test_the_keys_are_shown_and_can_be_switched_off(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(retrieve(page)).to_be_visible()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of the board")
    expect(dialog).to_contain_text("Take next: whoever waits longest")
    dialog.get_by_label("Single letters are keys of the board").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.reload()
    expect(retrieve(page)).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Keys of the board").click()
    dialog.get_by_label("Single letters are keys of the board").check()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("Escape")
    assert server.count("take_next") == 0
    page.locator("h1").click(force=True)
    page.keyboard.press("n")
    server.wait_for("take_next")


def test_keys_do_nothing_to_an_old_picture(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    retrieve(page).focus()
    server.send(type="link", now=int(time.time() * 1000), link=link("lost"))
    expect(retrieve(page)).to_be_disabled()
    for key in ("r", "Enter", "c", "s", "n"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert server.received == []


def test_the_list_is_walked_too(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703), call(705, "Kim Lee", parked_at=0, timeout_at=None)]))
    log_in()
    page.get_by_label("List").check(force=True)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Retrieve Kim Lee from 705")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(retrieve(page)).to_be_focused()
    server.change(free(703))
    expect(page.locator("#list-lines")).to_be_focused()
