"""Publishing to a real Asterisk: what is said to be live runs, and calls and lamps live through it."""

import asyncio
from collections.abc import Iterator

import pytest

from lots.ami import AmiClient
from lots.config.conf import EXTENSIONS, FILES, MODULES, PARKING
from lots.config.layout import staging_name
from lots.config.setup import Door, Lot, Music, MusicKind, Setup, Step, StepKind
from lots.models import Pbx
from lots.publish import apply, publisher, writer
from lots.publish.plan import Plan
from lots.publish.publications import State
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk, real_asterisk
from tests.kit.lamp import Lamp
from tests.kit.proxy import Proxy
from tests.kit.published import callers, park
from tests.kit.publishing import Publishing

pytestmark = pytest.mark.django_db(transaction=True)

DESK = Lot(name="desk", park_code="500", first=501, last=503, timeout=60)
HALL = Lot(name="hall", park_code="600", first=601, last=603, timeout=60)
WIDER = Lot(name="desk", park_code="500", first=501, last=509, timeout=90, retrieve_code="*85")
OLD, NEW = Setup(lots=(DESK, HALL)), Setup(lots=(WIDER, HALL))
PUBLIC = "parkinglot-desk"


@pytest.fixture(scope="module", params=["sid", "bullseye"], name="asterisk")
def own_asterisk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAsterisk]:
    """One of our own: it is killed here."""
    with real_asterisk(tmp_path_factory.mktemp("asterisk"), request.param) as running:
        yield running


@pytest.fixture(name="ami")
def ami_fixture(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as ami:
        yield ami
    asterisk.hang_up_all()


@pytest.fixture
async def publishing(asterisk: RealAsterisk) -> Publishing:
    """To a PBX that runs ``OLD``."""
    publishing = Publishing(asterisk, await Pbx.objects.acreate(name="main"))
    await publishing.live(OLD)
    return publishing


async def test_everything_a_setup_can_say(publishing: Publishing, asterisk: RealAsterisk) -> None:
    """``live()`` compares what was meant with what another session reads from files and modules."""
    music = Music(name="pl-jazz", kind=MusicKind.DIRECTORY, directory=f"{asterisk.pbx._inside}/moh", sort="random")
    steps = (
        Step(kind=StepKind.PHONE, devices=("PJSIP/203",)),
        Step(kind=StepKind.GROUP, devices=tuple(f"PJSIP/{number}" for number in range(203, 225))),
        Step(kind=StepKind.VOICEMAIL, mailbox="100@default"),
        Step(kind=StepKind.LOT, lot="hall"),
        Step(kind=StepKind.LOCATION, context="phones", exten="203"),
    )
    lot = Lot(
        name="desk",
        park_code="*500#",
        first=501,
        last=520,
        retrieve_code="*85",
        next_code="*86",
        timeout=60,
        reminder=20,
        steps=steps,
        message="pls-hold-while-try",
        music="pl-jazz",
        alert_info="<http://x>;info=Bellcore-dr3;x",
        courtesy_tone="beep",
        next_slot=True,
        door=Door(numbers=("4930123", "+4930124"), pin_salt="ab", pin_hash="cd" * 20),
    )
    await publishing.live(Setup(lots=(lot, HALL), music=(music,)))
    await publishing.live(OLD)
    assert await publishing.look() == {}


async def test_parked_calls_are_the_same_after_every_publication(
    publishing: Publishing, asterisk: RealAsterisk, ami: Ami
) -> None:
    """Forward, back, and back from the way back; also those whose slot or lot is no more."""
    await publishing.live(NEW)
    park(ami, "5551", "desk")
    park(ami, "5559", "desk", "509")
    park(ami, "5552", "hall")
    before = callers(ami)
    assert before == {"501": "5551", "509": "5559", "601": "5552"}
    for setup in (OLD, NEW, OLD, Setup(lots=(WIDER,)), Setup(), NEW):
        row = await publishing.publish(setup)
        assert row.state == State.LIVE, row.message
        assert callers(ami) == before
    await publishing.runs(NEW)


async def test_lamps_stay_on_while_other_lots_are_published(
    publishing: Publishing, asterisk: RealAsterisk, ami: Ami
) -> None:
    with Lamp(asterisk.pbx.sip_port, "601") as lamp:
        lamp.becomes("dark")
        park(ami, "5551", "hall")
        lamp.becomes("lit")
        for setup in (NEW, OLD, NEW):
            await publishing.live(setup)
        asterisk.hang_up_all()
        lamp.becomes("dark")
        park(ami, "5552", "hall")
        lamp.becomes("lit")
        assert not [told for told in lamp.told if told.startswith("ended")]


async def test_what_did_not_change_is_neither_written_nor_loaded(
    publishing: Publishing, asterisk: RealAsterisk
) -> None:
    etc = asterisk.pbx.log.parents[1] / "etc"
    before = {name: (etc / name).stat().st_mtime_ns for name in FILES if (etc / name).exists()}
    with asterisk.ami() as ami:
        await publishing.live(OLD)
        assert {name: (etc / name).stat().st_mtime_ns for name in before} == before
        only = Lot(name="desk", park_code="500", first=501, last=503, timeout=60, courtesy_tone="beep")
        await publishing.live(Setup(lots=(only, HALL)))
        ami.ping()
        assert [event["Module"] for event in ami.events if event["Event"] == "Reload"] == [MODULES[PARKING]]
    changed = {name for name in before if (etc / name).stat().st_mtime_ns != before[name]}
    assert changed == {PARKING}


async def test_two_changes_within_one_second_and_of_one_size_are_both_loaded(publishing: Publishing) -> None:
    """Asterisk's parking skips a file whose time and size have not changed."""
    for first in (501, 502, 501):
        lot = Lot(name="desk", park_code="500", first=first, last=503, timeout=60)
        await publishing.live(Setup(lots=(lot, HALL)))


async def test_files_do_not_grow_with_every_publication(publishing: Publishing, asterisk: RealAsterisk) -> None:
    file = asterisk.pbx.log.parents[1] / "etc" / EXTENSIONS
    sizes = []
    for setup in (NEW, OLD) * 4:
        await publishing.live(setup)
        sizes.append(file.stat().st_size)
    assert sizes[-2:] == sizes[2:4]


async def test_a_parking_file_that_asterisk_refuses(publishing: Publishing, ami: Ami) -> None:
    """A value the module does not know: refused whole, and the version before is back with all it had."""
    park(ami, "5551", "desk")
    row = await publishing.wanted(NEW)
    for section in row.files[PARKING]:
        if section[0] == "desk":
            section[2].append(["parkedplay", "parked", False])
    await row.asave()
    await publishing.do(row)
    assert publishing.last.state == State.RETURNED
    assert "[desk]" in publishing.last.message
    assert PARKING in publishing.last.message
    await publishing.runs(OLD)
    assert callers(ami) == {"501": "5551"}


async def test_lots_that_overlap_cost_nobody_their_extensions(
    publishing: Publishing, ami: Ami, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody gets past the clash check; who did would meet Asterisk's own, which first deletes all extensions."""

    async def blind(*_args: object, **_more: object) -> tuple[()]:
        return ()

    monkeypatch.setattr(apply, "live_clashes", blind)
    park(ami, "5551", "hall")
    row = await publishing.wanted(NEW)
    for section in row.files[PARKING]:
        if section[0] == "hall":
            section[2][:] = [["parkpos", "505-510", False], ["context", "parkinglot-native-desk", False]]
            section[2].append(["parkext", "500", False])
    await row.asave()
    await publishing.do(row)
    assert publishing.last.state == State.RETURNED, publishing.last.message
    assert "An unknown error occurred" in publishing.last.message
    await publishing.runs(OLD)
    assert callers(ami) == {"601": "5551"}


async def test_a_hand_made_clash_in_the_live_dialplan(publishing: Publishing, ami: Ami) -> None:
    where = {"Context": DESK.native_context, "Extension": "507"}
    ami.action("DialplanExtensionAdd", **where, Priority="1", Application="NoOp", ApplicationData="theirs")
    try:
        row = await publishing.publish(NEW)
    finally:
        ami.action("DialplanExtensionRemove", **where, Priority="1")
    assert row.state == State.FAILED
    assert "507 in context parkinglot-native-desk has that number already (pbx_config)" in row.message
    assert "Nothing was changed" in row.message
    await publishing.runs(OLD)


async def test_a_hand_edit_is_found_and_repaired(publishing: Publishing, ami: Ami) -> None:
    assert await publishing.look() == {}
    edit = {"Action-000000": "Update", "Cat-000000": "desk", "Var-000000": "parkingtime", "Value-000000": "999"}
    ami.action("UpdateConfig", SrcFilename=PARKING, DstFilename=PARKING, **edit)
    ami.action("Reload", Module=MODULES[PARKING])
    found = await publishing.look()
    assert list(found) == [PARKING]
    assert "-parkingtime = 60\n+parkingtime = 999\n" in found[PARKING]
    await publishing.row.arefresh_from_db()
    assert publishing.row.drift == found
    await publishing.live(OLD)
    await publishing.row.arefresh_from_db()
    assert publishing.row.drift == {}
    assert await publishing.look() == {}


async def test_a_file_that_is_right_but_was_never_loaded_is_found_and_repaired(
    publishing: Publishing, ami: Ami
) -> None:
    """As after a power cut between copying and loading."""
    edit = {"Action-000000": "Update", "Cat-000000": "desk", "Var-000000": "parkpos"}
    names = {"SrcFilename": PARKING, "DstFilename": PARKING}
    ami.action("UpdateConfig", **names, **edit, **{"Value-000000": "501-502"})
    ami.action("Reload", Module=MODULES[PARKING])
    ami.action("UpdateConfig", **names, **edit, **{"Value-000000": "501-503"})
    found = await publishing.look()
    assert list(found) == [f"{PARKING} (as loaded)"]
    assert "501 to 503" in found[f"{PARKING} (as loaded)"]
    await publishing.live(OLD)
    assert await publishing.look() == {}


async def test_leftovers_in_staging_and_an_account_s_wrong_words_do_no_harm(publishing: Publishing, ami: Ami) -> None:
    name = staging_name(EXTENSIONS)
    ami.request("CreateConfig", Filename=name)
    evil = {"Action-000000": "NewCat", "Cat-000000": "evil", "Options-000000": "allowdups"}
    line = {"Action-000001": "Append", "Cat-000001": "evil", "Var-000001": "exten", "Value-000001": "_X.,1,NoOp(x)"}
    ami.action("UpdateConfig", SrcFilename=name, DstFilename=name, **evil, **line)
    await publishing.live(NEW)


@pytest.mark.parametrize("file", [EXTENSIONS, PARKING])
async def test_asterisk_is_restarted_between_copy_and_reload(
    publishing: Publishing, asterisk: RealAsterisk, ami: Ami, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """It comes up with the files of both versions."""
    read_back, restarts = writer.read_back, []

    async def die(session: AmiClient, plan: Plan) -> None:
        if plan.file == file and not restarts:
            restarts.append(file)
            asterisk.pbx.kill()
            await asyncio.to_thread(asterisk.pbx.start)
        await read_back(session, plan)

    monkeypatch.setattr(writer, "read_back", die)
    row = await publishing.publish(NEW)
    assert restarts
    assert row.state == State.RETURNED, row.message
    assert "lost" in row.message
    await publishing.runs(OLD)
    await publishing.live(NEW)


async def test_asterisk_stays_down(
    publishing: Publishing, asterisk: RealAsterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows what it will have; the next look says it, and one click mends it."""
    monkeypatch.setattr(publisher, "RETURN", 0.5)
    copy = writer.copy

    async def die(session: AmiClient, plan: Plan) -> None:
        await copy(session, plan)
        if plan.file == PARKING:
            asterisk.pbx.kill()

    monkeypatch.setattr(writer, "copy", die)
    row = await publishing.publish(NEW)
    await asyncio.to_thread(asterisk.pbx.start)
    assert row.state == State.FAILED
    assert "not known" in row.message
    assert list(await publishing.look()) == [EXTENSIONS, PARKING]
    monkeypatch.setattr(writer, "copy", copy)
    await publishing.live(OLD)
    assert await publishing.look() == {}


@pytest.mark.parametrize("step", ["copy", "read_back"])
async def test_the_line_is_cut(
    publishing: Publishing, asterisk: RealAsterisk, ami: Ami, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """``copy``: between stage and copy. ``read_back``: between copy and reload."""
    park(ami, "5551", "desk")
    real = getattr(writer, step)
    with Proxy(asterisk.pbx.ami_port) as proxy:
        publishing.port = proxy.port

        async def cut(session: AmiClient, plan: Plan) -> None:
            monkeypatch.setattr(writer, step, real)
            proxy.cut()
            await real(session, plan)

        monkeypatch.setattr(writer, step, cut)
        row = await publishing.publish(NEW)
    publishing.port = 0
    assert row.state == State.RETURNED, row.message
    assert "lost" in row.message
    await publishing.runs(OLD)
    assert callers(ami) == {"501": "5551"}
