"""A real, private Asterisk for tests, with a telephone of every kind."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from lots.embedded import (
    PUBLISH,
    RUNTIME,
    Account,
    AsteriskConfig,
    EmbeddedAsterisk,
    EmbeddedError,
    Installation,
    ParkingLot,
    Phone,
)
from lots.embedded.install import ensure_asterisk
from tests.kit import sip
from tests.kit.ami import Ami, Event
from tests.kit.sipp import LOOPBACK, free_udp_port
from tests.kit.unplugged import all_over, plug_in, unplug

SUITES = ("sid", "bullseye")
"""Asterisk 22 and 16."""
VAR = Path(__file__).resolve().parents[2] / "var"
"""Where the root file systems are kept between runs."""
OBSERVER = Account(name="observer", read="all", write="all")
"""Sees and may do everything: for the tests' own eyes."""
INSTANCES = itertools.count(1)
RUNNING: list["RealAsterisk"] = []
"""Those of this process."""


@dataclass(frozen=True, slots=True)
class RealAsterisk:
    """An Asterisk and what is around it: 201 simulated, 202 registers, 203 to 205 are called at ``contacts``."""

    pbx: EmbeddedAsterisk
    folder: Path
    contacts: dict[str, int]

    def ami(self, account: str = "observer") -> Ami:
        """A new AMI session."""
        return Ami(self.pbx.ami_port, account, self.pbx.account(account).secret)

    def phone(self, number: str, *, answer_ms: int | None = 0, status: int = 180, ear: int | None = None) -> sip.Phone:
        """Plug in the telephone ``number`` (203 to 205)."""
        return sip.phone(self.folder, self.contacts[number], answer_ms=answer_ms, status=status, ear=ear)

    def caller(
        self, *, to: str, name: str = "Bob Caller", number: str = "5551001", ear: int | None = None
    ) -> sip.Caller:
        """Somebody from outside calls ``to``."""
        return sip.caller(self.folder, self.pbx.sip_port, to=to, name=name, number=number, ear=ear)

    def dial(self, number: str, to: str, ear: int | None = None) -> sip.Caller:
        """One of our telephones (202 to 205) dials ``to``."""
        name = next(phone.name for phone in self.pbx.config.phones if phone.number == number)
        login = (number, self.pbx.password(number)) if number == "202" else None
        return sip.caller(self.folder, self.pbx.sip_port, to=to, name=name, number=number, login=login, ear=ear)

    def demo_call(self, ami: Ami, lot: str = "reception", patience: float = 30, parker: str = "203") -> Event:
        """Park a simulated caller, Maria Keller; the ParkedCall event as ``ami`` heard it."""
        ami.send(
            "Originate",
            Channel="Local/call@demo-callers/n",
            Context="demo-park",
            Exten=lot,
            Priority="1",
            CallerID='"Maria Keller" <+4930123456>',
            Variable=[f"PATIENCE={patience}", f"DEMO_PARKER={parker}"],
            Async="true",
        )
        return ami.event("ParkedCall")

    def hang_up_all(self) -> None:
        """End every call and wait until it is gone, so that the next test finds nothing parked."""
        with self.ami() as ami:
            for channel in ami.items("CoreShowChannels"):
                ami.request("Hangup", Channel=channel["Channel"])  # it may have gone by itself, with its peer
                ami.event("Hangup", Uniqueid=channel["Uniqueid"])
        all_over()

    def register(self, number: str, port: int, expires: int = 300, user: str = "") -> None:
        """Log the telephone ``number`` (202) in at ``port``, or out with ``expires`` 0; ``user`` is its contact's."""
        sip.register(self.folder, self.pbx.sip_port, port, (number, self.pbx.password(number)), expires, user)


def installation(suite: str = "sid") -> Installation:
    """The suite's Asterisk, installed when it is not there yet."""
    return ensure_asterisk(VAR, suite=suite, say=print)


def sample_config(contacts: dict[str, int], **changes: float) -> AsteriskConfig:
    """Two lots (the second gives calls back after two seconds) and telephones of every kind."""
    return AsteriskConfig(
        lots=(
            ParkingLot(name="reception", first=701, last=710, timeout=60),
            ParkingLot(name="quick", first=801, last=803, timeout=2, park_code="800"),
        ),
        phones=(
            Phone(number="201", name="Rita Desk", kind="simulated"),
            Phone(number="202", name="Sam Soft"),
            *(
                Phone(number=number, name=f"Desk {number}", kind="contact", contact=f"sip:{number}@{LOOPBACK}:{port}")
                for number, port in contacts.items()
            ),
        ),
        accounts=(RUNTIME, PUBLISH, OBSERVER),
        **{"ring_seconds": 0.2, "talk_seconds": 2.0, **changes},
    )


@contextmanager
def real_asterisk(folder: Path, suite: str = "sid") -> Iterator[RealAsterisk]:
    """An Asterisk that runs, with nothing parked and no telephone plugged in; ends with the block."""
    contacts = {number: free_udp_port() for number in ("203", "204", "205")}
    name = f"test-{next(INSTANCES)}"
    pbx = EmbeddedAsterisk(installation(suite), name, folder / name, sample_config(contacts))
    pbx.start()
    running = RealAsterisk(pbx, folder, contacts)
    RUNNING.append(running)
    for port in contacts.values():
        unplug(port)
    try:
        yield running
    finally:
        RUNNING.remove(running)
        for port in contacts.values():
            plug_in(port)
        pbx.remove()


@pytest.fixture(scope="session", params=SUITES, name="asterisk")
def asterisk_fixture(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RealAsterisk]:
    """Asterisk 22 and 16, one of each for the whole run."""
    with real_asterisk(tmp_path_factory.mktemp("asterisk"), request.param) as running:
        yield running


def install_all() -> None:
    """Before the tests: two processes of them, each waiting for the other's installation, would run out of time."""
    for suite in SUITES:
        try:
            installation(suite)
        except EmbeddedError as error:
            print(error)  # the tests that need it fail with it; the others need not


if __name__ == "__main__":
    install_all()
