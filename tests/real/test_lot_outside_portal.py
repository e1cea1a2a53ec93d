"""A portal that is started afterwards shows the locks of before, lifts them, and keeps the log of what it hears."""

import re
import sqlite3
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.kit.asterisk import RealAsterisk
from tests.kit.outside import PIN, Outside, outside_numbers, publish
from tests.kit.portal import Portal

pytestmark = pytest.mark.parametrize("asterisk", ["sid"], indirect=True)


@pytest.fixture
def outside(asterisk: RealAsterisk, folder: Path) -> Iterator[Outside]:
    publish(asterisk)
    with outside_numbers(asterisk, folder) as outside:
        yield outside


class Browser:
    """Alex's."""

    def __init__(self, portal: Portal) -> None:
        self.url, cookie = portal.url(), portal.cookie("alex")
        self.headers = {"Cookie": "=".join(cookie), "Referer": self.url}

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(self.url + path, headers=self.headers))

    def press(self, text: str, path: str, caller: str) -> None:
        """The button of the form in ``text`` that leads to ``path`` and is about ``caller``."""
        form = next(found for found in re.findall(r"<form.*?</form>", text, re.DOTALL) if f'value="{caller}"' in found)
        assert path in form
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        headers = {**self.headers, "Cookie": f"{self.headers['Cookie']}; {self.csrf}"}
        data = urllib.parse.urlencode(fields).encode()
        self._open(urllib.request.Request(self.url + path, data=data, headers=headers))

    def _open(self, request: urllib.request.Request) -> str:
        with urllib.request.urlopen(request, timeout=20) as answer:
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                if "csrf" in cookie.lower():
                    self.csrf = cookie.split(";")[0]
            text: str = answer.read().decode()
            return text


def tries(portal: Portal) -> list[tuple[str, str, str, str]]:
    query = (
        "SELECT name, number, caller, result FROM lots_doortry t JOIN lots_parkinglot p ON p.id = lot_id ORDER BY t.id"
    )
    with closing(sqlite3.connect(portal.folder / "parkinglot.sqlite3")) as database:
        return database.execute(query).fetchall()


def test_locks_outlast_the_portal_and_the_portal_keeps_the_log(
    outside: Outside, tmp_path_factory: pytest.TempPathFactory
):
    outside.fail(("4930200", "5551001"))
    with Portal(tmp_path_factory.mktemp("portal"), outside.asterisk.pbx.runtime_url) as portal:
        browser = Browser(portal)
        page = browser.get("/admin/lots/doortry/locks/")
        assert "5551001" in page
        with portal.board("rita") as board:  # once it is open the bridge hears Asterisk
            board.until(lambda: "red" in board.lots, "the lot")
        outside.refuses("4930200")
        browser.press(page, "/admin/lots/doortry/locks/lift/", "5551001")
        assert "5551001" not in browser.get("/admin/lots/doortry/locks/").split("<h2>")[1]
        with outside.call("4930200") as caller:
            outside.asks_for_pin()
            caller.press(f"{PIN}#")
            outside.says("nothing")
        deadline = time.monotonic() + 5
        while len(tries(portal)) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)  # another process writes it down
        assert tries(portal) == [("red", "4930200", "5551001", "locked"), ("red", "4930200", "5551001", "nothing")]
        assert PIN not in portal.logs()
