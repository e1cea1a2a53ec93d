"""The wall screen in a browser: it opens by its link, never shows an old picture as live, and mends itself."""

import json
import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from pytest_django.live_server_helper import LiveServer

from dashboard.version import version
from tests.browser.conftest import Message, call, link, lot
from tests.browser.elements import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "a-secret-only-the-socket-hears"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LIVE = "#board[data-link='hearing']"


class WallServer:
    """The server's end of `/ws/wall/`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.connections = 0
        self.received: list[Message] = []
        self.version = version()
        self.lots = [lot([call(703)])]
        self.closes_with: int | None = None
        self.answers = True
        self._socket: WebSocketRoute | None = None
        page.route_web_socket("**/ws/wall/", self._connected)

    def _connected(self, socket: WebSocketRoute) -> None:
        self.connections += 1
        self._socket = socket
        socket.on_message(self._heard)

    def _heard(self, text: str | bytes) -> None:
        message = json.loads(text)
        self.received.append(message)
        if message["type"] != "wall" or not self.answers:
            return
        if self.closes_with is not None:
            self.close(self.closes_with)
            return
        self.send(type="hello", version=self.version)
        self.snapshot()

    def snapshot(self, **changes: Any) -> None:
        me = {"name": "Hall", "may_retrieve": False, "demo": False, "phones": []}
        now = int(time.time() * 1000)
        self.send(**{"type": "snapshot", "now": now, "me": me, "link": link(), "lots": self.lots, **changes})

    def send(self, **message: Any) -> None:
        assert self._socket is not None
        self._socket.send(json.dumps(message))

    def close(self, code: int) -> None:
        assert self._socket is not None
        self._socket.close(code=code)


@pytest.fixture
def server(page: Page) -> WallServer:
    return WallServer(page)


@pytest.fixture
def visit(page: Page, live_server: LiveServer) -> Any:
    page.set_viewport_size({"width": 1920, "height": 1080})
    return lambda path=f"/wall/#{SECRET}": page.goto(f"{live_server.url}{path}")


def bay(page: Page, slot: int, lot_name: str = "reception") -> Locator:
    return page.locator(f'.bay[data-lot="{lot_name}"][data-slot="{slot}"]')


def font(element: Locator) -> float:
    """Its size in pixels."""
    return float(element.evaluate("node => parseFloat(getComputedStyle(node).fontSize)"))


def test_the_secret_goes_over_the_socket_and_into_no_address(page: Page, server: WallServer, visit: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers)))
    visit()
    expect(bay(page, 703)).to_contain_text("Maria Keller")
    assert server.received[0] == {"type": "wall", "secret": SECRET}
    assert asked
    assert not [url for url in asked if SECRET in url.split("#")[0]]


def test_slots_have_their_places_and_what_is_written_is_large(page: Page, server: WallServer, visit: Any) -> None:
    visit()
    expect(page.locator(".bay")).to_have_count(10)
    expect(page.locator("#free")).to_have_text("Reception: 9 of 10 free")
    expect(page.locator("#summary")).to_contain_text("1 caller waiting")
    assert font(bay(page, 703).locator(".caller")) >= 36
    assert font(bay(page, 703).locator(".bay-number")) >= 55
    place = bay(page, 705).bounding_box()
    server.send(type="change", lot=1, after=12, revision=13, slots=[call(704, "Bob"), {"slot": 703, "state": "free"}])
    expect(bay(page, 704)).to_contain_text("Bob")
    expect(bay(page, 703)).to_have_attribute("data-state", "free")
    assert bay(page, 705).bounding_box() == place


def test_of_many_slots_only_callers_are_shown(page: Page, server: WallServer, visit: Any) -> None:
    many = [lot([], id=n, name=f"lot{n}", label=f"Lot {n}", first=n * 100, last=n * 100 + 39) for n in range(1, 4)]
    server.lots = many
    visit()
    expect(page.locator("#nobody")).to_be_visible()
    expect(page.locator("#free li")).to_have_text([f"Lot {n}: 40 of 40 free" for n in range(1, 4)])
    many[1]["slots"] = [call(slot, f"Caller {slot}") for slot in (207, 203, 205)]
    server.snapshot()
    expect(page.locator(".bay .bay-number")).to_have_text(["203", "205", "207"])
    expect(page.locator(".bay").first).to_contain_text("Lot 2")
    assert font(page.locator(".caller").first) >= 55
    expect(page.locator("#nobody")).to_be_hidden()


def test_of_more_callers_than_fit_the_longest_waiting_are_shown(page: Page, server: WallServer, visit: Any) -> None:
    now = int(time.time() * 1000)
    calls = [call(slot, parked_at=now - (1000 - slot) * 100) for slot in range(1, 121)]
    server.lots = [lot(calls, first=1, last=400)]
    visit()
    expect(page.locator(".bay")).to_have_count(108)
    expect(page.locator("#more")).to_have_text("and 12 more callers")
    expect(bay(page, 1)).to_be_visible()
    expect(bay(page, 120)).to_have_count(0)
    assert page.evaluate(OVERFLOW) == 0


FIT = """async ([script, width, height]) => {
  const { fit } = await import(script);
  return Array.from({ length: 108 }, (_, n) => [n + 1, fit(n + 1, width, height)])
    .filter(([n, { columns, rows, unit }]) => columns * rows < n || unit <= 0 ||
      columns * 21.6 * unit - 0.6 * unit > width + 0.01 || rows * 14.3 * unit - 0.6 * unit > height + 0.01);
}"""


@pytest.mark.parametrize(("width", "height"), [(1860, 850), (1000, 1700), (3700, 1800), (800, 400)])
def test_what_is_made_to_fit_fits(page: Page, server: WallServer, visit: Any, width: int, height: int) -> None:
    visit()
    assert page.evaluate(FIT, ["/static/wall/fit.js", width, height]) == []


def test_sizes_do_not_swing(page: Page, server: WallServer, visit: Any) -> None:
    visit()
    rooms = "async (counts) => { const { roomFor } = await import('/static/wall/fit.js'); let room = 0;"
    rooms += " return counts.map((count) => (room = roomFor(count, room))); }"
    assert page.evaluate(rooms, [0, 6, 7, 12, 13, 12, 10, 9, 5, 4, 500]) == [6, 6, 12, 12, 20, 20, 20, 12, 12, 6, 108]


def test_age_has_a_colour_and_a_word(page: Page, server: WallServer, visit: Any) -> None:
    now = int(time.time() * 1000)
    times = {701: (5, 300), 702: (200, 100), 703: (290, 9)}
    calls = [
        call(slot, parked_at=now - waited * 1000, timeout_at=now + left * 1000)
        for slot, (waited, left) in times.items()
    ]
    server.lots = [lot([*calls, call(704, state="claimed", claimed_by="Ann")])]
    visit()
    for slot, words in ((701, "Waiting"), (702, "Waiting long"), (703, "Returning soon"), (704, "Being taken")):
        expect(bay(page, slot).locator('[data-part="state"]')).to_have_text(words)
    expect(bay(page, 704)).to_contain_text("Ann is taking it")
    colours = {bay(page, slot).locator(".chip").evaluate("n => getComputedStyle(n).color") for slot in times}
    assert len(colours) == 3


@pytest.mark.parametrize("state", ["lost", "refused", "silent"])
def test_an_old_picture_is_not_shown_as_live(page: Page, server: WallServer, visit: Any, state: str) -> None:
    visit()
    place = bay(page, 703).bounding_box()
    expect(page.locator("#live")).to_have_text("Live")
    server.send(type="link", now=int(time.time() * 1000), link=link(state))
    expect(page.get_by_role("alert")).to_contain_text("What you see is the last known picture")
    expect(page.locator("#live")).to_have_text("Not live")
    waited = bay(page, 703).locator('[data-part="waited"]').inner_text()
    page.wait_for_timeout(1200)
    expect(bay(page, 703).locator('[data-part="waited"]')).to_have_text(waited)
    assert bay(page, 703).bounding_box() == place  # the bar pushes nothing away
    server.send(type="link", now=int(time.time() * 1000), link=link())
    expect(page.locator("#live")).to_have_text("Live")


def test_it_comes_back_for_ever(page: Page, server: WallServer, visit: Any) -> None:
    page.clock.install()
    visit()
    expect(page.locator(LIVE)).to_be_visible()
    server.answers = False
    for _ in range(30):
        server.close(1012)
        page.clock.run_for(11_000)
        page.wait_for_timeout(20)
    expect(page.get_by_role("alert")).to_contain_text("No connection to the portal since")
    assert server.connections > 25
    server.answers = True
    server.close(1012)
    page.clock.run_for(11_000)
    expect(page.locator(LIVE)).to_be_visible()


def test_a_revoked_link_says_so_and_shows_nothing(page: Page, server: WallServer, visit: Any) -> None:
    visit()
    expect(bay(page, 703)).to_contain_text("Maria Keller")
    server.close(4403)
    expect(page.get_by_role("alert")).to_contain_text("This link does not work any more")
    expect(page.get_by_text("Maria Keller")).to_have_count(0)
    page.wait_for_timeout(1500)
    assert server.connections == 1
    assert_accessible(page)


def test_another_link_typed_over_it_is_opened(page: Page, server: WallServer, visit: Any) -> None:
    server.closes_with = 4403
    visit()
    expect(page.get_by_role("alert")).to_contain_text("This link does not work any more")
    server.closes_with = None
    visit("/wall/#another")
    expect(page.locator(LIVE)).to_be_visible()
    assert server.received[-1]["secret"] == "another"


def test_an_address_without_a_secret_says_what_to_open(page: Page, server: WallServer, visit: Any) -> None:
    visit("/wall/")
    expect(page.get_by_role("alert")).to_contain_text("Open the whole link")
    assert server.connections == 0


def test_an_upgrade_renews_the_page_once(page: Page, server: WallServer, visit: Any) -> None:
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    visit()
    expect(page.locator(LIVE)).to_be_visible()
    server.version = "another"
    server.close(4012)
    with page.expect_event("load", timeout=15_000):
        pass
    expect(page.locator(LIVE)).to_be_visible()  # the page that came is another still: servers of both versions run
    page.wait_for_timeout(4000)
    assert len(loads) == 2
    assert page.url.endswith(f"#{SECRET}")


def test_a_fault_of_the_page_does_not_leave_an_old_picture(page: Page, server: WallServer, visit: Any) -> None:
    visit()
    expect(page.locator(LIVE)).to_be_visible()
    with page.expect_event("load", timeout=15_000):
        page.evaluate("window.dispatchEvent(new ErrorEvent('error'))")
        expect(page.locator("#live")).to_have_text("Not live")
    expect(page.locator(LIVE)).to_be_visible()


def test_dark_unless_light_was_asked_for_once(page: Page, server: WallServer, visit: Any) -> None:
    root = page.locator("html")
    page.emulate_media(color_scheme="light")
    visit()
    expect(root).to_have_attribute("data-theme", "dark")
    visit(f"/wall/?theme=light#{SECRET}")
    expect(root).to_have_attribute("data-theme", "light")
    page.goto("about:blank")
    visit()
    expect(root).to_have_attribute("data-theme", "light")
    visit(f"/wall/?theme=dark#{SECRET}")
    expect(root).to_have_attribute("data-theme", "dark")


def test_the_screen_stays_awake_where_the_browser_can(page: Page, server: WallServer, visit: Any) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'wakeLock',"
        " {value: {request: (kind) => ((window.asked ??= []).push(kind), Promise.resolve({}))}})"
    )
    visit()
    expect(page.locator(LIVE)).to_be_visible()
    assert page.evaluate("window.asked") == ["screen"]
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("window.asked") == ["screen", "screen"]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160), (1080, 1920), (390, 844)])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    page: Page, server: WallServer, visit: Any, theme: str, size: tuple[int, int]
) -> None:
    long_name = "Bartholomew " * 9
    server.lots = [lot([call(701, long_name), call(702, state="claimed", claimed_by=long_name), call(733)])]
    page.emulate_media(reduced_motion="reduce")
    visit(f"/wall/?theme={theme}#{SECRET}")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(bay(page, 733)).to_be_visible()
    assert page.evaluate(OVERFLOW) == 0
    if size[0] > 700:
        expect(page.locator("#free")).to_be_in_viewport(ratio=1)
    cut = page.locator(".bay:not([data-state='free']) .times").evaluate_all(
        "all => all.filter(n => n.getBoundingClientRect().bottom > n.closest('.bay').getBoundingClientRect().bottom)"
        ".length"
    )
    assert cut == 0
    assert_accessible(page)
    server.send(type="link", now=int(time.time() * 1000), link=link("lost"))
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
