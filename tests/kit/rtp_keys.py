"""The sound of one telephone: sends keys as RTP events (RFC 4733) and takes what Asterisk plays."""

import socket
import struct
import time
from itertools import pairwise

from tests.kit.sipp import LOOPBACK

KEYS = "0123456789*#ABCD"
"""A key's place is its event number (RFC 4733, table 7)."""
EVENT = 101
"""Payload type of telephone-event in the kit's SDP."""
STEP_MS, PRESSED_MS, GAP_MS = 20, 80, 50
"""Asterisk stretches keys shorter than 80 ms and delays those that follow within 45 ms (``main/channel.c``)."""
TICKS = 8
"""Of RTP's clock, in a millisecond."""
END = 0x80
STREAM = 0x6B657973
"""SSRC."""


class Keypad:
    """A UDP port for the SDP; ``press`` once the other end is known."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self.port: int = self._socket.getsockname()[1]
        self._sequence = 0
        self._clock = time.monotonic()

    def close(self) -> None:
        """Unplug."""
        self._socket.close()

    def speak(self, port: int) -> None:
        """A moment of silence: Asterisk waits for the first sound of who it answers."""
        self._sequence += 1
        head = struct.pack("!BBHII", 0x80, 0, self._sequence, 0, STREAM)
        self._socket.sendto(head + b"\xff" * STEP_MS * TICKS, (LOOPBACK, port))

    def press(self, keys: str, port: int) -> None:
        """Press ``keys`` one after the other, 130 ms each; Asterisk listens on ``port``."""
        for key in keys:
            stamp = int((time.monotonic() - self._clock) * 1000) * TICKS
            for before, now in pairwise(range(0, PRESSED_MS + STEP_MS, STEP_MS)):
                self._send(key, stamp, now, port, first=before == 0)
                time.sleep(STEP_MS / 1000)
            for _ in range(3):  # the end is said three times, since it may get lost
                self._send(key, stamp, PRESSED_MS, port, last=True)
            time.sleep(GAP_MS / 1000)

    def _send(self, key: str, stamp: int, held_ms: int, port: int, *, first: bool = False, last: bool = False) -> None:
        self._sequence += 1
        head = struct.pack("!BBHII", 0x80, EVENT | (0x80 if first else 0), self._sequence, stamp, STREAM)
        event = struct.pack("!BBH", KEYS.index(key), 10 | (END if last else 0), held_ms * TICKS)
        self._socket.sendto(head + event, (LOOPBACK, port))
