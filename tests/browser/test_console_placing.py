"""Moving a caller, giving them more time, hanging up on them, and parking a talk of one's own."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import BoardServer, LogIn, Message, call, lot
from tests.browser.elements import assert_accessible, free, more, retrieve, tile

pytestmark = pytest.mark.django_db(transaction=True)

TALK = {"uniqueid": "1764000000.50", "phone": 5, "name": "Bob", "number": "5551", "seconds": 80}
PLACE = {"lot": 1, "slot": 703, "uniqueid": "1764000000.703"}


def shop(*slots: Message, **changes: object) -> Message:
    return lot(list(slots), id=2, name="shop", label="Workshop", first=720, last=721, **changes)


def test_a_call_is_moved_to_a_free_slot_or_another_lot(page: Page, server: BoardServer, log_in: LogIn) -> None:
    full = lot([call(730, "Full")], id=3, name="f", label="Full", first=730, last=730)
    closed = lot([], id=4, name="c", label="Closed", first=740, last=741, may_park=False)
    server.first = server.snapshot(lot([call(703)], last=704, names={"704": "Pharmacy"}), shop(), full, closed)
    log_in()
    more(page, "Move to")
    dialog = page.get_by_role("dialog", name="Move Maria Keller from 703 to …")
    expect(dialog.get_by_role("option")).to_have_text(
        [
            "Workshop next free slot",
            "701 Reception",
            "702 Reception",
            "704 Pharmacy Reception",
            "720 Workshop",
            "721 Workshop",
        ]
    )
    page.keyboard.press("Enter")
    moved = {"type": "move", "command": "c1", **PLACE}
    assert server.wait_for("move") == {**moved, "to_lot": 2, "to_slot": None}
    server.progress("failed", "lot_full")
    expect(tile(page, 703)).to_contain_text("This lot is full. Choose another one")
    more(page, "Move to")
    page.keyboard.type("pharm")
    server.change(call(720, "Kim Lee"), lot_id=2)
    page.keyboard.press("Enter")
    assert server.wait_for("move", 1) == {**moved, "command": "c2", "to_lot": 1, "to_slot": 704}
    server.change(free(703), {**call(704), "uniqueid": PLACE["uniqueid"]})
    server.send(type="progress", command="c2", state="done", code="moved_to", lot=1, slot=703, params={"to_slot": 704})
    expect(page.get_by_text("Maria Keller is on 704 now.")).to_be_visible()


def test_a_caller_gets_more_time(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703), call(704, "Endless", timeout_at=None)]))
    log_in()
    more(page, "5 minutes more")
    assert server.wait_for("more_time") == {"type": "more_time", "command": "c1", **PLACE, "seconds": 300}
    server.send(type="progress", command="c1", state="done", code="extended", lot=1, slot=703, params={"minutes": 5})
    expect(page.locator("#announcer")).to_have_text("Maria Keller stays 5 minutes longer.")
    page.get_by_role("button", name="More for Endless on 704").click()
    expect(page.get_by_role("menuitem", name="5 minutes more")).to_have_count(0)


def test_hanging_up_asks_first_and_needs_the_right(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    expect(page.get_by_role("menuitem", name="Hang up")).to_have_count(0)
    page.keyboard.press("Escape")
    server.send(**server.snapshot(lot([call(703)], may_end=True)))
    more(page, "Hang up")
    dialog = page.get_by_role("alertdialog", name="Hang up on Maria Keller? The call is over then.")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    more(page, "Hang up")
    dialog.get_by_role("button", name="Hang up").click()
    asked = server.wait_for("end")
    assert asked == {"type": "end", "command": asked["command"], **PLACE}
    assert server.count("end") == 1
    server.change(free(703))
    server.progress("done", "ended", command=asked["command"])
    expect(page.get_by_text("The call with Maria Keller was ended.")).to_be_visible()


def test_who_may_only_hang_up_finds_just_that(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703)], may_end=True), may_retrieve=False)
    log_in()
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    expect(page.get_by_role("menuitem")).to_have_text(["Hang up …"])


def test_a_talk_of_mine_is_parked(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), shop())
    page.clock.install()
    log_in()
    page.get_by_role("button", name="Park my call").click()
    dialog = page.get_by_role("dialog", name="Park my call")
    assert server.wait_for("calls") == {"type": "calls", "command": "c1", "watch": True}
    watching = {"type": "progress", "command": "c1", "state": "watching", "code": "calls", "lot": None, "slot": None}
    server.send(**watching, params={"calls": []})
    expect(dialog).to_contain_text("Your phones are in no call just now.")
    server.send(**watching, params={"calls": [TALK]})
    expect(dialog.get_by_role("option")).to_have_text(["Bob → Reception 1:20", "Bob → Workshop 1:20"])
    page.clock.run_for(3_000)
    expect(dialog.get_by_role("option").first).to_have_text("Bob → Reception 1:23")
    page.keyboard.press("Enter")
    parked = {"type": "park", "command": "c2", "call": "1764000000.50", "lot": 1, "to_slot": None}
    assert server.wait_for("park") == parked
    assert server.wait_for("cancel") == {"type": "cancel", "command": "c1"}  # nobody looks any more
    server.send(type="progress", command="c2", state="done", code="parked", lot=1, slot=None, params={"to_slot": 704})
    expect(page.get_by_text("Parked on 704.")).to_be_visible()
    server.send(**{**watching, "state": "done"}, params={"calls": []})
    page.clock.run_for(5_000)
    server.settled()
    assert server.count("calls") == 1


def test_a_talk_is_parked_in_a_certain_slot_by_keys_alone(page: Page, server: BoardServer, log_in: LogIn) -> None:
    """As it can be dragged there."""
    server.first = server.snapshot(lot([call(704)], names={"705": "Pharmacy"}), shop())
    log_in()
    dialog = parking_with_a_page(page, server)
    page.keyboard.type("704")
    expect(dialog.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Control+A")
    page.keyboard.type("705")
    expect(dialog.get_by_role("option")).to_have_text(["Bob → 705 Pharmacy Reception"])
    page.keyboard.press("Enter")
    asked = server.wait_for("park")
    assert (asked["call"], asked["lot"], asked["to_slot"]) == (TALK["uniqueid"], 1, 705)


def test_who_may_park_nowhere_is_not_offered_it(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703)], may_park=False))
    log_in()
    expect(retrieve(page)).to_be_visible()
    expect(page.get_by_role("button", name="Park my call")).to_be_hidden()
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    expect(page.get_by_role("menuitem", name="Move to")).to_have_count(0)


ZONES = [{"id": 2, "label": "Hall", "repeats": 1}, {"id": 3, "label": "Yard", "repeats": 0}]


def parking_with_a_page(page: Page, server: BoardServer) -> Locator:
    page.get_by_role("button", name="Park my call").click()
    asked = server.wait_for("calls")
    told = {"lot": None, "slot": None, "params": {"calls": [TALK]}}
    server.send(type="progress", command=asked["command"], state="done", code="calls", **told)
    dialog = page.get_by_role("dialog", name="Park my call")
    expect(dialog.locator("#pick-list li")).to_have_count(2)
    return dialog


def test_a_talk_of_mine_is_parked_and_paged_for(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([], may_page=True), shop(), zones=ZONES)
    log_in()
    dialog = parking_with_a_page(page, server)
    expect(dialog.get_by_label("Zone")).to_be_hidden()
    dialog.get_by_label("Then page for somebody").check()
    expect(dialog.locator("#pick-list li")).to_have_text(["Bob → Reception 1:20"])  # no paging in the shop
    dialog.get_by_label("Zone").select_option("Yard")
    dialog.get_by_label("For whom").fill("tom front")
    assert_accessible(page)
    page.keyboard.press("Enter")
    asked = server.wait_for("park")
    where = {"type": "park", "command": asked["command"], "call": TALK["uniqueid"], "lot": 1, "to_slot": None}
    assert asked == {**where, "zone": 3, "for_whom": "Tom Front", "for_phone": 7}
    parked = call(704, "Bob", "5551")
    server.change(parked)
    about = {"command": asked["command"], "lot": 1, "slot": 704}
    on_the_way = {"to_slot": 704, "uniqueid": parked["uniqueid"]}
    server.send(type="progress", state="paging", code="parked_paging", params=on_the_way, **about)
    expect(page.get_by_text("Parked on 704, paging …")).to_be_visible()
    page.get_by_role("button", name="More for Bob on 704").click()
    expect(page.get_by_role("menuitem", name="Stop paging")).to_be_visible()
    page.keyboard.press("Escape")
    failed = {"to_slot": 704, "why": "nobody_to_page", "zone": "Yard"}
    server.send(type="progress", state="failed", code="parked_not_paged", params=failed, **about)
    words = "Parked on 704, but not paged. Every phone in Yard is in a call or switched off."
    expect(tile(page, 704)).to_contain_text(words)
    page.get_by_role("button", name="More for Bob on 704").click()
    expect(page.get_by_role("menuitem", name="Stop paging")).to_have_count(0)
    log_in()
    server.received.clear()
    dialog = parking_with_a_page(page, server)
    expect(dialog.get_by_label("Then page for somebody")).not_to_be_checked()
    dialog.get_by_label("Then page for somebody").check()
    page.keyboard.press("Enter")
    assert (server.wait_for("park")["zone"], server.wait_for("park")["for_whom"]) == (3, "")  # where it was last


def test_without_zones_nothing_is_asked_of_paging(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([], may_page=True), shop())
    log_in()
    dialog = parking_with_a_page(page, server)
    expect(dialog.get_by_label("Then page for somebody")).to_be_hidden()
