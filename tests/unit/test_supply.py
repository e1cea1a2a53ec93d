"""What is installed: pinned, hashed, of known licence, and listed."""

import json
import re
from pathlib import Path

import pytest
from packaging.version import Version

from tests.supply import audit, licences, sbom
from tests.supply.locked import RUN, TEST, TOP, locked

LISTS = {RUN: TOP / "parkinglot/requirements.in", TEST: TOP / "tests/requirements.in"}
TOOLS = TOP / "tests" / "supply" / "tools.txt"


def plain(name: str) -> str:
    """As locked files spell it."""
    return re.sub(r"[-_.]+", "-", name.split("[", maxsplit=1)[0]).lower()


@pytest.mark.parametrize("file", [RUN, TEST, TOOLS])
def test_everything_is_pinned_with_hashes(file: Path) -> None:
    found = locked(file)
    assert len(found) > 20
    assert all(Version(one.version) and one.hashes for one in found)


@pytest.mark.parametrize("file", LISTS)
def test_the_lists_are_locked(file: Path) -> None:
    """Also when somebody forgot ``make lock``."""
    pins = {(one.name, one.version) for one in locked(file)}
    wanted = [line for line in LISTS[file].read_text().splitlines() if line[:1] not in {"#", "-", ""}]
    assert wanted
    for line in wanted:
        name, version = line.split("==")
        assert (plain(name), version) in pins, "make lock"


def test_tests_run_on_what_is_run() -> None:
    assert set(locked(RUN)) <= set(locked(TEST))


def test_every_licence_is_allowed() -> None:
    refused = {
        one.name: licences.licence(one)
        for one in locked(TEST)
        if one.is_usual and not licences.is_allowed(licences.licence(one))
    }
    assert not refused


def test_licences_that_are_not_allowed() -> None:
    assert not licences.is_allowed("?")
    assert not licences.is_allowed("MIT AND SSPL-1.0")
    assert not licences.is_allowed("GPL-3.0-only")
    assert licences.is_allowed("(GPL-2.0-only OR BSD-3-Clause) AND MIT")


def test_the_document_of_licences_is_true() -> None:
    assert licences.FILE.read_text() == licences.document(), "make lock"


def test_every_package_has_its_reason() -> None:
    reasons = (TOP / "docs" / "dependencies.md").read_text().lower()
    for file in LISTS.values():
        for line in file.read_text().splitlines():
            if "==" in line:
                assert line.split("==")[0].split("[")[0].lower() in reasons


def test_the_bill_of_materials_names_all() -> None:
    found = json.loads(json.dumps(sbom.bom()))
    assert {one["name"] for one in found["components"]} == {one.name for one in locked(RUN)}
    assert all(one["purl"].startswith("pkg:pypi/") for one in found["components"])
    assert len({one["bom-ref"] for one in found["components"]}) == len(found["components"])


def test_a_known_vulnerability_fails_and_no_database_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    bug = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": []}
    found = {"dependencies": [{"name": "a", "version": "1", "vulns": [bug]}, {"name": "b", "skip_reason": "x"}]}
    assert audit.told(json.dumps(found)) == ["a 1: PYSEC-1, mended in 2"]
    assert audit.told("Traceback") is None
    for answer, status in ((["a 1: PYSEC-1"], 1), ([], 0), (None, 0)):
        monkeypatch.setattr(audit, "audited", lambda _file, answer=answer: answer)
        assert audit.main() == status
