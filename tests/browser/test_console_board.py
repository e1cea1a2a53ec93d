"""The console around the callers: take next, the list, the lots' order, the search, the nudge."""

import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import THEMES, WIDTHS, assert_accessible, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, Message, call, link, lot
from tests.browser.elements import free, retrieve, tile
from tests.browser.test_console_missed import missed

pytestmark = pytest.mark.django_db(transaction=True)


def shop(*slots: Message, **changes: object) -> Message:
    return lot(list(slots), id=2, name="shop", label="Workshop", first=720, last=722, **changes)


def waited(slot: int, seconds: int, of: int, name: str = "Kim Lee") -> Message:
    now = int(time.time() * 1000)
    parked = now - seconds * 1000
    return call(slot, name, parked_at=parked, timeout_at=parked + of * 1000)


def take_next(page: Page) -> Locator:
    return page.get_by_role("button", name="Take next", exact=True)


# Take next


def test_take_next_shows_in_the_tile_which_call_it_is(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    page.get_by_label("Ring my phone:").select_option(label="301 Back office")
    take_next(page).dblclick()
    assert server.wait_for("take_next") == {"type": "take_next", "command": "c1", "lot": None, "phone": 6}
    server.progress("claimed", "claimed")
    expect(tile(page, 703)).to_contain_text("Claimed, ringing 301 …")
    expect(take_next(page)).to_be_disabled()
    page.get_by_role("button", name="Stop retrieving Maria Keller").click()
    assert server.wait_for("cancel") == {"type": "cancel", "command": "c1"}
    server.progress("failed", "cancelled")
    expect(retrieve(page)).to_be_visible()
    expect(take_next(page)).to_be_enabled()
    assert server.count("take_next") == 1


def test_take_next_when_nobody_waits_says_so(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703, state="claimed", claimed_by="Ann", claimer=9)]))
    log_in()
    expect(take_next(page)).to_be_disabled()
    said = page.locator(".toast", has_text="Nobody is waiting whom you could take.")
    for _ in range(3):
        take_next(page).click(force=True)
        expect(said).to_have_count(1)  # what is said again covers no more of the board
    assert server.count("take_next") == 0
    said.get_by_role("button", name="Dismiss").click()
    server.change(call(704, "Kim Lee"))
    expect(take_next(page)).to_be_enabled()
    take_next(page).click()
    server.wait_for("take_next")
    server.send(type="progress", command="c1", state="failed", code="nobody_waiting", lot=None, slot=0, params={})
    expect(said).to_be_visible()


SAY = """async (offered) => {
  const { toast } = await import("/static/board/announce.js");
  const undo = { words: "Undo", act: () => {} };
  for (const at of [1, 2, 3, 4, 5]) toast(`Line ${at}`, "plain", at === offered ? undo : undefined);
}"""


def test_lines_at_the_foot_do_not_cover_the_board(page: Page, server: BoardServer, log_in: LogIn) -> None:
    """The newest three; one that can be undone outlives those that only tell, and the last row can be scrolled free."""
    page.set_viewport_size({"width": 1280, "height": 800})
    server.first = server.snapshot(lot([call(slot) for slot in range(701, 741)], last=740))
    log_in()
    expect(retrieve(page)).to_be_visible()
    page.evaluate(SAY, 2)
    lines = page.locator(".toast p")
    expect(lines).to_have_text(["Line 2", "Line 4", "Line 5"])
    page.locator(".toast").get_by_role("button", name="Dismiss").first.click()
    page.locator(".toast").get_by_role("button", name="Dismiss").first.click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    foot, last = page.locator(".toast").bounding_box(), page.locator(".tile").last.bounding_box()
    assert foot
    assert last
    assert last["y"] + last["height"] <= foot["y"]


def test_take_next_of_one_lot(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    in_shop = page.get_by_role("button", name="Take next in Workshop")
    expect(take_next(page)).to_be_visible()
    expect(page.get_by_role("button", name="Take next in")).to_have_count(0)  # one lot needs one button
    server.send(
        **server.snapshot(lot([call(703)]), shop(), lot([], id=3, name="w", label="Watched", may_retrieve=False))
    )
    expect(in_shop).to_be_disabled()
    expect(page.get_by_role("button", name="Take next in Watched")).to_have_count(0)
    server.change(call(720, "Kim Lee"), lot_id=2)
    in_shop.click()
    assert server.wait_for("take_next")["lot"] == 2


# The list


def test_the_list_is_sorted_by_waiting_and_does_the_same(page: Page, server: BoardServer, log_in: LogIn) -> None:
    lots = [lot([waited(701, 10, 300, "Young"), waited(702, 100, 300, "Old")]), shop(waited(720, 50, 300, "Middle"))]
    server.first = server.snapshot(*lots)
    log_in()
    page.get_by_label("List").check(force=True)
    rows = page.get_by_role("region", name="All callers, the longest waiting first").get_by_role("listitem")
    expect(rows.locator(".caller")).to_have_text(["Old", "Middle", "Young"])
    expect(tile(page, 701)).to_be_hidden()
    page.get_by_role("button", name="Retrieve Middle from 720 in Workshop").click()
    assert server.wait_for("retrieve")["lot"] == 2
    page.get_by_role("button", name="More for Old on 702 in Reception").click()
    page.get_by_role("menuitem", name="I’m on it").click()
    assert server.wait_for("claim")["slot"] == 702
    server.change(free(702))
    expect(rows.locator(".caller")).to_have_text(["Middle", "Young"])
    page.reload()
    expect(rows).to_have_count(3)  # remembered
    page.get_by_label("Tiles").check(force=True)
    expect(tile(page, 701)).to_be_visible()
    expect(rows).to_have_count(0)


def test_a_line_that_came_up_is_not_retrieved(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([waited(701, 100, 300, "Old"), waited(702, 50, 300, "Young")]))
    log_in()
    page.get_by_label("List").check(force=True)
    young = page.get_by_role("button", name="Retrieve Young from 702")
    expect(young).to_be_visible()
    page.clock.install()
    page.clock.pause_at(time.time() + 5)
    server.change(free(701))
    expect(page.locator(".row")).to_have_count(1)
    young.click()
    expect(page.get_by_text("The board changed under your click")).to_be_visible()
    assert server.count("retrieve") == 0
    page.clock.run_for(600)
    young.click()
    server.wait_for("retrieve")


def test_an_empty_list_says_so(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]))
    log_in()
    page.get_by_label("List").check(force=True)
    expect(page.get_by_text("Nobody to show here")).to_be_visible()


# Lots


def names_of_lots(page: Page) -> list[str]:
    return page.locator(".lot h2").all_inner_texts()


def test_lots_are_mine_first_pinned_before_all_and_remembered(page: Page, server: BoardServer, log_in: LogIn) -> None:
    watched = lot([], id=3, name="w", label="Watched", first=730, last=731, may_retrieve=False)
    server.first = server.snapshot(watched, lot([call(703)]), shop())
    log_in()
    expect(tile(page, 703)).to_be_visible()
    assert names_of_lots(page) == ["Reception", "Workshop", "Watched"]
    page.get_by_role("button", name="Keep Watched at the top").click()
    assert names_of_lots(page) == ["Watched", "Reception", "Workshop"]
    expect(page.get_by_role("button", name="Keep Watched at the top", pressed=True)).to_be_focused()
    page.get_by_role("button", name="Reception", exact=True).click()
    expect(page.get_by_role("button", name="Reception", exact=True, expanded=False)).to_be_visible()
    expect(tile(page, 703)).to_be_hidden()
    expect(page.get_by_role("region", name="Reception")).to_contain_text("longest 0:1")
    page.reload()
    expect(page.get_by_role("button", name="Reception", exact=True, expanded=False)).to_be_visible()
    assert names_of_lots(page) == ["Watched", "Reception", "Workshop"]
    page.get_by_label("Find a caller").fill("keller")
    expect(tile(page, 703)).to_be_visible()  # what is looked for is not hidden by a fold
    page.get_by_label("Find a caller").fill("")
    page.get_by_role("button", name="Reception", exact=True).click()
    expect(tile(page, 703)).to_be_visible()


# Search


@pytest.mark.parametrize("search", ["kim", "5551", "702", "INVOICE", "pharm", "kim invoice", "tom"])
def test_callers_are_found_by_all_that_is_known(page: Page, server: BoardServer, log_in: LogIn, search: str) -> None:
    kim = call(
        702, "Kim Lee", "5551", note="the invoice", for_name="Tom", parker={"name": "", "number": "", "device": ""}
    )
    bob = call(703, "Bob", "99", parker={"name": "", "number": "", "device": ""})
    server.first = server.snapshot(lot([kim, bob], names={"702": "Pharmacy"}))
    log_in()
    page.get_by_label("Find a caller").fill(search)
    expect(page.locator(".tile:visible")).to_have_count(1)
    expect(tile(page, 702)).to_be_visible()
    server.change(call(705, "Kim Two", "5551 702 tom", note="invoice pharm"))
    expect(tile(page, 705)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tile:visible")).to_have_count(10)


# Nudge


COUNT_TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };
"""


def test_the_nudge_is_off_until_it_is_switched_on(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.add_init_script(COUNT_TONES)
    page.clock.install()
    server.first = server.snapshot(lot([waited(701, 49, 100)]))
    log_in()
    expect(tile(page, 701)).to_be_visible()
    page.clock.run_for(3000)
    assert page.evaluate("window.tones") == 0
    expect(page.locator(".nudged")).to_have_count(0)


def test_a_nudge_at_half_time_and_before_the_end(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.add_init_script(COUNT_TONES)
    page.clock.install()
    held = {**waited(703, 49, 100), "state": "claimed", "claimed_by": "Ann", "claimer": 9}
    server.first = server.snapshot(lot([waited(701, 40, 100), waited(702, 60, 100), held]))
    log_in()
    page.locator(".menu summary").click()
    page.get_by_role("switch", name="Sound when a caller waits long").check()
    tones = page.evaluate("window.tones")
    assert tones > 0  # so it will sound
    page.clock.run_for(3000)
    assert page.evaluate("window.tones") == tones  # nobody has crossed a line yet
    page.clock.run_for(10_000)
    assert page.evaluate("window.tones") == tones + 2  # 701: half its time
    expect(page.locator(".nudged")).to_have_attribute("data-slot", "701")
    page.clock.run_for(16_000)
    assert page.evaluate("window.tones") == tones + 5  # 702: soon back
    page.reload()
    page.locator(".menu summary").click()
    expect(page.get_by_role("switch", name="Sound")).to_be_checked()  # remembered


# Everybody


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_console(
    page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int
) -> None:
    look(page, theme, width)
    mine = {"state": "claimed", "claimed_by": "Rita Desk", "claimer": 3}
    slots = [
        call(701, note="wants the invoice " * 9, for_name="Tom Front", for_phone=7),
        call(702, "Kim Lee", **mine),
        call(703, "Bob", note="short"),
        waited(704, 95, 100, "Ann"),
        call(705, "Sue"),
    ]
    watched = lot([call(730)], id=3, name="w", label="Watched", first=730, last=731, may_retrieve=False)
    server.first = server.snapshot(lot(slots), shop(), watched, missed=[missed(for_name="Tom", note="about the car")])
    log_in()
    page.get_by_role("button", name="More for Sue on 705").click()
    assert_accessible(page)
    page.get_by_role("menuitem", name="Send to").click()
    assert_accessible(page)
    page.keyboard.press("Enter")
    server.progress("ringing", "ringing")
    assert_accessible(page)
    page.get_by_role("button", name="Note, for whom: Maria Keller on 701").click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Done with Otto Lost, with a remark").click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_label("List").check(force=True)
    assert_accessible(page)
    assert_not_cut_off(page)
    page.keyboard.press("Escape")
    page.locator(".menu summary").click()
    assert_accessible(page)
    page.get_by_role("button", name="Keys of the board").click()
    assert_accessible(page)
    page.keyboard.press("Escape")
    server.send(type="link", now=int(time.time() * 1000), link=link("lost"))
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("shape", ["Tiles", "List"])
@pytest.mark.parametrize("width", [320, 700, 3840])
def test_nothing_of_the_console_is_cut_off(
    page: Page, server: BoardServer, log_in: LogIn, width: int, shape: str
) -> None:
    look(page, "light", width)
    long = {"note": "word" * 70, "for_name": "Bartholomew " * 6}
    slots = [call(703, "Bartholomew " * 9, "+4930" * 9, **long)]
    server.first = server.snapshot(lot(slots), shop(), missed=[missed(91, "Bartholomew " * 9, **long)], demo=True)
    log_in()
    page.get_by_label(shape).check(force=True)
    button = page.locator(".retrieve:visible")
    expect(button).to_be_visible()
    assert_not_cut_off(page)
    if width == 320:
        for thumb in (button, take_next(page), page.locator(".more:visible")):
            box = thumb.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["x"] + box["width"] <= 320
