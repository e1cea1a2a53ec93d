"""The whole setup as one file: what goes out comes in again, everything or nothing, and never a secret."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Model
from hypothesis import HealthCheck, given, settings

from lots.models import (
    AudioFile,
    FallbackStep,
    HoldMusic,
    LotRight,
    MusicTrack,
    OutsideNumber,
    PagingZone,
    ParkedCall,
    ParkingLot,
    Pbx,
    Phone,
    SlotName,
)
from lots.setup_file import fields
from lots.setup_file.export import document, dumps, exported
from lots.setup_file.importing import import_setup
from lots.setup_file.reading import read
from tests.kit.pbx_model import START
from tests.kit.setups import GROUPS, RECORDINGS, USERS, documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def around(db: None) -> Pbx:
    """What a setup names and does not bring: users, groups, recordings."""
    for name in GROUPS:
        Group.objects.get_or_create(name=name)
    User.objects.bulk_create(User(username=name) for name in USERS)
    AudioFile.objects.bulk_create(AudioFile(title=title, digest=digest) for title, digest in RECORDINGS)
    return Pbx.objects.create(name="main")


@pytest.fixture
def full(around: Pbx) -> Pbx:
    """A small setup with one of everything, and secrets in it."""
    rita = User.objects.create_user("rita", password="planted-password")
    desk = Phone.objects.create(pbx=around, number="201", name="Desk", device="PJSIP/201", owner=rita)
    music = HoldMusic.objects.create(pbx=around, name="pl-jazz", label="Jazz")
    music.tracks.create(audio=AudioFile.objects.first(), position=1)
    PagingZone.objects.create(pbx=around, label="Hall", overhead="PJSIP/hall").members.add(desk)
    night = ParkingLot.objects.create(
        pbx=around,
        name="night",
        label="Night",
        observed=False,
        present=False,
        first_slot=801,
        last_slot=804,
        park_code="800",
    )
    lot = ParkingLot.objects.create(
        pbx=around,
        name="desk",
        label="Desk",
        observed=False,
        present=False,
        music=music,
        overflow=night,
        when_full="overflow",
        pin_salt="5a17" * 8,
        pin_hash="c0de" * 10,
    )
    lot.slot_names.create(slot=703, name="Pharmacy")
    lot.outside_numbers.create(number="+49301234")
    lot.rights.create(group=Group.objects.get(name="Night shift"), retrieve=False)
    step = lot.steps.create(position=1, kind="phone")
    step.phones.add(desk)
    lot.steps.create(position=2, kind="lot", target=night)
    ParkingLot.objects.create(pbx=around, name="default", label="Default", first_slot=1, last_slot=2, on_board=False)
    return around


def take(pbx: Pbx, found: dict[str, Any], **how: Any) -> Any:
    return import_setup(pbx, dumps(found).encode(), **how)


def clear(pbx: Pbx) -> None:
    """As on a new machine."""
    pbx.zones.all().delete()
    pbx.lots.all().delete()
    pbx.music.all().delete()
    pbx.phones.all().delete()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents())
def test_what_goes_in_comes_out_again_byte_by_byte(around: Pbx, found: dict[str, Any]) -> None:
    with transaction.atomic():
        take(around, found)
        text = exported(around)
        assert json.loads(text) == found
        clear(around)
        import_setup(around, text.encode())
        assert exported(around) == text
        again = import_setup(around, text.encode(), removing=True)
        assert again.changes == 0
        assert not again.notices
        transaction.set_rollback(True)


def test_one_of_everything(full: Pbx) -> None:
    text = exported(full)
    clear(full)
    report = import_setup(full, text.encode())
    assert exported(full) == text
    assert [str(notice) for notice in report.notices] == [
        "lots[0].pin: PINs are not in the file: until you set a new one nobody gets in from outside."
    ]
    found = json.loads(text)
    assert [lot["name"] for lot in found["lots"]] == ["desk", "night"]
    assert found["lots"][0]["fallback"][1]["lot"] == "night"
    assert found["found_lots"][0]["name"] == "default"


def test_no_secret_is_in_the_file(full: Pbx, settings: Any) -> None:
    settings.ASTERISK_AMI_URL = "ami://portal:planted-secret@pbx:5038"
    text = exported(full)
    for secret in ("5a17", "c0de", "planted", "salt", "hash", settings.SECRET_KEY, User.objects.last().password):
        assert secret not in text
    assert '"pin": true' in text


LEFT_OUT = {
    Pbx: "label active host port tls ca watch_user watch_sealed publish_user publish_sealed "
    "name link_state link_since link_reason drift drift_checked_at drift_error publisher publisher_until "
    "ami_version lease_holder lease_until lots music phones zones publications",
    Phone: "pbx owner",
    HoldMusic: "pbx lots tracks",
    PagingZone: "pbx members recording",
    ParkingLot: "pbx observed present retired revision live_first live_last live_timeout live_reminder "
    "live_total overflow music message_recording pin_salt pin_hash",
    FallbackStep: "lot position phones target",
    LotRight: "lot group",
    SlotName: "lot slot name",
    OutsideNumber: "lot number",
}
"""What has a form of its own in the file, or does not belong there."""


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (Pbx, fields.PBX),
        (Phone, fields.PHONE),
        (HoldMusic, fields.MUSIC),
        (PagingZone, fields.ZONE),
        (ParkingLot, fields.LOT),
        (FallbackStep, fields.STEP),
        (LotRight, fields.RIGHT),
        (SlotName, ()),
        (OutsideNumber, ()),
    ],
)
def test_a_setting_that_is_new_is_not_forgotten(model: type[Model], names: tuple[str, ...]) -> None:
    """Whoever adds a field decides here: does it belong into the file, or is it none of its business?"""
    known = {field.name for field in model._meta.get_fields() if not field.auto_created}
    assert known - set(LEFT_OUT[model].split()) == set(names)


def test_a_pin_that_is_here_stays(full: Pbx) -> None:
    found = document(full)
    found["lots"][0] |= {"pin": False, "label": "Renamed"}
    assert not take(full, found).notices
    lot = ParkingLot.objects.get(name="desk")
    assert (lot.label, lot.pin_salt, lot.pin_hash) == ("Renamed", "5a17" * 8, "c0de" * 10)


def test_a_pin_that_was_elsewhere_is_a_closed_door(full: Pbx) -> None:
    found = document(full)
    clear(full)
    take(full, found)
    lot = ParkingLot.objects.get(name="desk")
    assert (len(lot.pin_salt), len(lot.pin_hash)) == (32, 40)
    assert lot.pin_hash != "c0de" * 10
    assert not ParkingLot.objects.get(name="night").has_pin


def test_what_the_file_does_not_name_stays_unless_it_shall_go(full: Pbx) -> None:
    found = document(full)
    found |= {"lots": [], "phones": [], "music": [], "zones": []}
    report = take(full, found)
    assert report.changes == 0
    assert {(one.what, one.section, one.name) for one in report.differences} == {
        ("stays", "lots", "desk"),
        ("stays", "lots", "night"),
        ("stays", "phones", "201"),
        ("stays", "music", "pl-jazz"),
        ("stays", "zones", "Hall"),
    }
    report = take(full, found, removing=True)
    assert {one.what for one in report.differences} == {"removed"}
    assert (Phone.objects.count(), HoldMusic.objects.count(), PagingZone.objects.count()) == (0, 0, 0)
    assert list(ParkingLot.objects.values_list("name", flat=True)) == ["default"]
    assert AudioFile.objects.count() == len(RECORDINGS)


def test_a_lot_that_the_history_knows_is_put_aside_and_comes_back(full: Pbx) -> None:
    lot = ParkingLot.objects.get(name="desk")
    ParkedCall.objects.create(lot=lot, slot=701, uniqueid="u", parked_at=START)
    found = document(full)
    fewer = {**found, "lots": found["lots"][1:]}
    take(full, fewer, removing=True)
    lot.refresh_from_db()
    assert lot.retired
    assert "desk" not in exported(full)
    take(full, found)
    lot.refresh_from_db()
    assert not lot.retired
    assert document(full) == found


def test_a_lot_found_on_the_pbx_is_set_up_here_when_the_file_says_so(full: Pbx) -> None:
    """A portal that is set up anew sees its own lots on the PBX before it reads the file."""
    found = document(full)
    ParkingLot.objects.filter(name="desk").update(observed=True, present=True, label="Found")
    take(full, found)
    lot = ParkingLot.objects.get(name="desk")
    assert (lot.observed, lot.present, lot.label) == (False, True, "Desk")


def test_recordings_that_are_not_here_wait_for_their_file(full: Pbx) -> None:
    text = exported(full)
    clear(full)
    AudioFile.objects.all().delete()
    report = import_setup(full, text.encode())
    assert "music[0].tracks[0]: the recording “Jazz” is not here: upload its file." in map(str, report.notices)
    (row,) = AudioFile.objects.all()
    assert (row.title, row.digest, row.state, row.path) == ("Jazz", "", "failed", "")
    assert HoldMusic.objects.get().tracks.get().audio == row


def test_a_recording_that_was_never_ready_is_still_itself(full: Pbx) -> None:
    track = MusicTrack.objects.first()
    assert track is not None
    AudioFile.objects.filter(pk=track.audio_id).update(digest="", state="failed")
    report = take(full, document(full))
    assert (report.changes, report.notices) == (0, ())
    assert MusicTrack.objects.filter(pk=track.pk).exists()


def test_another_recording_of_the_same_title_will_do(full: Pbx) -> None:
    found = document(full)
    clear(full)
    AudioFile.objects.filter(digest="a" * 64).update(digest="d" * 64)
    report = take(full, found)
    assert any("another recording here" in notice.sentence for notice in report.notices)
    assert HoldMusic.objects.get().tracks.get().audio.digest == "d" * 64


def test_a_dry_run_changes_nothing_and_says_what_it_would(full: Pbx) -> None:
    text = exported(full)
    found = json.loads(text)
    found["lots"][1]["last_slot"] = 850
    found["phones"].append({"number": "202", "name": "Hall", "device": "PJSIP/202"})
    report = take(full, found, dry_run=True)
    assert exported(full) == text
    told = {(one.what, one.section, one.name): one.details for one in report.differences}
    assert told == {("changed", "lots", "night"): ("last_slot: 804 → 850",), ("created", "phones", "202"): ()}


def test_what_has_a_default_may_be_left_out(around: Pbx) -> None:
    lot = {"name": "desk", "label": "Desk", "park_code": "600", "first_slot": 601, "last_slot": 609}
    take(around, {"format": fields.FORMAT, "version": 1, "lots": [lot]})
    row = ParkingLot.objects.get()
    assert (row.timeout, row.announce, row.retrieve_code, row.observed) == (120, True, "*85", False)
    assert read(exported(around).encode())["lots"][0]["prefix_text"] == "P"
