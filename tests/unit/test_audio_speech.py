"""Phrases spoken by the real espeak-ng."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings

from lots.audio import speech
from lots.audio.speech import KEPT, speak
from lots.audio.store import folder, played
from lots.models import AudioFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_phrase_is_what_telephones_play_and_the_same_one_is_one_file() -> None:
    one = speak("call for Tom Front, line 7 0 1")
    sound = played(one).read_bytes()
    assert sound[:4] == b"RIFF"
    assert int.from_bytes(sound[24:28], "little") == 8000
    assert len(sound) > 16_000, "a second at least"
    assert speak("call for Tom Front, line 7 0 1") == one
    assert speak("call for Ann") != one


def test_many_at_once_are_all_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "_tidy", lambda: None)  # the database is another thread's
    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(speak, [f"line {number}" for number in range(12)])) - {""}) == 12


def test_what_looks_like_an_option_is_text() -> None:
    assert speak("--version -w /tmp/x") != ""


def test_without_the_program_or_a_phrase_nothing_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert speak("") == ""
    monkeypatch.setattr(speech, "PROGRAM", "espeak-ng-that-is-not-there")
    assert speak("call for Tom") == ""
    assert not speech.can_speak()


def test_a_phrase_that_cannot_be_spoken_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "PROGRAM", "false")
    assert speak("call for Tom") == ""


def test_old_phrases_are_forgotten_and_recordings_stay() -> None:
    phrase, recording = speak("call for Tom"), speak("we are closed")
    AudioFile.objects.create(title="Closed", digest=recording)
    long_ago = time.time() - KEPT - 60
    for digest in (phrase, recording):
        os.utime(played(digest), (long_ago, long_ago))
    new = speak("call for Ann")
    assert {file.stem for file in folder().glob("*.wav")} == {recording, new}
