"""Which tone a telephone hears."""

import time

from tests.kit.ear import Ear
from tests.kit.sipp import PAUSE
from tests.kit.sound import RATE, from_ulaw, strength

PACKET = 160
"""Bytes of u-law in 20 ms."""


class ToneEar(Ear):
    """Tells tones apart."""

    def hears_tone(self, frequency: float, *, timeout: float = 10, seconds: float = 0.4) -> None:
        """Wait until the last ``seconds`` were this tone, from now on. AssertionError after ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        self.forget()
        while self.share(frequency, seconds) < 0.7:
            assert time.monotonic() < deadline, f"No {frequency} Hz; {self._said(seconds)}"
            time.sleep(PAUSE)

    def share(self, frequency: float, seconds: float = 0.4) -> float:
        """How much of the last ``seconds`` was a tone of ``frequency``, 0 to 1; 0 when there was less sound."""
        wanted = int(seconds * RATE / PACKET)
        heard = self._packets[-wanted:]
        return strength(from_ulaw(b"".join(heard)), frequency) if len(heard) == wanted else 0.0

    def _said(self, seconds: float) -> str:
        """What was heard instead, for a failure's message."""
        tones = {tone: round(self.share(tone, seconds), 2) for tone in range(200, 2000, 50)}
        return f"{len(self._packets)} packets, {sorted(tones.items(), key=lambda item: -item[1])[:3]}"
