"""Who may take lots over, and what the pages say when the PBX cannot be asked; plus hand edits, compared."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from lots.config.conf import EXTENSIONS, PARKING
from lots.config.taking import Taken
from lots.models import HoldMusic, ParkingLot, Pbx
from lots.publish.take_in import Change, compare, take_in
from lots.publish.takeover import TheirLots, leftovers, offer, take_over
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:lots_takeover")
DESK = (("context", "native"), ("parkpos", "701-705"), ("parkingtime", "60"))


def found(pbx: Pbx, name: str = "desk", **fields: object) -> ParkingLot:
    return ParkingLot.objects.create(pbx=pbx, name=name, label=name.title(), observed=True, **fields)


def test_only_who_may_set_lots_up(pbx: Pbx, roles: None) -> None:
    lot = found(pbx)
    browser = login(person("sam", "Staff"))
    assert browser.get(PAGE).status_code in {302, 403}
    assert browser.post(reverse("admin:lots_takeover_confirm", args=[lot.pk])).status_code in {302, 403}
    assert ParkingLot.objects.get(pk=lot.pk).observed


@pytest.mark.parametrize(
    ("url", "words"), [("", "ASTERISK_AMI_PUBLISH_URL is not set"), ("ami://a:b@127.0.0.1:1", "127.0.0.1:1")]
)
def test_a_pbx_that_cannot_be_asked(pbx: Pbx, alex: User, settings, url: str, words: str) -> None:
    settings.ASTERISK_AMI_PUBLISH_URL = url
    lot, browser = found(pbx), login(alex)
    assert words in browser.get(PAGE).content.decode()
    assert words in browser.get(reverse("admin:lots_take_in", args=[pbx.pk])).content.decode()
    page = browser.post(reverse("admin:lots_takeover_confirm", args=[lot.pk]), follow=True)
    assert words in page.content.decode()
    assert ParkingLot.objects.get(pk=lot.pk).observed


def test_a_lot_that_was_found_says_how_it_is_set_up_here(pbx: Pbx, alex: User) -> None:
    lot, browser = found(pbx), login(alex)
    where = reverse("admin:lots_parkinglot_change", args=[lot.pk])
    link = f'href="{PAGE}">Set it up here'
    assert link in browser.get(where).content.decode()
    ParkingLot.objects.update(present=False)
    assert link not in browser.get(where).content.decode()


def test_what_is_refused(pbx: Pbx) -> None:
    there = TheirLots({"desk": DESK, "Odd": DESK}, frozenset({"desk"}))
    assert "FreePBX" in offer(found(pbx), there).refusal
    assert "FreePBX" in offer(found(pbx, "default"), there).refusal
    assert "small letters" in offer(found(pbx, "Odd"), there).refusal
    assert "database" in offer(found(pbx, "gone"), there).refusal
    assert offer(ParkingLot(pbx=pbx, name="desk", observed=False), TheirLots({"desk": DESK})).refusal


def test_the_lot_asterisk_makes_up_can_be_taken(pbx: Pbx) -> None:
    one = offer(found(pbx, "default"), TheirLots())
    assert (one.refusal, one.taken.values["park_code"], one.taken.values["last_slot"]) == ("", "700", 750)


def test_a_class_of_the_pbx_gets_one_row(pbx: Pbx) -> None:
    for name in ("desk", "hall"):
        take_over(found(pbx, name), Taken({"first_slot": 1, "last_slot": 2}, music="jazz"))
    assert [(row.name, row.kind) for row in HoldMusic.objects.all()] == [("jazz", "existing")]


def test_lines_that_can_go(pbx: Pbx) -> None:
    assert leftovers({"desk": "Desk"}, TheirLots({"desk": DESK, "other": DESK})) == {"Desk": DESK}


def test_a_hand_edit_is_told_apart_from_what_cannot_be_taken_in() -> None:
    before = {PARKING: {"desk": DESK, "hall": DESK}, EXTENSIONS: {"parkinglot": ()}}
    edited = (("context", "elsewhere"), ("parkpos", "701-709"), ("parkedplay", "loud"))
    there = {PARKING: {"desk": edited, "new": DESK}, EXTENSIONS: {"parkinglot": (("include", "x"),)}}
    seen = compare(before, there)
    assert [(one.lot, one.taken.values) for one in seen.changes] == [("desk", {"first_slot": 701, "last_slot": 709})]
    told = "\n".join(seen.others)
    for words in (EXTENSIONS, "context = elsewhere", "parkingtime (removed)", "loud", "[hall]", "[new] was added"):
        assert words in told


def test_the_time_of_a_lot_with_a_reminder_is_the_reminder(pbx: Pbx) -> None:
    found(pbx)
    ParkingLot.objects.update(observed=False, reminder=30, timeout=120)
    take_in(pbx, (Change("desk", Taken({"timeout": 45}), ()),))
    lot = ParkingLot.objects.get()
    assert (lot.reminder, lot.timeout) == (45, 120)
