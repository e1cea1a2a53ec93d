"""Hostile text in the admin's forms: saved and safe, or a sentence at the field and all that was typed still there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import CharField
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lots.bridge.facts import lot_facts
from lots.config.render import render
from lots.models import HoldMusic, PagingZone, ParkingLot, Pbx, Phone
from lots.publish.setup import setup_of
from tests.kit.hostile import GOOD, payloads
from tests.kit.logins import login, phone
from tests.kit.lot_form import step, typed

pytestmark = pytest.mark.django_db
MARKUP = "<img src=x onerror=alert(1)>"
HOSTILE = [
    MARKUP,
    f'"{MARKUP}',
    f"'{MARKUP}",
    f"</script>{MARKUP}",
    f"</textarea>{MARKUP}",
    "%s%(x)s{0}",
    *payloads()[len(GOOD) :: 3],
]


@dataclass(frozen=True)
class Form:
    """What is sent when nothing is wrong, and the texts in it."""

    model: str
    sent: dict[str, str]
    texts: tuple[str, ...]
    pk: int | None = None
    secret: frozenset[str] = field(default_factory=frozenset)
    """Never shown again."""

    @property
    def address(self) -> str:
        if self.pk is None:
            return reverse(f"admin:lots_{self.model}_add")
        return reverse(f"admin:lots_{self.model}_change", args=[self.pk])

    @property
    def listed(self) -> str:
        return reverse(f"admin:lots_{self.model}_changelist")


@pytest.fixture
def browser(pbx: Pbx, alex: User) -> Client:
    return login(alex)


@pytest.fixture
def forms(pbx: Pbx) -> dict[str, Form]:
    here = {"pbx": str(pbx.pk)}
    tracks = {f"tracks-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    music = {**here, **tracks, "label": "Jazz", "decoder": "ffmpeg", "sort": "alpha"}
    zone = {**here, "label": "Hall", "multicast": "239.1.1.1:5004", "gap": "30", "repeats": "0"}
    number = {**here, "number": "201", "name": "Ann", "device": "PJSIP/201", "brand": "generic"}
    contexts = {"phone_contexts": "phones", "trunk_contexts": "outside", "active": "on", "port": "5038"}
    return {
        "lot": Form("parkinglot", typed(pbx.pk, **PARTS), LOT, secret=frozenset({"new_pin"})),
        "directory": Form("holdmusic", {**music, "kind": "directory", "directory": "/moh"}, ("label", "directory")),
        "stream": Form("holdmusic", {**music, "kind": "stream", "stream": "https://a.org/b"}, ("label", "stream")),
        "zone": Form("pagingzone", zone, ("label", "overhead", "multicast", "text")),
        "phone": Form("phone", number, ("number", "name", "device")),
        "pbx": Form("pbx", contexts, ("phone_contexts", "trunk_contexts"), pk=pbx.pk),
    }


PARTS: dict[str, Any] = {
    "steps": [step("voicemail", mailbox="201"), step("location", position="2", location="phones,201,1")],
    "slot_names": [{"slot": "701", "name": "Desk"}],
    "outside_numbers": [{"number": "4930"}],
}
LOT = (
    *("label", "description", "park_code", "retrieve_code", "next_code", "prefix_text", "alert_info", "message"),
    *("courtesy_tone", "new_pin", "steps-0-mailbox", "steps-1-location", "slot_names-0-name"),
    "outside_numbers-0-number",
)
NAMES = ["lot", "directory", "stream", "zone", "phone", "pbx"]


class Typed(HTMLParser):
    """The fields of a page with what is in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input":
            self.values[found.get("name") or ""] = found.get("value") or ""
        elif tag == "textarea":
            self._area = found.get("name") or ""
            self.values[self._area] = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.values[self._area] = self.values[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = ""


def received(text: str) -> str:
    """As the portal reads what is sent: half a surrogate pair is no text."""
    return text.encode(errors="surrogatepass").decode(errors="replace")


def send(browser: Client, form: Form, changes: Mapping[str, str]) -> Any:
    body = urlencode({**form.sent, **changes}, errors="surrogatepass")
    answer: Any = browser.post(form.address, body, "application/x-www-form-urlencoded")
    assert answer.status_code in {200, 302}
    return answer


def refused(answer: Any, form: Form, changes: Mapping[str, str]) -> set[str]:
    """The fields with a sentence; AssertionError unless all that was typed is still there, and is text."""
    page = answer.content.decode()
    assert MARKUP not in page
    there = Typed(page).values
    for name, text in changes.items():
        if name not in form.secret:
            assert there[name] == received(text), name
    found = dict(answer.context["adminform"].form.errors)
    for inline in answer.context["inline_admin_formsets"]:
        for part in inline.formset.forms:
            found |= {f"{part.prefix}-{name}": texts for name, texts in part.errors.items()}
    assert all(str(sentence).strip() for texts in found.values() for sentence in texts)
    return set(found)


MODELS: dict[str, Any] = {"parkinglot": ParkingLot, "holdmusic": HoldMusic, "pagingzone": PagingZone, "phone": Phone}


def check_saved(browser: Client, form: Form, pbx: Pbx, value: str) -> None:
    """It is one line of text, it can be published, and every page that shows it shows text."""
    pbx.refresh_from_db()
    render(setup_of(pbx))
    last = MODELS.get(form.model, Pbx).objects.order_by("pk").last()
    parts = [last.slot_names, last.steps, last.outside_numbers] if form.model == "parkinglot" else []
    for row in (last, *(row for part in parts for row in part.all())):
        texts = [one.value_from_object(row) for one in row._meta.fields if isinstance(one, CharField)]
        assert all(text.isprintable() and text == text.strip() for text in texts), texts
    if "<" not in value:
        return
    changed = reverse(f"admin:lots_{form.model}_change", args=[last.pk])
    for address in (form.listed, changed, reverse("admin:lots_publication_preview", args=[pbx.pk]), "/admin/"):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert MARKUP not in answer.content.decode(), address


def judge(browser: Client, form: Form, pbx: Pbx, value: str, names: set[str]) -> set[str]:
    """The fields that were refused; what was saved is checked, and taken back."""
    changes = dict.fromkeys(names, value)
    with transaction.atomic():
        answer = send(browser, form, changes)
        if answer.status_code == 200:
            return refused(answer, form, changes)
        check_saved(browser, form, pbx, value)
        transaction.set_rollback(True)
    return set()


@pytest.mark.parametrize("name", NAMES)
def test_a_form_takes_what_is_right(browser: Client, pbx: Pbx, forms: dict[str, Form], name: str) -> None:
    assert judge(browser, forms[name], pbx, "", set()) == set()


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_is_refused_at_its_field_or_saved_and_safe(
    browser: Client, pbx: Pbx, forms: dict[str, Form], name: str
) -> None:
    """In all fields at first, then in those that took it, until it is saved."""
    form = forms[name]
    for value in HOSTILE:
        left, wrong = set(form.texts), {""}
        while left and wrong - {"__all__"}:
            wrong = judge(browser, form, pbx, value, left)
            assert wrong <= left | {"__all__"}, (value, wrong - left)
            left -= wrong


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(st.sampled_from(NAMES), st.text(st.characters(), max_size=30) | st.sampled_from(payloads()), st.data())
def test_so_is_whatever_else_is_typed(
    browser: Client, pbx: Pbx, forms: dict[str, Form], name: str, value: str, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(forms[name].texts))
    assert judge(browser, forms[name], pbx, value, {text}) <= {text, "__all__", "park_code", "retrieve_code"}


@pytest.mark.parametrize("key", ["abc", "²", "-1", "0", "9" * 30, "9" * 5000, MARKUP, "\0"])
def test_a_pbx_that_is_none_is_said_and_no_error_of_ours(
    browser: Client, pbx: Pbx, forms: dict[str, Form], key: str
) -> None:
    for name in ("lot", "directory", "zone", "phone"):
        answer = send(browser, forms[name], {"pbx": key})
        assert answer.status_code == 200
        assert "pbx" in answer.context["adminform"].form.errors
    live = browser.post(reverse("admin:lots_parkinglot_live_new"), {**forms["lot"].sent, "pbx": key})
    assert "pbx" in live.json()["errors"]


def test_a_phone_and_a_loudspeaker_have_a_device_asterisk_can_be_told(
    browser: Client, pbx: Pbx, forms: dict[str, Form]
) -> None:
    """A lot that rings it could not be published otherwise."""
    for name, text in (("phone", "device"), ("zone", "overhead")):
        assert judge(browser, forms[name], pbx, f"{'A' * 25}/x", {text}) == {text}


def test_what_people_typed_is_text_on_boards_and_where_the_pbx_is_compared(browser: Client, pbx: Pbx) -> None:
    lot = ParkingLot.objects.create(pbx=pbx, name="desk", label=MARKUP, first_slot=701, last_slot=704)
    lot.slot_names.create(slot=701, name=MARKUP)
    facts = lot_facts(lot)
    assert (facts["label"], facts["names"]) == (MARKUP, {"701": MARKUP}), "the page makes text of it"
    Pbx.objects.update(drift={"parkinglot_res_parking.conf": f"+{MARKUP}\n"}, link_reason=MARKUP, drift_error=MARKUP)
    phone(pbx, "201", None)
    Phone.objects.update(name=MARKUP)
    pages = [reverse(f"admin:lots_{name}_changelist") for name in (*MODELS, "pbx", "publication")]
    compared = [reverse("admin:lots_pbx_drift", args=[pbx.pk]), reverse("admin:lots_pbx_change", args=[pbx.pk])]
    for address in (*pages, *compared, reverse("admin:lots_parkinglot_change", args=[lot.pk]), "/", "/admin/"):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert MARKUP not in answer.content.decode(), address
