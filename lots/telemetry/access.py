"""Who may read figures. Off unless a setting names a token or addresses. Pure."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address

Headers = Iterable[tuple[bytes, bytes]]
CLAIMS = {b"x-forwarded-for", b"forwarded", b"x-real-ip"}


@dataclass(frozen=True, slots=True)
class Access:
    """``token``: who sends it as ``Authorization: Bearer`` may. ``networks``: whoever is there may, without one."""

    token: str = field(default="", repr=False)
    networks: Sequence[IPv4Network | IPv6Network] = ()
    behind_proxy: bool = False
    """Somebody trustworthy says in a header whom a request is from, and the address is put right already."""

    def __bool__(self) -> bool:
        return bool(self.token or self.networks)

    def allows(self, headers: Headers, client: str) -> bool:
        """Whether a request with these ``headers`` from ``client`` is answered."""
        return self._knows_token(headers) or self._is_near(headers, client)

    def _knows_token(self, headers: Headers) -> bool:
        given = [value for name, value in headers if name.lower() == b"authorization"]
        kind, _, word = (given[0] if len(given) == 1 else b"").partition(b" ")
        return bool(self.token) and kind.lower() == b"bearer" and hmac.compare_digest(word, self.token.encode())

    def _is_near(self, headers: Headers, client: str) -> bool:
        """A proxy nobody told us of makes every visitor look like a neighbour."""
        if not self.behind_proxy and any(name.lower() in CLAIMS for name, _ in headers):
            return False
        try:
            address = ip_address(client)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self.networks)
