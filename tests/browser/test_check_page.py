"""The page that says what the PBX lacks, when none answers: lines to copy, themes, widths, axe, and no scripts."""

from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from lots.bridge.start import the_pbx
from tests.browser.elements import assert_accessible
from tests.browser.test_board_access import THEMES, look

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/admin/check/"


@pytest.fixture
def cookie(settings: Any, live_server: LiveServer, person: User, client: Client) -> dict[str, Any]:
    """Of somebody who may see the page; nobody listens at the PBX's address."""
    the_pbx()
    settings.ASTERISK_AMI_URL, settings.ASTERISK_AMI_PUBLISH_URL = "ami://portal:secret@127.0.0.1:1", ""
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    client.force_login(person)
    name = portal_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": live_server.url}


@pytest.mark.parametrize("width", [1280, 768, 390])
@pytest.mark.parametrize("theme", THEMES)
def test_what_is_missing_is_copied(
    page: Page, live_server: LiveServer, cookie: dict[str, Any], theme: str, width: int
) -> None:
    look(page, theme, width)
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}{PAGE}")
    expect(page.get_by_role("heading", name="Something is missing")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("[portal-publish]\nsecret = SECRET\n")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_lines_are_marked_by_hand(
    browser: Browser, live_server: LiveServer, cookie: dict[str, Any]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{live_server.url}{PAGE}")
    expect(page.get_by_text("[portal-publish]")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    context.close()
