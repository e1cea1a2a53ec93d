"""Who may not see a lot finds no word of it on any page, in any file, behind any filter."""

import re
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from lots.models import Pbx
from tests.kit.addresses import NOT_THERE, addresses, filled, has_holes
from tests.kit.cast import TRACES, Cast, make_cast, no_pbx
from tests.kit.permissions import ADMIN, LOTS, ROLES, SEES

pytestmark = pytest.mark.django_db(transaction=True)
FILTERED = (
    "/history/?lot={}",
    "/history/stays.csv?lot={}",
    "/history/earlier/?lot={}&call=missed-front",
    "/reports/?lot={}",
    "/reports/figures.csv?lot={}",
    "/admin/lots/parkedcall/?lot={}",
    "/admin/lots/parkedcall/?lot__id__exact={}",
    "/admin/lots/parkedcall/?lot__name={}",
    "/admin/lots/act/?lot__id__exact={}",
    "/admin/lots/parkinglot/{}/change/",
    "/admin/phone-keys/{}/",
)


@pytest.fixture
def cast(pbx: Pbx, roles: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    no_pbx(monkeypatch)
    return make_cast(pbx)


async def collected(answer: Any) -> list[bytes]:
    """The pieces of a file that is sent as it is made."""
    return [part async for part in answer.streaming_content]


def read(browser: Client, path: str) -> str:
    """All a browser gets; also the address it is sent to."""
    answer = browser.get(path, follow=True)
    body = b"".join(async_to_sync(collected)(answer)) if answer.streaming else answer.content
    return f"{answer.redirect_chain} {body.decode()}"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "superuser"])
def test_no_page_names_a_hidden_lot(role: str, cast: Cast) -> None:
    """Administrators set all lots up, and so know their names; who waits in them they hear no more than others."""
    browser = cast.browser(role)
    cast.revoke()
    hidden = [TRACES[lot][1 if role in ADMIN else slice(None)] for lot in LOTS if role not in SEES[lot]]
    words = [word for found in hidden for word in ([found] if isinstance(found, str) else found)]
    paths = {filled(name, route, cast) for name, route in addresses().items() if not name.endswith("logout")}
    paths |= {
        filled(name, route, cast, row.pk)
        for name, route in addresses().items()
        if has_holes(route)
        for kind, rows in (("parkinglot", cast.lots), ("phone_keys", cast.lots), ("parkedcall", cast.open))
        if f"lots_{kind}" in name
        for row in rows.values()
    }
    for path in sorted(paths):
        page = read(browser, path)
        assert not [word for word in words if word in page], path


@pytest.mark.parametrize("role", ["looker", "receptionist", "insider", "administrator", "guest", "revoked"])
@pytest.mark.parametrize("path", FILTERED)
def test_asking_for_a_hidden_lot_is_asking_for_none(role: str, path: str, cast: Cast) -> None:
    if role in ADMIN and ("parkinglot" in path or "phone-keys" in path):
        pytest.skip("administrators set up all lots")
    browser, hidden = cast.browser(role), cast.lots["front"].pk
    cast.revoke()
    there, away = (_bare(read(browser, path.format(pk)), pk) for pk in (hidden, NOT_THERE))
    assert there == away


def _bare(page: str, pk: int) -> str:
    """Without the number that was asked for, and without what is new with every answer."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", page.replace(str(pk), "*"))
