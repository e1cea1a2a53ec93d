"""Whose address it is: what the PBX fetches for people must not come from inside its network. PURE."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

_LOCAL_NAME = re.compile(r"(.*\.)?(localhost|local|internal|lan|home|corp|intranet|arpa|test|invalid)\.?")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?")


def is_public(url: str) -> bool:
    """Whether the host of ``url`` is one of the public internet, as far as its text tells; nothing is looked up.

    The PBX fetches streams and sounds, so what is inside its network must not be reached by their addresses.
    """
    host = (urlsplit(url).hostname or "").lower()
    address = _address(host)
    if address is not None:
        return address.is_global and not address.is_multicast
    if "%" in host:  # curl reads it as the sign it stands for: 127%2e0.0.1
        return False
    return "." in host.rstrip(".") and not _LOCAL_NAME.fullmatch(host) and not _NUMERIC.fullmatch(host)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """``host`` as an IP address. Odd notations (hexadecimal, one number) are none, and refused as numeric names."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
