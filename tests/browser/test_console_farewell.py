"""A sentence for the caller before they are hung up on; the server's side of the socket is the test's."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import THEMES, WIDTHS, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, call, lot
from tests.browser.elements import assert_accessible, free, tile

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = {"lot": 1, "slot": 703, "uniqueid": "1764000000.703"}


@pytest.fixture(autouse=True)
def may_end(server: BoardServer) -> None:
    server.first = server.snapshot(lot([call(703)], may_end=True))


def hang_up(page: Page, server: BoardServer, **answer: str) -> Locator:
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    page.get_by_role("menuitem", name="Hang up").click()
    dialog = page.get_by_role("alertdialog", name="Hang up on Maria Keller? The call is over then.")
    expect(dialog).to_contain_text("Looking whether the caller can be told something first")
    expect(dialog.get_by_label("Say this first")).to_be_disabled()
    asked = server.wait_for("can_say")
    assert asked["lot"] == 1
    if answer:
        server.progress(command=asked["command"], **answer)
    return dialog


def test_a_sentence_is_chosen_changed_and_said(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    dialog = hang_up(page, server, state="done", code="can_say", why="")
    field = dialog.get_by_label("Say this first")
    expect(field).to_be_enabled()
    dialog.get_by_role("button", name="We are closed now.").click()
    expect(field).to_be_focused()
    page.keyboard.type(" Thank you.")
    dialog.get_by_role("button", name="Say it and hang up").click()
    asked = server.wait_for("end")
    words = "We are closed now. Please call again tomorrow. Thank you."
    assert asked == {"type": "end", "command": asked["command"], **PLACE, "message": words}
    server.progress("saying", "saying", command=asked["command"])
    expect(page.get_by_text("Maria Keller hears the message …")).to_be_visible()
    server.change(free(703))
    server.progress("done", "ended_early", command=asked["command"])
    expect(page.get_by_text("Maria Keller hung up before the end of the message.")).to_be_visible()
    log_in()
    server.received.clear()
    dialog = hang_up(page, server, state="done", code="can_say", why="")
    expect(dialog.get_by_label("Say this first")).to_have_value("")
    expect(dialog.get_by_role("button", name=words)).to_be_visible()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"state": "done", "code": "can_say", "why": "no_guard"}, "that needs the dialplan Parkinglot publishes"),
        ({"state": "done", "code": "can_say", "why": "no_speech"}, "espeak-ng is not installed"),
        ({"state": "failed", "code": "link_lost"}, "does not answer just now"),
    ],
)
def test_what_cannot_be_said_is_known_before_the_click(
    page: Page, server: BoardServer, log_in: LogIn, answer: dict[str, str], words: str
) -> None:
    log_in()
    dialog = hang_up(page, server, **answer)
    expect(dialog).to_contain_text(words)
    expect(dialog.get_by_label("Say this first")).to_be_disabled()
    expect(dialog.get_by_role("button", name="We are closed now.")).to_be_hidden()
    dialog.get_by_role("button", name="Hang up").click()
    assert "message" not in server.wait_for("end")


def test_enter_in_an_empty_field_ends_nothing(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    dialog = hang_up(page, server, state="done", code="can_say", why="")
    dialog.get_by_label("Say this first").focus()
    page.keyboard.press("Enter")
    server.settled()
    assert server.count("end") == 0
    server.change(free(703))
    expect(dialog).to_contain_text("This caller is not parked any more.")
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    server.settled()
    assert server.count("end") == 0


def test_a_failure_leaves_the_caller_in_the_tile(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    dialog = hang_up(page, server, state="done", code="can_say", why="")
    dialog.get_by_label("Say this first").fill("a <b> c")
    page.keyboard.press("Enter")
    server.progress("failed", "not_sayable", command=server.wait_for("end")["command"])
    expect(tile(page, 703)).to_contain_text("plain words only")


def test_whether_it_has_ended_is_not_known(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    dialog = hang_up(page, server, state="done", code="can_say", why="")
    dialog.get_by_role("button", name="Nobody is free just now.").click()
    page.keyboard.press("Enter")
    server.wait_for("end")
    server.close(code=1011)
    expect(tile(page, 703)).to_contain_text("it is unknown whether the call with Maria Keller has ended")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_question_is_accessible(page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int) -> None:
    look(page, theme, width)
    log_in()
    dialog = hang_up(page, server, state="done", code="can_say", why="")
    expect(dialog.get_by_label("Say this first")).to_be_enabled()
    assert_accessible(page)
    assert_not_cut_off(page)
