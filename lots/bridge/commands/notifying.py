"""Notify the person a call is for: on their board, and as a SIP MESSAGE on phones that take it."""

import logging

from lots.ami import AmiError
from lots.bridge import notices
from lots.bridge.command import Command, End, Failed, done
from lots.bridge.originate import caller_name, device_state, plain
from lots.types.calls import Call

log = logging.getLogger(__name__)

SENDER = "sip:parking@localhost"
"""Who the message comes from; phones show the text."""
AWAY = {"UNAVAILABLE", "INVALID"}


class Notify(Command):
    """Quiet: nothing rings. ``params`` of the end tell where it went: ``board`` and ``phone``."""

    async def run(self) -> End:
        """The board first: it always works where the phone has an owner."""
        call, whom = self.still_there(), self.order["notified"]
        if not await self.write(notices.notify, self.order["uniqueid"], self.order["user"], whom):
            raise Failed("not_parked")
        shown = await self._message(call)
        if not shown and self.order.get("taker") is None:
            raise Failed("not_notified", phone=whom["phone"]["number"])
        return done("notified", phone=whom["phone"]["number"], name=whom["phone"]["name"])

    async def _message(self, call: Call) -> bool:
        """Whether Asterisk has sent the phone a message. That a phone shows it nobody tells."""
        technology, _, endpoint = self.order["notified"]["phone"]["device"].partition("/")
        if technology != "PJSIP":
            return False
        try:
            if await device_state(self.bridge.link, f"{technology}/{endpoint}") in AWAY:
                return False
            headers = [("To", f"pjsip:{endpoint}"), ("From", SENDER), ("Body", self._text(call))]
            await self.bridge.link.send("MessageSend", headers)
        except AmiError as error:  # the account may lack the class "message"; the board has the notice all the same
            log.info("No SIP MESSAGE to %s: %s", endpoint, error)
            return False
        return True

    def _text(self, call: Call) -> str:
        """One line, as small displays have."""
        text = self.order["notified"]["text"]
        said = f": {text}" if text else ""
        return f"{caller_name(call)} on {call.slot}{said} ({plain(self.order['user_name'])})"


class Answer(Command):
    """Whom a notice was for says that they have seen it, or that they are coming."""

    async def run(self) -> End:
        """Once it is written the sender's board shows it."""
        if not await self.write(notices.answer, self.order["notice"], self.order["user"], self.order["answer"]):
            raise Failed("no_such_notice")
        return done("answered")
