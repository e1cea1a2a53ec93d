"""What was found on a PBX, as facts: the input of ``checks``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lots.ami import AmiAddress
from lots.config.clash import Clash
from lots.publish.versions import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One AMI account: ``actions`` are those Asterisk says it may use, ``reads`` the classes of events it hears."""

    setting: str
    """The environment variable that names it."""
    address: AmiAddress | None = None
    """None: the environment names none."""
    trouble: str = ""
    """Why it cannot be used; ``""``: it can."""
    refused: bool = False
    actions: frozenset[str] = frozenset()
    reads: frozenset[str] | None = None
    """None: not known."""
    filtered: bool | None = None
    """Whether Asterisk sends it only what the portal reads."""

    @property
    def works(self) -> bool:
        """Logged in."""
        return self.address is not None and not self.trouble


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A context people dial in: whether it is there, and whether it reaches ``ours``."""

    context: str
    ours: str
    exists: bool
    reaches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything ``checks`` looks at. What the accounts may not ask is None, or left out."""

    watch: Account
    publish: Account
    version_text: str = ""
    version: Version | None = None
    freepbx: bool = False
    modules: Mapping[str, bool] = field(default_factory=dict)
    """Needed ones -> loaded."""
    included: Mapping[str, bool | None] = field(default_factory=dict)
    """Our files -> whether the PBX's own include them."""
    made: tuple[str, ...] = ()
    """Our files that were made, empty, to see that."""
    inclusions: tuple[Inclusion, ...] = ()
    music: tuple[str, ...] = ()
    """What is wrong with the music of lots."""
    uploads: bool = False
    """Something is to be fetched from the portal."""
    outside: bool = False
    """A lot has a number for people outside."""
    portal_url: str = ""
    silent_phones: tuple[str, ...] = ()
    """PJSIP endpoints of phones that are not told who is at the other end."""
    clashes: tuple[Clash, ...] = ()
    lost_places: tuple[str, ...] = ()
    """Fallbacks that lead to where the dialplan has nothing, as sentences."""
    setup_trouble: str = ""
    """Why what is set up could not be looked at."""
    busy: bool = False
    """Something was being published, so nothing was written for a probe."""

    @property
    def can_try(self) -> bool:
        """Whether writing empty files of ours would tell what is not known of the includes."""
        writes = {"CreateConfig", "UpdateConfig"} <= self.publish.actions
        return writes and not self.busy and None in self.included.values()
