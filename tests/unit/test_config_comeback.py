"""The dialplan of calls that waited too long: a lot's own context, and that every jump in it leads somewhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.config.comeback import COMEBACK_ROUTINES, comeback_sections, first_wait
from lots.config.conf import Section
from lots.config.gate import UnsafeValue
from lots.config.parking import parking_file
from lots.config.routines import CALLS_SECTION
from lots.config.setup import Lot, Prefix, Setup, Step, StepKind

FULL = Lot(
    name="desk",
    first=701,
    last=710,
    reminder=40,
    timeout=120,
    ring_parker=15,
    prefix=Prefix(text="P", slot=True, name=True),
    alert_info="<http://127.0.0.1>;info=alert",
    message="pls-hold-while-try",
    steps=(
        Step(kind=StepKind.PHONE, devices=("PJSIP/201",), seconds=10),
        Step(kind=StepKind.GROUP, devices=("PJSIP/202", "PJSIP/203")),
        Step(kind=StepKind.VOICEMAIL, mailbox="201@default"),
        Step(kind=StepKind.LOT, lot="spare"),
        Step(kind=StepKind.LOCATION, context="ivr", exten="s"),
    ),
)
KNOWN = "Gosub(parkinglot-comeback,known,1(P${PARKING_SPACE},0,1,1))"


def text(lot: Lot) -> str:
    (section,) = comeback_sections(lot)
    return section.text


def test_a_lot_with_everything():
    assert text(FULL) == (
        "[parkinglot-comeback-desk]\n"
        'exten => s,1,Set(PL_SINCE=${IF($["${PL_SINCE}" = ""]?${FILTER(0-9.,${CDR(start,u)})}'
        ":${FILTER(0-9.,${PL_SINCE})})})\n"
        "same => n,Set(PL_HOPS=0)\n"
        'same => n(again),GotoIf($["${PL_MORE}" = ""]?remind)\n'
        "same => n,Set(PL_MORE=)\n"
        "same => n,Goto(timeout,1)\n"
        f"same => n(remind),{KNOWN}\n"
        "same => n,Set(PL_WAITED=40)\n"
        "same => n,Set(PL_REST=80)\n"
        "same => n,Goto(parkinglot-comeback,remind,1)\n"
        f"exten => timeout,1,{KNOWN}\n"
        "same => n,Gosub(parkinglot-comeback,parker,1(15))\n"
        "same => n,Goto(steps,1)\n"
        "exten => back,1,Gosub(parkinglot-comeback,full,1(desk))\n"
        f"same => n,{KNOWN}\n"
        "same => n,Gosub(parkinglot-comeback,parker,1(15))\n"
        "same => n,Goto(steps,1)\n"
        "exten => fallback,1,Gosub(parkinglot-comeback,full,1(desk))\n"
        f"same => n,{KNOWN}\n"
        "same => n,Goto(steps,1)\n"
        "exten => steps,1,Playback(pls-hold-while-try)\n"
        "same => n,Gosub(parkinglot-comeback,ring,1(10,PJSIP/201))\n"
        "same => n,Gosub(parkinglot-comeback,ring,1(20,PJSIP/202&PJSIP/203))\n"
        "same => n,Gosub(parkinglot-comeback,voicemail,1(201@default))\n"
        "same => n,Gosub(parkinglot-comeback,park,1(spare))\n"
        "same => n,Gosub(parkinglot-comeback,location,1(ivr,s,1))\n"
        "same => n,Goto(parkinglot-comeback,end,1)\n"
        "exten => room,1,Gosub(parkinglot-calls,room,1(desk,701,710))\n"
        "same => n,Return(${GOSUB_RETVAL})\n"
        "exten => alert,1,Set(PJSIP_HEADER(add,Alert-Info)=<http://127.0.0.1>\\;info=alert)\n"
        "same => n,Return()\n"
    )


def test_a_lot_with_nothing_still_ends_with_words():
    lines = text(Lot(name="bare", ring_parker=0)).splitlines()
    assert "exten => timeout,1,Gosub(parkinglot-comeback,known,1(,0,0,0))" in lines
    assert "exten => steps,1,Goto(parkinglot-comeback,end,1)" in lines
    assert sum("parker,1" in line for line in lines) == 1, "only a call that found the lot full goes back to them"


@pytest.mark.parametrize(
    ("reminder", "timeout", "first"),
    [(0, 120, 120), (40, 120, 40), (40, 0, 40), (0, 0, 0), (120, 120, 120), (50, 9, 9)],
)
def test_asterisk_looks_first_at_the_reminder_if_it_comes_before_the_timeout(
    reminder: int, timeout: int, first: int
) -> None:
    lot = Lot(name="desk", reminder=reminder, timeout=timeout)
    assert first_wait(lot) == first
    section = parking_file(Setup(lots=(lot,))).section("desk")
    assert section is not None
    assert f"parkingtime = {first}\n" in section.text
    assert ("remind,1" in text(lot)) == (reminder == 40)


def test_a_reminder_without_a_timeout_waits_for_ever_after_it() -> None:
    assert "Set(PL_REST=0)" in text(Lot(name="desk", reminder=40, timeout=0))


@pytest.mark.parametrize(
    ("prefix", "head"),
    [
        (Prefix(), ",0,0,0"),
        (Prefix(text="P", slot=True), "P${PARKING_SPACE},0,0,0"),
        (Prefix(text="#", slot=True, number=True), "#${PARKING_SPACE},1,0,0"),
        (Prefix(text="Parked", slot=True), "Parked ${PARKING_SPACE},0,0,0"),
        (Prefix(text="Parked "), "Parked,0,0,0"),
        (Prefix(slot=True, name=True), "${PARKING_SPACE},0,1,0"),
    ],
)
def test_a_prefix_that_is_a_word_is_set_apart_from_the_slot(prefix: Prefix, head: str) -> None:
    assert f"known,1({head}))" in text(Lot(name="desk", prefix=prefix))


devices = st.builds(
    "{}/{}".format,
    st.from_regex(r"[A-Za-z0-9]{1,20}", fullmatch=True),
    st.from_regex(r"[a-z0-9_.+-]{1,79}", fullmatch=True),
)


@given(st.lists(devices, min_size=1, max_size=40))
def test_every_device_of_a_group_rings_however_many_and_long(group: list[str]) -> None:
    """A line of AMI holds 1,024 bytes."""
    step = Step(kind=StepKind.GROUP, devices=tuple(group), seconds=7)
    lines = [
        line for line in text(Lot(name="desk", steps=(step,))).splitlines() if "gather,1" in line or "ring,1" in line
    ]
    assert [d for line in lines for d in re.sub(r"^.*,1\((7,)?|\)\)$", "", line).split("&")] == group
    assert ["ring,1(7," in line for line in lines] == [False] * (len(lines) - 1) + [True]


def test_a_lot_may_not_be_called_as_one_of_these_contexts() -> None:
    for name in ("comeback", "comeback-desk", "native-desk"):
        with pytest.raises(UnsafeValue):
            Lot(name=name)


def places(section: Section) -> dict[str, set[str]]:
    """Labels of each extension."""
    found: dict[str, set[str]] = {}
    exten = ""
    for line in section.lines:
        if line.name == "exten":
            exten, _, rest = line.value.partition(",")
            found[exten] = {"1"}
        else:
            rest = line.value
        if label := re.match(r"[0-9n]+\(([a-z-]+)\)", rest):
            found[exten].add(label[1])
    return found


JUMP = re.compile(r"(?:Gosub|Goto)\((?:(parkinglot-[a-z-]+),)?([a-z-]+),1|\^([a-z]+)\^1")
TARGET = re.compile(r"\]\?([a-z]+)(?::([a-z]+))?\)$")


def test_every_jump_lands() -> None:
    sections = {s.name: s for s in (*comeback_sections(FULL), *COMEBACK_ROUTINES, CALLS_SECTION)}
    seen = 0
    for name in ("parkinglot-comeback-desk", "parkinglot-comeback"):
        exten = ""
        for line in sections[name].lines:
            if line.name == "exten":
                exten = line.value.partition(",")[0]
            for context, to, handler in JUMP.findall(line.value):
                seen += 1
                assert (to or handler) in places(sections[context or name]), line.value
            for label in (label for found in TARGET.findall(line.value) for label in found if label):
                seen += 1
                assert label in places(sections[name])[exten], line.value
    assert seen > 50
