"""A caller is carried to a free slot or a colleague, by mouse and by finger; the orders are those of the menu."""

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.axe import THEMES, WIDTHS, assert_accessible, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, Message, call, lot
from tests.browser.elements import free, tile

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = {"lot": 1, "slot": 703, "uniqueid": "1764000000.703"}
BOB = {"uniqueid": "1764000000.50", "phone": 5, "name": "Bob", "number": "5551", "seconds": 80}


def shop(**changes: Any) -> Message:
    return lot([], id=2, name="shop", label="Workshop", first=720, last=721, **changes)


def middle(node: Locator) -> tuple[float, float]:
    box = node.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 60)


def carry(page: Page, what: Locator, to: Locator | None = None) -> None:
    """Press and move; the button is still down."""
    page.mouse.move(*middle(what))
    page.mouse.down()
    x, y = middle(what)
    page.mouse.move(x + 12, y + 12)
    if to is not None:
        page.mouse.move(*middle(to), steps=3)


def name_of(page: Page, name: str = "Maria Keller") -> Locator:
    return page.locator("#lots .caller", has_text=name)


def ghost(page: Page) -> Locator:
    return page.locator("#carry-ghost")


def colleague(page: Page, name: str) -> Locator:
    return page.locator("#carry-tray li", has_text=name)


def test_a_caller_is_moved_to_a_free_slot(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703), call(704, "Ann", "1")]), shop(), lot([], id=3, may_park=False))
    log_in()
    carry(page, name_of(page), tile(page, 720, "shop"))
    expect(ghost(page)).to_have_text("Move Maria Keller to 720 in Workshop")
    expect(page.locator(".tile.drop")).to_have_count(8 + 2)  # not those of a lot where this person may not park
    page.mouse.up()
    asked = server.wait_for("move")
    assert asked == {"type": "move", "command": "c1", **PLACE, "to_lot": 2, "to_slot": 720}
    expect(ghost(page)).to_be_hidden()
    expect(page.locator(".drop")).to_have_count(0)


def test_a_caller_is_sent_to_a_colleague(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703, for_name="Ann Back", for_phone=8)]))
    log_in()
    carry(page, name_of(page))
    expect(page.locator("#carry-tray li").first).to_have_text("Ann Back (204)")  # for whom the call is
    page.mouse.move(*middle(colleague(page, "Ron Tomson")), steps=3)
    expect(ghost(page)).to_have_text("Send Maria Keller to Ron Tomson")
    page.mouse.up()
    assert server.wait_for("send") == {"type": "send", "command": "c1", **PLACE, "to": 9}
    expect(tile(page, 703)).to_contain_text("Sending to Ron Tomson")


@pytest.mark.parametrize("how", ["Escape", "nowhere", "taken slot", "another window"])
def test_what_is_let_go_elsewhere_does_nothing(page: Page, server: BoardServer, log_in: LogIn, how: str) -> None:
    server.first = server.snapshot(lot([call(703), call(704, "Ann", "1")]))
    log_in()
    carry(page, name_of(page), tile(page, 704 if how == "taken slot" else 705))
    if how == "Escape":
        page.keyboard.press("Escape")
        expect(ghost(page)).to_be_hidden()
    elif how == "nowhere":
        page.mouse.move(3, 300)
        expect(ghost(page)).to_contain_text("let go on a free slot or a colleague")
    elif how == "another window":
        page.evaluate("dispatchEvent(new Event('blur'))")
    page.mouse.up()
    server.settled()
    assert server.count("move") == server.count("send") == 0
    expect(page.locator(".drop")).to_have_count(0)


def test_the_slot_is_taken_before_the_caller_gets_there(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    carry(page, name_of(page), tile(page, 705))
    server.change(call(705, "Ann", "1"))
    expect(tile(page, 705)).to_contain_text("Ann")
    page.mouse.up()
    server.settled()
    assert server.count("move") == 0


def test_a_slot_that_has_just_become_free_is_not_hit(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703), call(704, "Ann", "1")]))
    log_in()
    page.clock.install()
    carry(page, name_of(page), tile(page, 704))
    server.change(free(704))
    expect(tile(page, 704)).to_have_attribute("data-state", "free")
    page.mouse.up()
    expect(page.get_by_text("The board changed under your click")).to_be_visible()
    server.settled()
    assert server.count("move") == 0


def test_a_caller_who_leaves_is_not_carried_on(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    carry(page, name_of(page), tile(page, 705))
    server.change(free(703))
    expect(ghost(page)).to_be_hidden()
    expect(page.get_by_text("This caller is not parked any more.")).to_be_visible()
    page.mouse.up()
    server.settled()
    assert server.count("move") == 0


def test_a_talk_of_mine_is_parked_where_it_is_let_go(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    page.get_by_role("button", name="My calls").click()
    command = server.wait_for("calls")["command"]
    about = {"type": "progress", "command": command, "lot": None, "slot": None}
    server.send(state="watching", code="calls", params={"calls": [BOB]}, **about)
    carry(page, page.locator(".talk-name"), tile(page, 706))
    expect(ghost(page)).to_have_text("Park Bob on 706 in Reception")
    expect(page.locator("#carry-tray")).to_be_hidden()  # a talk is not sent
    page.mouse.up()
    asked = server.wait_for("park")
    parked = {"type": "park", "command": asked["command"], "call": BOB["uniqueid"], "lot": 1, "to_slot": 706}
    assert asked == parked


@pytest.mark.parametrize("what", ["no right", "a colleague's", "not live"])
def test_what_may_not_be_done_cannot_be_carried(page: Page, server: BoardServer, log_in: LogIn, what: str) -> None:
    taken = {"state": "claimed", "claimed_by": "Ron", "claimer": 9} if what == "a colleague's" else {}
    server.first = server.snapshot(lot([call(703, **taken)]), may_retrieve=what != "no right")
    log_in()
    expect(tile(page, 703)).to_contain_text("Maria Keller")
    if what == "not live":
        server.send(type="link", now=1, link={"state": "lost", "since": 1, "reason": ""})
        expect(page.locator("#board")).to_have_attribute("data-link", "lost")
    carry(page, name_of(page), tile(page, 705))
    expect(ghost(page)).to_be_hidden()
    page.mouse.up()
    server.settled()
    assert server.count("move") == 0


def test_buttons_are_buttons_and_numbers_can_be_marked(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    for part in (page.get_by_role("button", name="Retrieve Maria Keller"), page.get_by_text("+493012345")):
        carry(page, part, tile(page, 705))
        expect(ghost(page)).to_be_hidden()
        page.mouse.up()


class Finger:
    """Touches as a browser hears them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def touch(self, kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_finger_carries_after_a_long_press(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    log_in()
    expect(tile(page, 703)).to_contain_text("Maria Keller")
    finger = Finger(page)
    finger.touch("touchStart", *middle(name_of(page)))
    expect(ghost(page)).to_be_visible()
    finger.touch("touchMove", *middle(tile(page, 709)))
    expect(ghost(page)).to_have_text("Move Maria Keller to 709 in Reception")
    finger.touch("touchEnd")
    assert server.wait_for("move")["to_slot"] == 709


def test_a_finger_that_moves_at_once_scrolls(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.set_viewport_size({"width": 390, "height": 400})
    log_in()
    expect(tile(page, 703)).to_contain_text("Maria Keller")
    finger = Finger(page)
    x, y = middle(name_of(page))
    finger.touch("touchStart", x, y)
    for step in range(1, 6):
        finger.touch("touchMove", x, y - 30 * step)
    finger.touch("touchEnd")
    page.wait_for_function("scrollY > 0")
    expect(ghost(page)).to_be_hidden()
    server.settled()
    assert server.count("move") == 0


@pytest.mark.parametrize(("theme", "width"), list(zip(THEMES, WIDTHS, strict=True)))
def test_what_is_shown_meanwhile(page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int) -> None:
    look(page, theme, width)
    log_in()
    carry(page, name_of(page), tile(page, 705))
    expect(ghost(page)).to_be_visible()
    assert_accessible(page)
    assert_not_cut_off(page)
    page.mouse.up()
