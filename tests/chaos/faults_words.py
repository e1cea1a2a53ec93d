"""Asterisk says too much, or nonsense: a flood of events about others, and blocks that are none."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from tests.chaos import traffic
from tests.chaos.rounds import Breaking
from tests.chaos.world import World
from tests.recordings import sections

END = b"\r\n\r\n"
SECONDS = 12
OF_OTHERS = tuple(
    text.replace("\n", "\r\n").encode() + END
    for text in (
        "Event: Newexten\nChannel: PJSIP/900-{0}\nUniqueid: 9.{0}\nContext: x\nExten: s\nApplication: Wait\nAppData: 1",
        "Event: VarSet\nChannel: PJSIP/900-{0}\nUniqueid: 9.{0}\nVariable: SOMETHING\nValue: {0}",
        "Event: DialBegin\nUniqueid: 9.{0}\nDestUniqueid: 8.{0}\nDestChannel: PJSIP/901-{0}\nDestCallerIDNum: 901",
        "Event: DialEnd\nUniqueid: 9.{0}\nDestUniqueid: 8.{0}\nDestChannel: PJSIP/901-{0}\nDialStatus: NOANSWER",
        "Event: Hangup\nChannel: PJSIP/900-{0}\nUniqueid: 9.{0}\nCause: 16\nCause-txt: Normal Clearing",
    )
)
"""Half of these the portal must read to know that they are no business of its."""


def lag(world: World) -> float:
    """Seconds from Asterisk's word of a park to the card on the board."""
    stay = traffic.park(world)
    while not ((board := world.look()) and stay.uniqueid in board.parked()):
        assert time.monotonic() - stay.began < 60, "no card"
    seconds = time.monotonic() - stay.began
    traffic.hang_up(world, stay)  # a lot has ten slots
    return seconds


def flood(a_second: int, seconds: float = SECONDS) -> Breaking:
    """Events about other calls. The board's lag is measured meanwhile."""
    blocks = [kind.replace(b"{0}", b"%d" % number) for number in range(200) for kind in OF_OTHERS]

    @contextmanager
    def breaking(world: World) -> Iterator[None]:
        calm = median(lag(world) for _ in range(3))
        saying = world.line.say(blocks, int(a_second * seconds), a_second)
        lags = [lag(world) for _ in range(4)]
        yield
        rate = saying.result(120)
        world.note = (
            f"{rate:,.0f} a second; "
            f"lag {median(lags) * 1000:.0f} ms, worst {max(lags) * 1000:.0f}, before {calm * 1000:.0f}"
        )

    return breaking


def nonsense(number: int) -> Breaking:
    """Blocks made of recorded ones, none of which Asterisk would say."""

    @contextmanager
    def breaking(world: World) -> Iterator[None]:
        seed = random.randrange(10**6)
        saying = world.line.say(malformed(number, random.Random(seed)), number, number / 5)
        yield
        saying.result(120)
        world.note = f"seed {seed}"

    return breaking


def malformed(number: int, dice: random.Random) -> list[bytes]:
    """``number`` blocks; none of them parks anybody, and none is a goodbye."""
    recorded = [block for version in ("16", "22") for text in sections(version).values() for block in text.split(END)]
    whole = [block for block in recorded if b": " in block and b"Shutdown" not in block and b"Goodbye" not in block]
    return [_without_end(dice.choice(HARM)(_harmless(dice.choice(whole), dice), dice)) + END for _ in range(number)]


def _harmless(block: bytes, dice: random.Random) -> bytes:
    """What would park somebody loses what makes a call a call: a portal that believed the rest would be right to."""
    if not block.startswith((b"Event: ParkedCall\r", b"Event: ParkedCallSwap")):
        return block
    name = dice.choice([b"ParkeeUniqueid: ", b"ParkingSpace: ", b"Parkinglot: "])
    other = dice.choice([b"x" + name, name + b"\r\nWas: ", b"" if name != b"ParkingSpace: " else name + b"-x"])
    return block.replace(name, other)


def _without_end(block: bytes) -> bytes:
    """An end of its own would make two blocks of it, and the second one could be anything."""
    while END in block:
        block = block.replace(END, b"\r\n")
    return block.strip(b"\r\n") or b":"


def _cut(block: bytes, dice: random.Random) -> bytes:
    return block[: dice.randrange(1, len(block))]


def _noise(block: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(block))
    return block[:at] + dice.randbytes(dice.randrange(1, 40)) + block[at:]


def _number(block: bytes, dice: random.Random) -> bytes:
    digits = [at for at, sign in enumerate(block) if chr(sign).isdigit()]
    at = dice.choice(digits or [0])
    return block[:at] + dice.choice([b"-1", b"1e9", b"9" * 400, b"NaN", "٣".encode(), b""]) + block[at + 1 :]


def _lines(block: bytes, dice: random.Random) -> bytes:
    lines = block.split(b"\r\n")
    return b"\r\n".join(dice.choices(lines, k=dice.randrange(1, 2 * len(lines))))


def _long(block: bytes, dice: random.Random) -> bytes:
    return block + b"\r\nNote: " + b"x" * dice.randrange(20_000)


def _bare(block: bytes, dice: random.Random) -> bytes:
    return block.replace(b": ", dice.choice([b":", b" ", b"", b"::", b"\0: "]))


def _line_ends(block: bytes, dice: random.Random) -> bytes:
    return block.replace(b"\r\n", dice.choice([b"\n", b"\r", b"\r\n\r", b"\n\r"]))


HARM: tuple[Callable[[bytes, random.Random], bytes], ...] = (_cut, _noise, _number, _lines, _long, _bare, _line_ends)
