"""What the terminal says when everything runs: where, with which accounts, and how to call in."""

from django.conf import settings

from lots.demo.people import Account
from lots.demo.setting import LOTS, SOFTPHONE
from lots.embedded import EmbeddedAsterisk


def welcome(asterisk: EmbeddedAsterisk | None, accounts: list[Account]) -> str:
    """A short text; addresses first."""
    host = "127.0.0.1" if settings.BIND in {"0.0.0.0", "::"} else settings.BIND
    lines = [
        "",
        f"  The board:   http://{host}:{settings.PORT}/",
        f"  The admin:   http://{host}:{settings.PORT}/admin/",
    ]
    if accounts:
        lines += ["", "  Demo accounts"]
        lines += [f"    {a.username:<10} {a.password or '(changed)':<14} {a.what}" for a in accounts]
    if asterisk is not None:
        lines += ["", *_softphone(asterisk)]
    return "\n".join([*lines, "", "  Ctrl-C ends everything.", ""])


def _softphone(asterisk: EmbeddedAsterisk) -> list[str]:
    codes = ", ".join(f"{lot.park_code} ({lot.name.capitalize()})" for lot in LOTS)
    return [
        "  Call in with a softphone on this machine",
        f"    server 127.0.0.1:{asterisk.sip_port} (UDP), user {SOFTPHONE}, password {asterisk.password(SOFTPHONE)}",
        f"    transfer a call to {codes} to park it; dial a slot, such as {LOTS[0].first}, to take a call",
    ]
