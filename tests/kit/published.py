"""What publishing leaves behind, without publishing: the three files on the disk, and the modules reloaded."""

import os
from pathlib import Path

from lots.config.conf import FILES, MODULES
from lots.config.render import render
from lots.config.setup import Setup
from tests.kit.ami import Ami, Event
from tests.kit.asterisk import RealAsterisk
from tests.kit.sip import Phone


def publish_directly(asterisk: RealAsterisk, setup: Setup) -> None:
    """Make ``asterisk`` what ``setup`` says; AssertionError when a module refuses. Parked calls stay."""
    files = render(setup)
    etc = asterisk.pbx.log.parents[1] / "etc"
    for name in FILES:
        _write(etc / name, files[name].text, asterisk)
    with asterisk.ami() as ami:
        for name in FILES:
            answer = ami.request("Reload", Module=MODULES[name])
            assert answer["Response"] == "Success", (name, answer, last_words(asterisk))


def unpublish(asterisk: RealAsterisk) -> None:
    """Make ``asterisk`` one that nobody has published to, where somebody has."""
    etc = asterisk.pbx.log.parents[1] / "etc"
    written = [name for name in FILES if (etc / name).exists() and (etc / name).read_text()]
    for name in written:
        _write(etc / name, "", asterisk)
    with asterisk.ami() as ami:
        for name in written:
            ami.request("Reload", Module=MODULES[name])


def park(ami: Ami, number: str, lot: str, slot: str = "") -> Event:
    """Park somebody with ``number`` in ``lot`` (in ``slot``), as Asterisk does it by itself and as if for phone 203."""
    ami.send(
        "Originate",
        Channel="Local/call@demo-callers/n",
        Context="demo-park",
        Exten=lot,
        Priority="1",
        CallerID=f"<{number}>",
        Variable=["PATIENCE=60", "DEMO_PARKER=203", f"PARKINGEXTEN={slot}"],
        Async="true",
    )
    return ami.event("ParkedCall", ParkeeCallerIDNum=number)


def talking(ami: Ami, phone: Phone, other: str = "outside") -> None:
    """Wait until ``phone`` (203) and the ``other`` end are in one bridge: a transfer before that is refused."""
    phone.received("ACK")
    ends = ("PJSIP/203-", f"PJSIP/{other}-")
    ami.event(
        lambda e: e["Event"] == "BridgeEnter" and e["BridgeNumChannels"] == "2" and e["Channel"].startswith(ends),
        BridgeType="basic",
    )


def callers(ami: Ami) -> dict[str, str]:
    """The numbers of all parked callers, by slot."""
    return {call["ParkingSpace"]: call["ParkeeCallerIDNum"] for call in ami.items("ParkedCalls")}


def last_words(asterisk: RealAsterisk) -> str:
    """The end of Asterisk's log."""
    return asterisk.pbx.log.read_text(encoding="utf-8", errors="replace")[-2000:]


def _write(file: Path, text: str, asterisk: RealAsterisk) -> None:
    """As Asterisk's own user, as if AMI had written it."""
    file.write_text(text, encoding="utf-8")
    owner = asterisk.pbx.installation.owner(asterisk.pbx.home)
    if owner is not None:
        os.chown(file, *owner)
