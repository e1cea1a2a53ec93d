"""Publishing through a portal that runs: the bridge does it, and the board has the lot at once."""

from pathlib import Path

import pytest

from lots.config.setup import Setup
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk
from tests.kit.portal import Portal
from tests.kit.published import park, publish_directly

NEW_LOT = (
    "from lots.models import ParkingLot, Pbx; "
    "ParkingLot.objects.create(pbx=Pbx.objects.get(), name='annex', label='Annex', observed=False, "
    "park_code='640', first_slot=641, last_slot=644, present=False)"
)


@pytest.fixture(name="ami")
def ami_fixture(asterisk22: RealAsterisk) -> Ami:
    return asterisk22.ami()


def test_a_lot_made_in_the_portal_takes_calls(asterisk22: RealAsterisk, ami: Ami, tmp_path: Path) -> None:
    env = {"ASTERISK_AMI_PUBLISH_URL": asterisk22.pbx.publish_url}
    with Portal(tmp_path, asterisk22.pbx.runtime_url, env=env) as portal, portal.board("rita") as board:
        portal._manage("shell", "--no-imports", "-c", NEW_LOT)
        said = portal._manage("publish")
        assert "Annex: New. 641 to 644 become available, the park code is 640." in said
        assert "is live" in said
        park(ami, "5551", "annex", "643")
        board.until(lambda: ("annex", 643) in board.parked().values(), "the caller in the new lot")
        assert asterisk22.pbx.publish_url.split(":")[2].split("@")[0] not in portal.logs()
    asterisk22.hang_up_all()
    publish_directly(asterisk22, Setup())
