"""Hostile text in every field of a setup: refused with a sentence, or Asterisk has exactly what was meant.

The gate, the publisher's writer and its reader are the real ones; the PBX is looked at by a session of its own.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from hypothesis import given, settings
from hypothesis import strategies as st

from lots.config.setup import Lot, MusicKind, Setup
from lots.config.streams import stream_command
from lots.models import Pbx
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.hostile import FIELDS, Accepted, payloads, refusal
from tests.kit.published import publish_directly
from tests.kit.publishing import Publishing

pytestmark = pytest.mark.django_db(transaction=True)
MIXTURES = 500
"""Values made up each time, of all fields together."""
COMEBACK, OUTSIDE = "parkinglot-comeback", "parkinglot-outside"
ARGS = "Gosub(control,args,1("
ROUTINE = re.compile(r"^Gosub\([a-z_-]+,[a-z]+,1\(")
Plan = dict[str, dict[str, list[str]]]
"""Context -> extension -> what runs, as application(data)."""


@pytest.fixture
def marker(asterisk: RealAsterisk) -> Iterator[Path]:
    """A file Asterisk makes when the dialplan holds the very words that the values do."""
    file = asterisk.pbx.installation.outside(inside(asterisk))
    with asterisk.ami() as ami:
        run(ami, [f"Set(PL_X=${{SHELL(touch {inside(asterisk)})}})"])
    assert file.exists(), "the marker proves nothing where it cannot be made"
    file.unlink()
    yield file
    file.unlink(missing_ok=True)
    publish_directly(asterisk, Setup())


def inside(asterisk: RealAsterisk) -> str:
    """The marker as Asterisk knows it."""
    return f"{asterisk.pbx._inside}/marker"


def accepted(marker: str) -> Accepted:
    """All that passes the gate, of what is listed and of what is made up; the rest was refused with a sentence."""
    found = Accepted()

    def judge(name: str, value: str) -> None:
        sentence = refusal(name, value)
        if not sentence:
            found.add(name, value)
        else:
            assert sentence.endswith(".")
            assert sentence.isprintable(), sentence

    @settings(max_examples=MIXTURES, deadline=None, database=None)
    @given(st.sampled_from(list(FIELDS)).flatmap(lambda name: st.tuples(st.just(name), FIELDS[name].values(marker))))
    def mixtures(pair: tuple[str, str]) -> None:
        judge(*pair)

    for name in FIELDS:
        for value in payloads(marker):
            judge(name, value)
    mixtures()
    return found


@sync_to_async
def look(asterisk: RealAsterisk) -> tuple[Plan, list[str]]:
    """The whole dialplan, and the names of all lots."""
    plan: Plan = defaultdict(lambda: defaultdict(list))
    with asterisk.ami() as ami:
        for item in ami.items("ShowDialPlan"):
            if "Extension" in item and item["Priority"] != "hint":
                plan[item["Context"]][item["Extension"]].append(f"{item['Application']}({item['AppData']})")
        return plan, [lot["Name"] for lot in ami.items("Parkinglots")]


def extensions(lot: Lot) -> set[str]:
    """What phones can dial."""
    behind = {f"{lot.retrieve_code}{slot}" for slot in lot.slots if lot.retrieve_code}
    return {lot.park_code, lot.retrieve_code, lot.next_code, *map(str, lot.slots), *behind} - {""}


def fallback(lot: Lot) -> list[str]:
    """The lines of a lot's fallback, as they were meant."""
    group, voicemail, other, place = lot.steps
    return [
        *([f"Playback({lot.message})"] if lot.message else []),
        f"Gosub({COMEBACK},ring,1({group.seconds},{'&'.join(group.devices)}))",
        f"Gosub({COMEBACK},voicemail,1({voicemail.mailbox}))",
        f"Gosub({COMEBACK},park,1({other.lot}))",
        f"Gosub({COMEBACK},location,1({place.context},{place.exten},{place.priority}))",
        f"Goto({COMEBACK},end,1)",
    ]


def compare_lot(lot: Lot, plan: Plan) -> None:
    """AssertionError unless each context of the lot has what was meant, and no extension more."""
    back = plan[f"{COMEBACK}-{lot.name}"]
    assert set(plan[lot.public_context]) == extensions(lot)
    assert set(plan[lot.native_context]) == {lot.park_code, *map(str, lot.slots)}
    assert back["steps"] == fallback(lot)
    assert "&" not in lot.message + lot.courtesy_tone, "it would be a second sound, of another directory perhaps"
    assert set(back) == {"s", "timeout", "back", "fallback", "steps", "room", *(["alert"] if alert(lot) else [])}
    if alert(lot):
        assert back["alert"] == [f"Set(PJSIP_HEADER(add,Alert-Info)={alert(lot)})", "Return()"]


def alert(lot: Lot) -> str:
    """Spaces around it mean nothing in SIP."""
    return lot.alert_info.strip()


def lines(lot: Lot, plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What Asterisk has of a lot, each line to be run with ``args`` in its routine's place, and what it must get."""
    back = plan[f"{COMEBACK}-{lot.name}"]
    group, voicemail, other, place = lot.steps
    text = lot.prefix.text.strip()
    yield back["timeout"][0], (text, "0", "0", "1" if alert(lot) else "0")
    *message, ring, box, park, location, _end = back["steps"]
    yield from ((line.replace("Playback(", ARGS, 1) + ")", (lot.message,)) for line in message)
    yield ring, (str(group.seconds), "&".join(group.devices))
    yield box, (voicemail.mailbox,)
    yield park, (other.lot,)
    yield location, (place.context, place.exten, place.priority)
    if alert(lot):
        yield back["alert"][0].replace("Set(PJSIP_HEADER(add,Alert-Info)=", ARGS, 1) + ")", (alert(lot),)
    for number in lot.door.numbers:
        yield plan[OUTSIDE][number][0], door_arguments(lot, number)


def door_arguments(lot: Lot, number: str) -> tuple[str, ...]:
    """What the routine for callers from outside is told."""
    return (number, lot.name, str(lot.first), str(lot.last), lot.door.pin_salt, lot.door.pin_hash)


def run(ami: Ami, steps: list[str]) -> list[tuple[str, ...]]:
    """Let a channel run these lines, each routine replaced by one that tells its arguments; what they were."""
    told = ",".join(f"{number}: ${{ARG{number}}}" for number in range(1, 7))
    place = {"Context": "control", "Extension": "args"}
    for number, line in enumerate([f"UserEvent(Args,Count: ${{ARGC}},{told})", "Return()"], 1):
        add(ami, line, **place, Priority=str(number))
    place["Extension"] = "s"
    for number, line in enumerate(steps, 1):
        add(ami, ROUTINE.sub(ARGS, line), **place, Priority=str(number))
    ami.send("Originate", Channel="Local/s@control/n", Application="Wait", Data="1", Async="true")
    ami.event(lambda e: e["Event"] == "Hangup" and e["Channel"].startswith("Local/s@control"), 60, Context="control")
    ami.ping()
    for extension in ("s", "args"):
        ami.action("DialplanExtensionRemove", Context="control", Extension=extension)
    found = [event for event in ami.events if event.get("UserEvent") == "Args"]
    return [tuple(event[str(number)] for number in range(1, int(event["Count"]) + 1)) for event in found]


def add(ami: Ami, line: str, **place: str) -> None:
    """One line of the dialplan."""
    application, _bracket, data = line.removesuffix(")").partition("(")
    ami.action("DialplanExtensionAdd", **place, Application=application, ApplicationData=data)


@sync_to_async
def run_all(asterisk: RealAsterisk, setup: Setup, plan: Plan) -> None:
    """AssertionError unless every routine is given exactly the values that were meant, by lines Asterisk has."""
    every = [line for lot in setup.lots for line in lines(lot, plan)]
    with asterisk.ami() as ami:
        found = run(ami, [line for line, _arguments in every])
    assert found == [arguments for _line, arguments in every]


def compare_doors(setup: Setup, plan: Plan) -> None:
    """The same of the numbers for callers from outside."""
    meant = {
        number: [f"Gosub({OUTSIDE}_door,s,1({','.join(door_arguments(lot, number))}))"]
        for lot in setup.lots
        for number in lot.door.numbers
    }
    assert plan[OUTSIDE] == meant


def compare_music(setup: Setup, shown: str) -> None:
    """The same of what ``moh show classes`` tells."""
    classes: dict[str, dict[str, str]] = {}
    for line in shown.splitlines():
        key, _colon, value = (part.strip() for part in line.partition(":"))
        if key == "Class":
            classes[value] = {}
        elif classes:
            classes[list(classes)[-1]][key] = value
    for music in setup.music:
        found = classes[music.name]
        if music.kind is MusicKind.DIRECTORY:
            assert found["Directory"] == music.directory
        elif music.kind is MusicKind.STREAM:
            assert found["Application"] == stream_command(music.decoder, music.stream)
    assert {name for name in classes if name.startswith("pl-stream")} == {
        music.name for music in setup.music if music.kind is MusicKind.STREAM
    }


def make_directories(asterisk: RealAsterisk, setup: Setup) -> None:
    """Each has a sound: Asterisk refuses a class without."""
    tune = asterisk.pbx.log.parents[1] / "moh" / "parkinglot.wav"
    for music in setup.music:
        if music.directory:
            there = asterisk.pbx.installation.outside(music.directory)
            there.mkdir(parents=True, exist_ok=True)
            shutil.copy(tune, there)


@pytest.fixture
def setup(asterisk: RealAsterisk) -> Setup:
    """Everything that was accepted, in one; hold music from directories on the PBX that are there."""
    found = accepted(inside(asterisk)).setup(f"{asterisk.pbx._inside}/played")
    make_directories(asterisk, found)
    return found


async def test_hostile_text_is_refused_or_means_what_it_says(
    asterisk: RealAsterisk, setup: Setup, marker: Path
) -> None:
    publishing = Publishing(asterisk, await Pbx.objects.acreate(name="main"))
    await publishing.live(Setup())
    before, lots_before = await look(asterisk)
    await publishing.live(setup)
    plan, lots = await look(asterisk)
    for lot in setup.lots:
        compare_lot(lot, plan)
    compare_doors(setup, plan)
    compare_music(setup, await sync_to_async(asterisk.pbx.cli)("moh show classes"))
    ours = {name for lot in setup.lots for name in (lot.public_context, lot.native_context, f"{COMEBACK}-{lot.name}")}
    assert set(plan) - set(before) - {OUTSIDE} == ours
    assert sorted(lots) == sorted([*lots_before, *(lot.name for lot in setup.lots)])
    await run_all(asterisk, setup, plan)
    assert not await sync_to_async(marker.exists)()
