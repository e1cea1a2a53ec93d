"""What the two can do and hear after a pickup: courtesy tone, transfer and parking by keys. No portal runs here."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lots.config.setup import Lot, Music, MusicKind, Setup, Side
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.ear import Ear
from tests.kit.published import publish_directly, talking
from tests.kit.sip import Caller
from tests.kit.waiting import seen_from_inside

BEEP = 0.3
"""Seconds of sound in the courtesy tone, at least."""
LOTS = (
    Lot(name="none", park_code="500", first=501, last=502, music="silent"),
    Lot(
        name="taker", park_code="510", first=511, last=512, music="silent", courtesy_tone="beep", transfers=Side.CALLER
    ),
    Lot(
        name="waiter",
        park_code="520",
        first=521,
        last=522,
        music="silent",
        courtesy_tone="beep",
        courtesy_to=Side.CALLEE,
        reparking=Side.CALLER,
    ),
    Lot(
        name="both",
        park_code="530",
        first=531,
        last=532,
        music="silent",
        courtesy_tone="beep",
        courtesy_to=Side.BOTH,
    ),
)
"""Who waits hears nothing but what comes with the pickup."""
FEATURES = "[featuremap]\nblindxfer => #1\nparkcall => #72\n"


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk: RealAsterisk) -> Iterator[None]:
    """The lots, and keys for transfer and parking, which a PBX has in features.conf."""
    folder = asterisk.pbx.log.parents[1] / "silent"
    folder.mkdir(mode=0o755, exist_ok=True)
    (folder / "silent.ulaw").write_bytes(b"\xff" * 80_000)
    silent = Music(name="silent", kind=MusicKind.DIRECTORY, directory=seen_from_inside(asterisk, folder))
    publish_directly(asterisk, Setup(lots=LOTS, music=(silent,)))
    file = asterisk.pbx.log.parents[1] / "etc/features.conf"
    before = file.read_text()
    for text in (FEATURES, before):
        file.write_text(text)
        with asterisk.ami() as ami:
            ami.action("Reload", Module="features")
        if text is FEATURES:
            yield


@pytest.fixture(name="ami")
def ami_fixture(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as ami:
        yield ami
    asterisk.hang_up_all()


@contextmanager
def picked_up(
    asterisk: RealAsterisk, ami: Ami, slot: str, waits: Ear, takes: Ear, by: str = ""
) -> Iterator[tuple[Caller, Caller]]:
    """Bob is parked in ``slot`` by 203 and taken by 204, who dialled ``by``; the caller and the taker."""
    with asterisk.phone("203") as phone, asterisk.caller(to="203", ear=waits.port) as caller:
        talking(ami, phone)
        phone.blind_transfer(slot)
        ami.event("ParkedCall", ParkingSpace=slot)
        waits.is_fed(0.2)
        with asterisk.dial("204", to=by or slot, ear=takes.port) as taker:
            retriever = ami.event("UnParkedCall")["RetrieverChannel"]
            ami.event("BridgeEnter", Channel=retriever)  # after the tone they hear
            yield caller, taker


@pytest.mark.parametrize(("slot", "hear"), [("501", ""), ("511", "t"), ("521", "w"), ("531", "tw")])
def test_the_courtesy_tone(asterisk: RealAsterisk, ami: Ami, slot: str, hear: str) -> None:
    with Ear() as waits, Ear() as takes, picked_up(asterisk, ami, slot, waits, takes):
        for ear, letter in ((takes, "t"), (waits, "w")):
            if letter in hear:
                ear.hears(BEEP)
        for ear, letter in ((takes, "t"), (waits, "w")):
            assert (ear.loud() >= BEEP) == (letter in hear)


def test_who_may_transfers_by_keys(asterisk: RealAsterisk, ami: Ami) -> None:
    with Ear() as waits, Ear() as takes, picked_up(asterisk, ami, "511", waits, takes) as (_, taker):
        with asterisk.phone("205") as third:
            takes.hears(BEEP)
            takes.forget()
            takes.dial("#1", taker)
            takes.hears(0.1)  # “Transfer.”
            takes.dial("205", taker)
            assert third.received("INVITE").display() == "Bob Caller"
            taker.received("BYE")


def test_who_may_not_transfers_nobody(asterisk: RealAsterisk, ami: Ami) -> None:
    with Ear() as waits, Ear() as takes, picked_up(asterisk, ami, "511", waits, takes) as (caller, _):
        waits.dial("#1", caller)
        ami.event("DTMFEnd", Digit="1", Direction="Sent")  # the keys went through to the other side instead
        assert waits.loud() == 0


def test_who_may_parks_again_by_keys_in_the_same_lot(asterisk: RealAsterisk, ami: Ami) -> None:
    with Ear() as waits, Ear() as takes, picked_up(asterisk, ami, "521", waits, takes) as (_, taker):
        waits.hears(BEEP)
        takes.dial("#72", taker)
        parked = ami.event("ParkedCall")
        assert (parked["Parkinglot"], parked["ParkeeCallerIDName"]) == ("waiter", "Bob Caller")
        assert parked["ParkerDialString"] == "PJSIP/204"
        takes.hears(0.5)  # the slot
        taker.received("BYE")


def test_who_may_not_parks_nobody(asterisk: RealAsterisk, ami: Ami) -> None:
    with Ear() as waits, Ear() as takes, picked_up(asterisk, ami, "521", waits, takes) as (caller, _):
        waits.hears(BEEP)
        waits.dial("#72", caller)
        ami.event("DTMFEnd", Digit="2", Direction="Sent")
        assert ami.items("ParkedCalls") == []


def click(ami: Ami, parked: dict[str, str], uniqueid: str) -> None:
    """Retrieve by click, as the bridge does, with the phone 204."""
    ami.send(
        "Originate",
        Channel="PJSIP/204",
        Context="parkinglot-guard",
        Exten="s",
        Priority="1",
        ChannelId="parkinglot-click",
        Async="true",
        Variable=[
            f"PL_LOT={parked['Parkinglot']}",
            f"PL_SLOT={parked['ParkingSpace']}",
            f"PL_UNIQUEID={uniqueid}",
            "PL_NUMBER=204",
            "PL_NAME=Rita Desk",
        ],
    )


class TestClick:
    def test_the_right_call_is_taken_and_can_be_sent_on(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.phone("203") as phone, asterisk.caller(to="203") as caller:
            talking(ami, phone)
            phone.blind_transfer("512")
            parked = ami.event("ParkedCall")
            with Ear() as ear, asterisk.phone("204", ear=ear.port) as taker, asterisk.phone("205") as third:
                click(ami, parked, parked["ParkeeUniqueid"])
                taken = ami.event("UnParkedCall")
                assert taken["RetrieverUniqueid"] == "parkinglot-click"
                update = caller.message(lambda m: m.display("P-Asserted-Identity") == "Rita Desk", "the taker's name")
                assert not update.sent
                ami.event("BridgeEnter", Channel=taken["RetrieverChannel"])
                ear.forget()
                ear.dial("#1", taker)
                ear.hears(0.3)
                ear.dial("205", taker)
                third.received("INVITE")

    def test_another_call_is_left_alone(self, asterisk: RealAsterisk, ami: Ami) -> None:
        with asterisk.phone("203") as phone, asterisk.caller(to="203"):
            talking(ami, phone)
            phone.blind_transfer("512")
            parked = ami.event("ParkedCall")
            with asterisk.phone("204"):
                click(ami, parked, "1.1")
                assert ami.event("Hangup", Uniqueid="parkinglot-click")["Cause"] == "26"
            assert [call["ParkeeUniqueid"] for call in ami.items("ParkedCalls")] == [parked["ParkeeUniqueid"]]


def test_one_touch_parking_in_any_call(asterisk: RealAsterisk, ami: Ami) -> None:
    """The park key of a phone's own call: the PBX gives it with Dial's k, and the lot with the channel."""
    ami.action(
        "DialplanExtensionAdd",
        Context="phones",
        Extension="299",
        Priority="1",
        Application="Set",
        ApplicationData="__PARKINGLOT=taker",
    )
    ami.action(
        "DialplanExtensionAdd",
        Context="phones",
        Extension="299",
        Priority="2",
        Application="Dial",
        ApplicationData="PJSIP/203,30,k",
    )
    with Ear() as ear, asterisk.phone("203", ear=ear.port) as phone, asterisk.dial("204", to="299"):
        talking(ami, phone, other="204")
        ear.dial("#72", phone)
        parked = ami.event("ParkedCall")
        assert (parked["Parkinglot"], parked["ParkeeCallerIDNum"]) == ("taker", "204")
        ear.hears(0.5)
        phone.received("BYE")
