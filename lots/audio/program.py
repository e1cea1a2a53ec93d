"""ffmpeg as a child process that may be fed anything: short of rights, time, memory and disk.

Files come from people. What ffmpeg may open is the one file and nothing else: only the ``file`` protocol (no network),
and only containers that hold their sound themselves, so that a playlist, a script of pieces (``ffconcat``) or an image
list that names other files is refused whatever its name says (ffmpeg's ``format_whitelist``, ``codec_whitelist``).
"""

import contextlib
import os
import resource
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lots.audio.trouble import ConversionError, Trouble

DEMUXERS = "aac,ac3,aiff,alaw,amr,amrnb,amrwb,asf,au,caf,eac3,flac,gsm,matroska,mov,mp3,mulaw,ogg,w64,wav,webm,wv"
DECODERS = (
    "aac,aac_latm,ac3,adpcm_ima_qt,adpcm_ima_wav,adpcm_ms,alac,amrnb,amrwb,eac3,flac,gsm,gsm_ms,libgsm,libgsm_ms,"
    "libopencore_amrnb,libopencore_amrwb,libopus,mp1,mp1float,mp2,mp2float,mp3,mp3float,opus,pcm_alaw,pcm_f32be,"
    "pcm_f32le,pcm_f64be,pcm_f64le,pcm_mulaw,pcm_s16be,pcm_s16le,pcm_s24be,pcm_s24le,pcm_s32be,pcm_s32le,pcm_s8,"
    "pcm_u8,vorbis,wavpack,wmalossless,wmapro,wmav1,wmav2"
)
RAW = {
    ".gsm": ("-f", "gsm"),
    ".ulaw": ("-f", "mulaw", "-ar", "8000"),
    ".alaw": ("-f", "alaw", "-ar", "8000"),
}
"""Telephony's headerless files: only the name says what they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one conversion may use."""

    seconds: int = 3600
    """Of sound."""
    cpu: int = 600
    """Seconds of processor time."""
    wall: float = 900.0
    """Seconds on the clock."""
    memory: int = 1 << 30
    """Bytes of address space."""

    @property
    def file_size(self) -> int:
        """Bytes of the longest WAV (8 kHz, 16 bit, mono), with room for its head."""
        return (self.seconds + 2) * 16_000 + 65_536


def source(file: Path) -> list[str]:
    """The options that make ffmpeg read ``file`` and nothing else."""
    return [
        *("-protocol_whitelist", "file"),
        *("-format_whitelist", DEMUXERS),
        *("-codec_whitelist", DECODERS),
        *RAW.get(file.suffix.lower(), ()),
        *("-i", f"file:{file}"),
    ]


def find(program: str) -> str:
    """The path of ``program``; raises ``ConversionError``."""
    path = shutil.which(program)
    if path is None:
        raise ConversionError(Trouble.NO_FFMPEG)
    return path


def run(words: list[str], limits: Limits, on_line: Callable[[str], None], errors: IO[bytes]) -> int:
    """Run ``words``, each line of its output to ``on_line``; its exit status. Raises ``ConversionError``."""
    process = subprocess.Popen(  # noqa: S603 - a list of words, made here
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        errors="replace",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
    )
    _RUNNING.add(process)
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(limits.wall, end)
    timer.start()
    try:
        _restrain(process.pid, limits)
        for line in process.stdout or ():
            on_line(line)
        status = process.wait()
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        _RUNNING.discard(process)
    if late.is_set() or -status in _OVER_TIME:
        raise ConversionError(Trouble.TOO_SLOW)
    return status


def _restrain(pid: int, limits: Limits) -> None:
    """Limits and a low priority, set from outside: code between fork and exec may hang a process with threads."""
    with contextlib.suppress(ProcessLookupError):  # it has ended already
        resource.prlimit(pid, resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 5))
        resource.prlimit(pid, resource.RLIMIT_AS, (limits.memory, limits.memory))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (limits.file_size, limits.file_size))
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
        os.setpriority(os.PRIO_PROCESS, pid, 10)


def end_all() -> None:
    """End every child that still runs, as when this process ends."""
    for process in list(_RUNNING):
        process.kill()


_RUNNING: set["subprocess.Popen[str]"] = set()
_OVER_TIME = (24,)  # SIGXCPU
