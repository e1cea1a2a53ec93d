"""Recordings, hold music and paging zones in the admin."""

from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from lots.admin import recording
from lots.audio import worker
from lots.models import AudioFile, HoldMusic, MusicTrack, PagingZone, ParkingLot, Pbx, Phone
from tests.kit.logins import login, person
from tests.kit.sound import wav

pytestmark = pytest.mark.django_db
Captured = Callable[..., Any]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No threads: what a page sets to work is done before it answers."""
    monkeypatch.setattr(recording, "kick", worker.convert_waiting)
    monkeypatch.setattr(recording, "kick_if_needed", worker.convert_waiting)


@pytest.fixture
def browser(alex: User) -> Client:
    return login(alex)


def upload(browser: Client, content: bytes, name: str = "Summer_night.mp3", title: str = "", **more: str) -> Any:
    form = {"title": title, "original": SimpleUploadedFile(name, content), **more}
    return browser.post(reverse("admin:lots_audiofile_add"), form, follow=True)


def errors(answer: Any) -> str:
    form = answer.context["adminform"].form
    return str(dict(form.errors))


def test_an_upload_is_converted_and_can_be_listened_to(
    browser: Client, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(browser, wav(440, 2), "Summer_night.wav")
    audio = AudioFile.objects.get()
    assert (audio.title, audio.state, audio.size) == ("Summer night", "ready", len(wav(440, 2)))
    page = browser.get(reverse("admin:lots_audiofile_changelist")).content.decode()
    assert f'src="/audio/{audio.digest}.wav"' in page
    assert "0:02" in page
    assert answer.status_code == 200
    assert browser.get(reverse("admin:lots_audiofile_change", args=[audio.pk])).status_code == 200


def test_a_file_above_the_limit_is_refused_with_the_limit(browser: Client, settings: Settings) -> None:
    settings.AUDIO_MAX_BYTES = 1_000_000
    assert "at most 1 MB" in errors(upload(browser, b"x" * 1_000_001))
    assert not AudioFile.objects.exists()


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.php", "a", "a.mp3.exe"])
def test_other_kinds_of_files_are_refused(browser: Client, name: str) -> None:
    assert "original" in errors(upload(browser, wav(440, 1), name))


def test_what_is_no_audio_says_so_and_can_be_tried_again(
    browser: Client, media: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload(browser, b"text", "a.mp3")
    audio = AudioFile.objects.get()
    change = reverse("admin:lots_audiofile_change", args=[audio.pk])
    page = browser.get(change).content.decode()
    assert "There is no sound in this file" in page
    assert "Convert again" in page
    (media / audio.original.name).write_bytes(wav(440, 1))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(change, {"title": "A", "_again": "1"})
    audio.refresh_from_db()
    assert audio.state == "ready"


def test_the_list_can_convert_many_again(browser: Client, django_capture_on_commit_callbacks: Captured) -> None:
    upload(browser, wav(440, 1))
    AudioFile.objects.update(state="failed", error="no_ffmpeg")
    chosen = {"action": "again", "_selected_action": [str(AudioFile.objects.get().pk)]}
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("admin:lots_audiofile_changelist"), chosen)
    assert AudioFile.objects.get().state == "ready"


def test_the_same_file_again_is_named(browser: Client, django_capture_on_commit_callbacks: Captured) -> None:
    upload(browser, wav(440, 1), title="First")
    assert "here already, as “First”" in upload(browser, wav(440, 1), title="Second").content.decode()


def test_a_replacement_forgets_the_file_before(
    browser: Client, media: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload(browser, wav(440, 1))
    audio = AudioFile.objects.get()
    change = reverse("admin:lots_audiofile_change", args=[audio.pk])
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(change, {"title": "A", "original": SimpleUploadedFile("b.wav", wav(900, 3))})
    audio.refresh_from_db()
    assert audio.seconds == pytest.approx(3)
    assert len([path for path in media.rglob("*") if path.is_file()]) == 2


def test_the_state_as_json_is_for_those_who_may_see_recordings(browser: Client, rita: User) -> None:
    upload(browser, wav(440, 1))
    audio = AudioFile.objects.get()
    address = reverse("admin:lots_audiofile_status")
    facts = browser.get(f"{address}?id={audio.pk}&id=x&id=²&id=99999999999999999999").json()
    assert facts[str(audio.pk)]["state"] == "ready"
    assert facts[str(audio.pk)]["length"] == "0:01"
    assert browser.get(address).json() == {}
    assert login(rita).get(address).status_code == 302
    assert login(person("stan", is_staff=True)).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_a_recording_in_use_is_not_deleted_and_its_users_are_named(
    browser: Client, pbx: Pbx, lot: ParkingLot, media: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload(browser, wav(440, 1), title="Tune")
    audio = AudioFile.objects.get()
    music = HoldMusic.objects.create(pbx=pbx, label="Jazz")
    MusicTrack.objects.create(music=music, audio=audio)
    ParkingLot.objects.update(message_recording=audio)
    PagingZone.objects.create(pbx=pbx, label="Warehouse", recording=audio)
    delete = reverse("admin:lots_audiofile_delete", args=[audio.pk])
    many = {"action": "delete_selected", "_selected_action": [str(audio.pk)]}
    for page in (browser.get(delete), browser.post(reverse("admin:lots_audiofile_changelist"), many)):
        said = page.content.decode()
        assert "hold music Jazz" in said
        assert "Desk" in said
        assert "Warehouse" in said
    for post in (
        lambda: browser.post(delete, {"post": "yes"}),
        lambda: browser.post(reverse("admin:lots_audiofile_changelist"), {**many, "post": "yes"}),
    ):
        post()
        assert AudioFile.objects.exists()
    HoldMusic.objects.all().delete()
    PagingZone.objects.all().delete()
    ParkingLot.objects.update(message_recording=None)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(delete, {"post": "yes"})
    assert not AudioFile.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def music_form(pbx: Pbx, **fields: str) -> dict[str, str]:
    management = {f"tracks-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM")}
    given = {"label": "Jazz", "pbx": str(pbx.pk), "kind": "uploads", "decoder": "ffmpeg", "sort": "alpha"}
    return {**given, **management, "tracks-MAX_NUM_FORMS": "1000", **fields}


def save_music(browser: Client, pbx: Pbx, **fields: str) -> Any:
    return browser.post(reverse("admin:lots_holdmusic_add"), music_form(pbx, **fields), follow=True)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "directory", "directory": "/var/lib/asterisk/moh"},
        {"kind": "stream", "stream": "https://radio.example.org/live.mp3"},
        {"kind": "stream", "stream": "http://radio.example.org/live.mp3", "decoder": "mpg123"},
    ],
)
def test_music_of_each_source_is_saved(browser: Client, pbx: Pbx, fields: dict[str, str]) -> None:
    save_music(browser, pbx, **fields)
    music = HoldMusic.objects.get()
    assert music.name == "pl-jazz"
    for name, value in fields.items():
        assert getattr(music, name) == value
    for page in (reverse("admin:lots_holdmusic_changelist"), reverse("admin:lots_holdmusic_change", args=[music.pk])):
        assert "pl-jazz" in browser.get(page).content.decode()


@pytest.mark.parametrize(
    ("fields", "field", "word"),
    [
        ({"kind": "directory"}, "directory", "whole path"),
        ({"kind": "directory", "directory": "moh"}, "directory", "whole path"),
        ({"kind": "directory", "directory": "/a/../etc"}, "directory", ".."),
        ({"kind": "directory", "directory": "/a;b"}, "directory", "whole path"),
        ({"kind": "stream"}, "stream", "http://"),
        ({"kind": "stream", "stream": "https://r.org/$(id)"}, "stream", "http://"),
        ({"kind": "stream", "stream": "https://r.org/" + "x" * 200}, "stream", "characters"),
        ({"kind": "stream", "stream": "http://169.254.169.254/latest"}, "stream", "private network"),
        ({"kind": "stream", "stream": "http://u:p@r.org/a"}, "stream", "password"),
        ({"kind": "existing"}, "name", "called on the PBX"),
        ({"kind": "existing", "name": "a b"}, "name", "letters"),
        ({"kind": "existing", "name": "pl-jazz"}, "name", "here already, as “Old jazz”"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    browser: Client, pbx: Pbx, fields: dict[str, str], field: str, word: str
) -> None:
    HoldMusic.objects.create(pbx=pbx, label="Old jazz", name="pl-jazz")
    form = save_music(browser, pbx, **fields).context["adminform"].form
    assert list(form.errors) == [field]
    assert word in str(form.errors[field])


def test_a_class_the_pbx_has_is_named_and_stays_what_it_is(browser: Client, pbx: Pbx) -> None:
    save_music(browser, pbx, kind="existing", name="trunk-music")
    music = HoldMusic.objects.get()
    assert (music.kind, music.name) == ("existing", "trunk-music")
    change = reverse("admin:lots_holdmusic_change", args=[music.pk])
    kinds = [kind for kind, _words in browser.get(change).context["adminform"].form.fields["kind"].choices]
    assert kinds == ["existing"]
    save_music(browser, pbx, kind="uploads", name="trunk-music")
    assert HoldMusic.objects.filter(name="pl-jazz", kind="uploads").exists(), "a name of our own"


def test_streams_from_inside_can_be_allowed(browser: Client, pbx: Pbx, settings: Settings) -> None:
    settings.STREAMS_FROM_LAN = True
    save_music(browser, pbx, kind="stream", stream="http://10.1.1.1:8000/live")
    assert HoldMusic.objects.exists()


def test_tracks_are_numbered_in_their_order(browser: Client, pbx: Pbx) -> None:
    audio = [AudioFile.objects.create(title=title, state="ready", digest=title * 64) for title in "abc"]
    fields = {"tracks-TOTAL_FORMS": "3"}
    for index, position in enumerate((7, 2, 5)):
        fields |= {f"tracks-{index}-audio": str(audio[index].pk), f"tracks-{index}-position": str(position)}
    answer = save_music(browser, pbx, **fields)
    tracks = list(MusicTrack.objects.values_list("audio__title", "position"))
    assert tracks == [("b", 1), ("c", 2), ("a", 3)]
    assert "no recording in it" not in answer.content.decode()


def test_music_without_recordings_says_what_callers_hear(browser: Client, pbx: Pbx) -> None:
    assert "no recording in it that is ready" in save_music(browser, pbx).content.decode()


def test_music_a_lot_plays_is_not_deleted(browser: Client, pbx: Pbx, lot: ParkingLot) -> None:
    music = HoldMusic.objects.create(pbx=pbx, label="Jazz")
    ParkingLot.objects.update(music=music)
    delete = reverse("admin:lots_holdmusic_delete", args=[music.pk])
    assert "Jazz: Desk" in browser.get(delete).content.decode()
    browser.post(delete, {"post": "yes"})
    assert HoldMusic.objects.exists()
    ParkingLot.objects.update(music=None)
    browser.post(delete, {"post": "yes"})
    assert not HoldMusic.objects.exists()


@pytest.fixture
def ann(pbx: Pbx) -> Phone:
    return Phone.objects.create(pbx=pbx, number="201", name="Ann", device="PJSIP/201", brand="yealink")


def save_zone(browser: Client, pbx: Pbx, **fields: Any) -> Any:
    given = {"label": "Warehouse", "pbx": str(pbx.pk), "gap": "30", "repeats": "2", **fields}
    return browser.post(reverse("admin:lots_pagingzone_add"), given, follow=True)


def test_a_zone_is_saved_and_shown_with_its_phones_brands(browser: Client, pbx: Pbx, ann: Phone) -> None:
    save_zone(
        browser, pbx, members=[ann.pk], text="Call for {name}, line {slot}", quiet_from="22:00", quiet_until="6:00"
    )
    zone = PagingZone.objects.get()
    assert (list(zone.members.all()), zone.quiet_until, zone.repeats) == ([ann], time(6), 2)
    page = browser.get(reverse("admin:lots_pagingzone_change", args=[zone.pk])).content.decode()
    assert "201 Ann (Yealink)" in page
    assert "info=alert-autoanswer" in page
    listed = browser.get(reverse("admin:lots_pagingzone_changelist")).content.decode()
    assert "22:00 – 06:00" in listed


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "__all__"),
        ({"overhead": "PJSIP/x&PJSIP/y"}, "overhead"),
        ({"multicast": "10.0.0.1:5004"}, "multicast"),
        ({"multicast": "239.255.0.1"}, "multicast"),
        ({"overhead": "PJSIP/x", "repeats": "6"}, "repeats"),
        ({"overhead": "PJSIP/x", "gap": "9999"}, "gap"),
        ({"overhead": "PJSIP/x", "quiet_from": "22:00"}, "quiet_until"),
        ({"overhead": "PJSIP/x", "quiet_until": "22:00"}, "quiet_from"),
        ({"overhead": "PJSIP/x", "quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
        ({"overhead": "PJSIP/x", "text": "Call {caller}"}, "text"),
        ({"overhead": "PJSIP/x", "text": "Call ${SHELL(id)}"}, "text"),
        ({"overhead": "PJSIP/x", "text": "Call {name"}, "text"),
    ],
)
def test_what_a_zone_cannot_be_is_said_at_its_field(
    browser: Client, pbx: Pbx, fields: dict[str, str], field: str
) -> None:
    assert list(save_zone(browser, pbx, **fields).context["adminform"].form.errors) == [field]


def test_everything_a_zone_cannot_be_is_said_at_once(browser: Client, pbx: Pbx) -> None:
    found = errors(save_zone(browser, pbx, overhead="PJSIP/x", quiet_from="22:00", text="Call {caller}"))
    assert "Quiet hours" in found
    assert "stand for something" in found


def test_where_there_is_one_pbx_nobody_need_choose_it(browser: Client, pbx: Pbx) -> None:
    for model in ("phone", "holdmusic", "pagingzone"):
        add = reverse(f"admin:lots_{model}_add")
        form = browser.get(add).context["adminform"].form
        assert form["pbx"].is_hidden
        assert str(form["pbx"].value()) == str(pbx.pk)
    Pbx.objects.create(name="other")
    assert not browser.get(add).context["adminform"].form["pbx"].is_hidden


def test_phones_of_another_pbx_are_none_of_the_zone(browser: Client, pbx: Pbx, ann: Phone) -> None:
    other = Pbx.objects.create(name="other")
    assert "Not on this PBX" in errors(save_zone(browser, other, members=[ann.pk]))
