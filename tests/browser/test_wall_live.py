"""A wall screen's whole life with a real Asterisk: made, hung up, restarted under, revoked."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.portals import portal_of
from tests.kit.asterisk import RealAsterisk, asterisk_fixture
from tests.kit.portal import Portal

__all__ = ["asterisk_fixture"]

pytestmark = pytest.mark.parametrize("asterisk", ["sid"], indirect=True)


@pytest.fixture(params=["serve", "split"])
def portal(
    request: pytest.FixtureRequest, asterisk: RealAsterisk, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    with portal_of(request.param, asterisk, tmp_path_factory.mktemp("portal")) as running:
        yield running
    asterisk.hang_up_all()


@pytest.fixture
def admin(browser: Browser, portal: Portal) -> Iterator[Page]:
    """The administration, in the first web process."""
    name, value = portal.cookie("alex")
    context = browser.new_context()
    context.add_cookies([{"name": name, "value": value, "url": portal.url()}])
    yield context.new_page()
    context.close()


@pytest.fixture
def screen(browser: Browser) -> Iterator[Page]:
    """A television, logged in nowhere."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    yield context.new_page()
    context.close()


def make(admin: Page, portal: Portal) -> str:
    """Make a wall screen; its link."""
    admin.goto(f"{portal.url()}/admin/lots/wallscreen/add/")
    admin.get_by_label("Label").fill("Hall")
    admin.get_by_role("button", name="Save").click()
    link = admin.locator("#link").inner_text()
    admin.wait_for_url("**/change/")  # the page's script has named the row as its address
    admin.reload()
    expect(admin.get_by_role("link", name="New link")).to_be_visible()  # and no form was sent again
    expect(admin.locator("#link")).to_have_count(0)
    return link


def test_a_wall_screen_from_first_to_last(admin: Page, screen: Page, portal: Portal, asterisk: RealAsterisk) -> None:
    link = make(admin, portal)
    secret = link.partition("#")[2]
    last = len(portal.ports) - 1  # in the split form the screen is served by the other process
    screen.goto(f"{portal.url(last)}/wall/#{secret}")
    live = screen.locator("#board[data-link='hearing']")
    expect(live).to_be_visible()
    with asterisk.ami() as ami:
        parked = asterisk.demo_call(ami, patience=120)
    tile = screen.locator(f'.bay[data-lot="reception"][data-slot="{parked["ParkingSpace"]}"]')
    expect(tile).to_contain_text("Maria Keller")
    expect(tile).to_contain_text("… 456")
    assert "4930" not in screen.content()

    portal.stop()
    logs = portal.logs()
    expect(screen.locator("#live")).to_have_text("Not live")
    expect(tile).to_contain_text("Maria Keller")
    portal.start()
    expect(live).to_be_visible(timeout=20_000)
    expect(tile).to_contain_text("Maria Keller")

    admin.goto(f"{portal.url()}/admin/lots/wallscreen/")
    expect(admin.get_by_text("showing now")).to_be_visible()
    admin.get_by_role("link", name="Hall").click()
    admin.get_by_role("link", name="Revoke the link").click()
    admin.get_by_role("button", name="Revoke it").click()
    begun = time.monotonic()
    expect(screen.get_by_role("alert")).to_contain_text("This link does not work any more")
    assert time.monotonic() - begun < 2
    expect(screen.get_by_text("Maria Keller")).to_have_count(0)
    screen.reload()
    expect(screen.get_by_role("alert")).to_contain_text("This link does not work any more")
    assert secret not in logs + portal.logs()
    assert portal.form == "serve" or "/ws/wall/" in logs, "addresses are logged there"
