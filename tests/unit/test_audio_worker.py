"""What is uploaded gets converted, by whoever is there, once."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from lots.audio import store, worker
from lots.audio.trouble import Trouble
from lots.audio.words import length, why_failed
from lots.models import AudioFile, HoldMusic, MusicTrack, Pbx, Publication
from lots.publish.setup import audio_url, setup_of
from tests.kit.sound import wav

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def upload(content: bytes, title: str = "Jazz", name: str = "../../jazz.WAV") -> AudioFile:
    return AudioFile.objects.create(title=title, original=SimpleUploadedFile(name, content))


def files(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_what_waits_becomes_what_telephones_play(media: Path) -> None:
    audio = upload(wav(440, 1))
    assert worker.convert_waiting() == 1
    audio.refresh_from_db()
    assert (audio.state, audio.percent, audio.error) == ("ready", 100, "")
    assert audio.seconds == pytest.approx(1)
    assert store.played(audio.digest).is_file()
    assert audio.path == f"/audio/{audio.digest}.wav"
    assert worker.convert_waiting() == 0


def test_no_name_a_person_chose_reaches_the_disk(media: Path) -> None:
    upload(wav(440, 1), name="../../etc/passwd.wav")
    upload(wav(441, 1), name="a\x00b;c d.MP3")
    upload(wav(442, 1), name="x.php")
    assert sorted(path[-4:] for path in files(media)) == [".mp3", ".php", ".wav"]
    for path in files(media):
        assert len(Path(path).stem) == 64


def test_the_same_audio_twice_is_stored_once(media: Path) -> None:
    one, two = upload(wav(440, 1), "One"), upload(wav(440, 1), "Two")
    assert worker.convert_waiting() == 2
    assert len(files(media)) == 2, "one as it came, one that is played"
    for audio in (one, two):
        audio.refresh_from_db()
    assert one.digest == two.digest
    one.delete()
    store.forget(one.original.storage, one.original.name, one.digest)
    assert len(files(media)) == 2, "the other still needs them"
    two.delete()
    store.forget(two.original.storage, two.original.name, two.digest)
    assert files(media) == []


def test_what_was_published_is_kept_for_a_return(media: Path, pbx: Pbx) -> None:
    audio = upload(wav(440, 1))
    worker.convert_waiting()
    audio.refresh_from_db()
    Publication.objects.create(
        pbx=pbx, files={"m": [["pl-jazz", "music:pl-jazz", [["entry", audio_url(audio), False]]]]}
    )
    audio.delete()
    store.forget(audio.original.storage, audio.original.name, audio.digest)
    assert files(media) == [f"audio/played/{audio.digest}.wav"]


def test_a_failure_is_a_sentence_and_the_file_is_kept(media: Path) -> None:
    audio = upload(b"no sound at all", name="a.mp3")
    worker.convert_waiting()
    audio.refresh_from_db()
    assert (audio.state, audio.digest) == ("failed", "")
    assert "no sound in this file" in why_failed(audio)
    assert files(media) == [audio.original.name]
    assert worker.convert_waiting() == 0, "it is not tried for ever"


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_sentence_that_says_what_to_do(trouble: Trouble) -> None:
    said = why_failed(AudioFile(error=trouble.value))
    assert any(word in said for word in ("Upload", "upload", "Convert again"))


def test_a_worker_that_vanished_is_replaced_and_one_at_work_is_not(media: Path) -> None:
    audio = upload(wav(440, 1))
    AudioFile.objects.update(state="working", worked_at=timezone.now())
    assert worker.convert_waiting() == 0
    AudioFile.objects.update(worked_at=timezone.now() - timedelta(minutes=2))
    assert worker.convert_waiting() == 1
    audio.refresh_from_db()
    assert audio.state == "ready"


def test_one_recording_is_taken_once(media: Path) -> None:
    upload(wav(440, 1))
    assert worker.take() is not None
    assert worker.take() is None


def test_a_replacement_during_the_work_wins(media: Path) -> None:
    upload(wav(440, 1))
    taken = worker.take()
    assert taken is not None
    audio = AudioFile.objects.get()
    audio.original, audio.state = SimpleUploadedFile("b.wav", wav(900, 2)), "waiting"
    audio.save()
    worker.work(taken)
    audio.refresh_from_db()
    assert (audio.state, audio.digest) == ("waiting", "")
    assert worker.convert_waiting() == 1
    audio.refresh_from_db()
    assert audio.seconds == pytest.approx(2)
    assert [path for path in files(media) if "played" in path] == [f"audio/played/{audio.digest}.wav"]


def test_callers_hear_the_old_recording_until_the_new_one_is_ready(media: Path, pbx: Pbx) -> None:
    audio = upload(wav(440, 1))
    music = HoldMusic.objects.create(pbx=pbx, label="Jazz & Soul")
    MusicTrack.objects.create(music=music, audio=audio)
    assert setup_of(pbx).music[0].urls == ()
    worker.convert_waiting()
    (url,) = setup_of(pbx).music[0].urls
    AudioFile.objects.update(state="waiting")
    assert setup_of(pbx).music[0].urls == (url,)


def test_a_row_that_was_deleted_meanwhile_leaves_nothing(media: Path) -> None:
    upload(wav(440, 1))
    taken = worker.take()
    assert taken is not None
    AudioFile.objects.all().delete()
    worker.work(taken)
    assert not [path for path in files(media) if "played" in path]


@pytest.mark.django_db(transaction=True)
def test_the_thread_ends_when_nothing_is_left(media: Path) -> None:
    audio = upload(wav(440, 1))
    worker.kick()
    worker.kick()
    for thread in threading.enumerate():
        if thread.name == "audio":
            thread.join(20)
    audio.refresh_from_db()
    assert audio.state == "ready"
    assert not worker.helper._running


def test_the_command_converts_and_says_what_failed(media: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upload(wav(440, 1))
    call_command("convert_audio")
    upload(b"", "Nothing", "a.mp3")
    for words in ([], ["--failed"]):
        with pytest.raises((SystemExit, CommandError)):
            call_command("convert_audio", *words)
    said = capsys.readouterr()
    assert said.out == "1 converted\n1 converted\n1 converted\n"
    assert said.err.count("Nothing: This file is empty.") == 2


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, ""), (0.2, "0:01"), (59.6, "1:00"), (245, "4:05"), (3723, "1:02:03")]
)
def test_lengths_read_as_people_write_them(seconds: float | None, words: str) -> None:
    assert length(seconds) == words


def test_names_in_asterisk_come_from_labels_and_stay(pbx: Pbx) -> None:
    labels = ["Jazz & Soul", "jazz soul", "音楽", "Ünder", "x" * 80]
    music = [HoldMusic.objects.create(pbx=pbx, label=label) for label in labels]
    names = [one.name for one in music]
    assert names == ["pl-jazz-soul", "pl-jazz-soul-2", "pl-music", "pl-under", "pl-" + "x" * 50]
    music[0].label = "Blues"
    music[0].save()
    assert music[0].name == "pl-jazz-soul"
