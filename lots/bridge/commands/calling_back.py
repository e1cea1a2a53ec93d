"""Call a missed caller back: ring my phone, then dial their number as if the phone had dialled it."""

import asyncio
import re

from lots.ami import ActionRefused, AmiError, AmiLink
from lots.bridge.causes import failure_of_hangup
from lots.bridge.command import End, Failed, Heard, done
from lots.bridge.originate import plain
from lots.bridge.ringing import RING, SPARE, Ringing
from lots.types import events
from lots.types.changes import LinkChanged

DIALABLE = re.compile(r"\+?[0-9*#]{2,20}\Z")


class CallBack(Ringing):
    """Over when my phone is picked up: from then on it is a call like any other."""

    async def run(self) -> End:
        """The number is shown while the phone rings."""
        number = self.order["number"]
        if not DIALABLE.match(number):
            raise Failed("not_dialable")
        if not self.bridge.link.is_up:
            raise Failed("link_lost")
        await self.phone_can_ring()
        context = await context_of(self.bridge.link, self.order["phone"]["device"]) or self.order["context"]
        if not context:
            raise Failed("no_context")
        try:
            await self.bridge.link.send("Originate", self._headers(context, number))
        except ActionRefused as refused:
            if "extension does not exist" in str(refused).lower():  # it looks before anything rings
                raise Failed("not_dialable_here", number=number) from None
            raise
        await self._picked_up()
        return done("calling_back", number=number)

    def _headers(self, context: str, number: str) -> list[tuple[str, str]]:
        """The phone shows whom it will call; whom it calls sees the phone, not their own number.

        ``CallerID`` would be both (Asterisk makes it the channel's own id as well), so each is set by its function.
        """
        phone = self.order["phone"]
        variables = {
            "CONNECTEDLINE(num,i)": number,
            "CONNECTEDLINE(name,i)": plain(self.order.get("detail", "")) or number,
            "CALLERID(num)": phone["number"],
            "CALLERID(name)": plain(self.order["user_name"]),
        }
        return [
            ("Channel", self.order["phone"]["device"]),
            ("ChannelId", self.channel_id),
            ("Context", context),
            ("Exten", number),
            ("Priority", "1"),
            ("Timeout", str(int(RING * 1000))),
            ("Async", "true"),
            *(("Variable", f"{name}={value}") for name, value in variables.items()),
        ]

    async def _picked_up(self) -> None:
        try:
            async with asyncio.timeout(RING + SPARE):
                while not await self._is_up(await self.heard.get()):
                    pass
        except TimeoutError:
            if await self.hang_up():
                raise Failed("phone_no_answer", phone=self.phone) from None

    async def _is_up(self, heard: Heard | None) -> bool:
        match heard:
            case None:
                return await self.stopped_by_hand()
            case LinkChanged():
                raise Failed("link_lost")
            case events.StateChanged(uniqueid=uid, state=state) if uid == self.channel_id:
                await self.hear_state(state)
            case events.HungUp(uniqueid=uid, cause=cause) if uid == self.channel_id:
                raise Failed(failure_of_hangup(cause, self.state), phone=self.phone)
            case events.Originated(uniqueid=uid, answered=False) if uid == self.channel_id:
                raise Failed(failure_of_hangup(await self.cause(), self.state), phone=self.phone)
        return self.state == "Up"


async def context_of(link: AmiLink, device: str) -> str:
    """The context the phone itself dials in; ``""``: only PJSIP tells."""
    technology, _, endpoint = device.partition("/")
    if technology != "PJSIP":
        return ""
    try:
        reply = await link.send("Getvar", [("Variable", f"PJSIP_ENDPOINT({endpoint},context)")])
    except AmiError:
        return ""
    return reply.headers.get("Value", "")
