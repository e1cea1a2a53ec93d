"""Promises of the board's picture, with the server's side of the socket played by the test (docs/protocol.md)."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BoardServer, LogIn, call, lot
from tests.browser.elements import free, retrieve, tile

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_snapshot_is_drawn_in_number_order(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(
        lot([call(703), call(733, "Odd One"), call(705, "", ""), call(706, "", "0171")]),
        lot([], id=2, name="shop", label="Workshop", first=720, last=722),
    )
    log_in()
    expect(tile(page, 733)).to_be_visible()
    numbers = page.locator('.tile[data-lot="reception"]').evaluate_all("tiles => tiles.map(t => t.dataset.slot)")
    assert numbers == [str(slot) for slot in [*range(701, 711), 733]]
    reception = page.get_by_role("region", name="Reception")
    expect(reception).to_contain_text("4 of 10 occupied")
    expect(reception).to_have_attribute("data-revision", "12")
    expect(page.get_by_role("region", name="Workshop")).to_contain_text("Nobody is waiting")
    expect(tile(page, 703)).to_have_attribute("data-uniqueid", "1764000000.703")
    for words in ("Maria Keller", "+493012345", "parked by Tom Front (203)", "Waiting", "returns in 4:"):
        expect(tile(page, 703)).to_contain_text(words)
    expect(tile(page, 705)).to_contain_text("Unknown caller")
    expect(tile(page, 706).locator(".caller")).to_have_text("0171")
    expect(tile(page, 733)).to_contain_text("outside the lot’s range")
    expect(tile(page, 701)).to_have_attribute("data-state", "free")
    expect(tile(page, 701)).to_have_attribute("data-uniqueid", "")


def test_age_is_said_in_words(page: Page, server: BoardServer, log_in: LogIn) -> None:
    now = int(time.time() * 1000)
    server.first = server.snapshot(
        lot(
            [
                call(701, parked_at=now - 10_000, timeout_at=now + 90_000),
                call(702, parked_at=now - 60_000, timeout_at=now + 40_000),
                call(703, parked_at=now - 30_000, timeout_at=now + 14_000),
                call(704, parked_at=now - 119_000, timeout_at=None),
                call(705, parked_at=now - 130_000, timeout_at=None),
                call(706, state="claimed", claimed_by="Ann"),
            ]
        )
    )
    log_in()
    for slot, words in ((701, "Waiting"), (702, "Waiting long"), (703, "Returning soon"), (705, "Waiting long")):
        expect(tile(page, slot).locator(".chip")).to_have_text(words)
    expect(tile(page, 706)).to_contain_text("Ann is taking it")
    expect(tile(page, 706).get_by_role("button", name="Retrieve")).to_have_count(0)
    expect(tile(page, 704).locator(".chip")).to_have_text("Waiting long", timeout=3000)  # time alone makes it so


def test_times_follow_the_servers_clock(page: Page, server: BoardServer, log_in: LogIn) -> None:
    ahead = int(time.time() * 1000) + 3_600_000
    server.first = server.snapshot(lot([call(703, parked_at=ahead - 65_000, timeout_at=None)]), now=ahead)
    log_in()
    expect(tile(page, 703)).to_contain_text(re.compile(r"waited 1:0[5-9]"))


def test_a_change_is_drawn_in_place(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(retrieve(page)).to_be_visible()
    page.evaluate("window.before = [...document.querySelectorAll('.tile')]")
    places = page.locator(".tile").evaluate_all("tiles => tiles.map(t => JSON.stringify(t.getBoundingClientRect()))")
    server.change(free(703), call(702, "Kim Lee"))
    expect(tile(page, 702)).to_contain_text("Kim Lee")
    expect(tile(page, 703)).to_have_attribute("data-state", "free")
    assert page.evaluate("window.before.every((tile, i) => tile === document.querySelectorAll('.tile')[i])")
    assert places == page.locator(".tile").evaluate_all(
        "tiles => tiles.map(t => JSON.stringify(t.getBoundingClientRect()))"
    )
    expect(page.locator("#announcer")).to_have_text(
        "Kim Lee parked on 702 in Reception. Maria Keller left 703 in Reception."
    )


def test_many_changes_are_announced_in_one_breath(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(retrieve(page)).to_be_visible()
    server.change(*[call(slot) for slot in range(704, 709)], free(703))
    expect(page.locator("#announcer")).to_have_text("5 calls parked, 1 left.")


def test_an_old_change_is_ignored_and_a_gap_asks_once(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(retrieve(page)).to_be_visible()
    server.change(free(703), after=10, revision=12)  # known already
    server.change(call(701, "Next"), after=12, revision=14)
    expect(tile(page, 701)).to_contain_text("Next")
    server.change(call(702, "Overlap"), after=13, revision=15)
    expect(tile(page, 702)).to_contain_text("Overlap")
    expect(tile(page, 703)).to_have_attribute("data-state", "parked")
    assert server.count("resync") == 0
    server.change(free(701), after=17, revision=18)
    server.wait_for("resync")
    server.change(free(702), after=15, revision=16)  # does not count before the snapshot
    server.change(free(702), after=18, revision=19)
    page.wait_for_timeout(200)
    assert server.count("resync") == 1
    expect(tile(page, 702)).to_have_attribute("data-state", "parked")
    server.send(**server.snapshot(lot([call(709, "After")], revision=19)))
    expect(tile(page, 709)).to_contain_text("After")
    expect(tile(page, 702)).to_have_attribute("data-state", "free")
    server.change(free(709), after=19, revision=20)
    expect(tile(page, 709)).to_have_attribute("data-state", "free")


def test_a_beat_is_answered_and_one_that_is_ahead_asks_again(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(retrieve(page)).to_be_visible()
    server.send(type="beat", beat=7, now=int(time.time() * 1000), revisions={"1": 12})
    assert server.wait_for("ack") == {"type": "ack", "beat": 7}
    assert server.count("resync") == 0
    server.send(type="beat", beat=8, now=int(time.time() * 1000), revisions={"1": 13})
    server.wait_for("resync")


def test_no_lots_says_what_to_do(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot()
    log_in()
    expect(page.get_by_role("heading", name="No parking lots to show")).to_be_visible()
    expect(page.get_by_text("Ask an administrator to put a parking lot on the board")).to_be_visible()


def test_a_callers_name_is_text_and_never_markup(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703, "<img src=x onerror=alert(1)>")]))
    log_in()
    expect(tile(page, 703).locator(".caller")).to_have_text("<img src=x onerror=alert(1)>")
