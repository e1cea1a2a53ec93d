"""What a person sees of every action with real phones behind it, and of its usual failure: said in words, nothing lost
of what was typed, nothing left ringing or claimed. The same on the socket: tests/real/test_console_*.py."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.behind import ami, asterisk_fixture, only_22, portal, zoned_portal
from tests.browser.test_first_light import board_of, tile
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.portal import Portal
from tests.kit.published import park

__all__ = ["ami", "asterisk_fixture", "portal", "zoned_portal"]

pytestmark = [only_22, pytest.mark.slow]
NOTE = "wants the invoice"
LONG = 20_000
"""Milliseconds until Asterisk has answered, on a busy machine."""


@pytest.fixture
def rita(browser: Browser, portal: Portal) -> Iterator[Page]:
    with board_of(browser, portal, "rita") as page:
        page.set_default_timeout(LONG)
        yield page


@pytest.fixture
def ron(browser: Browser, portal: Portal) -> Iterator[Page]:
    with board_of(browser, portal, "ron") as page:
        yield page


@pytest.fixture
def slot(rita: Page, asterisk: RealAsterisk, ami: Ami) -> str:
    """Where Maria Keller is parked, with a note."""
    found = shown(rita, asterisk.demo_call(ami, patience=90))
    rita.get_by_role("button", name=f"Note, for whom: Maria Keller on {found}").click()
    rita.get_by_label("Note", exact=True).fill(NOTE)
    rita.keyboard.press("Enter")
    noted(rita, found)
    return found


def shown(page: Page, parked: Event) -> str:
    there = tile(page, parked["ParkingSpace"], parked["Parkinglot"])
    expect(there).to_have_attribute("data-uniqueid", parked["ParkeeUniqueid"], timeout=LONG)
    return parked["ParkingSpace"]


def noted(page: Page, slot: str) -> None:
    """The caller is there, with the note, and anybody may take them."""
    there = tile(page, slot)
    expect(there).to_contain_text(NOTE, timeout=LONG)
    expect(there).to_have_attribute("data-state", "parked", timeout=LONG)
    expect(there.get_by_role("button", name="Retrieve")).to_be_visible()


def more(page: Page, slot: str, item: str, choice: str = "") -> None:
    page.get_by_role("button", name=f"More for Maria Keller on {slot}").press("Enter")
    page.get_by_role("menuitem", name=item).click()
    if choice:
        page.keyboard.type(choice)
        page.keyboard.press("Enter")


def says(page: Page, words: str) -> None:
    """At the foot of the page."""
    expect(page.locator("#toasts").get_by_text(words)).to_be_visible(timeout=LONG)


def tells(page: Page, slot: str, words: str) -> None:
    """In the caller's tile."""
    expect(tile(page, slot)).to_contain_text(words, timeout=LONG)


def ours(ami: Ami) -> list[str]:
    return [c["Channel"] for c in ami.items("CoreShowChannels") if c["Uniqueid"].startswith("parkinglot-")]


def test_a_call_is_moved(rita: Page, ron: Page, slot: str) -> None:
    more(rita, slot, "Move to", "708")
    says(rita, "Maria Keller is on 708 now.")
    for page in (rita, ron):
        noted(page, "708")
        expect(tile(page, slot)).to_have_attribute("data-state", "free")


def test_a_slot_that_is_taken_while_it_is_chosen_is_offered_no_more(rita: Page, slot: str, ami: Ami) -> None:
    more(rita, slot, "Move to")
    rita.keyboard.type("709")
    expect(rita.get_by_role("option", name="709")).to_be_visible()
    park(ami, "5552002", "reception", "709")
    expect(rita.get_by_text("No free slot fits that.")).to_be_visible(timeout=LONG)
    rita.keyboard.press("Enter")
    rita.keyboard.press("Escape")
    noted(rita, slot)


def test_a_caller_gets_more_time(rita: Page, slot: str) -> None:
    more(rita, slot, "5 minutes more")
    expect(tile(rita, slot).get_by_text("returns in 4:")).to_be_visible(timeout=LONG)
    noted(rita, slot)


def test_a_caller_is_hung_up_on_after_a_question(rita: Page, slot: str, ami: Ami) -> None:
    more(rita, slot, "Hang up")
    question = rita.get_by_role("alertdialog", name="Hang up on Maria Keller?")
    question.get_by_role("button", name="Cancel").click()
    noted(rita, slot)
    more(rita, slot, "Hang up")
    question.get_by_role("button", name="Hang up").click()
    says(rita, "The call with Maria Keller was ended.")
    expect(tile(rita, slot)).to_have_attribute("data-state", "free")
    assert ami.items("ParkedCalls") == []


def test_a_caller_who_leaves_before_the_answer_is_not_hung_up_on(rita: Page, slot: str, ami: Ami) -> None:
    more(rita, slot, "Hang up")
    (call,) = ami.items("ParkedCalls")
    ami.action("Hangup", Channel=call["ParkeeChannel"])
    expect(rita.get_by_text("This caller is not parked any more.")).to_be_visible(timeout=LONG)
    rita.keyboard.press("Escape")
    expect(rita.get_by_role("alertdialog")).to_be_hidden()


def test_my_call_is_parked(rita: Page, asterisk: RealAsterisk) -> None:
    with asterisk.phone("203") as phone, asterisk.caller(to="203"):
        phone.received("ACK")
        rita.get_by_role("button", name="Park my call").click()
        expect(rita.get_by_role("option", name="Bob Caller → Reception")).to_be_visible(timeout=LONG)
        rita.keyboard.type("reception")
        rita.keyboard.press("Enter")
        says(rita, "Parked on 701.")
        phone.received("BYE")
        tells(rita, "701", "parked by Desk 203 (203)")


def test_without_room_the_two_talk_on(rita: Page, asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("203") as phone, asterisk.caller(to="203"):
        phone.received("ACK")
        rita.get_by_role("button", name="Park my call").click()
        into_quick = rita.get_by_role("option", name="Bob Caller → Quick")
        expect(into_quick).to_be_visible(timeout=LONG)
        for number in ("1", "2", "3"):
            park(ami, number, "quick")
        into_quick.click()
        says(rita, "This lot is full.")
        assert "BYE" not in [message.method for message in phone.messages]


def test_a_zone_with_nobody_in_it_says_so(rita: Page, slot: str, ami: Ami) -> None:
    more(rita, slot, "Page", "yard")
    tells(rita, slot, "Yard")
    noted(rita, slot)
    assert ours(ami) == []


def test_a_zone_is_paged_until_the_caller_is_taken(rita: Page, slot: str, asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("204") as paged:
        more(rita, slot, "Page", "hall")
        says(rita, "Paging Hall …")
        paged.received("INVITE")
        with asterisk.dial("205", slot):
            says(rita, "Paging Hall has ended.")
            paged.received("BYE")
    assert ours(ami) == []


def missed(page: Page, ami: Ami, number: str) -> None:
    """Somebody with this number hung up while parked."""
    call = park(ami, number, "reception")
    shown(page, call)
    ami.action("Hangup", Channel=call["ParkeeChannel"])
    expect(page.get_by_role("button", name=f"Done with {number}", exact=True)).to_be_visible(timeout=LONG)


def test_a_missed_caller_is_called_back(rita: Page, asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("203", answer_ms=300) as mine, asterisk.phone("204") as theirs:
        missed(rita, ami, "204")
        rita.get_by_role("button", name="Call back 204", exact=True).press("Enter")
        says(rita, "Calling 204 …")
        assert mine.received("INVITE")
        theirs.received("ACK")
        settle(rita, "204")


def settle(page: Page, number: str) -> None:
    page.get_by_role("button", name=f"Done with {number}", exact=True).press("Enter")
    says(page, f"{number} is off the list.")


@pytest.mark.parametrize(
    ("number", "words"), [("204", "Your phone 203 declined the call."), ("4930123456", "cannot dial")]
)
def test_who_could_not_be_called_back_stays_on_the_list(
    rita: Page, asterisk: RealAsterisk, ami: Ami, number: str, words: str
) -> None:
    with asterisk.phone("203", status=603):
        missed(rita, ami, number)
        again = rita.get_by_role("button", name=f"Call back {number}", exact=True)
        again.press("Enter")  # a click so soon after the line came up would be refused
        says(rita, words)
        expect(again).to_be_visible()
        settle(rita, number)
    assert ours(ami) == []


def test_a_colleague_is_told_and_answers(rita: Page, ron: Page, slot: str) -> None:
    more(rita, slot, "Tell somebody", "204")
    says(rita, "Desk 204 has been told.")
    told = ron.get_by_role("region", name="Notices")
    expect(told).to_contain_text(NOTE, timeout=LONG)
    told.get_by_role("button", name="I’m coming for Maria Keller").click()
    expect(rita.get_by_role("region", name="Notices")).to_contain_text("is coming for Maria Keller", timeout=LONG)
    noted(rita, slot)


def test_the_next_call_stays_when_my_phone_is_busy(rita: Page, slot: str, asterisk: RealAsterisk, ami: Ami) -> None:
    with asterisk.phone("203", status=486):
        rita.get_by_role("button", name="Take next", exact=True).click()
        tells(rita, slot, "Your phone 203 is busy. End the other call, then try again.")
    noted(rita, slot)
    assert ours(ami) == []


def test_what_a_colleague_is_taking_is_left_to_them(rita: Page, ron: Page, slot: str, asterisk: RealAsterisk) -> None:
    with asterisk.phone("204", answer_ms=None) as phone:
        tile(ron, slot).get_by_role("button", name="Retrieve").press("Enter")
        phone.received("INVITE")
        tells(rita, slot, "Ron Front is taking it")
        expect(tile(rita, slot).get_by_role("button", name="Retrieve")).to_have_count(0)
        rita.get_by_role("button", name=f"More for Maria Keller on {slot}").click()
        offered = rita.get_by_role("menuitem").all_inner_texts()
        assert not [
            words for words in offered if words.startswith(("Send", "Move", "5 minutes", "Hang up", "I’m on it"))
        ]
        rita.keyboard.press("Escape")
        tile(ron, slot).get_by_role("button", name="Stop").press("Enter")
        noted(rita, slot)
