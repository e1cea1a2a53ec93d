"""Lots with outside numbers on a real Asterisk, callers with keypads, and what Asterisk says of them."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lots.config.outside_locks import FAMILY
from lots.config.pin import hash_pin
from lots.config.setup import Door, Lot, Setup, Side
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.published import publish_directly
from tests.kit.sip_dtmf import KeyCaller, key_caller

PIN, OTHER_PIN = "864209", "135790"
SALT = "00112233445566778899aabbccddeeff"


def _lot(name: str, first: int, numbers: tuple[str, ...], pin: str = "", transfers: Side = Side.NO) -> Lot:
    door = Door(numbers=numbers, pin_salt=SALT if pin else "", pin_hash=hash_pin(pin, SALT) if pin else "")
    return Lot(
        name=name, first=first, last=first + 3, park_code=str(first - 1), separate=True, timeout=60, announce=False,
        door=door,
        transfers=transfers,
    )  # fmt: skip


SETUP = Setup(
    lots=(
        _lot("open-door", 6101, ("4930100", "+4930100"), transfers=Side.BOTH),
        _lot("red", 6201, ("4930200", "4930201"), PIN),
        _lot("blue", 6301, ("4930300",), OTHER_PIN),
        _lot("green", 6401, ("4930400",), PIN),
        _lot("grey", 6501, ("4930500",), PIN),
    )
)


class Outside:
    """One Asterisk with ``SETUP``. There is no portal anywhere near."""

    def __init__(self, asterisk: RealAsterisk, folder: Path, ami: Ami) -> None:
        self.asterisk, self.folder, self.ami = asterisk, folder, ami

    @contextmanager
    def call(self, to: str, number: str = "5551001") -> Iterator[KeyCaller]:
        """Somebody calls, and hangs up at the end of the block at the latest."""
        with key_caller(self.folder, self.asterisk.pbx.sip_port, to, number) as caller:
            yield caller.speak()

    def plays(self, sound: str, timeout: float = 10) -> None:
        """Wait until a caller hears ``sound``."""
        self.ami.event(
            lambda e: e["Event"] == "Newexten" and e["Application"] in {"Playback", "Read"} and sound in e["AppData"],
            timeout,
        )

    def asks_for_pin(self) -> None:
        """Wait for the question."""
        self.plays("agent-pass")

    def says(self, result: str, **fields: str) -> Event:
        """The next word for the log."""
        event = self.ami.event("UserEvent", UserEvent="ParkinglotDoor", **fields)
        assert event["Result"] == result, event
        return event

    def records(self) -> dict[str, list[int]]:
        """What is counted: key -> count, end of the lock, last failure."""
        found = self.ami.items("DBGetTree", Family=FAMILY)
        return {e["Key"].removeprefix(f"/{FAMILY}/"): [int(part) for part in e["Val"].split("-")] for e in found}

    def put(self, key: str, count: int, until: float, last: float) -> None:
        """As if that had been counted; times in seconds from now."""
        now = time.time()
        self.ami.action("DBPut", Family=FAMILY, Key=key, Val=f"{count}-{int(now + until)}-{int(now + last)}")

    def fail(self, *calls: tuple[str, str]) -> None:
        """Calls at the same time, of a number and from one: each types one wrong PIN, and hangs up."""
        with ExitStack() as ends:
            callers = [ends.enter_context(self.call(to, number)) for to, number in calls]
            for _ in callers:
                self.asks_for_pin()
            with ThreadPoolExecutor() as threads:
                list(threads.map(lambda caller: caller.press("0000#"), callers))
            for _ in callers:  # a word may be any caller's: who hangs up before their own is not counted
                self.says("wrong")
                self.plays("auth-incorrect")
            for caller in callers:
                caller.hang_up()

    def retrieved(self, parked: Event) -> None:
        """Wait until ``parked`` is connected with the caller from outside."""
        taken = self.ami.event("UnParkedCall", ParkeeUniqueid=parked["ParkeeUniqueid"])
        assert taken["RetrieverChannel"].startswith("PJSIP/outside-")

    def refuses(self, to: str, number: str = "5551001") -> None:
        """A call is turned away without being asked for anything."""
        with self.call(to, number) as caller:
            self.says("locked")
            self.plays("im-sorry&please-try-call-later")
            caller.hang_up()


@contextmanager
def outside_numbers(asterisk: RealAsterisk, folder: Path) -> Iterator[Outside]:
    """Publish, and begin with nothing counted and nobody parked."""
    with asterisk.ami() as ami:
        ami.request("DBDelTree", Family=FAMILY)
        yield Outside(asterisk, folder, ami)
        ami.request("DBDelTree", Family=FAMILY)
    asterisk.hang_up_all()


def publish(asterisk: RealAsterisk) -> None:
    """Put ``SETUP`` on ``asterisk``."""
    publish_directly(asterisk, SETUP)
