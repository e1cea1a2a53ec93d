"""A page's message as an order for the bridge: checked for form and for rights, both at this moment."""

from typing import Any

from django.conf import settings

from dashboard.rights import Rights, Viewer, current, phone_to_ring
from lots.bridge.facts import board_lots
from lots.bridge.messages import Order

LONGEST_COMMAND = 64


class Refused(Exception):  # noqa: N818  (an answer, not an error of ours)
    """The order is not passed on; the text is a code of docs/protocol.md."""


def as_int(value: object) -> int | None:
    """A whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_text(value: object) -> str:
    """A short text, or nothing."""
    return value if isinstance(value, str) and len(value) <= LONGEST_COMMAND else ""


def order_of(viewer: Viewer, message: dict[str, Any], socket: str, reply_to: str) -> Order:
    """The order in ``message``. Raises ``Refused``."""
    rights = current([viewer]).get(viewer)
    if rights is None or not rights.see or not rights.retrieve:
        raise Refused("forbidden")
    command = as_text(message.get("command"))
    if not command:
        raise Refused("bad_request")
    order = _order(command, socket, reply_to, viewer, rights)
    match message.get("type"):
        case "retrieve":
            return _retrieve(order, viewer, rights, message)
        case "cancel":
            return {**order, "kind": "cancel"}
        case "park_demo" if settings.DEMO:
            return {**order, "kind": "park_demo"}
    raise Refused("bad_request")


def _order(command: str, socket: str, reply_to: str, viewer: Viewer, rights: Rights) -> Order:
    return {
        "kind": "retrieve",
        "command": command,
        "socket": socket,
        "reply_to": reply_to,
        "user": viewer.user,
        "user_name": rights.name,
    }


def _retrieve(order: Order, viewer: Viewer, rights: Rights, message: dict[str, Any]) -> Order:
    """A lot that is hidden, closed, or not there at all is refused in the same words."""
    lot, slot = as_int(message.get("lot")), as_int(message.get("slot"))
    uniqueid = message.get("uniqueid")
    if lot is None or slot is None or not isinstance(uniqueid, str) or not uniqueid:
        raise Refused("bad_request")
    name = {seen.pk: seen.name for seen in board_lots()}.get(lot)
    if name is None or lot not in rights.lots.retrieve:
        raise Refused("forbidden")
    phone = phone_to_ring(viewer.user, as_int(message.get("phone")))
    if phone is None:
        raise Refused("no_phone")
    return {**order, "lot": lot, "lot_name": name, "slot": slot, "uniqueid": uniqueid, "phone": phone}
