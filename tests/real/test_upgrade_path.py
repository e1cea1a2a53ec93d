"""From the first release to this one: what was written then is there now, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.homes import PAGES, Home
from tests.kit.servers import postgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]  # a dozen starts of the portal


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A portal of the first release whose code was replaced, and nothing else yet."""
    if request.param == "sqlite":
        home = Home(tmp_path / "old")
        home.call("first_release")
        yield home
        return
    with postgres(tmp_path / "server") as url:
        home = Home(tmp_path / "old", url)
        home.call("first_release")
        yield home


def test_an_old_portal_is_upgraded_and_its_old_backup_becomes_a_new_portal(old: Home, tmp_path: Path):
    file, new = tmp_path / "old.zip", Home(tmp_path / "new")
    old.manage("migrate", "--check", fails=True)
    old.manage("backup", str(file))
    old.manage("migrate", "--verbosity", "0")
    old.manage("migrate", "--check")
    found = old.call("upgraded")
    slots = found.pop("slots")
    assert found == {
        "lots": [["default", "Default", 701, 720, 4711]],
        "all lots": [["default", "Default", 45, True, True], ["Old_Sales", "Verkauf „alt“", 0, True, False]],
        "calls": [
            ["1767340800.1", "", "2026-01-02T08:30:00.123456+00:00", None],
            ["1767340800.2", "retrieved", "2026-01-02T08:10:00+00:00", "2026-01-02T08:10:30.500000+00:00"],
            ["1767340800.3", "abandoned", "2026-01-01T12:00:00+00:00", "2026-01-01T12:05:00+00:00"],
            ["1767340800.4", "left", "2026-01-01T12:00:00+00:00", "2026-01-01T12:05:00+00:00"],
        ],
        "taken by": ["rita"],
        "phones": [["201", "PJSIP/201", "rita"], ["*9", "SIP/hall.1-x", None]],
        "people": [
            ["admin", "pbkdf2_sha256$1$x$admin", "Min", True],
            ["rita", "pbkdf2_sha256$1$x$rita", "Désk", True],
            ["gone", "!unusable", "", False],
        ],
        "groups": ["Administrators", "Night shift"],
        "of rita": ["Night shift"],
        "to publish": False,
        "pages": [200] * len(PAGES),
    }
    (slot,) = slots
    assert (slot["slot"], slot["uniqueid"], slot["caller"]["name"]) == (701, "1767340800.1", "Zoë")
    assert slot["parked_at"] == 1767342600123

    new.manage("restore", str(file))
    assert new.call("upgraded") == {**found, "slots": slots}
