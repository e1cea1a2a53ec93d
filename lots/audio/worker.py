"""Converts what was uploaded, in a thread of the web process that took it; whoever is there takes over what was left.

The row says what is to be done, so nothing is lost with a process: ``waiting`` rows, and ``working`` ones whose worker
was not seen for a minute, are taken by the next that looks (a save, a look at the list, ``manage.py convert_audio``).
"""

import atexit
import logging
import threading
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections
from django.db.models import Q, QuerySet
from django.utils import timezone

from lots.audio import store
from lots.audio.convert import convert
from lots.audio.program import Limits, end_all
from lots.audio.trouble import ConversionError, Trouble
from lots.models import AudioFile

log = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds between two signs of life in the row."""
SILENCE = timedelta(minutes=1)
"""After which a worker counts as gone."""


class Helper:
    """At most one thread, which ends when nothing is left to do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = self._running = False

    def kick(self) -> None:
        """Look (again) for something to convert, in the background."""
        with self._lock:
            self._wanted = True
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._run, name="audio", daemon=True).start()

    def _run(self) -> None:
        try:
            while self._is_wanted():
                convert_waiting()
        except BaseException as error:
            self._running = False
            if not isinstance(error, DatabaseError):
                raise
            log.exception("Recordings could not be converted; the next look at their list tries again.")
        finally:
            connections.close_all()

    def _is_wanted(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            self._running = wanted
        return wanted


helper = Helper()
kick = helper.kick
atexit.register(end_all)


def kick_if_needed() -> None:
    """For pages that show recordings: somebody should be at work on what they show as unfinished."""
    if _open().exists():
        kick()


def convert_waiting() -> int:
    """Convert all there is, one after the other; how many."""
    done = 0
    while audio := take():
        work(audio)
        done += 1
    return done


def take() -> AudioFile | None:
    """The oldest recording to be converted, now ours; None: there is none, or somebody was quicker."""
    audio = _open().order_by("uploaded_at", "pk").first()
    if audio is None:
        return None
    changes = {"state": AudioFile.WORKING, "worked_at": timezone.now(), "percent": 0, "error": ""}
    return audio if _open().filter(pk=audio.pk, original=audio.original.name).update(**changes) else None


def work(audio: AudioFile) -> None:
    """Convert one that was taken."""
    limits = Limits(seconds=settings.AUDIO_MAX_SECONDS)
    try:
        with store.workshop() as folder:
            target = Path(folder) / "played.wav"
            seconds = convert(Path(audio.original.path), target, Beat(audio), limits)
            digest = store.keep(target)
    except ConversionError as error:
        log.warning("The recording %s was not converted: %s", audio.pk, error)
        _finish(audio, state=AudioFile.FAILED, error=error.trouble.value)
    except OSError as error:
        log.warning("The recording %s was not converted: %s", audio.pk, error)
        _finish(audio, state=AudioFile.FAILED, error=Trouble.NO_SPACE.value)
    else:
        _finish(audio, state=AudioFile.READY, percent=100, digest=digest, seconds=seconds, error="")
        store.forget(audio.original.storage, "", audio.digest)
        store.forget(audio.original.storage, "", digest)  # the recording may have gone meanwhile


class Beat:
    """Writes the percentage to the row, once a second at most."""

    def __init__(self, audio: AudioFile) -> None:
        self.audio, self._next = audio, 0.0

    def __call__(self, percent: int) -> None:
        """Called for each step ffmpeg reports."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + BEAT
            _mine(self.audio).update(percent=percent, worked_at=timezone.now())


def _finish(audio: AudioFile, **changes: object) -> None:
    _mine(audio).update(**changes)


def _mine(audio: AudioFile) -> "QuerySet[AudioFile]":
    """The row, unless it was replaced meanwhile: then the new file waits for its own turn."""
    return AudioFile.objects.filter(pk=audio.pk, original=audio.original.name, state=AudioFile.WORKING)


def _open() -> "QuerySet[AudioFile]":
    """Rows somebody must convert."""
    gone = Q(state=AudioFile.WORKING, worked_at__lt=timezone.now() - SILENCE)
    return AudioFile.objects.filter(Q(state=AudioFile.WAITING) | gone)
