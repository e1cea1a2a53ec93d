"""What became of the calls I parked: a line each, told as it happens, and dismissed."""

import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import THEMES, WIDTHS, assert_accessible, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, Message, call, lot

pytestmark = pytest.mark.django_db(transaction=True)


def own(state: str, uniqueid: str = "a", name: str = "Maria Keller", **changes: Any) -> Message:
    """A call that Rita parked, 75 s before the news."""
    at = int(time.time() * 1000)
    where = {"slot": 703, "lot_label": "Reception", "caller": {"name": name, "number": "+493012345"}}
    facts = {"id": 1, "owner": 3, "uniqueid": uniqueid, "state": state, "by": "", "mine": False, "at": at, "waited": 75}
    return {**facts, **where, **changes}


def tell(server: BoardServer, *calls: Message) -> None:
    server.send(type="own", own=list(calls))


def section(page: Page) -> Locator:
    return page.get_by_role("region", name="Calls you parked")


SENTENCES = {
    "parked": "Maria Keller waits on 703 in Reception.",
    "moved": "Maria Keller was moved and waits on 703 in Reception now.",
    "recall": "Maria Keller waited too long and goes back to you.",
    "fallback": "Maria Keller waited too long, Ann Back is being rung.",
    "taken": "Ann Back took Maria Keller after 1:15.",
    "answered": "Ann Back answered Maria Keller, who had gone back, after 1:15.",
    "hung_up": "Maria Keller hung up after 1:15.",
    "unanswered": "Maria Keller went back and nobody answered: the call is over.",
    "ended": "Ann Back ended the call of Maria Keller after 1:15.",
    "elsewhere": "Somebody took over Maria Keller by other means after 1:15.",
    "unknown": "It is unknown what became of Maria Keller: nobody listened when it happened.",
}


def test_each_thing_that_can_become_of_a_call_has_its_words(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(section(page)).to_contain_text("none in the last 30 minutes")
    calls = [own(state, uniqueid=state, by="Ann Back") for state in SENTENCES]
    tell(server, *calls, own("taken", "m", mine=True), own("taken", "n"), own("fallback", "f"))
    lines = section(page).locator(".own-words")
    told = ["You took Maria Keller after 1:15.", "Somebody took Maria Keller after 1:15."]
    last = "Maria Keller waited too long and is on the way to somebody else."
    expect(lines).to_have_text([*SENTENCES.values(), *told, last])


def test_news_are_told_quietly_and_only_once(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), own=[own("hung_up", "old")])
    log_in()
    toast = page.locator(".toast")
    expect(section(page)).to_contain_text("hung up after 1:15")
    tell(server, own("parked"), own("hung_up", "old"))
    expect(section(page)).to_contain_text("Maria Keller waits on 703")
    expect(toast).to_have_count(0)
    tell(server, own("recall"), own("hung_up", "old"))
    expect(toast).to_have_text(["Maria Keller waited too long and goes back to you."])
    expect(page.locator("#toasts")).to_have_attribute("role", "status")  # a screen reader says it
    tell(server, own("recall", waited=99), own("hung_up", "old"))
    tell(server, own("taken", mine=True), own("hung_up", "old"))
    expect(section(page)).to_contain_text("You took Maria Keller")
    expect(toast).to_have_count(1)  # what one did oneself is no news


def test_who_switched_it_on_is_told_on_the_desktop(page: Page, server: BoardServer, log_in: LogIn) -> None:
    page.add_init_script(
        """window.told = [];
        window.Notification = class extends EventTarget {
          static permission = "granted";
          static requestPermission = async () => "granted";
          constructor(title, { body }) { super(); window.told.push(`${title}: ${body}`); }
        };
        localStorage.setItem("desktop", "on");
        document.hasFocus = () => false;"""
    )
    log_in()
    tell(server, own("parked"))
    tell(server, own("taken", by="Ann Back"))
    expect(section(page)).to_contain_text("Ann Back took")
    assert page.evaluate("window.told") == ["A call you parked: Ann Back took Maria Keller after 1:15."]


def test_a_line_is_dismissed_until_there_is_something_new(page: Page, server: BoardServer, log_in: LogIn) -> None:
    server.first = server.snapshot(lot([]), own=[own("parked", name="Kim Lee"), own("hung_up", "b"), own("taken", "c")])
    log_in()
    rows = section(page).locator(".own-row")
    expect(rows).to_have_count(3)
    section(page).get_by_role("button", name="Dismiss what is said of Kim Lee").press("Enter")
    expect(rows).to_have_count(2)
    expect(rows.first).to_be_focused()
    page.reload()
    expect(rows).to_have_count(2)
    tell(server, own("hung_up", name="Kim Lee"), own("hung_up", "b"), own("taken", "c"))
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Dismiss all").click()
    expect(rows).to_have_count(0)
    expect(section(page)).to_contain_text("none in the last 30 minutes")
    expect(page.locator("#own-title")).to_be_focused()


def test_what_ended_long_ago_is_gone_and_who_has_no_phone_sees_no_list(
    page: Page, server: BoardServer, log_in: LogIn
) -> None:
    long_ago = int(time.time() * 1000) - 31 * 60_000
    server.first = server.snapshot(lot([]), own=[own("taken", at=long_ago), own("parked", "b", "Kim Lee", at=long_ago)])
    log_in()
    expect(section(page).locator(".own-row")).to_have_count(1)
    expect(section(page)).to_contain_text("Kim Lee")
    server.send(**server.snapshot(lot([]), me={"phones": []}))
    expect(section(page)).to_be_hidden()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_read_it(page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int) -> None:
    long = own("taken", "long", "Wolfeschlegelsteinhausenbergerdorff & Söhne", by="Donaudampfschifffahrtsgesellschaft")
    calls = [own(state, uniqueid=state, by="Ann Back") for state in SENTENCES]
    server.first = server.snapshot(lot([call(703)]), own=[*calls, long])
    look(page, theme, width)
    log_in()
    expect(section(page).locator(".own-row")).to_have_count(len(calls) + 1)
    assert_accessible(page)
    assert_not_cut_off(page)
