"""Lists, deleting and the history of changes in the admin: they say what to do, in words of the portal."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from lots.models import FallbackStep, PagingZone, ParkedCall, ParkingLot, Pbx, Phone
from tests.kit.logins import login, person, phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(pbx: Pbx, alex: User) -> Client:
    return login(alex)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("audiofile", "No recording was uploaded so far."),
        ("holdmusic", "callers hear what the PBX has"),
        ("pagingzone", "There is no paging zone yet"),
        ("phone", "No phone is known here."),
        ("doortry", "Nobody has called an outside number"),
        ("parkedcall", "No call was parked so far."),
        ("publication", "Nothing was published so far."),
    ],
)
def test_an_empty_list_says_what_it_is_for(browser: Client, model: str, words: str) -> None:
    listed = reverse(f"admin:lots_{model}_changelist")
    assert words in browser.get(listed).content.decode()
    searched = browser.get(f"{listed}?q=nothing-like-this").content.decode()
    assert words not in searched
    assert "Nothing fits this search." in searched


def test_a_phone_that_is_needed_is_not_deleted(browser: Client, pbx: Pbx, lot: ParkingLot) -> None:
    ann = phone(pbx, "201", None)
    FallbackStep.objects.create(lot=lot).phones.add(ann)
    PagingZone.objects.create(pbx=pbx, label="Hall").members.add(ann)
    where = reverse("admin:lots_phone_delete", args=[ann.pk])
    page = browser.get(where).content.decode()
    assert "the fallback of Desk rings it" in page
    assert "it belongs to the zone Hall" in page
    browser.post(where, {"post": "yes"})
    many = {"action": "delete_selected", "_selected_action": [ann.pk], "post": "yes"}
    browser.post(reverse("admin:lots_phone_changelist"), many)
    assert Phone.objects.exists()
    FallbackStep.objects.all().delete()
    PagingZone.objects.all().delete()
    assert "There is no way back" in browser.get(where).content.decode()
    browser.post(where, {"post": "yes"})
    assert not Phone.objects.exists()


def test_deleting_says_what_goes_too_and_nothing_of_tables(pbx: Pbx, roles: None) -> None:
    root, sam = person("root", is_staff=True, is_superuser=True), person("sam", "Staff")
    where = reverse("admin:auth_user_delete", args=[sam.pk])
    page = login(root).get(where).content.decode()
    assert "relationship" not in page
    assert "This goes with it" not in page
    LogEntry.objects.log_actions(sam.pk, [root], CHANGE, change_message="", single_object=True)
    page = login(root).get(where).content.decode()
    assert "This goes with it" in page
    assert "Log entries: 1" in page
    listed = reverse("admin:auth_user_changelist")
    page = login(root).post(listed, {"action": "delete_selected", "_selected_action": [sam.pk]}).content.decode()
    assert "Log entries: 1" in page
    assert "relationship" not in page


def test_what_nobody_changes_here_has_no_history_of_changes(browser: Client, pbx: Pbx, lot: ParkingLot) -> None:
    call = ParkedCall.objects.create(lot=lot, slot=701, uniqueid="u1", parked_at=pbx.link_since)
    history = 'class="historylink"'
    assert history not in browser.get(reverse("admin:lots_parkedcall_change", args=[call.pk])).content.decode()
    assert history in browser.get(reverse("admin:lots_pbx_change", args=[pbx.pk])).content.decode()
    page = browser.get(reverse("admin:lots_pbx_history", args=[pbx.pk])).content.decode()
    assert "Nobody has changed this here so far." in page
    values = {"phone_contexts": "phones", "trunk_contexts": "", "active": "on", "port": "5038"}
    browser.post(reverse("admin:lots_pbx_change", args=[pbx.pk]), values)
    page = browser.get(reverse("admin:lots_pbx_history", args=[pbx.pk])).content.decode()
    assert "Alex Desk" in page
    assert "data-local" in page


def test_the_way_to_the_board_is_on_every_page(browser: Client) -> None:
    assert ">Board</a>" in browser.get(reverse("admin:index")).content.decode()
    assert browser.get(reverse("admin:password_change"))["location"] == "/account/password/", "one page for all"
