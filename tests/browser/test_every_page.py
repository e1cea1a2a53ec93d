"""Every page there is, found by walking the portal's addresses: axe has nothing to say, and nobody scrolls sideways."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from lots.bridge.start import the_pbx
from tests.browser.axe import assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, Message, call, lot
from tests.browser.elements import assert_accessible
from tests.kit.addresses import addresses, filled
from tests.kit.cast import Cast, make_cast, no_pbx
from tests.kit.logins import make_roles

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LOOKS = [("light", 1280), ("dark", 390)]
"""Both themes and both widths; pages with much of their own are looked at in all four by their own tests."""
SHARES = 6
"""So many tests share the addresses."""
ROLES = ("superuser", "stranger")


@pytest.fixture
def cast(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Cast:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    no_pbx(monkeypatch)
    make_roles()
    return make_cast(the_pbx())


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.timeout(600)
def test_axe_finds_nothing_on_any_page(page: Page, live_server: LiveServer, cast: Cast, share: int) -> None:
    found, seen = [], 0
    for name, route in sorted(addresses().items())[share::SHARES]:
        for role in ROLES:
            address = live_server.url + filled(name, route, cast)
            enter(page, live_server, cast.browser(role))
            if is_page(page, address):
                seen += 1
                page.goto(address)
                found += [f"{name} as {role}, {fault}" for fault in faults(page)]
    assert not found, "\n".join(found)
    assert seen > 5, "far fewer pages than there are"


def is_page(page: Page, address: str) -> bool:
    """Not sent elsewhere, no file, no data; a refusal in words is one."""
    answer = page.request.get(address, headers={"Accept": "text/html"}, max_redirects=0)
    html = answer.headers.get("content-type", "").startswith("text/html")
    return html and answer.status not in {301, 302, 405} and "content-disposition" not in answer.headers


def enter(page: Page, live_server: LiveServer, client: Client) -> None:
    """Be whom the client is."""
    page.context.clear_cookies()
    if cookie := client.cookies.get(settings.SESSION_COOKIE_NAME):
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def faults(page: Page) -> list[str]:
    """What axe finds, and whether something is cut off."""
    found = []
    for theme, width in LOOKS:
        look(page, theme, width)
        violations = Axe().run(page).response["violations"]
        found += [f"{theme} {width}: {one['id']} {one['nodes'][0]['html']}" for one in violations]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{theme} {width}: wider than the screen")
    return found


def missed() -> Message:
    caller = {"name": "Kim Lee", "number": "5551000"}
    return {"id": 91, "lot": 1, "slot": 704, "caller": caller, "waited": 75, "left_at": 0, "note": "", "for_name": ""}


def key(name: str) -> Callable[[Page], None]:
    return lambda page: page.keyboard.press(name)


def hang_up(page: Page) -> None:
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    page.get_by_role("menuitem", name="Hang up").click()


OPENED: dict[str, Callable[[Page], None]] = {
    "pick-dialog": key("s"),
    "note-dialog": key("e"),
    "earlier-dialog": key("h"),
    "keys-dialog": key("?"),
    "end-dialog": hang_up,
    "settle-dialog": lambda page: page.get_by_role("button", name="Done with Kim Lee, with a remark").click(),
}
"""How each dialog of the board is opened."""


def full_board(server: BoardServer) -> None:
    rights = {"may_page": True, "may_end": True}
    calls = [call(703, note="the invoice", for_name="Ann", earlier=2), call(704, "Ann", "")]
    server.first = server.snapshot(lot(calls, **rights), missed=[missed()], me={"may_look_back": True})


def test_axe_finds_nothing_in_any_dialog_of_the_board(page: Page, server: BoardServer, log_in: LogIn) -> None:
    full_board(server)
    log_in()
    dialogs = page.locator("dialog").evaluate_all("(all) => all.map(({ id }) => id)")
    assert sorted(dialogs) == sorted(OPENED), "Say in OPENED how a new one is opened"
    for dialog, opened in OPENED.items():
        page.get_by_role("button", name="Retrieve Maria Keller from 703").focus()
        opened(page)
        expect(page.locator(f"#{dialog}")).to_be_visible()
        for theme, width in LOOKS:
            look(page, theme, width)
            assert_accessible(page)
            assert_not_cut_off(page)
        page.keyboard.press("Escape")
        expect(page.locator(f"#{dialog}")).to_be_hidden()


def test_axe_finds_nothing_on_an_empty_board(page: Page, server: BoardServer, log_in: LogIn) -> None:
    for first in (server.snapshot(lot([])), server.snapshot(), server.snapshot(lot([]), may_retrieve=False)):
        server.first = first
        log_in()
        for theme, width in LOOKS:
            look(page, theme, width)
            assert_accessible(page)
            assert_not_cut_off(page)
