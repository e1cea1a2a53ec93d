"""Pages behind the sockets of a hub, without a browser and without a server."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import User

from dashboard.audience import Audience
from dashboard.hub import Hub, acurrent
from dashboard.rights import Rights, Viewer
from dashboard.socket import Socket
from lots.bridge.ledger import beat, record
from lots.bridge.messages import BOARDS, News
from lots.models import Pbx
from lots.types.changes import Ended, Ending, Entered, Outcome
from tests.kit.board_copy import BoardCopy
from tests.kit.layer import PATIENCE
from tests.kit.logins import viewer
from tests.kit.pbx_model import LOT, START, call

database = pytest.mark.django_db(transaction=True)
SEES = Rights(name="Rita Desk", see=True, acts=frozenset({"retrieve"}), phones=(), lots=Audience())
arecord = sync_to_async(record)


class Page:
    """A socket with a page behind it; ``broken`` makes sending raise."""

    def __init__(self, who: Viewer | None = None, rights: Rights = SEES) -> None:
        self.copy = BoardCopy()
        self.texts: asyncio.Queue[str] = asyncio.Queue()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.broken = False
        self.socket = Socket(who or Viewer(1, "s"), rights, self._send, self._close)

    async def _send(self, text: str) -> None:
        if self.broken:
            raise OSError("gone")
        self.copy.take(text)
        self.texts.put_nowait(text)

    async def _close(self, code: int) -> None:
        self.closed.set_result(code)
        if self.broken:
            raise OSError("gone")

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            message: dict[str, Any] = json.loads(await self.texts.get())
        return message

    async def until(self, kind: str) -> dict[str, Any]:
        while (message := await self.next())["type"] != kind:
            pass
        return message

    async def code(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self.closed

    def nothing(self) -> bool:
        return self.texts.empty()


async def tell(news: News | list[News]) -> None:
    for item in news if isinstance(news, list) else [news]:
        await get_channel_layer().group_send(BOARDS, {"type": "news", "news": item})


def reader() -> Viewer:
    """A new login of somebody who may do everything; made without a word to any hub."""
    User.objects.bulk_create([User(username="reader", is_superuser=True)], ignore_conflicts=True)
    return viewer(User.objects.get(username="reader"))


async def joined(hub: Hub, who: Viewer | None = None) -> Page:
    """A page of ``who`` with the rights they have now."""
    who = who or await sync_to_async(reader)()
    page = Page(who, (await acurrent([who]))[who])
    await hub.join(page.socket)
    assert (await page.next())["type"] == "snapshot"
    return page


async def sign_of_life(pbx: Pbx, **told: Any) -> News:
    """The bridge's beat as it is now, or with something told differently."""
    now: Any = await sync_to_async(beat)(await Pbx.objects.aget(pk=pbx.pk))
    return {**now, **told}  # type: ignore[no-any-return]


def entered(number: int) -> Entered:
    return Entered(call(f"n{number}", LOT.first + number % 4))


def ended(number: int) -> Ended:
    return Ended(call(f"n{number}", LOT.first + number % 4), Ending(Outcome.LEFT, START))
