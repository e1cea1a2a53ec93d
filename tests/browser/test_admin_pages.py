"""The administrator's pages in a browser: what is said while somebody types, keys alone, themes, widths, axe."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from lots.bridge.start import the_pbx
from lots.config.render import render
from lots.models import FallbackStep, ParkedCall, ParkingLot, Pbx, Phone, Publication, SlotName
from lots.publish.setup import setup_of
from lots.publish.stored import stored

pytestmark = pytest.mark.django_db(transaction=True)
LOTS = "/admin/lots/parkinglot/"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def pbx(transactional_db: None) -> Pbx:
    """Served by a bridge elsewhere, with a published lot, a changed one, callers, and another PBX's files on it."""
    pbx = the_pbx()
    pbx.lease_holder, pbx.lease_until, pbx.link_state = "elsewhere:1", timezone.now() + timedelta(hours=1), "hearing"
    pbx.drift = {"parkinglot_res_parking.conf": "--- a\n+++ a\n@@ -1 +1 @@ [desk]\n-a = 1\n+a = 2\n"}
    pbx.link_since = pbx.drift_checked_at = timezone.now()
    pbx.save()
    made: dict[str, Any] = {"pbx": pbx, "observed": False}
    desk = ParkingLot.objects.create(name="desk", label="Desk", first_slot=701, last_slot=710, **made)
    phone = Phone.objects.create(pbx=pbx, number="201", name="Ann", device="PJSIP/201")
    FallbackStep.objects.create(lot=desk, kind="phone").phones.add(phone)
    SlotName.objects.create(lot=desk, slot=703, name="Pharmacy")
    ParkedCall.objects.create(lot=desk, slot=703, uniqueid="u1", caller_name="Bob", parked_at=timezone.now())
    publication(pbx, "live", summary=["Desk: new."])
    ParkingLot.objects.filter(pk=desk.pk).update(last_slot=712)
    ParkingLot.objects.create(name="found", label="Found", pbx=pbx, first_slot=801, last_slot=802)
    return pbx


def publication(pbx: Pbx, state: str, **fields: Any) -> Publication:
    values = {"author_name": "Alex", "files": stored(render(setup_of(pbx))), **fields}
    return Publication.objects.create(pbx=pbx, state=state, **values)


@pytest.fixture
def visit(page: Page, live_server: LiveServer, client: Client, pbx: Pbx) -> Any:
    """Opens a page of the administration as somebody who may everything."""
    client.force_login(User.objects.create_superuser("root", first_name="Alex", last_name="Admin"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    Group.objects.get_or_create(name="Staff")
    return lambda path: page.goto(f"{live_server.url}{path}")


def desk_page() -> str:
    return f"{LOTS}{ParkingLot.objects.get(name='desk').pk}/change/"


PAGES = {
    "overview": lambda: "/admin/",
    "list": lambda: LOTS,
    "form": desk_page,
    "new": lambda: f"{LOTS}add/",
    "found": lambda: f"{LOTS}{ParkingLot.objects.get(name='found').pk}/change/",
    "remove": lambda: desk_page().replace("change", "delete"),
    "preview": lambda: f"/admin/lots/publication/preview/{the_pbx().pk}/",
    "progress": lambda: f"/admin/lots/publication/{publication(the_pbx(), 'failed', message='No.').pk}/progress/",
    "history": lambda: "/admin/lots/publication/",
    "publication": lambda: f"/admin/lots/publication/{Publication.objects.earliest('pk').pk}/change/",
    "drift": lambda: f"/admin/lots/pbx/{the_pbx().pk}/drift/",
    "calls": lambda: "/admin/lots/parkedcall/",
    "person": lambda: f"/admin/auth/user/{User.objects.get().pk}/change/",
    "persons": lambda: "/admin/auth/user/",
    "new person": lambda: "/admin/auth/user/add/",
    "password": lambda: f"/admin/auth/user/{User.objects.get().pk}/password/",
    "group": lambda: f"/admin/auth/group/{Group.objects.get(name='Staff').pk}/change/",
    "call": lambda: f"/admin/lots/parkedcall/{ParkedCall.objects.get().pk}/change/",
    "phones": lambda: "/admin/lots/phone/",
    "phone in use": lambda: f"/admin/lots/phone/{Phone.objects.get().pk}/delete/",
    "delete": lambda: f"/admin/auth/group/{Group.objects.get(name='Staff').pk}/delete/",
    "lot's history": lambda: desk_page().replace("change", "history"),
    "pbx": lambda: f"/admin/lots/pbx/{the_pbx().pk}/change/",
    "tries": lambda: "/admin/lots/doortry/",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_cut_off(page: Page, visit: Any, name: str, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    visit(PAGES[name]())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for width in (1280, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOW) == 0, width
        if width != 1280:
            assert not page.evaluate(TOO_SMALL), width
    found = Axe().run(page, options={"preload": False})  # else axe puts styles in, which the content policy forbids
    assert found.violations_count == 0, found.generate_report()


TOO_SMALL = """[...document.querySelectorAll('main button, main input, main select, main .button, main summary')]
  .filter((each) => each.checkVisibility() && !['hidden', 'checkbox', 'radio'].includes(each.type))
  .filter((each) => each.getBoundingClientRect().height < 44)
  .map((each) => each.outerHTML.slice(0, 120))"""


def test_the_form_says_what_the_lot_does_as_it_is_typed(page: Page, visit: Any) -> None:
    visit(f"{LOTS}add/")
    about = page.get_by_role("complementary")
    expect(about).to_contain_text("Transfer a call to 720")
    page.get_by_label("Timeout").fill("90")
    expect(about).to_contain_text("After 1 minute 30 seconds")
    page.get_by_label("Park code").fill("705")
    expect(page.locator(".field-park_code .errorlist").first).to_contain_text("Desk")
    expect(page.get_by_label("Park code")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field-label .errorlist")).to_have_count(0)  # nobody was there yet
    page.get_by_label("Park code").fill("740")
    expect(page.locator(".field-park_code .errorlist")).to_have_count(0)
    expect(about).to_contain_text("Transfer a call to 740")
    page.get_by_label("Timeout").fill("0")
    expect(about).to_contain_text("No timeout")
    assert ParkingLot.objects.count() == 2, "nothing is saved by typing"


def test_what_must_be_corrected_first_is_said_beside_the_form(page: Page, visit: Any) -> None:
    visit(desk_page())
    about = page.get_by_role("complementary")
    page.get_by_label("Timeout").fill("5")
    expect(about).to_contain_text("Correct the marked fields first (Timeout)")
    page.get_by_label("Timeout").fill("50")
    expect(about).not_to_contain_text("Correct the marked fields first")


def test_a_right_without_a_group_is_marked_at_once(page: Page, visit: Any) -> None:
    visit(desk_page())
    page.get_by_role("button", name="Add another Right").click()
    row = page.locator("#rights-0")
    row.get_by_label("Park").uncheck()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#rights-0 .errorlist")).to_contain_text("Choose the group, or remove this row")
    row.locator(".inline-deletelink").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LOTS}")


HIDDEN_BEHIND_THE_BAR = """() => {
  const [at, bar] = [document.activeElement, document.querySelector('.submit-row')];
  const [one, other] = [at.getBoundingClientRect(), bar.getBoundingClientRect()];
  return !bar.contains(at) && at !== document.body && one.bottom > other.top && one.top < other.bottom;
}"""


def test_the_focus_is_never_behind_the_last_row(page: Page, visit: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 600})
    visit(desk_page())
    page.get_by_label("Label").focus()
    while page.evaluate("document.activeElement.name") != "_save":
        assert not page.evaluate(HIDDEN_BEHIND_THE_BAR), page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")


def test_on_a_phone_the_section_is_in_sight_and_cards_name_their_values(page: Page, visit: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    visit("/admin/lots/phone/")
    expect(page.locator(".sections [aria-current]")).to_be_in_viewport(ratio=1)
    device = page.locator("td.field-device")
    assert device.evaluate("cell => getComputedStyle(cell, '::before').content").strip('"') == "Device "
    expect(page.locator("td.field-owner")).to_be_hidden()


def test_a_step_shows_the_fields_of_its_kind(page: Page, visit: Any) -> None:
    visit(desk_page())
    first = page.locator("#steps-0")
    expect(first.get_by_text("201 Ann")).to_be_visible()
    expect(first.get_by_label("Voicemail box")).to_be_hidden()
    page.get_by_role("button", name="Add another Fallback step").click()
    second = page.locator("#steps-1")
    expect(second.get_by_label("Position")).to_have_value("2")
    expect(second.get_by_label("Goes to")).to_be_focused()
    expect(second.get_by_label("Voicemail box")).to_be_hidden()
    second.get_by_label("Goes to").select_option(label="voicemail box")
    second.get_by_label("Voicemail box").fill("201@default")
    expect(second.get_by_text("201 Ann")).to_be_hidden()
    expect(page.get_by_role("complementary")).to_contain_text("goes to the voicemail box 201@default")
    expect(page.get_by_label("Overflow lot")).to_be_hidden()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LOTS}")
    assert [step.kind for step in FallbackStep.objects.all()] == ["phone", "voicemail"]


def test_a_lot_is_saved_and_published_by_keys_alone(page: Page, visit: Any, pbx: Pbx) -> None:
    visit(f"{LOTS}add/")
    page.get_by_label("Label").focus()
    page.keyboard.type("Reception")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{LOTS}")
    to_and_press(page, "Review and publish")
    page.wait_for_url("**/preview/**")
    to_and_press(page, "Publish to main")
    page.wait_for_url("**/progress/")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Waiting")
    asked = Publication.objects.filter(state="wanted")
    asked.update(state="running", step="Writing the files", done=2, total=4)
    expect(page.get_by_text("Writing the files")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "2")
    Publication.objects.filter(state="running").update(state="live", ended_at=timezone.now())
    expect(page.get_by_role("heading", level=2).first).to_have_text("Published")
    expect(page.get_by_text("runs these settings now")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    assert page.locator("[data-said]").inner_text().startswith("Published")


def to_and_press(page: Page, name: str) -> None:
    """Tab until the focus is on what is called ``name``, then Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim() || document.activeElement.value || ''") == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_a_failure_says_what_to_do(page: Page, visit: Any, pbx: Pbx) -> None:
    row = publication(pbx, "running")
    visit(f"/admin/lots/publication/{row.pk}/progress/")
    expect(page.get_by_text("What ran before runs again")).to_be_hidden()
    end = {"state": "returned", "message": "Desk, park code: 700 is taken.", "ended_at": timezone.now()}
    Publication.objects.filter(pk=row.pk).update(**end)
    expect(page.get_by_text("Desk, park code: 700 is taken.").first).to_be_visible()
    expect(page.get_by_text("What ran before runs again")).to_be_visible()
    expect(page.get_by_role("link", name="Review and publish")).to_be_visible()


def test_times_are_the_readers(page: Page, visit: Any) -> None:
    visit("/admin/lots/publication/")
    expect(page.locator("time[data-local]").first).to_contain_text("today")


def test_without_script_everything_can_still_be_done(
    browser: Any, live_server: LiveServer, client: Client, pbx: Pbx
) -> None:
    client.force_login(User.objects.create_superuser("root"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{desk_page()}?rows=1")
    row = page.locator("#steps-1")
    row.get_by_label("Goes to").select_option(label="voicemail box")
    row.get_by_label("Voicemail box").fill("201")
    expect(page.get_by_role("complementary")).to_contain_text("Transfer a call to 700")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LOTS}")
    assert FallbackStep.objects.count() == 2
    page.get_by_role("link", name="Review and publish").click()
    page.get_by_role("button", name="Publish to main").click()
    Publication.objects.filter(state="wanted").update(state="live", ended_at=timezone.now())
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("runs these settings now")).to_be_visible()
    context.close()
