"""A portal's publishing against a real Asterisk, without a portal: rows in the test database, and the publisher."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from lots.ami import AmiAddress
from lots.config.conf import FILES
from lots.config.content import content_of, read_content
from lots.config.render import render
from lots.config.setup import Setup
from lots.models import Pbx, Publication
from lots.publish import drift
from lots.publish.accounts import Accounts
from lots.publish.publications import State
from lots.publish.publisher import publish
from lots.publish.stored import stored
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk


@dataclass
class Publishing:
    """``port``: another way to Asterisk's AMI, such as a proxy."""

    asterisk: RealAsterisk
    row: Pbx
    port: int = 0
    last: Publication = field(init=False)

    @property
    def accounts(self) -> Accounts:
        urls = (self.asterisk.pbx.publish_url, self.asterisk.pbx.runtime_url)
        publishing, watching = (AmiAddress.parse(url) for url in urls)
        if self.port:
            publishing = AmiAddress(publishing.user, publishing.secret, publishing.host, self.port)
        return Accounts(publish=publishing, watch=watching)

    async def wanted(self, setup: Setup) -> Publication:
        """A row that waits."""
        return await Publication.objects.acreate(pbx=self.row, files=stored(render(setup)), author_name="Alex")

    async def publish(self, setup: Setup) -> Publication:
        """Its row with the verdict."""
        return await self.do(await self.wanted(setup))

    async def do(self, row: Publication) -> Publication:
        """What waits."""
        await publish(row, self.accounts, "Alex")
        self.last = await Publication.objects.aget(pk=row.pk)
        return self.last

    async def live(self, setup: Setup) -> None:
        """Publish; AssertionError unless it is live, and Asterisk says the same to somebody else."""
        row = await self.publish(setup)
        assert row.state == State.LIVE, row.message
        await self.runs(setup)

    async def runs(self, setup: Setup) -> None:
        """AssertionError unless the PBX has ``setup``: files, lots, and parking's own extensions."""
        await asyncio.to_thread(self._runs, setup)

    def _runs(self, setup: Setup) -> None:
        with self.asterisk.ami() as ami:
            for name, file in render(setup).items():
                assert files_on(ami)[name] == content_of(file)
            lots = {lot["Name"]: (lot["StartSpace"], lot["StopSpace"]) for lot in ami.items("Parkinglots")}
            for lot in setup.lots:
                assert lots[lot.name] == (str(lot.first), str(lot.last))
                native = {item["Extension"] for item in ami.items("ShowDialPlan", Context=lot.native_context)}
                assert native == {lot.park_code, *map(str, lot.slots)}

    async def look(self) -> dict[str, str]:
        """What differs."""
        return await drift.look(self.row, self.accounts)


def files_on(ami: Ami) -> Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]:
    """What our files say, as a session of its own reads them."""
    found = {}
    for name in FILES:
        answer = ami.request("GetConfig", Filename=name)
        lines = "\r\n".join(f"{key}: {value}" for key, value in answer.items())
        found[name] = read_content(lines.encode())
    return found
