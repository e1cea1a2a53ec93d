"""What a private Asterisk should be: lots, phones, accounts and ports, as frozen facts.

Values are checked here, once: nothing that could end a line, open a section or run a function gets past.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

NUMBER = re.compile(r"[0-9]{1,20}")
WORD = re.compile(r"[A-Za-z0-9_]{1,40}")
SECRET = re.compile(r"[A-Za-z0-9_-]{0,80}")
CONTACT = re.compile(r"sip:[A-Za-z0-9_.:;=@-]{1,200}")
TEXT = re.compile(r"[^\x00-\x1f\x7f;\"\\$\[\]{}<>]{0,80}")

LOOPBACK = "127.0.0.1"
"""Everything listens here: AMI, SIP and RTP."""
SIMULATED = "127.0.0.2"
"""Where the simulated phones' calls arrive: an address of their own tells them from every other SIP on this host."""


def check(pattern: re.Pattern[str], value: str, what: str) -> None:
    """Raise ValueError unless the whole ``value`` matches ``pattern``."""
    if not pattern.fullmatch(value):
        raise ValueError(f"{what} {value!r} cannot be written to Asterisk's configuration")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkingLot:
    """A lot with slots ``first`` to ``last``; ``timeout`` in seconds, 0 means never."""

    name: str
    first: int
    last: int
    timeout: int = 45
    park_code: str = "700"

    def __post_init__(self) -> None:
        check(WORD, self.name, "Lot name")
        check(NUMBER, self.park_code, "Park code")
        if not 0 < self.first <= self.last:
            raise ValueError(f"Lot {self.name} needs 0 < first <= last, not {self.first} to {self.last}")

    @property
    def context(self) -> str:
        """The lot's own context, where Asterisk makes its extensions; no phone sees it."""
        return f"parkinglot-native-{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phone, ``PJSIP/<number>``.

    ``registered`` logs in with ``password`` ("" means: make one), ``contact`` is called at a fixed SIP URI,
    ``simulated`` is answered by this Asterisk itself, over real SIP.
    """

    number: str
    name: str
    kind: Literal["registered", "contact", "simulated"] = "registered"
    password: str = field(default="", repr=False)
    contact: str = ""

    def __post_init__(self) -> None:
        check(NUMBER, self.number, "Phone number")
        check(TEXT, self.name, "Phone name")
        check(SECRET, self.password, "Password")
        if self.kind == "contact":
            check(CONTACT, self.contact, "Contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An AMI account: ``read`` and ``write`` are manager.conf's classes, ``filters`` its eventfilter lines."""

    name: str
    read: str
    write: str
    filters: tuple[str, ...] = ()
    secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        check(WORD, self.name, "Account name")
        check(SECRET, self.secret, "Secret")


RUNTIME = Account(
    name="runtime",
    read="call,system,user",
    write="call,message,originate,reporting",
    filters=(
        # Without these lines one parked call costs about 25 events; old-style lines are read by every version.
        "Event: (Un)?ParkedCall",  # a regular expression: ParkedCall, ...GiveUp, ...TimeOut, ...Swap, UnParkedCall
        "Event: Hangup[[:cntrl:]]",  # not HangupRequest; the sign after the name is the end of the line
        "Event: Dial(Begin|End)[[:cntrl:]]",  # who is rung for a call that waited too long
        "Event: OriginateResponse",
        "UserEvent: ParkinglotDoor",  # tries at outside numbers, for the log
        "Event: FullyBooted",
        "Event: Shutdown",
        "Uniqueid: parkinglot-",  # all about the calls the portal itself makes
    ),
)
"""Day-to-day: sees and moves calls, cannot change the configuration."""

PUBLISH = Account(name="publish", read="system", write="config,command,system")
"""Publishing only: writes configuration and the database, has hold music fetched; hears next to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskConfig:
    """Everything a private Asterisk is told, except what belongs to the machine (ports, directories, secrets)."""

    lots: tuple[ParkingLot, ...] = ()
    phones: tuple[Phone, ...] = ()
    accounts: tuple[Account, ...] = (RUNTIME, PUBLISH)
    ring_seconds: float = 3.0
    """How long a simulated phone rings before it answers."""
    talk_seconds: float = 20.0
    """How long a simulated phone talks before it hangs up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where one instance listens: TCP for AMI, UDP for the rest. RTP uses ``rtp_first`` to ``rtp_last``."""

    ami: int
    sip: int
    simulated: int
    rtp_first: int
    rtp_last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one instance lives, as Asterisk itself sees it (inside the chroot when there is one)."""

    home: str
    ports: Ports
    max_files: int = 1024
    """How many files it may hold open."""

    @property
    def etc(self) -> str:
        """The configuration directory."""
        return f"{self.home}/etc"

    @property
    def moh(self) -> str:
        """The hold music."""
        return f"{self.home}/moh"
