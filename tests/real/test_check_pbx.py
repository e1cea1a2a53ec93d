"""``manage.py check_pbx`` against a real Asterisk, with everything there and with one thing after the other missing."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lots.config.conf import EXTENSIONS, FILES, PARKING
from tests.kit.asterisk import RealAsterisk
from tests.kit.dialplans import conf_folder, restored, write_conf

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Checked:
    """``findings`` as the command tells them."""

    status: int
    findings: list[dict[str, Any]]

    def of(self, level: str, area: str = "") -> list[str]:
        return [one["sentence"] for one in self.findings if one["level"] == level and area in one["area"]]

    def pasted(self) -> str:
        return "".join(paste["text"] for one in self.findings for paste in one["pastes"])


@dataclass(frozen=True)
class Checker:
    asterisk: RealAsterisk
    folder: Path

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(self.folder),
            "ASTERISK_AMI_URL": self.asterisk.pbx.runtime_url,
            "ASTERISK_AMI_PUBLISH_URL": self.asterisk.pbx.publish_url,
            **environment,
        }
        command = [sys.executable, "manage.py", "check_pbx", *words]
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)

    def check(self, **environment: str) -> Checked:
        done = self.run("--json", **environment)
        assert not done.stderr, done.stderr
        return Checked(done.returncode, json.loads(done.stdout)["findings"] if done.stdout else [])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of its own."""
    folder = tmp_path_factory.mktemp("portal")
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True, timeout=60)
    return folder


def checking(asterisk: RealAsterisk, folder: Path) -> Iterator[Checker]:
    """Afterwards everything is as it was: other tests use this Asterisk, too."""
    with restored(asterisk, "extensions.conf", "res_parking.conf", "manager.conf", *FILES):
        yield Checker(asterisk, folder)
    reload(asterisk, "manager")


@pytest.fixture
def checker(asterisk22: RealAsterisk, folder: Path) -> Iterator[Checker]:
    yield from checking(asterisk22, folder)


@pytest.fixture
def each(asterisk: RealAsterisk, folder: Path) -> Iterator[Checker]:
    """The oldest and the newest Asterisk."""
    yield from checking(asterisk, folder)


def reload(asterisk: RealAsterisk, module: str) -> None:
    with asterisk.ami() as ami:
        ami.action("Reload", Module=module)


def change(asterisk: RealAsterisk, file: str, old: str, new: str) -> None:
    text = (conf_folder(asterisk) / file).read_text(encoding="utf-8")
    assert old in text
    write_conf(asterisk, file, text.replace(old, new))


def test_nothing_is_missing(each: Checker):
    """Our files are not there yet: the probe makes them, empty, and nothing is loaded."""
    for name in FILES:
        (conf_folder(each.asterisk) / name).unlink(missing_ok=True)
    found = each.check()
    assert (found.status, found.of("missing")) == (0, [])
    with each.asterisk.ami() as ami:
        version = ami.action("CoreSettings")["AsteriskVersion"]
    assert f"This is Asterisk {version}." in found.of("ok", "version")
    assert any("include all three" in sentence for sentence in found.of("ok", "files"))
    for name in FILES:
        assert "[general]" not in (conf_folder(each.asterisk) / name).read_text(encoding="utf-8")
    again = each.run("--brief")
    assert (again.returncode, "MISSING" in again.stdout) == (0, False)


def test_an_include_is_missing(each: Checker):
    change(each.asterisk, "res_parking.conf", f"#tryinclude {PARKING}", "")
    found = each.check()
    assert found.status == 1
    assert any(sentence.startswith("res_parking.conf does not include") for sentence in found.of("missing", "files"))
    assert f"#tryinclude {PARKING}" in found.pasted()


def test_an_include_that_is_commented_out_is_missing(checker: Checker):
    """With something in our file the probe needs to write nothing."""
    write_conf(checker.asterisk, EXTENSIONS, "[parkinglot-x]\nexten => 1,1,NoOp()\n")
    change(checker.asterisk, "extensions.conf", f"#tryinclude {EXTENSIONS}", f";#tryinclude {EXTENSIONS}")
    assert len(checker.check().of("missing", "files")) == 1


def test_what_is_pasted_is_what_was_missing(checker: Checker):
    change(checker.asterisk, "res_parking.conf", f"#tryinclude {PARKING}", "")
    [paste] = [one["pastes"][0] for one in checker.check().findings if one["level"] == "missing"]
    text = (conf_folder(checker.asterisk) / paste["file"]).read_text(encoding="utf-8")
    write_conf(checker.asterisk, paste["file"], text + paste["text"])
    assert checker.check().status == 0


def test_phones_do_not_reach_the_lots(each: Checker):
    change(each.asterisk, "extensions.conf", "include => parkinglot\n", "")
    reload(each.asterisk, "pbx_config.so")
    found = each.check()
    assert found.status == 1
    assert found.of("missing") == [
        "The context phones does not include parkinglot: nobody who dials there reaches the lots."
    ]
    assert "include => parkinglot\n" in found.pasted()


def test_a_right_is_missing(each: Checker):
    change(each.asterisk, "manager.conf", "write = call,message,originate,reporting", "write = call,reporting")
    change(each.asterisk, "manager.conf", "read = system\nwrite = config,command,system", "write = config")
    reload(each.asterisk, "manager")
    found = each.check()
    assert found.status == 1
    told = " ".join(found.of("missing", "accounts"))
    assert "runtime may not use Originate: it lacks the class originate" in told
    hints = " ".join(found.of("hint", "accounts"))
    assert "runtime may not use MessageSend: it lacks the class message" in hints
    assert "publish may not use ModuleCheck, Command: it lacks the class system, command" in told
    assert "write = call,message,originate,reporting" in found.pasted()


def test_a_board_that_would_not_move(checker: Checker):
    change(checker.asterisk, "manager.conf", "read = call,system,user", "read = reporting")
    reload(checker.asterisk, "manager")
    assert any("boards would not move" in sentence for sentence in checker.check().of("missing", "accounts"))


def test_a_module_is_missing(checker: Checker):
    with checker.asterisk.ami() as ami:
        ami.action("ModuleLoad", Module="func_lock.so", LoadType="unload")
        try:
            found = checker.check()
        finally:
            ami.action("ModuleLoad", Module="func_lock.so", LoadType="load")
    assert found.of("hint", "modules") == [
        "The module func_lock.so is not loaded. Load it, and see that modules.conf does not keep it out."
    ]


def test_an_account_that_is_refused(checker: Checker):
    wrong = checker.asterisk.pbx.publish_url.replace("publish:", "publish:x")
    found = checker.check(ASTERISK_AMI_PUBLISH_URL=wrong)
    assert found.status == 2
    assert any("ASTERISK_AMI_PUBLISH_URL" in sentence for sentence in found.of("missing", "accounts"))


def test_nobody_is_there(checker: Checker):
    found = checker.check(ASTERISK_AMI_URL="ami://a:b@127.0.0.1:1", ASTERISK_AMI_PUBLISH_URL="")
    assert found.status == 2
    assert len(found.of("missing")) == 2
    assert "secret = SECRET" in found.pasted()
