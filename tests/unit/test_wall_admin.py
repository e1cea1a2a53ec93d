"""Wall screens in the admin: the link is shown once, and ends when an administrator says so."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.wall import admit
from lots.models import ParkingLot, WallScreen
from tests.kit.logins import login, person
from tests.kit.walls import screen

pytestmark = pytest.mark.django_db
ADD, LIST = reverse("admin:lots_wallscreen_add"), reverse("admin:lots_wallscreen_changelist")
LINK = re.compile(r'id="link"[^>]*>(http://testserver/wall/#([\w-]{40,}))<')


def page(row: WallScreen, name: str) -> str:
    return reverse(f"admin:lots_wallscreen_{name}", args=[row.pk])


def link_in(text: str) -> str:
    """The secret in the one link on the page."""
    (found,) = LINK.findall(text)
    return str(found[1])


def test_making_one_shows_its_link_once(alex: User, lot: ParkingLot) -> None:
    browser = login(alex)
    answer = browser.post(ADD, {"label": "Hall", "lots": [lot.pk], "hide_numbers": "on"})
    secret = link_in(answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    row = WallScreen.objects.get()
    assert (row.made_by, list(row.lots.all()), row.hide_numbers) == (alex, [lot], True)
    found = admit(secret)
    assert found is not None
    assert found.screen == row.pk
    for address in (LIST, page(row, "change"), page(row, "history"), page(row, "new_link")):
        assert secret not in browser.get(address).content.decode(), address


def test_the_secret_is_kept_nowhere(alex: User, lot: ParkingLot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    secret = link_in(login(alex).post(ADD, {"label": "Hall"}).content.decode())
    kept = serializers.serialize("json", [*WallScreen.objects.all(), *LogEntry.objects.all()])
    kept += str([session.get_decoded() for session in Session.objects.all()])
    assert secret not in kept
    assert secret not in caplog.text


def test_revoking_asks_first_and_ends_the_link(alex: User, lot: ParkingLot) -> None:
    row, secret = screen()
    browser = login(alex)
    assert "Revoke the link of Hall?" in browser.get(page(row, "revoke")).content.decode()
    assert admit(secret)
    assert browser.post(page(row, "revoke")).status_code == 302
    assert admit(secret) is None
    listed = browser.get(LIST).content.decode()
    assert "revoked" in listed
    assert page(row, "revoke") not in browser.get(page(row, "change")).content.decode()


def test_a_new_link_ends_the_old_one_even_a_revoked_one(alex: User, lot: ParkingLot) -> None:
    row, first = screen(seen_at=timezone.now())
    browser = login(alex)
    assert "Make a new link for Hall?" in browser.get(page(row, "new_link")).content.decode()
    second = link_in(browser.post(page(row, "new_link")).content.decode())
    assert (admit(first), admit(second) is not None) == (None, True)
    browser.post(page(row, "revoke"))
    third = link_in(browser.post(page(row, "new_link")).content.decode())
    assert [admit(secret) is not None for secret in (first, second, third)] == [False, False, True]
    assert "not opened yet" in browser.get(LIST).content.decode()


def test_changing_it_keeps_its_link(alex: User, lot: ParkingLot) -> None:
    row, secret = screen()
    answer = login(alex).post(page(row, "change"), {"label": "Corridor", "lots": [lot.pk], "secret_hash": "0" * 64})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.label, row.hide_numbers, admit(secret) is not None) == ("Corridor", False, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "not opened yet"),
        ({"seen_at": timedelta(seconds=70)}, "showing now"),
        ({"seen_at": timedelta(minutes=5)}, "not showing"),
    ],
)
def test_the_list_says_what_is_in_use(alex: User, lot: ParkingLot, fields: dict[str, timedelta], words: str) -> None:
    screen(**{name: timezone.now() - age for name, age in fields.items()})
    shown = login(alex).get(LIST).content.decode()
    assert f">{words}<" in shown
    assert "all on the board" in shown


def test_only_lots_that_can_be_shown_are_offered(alex: User, lot: ParkingLot) -> None:
    made = {"pbx": lot.pbx, "first_slot": 1, "last_slot": 2}
    ParkingLot.objects.create(name="gone", label="Gone lot", retired=True, **made)
    ParkingLot.objects.create(name="off", label="Off lot", on_board=False, **made)
    shown = login(alex).get(ADD).content.decode()
    assert "Desk" in shown
    assert "Gone lot" not in shown
    assert "Off lot" not in shown


def test_nobody_else_makes_or_ends_one(rita: User, sam: User, lot: ParkingLot) -> None:
    row, secret = screen()
    stan = person("stan", is_staff=True)
    browsers = {302: [login(rita), login(sam), Client()], 403: [login(stan)]}
    for code, some in browsers.items():
        for browser in some:
            for address in (ADD, page(row, "revoke"), page(row, "new_link")):
                assert browser.get(address).status_code == code
                assert browser.post(address, {"label": "x"}).status_code == code
    assert admit(secret)
    assert WallScreen.objects.count() == 1


def test_the_page_itself_is_for_everybody_and_holds_nothing(lot: ParkingLot) -> None:
    screen()
    answer = Client().get("/wall/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Desk" not in answer.content.decode()
    assert Client().post("/wall/").status_code == 405
