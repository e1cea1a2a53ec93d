"""A bridge at work without an Asterisk: events are put into its inbox, what it sends is read from its link."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

from lots.ami import AmiAddress, AmiLink
from lots.bridge.messages import Order, bridge_channel
from lots.bridge.service import Bridge
from lots.models import Pbx
from lots.types import events
from lots.types.calls import Call, Party
from tests.kit.fake_link import FakeLink
from tests.kit.layer import PATIENCE, Ear, Pages
from tests.kit.pbx_model import LOT, START, call

WHERE = AmiAddress(user="u", secret="s", host="127.0.0.1", port=1)
BOB = replace(call("u1", 703), caller=Party("5551001", "Bob"), parker_device="PJSIP/203")


@dataclass
class Served:
    """``ear`` is a web process, ``pages`` what its pages are told."""

    bridge: Bridge
    link: FakeLink
    ear: Ear
    task: "asyncio.Task[None]"
    pages: Pages = field(default_factory=Pages)

    async def hear(self, *heard: events.Event) -> None:
        """Let Asterisk say something."""
        for event in heard:
            await self.bridge.inbox.put(event)

    async def come_up(self, *calls: Call) -> None:
        """Log in, list ``calls``, and wait until all of it is written and told, and forget what was asked for that."""
        listed = events.Listed(lots=(LOT,), calls=calls, at=START)
        await self.hear(events.LinkUp(version="11.0.0", at=START), listed, events.Settled(at=START))
        await self.ear.until("link")
        if calls:
            await self.ear.until("change")
        await self.link.asked("CoreShowChannels")
        self.link.sent.clear()

    async def written(self) -> None:
        """Wait until what was heard is written: orders hear, and end, before it is."""
        async with self.bridge.writing:
            pass

    async def order(self, kind: str = "retrieve", **fields: Any) -> None:
        """What a web process passes on."""
        given = {
            "kind": kind,
            "command": "c1",
            "socket": "s1",
            "reply_to": self.pages.channel,
            "user": 0,
            "user_name": "Rita Desk",
            **fields,
        }
        await self.bridge.layer.send(bridge_channel(self.bridge.pbx.name), {"type": "order", "order": given})

    async def retrieve(self, user: int, who: Call = BOB, number: str = "201", **fields: Any) -> None:
        """A click on ``who``."""
        device = {"id": 1, "number": number, "name": "Desk", "device": f"PJSIP/{number}"}
        await self.order(
            "retrieve",
            user=user,
            lot=1,
            **{"lot_name": who.lot, "slot": who.slot, "uniqueid": who.uniqueid, "phone": device, **fields},
        )

    async def codes(self, *until: str) -> list[str]:
        """What the pages were told up to one of these codes."""
        return await self.pages.codes(until=set(until))

    async def ringing(self, user: int) -> str:
        """Click, and let the phone ring; the uniqueid of our leg."""
        await self.retrieve(user)
        leg = (await self.link.asked("Originate"))["ChannelId"]
        await self.hear(events.StateChanged(uniqueid=leg, channel="PJSIP/201-1", state="Ringing", at=START))
        assert await self.codes("ringing") == ["claimed", "ringing"]
        return leg

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.wait([self.task], timeout=PATIENCE)


@asynccontextmanager
async def serving(pbx: Pbx) -> AsyncIterator[Any]:
    """A function that starts a bridge under a name; all of them end with the test."""
    async with AsyncExitStack() as stack:

        async def start(holder: str = "here:1", *, wait: bool = True) -> Served:
            ear = await Ear().listen()
            bridge, link = Bridge(await Pbx.objects.aget(pk=pbx.pk), WHERE), FakeLink()
            bridge.link, bridge.holder = cast("AmiLink", link), holder
            served = Served(bridge, link, ear, asyncio.create_task(bridge.run()))
            stack.push_async_callback(served.stop)
            if wait:
                async with asyncio.timeout(PATIENCE):
                    await bridge.serving.wait()
            return served

        yield start


def order_of(**fields: Any) -> Order:
    """An order as :func:`Served.retrieve` gives it."""
    device = {"id": 1, "number": "201", "name": "Desk", "device": "PJSIP/201"}
    given = {
        "kind": "retrieve",
        "command": "c1",
        "socket": "s1",
        "reply_to": "r",
        "user": 1,
        "user_name": "Rita Desk",
        "lot": 1,
        "slot": 703,
        "uniqueid": "u1",
        "phone": device,
        **fields,
    }
    return cast("Order", given)
