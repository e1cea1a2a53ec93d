"""Recordings over HTTP: for Asterisk, which asks for the whole, and for browsers, which ask for parts."""

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from parkinglot.audio import CHUNK, Audio
from parkinglot.front import Front

CONTENT = random.Random(1).randbytes(3 * CHUNK + 17)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
PATH = f"/audio/{DIGEST}.wav"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    (folder / f"{DIGEST}.wav").write_bytes(CONTENT)
    (folder.parent / "secret.wav").write_bytes(b"secret")
    (folder / f"{'b' * 64}.wav").symlink_to("/etc/passwd")
    return folder


async def ask(
    folder: Path, path: str = PATH, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], list[bytes]]:
    """Status, headers and the pieces of the body."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    await Audio(folder)({"path": path, "method": method, "headers": given}, send)
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert not sent[-1].get("more_body")
    return sent[0]["status"], head, [message["body"] for message in sent[1:] if message["body"]]


async def test_asterisk_gets_the_whole_and_may_keep_it(folder: Path) -> None:
    status, headers, pieces = await ask(folder)
    assert (status, b"".join(pieces)) == (200, CONTENT)
    assert max(map(len, pieces)) <= CHUNK, "it was read into memory"
    assert headers["content-type"] == "audio/wav"
    assert headers["content-length"] == str(len(CONTENT))
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["x-content-type-options"] == "nosniff"


async def test_head_tells_the_same_without_a_body(folder: Path) -> None:
    whole, head = await ask(folder), await ask(folder, method="HEAD")
    assert head[:2] == whole[:2]
    assert head[2] == []


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-9", 5, 10),
        ("bytes=100-", 100, None),
        ("bytes=-7", -7, None),
        ("bytes=0-999999999", 0, None),
    ],
)
async def test_a_part(folder: Path, asked: str, start: int, end: int | None) -> None:
    status, headers, pieces = await ask(folder, range=asked)
    assert status == 206
    assert b"".join(pieces) == CONTENT[start:end]
    first = start % len(CONTENT)
    assert headers["content-range"] == f"bytes {first}-{(end or len(CONTENT)) - 1}/{len(CONTENT)}"
    assert headers["content-length"] == str(len(CONTENT[start:end]))


@pytest.mark.parametrize("asked", [f"bytes={len(CONTENT)}-", "bytes=-0"])
async def test_a_part_beyond_the_end(folder: Path, asked: str) -> None:
    status, headers, pieces = await ask(folder, range=asked)
    assert (status, headers["content-range"], pieces) == (416, f"bytes */{len(CONTENT)}", [])


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=40))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_any_range_header_gives_some_of_it_or_a_refusal(folder: Path, asked: str) -> None:
    import asyncio

    for header in (asked, f"bytes={asked}"):
        status, headers, pieces = asyncio.run(ask(folder, range=header))
        assert status in (200, 206, 416)
        assert len(b"".join(pieces)) == int(headers["content-length"])


async def test_who_has_it_is_told_so(folder: Path) -> None:
    etag = (await ask(folder))[1]["etag"]
    assert (await ask(folder, if_none_match=etag))[0] == 304
    assert (await ask(folder, range="bytes=0-0", if_range=etag))[0] == 206
    assert (await ask(folder, range="bytes=0-0", if_range='"other"'))[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        f"/audio/{'a' * 64}.wav",
        f"/audio/{'b' * 64}.wav",  # a link
        "/audio/../secret.wav",
        "/audio/secret.wav",
        f"/audio/{DIGEST}",
        f"/audio/{DIGEST.upper()}.wav",
        f"/audio/{DIGEST}.wav/",
        f"/audio/x/../{DIGEST}.wav",
        f"/audio/{DIGEST}.wav\n",
        "/audio/",
    ],
)
async def test_everything_else_is_one_and_the_same_answer(folder: Path, path: str) -> None:
    assert await ask(folder, path) == await ask(folder, "/audio/nothing")
    assert (await ask(folder, path))[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_can_be_put_there(folder: Path, method: str) -> None:
    assert (await ask(folder, method=method))[0] == 405


def test_it_stands_before_django() -> None:
    async def never(*_: Any) -> None:
        raise AssertionError

    assert Front(never).audio.folder == Path(settings.MEDIA_ROOT) / "audio" / "played"
