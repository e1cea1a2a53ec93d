"""A lot is removed while somebody waits in it."""

import pytest

from lots.config.setup import Lot, Setup
from lots.models import Pbx, Publication
from tests.kit.asterisk import RealAsterisk
from tests.kit.published import park, publish_directly
from tests.kit.publishing import Publishing
from tests.kit.waiting import ring

GOING = Lot(name="going", park_code="680", first=681, last=683, timeout=3, ring_parker=0, steps=(ring("PJSIP/205"),))


def test_who_waits_in_a_removed_lot_is_not_dropped(asterisk: RealAsterisk) -> None:
    publish_directly(asterisk, Setup(lots=(GOING,)))
    with asterisk.ami() as ami, asterisk.phone("205") as fallback:
        park(ami, "5551001", "going")
        publish_directly(asterisk, Setup(leaving=(GOING,)))
        assert [call["Parkinglot"] for call in ami.items("ParkedCalls")] == ["going"]
        ami.event("ParkedCallTimeOut")
        fallback.received("ACK")
    asterisk.hang_up_all()


@pytest.mark.django_db(transaction=True)
async def test_it_is_published_and_compared_like_everything_else(asterisk22: RealAsterisk) -> None:
    publishing = Publishing(asterisk22, await Pbx.objects.acreate(name="main"))
    for setup in (Setup(lots=(GOING,)), Setup(leaving=(GOING,)), Setup()):
        row = await publishing.publish(setup)
        assert row.state == Publication.State.LIVE, row.message
        assert await publishing.look() == {}
