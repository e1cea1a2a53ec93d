"""What a hostile page or visitor can send: into every field of every order, into every filter, into every path."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from dashboard import orders
from dashboard.orders import KINDS, Refused, order_of
from dashboard.rights import Viewer
from lots.models import Pbx
from tests.kit.asked import ask
from tests.kit.cast import Cast, make_cast
from tests.kit.logins import login, viewer
from tests.kit.order_messages import message

PLANTS = (
    "a\r\nAction: Command\r\nCommand: core stop now\r\n\r\n",
    "a\nb",
    "a\0b",
    "\x1b[2J\u2028\x85",
    "${SHELL(touch /tmp/x)}",
    "a,b|c;d]e^f&g",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
)
TEXTS = ("note", "for_name", "text", "message", "for_whom", "remark", "uniqueid", "call", "answer", "command")
"""Fields that may hold a text; each is tried in every kind of order, also where it means nothing."""


@pytest.fixture
def cast(pbx: Pbx, roles: None, settings: Settings) -> Cast:
    settings.DEMO = True
    return make_cast(pbx)


@pytest.fixture
def who(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Viewer:
    """Somebody who may do everything; it is looked up once, since rights are not what is tried here."""
    somebody = viewer(cast.people["superuser"])
    rights = orders.current([somebody])
    monkeypatch.setattr(orders, "current", lambda _viewers: rights)
    return somebody


def texts(value: Any) -> Iterator[str]:
    """Every text in an order, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)


def ordered(who: Viewer, asked: dict[str, Any]) -> dict[str, Any] | None:
    """The order; None: it was refused."""
    try:
        return dict(order_of(who, asked, "socket", "channel"))
    except Refused:
        return None


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_every_text_of_an_order_is_one_line_of_printable_signs(kind: str, cast: Cast, who: Viewer) -> None:
    """What reaches the bridge can end no line of AMI, whatever a page sends in whatever field."""
    good = {"command": "c1", **message(kind, "lobby", cast)}
    assert ordered(who, good) is not None
    for field in TEXTS:
        for plant in PLANTS:
            order = ordered(who, {**good, field: plant}) or {}
            asked = {name: value for name, value in order.items() if name not in {"command", "detail"}}
            assert all(text.isprintable() for text in texts(asked)), (field, plant)


WRONG: tuple[Any, ...] = (None, True, -1, 2**70, [], "1; DROP TABLE lots_parkedcall")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_a_field_of_another_kind_is_refused_or_means_nothing(kind: str, cast: Cast, who: Viewer) -> None:
    """Never an error of ours: the socket would answer it as a silent bridge."""
    good = {"command": "c1", **message(kind, "lobby", cast)}
    for field in (*good, "phone", "for_phone", "to_slot", "zone"):
        for wrong in WRONG:
            ordered(who, {**good, field: wrong})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["history/", "reports/"])
def test_a_filter_is_text_to_the_database(page: str, cast: Cast) -> None:
    """It finds what holds that text, which is nothing here; no row of a lot one may not see, and no error."""
    browser: Client = login(cast.people["receptionist"])
    fields = ("caller", "parker", "taker", "lot", "since", "until", "outcome", "waited", "page", "period", "q")
    for plant in (*PLANTS, "%", "_", "\\", "'; DELETE FROM lots_parkedcall; --", "9" * 400):
        for query in (dict.fromkeys(fields, plant), {"caller": plant}):
            answer = browser.get(f"/{page}", query)
            assert answer.status_code == 200, plant
            assert "caller of front" not in answer.content.decode(), plant
            assert "<script>alert" not in answer.content.decode(), plant
        found = browser.get("/history/", {"caller": plant}).content.decode()
        assert ("caller of lobby" in found) == (plant in "caller of lobby"), plant


PATHS = (
    "/static/../parkinglot/settings.py",
    "/static/%2e%2e/parkinglot/settings.py",
    "/static/..%2fmanage.py",
    "/static//etc/passwd",
    "/static/..\\manage.py",
    "/static/%00",
    "/media/audio/original/x.wav",
    "/audio/original/x.wav",
    "/audio/../../secret_key",
    "/audio/%2e%2e/%2e%2e/secret_key",
    "/var/secret_key",
    "/.git/config",
    "/manage.py",
    "/parkinglot/settings.py",
    "//etc/passwd",
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PATHS)
async def test_no_path_leads_out_of_what_is_served(path: str, pbx: Pbx) -> None:
    answer = await ask(path)
    assert answer.status in {301, 302, 400, 404}
    assert not any(word in answer.text for word in ("SECRET_KEY", "root:", "import os", "[core]"))
