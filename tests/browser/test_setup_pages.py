"""The admin's tools that stand beside the lots: key settings to copy, and the setup as a file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from lots.bridge.start import the_pbx
from lots.models import ParkingLot, Phone, SlotName
from lots.setup_file.export import document, dumps
from tests.browser.elements import assert_accessible
from tests.browser.test_board_access import THEMES, look

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = [1280, 768]
Open = Callable[[str], None]


@pytest.fixture
def lot(transactional_db: None) -> ParkingLot:
    pbx = the_pbx()
    Phone.objects.create(pbx=pbx, number="201", name="Hall", device="PJSIP/201", brand="yealink")
    lot = ParkingLot.objects.create(pbx=pbx, name="front", label="Front desk", observed=False, next_code="*86")
    SlotName.objects.bulk_create([SlotName(lot=lot, slot=702, name="Pharmacy")])
    return lot


@pytest.fixture
def administer(page: Page, live_server: LiveServer, person: User, client: Client) -> Open:
    def open_page(path: str) -> None:
        User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{path}")

    return open_page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_keys_are_copied(page: Page, lot: ParkingLot, administer: Open, theme: str, width: int) -> None:
    look(page, theme, width)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    administer(f"/admin/phone-keys/{lot.pk}/")
    assert_accessible(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "linekey.5.label = 702 Pharmacy" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_label("Phone", exact=True).select_option("snom")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Write the PBX’s address above first.")).to_be_visible()
    page.get_by_label("PBX as phones reach it").fill("pbx.lan")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#keys")).to_contain_text("orbit sip:700@pbx.lan")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_a_file_is_shown_and_then_taken(
    page: Page, lot: ParkingLot, administer: Open, tmp_path: Path, theme: str, width: int
) -> None:
    found = document(lot.pbx)
    found["lots"][0] |= {"last_slot": 705, "pin": True}
    found["phones"] = [{"number": "202", "name": "Gate", "device": "PJSIP/202", "owner": "ghost"}]
    file = tmp_path / "setup.json"
    file.write_text(dumps(found).replace("705", '"705"'))
    look(page, theme, width)
    administer("/admin/setup-file/")
    assert_accessible(page)
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("#faults")).to_contain_text("lots[0].last_slot: write a whole number")
    assert_accessible(page)
    file.write_text(dumps(found))
    page.locator("#id_file").set_input_files(file)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("#report")).to_contain_text("last_slot: 710 → 705")
    expect(page.locator("#report")).to_contain_text("Gate")
    expect(page.locator("#notices")).to_contain_text("there is no user “ghost”")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_role("heading", name="What has changed")).to_be_visible()
    assert ParkingLot.objects.get().last_slot == 705
