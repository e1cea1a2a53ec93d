"""The whole road: a SIP caller, a transfer, the board in a real browser, a click, the receptionist's phone."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.portals import portal_of
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk, asterisk_fixture
from tests.kit.portal import Portal

__all__ = ["asterisk_fixture"]


ONLY_22 = pytest.mark.parametrize("asterisk", ["sid"], indirect=True)
ONLY_SERVE = pytest.mark.parametrize("shared_portal", ["serve"], indirect=True)


@pytest.fixture(scope="session", params=["serve", "split"])
def shared_portal(
    request: pytest.FixtureRequest, asterisk: RealAsterisk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    with portal_of(request.param, asterisk, tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture
def portal(shared_portal: Portal, asterisk: RealAsterisk) -> Iterator[Portal]:
    yield shared_portal
    asterisk.hang_up_all()


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as session:
        yield session


@contextmanager
def board_of(browser: Browser, portal: Portal, username: str, number: int = 0) -> Iterator[Page]:
    """The board as ``username`` sees it in a browser of their own."""
    name, value = portal.cookie(username, number)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": name, "value": value, "url": portal.url(number)}])
    page = context.new_page()
    page.goto(portal.url(number))
    expect(page.locator("#board")).to_have_attribute("data-link", "hearing")
    try:
        yield page
    finally:
        context.close()


def tile(page: Page, slot: int | str, lot: str = "reception") -> Locator:
    return page.locator(f'[data-lot="{lot}"][data-slot="{slot}"]')


def talking(ami: Ami) -> None:
    """Wait until two channels are in a bridge: a call transferred before that is none (no person is as quick)."""
    ami.event("BridgeEnter", BridgeType="basic", BridgeNumChannels="2")


def give_up(ami: Ami, calls: list[Event]) -> None:
    for call in calls:
        ami.action("Hangup", Channel=call["ParkeeChannel"])
        ami.event("ParkedCallGiveUp", ParkeeUniqueid=call["ParkeeUniqueid"])


def rows_of(portal: Portal, uniqueid: str) -> list[dict[str, str]]:
    return [row for row in portal.rows() if row["uniqueid"] == uniqueid]


def test_a_caller_transferred_blind_is_shown_and_retrieved_by_a_click(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with (
        asterisk.phone("204") as ron,
        asterisk.phone("203", answer_ms=300) as ritas,
        board_of(browser, portal, "rita") as page,
    ):
        with asterisk.caller(to="204", name="Bob Caller", number="5551001"):
            talking(ami)
            ron.blind_transfer("700")
            parked = ami.event("ParkedCall")
            slot = parked["ParkingSpace"]
            shown = tile(page, slot)
            expect(shown).to_have_attribute("data-state", "parked")
            expect(shown).to_contain_text("Bob Caller")
            expect(shown).to_contain_text("5551001")
            expect(shown).to_contain_text("204")
            assert shown.get_attribute("data-uniqueid") == parked["ParkeeUniqueid"]
            assert [row["outcome"] for row in rows_of(portal, parked["ParkeeUniqueid"])] == [""]

            page.get_by_role("button", name=f"Retrieve Bob Caller from {slot}").click()
            assert '"Bob Caller"' in ritas.received("INVITE").header("From")
            expect(page.get_by_text("Connected to Bob Caller")).to_be_visible()
            expect(shown).to_have_attribute("data-state", "free")
            taken = ami.event("UnParkedCall", ParkeeUniqueid=parked["ParkeeUniqueid"])
            assert taken["RetrieverChannel"].startswith("PJSIP/203-")
            channels = {c["Channel"]: c for c in ami.items("CoreShowChannels")}
            bridges = {channels[taken[key]]["BridgeId"] for key in ("ParkeeChannel", "RetrieverChannel")}
            assert len(bridges) == 1, "caller and retriever are in one bridge"
            assert bridges != {""}
    (row,) = rows_of(portal, parked["ParkeeUniqueid"])
    assert (row["outcome"], row["retrieved_by__username"], row["parker_device"]) == ("retrieved", "rita", "PJSIP/204")
    assert row["ended_at"] > row["parked_at"]


def test_a_caller_transferred_with_consultation_is_one_call_on_the_board(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    """The phone parks itself first, then the caller takes its place (ParkedCallSwap): one stay, one row."""
    with asterisk.phone("204") as ron, board_of(browser, portal, "rita") as page:
        with (
            asterisk.caller(to="204", name="Bob Caller", number="5551001"),
            asterisk.dial("204", "700") as asking,
        ):
            talking(ami)
            first = ami.event("ParkedCall")
            slot = first["ParkingSpace"]
            expect(tile(page, slot)).to_have_attribute("data-uniqueid", first["ParkeeUniqueid"])
            ron.attended_transfer(asking, "700")
            swapped = ami.event("ParkedCallSwap")
            expect(tile(page, slot)).to_have_attribute("data-uniqueid", swapped["ParkeeUniqueid"])
            expect(tile(page, slot)).to_contain_text("Bob Caller")
            expect(page.locator('.tile[data-state="parked"]')).to_have_count(1)
            assert swapped["ParkeeUniqueid"] != first["ParkeeUniqueid"]
    assert rows_of(portal, first["ParkeeUniqueid"]) == []
    assert len(rows_of(portal, swapped["ParkeeUniqueid"])) == 1


@ONLY_22
@ONLY_SERVE
def test_a_sleeping_browser_wakes_up_equal_to_the_other(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with board_of(browser, portal, "rita") as awake, board_of(browser, portal, "ron") as sleeper:
        loads: list[str] = []
        sleeper.on("framenavigated", lambda frame: loads.append(frame.url))
        sleeper.context.set_offline(True)
        expect(sleeper.locator("#board")).not_to_have_attribute("data-link", "hearing", timeout=45_000)
        calls = [asterisk.demo_call(ami, patience=90) for _ in range(10)]
        give_up(ami, calls[:8])
        calls += [asterisk.demo_call(ami, patience=90) for _ in range(7)]
        give_up(ami, calls[8:13])  # thirty events in all
        sleeper.context.set_offline(False)
        expect(sleeper.locator("#board")).to_have_attribute("data-link", "hearing", timeout=15_000)
        occupied = '.tile:not([data-state="free"])'
        for page in (awake, sleeper):
            expect(page.locator(occupied)).to_have_count(4)
        ids = [
            sorted(page.locator(occupied).evaluate_all("tiles => tiles.map(t => t.dataset.uniqueid)"))
            for page in (awake, sleeper)
        ]
        assert ids[0] == ids[1] == sorted(call["ParkeeUniqueid"] for call in calls[13:])
        assert loads == [], "without a reload"


@ONLY_22
def test_two_boards_on_two_web_processes_show_the_same(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    """In the split form the second board is served by the other process."""
    last = len(portal.ports) - 1
    with asterisk.phone("204", answer_ms=200), board_of(browser, portal, "rita") as rita:
        with board_of(browser, portal, "ron", last) as ron:
            slot = asterisk.demo_call(ami)["ParkingSpace"]
            for page in (rita, ron):
                expect(tile(page, slot)).to_have_attribute("data-state", "parked")
            ron.get_by_role("button", name=f"Retrieve Maria Keller from {slot}").click()
            expect(ron.get_by_text("Connected to Maria Keller")).to_be_visible()
            for page in (rita, ron):
                expect(tile(page, slot)).to_have_attribute("data-state", "free")


@ONLY_SERVE
def test_staff_see_no_buttons_and_the_server_refuses_them(
    browser: Browser, portal: Portal, asterisk: RealAsterisk, ami: Ami
):
    with board_of(browser, portal, "sam") as page, portal.board("sam") as socket:
        slot = int(asterisk.demo_call(ami)["ParkingSpace"])
        expect(tile(page, slot)).to_have_attribute("data-state", "parked")
        expect(page.get_by_role("button", name="Retrieve")).to_have_count(0)
        socket.slot(slot)
        assert socket.progress(socket.retrieve(slot), "failed")["code"] == "forbidden"
        assert [c for c in ami.items("CoreShowChannels") if c["Channel"].startswith("PJSIP/205")] == []
