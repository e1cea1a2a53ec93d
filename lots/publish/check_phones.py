"""Hold music that would not be heard, phones that do not show who is there, an address nobody can fetch from."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from lots.publish.finding import Finding, Level, Paste
from lots.publish.pbx_facts import Facts

MOST_NAMED = 5
TELLS = "send_pai = yes\nsend_connected_line = yes\ntrust_id_inbound = yes\n"


def findings(facts: Facts) -> Iterator[Finding]:
    """None of it stops publishing."""
    for sentence in facts.music:
        yield Finding(Level.HINT, "music", sentence)
    if facts.uploads and _is_loopback(facts.portal_url) and not _same_host(facts):
        words = _(
            "Recordings are fetched from %(url)s, which on the PBX is the PBX itself. Set PORTAL_URL to the address "
            "under which the PBX reaches the portal."
        )
        paste = Paste(_("the portal’s environment"), "PORTAL_URL=http://ADDRESS-OF-THE-PORTAL:8000\n")
        yield Finding(Level.MISSING, "music", words % {"url": facts.portal_url}, (paste,))
    if facts.silent_phones:
        yield _silent(facts.silent_phones)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host.startswith("127.") or host in {"localhost", "::1"}


def _same_host(facts: Facts) -> bool:
    address = facts.watch.address or facts.publish.address
    return address is None or address.host.startswith("127.") or address.host in {"localhost", "::1"}


def _silent(names: tuple[str, ...]) -> Finding:
    told = ", ".join(names[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")
    words = _(
        "These phones are not told who they are connected with, so after taking a call they go on showing the parking "
        "slot: %(phones)s."
    )
    pastes = (Paste("pjsip.conf", f"[{names[0]}]\n{TELLS}"),)
    return Finding(Level.HINT, "phones", words % {"phones": told}, pastes, "asterisk -rx 'module reload res_pjsip.so'")
