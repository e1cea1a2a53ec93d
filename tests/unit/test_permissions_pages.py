"""Every address as every role: whether it opens, whether it takes what is sent, and that refusals say nothing more."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from dashboard.routing import websocket_urlpatterns
from lots.models import Pbx
from parkinglot import front, health, metrics
from parkinglot.oidc_env import Oidc
from tests.kit.addresses import NOT_THERE, addresses, filled, has_holes
from tests.kit.asked import ask
from tests.kit.cast import Cast, make_cast, no_pbx
from tests.kit.permissions import ACTIONS, IN_FRONT, ROLES, SOCKETS, THINGS, pages
from tests.kit.permissions_sheet import FILE, document

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
LEAD_ON = {"admin/password_change/", "admin:password_change", "favicon.ico"}
"""They do nothing but lead to another address."""
LOGINS = ("/login/", "/admin/login/")


@pytest.fixture
def cast(pbx: Pbx, roles: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Cast:
    no_pbx(monkeypatch)
    settings.OIDC = Oidc("http://127.0.0.1:1", "id", "secret", "Company", (), "groups", create=True)
    settings.SOCIALACCOUNT_PROVIDERS = settings.OIDC.providers
    return make_cast(pbx)


def undone(act: Callable[[], Any]) -> Any:
    """What ``act`` gives; what it did to the database is taken back."""
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    return answer


def lets_through(answer: Any) -> bool:
    """Whether it was no refusal: not the way to log in (but to whom logs out), not 403, 404 or 405."""
    led_to_login = answer.headers.get("Location", "").startswith(LOGINS)
    return answer.status_code < 400 and (not led_to_login or answer.wsgi_request.path.endswith("/logout/"))


def test_every_address_has_an_expectation_and_no_expectation_is_of_nothing() -> None:
    assert set(addresses()) == set(pages())


def test_every_thing_of_the_administration_has_one() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == set(THINGS)


def test_every_socket_has_one() -> None:
    assert {str(one.pattern) for one in websocket_urlpatterns} == set(SOCKETS)


def test_everything_answered_before_django_has_one() -> None:
    """Health, figures, static files, recordings: one branch each."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(front.Front.__call__)))
    assert sum(isinstance(node, ast.If) for node in ast.walk(tree)) == 4
    assert {*health.PATHS, metrics.PATH, "/static/", "/audio/"} == set(IN_FRONT)


@pytest.mark.parametrize("path", sorted(set(IN_FRONT) - {"/static/", "/audio/"}))
async def test_what_is_answered_before_django(path: str, pbx: Pbx) -> None:
    """It knows no logins: it answers everybody or, as figures do until somebody sets a token, nobody."""
    assert ((await ask(path)).status == 404) == (not IN_FRONT[path])


def test_the_document_says_what_is_tested() -> None:
    assert FILE.read_text() == document(), "python -m tests.kit.permissions_sheet writes it anew"


@pytest.mark.parametrize("role", ROLES)
def test_addresses(role: str, cast: Cast) -> None:
    browser, wrong = cast.browser(role), []
    cast.revoke()
    known = pages()
    for name, route in addresses().items():
        path = filled(name, route, cast)
        for method, who in (("get", known[name].get), ("post", known[name].post)):
            answer = undone(partial(getattr(browser, method), path))
            if lets_through(answer) != (role in who):
                wrong.append(f"{method} {name}: {answer.status_code} {answer.headers.get('Location', '')}")
            if name.endswith("logout"):
                browser = cast.browser(role)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_cannot_tell_what_is_there(role: str, cast: Cast) -> None:
    browser = cast.browser(role)
    cast.revoke()
    for name, route in addresses().items():
        if has_holes(route):
            for method in ("get", "post"):
                there, away = (_said(browser, method, filled(name, route, cast, key)) for key in (None, NOT_THERE))
                may = role in (pages()[name].get | pages()[name].post)
                assert may or there == away, (method, name)


def _said(browser: Client, method: str, path: str) -> tuple[int, str, bytes]:
    """All of an answer but the path that was asked for, which an answer may repeat."""
    answer: HttpResponse = undone(partial(getattr(browser, method), path))
    body = TOKEN.sub(b"", answer.content).replace(path.encode(), b"*")
    return answer.status_code, answer.headers.get("Location", "").replace(path, "*"), body


def test_no_form_of_another_site_is_taken(cast: Cast) -> None:
    """Who may do everything, led there by a page that knows no token of theirs."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.people["superuser"])
    for name, route in addresses().items():
        if pages()[name].post:
            answer = undone(partial(browser.post, filled(name, route, cast)))
            taken = answer.status_code < 400 and not answer.headers.get("Location", "").startswith("/static/")
            assert not taken or name in LEAD_ON, name


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"stranger", "revoked"}])
def test_actions_on_ticked_rows(role: str, cast: Cast) -> None:
    request = RequestFactory().get("/")
    request.user = cast.people[role].__class__.objects.get(pk=cast.people[role].pk)
    offered = {
        f"{model._meta.label_lower} {name}": True
        for model, its in admin.site._registry.items()
        for name in its.get_actions(request)
    }
    assert set(offered) == {name for name, who in ACTIONS.items() if role in who}
    assert set(offered) <= set(ACTIONS)


def test_every_proof_of_the_threat_model_is_there() -> None:
    text = (FILE.parent / "THREAT_MODEL.md").read_text()
    named = set(re.findall(r"tests/[\w/]+(?:\.py|/)", text))
    assert len(named) > 20
    assert not [name for name in named if not (FILE.parents[1] / name).exists()]
