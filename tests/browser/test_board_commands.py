"""Every click gets an answer in words, and acts on the call that was drawn."""

import re
import time
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from dashboard.words import PROGRESS
from tests.browser.conftest import BoardServer, LogIn, call, link, lot
from tests.browser.elements import free, retrieve, tile

pytestmark = pytest.mark.django_db(transaction=True)

PROTOCOL = (Path(settings.BASE_DIR) / "docs" / "protocol.md").read_text(encoding="utf-8")
CODES = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", PROTOCOL, re.MULTILINE))


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
        server.progress(
            "failed", code, command=f"c{number}", phone="201", by="Ann", reason="no such channel", zone="Hall"
        )
        told = {"phone": "201", "by": "Ann", "reason": "no such channel", "zone": "Hall"}
        server.progress("failed", code, command=f"c{number}", **told)
        filled = {**told, "caller": "Maria Keller"}
        sentence = str(PROGRESS[code]).format_map(defaultdict(str, filled))
        expect(page.get_by_text(re.sub(" +", " ", sentence)).first).to_be_visible()
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


def test_a_key_meant_for_the_caller_before_does_nothing(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    retrieve(page).focus()
    page.clock.install()
    page.clock.pause_at(time.time() + 5)
    server.change(call(703, "Somebody Else", uniqueid="1764000000.999"))
    expect(tile(page, 703)).to_contain_text("Somebody Else")
    for key in ("Enter", "r"):
        page.keyboard.press(key)
        expect(page.get_by_text("The board changed under your click").first).to_be_visible()
    assert server.count("retrieve") == 0
    page.clock.run_for(600)
    page.keyboard.press("Enter")
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
    page.get_by_role("button", name="Reception", exact=True).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Note, for whom: Maria Keller on 703")).to_be_focused()
    page.keyboard.press("Tab")
    expect(retrieve(page)).to_be_focused()
    server.change(call(703, "Maria Keller"), call(702))  # neighbours and the tile itself change
    expect(tile(page, 702)).to_have_attribute("data-state", "parked")
    expect(retrieve(page)).to_be_focused()
    page.keyboard.press("Enter")
    server.wait_for("retrieve")
    expect(tile(page, 703)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Stop retrieving Maria Keller")).to_be_focused()
    server.change(free(703), after=13, revision=14)
    expect(tile(page, 703)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Retrieve Kim Lee from 705")).to_be_focused()
    server.send(type="link", now=int(time.time() * 1000), link=link("lost"))
    expect(page.get_by_role("button", name="Retrieve Kim Lee from 705")).to_be_disabled()
    expect(page.get_by_role("button", name="Retrieve Kim Lee from 705")).to_be_focused()


def test_staff_who_may_not_retrieve_see_no_button(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([call(703)]), may_retrieve=False)
    log_in()
    expect(tile(page, 703)).to_contain_text("Maria Keller")
    expect(tile(page, 703).get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("button", name="Take next")).to_have_count(0)
    expect(page.get_by_text("Missed callers")).to_be_hidden()
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
