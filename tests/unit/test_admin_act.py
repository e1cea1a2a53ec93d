"""The audit log in the admin: found by person, action, lot and result; nobody edits it."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from lots.models import Act, ParkingLot
from tests.kit.logins import login

pytestmark = pytest.mark.django_db
LOG = "admin:lots_act_changelist"


@pytest.fixture
def acts(lot: ParkingLot, rita: User, ron: User) -> None:
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    fields = {"at": at, "lot": lot, "slot": 701}
    Act.objects.create(user=rita, user_name="Rita Desk", kind="retrieve", caller="Bob", code="phone_busy", **fields)
    Act.objects.create(user=ron, user_name="Ron Desk", kind="end", caller="Eve", detail="why", code="done", **fields)
    Act.objects.create(user_name="Gone Person", kind="page", code="done", at=at)


@pytest.mark.parametrize(
    ("query", "callers"),
    [
        ({}, {"Bob", "Eve"}),
        ({"kind": "end"}, {"Eve"}),
        ({"code": "phone_busy"}, {"Bob"}),
        ({"q": "rita"}, {"Bob"}),
        ({"q": "why"}, {"Eve"}),
        ({"lot__id__exact": "0"}, set()),
        ({"at__year": "2025"}, set()),
    ],
)
def test_filters_and_search(acts: None, alex: User, query: dict[str, str], callers: set[str]) -> None:
    text = login(alex).get(reverse(LOG), query).content.decode()
    assert {caller for caller in ("Bob", "Eve") if f">{caller}<" in text} == callers


def test_by_person_and_what_a_row_says(acts: None, alex: User, ron: User) -> None:
    text = login(alex).get(reverse(LOG), {"user__id__exact": ron.pk}).content.decode()
    for words in ("Ron Desk", "end a call", "Desk 701", "done", "why"):
        assert f">{words}<" in text, words
    assert "phone busy" not in text.split('id="result_list"')[1]


def test_it_is_to_read(acts: None, alex: User, rita: User) -> None:
    browser, row = login(alex), Act.objects.all()[0]
    assert browser.get(reverse("admin:lots_act_change", args=[row.pk])).status_code == 200
    for page in ("change", "delete"):
        assert browser.post(reverse(f"admin:lots_act_{page}", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert browser.get(reverse("admin:lots_act_add")).status_code == 403
    assert login(rita).get(reverse(LOG)).status_code == 302
    assert reverse(LOG) in browser.get(reverse("admin:index")).content.decode()
