"""The page that says how the portal is: sign, word and advice, both themes, three widths, axe."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from lots.bridge.start import the_pbx
from lots.models import Publication
from tests.browser.elements import assert_accessible
from tests.browser.test_board_access import THEMES, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cookie(live_server: LiveServer, person: User, client: Client) -> dict[str, Any]:
    """Of an administrator; the bridge is at work, Asterisk is not heard, nothing was ever backed up."""
    pbx = the_pbx()
    pbx.lease_holder, pbx.lease_until = "elsewhere:1", timezone.now() + timedelta(hours=1)
    pbx.link_state, pbx.link_since, pbx.link_reason = "lost", timezone.now() - timedelta(hours=2), "No route to host."
    pbx.save()
    Publication.objects.create(pbx=pbx, state="live", ended_at=timezone.now())
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": live_server.url}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", THEMES)
def test_what_is_broken_is_seen_without_colours_and_leads_where_it_is_mended(
    page: Page, live_server: LiveServer, cookie: dict[str, Any], theme: str, width: int
) -> None:
    look(page, theme, width)
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="How the portal is").click()
    expect(page.get_by_role("heading", name="Something is broken")).to_be_visible()
    asterisk = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Asterisk"))
    expect(asterisk).to_contain_text("Broken")
    expect(asterisk).to_contain_text("No route to host.")
    expect(page.get_by_role("listitem").filter(has_text="No backup was made so far.")).to_contain_text("Look at this")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    asterisk.get_by_role("link", name="Check the PBX").click()
    expect(page).to_have_url(f"{live_server.url}/admin/check/{the_pbx().pk}/")
