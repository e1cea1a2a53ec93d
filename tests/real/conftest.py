from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk, asterisk_fixture, real_asterisk
from tests.kit.board_socket import BoardSocket
from tests.kit.portal import Portal

__all__ = ["asterisk_fixture"]


@pytest.fixture(scope="session")
def asterisk22(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAsterisk]:
    with real_asterisk(tmp_path_factory.mktemp("asterisk22")) as running:
        yield running


@pytest.fixture(scope="session")
def shared_portal(asterisk: RealAsterisk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for each Asterisk, for all tests that leave it as they found it."""
    with Portal(tmp_path_factory.mktemp("portal"), asterisk.pbx.runtime_url) as portal:
        yield portal


@pytest.fixture
def portal(shared_portal: Portal, asterisk: RealAsterisk) -> Iterator[Portal]:
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
