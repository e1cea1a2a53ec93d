"""Notify, page and the notices on the board; the server's side of the socket is the test's."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import THEMES, WIDTHS, assert_accessible, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, Message, call, lot
from tests.browser.elements import tile

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = {"lot": 1, "slot": 703, "uniqueid": "1764000000.703"}
HALL, YARD = {"id": 2, "label": "Hall", "repeats": 2}, {"id": 4, "label": "Yard", "repeats": 0}


def notice(**fields: Any) -> Message:
    """Ann told Rita, who looks at the board."""
    return {
        "id": 4,
        **PLACE,
        "caller": {"name": "Maria Keller", "number": "+493012345"},
        "to": 3,
        "to_name": "Rita Desk",
        "sender": 8,
        "sender_name": "Ann Back",
        "text": "",
        "at": 1764000000000,
        "answer": "",
        **fields,
    }


def more(page: Page, item: str) -> None:
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    page.get_by_role("menuitem", name=item).click()


def test_somebody_is_told_with_the_note_and_answers(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703, note="the invoice", for_name="Ann Back", for_phone=8)]))
    log_in()
    more(page, "Tell somebody")
    page.keyboard.press("Enter")  # the one it is for is marked
    assert server.wait_for("notify") == {"type": "notify", "command": "c1", **PLACE, "to": 8, "text": "the invoice"}
    server.progress("done", "notified", phone="204", name="Ann Back")
    expect(page.get_by_text("Ann Back has been told.")).to_be_visible()
    sent = notice(to=8, to_name="Ann Back", sender=3, sender_name="Rita Desk")
    server.send(type="notices", notices=[sent])
    inbox = page.get_by_role("region", name="Notices")
    expect(inbox).to_contain_text("Ann Back has been told of Maria Keller on 703: no answer yet.")
    expect(inbox.get_by_role("button")).to_have_count(0)
    server.send(type="notices", notices=[{**sent, "answer": "coming"}])
    expect(inbox).to_contain_text("Ann Back is coming for Maria Keller on 703.")
    expect(page.locator("#announcer")).to_contain_text("Ann Back is coming")
    server.send(type="notices", notices=[])
    expect(inbox).to_be_hidden()


def test_who_is_told_answers_with_one_click(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    server.send(type="notices", notices=[notice(text="please hurry")])
    inbox = page.get_by_role("region", name="Notices")
    expect(inbox).to_contain_text("Ann Back: Maria Keller waits for you on 703.")
    expect(inbox).to_contain_text("please hurry")
    expect(page.locator("#announcer")).to_contain_text("Maria Keller waits for you")
    # By key: a click so soon after a line came would not be meant for it.
    page.get_by_role("button", name="I’m coming for Maria Keller").press("Enter")
    assert server.wait_for("seen") == {"type": "seen", "command": "c1", "notice": 4, "answer": "coming"}
    server.progress("done", "answered")
    server.send(type="notices", notices=[notice(answer="coming")])
    expect(inbox.get_by_role("button")).to_have_count(0)


def test_page_in_a_zone_and_stop(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703, for_name="Tom")], may_page=True), zones=[HALL, YARD])
    log_in()
    more(page, "Page …")
    dialog = page.get_by_role("dialog", name="Page for Maria Keller on 703 in …")
    expect(dialog.get_by_role("option")).to_have_text(["Hall 3 times", "Yard "])
    dialog.get_by_role("option", name="Yard").click()
    assert server.wait_for("page") == {"type": "page", "command": "c1", **PLACE, "zone": 4, "for_whom": "Tom"}
    server.progress("paging", "paging", zone="Yard")
    more(page, "Stop paging")
    assert server.wait_for("stop_page")["uniqueid"] == PLACE["uniqueid"]
    server.progress("done", "page_stopping", command="c2")
    server.progress("done", "page_stopped", zone="Yard")
    expect(page.get_by_text("Paging Yard has ended.")).to_be_visible()
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    expect(page.get_by_role("menuitem", name="Page …")).to_be_visible()


def test_the_only_zone_is_not_asked_for_and_a_failure_is_said(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703)], may_page=True), zones=[HALL])
    log_in()
    tile(page, 703).focus()
    page.keyboard.press("g")
    assert server.wait_for("page")["zone"] == 2
    server.progress("failed", "quiet_hours", zone="Hall", until="07:00")
    expect(tile(page, 703)).to_contain_text("Hall is not paged until 07:00.")


@pytest.mark.parametrize(("may_page", "zones"), [(False, [HALL]), (True, [])], ids=["no right", "no zone"])
def test_page_is_not_offered(
    page: Page, server: BoardServer, log_in: LogIn, may_page: bool, zones: list[Message]
) -> None:
    server.first = server.snapshot(lot([call(703)], may_page=may_page), zones=zones)
    log_in()
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    expect(page.get_by_role("menuitem", name="Tell somebody")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Page …")).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_notices_are_accessible(page: Page, server: BoardServer, log_in: LogIn, width: int, theme: str) -> None:
    look(page, theme, width)
    sent = notice(id=5, to=8, to_name="Ann Back", sender=3, answer="seen")
    server.first = server.snapshot(lot([call(703)]), notices=[notice(text="please hurry"), sent])
    log_in()
    expect(page.get_by_role("region", name="Notices")).to_be_visible()
    assert_accessible(page)
    assert_not_cut_off(page)
