"""Tones: made into files, and found again in what a telephone hears."""

import math
import struct
import subprocess
from array import array
from collections.abc import Iterable
from pathlib import Path

RATE = 8000


def samples(frequency: float, seconds: float, rate: int = RATE) -> "array[int]":
    """A pure tone, 16 bit."""
    step = 2 * math.pi * frequency / rate
    return array("h", (int(9000 * math.sin(step * number)) for number in range(int(seconds * rate))))


def wav(frequency: float, seconds: float, rate: int = RATE) -> bytes:
    """A pure tone as a WAV file."""
    data = samples(frequency, seconds, rate).tobytes()
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(data),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        rate,
        rate * 2,
        2,
        16,
        b"data",
        len(data),
    )
    return head + data


def audio_file(
    folder: Path, name: str, *, frequency: int = 440, seconds: float = 2, options: tuple[str, ...] = ()
) -> Path:
    """A pure tone (silence at 0 Hz) in the format that ``name`` says, made by ffmpeg."""
    target = folder / name
    source = f"sine=frequency={frequency}:duration={seconds}" if frequency else f"anullsrc=r=8000:cl=mono:d={seconds}"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *options, str(target)], check=True)
    return target


def from_ulaw(payload: bytes) -> list[int]:
    """G.711 u-law as 16-bit samples."""
    return [_ULAW[byte] for byte in payload]


def _expand(byte: int) -> int:
    byte = ~byte & 0xFF
    value = (((byte & 0x0F) << 3) + 0x84) << ((byte & 0x70) >> 4)
    return 0x84 - value if byte & 0x80 else value - 0x84


_ULAW = [_expand(byte) for byte in range(256)]


def strength(heard: Iterable[int], frequency: float, rate: int = RATE) -> float:
    """The share of the energy that is at ``frequency`` (Goertzel's algorithm): near 1 for a pure tone, near 0 else."""
    coefficient = 2 * math.cos(2 * math.pi * frequency / rate)
    last = before = energy = 0.0
    count = 0
    for sample in heard:
        last, before = sample + coefficient * last - before, last
        energy += sample * sample
        count += 1
    power = last * last + before * before - coefficient * last * before
    return 2 * power / (count * energy) if energy else 0.0
