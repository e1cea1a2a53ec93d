"""A PBX of lies to publish to, and setups to publish."""

from dataclasses import dataclass

from lots.ami import AmiAddress, Timing
from lots.config.conf import FILES, PARKING
from lots.config.content import content_of
from lots.config.render import render
from lots.config.setup import Lot, Music, MusicKind, Setup
from lots.models import Pbx, Publication
from lots.publish.accounts import Accounts
from lots.publish.publisher import publish
from lots.publish.stored import stored
from tests.kit.fake_ami import FakeAmi
from tests.kit.fake_pbx import FakePbx

TIMING = Timing(connect=2, login=2, action=2, farewell=0.2)
JAZZ = Music(name="jazz", kind=MusicKind.DIRECTORY, directory="/moh")
DESK, HALL = Lot(name="desk", first=701, last=704), Lot(name="hall", park_code="800", first=801, last=804)
OLD = Setup(lots=(DESK, HALL))
NEW = Setup(lots=(Lot(name="desk", first=701, last=709, timeout=90, music="jazz"), HALL), music=(JAZZ,))


@dataclass
class Bench:
    """A PBX to publish to."""

    fake: FakeAmi
    pbx: FakePbx
    row: Pbx

    @property
    def accounts(self) -> Accounts:
        address = AmiAddress(user="publish", secret="s3cr3t", host="127.0.0.1", port=self.fake.port)
        return Accounts(publish=address, watch=address)

    async def wanted(self, setup: Setup) -> Publication:
        return await Publication.objects.acreate(pbx=self.row, files=stored(render(setup)), author_name="Alex")

    async def publish(self, setup: Setup) -> Publication:
        row = await self.wanted(setup)
        await publish(row, self.accounts, "Alex", timing=TIMING)
        await row.arefresh_from_db()
        return row

    def runs(self, setup: Setup) -> bool:
        """Files, what is loaded, and parking's own extensions."""
        meant = {name: content_of(file) for name, file in render(setup).items()}
        loaded = all(self.pbx.content(file) == meant[file] == self.pbx.running[file] for file in FILES)
        return loaded and self.pbx.native == meant[PARKING]
