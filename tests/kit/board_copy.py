"""A page's picture of the board, kept exactly as docs/protocol.md tells pages to."""

import json
from typing import Any

Message = dict[str, Any]


class BoardCopy:
    """``take`` every message in order; ``resync`` is set when the protocol asks for a ``resync``."""

    def __init__(self) -> None:
        self.lots: dict[int, Message] = {}
        self.slots: dict[int, dict[int, Message]] = {}
        self.link: Message = {}
        self.resync = False
        self.kinds: list[str] = []

    def take(self, text: str) -> None:
        message: Message = json.loads(text)
        self.kinds.append(message["type"])
        match message["type"]:
            case "snapshot":
                self.lots = {lot["id"]: lot for lot in message["lots"]}
                self.slots = {lot["id"]: {slot["slot"]: slot for slot in lot["slots"]} for lot in message["lots"]}
                self.link, self.resync = message["link"], False
            case "link":
                self.link = message["link"]
            case "change":
                self._change(message)
            case "beat":
                behind = (known["revision"] < message["revisions"].get(str(pk), 0) for pk, known in self.lots.items())
                self.resync |= any(behind)

    def _change(self, message: Message) -> None:
        lot = self.lots.get(message["lot"])
        if lot is None or lot["revision"] < message["after"]:
            self.resync = True
        elif lot["revision"] < message["revision"]:
            lot["revision"] = message["revision"]
            for slot in message["slots"]:
                if slot["state"] == "free":
                    self.slots[lot["id"]].pop(slot["slot"], None)
                else:
                    self.slots[lot["id"]][slot["slot"]] = slot
