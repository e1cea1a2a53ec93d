"""Guessing at two web processes by turns, behind a proxy: one count for all of them, for the client's own address."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.kit.portal import Portal

ATTACKER, COLLEAGUE = "203.0.113.9", "203.0.113.10"


class Webs(Portal):
    """Web processes only: nobody needs Asterisk to log in."""

    def start(self) -> None:
        for port in self.ports:
            self._run(port, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "parkinglot.asgi:application")
        for port in self.ports:
            self._wait_for(port)


@pytest.fixture(scope="module")
def webs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webs]:
    env = {"TRUSTED_PROXIES": "127.0.0.1", "LOGIN_FAILURES": "4"}
    with Webs(tmp_path_factory.mktemp("portal"), "ami://nobody:x@127.0.0.1:1", "split", env) as running:
        yield running


def attempt(url: str, name: str, client: str) -> int:
    """The status that a wrong password gets, sent through the proxy on this machine."""
    through = {"X-Forwarded-For": f"198.51.100.1, {client}"}
    with urlopen(Request(f"{url}/login/", headers=through)) as page:
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page.read().decode())
        cookie = SimpleCookie(page.headers["Set-Cookie"]).output(attrs=[], header="").strip()
    assert token
    sent = urlencode({"csrfmiddlewaretoken": token[1], "username": name, "password": "wrong"}).encode()
    try:
        with urlopen(Request(f"{url}/login/", sent, {**through, "Cookie": cookie})) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_two_processes_count_together_and_by_the_client_s_address(webs: Webs) -> None:
    first, second = webs.url(0), webs.url(1)
    guesses = [attempt(url, "rita", ATTACKER) for url in (first, second, first, second)]
    assert guesses == [200, 200, 200, 429]
    assert [attempt(url, "rita", ATTACKER) for url in (first, second)] == [429, 429]
    assert attempt(first, "rita", COLLEAGUE) == 200, "another client behind the same proxy"
    assert attempt(second, "ron", ATTACKER) == 200, "another name from the same client"
