"""Lots in which calls wait too long within a second or two, and what a test says about them."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from lots.config.setup import Lot, Music, MusicKind, Prefix, Setup, Step, StepKind
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.published import publish_directly

FULL_PREFIX = Prefix(text="P", slot=True, number=True, name=True)


def ring(*devices: str, seconds: int = 2) -> Step:
    """A step that rings."""
    kind = StepKind.PHONE if len(devices) == 1 else StepKind.GROUP
    return Step(kind=kind, devices=devices, seconds=seconds)


def place(context: str, exten: str) -> Step:
    """A step into the dialplan."""
    return Step(kind=StepKind.LOCATION, context=context, exten=exten)


def to_lot(name: str) -> Step:
    """A step into another lot."""
    return Step(kind=StepKind.LOT, lot=name)


def box(mailbox: str) -> Step:
    """A step to a voicemail box."""
    return Step(kind=StepKind.VOICEMAIL, mailbox=mailbox)


def seen_from_inside(asterisk: RealAsterisk, folder: Path) -> str:
    """The path of ``folder`` as this Asterisk knows it."""
    root = asterisk.pbx.installation.root
    return str(folder) if root is None else f"/{folder.relative_to(root)}"


def publish_lots(asterisk: RealAsterisk, *lots: Lot) -> None:
    """Publish ``lots``, and the music class they may use."""
    directory = seen_from_inside(asterisk, asterisk.pbx.log.parents[1] / "moh")
    music = Music(name="waiting", kind=MusicKind.DIRECTORY, directory=directory)
    publish_directly(asterisk, Setup(lots=lots, music=(music,)))


def park(asterisk: RealAsterisk, ami: Ami, lot: str, parker: str = "203") -> Event:
    """Maria Keller is parked by ``parker`` (``""``: by nobody) and stays; the event."""
    ami.ping()
    ami.events.clear()
    return asterisk.demo_call(ami, lot, parker=parker)


def ran(ami: Ami, application: str, uniqueid: str | None = None, timeout: float = 10) -> Event:
    """The next time ``application`` is run, by the channel with this Uniqueid if one is named."""
    who = {"Uniqueid": uniqueid} if uniqueid else {}
    return ami.event("Newexten", timeout, Application=application, **who)


def talking(ami: Ami, uniqueid: str) -> Event:
    """The channel is in a conversation."""
    return ami.event("BridgeEnter", Uniqueid=uniqueid, BridgeType="basic")


def quick_lot(name: str, first: int, *steps: Step, **more: object) -> Lot:
    """A lot of one slot that rings no parker, and waits one second."""
    fields = {"name": name, "first": first, "last": first, "park_code": str(first - 1), "timeout": 1, "ring_parker": 0}
    return Lot(**{**fields, "steps": steps, "prefix": Prefix(text="P", slot=True), **more})  # type: ignore[arg-type]


def played(ami: Ami, sounds: str, uniqueid: str) -> str:
    """Wait until the caller is played ``sounds`` by the dialplan; how that went."""
    ami.event("Newexten", 20, Application="Playback", AppData=sounds, Uniqueid=uniqueid)
    return ami.event("VarSet", 20, Variable="PLAYBACKSTATUS", Uniqueid=uniqueid)["Value"]


def parked_again(ami: Ami, parked: Event) -> Event:
    """The reminder is due: the caller leaves the slot and is in it again; that event."""
    ami.event("ParkedCallTimeOut", ParkeeUniqueid=parked["ParkeeUniqueid"])
    again = ami.event("ParkedCall", ParkeeUniqueid=parked["ParkeeUniqueid"])
    same = ("ParkingSpace", "Parkinglot", "ParkerDialString", "ParkeeConnectedLineNum", "ParkeeChannel")
    assert {key: again[key] for key in same} == {key: parked[key] for key in same}
    return again


def seconds(left: str) -> int:
    """``ParkingTimeout`` is printed as if it could not be negative."""
    return int(left) if int(left) < 1 << 31 else -1


def nothing(ami: Ami, application: str, within: float) -> None:
    """No channel runs ``application``."""
    with suppress(AssertionError):
        found = ran(ami, application, timeout=within)
        pytest.fail(f"{application} was run: {found}")


def no_strays(ami: Ami, patience: float = 10) -> None:
    """Wait until no channel is left that the portal has made."""
    deadline = time.monotonic() + patience
    while left := [c["Channel"] for c in ami.items("CoreShowChannels") if c["Uniqueid"].startswith("parkinglot-")]:
        assert time.monotonic() < deadline, left
