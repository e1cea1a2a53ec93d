"""Where a request comes from: a trusted proxy's word counts, nobody else's does."""

from ipaddress import ip_network
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from parkinglot.env import networks
from parkinglot.proxies import Proxies, client_of, parsed

OURS = (ip_network("10.0.0.0/24"), ip_network("fd00::/8"))
ADDRESSES = st.ip_addresses().map(str)
OUTSIDE = st.ip_addresses(v=4).filter(lambda found: found not in OURS[0]).map(str)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1:8080", "192.0.2.1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unknown", None),
        ("", None),
        ("192.0.2.1, 192.0.2.2", None),
    ],
)
def test_addresses_as_proxies_write_them(text: str, address: str | None) -> None:
    found = parsed(text)
    assert (str(found) if found else None) == address


@given(OUTSIDE, st.lists(st.text(max_size=20)))
def test_a_stranger_is_where_they_connect_from_whatever_they_claim(peer: str, hops: list[str]) -> None:
    assert client_of(peer, hops, OURS) == peer


@given(st.lists(st.text(max_size=20)), OUTSIDE)
def test_what_stands_left_of_the_client_may_be_made_up(made_up: list[str], client: str) -> None:
    assert client_of("10.0.0.1", [*made_up, client], OURS) == client
    assert client_of("10.0.0.1", [*made_up, client, "10.0.0.2", "fd00::1"], OURS) == client


@given(ADDRESSES, st.lists(ADDRESSES))
def test_without_trusted_proxies_nothing_is_believed(peer: str, hops: list[str]) -> None:
    assert client_of(peer, hops, ()) == str(parsed(peer))


def test_a_proxy_that_names_nobody_is_the_client() -> None:
    assert client_of("10.0.0.1", [""], OURS) == "10.0.0.1"
    assert client_of("10.0.0.1", ["192.0.2.7", "unknown"], OURS) == "10.0.0.1"


async def through(trusted: Any, peer: str, *headers: tuple[bytes, bytes]) -> Any:
    """The scope as the portal sees it."""
    seen: list[Any] = []

    async def portal(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope)

    scope = {"type": "http", "client": [peer, 4711], "headers": list(headers)}
    await Proxies(portal, trusted)(scope, None, None)
    return seen[0]


async def test_the_address_is_put_right_for_http_and_sockets_alike() -> None:
    spoofed = (b"x-forwarded-for", b"127.0.0.1, 192.0.2.7")
    proto, host = (b"x-forwarded-proto", b"https"), (b"host", b"portal")
    seen = await through(OURS, "10.0.0.9", spoofed, proto, host)
    assert seen["client"][0] == "192.0.2.7"
    assert proto in seen["headers"]
    seen = await through(OURS, "192.0.2.66", spoofed, proto, host)
    assert (seen["client"][0], seen["headers"]) == ("192.0.2.66", [host])
    seen = await through((), "192.0.2.66", spoofed, proto, host)
    assert (seen["client"][0], seen["headers"]) == ("192.0.2.66", [spoofed, proto, host])


async def test_several_lines_of_the_header_are_one_list() -> None:
    lines = ((b"x-forwarded-for", b"203.0.113.9"), (b"X-Forwarded-For", b"192.0.2.7"))
    assert (await through(OURS, "10.0.0.9", *lines))["client"][0] == "192.0.2.7"


def test_trusted_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    env = environ.Env()
    monkeypatch.delenv("TRUSTED_PROXIES", raising=False)
    assert networks(env, "TRUSTED_PROXIES") == ()
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.5, 192.168.7.0/24,fd00::/8,")
    assert [str(network) for network in networks(env, "TRUSTED_PROXIES")] == [
        "10.0.0.5/32",
        "192.168.7.0/24",
        "fd00::/8",
    ]
    for wrong in ("proxy.example", "10.0.0.5/24", "*", "10.0.0.0/33"):
        monkeypatch.setenv("TRUSTED_PROXIES", wrong)
        with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES must be"):
            networks(env, "TRUSTED_PROXIES")
