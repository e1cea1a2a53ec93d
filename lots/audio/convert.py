"""Any common audio format -> what every telephone plays: WAV, 8 kHz, mono, 16 bit, evenly loud. Knows no Django."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from lots.audio.program import Limits, find, run, source
from lots.audio.trouble import ConversionError, Trouble

RATE = 8000
BYTES_A_SECOND = RATE * 2
SHORTEST = 0.1
"""Seconds; what is shorter is nothing."""
LOUDNESS, LOUDEST = -20.0, -3.0
"""Decibels below full scale that a recording's average gets, and that its peaks may reach."""
MOST_GAIN, LEAST_GAIN = 12.0, 1.0
"""Decibels: a gentle hand, that leaves alone what is nearly right."""
BARE = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "wav"]
"""Sound and nothing else: the same sound gives the same bytes."""

Progress = Callable[[int], None]


def convert(file: Path, target: Path, on_progress: Progress, limits: Limits | None = None) -> float:
    """Write ``file`` to ``target`` as telephones play it; the length in seconds. Raises ``ConversionError``.

    ``on_progress`` is told percents, rising. ``target`` is not there after a failure.
    """
    limits = limits or Limits()
    try:
        return _convert(file, target, on_progress, limits)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _convert(file: Path, target: Path, on_progress: Progress, limits: Limits) -> float:
    if not file.is_file():
        raise ConversionError(Trouble.GONE)
    if not file.stat().st_size:
        raise ConversionError(Trouble.EMPTY)
    length = probe(file, limits)
    if length > limits.seconds:
        raise ConversionError(Trouble.TOO_LONG)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        raw = Path(folder) / "raw.wav"
        said = _decode(file, raw, length, on_progress, limits)
        seconds = _seconds(raw)
        if seconds > limits.seconds:
            raise ConversionError(Trouble.TOO_LONG)
        if seconds < SHORTEST:
            raise ConversionError(Trouble.EMPTY, _last(said))
        _level(raw, target, gain_for(said), limits)
    on_progress(99)
    return seconds


def probe(file: Path, limits: Limits) -> float:
    """The length the file claims, in seconds; 0.0: it does not say. Raises ``ConversionError`` when it is no audio."""
    words = [*_ffmpeg(file), "-t", "0", "-f", "null", "-"]
    try:
        said = _run(words, limits)
    except ConversionError as error:
        raise ConversionError(Trouble.NOT_AUDIO, error.detail) if error.trouble is Trouble.BROKEN else error from error
    claim = _CLAIM.search(said)
    return sum(float(part) * unit for part, unit in zip(claim.groups(), (3600, 60, 1), strict=True)) if claim else 0.0


def _decode(file: Path, raw: Path, length: float, on_progress: Progress, limits: Limits) -> str:
    """The first pass: down to 8 kHz mono, measuring. What ffmpeg said."""
    words = [*_ffmpeg(file), "-progress", "pipe:1", "-t", str(limits.seconds + 1), "-ac", "1", "-ar", str(RATE)]
    words += ["-af", "volumedetect", "-c:a", "pcm_s16le", *BARE, str(raw)]
    return _run(words, limits, lambda line: _tell(line, length, on_progress))


def _ffmpeg(file: Path) -> list[str]:
    """ffmpeg, reading the first sound in ``file`` and no picture."""
    quiet = ["-nostdin", "-hide_banner", "-y", "-v", "info", "-nostats", "-threads", "1"]
    return [find("ffmpeg"), *quiet, *source(file), "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_chapters", "-1"]


def _tell(line: str, length: float, on_progress: Progress) -> None:
    """A line such as ``out_time_us=2500000`` as a percentage."""
    name, _, value = line.strip().partition("=")
    if name == "out_time_us" and length and value.isdigit():
        on_progress(min(95, int(int(value) / 1_000_000 / length * 95)))


def gain_for(said: str) -> float:
    """Decibels to add, from what ffmpeg's ``volumedetect`` measured; 0.0: leave it."""
    mean, peak = (_MEASURED[name].search(said) for name in ("mean", "max"))
    if mean is None or peak is None:
        return 0.0
    wanted = min(LOUDNESS - float(mean[1]), LOUDEST - float(peak[1]), MOST_GAIN)
    gain = max(wanted, -MOST_GAIN)
    return gain if abs(gain) >= LEAST_GAIN else 0.0


def _level(raw: Path, target: Path, gain: float, limits: Limits) -> None:
    """The second pass, over a file of our own: as loud as the others. One factor for all of it: nothing pumps."""
    if not gain:
        raw.replace(target)
        return
    words = [find("ffmpeg"), "-nostdin", "-hide_banner", "-y", "-v", "error", "-i", f"file:{raw}"]
    _run([*words, "-af", f"volume={gain:.1f}dB", "-c:a", "pcm_s16le", *BARE, str(target)], limits)


def _run(words: list[str], limits: Limits, on_line: Callable[[str], None] | None = None) -> str:
    """What ffmpeg said. Raises ``ConversionError``."""
    with tempfile.TemporaryFile() as errors:
        status = run(words, limits, on_line or (lambda _line: None), errors)
        said = _read(errors)
    if status:
        full = "No space left" in said or "Disk quota exceeded" in said
        raise ConversionError(Trouble.NO_SPACE if full else Trouble.BROKEN, _last(said))
    return said


def _seconds(wav: Path) -> float:
    """The length of a WAV of ours, whose head has 44 bytes."""
    return max(0, wav.stat().st_size - 44) / BYTES_A_SECOND


def _read(errors: IO[bytes]) -> str:
    """The end of what a program complained of."""
    errors.seek(0, 2)
    errors.seek(max(0, errors.tell() - 65_536))
    return errors.read().decode(errors="replace")


def _last(said: str) -> str:
    """Its last line, without control characters."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return "".join(sign if sign.isprintable() else "?" for sign in lines[-1])[:300] if lines else ""


_CLAIM = re.compile(r"^  Duration: ([0-9]+):([0-9]+):([0-9.]+)", re.MULTILINE)
_MEASURED = {name: re.compile(rf"{name}_volume: (-?[0-9.]+) dB") for name in ("mean", "max")}
