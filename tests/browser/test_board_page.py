"""Promises of the board's page, with the server's side of the socket played by the test (docs/protocol.md)."""

import re
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.template.loader import get_template
from django.test import Client
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from dashboard.words import PROGRESS
from tests.browser.conftest import BoardServer, LogIn, Message, call, link, lot

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = [1280, 390]
THEMES = ["light", "dark"]
PROTOCOL = (Path(settings.BASE_DIR) / "docs" / "protocol.md").read_text(encoding="utf-8")
CODES = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", PROTOCOL, re.MULTILINE))


def tile(page: Page, slot: int, lot_name: str = "reception") -> Locator:
    return page.locator(f'.tile[data-lot="{lot_name}"][data-slot="{slot}"]')


def board(page: Page) -> Locator:
    return page.locator("#board")


def retrieve(page: Page) -> Locator:
    return page.get_by_role("button", name="Retrieve Maria Keller from 703")


def free(slot: int) -> Message:
    return {"slot": slot, "state": "free"}


# Pages


def test_login_keeps_the_way_and_says_what_to_do_about_a_wrong_password(
    page: Page, server: BoardServer, type_login: LogIn
) -> None:
    type_login("/?from=mail", password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("Check both")
    page.get_by_label("Password").fill("desk-desk-desk")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile(r"/\?from=mail$"))
    expect(board(page)).to_have_attribute("data-link", "hearing")


def test_log_out_says_so(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    page.get_by_text("Rita Desk").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="You are logged out")).to_be_visible()
    assert_accessible(page)


def test_without_the_right_the_page_says_whom_to_ask(person: User, client: Client) -> None:
    person.user_permissions.clear()
    client.force_login(person)
    answer = client.get("/")
    assert answer.status_code == 403
    assert "Ask an administrator" in answer.content.decode()


def test_an_unknown_address_leads_back_to_the_board(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "Go to the board" in answer.content.decode()


def test_the_page_of_a_fault_needs_neither_request_nor_database() -> None:
    assert "tell an administrator" in get_template("500.html").render()


def test_every_code_of_the_protocol_has_a_sentence() -> None:
    assert len(CODES) > 20
    assert CODES.keys() <= PROGRESS.keys()


def test_both_ways_to_the_dark_theme_name_the_same_colours() -> None:
    tokens = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    chosen, system = re.findall(r"(?:theme=\"dark\"\]|theme=\"light\"\]\)) \{(.*?)\}", tokens, re.DOTALL)
    assert chosen.split() == system.split()


# The picture


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
    expect(tile(page, 706).get_by_role("button")).to_have_count(0)
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
    expect(page.get_by_role("heading", name="No parking lots yet")).to_be_visible()
    expect(page.get_by_text("Ask an administrator to set up")).to_be_visible()


def test_a_callers_name_is_text_and_never_markup(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703, "<img src=x onerror=alert(1)>")]))
    log_in()
    expect(tile(page, 703).locator(".caller")).to_have_text("<img src=x onerror=alert(1)>")


# Whether it is live


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("lost", "Cannot hear Asterisk since"),
        ("refused", "Ask an administrator"),
        ("silent", "The bridge does not answer since"),
    ],
)
def test_a_lost_link_is_said_and_greys_the_tiles(
    page: Page, server: BoardServer, log_in: LogIn, state: str, words: str
) -> None:
    log_in()
    expect(retrieve(page)).to_be_enabled()
    place = retrieve(page).bounding_box()
    server.send(type="link", now=int(time.time() * 1000), link=link(state, "Connection refused"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(words)
    expect(alert).to_contain_text("What you see is the last known picture")
    expect(alert).to_contain_text("Reason: Connection refused")
    expect(board(page)).to_have_attribute("data-link", state)
    expect(retrieve(page)).to_be_disabled()
    retrieve(page).click(force=True)
    page.wait_for_timeout(100)
    assert server.count("retrieve") == 0
    assert retrieve(page).bounding_box() == place  # the bar pushes nothing away
    waited = tile(page, 703).locator('[data-part="waited"]').inner_text()
    page.wait_for_timeout(1200)
    expect(tile(page, 703).locator('[data-part="waited"]')).to_have_text(waited)  # an old picture has stopped clocks
    server.send(type="link", now=int(time.time() * 1000), link=link())
    expect(alert).to_be_hidden()
    expect(retrieve(page)).to_be_enabled()
    expect(page.locator("#announcer")).to_have_text("The board is live.")


def test_a_closed_socket_is_said_and_made_again(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(retrieve(page)).to_be_enabled()
    server.first = None
    server.close(code=4012)
    expect(page.get_by_role("alert")).to_contain_text("No connection to the portal since")
    expect(board(page)).to_have_attribute("data-link", "connecting")
    expect(retrieve(page)).to_be_disabled()
    while server.connections < 2:
        page.wait_for_timeout(50)
    expect(retrieve(page)).to_be_disabled()  # connected, and still no picture
    server.send(**server.snapshot(lot([call(703)])))
    expect(board(page)).to_have_attribute("data-link", "hearing")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_silence_and_sleep_are_noticed(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.clock.install()
    log_in()
    expect(retrieve(page)).to_be_enabled()
    for _ in range(2):
        page.clock.run_for(10_000)
        server.send(type="beat", beat=1, now=int(time.time() * 1000), revisions={})
        page.wait_for_timeout(50)
    assert server.connections == 1
    page.clock.run_for(27_000)  # no beat
    page.wait_for_timeout(100)
    assert server.connections == 2
    page.clock.fast_forward(40_000)  # the computer slept
    page.wait_for_timeout(100)
    assert server.connections == 3


def test_a_person_who_comes_back_does_not_wait(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.clock.install()
    log_in()
    expect(retrieve(page)).to_be_enabled()
    page.clock.pause_at(time.time() + 60)
    page.clock.run_for(100)
    count = server.connections
    server.close(code=4012)
    expect(page.get_by_role("alert")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(board(page)).to_have_attribute("data-link", "hearing")
    assert server.connections == count + 1


def test_logged_out_goes_to_the_login_page(
    page: Page, server: BoardServer, log_in: LogIn, live_server: LiveServer
) -> None:
    log_in("/?from=mail")
    expect(retrieve(page)).to_be_visible()
    server.close(code=4401)
    expect(page).to_have_url(f"{live_server.url}/login/?next=%2F%3Ffrom%3Dmail")


def test_a_forbidden_board_says_so_and_stops(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.closes_with = 4403
    log_in()
    expect(page.get_by_role("alert")).to_contain_text("You have no right to see this board")
    page.wait_for_timeout(1500)
    assert server.connections == 1


# Commands


def test_retrieve_says_which_call_and_how_it_goes(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    page.get_by_label("Ring my phone:").select_option(label="301 Back office")
    retrieve(page).click()
    assert server.wait_for("retrieve") == {
        "type": "retrieve",
        "command": "c1",
        "lot": 1,
        "slot": 703,
        "uniqueid": "1764000000.703",
        "phone": 6,
    }
    server.progress("claimed", "claimed")
    expect(tile(page, 703)).to_contain_text("Claimed, ringing 301 …")
    server.change(call(703, state="claimed", claimed_by="Rita Desk"))
    server.progress("ringing", "ringing", phone="301")
    expect(tile(page, 703)).to_contain_text("301 is ringing: pick up")
    server.change(free(703), after=13, revision=14)
    server.progress("connected", "connected")
    expect(page.get_by_text("Connected to Maria Keller")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Ring my phone:")).to_have_value("6")  # remembered


def test_stop_sends_cancel(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    retrieve(page).dblclick()  # the second click of an eager hand must not stop it
    server.wait_for("retrieve")
    server.progress("ringing", "ringing")
    page.wait_for_timeout(100)
    assert server.count("cancel") == 0
    page.get_by_role("button", name="Stop retrieving Maria Keller").click()
    assert server.wait_for("cancel") == {"type": "cancel", "command": "c1"}
    server.progress("failed", "cancelled")
    expect(page.get_by_text("Stopped. The caller is still parked.")).to_be_visible()
    expect(retrieve(page)).to_be_visible()


def test_every_failure_is_said_in_words(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    for number, code in enumerate((code for code, state in CODES.items() if state == "failed"), start=1):
        retrieve(page).click()
        server.progress("failed", code, command=f"c{number}", phone="201", by="Ann", reason="no such channel")
        filled = {"phone": "201", "by": "Ann", "reason": "no such channel", "caller": "Maria Keller"}
        expect(page.get_by_text(str(PROGRESS[code]).format(**filled)).first).to_be_visible()
        expect(retrieve(page)).to_be_visible()


def test_a_nameless_colleague_and_an_unknown_code_read_well(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    retrieve(page).click()
    server.progress("failed", "taken", by="")
    expect(page.get_by_text("A colleague took this call.")).to_be_visible()
    retrieve(page).click()
    server.progress("failed", "of_the_future", command="c2")
    expect(page.get_by_text("Something unexpected happened (of_the_future)")).to_be_visible()


def test_a_failure_outlives_its_call_at_the_foot(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.clock.install()
    log_in()
    retrieve(page).click()
    server.progress("failed", "phone_busy", phone="201")
    expect(tile(page, 703)).to_contain_text("Your phone 201 is busy")
    server.change(free(703))
    foot = page.locator(".toast")
    expect(foot).to_contain_text("Your phone 201 is busy")
    page.clock.run_for(8_000)
    expect(foot).to_be_visible()
    foot.get_by_role("button", name="Dismiss").click()
    expect(foot).to_have_count(0)


def test_silence_after_a_click_is_said(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.clock.install()
    log_in()
    retrieve(page).click()
    server.wait_for("retrieve")
    page.clock.run_for(10_500)
    expect(tile(page, 703)).to_contain_text("The bridge did not answer.")
    server.progress("ringing", "ringing", phone="201")  # it did, late
    expect(tile(page, 703)).to_contain_text("201 is ringing: pick up")
    expect(page.get_by_role("button", name="Stop retrieving Maria Keller")).to_be_visible()


def test_a_click_meant_for_the_caller_before_does_nothing(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(retrieve(page)).to_be_visible()
    page.clock.install()
    page.clock.pause_at(time.time() + 5)
    server.change(call(703, "Somebody Else", uniqueid="1764000000.999"))
    page.get_by_role("button", name="Retrieve Somebody Else from 703").click()
    expect(page.get_by_text("The board changed under your click")).to_be_visible()
    assert server.count("retrieve") == 0
    page.clock.run_for(600)
    page.get_by_role("button", name="Retrieve Somebody Else from 703").click()
    assert server.wait_for("retrieve")["uniqueid"] == "1764000000.999"


def test_a_tap_on_a_card_that_just_moved_does_nothing(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    log_in()
    expect(retrieve(page)).to_be_visible()
    page.clock.install()
    page.clock.pause_at(time.time() + 5)
    server.change(call(701, "Kim Lee"))  # a card above pushes the others down
    retrieve(page).click()
    expect(page.get_by_text("The board changed under your click")).to_be_visible()
    assert server.count("retrieve") == 0
    page.clock.run_for(600)
    retrieve(page).click()
    assert server.wait_for("retrieve")["slot"] == 703


def test_keyboard_alone_retrieves_and_keeps_its_place(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703), call(705, "Kim Lee")]))
    log_in()
    expect(retrieve(page)).to_be_visible()
    page.get_by_label("Ring my phone:").focus()
    page.keyboard.press("Tab")
    expect(retrieve(page)).to_be_focused()
    server.change(call(703, "Maria Keller"), call(702))  # neighbours and the tile itself change
    expect(tile(page, 702)).to_have_attribute("data-state", "parked")
    expect(retrieve(page)).to_be_focused()
    page.keyboard.press("Enter")
    server.wait_for("retrieve")
    expect(tile(page, 703)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Stop retrieving Maria Keller")).to_be_focused()
    server.change(free(703), after=13, revision=14)
    expect(tile(page, 703)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Retrieve Kim Lee from 705")).to_be_focused()
    server.send(type="link", now=int(time.time() * 1000), link=link("lost"))
    expect(page.get_by_role("button", name="Retrieve Kim Lee from 705")).to_be_disabled()
    expect(page.get_by_role("button", name="Retrieve Kim Lee from 705")).to_be_focused()


def test_staff_who_may_not_retrieve_see_no_button(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703)]), may_retrieve=False)
    log_in()
    expect(tile(page, 703)).to_contain_text("Maria Keller")
    expect(page.locator("#board").get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("Ring my phone")).to_be_hidden()


def test_no_phone_says_what_to_do_and_one_is_just_named(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703)]), me={"phones": []})
    log_in()
    expect(page.get_by_text("No phone is set up for you. Ask an administrator")).to_be_visible()
    retrieve(page).click()
    assert server.wait_for("retrieve")["phone"] is None
    server.send(**server.snapshot(lot([call(703)]), me={"phones": [{"id": 5, "number": "201", "name": "Desk"}]}))
    expect(page.locator("#phone-only")).to_have_text("201 Desk")


def test_the_demo_parks_a_caller(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), demo=True)
    log_in()
    page.get_by_role("button", name="Park a demo caller").click()
    assert server.wait_for("park_demo") == {"type": "park_demo", "command": "c1"}
    server.progress("done", "parked_demo")
    expect(page.get_by_text("A demo caller is on the way.")).to_be_visible()


# For everybody


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_login_page(page: Page, type_login: LogIn, theme: str, width: int) -> None:
    look(page, theme, width)
    type_login(password="wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_board(page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int) -> None:
    look(page, theme, width)
    now = int(time.time() * 1000)
    server.first = server.snapshot(
        lot(
            [
                call(701),
                call(702, parked_at=now - 200_000, timeout_at=now + 100_000),
                call(703, parked_at=now - 200_000, timeout_at=now + 9_000),
                call(704, state="claimed", claimed_by="Ann"),
                call(733),
            ]
        ),
        demo=True,
    )
    log_in()
    page.locator('[data-slot="701"]').get_by_role("button", name="Retrieve").click()
    page.locator('[data-slot="702"]').get_by_role("button", name="Retrieve").click()
    server.progress("failed", "phone_busy", command="c2")
    page.get_by_role("button", name="Park a demo caller").click()
    server.progress("done", "parked_demo", command="c3")
    page.get_by_text("A demo caller is on the way.").wait_for()
    page.locator(".menu summary").click()
    assert_accessible(page)
    server.send(type="link", now=now, link=link("lost", "Connection refused"))
    expect(page.locator("#bar")).to_be_visible()
    assert_accessible(page)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0


def look(page: Page, theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_theme_is_the_systems_until_chosen(page: Page, server: BoardServer, log_in: LogIn) -> None:
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    page.emulate_media(color_scheme="light")
    log_in()
    expect(retrieve(page)).to_be_visible()
    light = page.evaluate(paper)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(paper)
    assert light != dark
    page.locator(".menu summary").click()
    page.get_by_label("Light", exact=True).check(force=True)
    assert page.evaluate(paper) == light
    page.reload()
    assert page.evaluate(paper) == light
    page.emulate_media(color_scheme="light")
    page.locator(".menu summary").click()
    page.get_by_label("Dark", exact=True).check(force=True)
    assert page.evaluate(paper) == dark


@pytest.mark.parametrize("width", [320, 3840])
def test_nothing_is_cut_off(page: Page, server: BoardServer, log_in: LogIn, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    server.first = server.snapshot(lot([call(703, "Bartholomew " * 9, "+4930" * 9)]), demo=True)
    log_in()
    page.locator('[data-slot="703"] .retrieve').wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 320:
        box = page.locator('[data-slot="703"] .retrieve').bounding_box()
        assert box is not None
        assert box["height"] >= 44
