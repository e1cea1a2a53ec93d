"""The page with key settings: for whom, which brand, and what is wrong."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from pytest_django import Settings

from lots.models import ParkingLot, Pbx, Phone
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(pbx: Pbx) -> str:
    lot = ParkingLot.objects.create(
        pbx=pbx, name="front", label="<b>Desk", observed=False, first_slot=701, last_slot=703, next_code="*86"
    )
    lot.slot_names.create(slot=702, name="<i>Cash")
    return reverse("admin:lots_phone_keys_lot", args=[lot.pk])


def test_the_settings_of_the_brand_most_phones_are_of(page: str, pbx: Pbx, alex: User) -> None:
    for number, brand in (("201", "snom"), ("202", "yealink"), ("203", "yealink"), ("204", "cisco")):
        Phone.objects.create(pbx=pbx, number=number, name=number, device=f"PJSIP/{number}", brand=brand)
    shown = login(alex).get(page)
    assert "linekey.2.value = 700" in shown.context["text"]
    assert "<i>Cash" not in shown.content.decode()
    assert "fkey" in login(alex).get(page, {"brand": "snom"}).context["text"]
    assert "linekey.2" in login(alex).get(page, {"brand": "nonsense"}).context["text"]


def test_keys_are_called_in_the_readers_language(page: str, alex: User) -> None:
    browser = login(alex)
    german = {"accept-language": "de"}
    assert "Nächster b Desk" in browser.get(page, {"brand": "yealink"}, headers=german).context["text"]
    assert 'softkey.1.label="Parken"' in browser.get(page, {"brand": "poly"}, headers=german).context["text"]
    assert browser.get(page, {"brand": "generic"}, headers=german).context["text"].startswith("Taste  Art ")


def test_the_address_is_ours_when_it_is_no_loopback(page: str, alex: User, settings: Settings) -> None:
    browser = login(alex)
    for url, host in (("ami://x:y@127.0.0.1:5038", "pbx.example"), ("ami://x:y@192.0.2.7:5038", "192.0.2.7")):
        settings.ASTERISK_AMI_URL = url
        assert f"orbit sip:700@{host}" in browser.get(page, {"brand": "snom"}).context["text"]
    assert "sip:700@pbx.lan" in browser.get(page, {"brand": "snom", "host": "pbx.lan"}).context["text"]
    wrong = browser.get(page, {"brand": "snom", "host": 'a"><script>'})
    assert "Write a name or an IP address" in wrong.content.decode()
    assert "<script>a" not in wrong.content.decode()


def test_a_download_is_the_text_alone(page: str, alex: User) -> None:
    answer = login(alex).get(page, {"brand": "yealink", "download": ""})
    assert answer["Content-Disposition"] == 'attachment; filename="front-yealink.cfg"'
    assert answer.content.decode().startswith("#!version:1.0.0.1\n")


def test_a_lot_that_cannot_be_published_says_why(page: str, alex: User) -> None:
    ParkingLot.objects.update(park_code="7 0")
    shown = login(alex).get(page)
    assert shown.context["text"] == ""
    assert "Park code: use 1 to 12 digits" in shown.content.decode()


def test_a_lot_with_more_slots_than_keys_says_so(page: str, alex: User) -> None:
    ParkingLot.objects.update(last_slot=900)
    assert login(alex).get(page).context["cut"] == 200 - 118


def test_lots_to_choose_from_are_those_set_up_here(page: str, lot: ParkingLot, alex: User, sam: User) -> None:
    listed = login(alex).get(reverse("admin:lots_phone_keys")).content.decode()
    assert page in listed
    assert reverse("admin:lots_phone_keys_lot", args=[lot.pk]) not in listed
    assert login(alex).get(reverse("admin:lots_phone_keys_lot", args=[lot.pk])).status_code == 404
    assert login(sam).get(page).status_code == 302
    assert login(person("stan", is_staff=True)).get(page).status_code == 403
