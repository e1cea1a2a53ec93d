"""The banner's count: cheap, and right whoever changed something; and what it says when nothing can be compared."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lots.config.conf import EXTENSIONS
from lots.models import (
    AudioFile,
    FallbackStep,
    HoldMusic,
    MusicTrack,
    OutsideNumber,
    ParkedCall,
    ParkingLot,
    Pbx,
    Phone,
    Publication,
)
from lots.publish import unpublished as module
from lots.publish.fingerprint import MOVING, fingerprint
from lots.publish.publications import State, make, pending
from lots.publish.setup import setup_of
from lots.publish.unpublished import Unpublished, unpublished
from tests.kit.logins import login

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_kept", {})


@pytest.fixture
def desk(pbx: Pbx) -> ParkingLot:
    """A lot with one of everything a setup may have."""
    hall = ParkingLot.objects.create(
        pbx=pbx, name="hall", park_code="800", first_slot=801, last_slot=804, observed=False
    )
    sounds = [AudioFile.objects.create(title=title, digest=title * 64) for title in "ab"]
    music = HoldMusic.objects.create(pbx=pbx, name="pl-jazz", label="Jazz")
    MusicTrack.objects.create(music=music, audio=sounds[0])
    lot = ParkingLot.objects.create(
        pbx=pbx,
        name="desk",
        first_slot=701,
        last_slot=704,
        observed=False,
        overflow=hall,
        when_full="overflow",
        music=music,
        message_recording=sounds[1],
    )
    ring = FallbackStep.objects.create(lot=lot, kind="group", position=1)
    ring.phones.set([Phone.objects.create(pbx=pbx, number=str(n), device=f"PJSIP/{n}") for n in (201, 202)])
    FallbackStep.objects.create(lot=lot, kind="lot", target=hall, position=2)
    OutsideNumber.objects.create(lot=lot, number="4930123")
    return lot


def published(pbx: Pbx) -> Publication:
    row = make(pbx, None)
    Publication.objects.filter(pk=row.pk).update(state=State.LIVE)
    return row


def test_without_a_change_nothing_is_rendered_again(
    pbx: Pbx, desk: ParkingLot, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(pbx)
    asked = 0

    def counted(pbx: Pbx) -> Any:
        nonlocal asked
        asked += 1
        return pending(pbx)

    monkeypatch.setattr(module, "pending", counted)
    assert [bool(unpublished(pbx)) for _ in range(3)] == [False] * 3
    ParkingLot.objects.filter(pk=desk.pk).update(timeout=60, revision=9, live_first=701, present=False)
    assert [len(unpublished(pbx).found) for _ in range(3)] == [1] * 3
    published(pbx)
    assert not unpublished(pbx)
    assert asked == 3


EDITS: dict[str, Callable[[], object]] = {
    "a lot saved": lambda: ParkingLot.objects.get(name="desk").save(),
    "slots": lambda: ParkingLot.objects.filter(name="desk").update(last_slot=705),
    "removed": lambda: ParkingLot.objects.filter(name="desk").update(retired=True),
    "deleted": lambda: ParkingLot.objects.get(name="desk").delete(),
    "a step more": lambda: FallbackStep.objects.create(
        lot=ParkingLot.objects.get(name="desk"), mailbox="1", kind="voicemail"
    ),
    "a step's order": lambda: FallbackStep.objects.filter(kind="lot").update(position=0),
    "a phone less": lambda: FallbackStep.objects.get(kind="group").phones.remove(Phone.objects.get(number="202")),
    "a phone's device": lambda: Phone.objects.filter(number="201").update(device="SIP/201"),
    "a phone's number": lambda: Phone.objects.filter(number="201").update(number="999"),
    "an outside number": lambda: OutsideNumber.objects.update(number="4930124"),
    "a track's recording": lambda: AudioFile.objects.filter(title="a").update(digest="c" * 64),
    "the message's recording": lambda: AudioFile.objects.filter(title="b").update(digest="c" * 64),
    "a track less": lambda: MusicTrack.objects.all().delete(),
    "music": lambda: HoldMusic.objects.update(kind="directory", directory="/moh"),
    "the other lot's name": lambda: ParkingLot.objects.filter(name="hall").update(name="lobby"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_whatever_changes_the_setup_is_seen(pbx: Pbx, desk: ParkingLot, edit: str) -> None:
    before, mark = setup_of(pbx), fingerprint(pbx)
    EDITS[edit]()
    changed = setup_of(pbx) != before
    assert changed == (edit != "a lot saved"), "else this edit proves nothing"
    assert (fingerprint(pbx) != mark) == changed


def _other(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Another value that field may have."""
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.IntegerField):
        return (value or 0) + 1
    return f"{value}9"


PLAIN = [one for one in ParkingLot._meta.concrete_fields if not (one.is_relation or one.primary_key or one.choices)]


@pytest.mark.parametrize("field", PLAIN, ids=lambda field: field.name)
def test_each_field_of_a_lot_counts_unless_the_setup_has_no_word_of_it(
    pbx: Pbx, desk: ParkingLot, field: "models.Field[Any, Any]"
) -> None:
    before, mark = setup_of(pbx), fingerprint(pbx)
    ParkingLot.objects.filter(pk=desk.pk).update(**{field.name: _other(field, getattr(desk, field.name))})
    seen = fingerprint(pbx) != mark
    assert seen == (field.name not in MOVING)
    assert seen or setup_of(pbx) == before, "a field that moves by itself means nothing to the PBX"


def test_a_caller_in_a_removed_lot_counts(pbx: Pbx, desk: ParkingLot) -> None:
    ParkingLot.objects.filter(pk=desk.pk).update(retired=True)
    mark = fingerprint(pbx)
    ParkedCall.objects.create(lot=desk, slot=701, uniqueid="u1", parked_at=timezone.now())
    assert fingerprint(pbx) != mark


def test_what_is_changed_while_it_is_compared_is_not_kept(
    pbx: Pbx, desk: ParkingLot, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(pbx)

    def meanwhile(pbx: Pbx) -> Any:
        ParkingLot.objects.filter(pk=desk.pk).update(timeout=60)
        return pending(pbx)

    monkeypatch.setattr(module, "pending", meanwhile)
    assert unpublished(pbx)
    ParkingLot.objects.filter(pk=desk.pk).update(timeout=desk.timeout)
    monkeypatch.setattr(module, "pending", pending)
    assert not unpublished(pbx)


def spoilt(pbx: Pbx) -> Publication:
    """A live publication with a line that the rules do not let pass any more."""
    row = published(pbx)
    row.refresh_from_db()
    row.files[EXTENSIONS][0][2].append(["exten", "1,1,NoOp()\n[evil]", True])
    row.save()
    return row


def test_a_publication_that_cannot_be_read_any_more_is_said_and_published_over(
    pbx: Pbx, desk: ParkingLot, alex: User
) -> None:
    row = spoilt(pbx)
    assert unpublished(pbx) == Unpublished((), 0, unreadable=True)
    browser = login(alex)
    for name, args in PAGES.items():
        answer = browser.get(reverse(f"admin:{name}", args=[{"pbx": pbx.pk, "row": row.pk}[one] for one in args]))
        assert answer.status_code == 200, name
        assert SAID.get(name, SAID[""]) in answer.content.decode(), name
    _publishes(browser, pbx)
    again = Publication.objects.first()
    assert again is not None
    assert again.summary == ["What was published last cannot be read any more, so everything is written anew."]
    Publication.objects.filter(pk=again.pk).update(state=State.LIVE)
    assert not unpublished(pbx)


SAID = {
    "": "The last publication cannot be read any more; publish again.",
    "lots_publication_preview": "everything is written anew",
}
PAGES: dict[str, tuple[str, ...]] = {
    "index": (),
    "lots_phone_add": (),
    "lots_parkinglot_changelist": (),
    "lots_publication_changelist": (),
    "lots_publication_change": ("row",),
    "lots_publication_preview": ("pbx",),
}


def _publishes(browser: Client, pbx: Pbx) -> None:
    where = reverse("admin:lots_publication_preview", args=[pbx.pk])
    mark = browser.get(where).context["mark"]
    assert "progress" in browser.post(where, {"mark": mark})["Location"]


def test_one_that_cannot_be_read_is_not_brought_back_and_hinders_no_other(
    pbx: Pbx, desk: ParkingLot, alex: User
) -> None:
    good, bad = published(pbx), spoilt(pbx)
    browser = login(alex)
    answer = browser.post(reverse("admin:lots_publication_again", args=[bad.pk]), follow=True)
    assert "cannot be used any more" in answer.content.decode()
    answer = browser.post(reverse("admin:lots_publication_again", args=[good.pk]))
    assert "everything is written anew" in answer.content.decode()
