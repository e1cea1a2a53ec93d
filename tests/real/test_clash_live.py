"""What stands on a real PBX in the way of a publication is found before anything is written."""

from collections.abc import Iterator

import pytest

from lots.ami import AmiAddress, AmiClient
from lots.config.clash import Clash
from lots.config.conf import MUSIC, PARKING
from lots.config.setup import Door, Lot, Music, MusicKind, Setup, Step, StepKind
from lots.models import Pbx
from lots.publish.live import live_problems
from lots.publish.places import lost_places
from tests.kit.asterisk import RealAsterisk
from tests.kit.dialplans import conf_folder, restored, write_conf
from tests.kit.published import publish_directly

OTHERS = """
[phones]
exten => _75X,1,NoOp(dialled out)
exten => *85,hint,Custom:lamp
include => after
[after]
exten => 771,1,NoOp(somebody's)
exten => 772,2,NoOp(no first line, so nobody's)
exten => _77X,1,NoOp(the world outside)
[outside]
exten => 5550002,1,NoOp(somebody's)
"""
SALES = Lot(name="sales", label="Sales", park_code="760", first=761, last=765, retrieve_code="*85")


@pytest.fixture
def pbx() -> Pbx:
    return Pbx(name="main", phone_contexts="phones", trunk_contexts="outside")


@pytest.fixture
def other(asterisk: RealAsterisk) -> Iterator[RealAsterisk]:
    """With lines of somebody else."""
    with restored(asterisk, "extensions.conf", "res_parking.conf", "musiconhold.conf", PARKING, MUSIC):
        stock = (conf_folder(asterisk) / "extensions.conf").read_text(encoding="utf-8")
        write_conf(asterisk, "extensions.conf", stock + OTHERS)
        with asterisk.ami() as ami:
            ami.action("Reload", Module="pbx_config.so")
        yield asterisk


async def found(asterisk: RealAsterisk, pbx: Pbx, *lots: Lot, music: tuple[Music, ...] = ()) -> tuple[Clash, ...]:
    async with AmiClient(AmiAddress.parse(asterisk.pbx.publish_url)) as ami:
        return await live_problems(ami, Setup(lots=lots, music=music), pbx)


async def test_a_setup_that_meets_nobody(other: RealAsterisk, pbx: Pbx):
    assert await found(other, pbx, SALES) == ()


async def test_a_pattern_of_the_phones_context_answers_first(other: RealAsterisk, pbx: Pbx):
    [clash] = await found(other, pbx, SALES, Lot(name="desk", label="Desk", park_code="740", first=751, last=753))
    assert (clash.code, clash.lots, clash.params["exten"]) == ("live_caught", ("desk",), "_75X")
    assert "751 (Desk)" in clash.sentence
    assert "3 numbers" in clash.sentence
    with other.ami() as ami:  # and so it would be
        assert ami.items("ShowDialPlan", Context="phones", Extension="751")[0]["Extension"] == "_75X"


async def test_a_number_that_would_be_hidden(other: RealAsterisk, pbx: Pbx):
    """The wide pattern behind it is no clash: so it is meant. Neither is one whose first line is missing."""
    [clash] = await found(other, pbx, Lot(name="desk", park_code="770", first=771, last=773))
    assert (clash.code, clash.params["exten"], clash.params["context"]) == ("live_hidden", "771", "after")


async def test_a_number_from_outside_that_is_taken(other: RealAsterisk, pbx: Pbx):
    lot = Lot(name="desk", park_code="780", first=781, last=783, door=Door(numbers=("5550001", "5550002")))
    [clash] = await found(other, pbx, lot)
    assert (clash.code, clash.lots, clash.params["number"]) == ("live_caught", ("desk",), "5550002")


async def test_a_fallback_that_leads_nowhere(other: RealAsterisk):
    def lot(*place: str) -> Lot:
        context, exten, priority = place
        step = Step(kind=StepKind.LOCATION, context=context, exten=exten, priority=priority)
        return Lot(name=f"to-{context}-{exten}-{priority}", steps=(step,))

    there = [lot("after", "771", "1"), lot("after", "778", "1"), lot("phones", "771", "1")]
    nowhere = [lot("after", "772", "3"), lot("after", "881", "1"), lot("nowhere", "s", "1")]
    async with AmiClient(AmiAddress.parse(other.pbx.publish_url)) as ami:
        found = await lost_places(ami, Setup(lots=(*there, *nowhere)))
    assert [sentence.partition(":")[0] for sentence in found] == [one.name for one in nowhere]


async def test_the_same_lot_again_is_no_clash(other: RealAsterisk, pbx: Pbx):
    publish_directly(other, Setup(lots=(SALES,)))
    assert await found(other, pbx, SALES) == ()


async def test_numbers_of_a_lot_the_pbx_has(other: RealAsterisk, pbx: Pbx):
    """The demo's lots stand in contexts of their own, which phones include."""
    clashes = await found(other, pbx, Lot(name="desk", park_code="700", first=701, last=702))
    assert {clash.params["exten"] for clash in clashes} == {"700", "701", "702"}


async def test_a_park_code_that_lots_of_the_pbx_share(other: RealAsterisk, pbx: Pbx):
    """It goes only with the last lot that has it."""
    stock = (conf_folder(other) / "res_parking.conf").read_text(encoding="utf-8")
    theirs = "".join(
        f"\n[{name}]\ncontext = after\nparkext = 790\nparkpos = {at}-{at}\n" for name, at in (("a", 791), ("b", 792))
    )
    write_conf(other, "res_parking.conf", stock + theirs)
    with other.ami() as ami:
        ami.action("Reload", Module="res_parking.so")
    a, b = (
        Lot(name=name, label=name, park_code=code, first=at, last=at)
        for name, code, at in (("a", "790", 791), ("b", "780", 792))
    )
    [clash] = await found(other, pbx, a)
    assert (clash.code, clash.params["number"], clash.params["context"]) == ("live_hidden", "790", "after")
    assert await found(other, pbx, a, b) == ()


async def test_parking_itself_would_refuse(other: RealAsterisk, pbx: Pbx):
    stock = (conf_folder(other) / "res_parking.conf").read_text(encoding="utf-8")
    mine = "\n[theirs]\ncontext = parkinglot-native-desk\nparkext = 790\nparkpos = 793-794\n"
    write_conf(other, "res_parking.conf", stock + mine)
    clashes = await found(other, pbx, Lot(name="desk", park_code="788", first=791, last=793))
    assert [clash.code for clash in clashes] == ["native_lot"]
    assert set(clashes[0].lots) == {"desk", "theirs"}


async def test_a_section_behind_our_include_wins(other: RealAsterisk, pbx: Pbx):
    publish_directly(other, Setup(lots=(SALES,)))
    stock = (conf_folder(other) / "res_parking.conf").read_text(encoding="utf-8")
    write_conf(other, "res_parking.conf", stock + "\n[sales]\nparkpos = 1-9\n")
    [clash] = await found(other, pbx, SALES)
    assert (clash.code, clash.lots) == ("live_late", ("sales",))


async def test_a_class_of_music_the_pbx_has(other: RealAsterisk, pbx: Pbx):
    music = Music(name="default", kind=MusicKind.DIRECTORY, directory="/tmp/moh")
    [clash] = await found(other, pbx, SALES, music=(music,))
    assert (clash.code, clash.params["number"]) == ("music_there", "default")
