"""Every answer of the portal carries the headers that keep browsers safe; nobody can forget them on a new page."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, get_resolver

from dashboard import views
from lots.models import ParkingLot, Phone
from parkinglot.headers import COMMON, Headers, completed
from parkinglot.origin import same_origin
from tests.kit.asked import Answer, ask
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db(transaction=True)
BASE = Path(__file__).resolve().parents[2]
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
VALUES = {"int": "1", "path": "1", "str": "1", "slug": "a", "uuid": "0" * 8}


def addresses(patterns: Any = None, before: str = "/") -> Iterator[str]:
    """Every address the portal knows, with something in the place of each argument."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
        here = before + ARGUMENT.sub(lambda found: VALUES.get(found[1] or "str", "1"), route).replace("\\", "")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield here


BEFORE_DJANGO = ["/healthz", "/static/theme.js", "/static/css/base.css", "/static/nothing.css", "/audio/nothing.wav"]
ALL = sorted({*addresses(), *BEFORE_DJANGO, "/nowhere/", "/admin/nowhere/", "/login", "/%00", "/..%2f"})


def test_the_walk_knows_every_kind_of_page() -> None:
    assert len(ALL) > 80
    assert {"/", "/login/", "/account/password/", "/wall/", "/admin/", "/admin/failed-logins/"} <= set(ALL)
    assert not any(mark in address for address in ALL for mark in "<>()?")


class Markup(HTMLParser):
    """Finds what a strict policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.forbidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.forbidden.append(tag)
        self.forbidden += [name for name in given if name.startswith("on")]
        self.forbidden += [str(given[key]) for key in ("src", "href") if str(given.get(key)).startswith("javascript:")]
        remote = [given.get("src"), given.get("href") if tag == "link" else None]
        self.forbidden += [str(where) for where in remote if re.match(r"(https?:)?//", where or "")]


def guarded(answer: Answer, where: str) -> None:
    for name, value in COMMON:
        if name != b"content-security-policy":
            assert answer.headers.get(name.decode()) == value.decode(), (where, name)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy, where
    assert "frame-ancestors 'none'" in policy, where
    assert "base-uri 'none'" in policy, where
    assert "unsafe" not in policy, where
    assert "data:" not in policy, where
    for cookie in answer.cookies:
        assert "SameSite=Lax" in cookie, (where, cookie)
        assert "HttpOnly" in cookie, (where, cookie)
    if "html" in answer.headers.get("content-type", ""):
        markup = Markup()
        markup.feed(answer.text)
        assert markup.forbidden == [], where


async def test_whoever_asks_for_whatever_in_whatever_way(roles: None, lot: ParkingLot) -> None:
    root = await sync_to_async(User.objects.create_superuser)("root")
    await Phone.objects.acreate(pbx=lot.pbx, number="201", owner=root)
    key = (await sync_to_async(login)(root)).session.session_key
    cookie = f"{django_settings.SESSION_COOKIE_NAME}={key}"
    statuses = set()
    for where in ALL:
        anonymous = await ask(where)
        posted = await ask(where, "POST", b"a=b", content_type="application/x-www-form-urlencoded")
        known = anonymous if "logout" in where else await ask(where, cookie=cookie)
        for answer in (anonymous, posted, known):
            guarded(answer, where)
            statuses.add(answer.status)
    assert {200, 302, 403, 404, 405} <= statuses
    assert 500 not in statuses


async def test_errors_too(roles: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("on purpose")

    sam = await sync_to_async(person)("sam", "Staff")
    key = (await sync_to_async(login)(sam)).session.session_key
    monkeypatch.setattr(views, "board_words", broken)
    fault = await ask("/", cookie=f"{django_settings.SESSION_COOKIE_NAME}={key}")
    assert fault.status == 500
    guarded(fault, "a fault")
    for answer in (await ask("/login/", host="evil.example"), await ask("/login/", host="a b")):
        assert answer.status == 400
        guarded(answer, "a wrong host")
    guarded(await ask("/login/", "PURGE"), "a method nobody knows")
    guarded(await ask("/static/theme.js", if_modified_since="Wed, 25 Nov 2099 00:00:00 GMT"), "not modified")


async def test_pages_of_people_are_not_kept_by_anybody(roles: None) -> None:
    sam = await sync_to_async(person)("sam", "Staff")
    key = (await sync_to_async(login)(sam)).session.session_key
    for where in ("/", "/account/", "/account/password/", "/login/"):
        answer = await ask(where, cookie=f"{django_settings.SESSION_COOKIE_NAME}={key}")
        assert "no-store" in answer.headers["cache-control"], where


async def nothing(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": [(b"X-Frame-Options", b"SAMEORIGIN")]})
    await send({"type": "http.response.body", "body": b""})


async def test_browsers_are_told_to_insist_on_tls_where_there_is_tls() -> None:
    guard = Headers(nothing, hsts=86_400, behind_https=True)
    told = await ask("/", app=guard, x_forwarded_proto="https")
    assert told.headers["strict-transport-security"] == "max-age=86400"
    assert "strict-transport-security" not in (await ask("/", app=guard)).headers
    plain = Headers(nothing, hsts=86_400, behind_https=False)
    assert "strict-transport-security" not in (await ask("/", app=plain, x_forwarded_proto="https")).headers


def test_what_an_answer_says_itself_stays() -> None:
    found = completed([(b"X-Frame-Options", b"SAMEORIGIN")])
    assert [value for name, value in found if name.lower() == b"x-frame-options"] == [b"SAMEORIGIN"]


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://portal:8000", "portal:8000", True),
        ("https://portal", "portal", True),
        ("https://portal", "portal:443", True),
        ("http://PORTAL:80", "portal", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("http://portal:8001", "portal:8000", False),
        ("http://portal", "portal:8000", False),
        ("https://portal.evil.example", "portal", False),
        ("https://evil@portal", "portal.evil", False),
        ("file://portal", "portal", False),
        ("null", "portal", False),
        ("", "", False),
        ("http://portal:x", "portal", False),
    ],
)
def test_a_socket_belongs_to_the_page_that_was_served_here(origin: str, host: str, same: bool) -> None:
    assert same_origin(origin, host) is same


def deployed(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=BASE,
        env={"PATH": os.environ["PATH"], "DEMO": "off", **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_check_for_production_has_nothing_to_say(tmp_path: Path) -> None:
    good = {"VAR_DIR": str(tmp_path), "BEHIND_HTTPS": "on", "ALLOWED_HOSTS": "portal.example"}
    done = deployed(**good, TRUSTED_PROXIES="127.0.0.1")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    for wrong, code in (({}, "parkinglot.W001"), ({"SECRET_KEY": "short", "TRUSTED_PROXIES": "::1"}, "security.W009")):
        done = deployed(**good, **wrong)
        assert done.returncode != 0
        assert code in done.stderr
