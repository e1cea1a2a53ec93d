"""A browser for the pages, and the server's side of the board's socket, played by the test."""

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.test import Client
from playwright.sync_api import Browser, Page, WebSocketRoute, sync_playwright
from pytest_django.live_server_helper import LiveServer

# Playwright's synchronous interface runs an event loop in this thread; Django would refuse its ORM calls beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

BROWSER = "/usr/bin/chromium-headless-shell"
"""Chromium without its own windows, toolbars and services: a third of the work for the same page."""
BROWSER_ARGS = ["--no-sandbox", "--disable-gpu"]

Message = dict[str, Any]


def call(slot: int, name: str = "Maria Keller", number: str = "+493012345", **changes: Any) -> Message:
    """An occupied slot, parked 10 s ago with 5 minutes to go, as the server would send it."""
    now = int(time.time() * 1000)
    return {
        "slot": slot,
        "state": "parked",
        "uniqueid": f"1764000000.{slot}",
        "caller": {"name": name, "number": number},
        "parker": {"name": "Tom Front", "number": "203", "device": "PJSIP/203"},
        "parked_at": now - 10_000,
        "waiting_since": changes.get("parked_at", now - 10_000),
        "timeout_at": now + 290_000,
        "claimed_by": None,
        "claimer": None,
        "note": "",
        "for_name": "",
        "for_phone": None,
        "earlier": 0,
        **changes,
    }


def lot(slots: list[Message], **changes: Any) -> Message:
    return {
        "id": 1,
        "name": "reception",
        "label": "Reception",
        "revision": 12,
        "first": 701,
        "last": 710,
        "names": {},
        "may_retrieve": True,
        "may_park": True,
        "may_page": False,
        "may_end": False,
        "slots": slots,
        **changes,
    }


def link(state: str = "hearing", reason: str = "") -> Message:
    return {"state": state, "since": int(time.time() * 1000), "reason": reason}


PHONES = [{"id": 5, "number": "201", "name": "Reception desk"}, {"id": 6, "number": "301", "name": "Back office"}]


COLLEAGUES = [
    {"id": 7, "number": "203", "name": "Tom Front"},
    {"id": 8, "number": "204", "name": "Ann Back"},
    {"id": 9, "number": "205", "name": "Ron Tomson"},
]


class BoardServer:
    """The server's end of `/ws/board/`: remembers what the page sends, says what the test wants said."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.connections = 0
        self.received: list[Message] = []
        self.first: Message | None = self.snapshot(lot([call(703)]))
        self.closes_with: int | None = None
        self._socket: WebSocketRoute | None = None
        page.route_web_socket("**/ws/board/", self._connected)

    @staticmethod
    def snapshot(*lots: Message, may_retrieve: bool = True, demo: bool = False, **changes: Any) -> Message:
        me = {"id": 3, "name": "Rita Desk", "may_retrieve": may_retrieve, "demo": demo, "phones": PHONES}
        me |= changes.pop("me", {})
        lots = tuple({**shown, "may_retrieve": shown["may_retrieve"] and may_retrieve} for shown in lots)
        now = int(time.time() * 1000)
        beside = {"colleagues": COLLEAGUES if may_retrieve else [], "missed": [], "zones": [], "notices": []}
        return {"type": "snapshot", "now": now, "me": me, "link": link(), "lots": list(lots), **beside, **changes}

    def _connected(self, socket: WebSocketRoute) -> None:
        self.connections += 1
        self._socket = socket
        socket.on_message(lambda text: self.received.append(json.loads(text)))
        if self.closes_with is not None:
            socket.close(code=self.closes_with)
        elif self.first is not None:
            socket.send(json.dumps(self.first))

    def send(self, **message: Any) -> None:
        assert self._socket is not None
        self._socket.send(json.dumps(message))

    def change(self, *slots: Message, after: int = 12, revision: int = 13, lot_id: int = 1) -> None:
        self.send(type="change", lot=lot_id, after=after, revision=revision, slots=list(slots))

    def progress(self, state: str, code: str, command: str = "c1", **params: str) -> None:
        self.send(type="progress", command=command, state=state, code=code, lot=1, slot=703, params=params)

    def close(self, code: int) -> None:
        assert self._socket is not None
        self._socket.close(code=code)

    def wait_for(self, kind: str, number: int = 0) -> Message:
        """The first message of a type the page sends, or a later one, waited for at most 3 s."""
        for _ in range(60):
            found = [message for message in self.received if message["type"] == kind]
            if len(found) > number:
                return found[number]
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the page sent no {kind}, only {self.received}")

    def settled(self) -> None:
        """All that the page wanted to send is here: it answers a beat, and messages keep their order."""
        number = 1000 + self.count("ack")
        self.send(type="beat", beat=number, now=int(time.time() * 1000), revisions={})
        assert self.wait_for("ack", self.count("ack"))["beat"] == number

    def count(self, kind: str) -> int:
        return sum(message["type"] == kind for message in self.received)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=BROWSER_ARGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own. A script error or anything the content policy blocks fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    # What the checker (axe) does to the page itself has no address.
    blocked = "Content Security Policy"
    opened.on(
        "console", lambda said: faults.append(said.text) if blocked in said.text and said.location["url"] else None
    )
    yield opened
    context.close()
    assert not faults


@pytest.fixture
def person(transactional_db: None) -> User:
    """Rita, who may see the board; what else she may do, the socket's snapshot says."""
    rita = User.objects.create_user("rita", password="desk-desk-desk", first_name="Rita", last_name="Desk")
    rita.user_permissions.add(Permission.objects.get(content_type__app_label="lots", codename="view_parkinglot"))
    return rita


LogIn = Callable[..., None]


@pytest.fixture
def log_in(page: Page, live_server: LiveServer, person: User, client: Client) -> LogIn:
    """Opens a page as Rita, who is logged in already: the form costs a second and has its own tests."""

    def open_page(path: str = "/") -> None:
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{path}")

    return open_page


@pytest.fixture
def type_login(page: Page, live_server: LiveServer, person: User) -> LogIn:
    def fill_in(path: str = "/", password: str = "desk-desk-desk") -> None:
        page.goto(f"{live_server.url}{path}")
        page.get_by_label("Username").fill(person.username)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()

    return fill_in


@pytest.fixture
def server(page: Page) -> BoardServer:
    return BoardServer(page)
