"""Missed callers: settled, brought back, called back, and never clicked by mistake."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BoardServer, LogIn, Message, call, lot
from tests.browser.elements import tile

pytestmark = pytest.mark.django_db(transaction=True)


def missed(number: int = 91, name: str = "Otto Lost", **changes: object) -> Message:
    caller = {"name": name, "number": "+4930777"}
    at = int(time.time() * 1000) - 600_000
    facts = {"id": number, "lot": 1, "slot": 703, "waited": 75, "left_at": at, "note": "", "for_name": ""}
    return {**facts, "caller": caller, **changes}


def test_missed_callers_are_settled_and_brought_back(page: Page, server: BoardServer, log_in: LogIn) -> None:
    listed = [missed(note="about the car", for_name="Tom Front")]
    server.first = server.snapshot(lot([call(703)]), missed=listed)  # somebody else is parked in that slot now
    log_in()
    section = page.get_by_role("region", name="Missed callers")
    for words in ("Otto Lost", "+4930777", "waited 1:15 on 703 in Reception, hung up at", "for Tom", "about the car"):
        expect(section).to_contain_text(words)
    section.get_by_role("button", name="Done with Otto Lost", exact=True).click()
    settled = {"type": "settle", "command": "c1", "missed": 91, "remark": "", "undo": False}
    assert server.wait_for("settle") == settled
    server.send(type="missed", missed=[])
    server.progress("done", "settled")
    expect(section).to_contain_text("none in the last 24 hours")
    expect(page.get_by_text("Otto Lost is off the list.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    assert server.wait_for("settle", 1) == {**settled, "command": "c2", "undo": True}
    server.send(type="missed", missed=[missed()])
    server.progress("done", "unsettled", command="c2")
    expect(page.get_by_text("Otto Lost is on the list again.")).to_be_visible()
    expect(section).to_contain_text("Otto Lost")


def test_a_missed_caller_is_called_back(page: Page, server: BoardServer, log_in: LogIn) -> None:
    nameless = missed(90, "", caller={"name": "", "number": ""})
    server.first = server.snapshot(lot([call(703)]), missed=[missed(), nameless])
    log_in()
    button = page.get_by_role("button", name="Call back Otto Lost")
    expect(button).to_be_visible()
    expect(page.get_by_role("button", name="Call back")).to_have_count(1)  # there is no number to call
    button.click()
    assert server.wait_for("call_back") == {"type": "call_back", "command": "c1", "missed": 91, "phone": 5}
    row = page.locator(".missed-row").first
    expect(row).to_be_focused()
    expect(row).to_contain_text("Calling your phone …")
    server.progress("ringing", "ringing", phone="201")
    expect(row).to_contain_text("Phone 201 is ringing: pick up, then Otto Lost is called")
    expect(tile(page, 703).get_by_role("button", name="Stop")).to_have_count(0)
    page.get_by_role("button", name="Stop calling back Otto Lost").click()
    assert server.wait_for("cancel") == {"type": "cancel", "command": "c1"}
    server.progress("failed", "cancelled")
    expect(page.get_by_text("Stopped. Nobody was called.")).to_be_visible()
    expect(row).to_contain_text("waited 1:15")
    button.click()
    server.progress("done", "calling_back", command="c2", number="+4930777")
    expect(page.get_by_text("Calling +4930777 …")).to_be_visible()
    expect(button).to_be_visible()  # until somebody says that it is done


def test_a_remark_outlives_a_failure(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), missed=[missed()])
    log_in()
    page.get_by_role("button", name="Done with Otto Lost, with a remark").click()
    dialog = page.get_by_role("dialog", name="Done with Otto Lost")
    page.keyboard.type("comes tomorrow")
    page.keyboard.press("Enter")
    assert server.wait_for("settle")["remark"] == "comes tomorrow"
    server.progress("failed", "bridge_silent")
    expect(dialog).to_contain_text("The bridge did not answer.")
    expect(dialog.get_by_label("Remark")).to_have_value("comes tomorrow")
    dialog.get_by_role("button", name="Done", exact=True).click()
    server.progress("done", "settled", command="c2")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_somebody_else_was_quicker_with_a_missed_caller(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), missed=[missed()])
    log_in()
    page.get_by_role("button", name="Done with Otto Lost, with a remark").click()
    server.send(type="missed", missed=[])
    expect(page.get_by_role("dialog")).to_contain_text("This caller is not on the list any more.")


def test_a_line_that_came_up_under_the_finger_is_not_clicked(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), missed=[missed(), missed(90, "Kim Lee")])
    log_in()
    expect(page.get_by_text("Kim Lee")).to_be_visible()
    page.clock.install()
    page.clock.pause_at(time.time() + 5)
    page.get_by_role("button", name="Done with Otto Lost", exact=True).focus()
    server.send(type="missed", missed=[missed(90, "Kim Lee")])
    expect(page.get_by_text("Otto Lost")).to_have_count(0)
    expect(page.locator(".missed-row")).to_be_focused()  # the line, not its button
    page.get_by_role("button", name="Done with Kim Lee", exact=True).click()
    expect(page.get_by_text("The board changed under your click")).to_be_visible()
    assert server.count("settle") == 0
    page.clock.run_for(600)
    page.get_by_role("button", name="Done with Kim Lee", exact=True).click()
    assert server.wait_for("settle")["missed"] == 90
