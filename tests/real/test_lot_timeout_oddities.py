"""Calls that waited too long, where it gets odd: names, callers and chains as nobody means them."""

from collections.abc import Iterator

import pytest

from lots.config.setup import Lot, Prefix, WhenFull
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.sipp import free_udp_port
from tests.kit.waiting import FULL_PREFIX, park, place, played, publish_lots, quick_lot, ran, ring, talking, to_lot

PARKER = Lot(
    name="parker",
    first=6101,
    last=6109,
    park_code="6100",
    timeout=1,
    ring_parker=2,
    prefix=FULL_PREFIX,
    steps=(ring("PJSIP/204", seconds=20),),
)
PLAIN = Lot(name="plain", first=6201, last=6209, park_code="6200", timeout=1, ring_parker=5)
WORDY = Lot(
    name="wordy",
    first=6301,
    last=6309,
    park_code="6300",
    timeout=1,
    ring_parker=5,
    prefix=Prefix(text="Parked", slot=True),
)
NAMED = Lot(name="named", first=6401, last=6409, park_code="6400", timeout=1, ring_parker=5, prefix=Prefix(number=True))
CHAINS = (
    quick_lot("many", 7011, ring(*(f"PJSIP/{n}" for n in range(900, 909)), "PJSIP/203", seconds=10)),
    quick_lot("unspoken", 7031, ring("PJSIP/204"), message="no-such-sound"),
    quick_lot("ping", 7101, to_lot("pong")),
    quick_lot("pong", 7111, to_lot("ping")),
    quick_lot("round", 7121, place("parkinglot", "7120"), when_full=WhenFull.FALLBACK, timeout=60),
)


@pytest.fixture(scope="module", autouse=True)
def _published(asterisk22: RealAsterisk) -> None:
    publish_lots(asterisk22, PARKER, PLAIN, WORDY, NAMED, *CHAINS)


@pytest.fixture
def ami(asterisk22: RealAsterisk) -> Iterator[Ami]:
    with asterisk22.ami() as session:
        yield session
    asterisk22.hang_up_all()


@pytest.mark.parametrize(
    ("lot", "shown"),
    [("plain", "Maria Keller"), ("wordy", "Parked 6301: Maria Keller"), ("named", "203: Maria Keller")],
)
def test_each_part_of_the_prefix_can_be_left_out(asterisk22: RealAsterisk, ami: Ami, lot: str, shown: str) -> None:
    with asterisk22.phone("203") as phone:
        parked = park(asterisk22, ami, lot)
        invite = phone.received("INVITE")
        assert (invite.display(), invite.header("Alert-Info")) == (shown, "")
        talking(ami, parked["ParkeeUniqueid"])


def test_a_real_transfer_comes_back_with_every_sign_of_the_caller_s_name(asterisk22: RealAsterisk, ami: Ami) -> None:
    """Signs that mean something to the dialplan are nothing but signs in a name."""
    name = "Bob :) a?b:c, ${EXTEN} & (x"
    with asterisk22.phone("204") as ines, asterisk22.caller(to="204", name=name):
        ami.event("BridgeEnter", BridgeType="basic", BridgeNumChannels="2")
        ines.blind_transfer("6100")
        parked = ami.event("ParkedCall")
        assert parked["ParkerDialString"] == "PJSIP/204"
        ami.event("ParkedCallTimeOut")
        ines.message(lambda m: m.method == "INVITE" and m.display().startswith("P"), "the call back")
        invite = ines.received("INVITE")
        assert (invite.display(), invite.user()) == (f"P6101 204 Desk 204: {name}", "5551001")
        talking(ami, parked["ParkeeUniqueid"])


def test_an_anonymous_caller_stays_so_and_the_parker_still_sees_why_it_rings(
    asterisk22: RealAsterisk, ami: Ami
) -> None:
    with asterisk22.phone("203") as phone:
        ami.send(
            "Originate",
            Channel="Local/call@demo-callers/n",
            Context="demo-park",
            Exten="parker",
            Priority="1",
            CallerID='"Maria Keller" <+4930123456>',
            Variable=["PATIENCE=30", "DEMO_PARKER=203", "CALLERID(pres)=prohib"],
            Async="true",
        )
        invite = phone.received("INVITE")
        assert invite.display() == "P6101 203 Desk 203"
        assert "4930123456" not in invite.text
        assert "Maria" not in invite.text
        ami.event("BridgeEnter", BridgeType="basic", BridgeNumChannels="2")


@pytest.mark.parametrize("user", ["x&PJSIP/203&y", "x,30,r"])
def test_a_phone_cannot_register_an_address_that_dials_something_else(
    asterisk22: RealAsterisk, ami: Ami, user: str
) -> None:
    """Contacts are the phones' own words, and ``&`` and ``,`` mean something to Dial (RFC 3261 allows both there)."""
    port = free_udp_port()
    asterisk22.register("202", port, user=user)
    try:
        with asterisk22.phone("203"), asterisk22.phone("204") as fallback:
            parked = park(asterisk22, ami, "parker", parker="202")
            assert fallback.received("INVITE").display() == "P6101 202 Sam Soft: Maria Keller"
            dialled = ran(ami, "Dial")["AppData"]
            assert "PJSIP/203" not in dialled
            assert ",30,r" not in dialled
            talking(ami, parked["ParkeeUniqueid"])
    finally:
        asterisk22.register("202", port, expires=0, user=user)


def test_a_call_nobody_parked_does_not_ring_itself(asterisk22: RealAsterisk, ami: Ami) -> None:
    """Sent to Park() by a dialplan a call is its own parker, to Asterisk."""
    with asterisk22.phone("204") as fallback:
        parked = park(asterisk22, ami, "parker", parker="")
        assert fallback.received("INVITE").display() == "P6101: Maria Keller"
        assert "PJSIP/204" in ran(ami, "Dial")["AppData"]
        talking(ami, parked["ParkeeUniqueid"])


def test_a_group_larger_than_one_line_rings_all_the_same(asterisk22: RealAsterisk, ami: Ami) -> None:
    with asterisk22.phone("203", answer_ms=100):
        parked = park(asterisk22, ami, "many")
        talking(ami, parked["ParkeeUniqueid"])


def test_a_message_that_is_missing_stops_nothing(asterisk22: RealAsterisk, ami: Ami) -> None:
    with asterisk22.phone("204", answer_ms=100):
        parked = park(asterisk22, ami, "unspoken")
        assert played(ami, "no-such-sound", parked["ParkeeUniqueid"]) == "FAILED"
        talking(ami, parked["ParkeeUniqueid"])


def test_a_call_does_not_fall_from_lot_to_lot_for_ever_unheard(asterisk22: RealAsterisk, ami: Ami) -> None:
    parked = park(asterisk22, ami, "ping")
    ami.event("UserEvent", UserEvent="ParkinglotEnded", Uniqueid=parked["ParkeeUniqueid"])
    assert [e["Parkinglot"] for e in ami.events if e["Event"] == "ParkedCall"] == ["pong", "ping", "pong"]


def test_a_full_lot_whose_fallback_leads_back_to_it_ends_too(asterisk22: RealAsterisk, ami: Ami) -> None:
    park(asterisk22, ami, "round", parker="205")
    with asterisk22.phone("203") as phone, asterisk22.caller(to="203") as caller:
        ami.event("BridgeEnter", BridgeType="basic", BridgeNumChannels="2")
        phone.blind_transfer("7120")
        assert ami.event("UserEvent", UserEvent="ParkinglotEnded")["Lot"] == "round"
        caller.received("BYE")
