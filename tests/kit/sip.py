"""Telephones and callers for tests: real SIP user agents (SIPp) that do as they are told."""

from pathlib import Path
from urllib.parse import quote

from tests.kit import sip_scenarios as scenarios
from tests.kit.sipp import LOOPBACK, PATIENCE, Sipp, free_udp_port


class UserAgent(Sipp):
    """A telephone in use. Commands act on its latest call."""

    def hang_up(self) -> None:
        """Put the receiver down: BYE, or CANCEL of a call nobody has answered."""
        self.tell("X-HANGUP")

    def blind_transfer(self, number: str) -> None:
        """REFER the other party to ``number``."""
        self.tell("X-REFER", f"Refer-To: <sip:{number}@{LOOPBACK}>")

    def attended_transfer(self, other: "Caller", number: str) -> None:
        """REFER the other party to take over ``other``, a call of this telephone to ``number``."""
        replaces = quote(f"{other.call_id};to-tag={other.remote_tag};from-tag={other.local_tag}", safe="")
        self.tell("X-REFER", f"Refer-To: <sip:{number}@{LOOPBACK}?Replaces={replaces}>")


class Caller(UserAgent):
    """Who started a call. The tags are known once it was answered."""

    @property
    def call_id(self) -> str:
        """The Call-ID of the call."""
        return self.answered(200).header("Call-ID")

    @property
    def local_tag(self) -> str:
        """Our tag."""
        return self.answered(200).tag("From")

    @property
    def remote_tag(self) -> str:
        """Asterisk's tag."""
        return self.answered(200).tag("To")


class Phone(UserAgent):
    """A telephone that is called."""

    def answer(self) -> None:
        """Pick up a telephone that rings for ever."""
        self.received("INVITE")
        self.tell("X-ANSWER")


def caller(
    folder: Path,
    sip_port: int,
    *,
    to: str,
    name: str = "Bob Caller",
    number: str = "5551001",
    login: tuple[str, str] | None = None,
    ear: int | None = None,
) -> Caller:
    """Call ``to`` and stay until the other side hangs up or ``hang_up()``. ``number`` of a phone: that phone calls.

    ``ear`` is the port of an ``Ear`` that hears Asterisk's audio.
    """
    scenario = _heard(scenarios.caller(to, number, name, login), ear)
    return Caller(folder, scenario, port=free_udp_port(), server=sip_port)


def phone(folder: Path, port: int, *, answer_ms: int | None = 0, status: int = 180, ear: int | None = None) -> Phone:
    """A telephone on ``port``: answers after ``answer_ms`` (None: when told), or refuses with ``status`` 486 or 603."""
    return Phone(folder, _heard(scenarios.phone(answer_ms=answer_ms, status=status), ear), port=port)


def _heard(scenario: str, ear: int | None) -> str:
    return scenario if ear is None else scenario.replace("[media_port]", str(ear))


def register(
    folder: Path, sip_port: int, port: int, login: tuple[str, str], expires: int = 300, user: str = ""
) -> None:
    """Log a telephone on ``port`` in with its number and password (``expires`` 0: out); ``user`` is its contact's."""
    scenario = scenarios.registration(*login, port, expires, user)
    with Sipp(folder, scenario, port=free_udp_port(), server=sip_port) as sipp:
        sipp.answered(200, "REGISTER")
        assert sipp.process.wait(PATIENCE) == 0
