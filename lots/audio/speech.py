"""A phrase as sound, made on this machine by espeak-ng where it is installed. Nothing leaves the house."""

import logging
import shutil
import time
from pathlib import Path

from django.conf import settings

from lots.audio.convert import convert
from lots.audio.program import Limits, run
from lots.audio.store import folder, forget, keep, workshop
from lots.audio.trouble import ConversionError
from lots.models import AudioFile

log = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
SLOWER = "145"
"""Words a minute; a hall needs it slower than espeak's 175."""
KEPT = 24 * 3600.0
"""Seconds a spoken phrase is kept: it names a caller, and few are said twice."""
LIMITS = Limits(seconds=60, cpu=20, wall=20.0)
ROOM = Limits(seconds=4500, cpu=20, wall=20.0)
"""For espeak-ng itself: its sound library reserves 64 MiB of shared memory, which counts as a file."""


def can_speak() -> bool:
    """Whether phrases can be spoken here."""
    return shutil.which(PROGRAM) is not None


def speak(text: str) -> str:
    """Say ``text``: the SHA-256 of its recording; ``""``: it could not be spoken."""
    program = shutil.which(PROGRAM)
    if program is None or not text:
        return ""
    _tidy()
    with workshop() as place:
        written, raw, sound = (Path(place) / name for name in ("text", "raw.wav", "sound.wav"))
        written.write_text(text, encoding="utf-8")  # in a file: no text can be an option
        words = [program, "-v", settings.LANGUAGE_CODE.split("-")[0], "-s", SLOWER, "-f", str(written), "-w", str(raw)]
        try:
            with (Path(place) / "errors").open("w+b") as errors:
                if status := run(words, ROOM, lambda _line: None, errors):
                    errors.seek(0)
                    log.warning("%s ended with %s: %s", PROGRAM, status, errors.read(500))
                    return ""
            convert(raw, sound, lambda _percent: None, LIMITS)
        except ConversionError as error:
            log.warning("A phrase could not be spoken: %s %s", error.trouble, error.detail)
            return ""
        return keep(sound)


def _tidy() -> None:
    """Delete old phrases: what is no recording, and was never published."""
    old = [file for file in folder().glob("*.wav") if time.time() - file.stat().st_mtime > KEPT]
    recordings = set(AudioFile.objects.values_list("digest", flat=True)) if old else set()
    for file in old:
        if file.stem not in recordings:
            forget(AudioFile._meta.get_field("original").storage, "", file.stem)  # noqa: SLF001  (documented API)
