"""Looking back in a browser: searching, taking it along, pictures, the viewer's own time zone, themes and widths."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from lots.bridge.start import the_pbx
from lots.models import ParkingLot
from tests.browser.conftest import LogIn
from tests.browser.elements import assert_accessible
from tests.browser.test_board_access import THEMES, WIDTHS, look
from tests.kit.stays import NOON, stay

pytestmark = pytest.mark.django_db(transaction=True)
DAY = "?period=own&since=2025-11-25&until=2025-11-25"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def lot(person: User) -> ParkingLot:
    """With a few stays that show all there is to show; Rita may look back."""
    person.user_permissions.add(Permission.objects.get(codename="report_parkedcall"))
    lot = ParkingLot.objects.create(pbx=the_pbx(), name="desk", label="Reception", first_slot=701, last_slot=702)
    stay(lot, NOON, 95, retriever_name="Una Reach", note="wants an invoice", for_name="Dr. Weber", retrieved_by=person)
    stay(lot, NOON + timedelta(hours=1), 30, outcome="timed_out", caller_name="Kim Lee", caller_number="+4930777")
    settled = {"called_back_at": NOON + timedelta(hours=3), "called_back_by": person, "remark": "comes tomorrow"}
    stay(lot, NOON + timedelta(hours=2), 300, outcome="abandoned", slot=702, caller_name="", **settled)
    stay(lot, NOON + timedelta(hours=2), 60, outcome="elsewhere", caller_number="", caller_name="W" * 60)
    stay(lot, datetime.now(UTC), None, caller_name="Still Here")
    return lot


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")  # the tests' server is no ASGI server
def test_filters_stand_in_the_address_and_the_file_has_the_same(page: Page, lot: ParkingLot, log_in: LogIn) -> None:
    log_in()
    page.get_by_text("Rita Desk").click()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("row")).to_have_count(6)
    page.get_by_label("Search").fill("030 / 777")
    page.get_by_label("How it ended").select_option("timed out, went back")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_role("rowheader")).to_contain_text("Kim Lee")
    assert "q=030+%2F+777" in page.url
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download as CSV").click()
    assert saved.value.suggested_filename.startswith("parkinglot-history-20")
    table = saved.value.path().read_text(encoding="utf-8-sig")
    assert "Kim Lee" in table
    assert "Maria Keller" not in table
    page.get_by_role("link", name="Clear").click()
    page.get_by_role("link", name="All stays of Maria Keller").click()
    expect(page.get_by_text("Only the stays of +493012345.")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(4)


def test_the_first_page_already_has_the_viewers_times(
    browser: Browser, lot: ParkingLot, person: User, live_server: LiveServer
) -> None:
    """A page that was made before the zone was known is asked for once more, and no page after it."""
    context = browser.new_context(timezone_id="America/New_York", locale="en-GB")
    page = context.new_page()
    page.goto(f"{live_server.url}/login/?next=/history/")
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill("desk-desk-desk")
    context.clear_cookies(name="parkinglot_zone")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Times are those of America/New_York.")).to_be_visible()
    expect(page.get_by_text("25 Nov 2025, 07:00")).to_be_visible()
    loads: list[str] = []
    page.on("request", lambda request: loads.append(request.url) if request.is_navigation_request() else None)
    page.goto(f"{live_server.url}/history/")
    expect(page.get_by_text("25 Nov 2025, 07:00")).to_be_visible()
    assert len(loads) == 1
    context.close()


def test_a_report_has_a_picture_its_table_and_the_same_as_a_file(page: Page, lot: ParkingLot, log_in: LogIn) -> None:
    log_in(f"/reports/{DAY}")
    picture = page.get_by_role("img", name="Calls parked by hour of the day")
    expect(picture).to_be_visible()
    assert picture.locator("rect").count() == 4
    heights = picture.locator("rect").evaluate_all("all => all.map((each) => each.getBoundingClientRect().height)")
    assert min(heights) > 20
    expect(page.get_by_role("table", name="By hour of the day")).to_be_hidden()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("table", name="By hour of the day").get_by_role("row")).to_have_count(25)
    expect(page.get_by_role("row", name="Reception")).to_contain_text("25.0 %")
    expect(page.get_by_label("From")).to_be_visible()
    page.get_by_label("Period", exact=True).select_option("Last 30 days")
    expect(page.get_by_label("From")).to_be_hidden()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download as CSV").click()
    assert "lot,Reception,4,1,1,1,1,0.2500" in saved.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("link", name="4", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(5)


@pytest.mark.parametrize("path", ["/history/", "/history/?since=x&q=y", f"/reports/{DAY}", "/reports/?period=own"])
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_look_back(page: Page, lot: ParkingLot, log_in: LogIn, path: str, theme: str, width: int) -> None:
    look(page, theme, width)
    log_in(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if "since=2025" in path:
        page.get_by_text("As a table").click()
    assert_accessible(page)
    assert page.evaluate(OVERFLOW) == 0
