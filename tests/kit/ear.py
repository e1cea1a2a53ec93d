"""A telephone's audio: hears what Asterisk plays (RTP, PCMU) and presses keys."""

import re
import threading
import time
from typing import Self

from tests.kit.rtp_keys import Keypad
from tests.kit.sip import UserAgent

FRAME = 0.02
"""Seconds in one packet."""
LOUD = 500
"""Of 32124: voices and tones reach thousands; what a codec makes of silence stays below a hundred."""
PATIENCE = 60.0


def amplitude(octet: int) -> int:
    """A PCMU sample (ITU-T G.711) without its sign."""
    turned = ~octet & 0xFF
    return ((((turned & 0x0F) << 3) + 0x84) << ((turned & 0x70) >> 4)) - 0x84


AMPLITUDES = [amplitude(octet) for octet in range(256)]


class Ear(Keypad):
    """Give ``port`` to a telephone when it is plugged in or calls."""

    def __init__(self) -> None:
        super().__init__()
        self._packets: list[bytes] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.sendto(b"", self._socket.getsockname())  # ends the thread
        self._thread.join(1)
        self.close()

    def _listen(self) -> None:
        while packet := self._socket.recv(2048):
            if packet[1] & 0x7F == 0:
                self._packets.append(packet[12:])

    def dial(self, keys: str, phone: UserAgent) -> None:
        """Press ``keys`` on ``phone``, which has this ear, once it is in a call."""
        heard = phone.message(lambda m: not m.sent and "m=audio" in m.text, "where Asterisk listens").text
        (port,) = re.findall(r"m=audio (\d+)", heard)
        self.speak(int(port))
        self.press(keys, int(port))

    def loud(self) -> float:
        """Seconds of sound so far; silence is not counted."""
        return FRAME * sum(max(AMPLITUDES[octet] for octet in packet) > LOUD for packet in list(self._packets))

    def hears(self, seconds: float, timeout: float = PATIENCE) -> None:
        """Wait for so much sound. AssertionError when it does not come."""
        deadline = time.monotonic() + timeout
        while self.loud() < seconds:
            assert time.monotonic() < deadline, f"heard {self.loud():.2f} s of sound, not {seconds}"
            time.sleep(FRAME)

    def is_fed(self, seconds: float, timeout: float = PATIENCE) -> None:
        """Wait for so much of anything, silence too, from now on. AssertionError when it does not come."""
        deadline, before = time.monotonic() + timeout, len(self._packets)
        while FRAME * (len(self._packets) - before) < seconds:
            assert time.monotonic() < deadline, "nothing comes"
            time.sleep(FRAME)

    def forget(self) -> None:
        """Count from here."""
        self._packets.clear()
