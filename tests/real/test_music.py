"""Each lot's callers hear its own music: told by the tone in what their telephones receive."""

import asyncio
import hashlib
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from lots.ami import AmiAddress, AmiClient
from lots.config.music_check import music_problems, read_classes
from lots.config.setup import Lot, Music, MusicKind, Setup
from lots.publish.warm import warm
from tests.kit import sip_scenarios as scenarios
from tests.kit.asterisk import RealAsterisk, real_asterisk
from tests.kit.decoder import carry
from tests.kit.portal import Portal
from tests.kit.published import publish_directly
from tests.kit.sip import Phone
from tests.kit.sipp import PAUSE
from tests.kit.sound import audio_file, wav
from tests.kit.tone_ear import ToneEar

LOW, HIGH, OTHER, RADIO = 440, 900, 650, 1250
"""Hertz of the music in use; all apart from each other's harmonics."""


@pytest.fixture(scope="module", params=["sid", "bullseye"])
def pbx(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealAsterisk]:
    """An Asterisk of our own: it is restarted."""
    with real_asterisk(tmp_path_factory.mktemp("music"), request.param) as running:
        yield running


@pytest.fixture(scope="module")
def portal(pbx: RealAsterisk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Portal(tmp_path_factory.mktemp("portal"), pbx.pbx.runtime_url) as running:
        yield running


def recording(portal: Portal, frequency: float, seconds: float = 2) -> str:
    """The address of a tone that the portal serves, as it would a converted upload."""
    content = wav(frequency, seconds)
    digest = hashlib.sha256(content).hexdigest()
    folder = portal.folder / "media" / "audio" / "played"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{digest}.wav").write_bytes(content)
    return f"{portal.url()}/audio/{digest}.wav"


def uploads(name: str, *urls: str, sort: str = "alpha") -> Music:
    return Music(name=name, kind=MusicKind.UPLOADS, urls=urls, sort=sort)


def setup_of(*music: Music) -> Setup:
    """A lot for each class."""
    lots = [
        Lot(
            name=f"lot{number}x", park_code=f"{number}00", first=number * 100 + 1, last=number * 100 + 5, music=one.name
        )
        for number, one in enumerate(music, start=3)
    ]
    return Setup(lots=tuple(lots), music=music)


def publish(pbx: RealAsterisk, setup: Setup) -> list[str]:
    """As the publisher does it; what it would tell people."""
    told = asyncio.run(fetch(pbx, setup))
    publish_directly(pbx, setup)
    known = read_classes(*(pbx.pbx.cli(f"moh show {what}") for what in ("classes", "files")))
    return told + music_problems(setup, known, loaded=True)


async def fetch(pbx: RealAsterisk, setup: Setup) -> list[str]:
    async with AmiClient(AmiAddress.parse(pbx.pbx.publish_url)) as ami:
        return await warm(ami, setup)


@contextmanager
def parked(pbx: RealAsterisk, lot: str, number: str = "203") -> Iterator[ToneEar]:
    """What a telephone hears that is parked in ``lot``."""
    with ToneEar() as ear, pbx.ami() as ami:
        scenario = scenarios.phone().replace("[media_port]", str(ear.port))
        with Phone(pbx.folder, scenario, port=pbx.contacts[number]):
            silently = {"Application": "Park", "Data": f"{lot},s"}  # without it the slot is spoken first
            ami.send("Originate", Channel=f"PJSIP/{number}", **silently, Async="true")
            call = ami.event("ParkedCall", Parkinglot=lot)
            try:
                yield ear
            finally:
                with suppress(AssertionError):  # Asterisk was restarted: the call is gone with it
                    ami.action("Hangup", Channel=call["ParkeeChannel"])
                    ami.event("ParkedCallGiveUp", ParkeeUniqueid=call["ParkeeUniqueid"])


def test_each_lot_has_its_own_music_and_keeps_it_without_the_portal(pbx: RealAsterisk, portal: Portal) -> None:
    setup = setup_of(uploads("pl-low", recording(portal, LOW)), uploads("pl-high", recording(portal, HIGH)))
    assert publish(pbx, setup) == []
    with parked(pbx, "lot3x") as ear:
        ear.hears_tone(LOW)
        with parked(pbx, "lot4x", "204") as other:
            other.hears_tone(HIGH)
            assert ear.share(LOW) > 0.7

    changed = setup_of(uploads("pl-low", recording(portal, OTHER)), uploads("pl-high", recording(portal, HIGH)))
    assert publish(pbx, changed) == []
    with parked(pbx, "lot3x") as ear:
        ear.hears_tone(OTHER)

    portal.stop()
    try:
        with parked(pbx, "lot4x") as ear:
            ear.hears_tone(HIGH)
        pbx.pbx.restart()
        for lot, tone in (("lot3x", OTHER), ("lot4x", HIGH)):
            with parked(pbx, lot) as ear:
                ear.hears_tone(tone)
    finally:
        portal.start()


@pytest.mark.parametrize("sort", ["alpha", "random"])
def test_every_order_plays_all_recordings(pbx: RealAsterisk, portal: Portal, sort: str) -> None:
    tones = (LOW, HIGH)
    urls = [recording(portal, tone, 0.8) for tone in tones]
    assert publish(pbx, setup_of(uploads("pl-mix", *urls, sort=sort))) == []
    with parked(pbx, "lot3x") as ear:
        for tone in tones:
            ear.hears_tone(tone, timeout=20)


def test_a_recording_that_cannot_be_fetched_is_named_and_callers_still_hear_the_rest(
    pbx: RealAsterisk, portal: Portal
) -> None:
    gone = f"{portal.url()}/audio/{'0' * 64}.wav"
    (told,) = publish(pbx, setup_of(uploads("pl-some", gone, recording(portal, LOW))))
    assert gone in told
    assert "1 of 2" in told
    with parked(pbx, "lot3x") as ear:
        ear.hears_tone(LOW)


def test_an_account_without_commands_says_what_that_means(pbx: RealAsterisk, portal: Portal) -> None:
    async def as_runtime() -> list[str]:
        async with AmiClient(AmiAddress.parse(pbx.pbx.runtime_url)) as ami:
            return await warm(ami, setup_of(uploads("pl-a", recording(portal, LOW))))

    (told,) = asyncio.run(as_runtime())
    assert "may not run commands" in told


def test_a_directory_on_the_pbx(pbx: RealAsterisk) -> None:
    folder = pbx.pbx.log.parents[1] / "music"
    inside = f"{pbx.pbx.installation.folder(pbx.pbx.name, pbx.pbx.home)}/music"
    folder.mkdir(mode=0o755)
    (folder / "tone.wav").write_bytes(wav(OTHER, 2))
    (folder.parent / "empty").mkdir(mode=0o755)
    there = Music(name="pl-dir", kind=MusicKind.DIRECTORY, directory=inside)
    assert publish(pbx, setup_of(there)) == []
    with parked(pbx, "lot3x") as ear:
        ear.hears_tone(OTHER)
    empty = Music(name="pl-none", kind=MusicKind.DIRECTORY, directory=inside.replace("music", "empty"))
    (told,) = publish(pbx, setup_of(empty))
    assert "empty on the PBX is not there, or holds no sound" in told


class Radio(http.server.BaseHTTPRequestHandler):
    """An mp3 without an end, in real time."""

    content = b""
    rate = 8000
    """Bytes a second."""
    listeners = 0

    def do_GET(self) -> None:
        type(self).listeners += 1
        self.send_response(200)
        self.send_header("Content-Type", "audio/mpeg")
        self.end_headers()
        with suppress(OSError):
            while True:
                for start in range(0, len(self.content), self.rate // 4):
                    self.wfile.write(self.content[start : start + self.rate // 4])
                    time.sleep(0.25)

    def log_message(self, *_: object) -> None:
        pass


class Station(http.server.ThreadingHTTPServer):
    """Knows its connections, so that it can go off the air."""

    daemon_threads = True

    def __init__(self, port: int, handler: type[Radio]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.open: list[socket.socket] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def get_request(self) -> tuple[socket.socket, object]:
        request, address = super().get_request()
        self.open.append(request)
        return request, address

    def close(self) -> None:
        """Off the air, at once."""
        self.shutdown()
        self.server_close()
        for one in self.open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def comes_back(handler: type[Radio], before: int, timeout: float = 40) -> None:
    """Wait until the decoder asks again."""
    deadline = time.monotonic() + timeout
    while handler.listeners <= before:
        assert time.monotonic() < deadline, "it never came back"
        time.sleep(PAUSE)


@pytest.mark.parametrize(("pbx", "decoder"), [("sid", "ffmpeg"), ("bullseye", "mpg123")], indirect=["pbx"])
def test_an_internet_stream_plays_and_comes_back_when_it_was_away(
    pbx: RealAsterisk, tmp_path: Path, decoder: str
) -> None:
    inside = pbx.pbx.installation.folder(pbx.pbx.name, pbx.pbx.home)
    carry(decoder, pbx.pbx.log.parents[1], str(inside))
    handler = type("OnAir", (Radio,), {})
    mp3 = audio_file(tmp_path, "radio.mp3", frequency=RADIO, seconds=20, options=("-b:a", "64k", "-ar", "44100"))
    handler.content = mp3.read_bytes()
    with closing(Station(0, handler)) as station:
        port = station.server_address[1]
        url = f"http://127.0.0.1:{port}/live.mp3"
        music = Music(
            name=f"pl-{decoder}", kind=MusicKind.STREAM, stream=url, decoder=decoder, programs=str(inside), lan=True
        )
        assert publish(pbx, setup_of(music)) == []
        with parked(pbx, "lot3x") as ear:
            ear.hears_tone(RADIO, timeout=20)
            heard = handler.listeners
            station.close()
            with closing(Station(port, handler)):
                comes_back(handler, heard)
                ear.hears_tone(RADIO, timeout=20)
    assert publish(pbx, Setup()) == []


def test_publishing_while_a_stream_cannot_be_played_does_not_end_asterisk(pbx: RealAsterisk) -> None:
    """It does where the program itself is the class's: Asterisk crashes each time. (No decoder is there.)"""
    away = Music(name="pl-away", kind=MusicKind.STREAM, stream="http://127.0.0.1:9/x", programs="/nowhere", lan=True)
    pid = pbx.pbx.pid
    for number in range(4):
        assert publish(pbx, setup_of(away, uploads("pl-more", f"http://127.0.0.1:9/audio/{number}.wav")))
        assert publish(pbx, Setup()) == []
    assert pbx.pbx.pid == pid
