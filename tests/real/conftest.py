from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RUNNING, RealAsterisk, asterisk_fixture, real_asterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal
from tests.kit.published import unpublish

TOLD = (
    "Uniqueid",
    "ParkeeUniqueid",
    "Channel",
    "ParkingSpace",
    "Context",
    "Extension",
    "Application",
    "AppData",
    "Cause",
)
"""Of an event, what a failed test shows."""
__all__ = ["asterisk_fixture"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure goes what Asterisk did last, as the test's own session heard it."""
    report = yield
    session = getattr(item, "funcargs", {}).get("ami")
    if report.when == "call" and report.failed and isinstance(session, Ami):
        with suppress(OSError, AssertionError):  # Asterisk may be gone
            session.ping()
        told = [
            f"{event['Event']} {' '.join(f'{k}={event[k]}' for k in TOLD if k in event)}" for event in session.events
        ]
        report.sections.append(("Asterisk", "\n".join(told[-100:])))
    return report


@pytest.fixture(scope="session")
def asterisk22(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAsterisk]:
    with real_asterisk(tmp_path_factory.mktemp("asterisk22")) as running:
        yield running


@pytest.fixture(scope="session")
def shared_portal(asterisk: RealAsterisk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for each Asterisk, for all tests that leave it as they found it."""
    with Portal(tmp_path_factory.mktemp("portal"), asterisk.pbx.runtime_url) as portal:
        yield portal


@pytest.fixture(scope="session")
def zones(shared_portal: Portal) -> Portal:
    """Zones in the portal's database: every board hears of lots and zones with its next snapshot."""
    shared_portal.script("zones")
    return shared_portal


@pytest.fixture(scope="module", autouse=True)
def _nothing_published() -> Iterator[None]:
    """What a file's tests published does not reach the next file's."""
    yield
    for running in RUNNING:
        if running.pbx.is_running:
            running.hang_up_all()
            unpublish(running)


@pytest.fixture
def portal(shared_portal: Portal, asterisk: RealAsterisk) -> Iterator[Portal]:
    asterisk.hang_up_all()
    with shared_portal.board("alex") as board:  # an earlier test's callers are not to be taken for this one's
        board.until(lambda: not board.slots, "an empty board")
    yield shared_portal
    asterisk.hang_up_all()


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    """The test's own eyes and hands on Asterisk."""
    with asterisk.ami() as session:
        yield session


@pytest.fixture
def board(portal: Portal) -> Iterator[BoardSocket]:
    """Rita's board."""
    with portal.board("rita") as board:
        yield board


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
