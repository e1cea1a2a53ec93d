"""The administrator's pages of wall screens: what is shown once can be read, copied, and used with any aid."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from lots.bridge.start import the_pbx
from lots.models import ParkingLot, WallScreen
from tests.browser.test_admin_pages import OVERFLOW, TOO_SMALL

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/lots/wallscreen/"


@pytest.fixture
def visit(page: Page, live_server: LiveServer, client: Client, transactional_db: None) -> Any:
    client.force_login(User.objects.create_superuser("root", first_name="Alex", last_name="Admin"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    ParkingLot.objects.create(pbx=the_pbx(), name="desk", label="Desk", first_slot=701, last_slot=710)
    return lambda path: page.goto(f"{live_server.url}{path}")


def assert_well_made(page: Page, heading: str) -> None:
    """Once it is there."""
    expect(page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOW) == 0, width
        assert width == 1280 or not page.evaluate(TOO_SMALL)
    found = Axe().run(page, options={"preload": False})  # else axe puts styles in, which the content policy forbids
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_link_is_made_copied_and_revoked(page: Page, visit: Any, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(f"{LIST}add/")
    assert_well_made(page, "Add wall screen")
    page.get_by_label("Label").fill("Hall")
    page.get_by_label("Desk").check()
    page.get_by_role("button", name="Save").click()
    link = page.locator("#link").inner_text()
    assert "/wall/#" in link
    assert_well_made(page, "Link of Hall")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.get_by_role("link", name="To the wall screens").click()
    assert_well_made(page, "Wall screens")
    page.get_by_role("link", name="Hall").click()
    assert_well_made(page, "Hall")
    page.get_by_role("link", name="Revoke the link").click()
    assert_well_made(page, "Revoke the link")
    page.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_text("The link of Hall is revoked")).to_be_visible()
    assert WallScreen.objects.get().revoked_at is not None
