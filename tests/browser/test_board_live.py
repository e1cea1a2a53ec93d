"""The board says when it is not live, and mends itself."""

import time

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import BoardServer, LogIn, call, link, lot
from tests.browser.elements import board, retrieve, tile

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_who_may_not_see_any_more_does_not_go_on_seeing(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    expect(tile(page, 703)).to_contain_text("Maria Keller")
    server.close(4403)
    expect(page.get_by_role("alert")).to_contain_text("You have no right to see this board")
    expect(page.get_by_text("Maria Keller")).to_have_count(0)
