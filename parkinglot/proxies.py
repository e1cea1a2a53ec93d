"""Where a request really comes from, when a reverse proxy stands in front: `TRUSTED_PROXIES` says whom to believe."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
Scope = Mapping[str, Any]

log = logging.getLogger(__name__)

FORWARDED = b"x-forwarded-for"
CLAIMS = (
    b"x-forwarded-for",
    b"x-forwarded-proto",
    b"x-forwarded-host",
    b"x-forwarded-port",
    b"x-real-ip",
    b"forwarded",
)
"""Headers that only a trusted proxy may bring."""


def parsed(text: str) -> Address | None:
    """An address as proxies write it, also with a port or in brackets; None: it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def client_of(peer: str, hops: Sequence[str], trusted: Iterable[Network]) -> str:
    """The nearest address that no trusted proxy vouches for further: what stands left of it anybody could have written.

    ``peer`` is who the connection comes from, ``hops`` the entries of ``X-Forwarded-For``, nearest last.
    """
    known, networks = parsed(peer), tuple(trusted)
    for hop in reversed(hops):
        if known is None or not any(known in network for network in networks):
            break
        further = parsed(hop)
        if further is None:
            break
        known = further
    return str(known) if known else peer


class Proxies:
    """Puts the client's address into the scope; takes away what somebody else than a trusted proxy claims."""

    def __init__(self, application: Callable[..., Awaitable[None]], trusted: Sequence[Network]) -> None:
        self.application = application
        self.trusted = tuple(trusted)
        self.warned = False

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass on, with the address put right."""
        await self.application(self._seen(scope) if self.trusted else scope, receive, send)

    def _seen(self, scope: Scope) -> Scope:
        peer = (scope.get("client") or ("", 0))[0]
        known = parsed(peer)
        if known is None or not any(known in network for network in self.trusted):
            believed = [pair for pair in scope["headers"] if pair[0].lower() not in CLAIMS]
            if len(believed) < len(scope["headers"]) and not self.warned:
                self.warned = True  # once: anybody can make us say it
                log.warning("%s is not among TRUSTED_PROXIES: its X-Forwarded headers are not believed.", peer)
            return {**scope, "headers": believed}
        lines = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == FORWARDED]
        return {**scope, "client": [client_of(peer, ",".join(lines).split(","), self.trusted), 0]}
