"""Hold music made in code: eight bars of a soft broken chord, as a mono 8 kHz WAV file.

Asterisk's packages bring no music, and a parked caller must hear something.
"""

import array
import functools
import math
import wave
from pathlib import Path

RATE = 8000
"""Samples per second, as on the telephone."""
BEAT = 0.25
"""Seconds per note."""
CHORDS = (
    (261.63, 329.63, 392.00, 523.25),  # C
    (220.00, 261.63, 329.63, 440.00),  # A minor
    (174.61, 220.00, 261.63, 349.23),  # F
    (196.00, 246.94, 293.66, 392.00),  # G
)
"""Notes in hertz, one bar each."""
PATTERN = (0, 1, 2, 3, 2, 1, 2, 1)
"""The order in which a bar plays its chord."""


def write_tune(path: Path) -> None:
    """Write the loop to ``path``; about 130 kB, eight seconds."""
    samples = array.array("h")
    for chord in CHORDS:
        for step in PATTERN:
            samples.extend(_note(chord[step]))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


@functools.cache
def _note(hertz: float) -> list[int]:
    """One note that swells and fades, so that joints between notes do not click."""
    count = int(RATE * BEAT)
    turn = 2 * math.pi * hertz / RATE
    return [int(5000 * math.sin(math.pi * i / count) * math.sin(turn * i)) for i in range(count)]
