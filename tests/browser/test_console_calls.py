"""What is done with one caller beside Retrieve: send, note, claim; the server's side of the socket is the test's."""

import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import COLLEAGUES, BoardServer, LogIn, Message, call, link, lot
from tests.browser.elements import free, more, retrieve, tile

pytestmark = pytest.mark.django_db(transaction=True)

TALK = {"uniqueid": "1764000000.50", "phone": 5, "name": "Bob", "number": "5551", "seconds": 80}
PLACE = {"lot": 1, "slot": 703, "uniqueid": "1764000000.703"}


def note_dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Maria Keller on 703")


def open_note(page: Page) -> Locator:
    more(page, "Note, for whom")
    return note_dialog(page)


def claimed(by: str, user: int) -> Message:
    return call(703, state="claimed", claimed_by=by, claimer=user)


def test_send_rings_a_colleague_and_the_call_stays(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    more(page, "Send to")
    dialog = page.get_by_role("dialog", name="Send Maria Keller from 703 to …")
    expect(dialog.get_by_role("option")).to_have_text(["Tom Front 203", "Ann Back 204", "Ron Tomson 205"])
    page.keyboard.type("tom")
    expect(dialog.get_by_role("option")).to_have_text(["Tom Front 203", "Ron Tomson 205"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert server.wait_for("send") == {"type": "send", "command": "c1", **PLACE, "to": 9}
    expect(dialog).to_be_hidden()
    expect(tile(page, 703)).to_be_focused()  # its button has gone while a phone rings
    server.progress("ringing", "ringing", phone="205")
    expect(tile(page, 703)).to_contain_text("Ringing Ron Tomson (205) …")
    server.change(claimed("Ron Tomson", 9))
    expect(page.get_by_role("button", name="Stop ringing for Maria Keller")).to_be_visible()
    server.change(free(703), after=13, revision=14)
    server.progress("connected", "connected", phone="205")
    expect(page.get_by_text("Ron Tomson (205) has taken Maria Keller.")).to_be_visible()


def test_enter_sends_to_the_one_the_call_is_for(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703, for_name="Ann Back", for_phone=8)]))
    log_in()
    more(page, "Send to")
    page.keyboard.press("Enter")
    assert server.wait_for("send")["to"] == 8


def test_a_colleague_who_declines_is_told_in_the_tile(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    more(page, "Send to")
    page.get_by_role("option", name="Tom Front").click()
    server.progress("ringing", "ringing", phone="203")
    server.progress("failed", "phone_declined", phone="203")
    expect(tile(page, 703)).to_contain_text("Tom Front (203) declined. Maria Keller is still parked.")
    expect(retrieve(page)).to_be_visible()


def test_a_sent_call_can_be_stopped(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    more(page, "Send to")
    page.keyboard.press("Enter")
    server.progress("ringing", "ringing", phone="203")
    page.get_by_role("button", name="Stop ringing for Maria Keller").click()
    assert server.wait_for("cancel") == {"type": "cancel", "command": "c1"}


def test_sending_keeps_up_with_the_board(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    more(page, "Send to")
    dialog = page.get_by_role("dialog")
    page.keyboard.type("nobody")
    expect(dialog.get_by_text("No colleague has that name or number.")).to_be_visible()
    page.keyboard.press("Enter")
    newcomer = {"id": 10, "number": "299", "name": "Mr Nobody"}
    server.send(**server.snapshot(lot([call(703)]), colleagues=[*COLLEAGUES, newcomer]))
    expect(dialog.get_by_role("option")).to_have_text(["Mr Nobody 299"])  # what was typed stays
    server.change(free(703))
    expect(dialog).to_contain_text("This caller is not parked any more.")
    page.keyboard.press("Enter")
    server.settled()
    assert server.count("send") == 0


def test_a_note_is_written_and_shown(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    dialog = open_note(page)
    expect(dialog.get_by_label("For whom")).to_be_focused()
    page.keyboard.type("tom front")
    page.keyboard.press("Tab")
    page.keyboard.type("wants the invoice")
    page.keyboard.press("Enter")
    written = {"note": "wants the invoice", "for_name": "Tom Front", "for_phone": 7}
    assert server.wait_for("note") == {"type": "note", "command": "c1", **PLACE, **written}
    expect(dialog).to_contain_text("Saving …")
    server.change(call(703, **written))
    server.progress("done", "noted")
    expect(dialog).to_be_hidden()
    expect(tile(page, 703)).to_contain_text("for Tom Front")
    expect(tile(page, 703).get_by_title("wants the invoice")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)  # the tile says it already
    expect(page.locator("#announcer")).to_have_text("Noted.")


@pytest.mark.parametrize(
    ("typed", "name", "phone"),
    [
        ("Tom Front (203)", "Tom Front", 7),
        ("204", "Ann Back", 8),
        ("Tom", "Tom", None),
        ("the workshop", "the workshop", None),
    ],
)
def test_for_whom_is_a_colleague_or_any_name(
    page: Page, server: BoardServer, log_in: LogIn, typed: str, name: str, phone: int | None
) -> None:
    log_in()
    dialog = open_note(page)
    dialog.get_by_label("For whom").fill(typed)
    dialog.get_by_role("button", name="Save").click()
    sent = server.wait_for("note")
    assert (sent["for_name"], sent["for_phone"], sent["note"]) == (name, phone, "")


def test_what_was_typed_outlives_a_failed_save(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    dialog = open_note(page)
    dialog.get_by_label("Note").fill("urgent")
    dialog.get_by_role("button", name="Save").click()
    server.progress("failed", "link_lost")
    expect(dialog).to_contain_text("nothing was saved. Try again in a moment.")
    expect(dialog.get_by_label("Note")).to_have_value("urgent")
    dialog.get_by_role("button", name="Save").click()
    server.progress("done", "noted", command="c2")
    expect(dialog).to_be_hidden()


def test_what_was_typed_outlives_a_lost_connection_a_login_and_other_news(
    page: Page, server: BoardServer, log_in: LogIn
) -> None:
    log_in()
    dialog = open_note(page)
    dialog.get_by_label("Note").fill("urgent")
    dialog.get_by_role("button", name="Save").click()
    server.wait_for("note")
    server.close(code=4012)
    expect(dialog).to_contain_text("it is unknown whether this was saved")
    expect(dialog.get_by_label("Note")).to_have_value("urgent")
    expect(page.locator("#board")).to_have_attribute("data-link", "hearing")
    server.change(call(705, "Kim Lee"))
    expect(dialog.get_by_label("Note")).to_have_value("urgent")
    page.reload()
    expect(open_note(page).get_by_label("Note")).to_have_value("urgent")
    expect(dialog).to_contain_text("You typed this before and it is not saved yet.")
    page.keyboard.press("Escape")  # by mistake
    expect(open_note(page).get_by_label("Note")).to_have_value("urgent")
    dialog.get_by_role("button", name="Discard").click()
    expect(open_note(page).get_by_label("Note")).to_have_value("")


def test_a_caller_who_left_leaves_the_text_to_be_copied(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    dialog = open_note(page)
    dialog.get_by_label("Note").fill("urgent")
    server.change(free(703))
    expect(dialog).to_contain_text("This caller is not parked any more")
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Copy the note").click()
    expect(dialog).to_contain_text("Copied.")
    assert server.count("note") == 0
    dialog.get_by_label("Note").fill("")
    page.keyboard.press("Control+V")
    expect(dialog.get_by_label("Note")).to_have_value("urgent")


def test_what_somebody_else_writes_meanwhile_is_told(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    dialog = open_note(page)
    server.change(call(703, note="about the car"))
    expect(dialog.get_by_label("Note")).to_have_value("about the car")  # nothing was typed here
    dialog.get_by_label("Note").fill("about the car, urgent")
    server.change(call(703, note="about the bike", for_name="Ann"), after=13, revision=14)
    expect(dialog).to_contain_text("Somebody has changed it meanwhile: “for Ann: about the bike”")
    expect(dialog.get_by_label("Note")).to_have_value("about the car, urgent")


def test_im_on_it_and_give_back(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    more(page, "I’m on it")
    assert server.wait_for("claim") == {"type": "claim", "command": "c1", **PLACE}
    server.change(claimed("Rita Desk", 3))
    server.progress("done", "held")
    expect(tile(page, 703)).to_contain_text("You are on it")
    expect(retrieve(page)).to_be_visible()
    more(page, "Give back")
    assert server.wait_for("unclaim") == {"type": "unclaim", "command": "c2", **PLACE}
    server.change(call(703), after=13, revision=14)
    server.progress("done", "given_back", command="c2")
    expect(tile(page, 703)).not_to_contain_text("You are on it")
    expect(page.locator("#announcer")).to_contain_text("Given back")


def test_a_claim_that_came_second_says_who_was_first(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    more(page, "I’m on it")
    server.change(claimed("Ann Back", 9))
    server.progress("failed", "claimed_by", by="Ann Back")
    expect(tile(page, 703)).to_contain_text("Ann Back is taking this call just now.")
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    expect(page.get_by_role("menuitem", name="Note, for whom")).to_be_visible()  # everybody's
    expect(page.get_by_role("menuitem", name="Send to")).to_have_count(0)
    expect(page.get_by_role("menuitem", name="I’m on it")).to_have_count(0)


def test_the_menu_is_for_the_keyboard_too(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    button = page.get_by_role("button", name="More for Maria Keller on 703")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu", name="Maria Keller on 703 in Reception")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Send to")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="5 minutes more")).to_be_focused()
    server.change(call(701, "Kim Lee"))
    expect(page.get_by_role("menuitem", name="5 minutes more")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    button.click()
    button.click()  # beside the open menu: it closes
    expect(page.get_by_role("menu")).to_be_hidden()


def test_nothing_can_be_done_with_an_old_picture(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(retrieve(page)).to_be_visible()
    server.send(type="link", now=int(time.time() * 1000), link=link("lost"))
    expect(retrieve(page)).to_be_disabled()
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    expect(page.get_by_role("menuitem", name="I’m on it")).to_be_disabled()
    page.get_by_role("menuitem", name="I’m on it").click(force=True)
    server.settled()
    assert server.count("claim") == 0


def test_watchers_read_notes_and_write_none(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703, note="about the car", for_name="Tom")]), may_retrieve=False)
    log_in()
    expect(tile(page, 703)).to_contain_text("for Tom")
    expect(tile(page, 703)).to_contain_text("about the car")
    expect(tile(page, 703).get_by_role("button")).to_have_count(0)


def test_a_long_note_is_whole_when_it_has_the_focus_and_moves_nothing(
    page: Page, server: BoardServer, log_in: LogIn
) -> None:
    log_in()
    expect(retrieve(page)).to_be_visible()
    place = retrieve(page).bounding_box()
    server.change(call(703, note="word " * 60, for_name="Tom"))
    note = tile(page, 703).locator(".memo-note")
    expect(note).to_contain_text("word")
    assert note.evaluate("note => note.clientHeight < note.scrollHeight")
    tile(page, 703).get_by_role("button", name="Note, for whom").focus()
    assert note.evaluate("note => note.clientHeight >= note.scrollHeight")
    assert retrieve(page).bounding_box() == place
