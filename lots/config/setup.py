"""What a PBX should be, as frozen facts: the input of everything in ``lots.config``.

Every text is checked by ``lots.config.gate`` when a value is made, so an unsafe ``Setup`` cannot exist.
All times are whole seconds. A device is written as Asterisk dials it (``PJSIP/201``).
"""

from dataclasses import dataclass, field
from enum import StrEnum

from lots.config import gate
from lots.types.words import gettext_noop


class Side(StrEnum):
    """Who of the two hears a tone or gets a right after a pickup, in Asterisk's words (res_parking.conf).

    ``CALLER`` is the retriever, ``CALLEE`` the parked party.
    """

    NO = "no"
    CALLER = "caller"
    CALLEE = "callee"
    BOTH = "both"


class WhenFull(StrEnum):
    """What becomes of a call that is parked in a full lot."""

    PARKER = "parker"
    """The parker keeps the call, and hears that it could not be parked."""
    OVERFLOW = "overflow"
    """It is parked in another lot."""
    FALLBACK = "fallback"
    """It goes where timed-out calls go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """What stands before the caller's name on a phone that a timed-out call rings: ``P701 Ann: Bob Caller``."""

    text: str = ""
    slot: bool = False
    number: bool = False
    """The parker's number."""
    name: bool = False
    """The parker's name."""

    def __post_init__(self) -> None:
        gate.check_text(gettext_noop("Prefix"), self.text, longest=20)


class StepKind(StrEnum):
    """Where a step of the fallback leads."""

    PHONE = "phone"
    GROUP = "group"
    VOICEMAIL = "voicemail"
    LOT = "lot"
    LOCATION = "location"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the fallback chain. Which fields count depends on ``kind``."""

    kind: StepKind
    devices: tuple[str, ...] = ()
    """One for a phone, all that ring together for a group."""
    seconds: int = 20
    """How long phones ring."""
    mailbox: str = ""
    """``box`` or ``box@context``."""
    lot: str = ""
    """Asterisk's name of another lot."""
    context: str = ""
    exten: str = ""
    priority: str = "1"

    def __post_init__(self) -> None:
        for device in self.devices:
            gate.check_device(gettext_noop("Device"), device)
        match self.kind:
            case StepKind.VOICEMAIL:
                gate.check_mailbox(gettext_noop("Voicemail box"), self.mailbox)
            case StepKind.LOT:
                gate.check_name(gettext_noop("Lot"), self.lot)
            case StepKind.LOCATION:
                gate.check_context(gettext_noop("Context"), self.context)
                gate.check_exten(gettext_noop("Extension"), self.exten)
                gate.check_priority(gettext_noop("Priority"), self.priority)
            case StepKind.PHONE | StepKind.GROUP:
                gate.check_some(gettext_noop("Phones"), self.devices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The outside numbers of a lot. ``pin_hash`` is made by ``lots.config.pin``; ``""``: no PIN is asked for."""

    numbers: tuple[str, ...] = ()
    pin_salt: str = ""
    pin_hash: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for number in self.numbers:
            gate.check_number(gettext_noop("Outside number"), number)
        gate.check_hex(gettext_noop("PIN salt"), self.pin_salt)
        gate.check_hex(gettext_noop("PIN hash"), self.pin_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One managed lot. ``label`` is for people and never reaches Asterisk but as a comment-free value."""

    name: str
    label: str = ""
    park_code: str = "700"
    retrieve_code: str = ""
    next_code: str = ""
    first: int = 701
    last: int = 710
    next_slot: bool = False
    """Slots are filled in turn instead of lowest first."""
    separate: bool = False
    """Only phones that include this lot's own context reach it; it is not part of the common context."""
    timeout: int = 120
    """0: never."""
    reminder: int = 0
    """After so many seconds the parker is reminded; 0: not."""
    ring_parker: int = 20
    """How long a timed-out call rings the parker; 0: not at all."""
    prefix: Prefix = Prefix()
    alert_info: str = ""
    steps: tuple[Step, ...] = ()
    message: str = ""
    """A sound (Asterisk's name, or an http URL) the caller hears before the first step."""
    when_full: WhenFull = WhenFull.PARKER
    overflow: str = ""
    """Asterisk's name of the lot for ``WhenFull.OVERFLOW``."""
    music: str = ""
    """Name of the music class; ``""``: Asterisk's default."""
    door: Door = Door()
    announce: bool = True
    """The parker hears the slot's number."""
    courtesy_tone: str = ""
    """A sound played at the pickup; ``""``: none."""
    courtesy_to: Side = Side.CALLER
    transfers: Side = Side.NO
    """Who may transfer by DTMF after a pickup."""
    reparking: Side = Side.NO
    """Who may park again by DTMF after a pickup."""
    own: str = field(default="", compare=False)
    """The portal's address up to the name of a recording: those may come from inside the PBX's network."""
    lan: bool = field(default=False, compare=False)
    """Any sound may."""

    def __post_init__(self) -> None:
        gate.check_name(gettext_noop("Name"), self.name)
        gate.check_code(gettext_noop("Park code"), self.park_code)
        for what, code in (
            (gettext_noop("Retrieve code"), self.retrieve_code),
            (gettext_noop("Take-next code"), self.next_code),
        ):
            if code:
                gate.check_code(what, code)
        gate.check_range(gettext_noop("Slots"), self.first, self.last)
        gate.check_sound(gettext_noop("Message"), self.message, own=self.own, lan=self.lan)
        gate.check_sound(gettext_noop("Courtesy tone"), self.courtesy_tone, own=self.own, lan=self.lan)
        gate.check_alert_info(gettext_noop("Alert-Info"), self.alert_info)
        gate.check_class(gettext_noop("Music"), self.music)
        if self.when_full is WhenFull.OVERFLOW:
            gate.check_name(gettext_noop("Overflow lot"), self.overflow)

    @property
    def native_context(self) -> str:
        """Where Asterisk makes its own extensions for this lot; no phone includes it."""
        return f"parkinglot-native-{self.name}"

    @property
    def public_context(self) -> str:
        """What phones include to reach this lot alone."""
        return f"parkinglot-{self.name}"

    @property
    def slots(self) -> range:
        """Every slot number."""
        return range(self.first, self.last + 1)


class MusicKind(StrEnum):
    """Where a class of hold music comes from."""

    UPLOADS = "uploads"
    """Files uploaded to the portal, played over HTTP (``mode=playlist``)."""
    DIRECTORY = "directory"
    """A directory on the PBX (``mode=files``)."""
    STREAM = "stream"
    """An internet stream, decoded by a program on the PBX (``mode=custom``)."""
    EXISTING = "existing"
    """A class the PBX has already; nothing is written, lots only name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """A music-on-hold class of ours. ``name`` is Asterisk's name of it."""

    name: str
    kind: MusicKind
    urls: tuple[str, ...] = ()
    """Of uploads, in playing order."""
    directory: str = ""
    stream: str = ""
    decoder: str = "ffmpeg"
    programs: str = "/usr/bin"
    """The decoder's directory on the PBX."""
    sort: str = "alpha"
    """Asterisk's ``sort``: alpha, random, randstart."""
    lan: bool = field(default=False, compare=False)
    """A stream may come from inside the PBX's network."""

    def __post_init__(self) -> None:
        gate.check_own_class(gettext_noop("Music name"), self.name)
        for url in self.urls:
            gate.check_url(gettext_noop("Music address"), url)
        match self.kind:
            case MusicKind.DIRECTORY:
                gate.check_directory(gettext_noop("Music directory"), self.directory)
            case MusicKind.STREAM:
                gate.check_url(gettext_noop("Stream address"), self.stream)
                gate.check_public(gettext_noop("Stream address"), self.stream, lan=self.lan)
            case MusicKind.UPLOADS | MusicKind.EXISTING:
                pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything one PBX is told by us."""

    lots: tuple[Lot, ...] = ()
    music: tuple[Music, ...] = ()
    leaving: tuple[Lot, ...] = ()
    """Lots that are removed while callers wait in them: nobody parks there any more, and nobody there is dropped."""
