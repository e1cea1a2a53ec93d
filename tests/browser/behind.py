"""What is behind a browser's page: a portal with paging zones, a real Asterisk 22, and SIP phones."""

from collections.abc import Iterator

import pytest

from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk, asterisk_fixture
from tests.kit.portal import Portal

__all__ = ["ami", "asterisk_fixture", "only_22", "portal", "zoned_portal"]

only_22 = pytest.mark.parametrize("asterisk", ["sid"], indirect=True)


@pytest.fixture(scope="session")
def zoned_portal(asterisk: RealAsterisk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Portal(tmp_path_factory.mktemp("portal"), asterisk.pbx.runtime_url) as running:
        running.script("zones")
        yield running


@pytest.fixture
def portal(zoned_portal: Portal, asterisk: RealAsterisk) -> Iterator[Portal]:
    yield zoned_portal
    asterisk.hang_up_all()


@pytest.fixture
def ami(asterisk: RealAsterisk) -> Iterator[Ami]:
    with asterisk.ami() as session:
        yield session
