"""A whole portal as a file, from either database to either, put in whole or not at all."""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from lots.config.conf import PARKING
from lots.config.setup import Setup
from tests.kit.asterisk import RealAsterisk
from tests.kit.dialplans import conf_folder
from tests.kit.homes import DIGEST, SOUND, Home
from tests.kit.published import publish_directly
from tests.kit.servers import postgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]  # a dozen starts of the portal
MakeHome = Callable[[str, str], Home]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres(tmp_path_factory.mktemp("postgres") / "server") as url:
        yield url


@pytest.fixture(scope="module")
def databases(server: str) -> Callable[[], str]:
    """Each call a new database of the real PostgreSQL."""
    import psycopg

    names = iter(range(1000))

    def another() -> str:
        name = f"portal{next(names)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return server.rpartition("/")[0] + f"/{name}"

    return another


@pytest.fixture
def home(tmp_path: Path, databases: Callable[[], str]) -> MakeHome:
    def make(name: str, kind: str) -> Home:
        return Home(tmp_path / name, databases() if kind == "postgresql" else "")

    return make


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    """A portal on SQLite with something of everything, and its backup."""
    one = Home(tmp_path_factory.mktemp("settled"))
    one.manage("migrate", "--verbosity", "0")
    one.call("settle")
    file = one.folder / "backup.zip"
    one.manage("backup", str(file))
    return one, file


def test_everything_comes_back_from_either_database_on_the_other(
    home: MakeHome, settled: tuple[Home, Path], tmp_path: Path
):
    (one, file), onward = settled, tmp_path / "onward.zip"
    before = one.call("everything")
    del before["lots.publication"][1:]
    for number, kind in enumerate(("postgresql", "sqlite")):
        other = home(kind, kind)
        said = other.manage("restore", str(file))
        assert "1 files of recordings were added" in said, "what is being converted is nobody's recording"
        after = other.call("everything")
        del after["lots.publication"][1:]
        assert after == before
        assert other.media == {f"audio/played/{DIGEST}.wav": SOUND}
        assert other.call("standing") == {"states": ["live", "failed"], "drift": {}, "compared": None, "by": ""}
        if not number:
            assert "on postgresql" not in said
            other.manage("backup", str(onward))
            file = onward
            assert file.stat().st_mode & 0o777 == 0o600
        other.call("add")
        other.manage("migrate", "--check")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_came_later_is_gone_and_what_is_there_is_asked_for(
    home: MakeHome, settled: tuple[Home, Path], tmp_path: Path, kind: str
):
    one, file = home("one", kind), tmp_path / "own.zip"
    one.manage("restore", str(settled[1]))
    before = one.call("everything")
    one.manage("backup", str(file))
    one.call("change")
    changed = one.call("everything")
    assert changed != before
    assert "Say --yes" in one.manage("restore", str(file), fails=True)
    assert one.call("everything") == changed
    assert f"on {kind}" in one.manage("restore", "--yes", str(file))
    assert one.call("everything") == before
    one.call("hold")
    assert "Stop it" in one.manage("restore", "--yes", str(file), fails=True)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_it_is_of_one_moment_though_people_work_meanwhile(
    home: MakeHome, settled: tuple[Home, Path], tmp_path: Path, kind: str
):
    one = home("one", kind)
    one.manage("restore", str(settled[1]))
    before = one.call("everything")
    assert one.call("meddled_backup") is True
    assert one.call("everything") != before
    one.manage("restore", "--yes", str(one.folder / "meddled.zip"))
    assert one.call("everything") == before


def rewritten(file: Path, to: Path, edit: Callable[[dict[str, bytes]], None], *, honest: bool = True) -> Path:
    """The archive with other members; ``honest``: its list and its mark say what is in it."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
        comment = archive.comment
    edit(members)
    if honest:
        manifest = json.loads(members.pop("manifest.json"))
        listed = {name: {"bytes": len(text), "sha256": sha256(text).hexdigest()} for name, text in members.items()}
        members["manifest.json"] = json.dumps({**manifest, "members": listed}).encode()
        comment = sha256(members["manifest.json"]).hexdigest().encode()
    with zipfile.ZipFile(to, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        archive.comment = comment
    return to


def with_manifest(**changes: object) -> Callable[[dict[str, bytes]], None]:
    def edit(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), **changes}).encode()

    return edit


def spoil_row(members: dict[str, bytes]) -> None:
    """The last table refuses what it is given, when the others are in already."""
    members["rows/lots.wallscreen.jsonl"] = members["rows/lots.wallscreen.jsonl"].replace(
        b"Hall", b"H\\u0000" + b"x" * 99
    )
    members["rows/lots.wallscreen.jsonl"] = members["rows/lots.wallscreen.jsonl"].replace(b"2026", b"never")


def orphan(members: dict[str, bytes]) -> None:
    members["rows/lots.parkinglot.jsonl"] = b""
    manifest = json.loads(members["manifest.json"])
    for table in manifest["tables"]:
        if table["model"] == "lots.parkinglot":
            table["rows"] = 0
    members["manifest.json"] = json.dumps(manifest).encode()


def cut(members: dict[str, bytes]) -> None:
    name = "rows/auth.user.jsonl"
    members[name] = members[name].splitlines(keepends=True)[0]


def escape(members: dict[str, bytes]) -> None:
    members["media/../../../outside.wav"] = b"x"


BAD = {
    "a newer form": (with_manifest(version=2, portal="9.1"), True, "newer portal (9.1)"),
    "newer migrations": (with_manifest(migrations=["lots.0999_x"], portal="9.1"), True, "lots.0999_x"),
    "another program's": (with_manifest(format="other"), True, "no backup of a Parkinglot"),
    "no list": (lambda members: members.pop("manifest.json"), False, "no backup of a Parkinglot"),
    "another row": (lambda m: m.update({"rows/auth.user.jsonl": m["rows/auth.user.jsonl"][:-2]}), False, "auth.user"),
    "another list": (with_manifest(portal="0"), False, "does not match"),
    "a member too few": (lambda members: members.pop("rows/auth.user.jsonl"), False, "not the ones it lists"),
    "a way out": (escape, True, "not the ones it lists"),
    "rows too few": (cut, True, "auth.user has 1 rows"),
    "a bad value": (spoil_row, True, "cannot be put in"),
    "a lot is missing": (orphan, True, "cannot be put in"),
}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_wrong_is_refused_in_a_sentence_and_changes_nothing(
    home: MakeHome, settled: tuple[Home, Path], tmp_path: Path, kind: str
):
    _, file = settled
    one = home("one", kind)
    one.manage("restore", str(file))
    one.call("change")
    shutil.rmtree(one.folder / "media")
    before = one.call("everything")
    (one.folder / "bad").mkdir()
    for name, (edit, honest, _says) in BAD.items():
        rewritten(file, one.folder / "bad" / name, edit, honest=honest)  # type: ignore[arg-type]
    said = one.call("refusals")
    assert {name: said[name] for name, (_edit, _honest, says) in BAD.items() if says not in said[name]} == {}
    assert one.call("everything") == before
    assert not (one.folder / "media").exists() or one.media == {}


def test_a_file_that_is_cut_or_strange_or_not_there(settled: tuple[Home, Path], tmp_path: Path):
    one, file = settled
    whole, strange = file.read_bytes(), tmp_path / "strange"
    for content, says in ((whole[: len(whole) // 2], "damaged"), (b"hello", "no backup"), (b"", "no backup")):
        strange.write_bytes(content)
        assert says in one.manage("restore", "--check", str(strange), fails=True)
    flipped = bytearray(whole)
    flipped[whole.index(SOUND) + 99] ^= 1
    strange.write_bytes(flipped)
    assert "damaged" in one.manage("restore", "--check", str(strange), fails=True)
    assert "No such file" in one.manage("restore", "--check", str(tmp_path / "none"), fails=True)
    assert "is there already" in one.manage("backup", str(file), fails=True)
    assert "No such file" in one.manage("backup", str(tmp_path / "no" / "b.zip"), fails=True)
    assert file.read_bytes() == whole
    assert "1 files" in one.manage("restore", "--check", str(file))


def said_in(file: Path) -> list[str]:
    """Without comments: Asterisk notes the hour."""
    return [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith(";")]


def test_after_a_restore_publishing_says_what_the_pbx_has_and_writes_only_that(
    asterisk22: RealAsterisk, tmp_path: Path
):
    env = {"ASTERISK_AMI_URL": asterisk22.pbx.runtime_url, "ASTERISK_AMI_PUBLISH_URL": asterisk22.pbx.publish_url}
    home, file, parking = Home(tmp_path / "home", env=env), tmp_path / "b.zip", conf_folder(asterisk22) / PARKING
    home.manage("migrate", "--verbosity", "0")
    home.call("lot")
    assert "is live" in home.manage("publish")
    first, written = said_in(parking), parking.stat().st_mtime_ns
    home.manage("backup", str(file))

    home.manage("restore", "--yes", str(file))
    assert home.manage("publish", "--check") == "", "nothing differs"
    assert "is live" in home.manage("publish")
    assert parking.stat().st_mtime_ns == written, "nothing was written for nothing"

    home.call("widen")
    assert "is live" in home.manage("publish")
    assert said_in(parking) != first
    home.manage("restore", "--yes", str(file))
    said = home.manage("publish", "--check", fails=True)
    assert f"Not as published: {PARKING}" in said
    assert "-parkpos = 641-644" in said
    assert "+parkpos = 641-649" in said
    assert "is live" in home.manage("publish")
    assert said_in(parking) == first
    assert home.manage("publish", "--check") == ""
    publish_directly(asterisk22, Setup())
