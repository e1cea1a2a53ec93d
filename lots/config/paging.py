"""Paging: who is rung, what is said, and when nobody may be disturbed. No dialplan is needed for any of it.

Each loudspeaker is a channel of its own (``Originate`` with ``Playback``), so one that does not answer holds up no
other, and all of them stop with a ``Hangup``. Tried live: a ``Variable`` of an ``Originate`` may be a function
(``PJSIP_HEADER``), and is set before the INVITE goes out; commas within its brackets do not separate.
"""

from dataclasses import dataclass
from datetime import time

from lots.config import gate
from lots.config.autoanswer import Header

ANSWER = 5.0
"""Seconds a phone has to answer by itself; one that rings like for a call is left alone after that."""
LONGEST = 60.0
"""Seconds one announcement may take."""
BEFORE, BETWEEN = "beep", "silence/1"
SIGNS = {"*": "digits/star", "#": "digits/pound"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A phone, a loudspeaker or a multicast address, as Asterisk dials it; ``header`` makes a phone answer."""

    channel: str
    header: Header | None = None
    device: str = ""
    """Whose state tells whether it is in use; ``""``: nothing tells."""

    def __post_init__(self) -> None:
        if not self.multicast:
            gate.check_device("Device", self.channel)
        if self.device:
            gate.check_device("Device", self.device)

    @property
    def multicast(self) -> bool:
        """Nothing answers there: it is sent to whoever listens."""
        return self.channel.startswith("MulticastRTP/")


def multicast(address: str) -> Speaker:
    """The speaker at ``address``, such as 239.255.0.1:5004 (validated where it is entered)."""
    return Speaker(channel=f"MulticastRTP/basic/{address}//c(ulaw)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Who hears an announcement and what it is. ``gap`` in seconds; ``recording`` is an address, or ``""``."""

    id: int
    label: str
    speakers: tuple[Speaker, ...]
    text: str = ""
    recording: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None
    gap: int = 0
    repeats: int = 0

    def is_quiet(self, now: time) -> bool:
        """Whether ``now``, by the clock on the wall there, is within the quiet hours; they may go over midnight."""
        begin, end = self.quiet_from, self.quiet_until
        if begin is None or end is None:
            return False
        return begin <= now < end if begin < end else now >= begin or now < end


def spoken(slot: int) -> tuple[str, ...]:
    """The slot, digit by digit, in Asterisk's own sounds."""
    return tuple(SIGNS.get(sign, f"digits/{sign}") for sign in str(slot))


def phrase(text: str, *, name: str, number: str, slot: int, lot: str) -> str:
    """``text`` with its placeholders filled; numbers are said digit by digit, unknown callers are "a caller"."""
    values = {"name": name or "a caller", "number": " ".join(number), "slot": " ".join(str(slot)), "lot": lot}
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def announcement(slot: int, recording: str = "", speech: str = "") -> str:
    """What ``Playback`` is given: speech says it all; else the recording, if there is one, and the slot twice.

    ``recording`` and ``speech`` are addresses. An address with ``&`` in it would be two sounds.
    """
    said_twice = (*spoken(slot), BETWEEN, *spoken(slot))
    sounds = (BEFORE, speech) if speech else (BEFORE, *filter(None, [recording]), *said_twice)
    for sound in sounds:
        if "&" in sound or "," in sound:
            raise gate.UnsafeValue(f"Announcement: {sound!r} cannot be played.")
    return "&".join(sounds)


def originate(speaker: Speaker, channel_id: str, sounds: str, caller_id: str) -> list[tuple[str, str]]:
    """Headers of the Originate that plays ``sounds`` there and hangs up."""
    headers = [
        ("Channel", speaker.channel),
        ("ChannelId", channel_id),
        ("Application", "Playback"),
        ("Data", sounds),
        ("CallerID", caller_id),
        ("Timeout", str(int(ANSWER * 1000))),
        ("Async", "true"),
    ]
    if speaker.header is not None and speaker.channel.startswith("PJSIP/"):
        header = speaker.header
        headers.append(("Variable", f"PJSIP_HEADER(add,{header.name})={header.value}"))
    return headers
