"""Any format people have becomes what telephones play, and hostile files become a sentence."""

import http.server
import os
import threading
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from lots.audio.convert import convert, gain_for
from lots.audio.program import Limits
from lots.audio.trouble import ConversionError, Trouble
from tests.kit.sound import audio_file, samples, strength

FORMATS = {
    "a.wav": (),
    "a.mp3": (),
    "a.m4a": (),
    "a.ogg": (),
    "a.opus": (),
    "a.flac": (),
    "a.wma": (),
    "a.aiff": (),
    "a.webm": ("-c:a", "libopus"),
    "a.gsm": ("-ar", "8000", "-ac", "1"),
    "a.ulaw": ("-f", "mulaw", "-ar", "8000"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_common_formats(tmp_path: Path, name: str) -> None:
    percents: list[int] = []
    file = audio_file(tmp_path, name, frequency=500, options=FORMATS[name])
    seconds = convert(file, tmp_path / "played.wav", percents.append)
    assert 1.9 < seconds < 2.1
    assert percents == sorted(percents)
    assert percents[-1] == 99
    with wave.open(str(tmp_path / "played.wav")) as played:
        assert played.getparams()[:3] == (1, 2, 8000)
        heard = array("h", played.readframes(8000))
    assert strength(heard, 500) > 0.8, "another sound than went in"


def test_a_picture_and_a_film_beside_the_sound_do_not_matter(tmp_path: Path) -> None:
    picture = ("-f", "lavfi", "-i", "testsrc=d=1", "-map", "0:a", "-map", "1:v", "-frames:v", "1")
    cover = audio_file(tmp_path, "cover.mp3", options=(*picture, "-c:v", "png", "-disposition:v", "attached_pic"))
    film = audio_file(tmp_path, "film.mp4", options=("-f", "lavfi", "-i", "testsrc=d=2"))
    for file in (cover, film):
        assert convert(file, tmp_path / "played.wav", print) == pytest.approx(2, abs=0.1)


def test_the_same_sound_gives_the_same_bytes(tmp_path: Path) -> None:
    file = audio_file(tmp_path, "a.mp3", options=("-metadata", "title=Something"))
    for name in ("one.wav", "two.wav"):
        convert(file, tmp_path / name, lambda _percent: None)
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()
    assert b"Something" not in (tmp_path / "one.wav").read_bytes()


@pytest.mark.parametrize(
    ("mean", "peak", "gain"),
    [(-35.0, -30.0, 12.0), (-26.0, -20.0, 6.0), (-20.4, -10.0, 0.0), (-6.0, 0.0, -12.0), (-30.0, -5.0, 2.0)],
)
def test_loudness_is_evened_out_gently_and_peaks_stay_below_the_edge(mean: float, peak: float, gain: float) -> None:
    said = f"[Parsed_volumedetect_0 @ 0x1] mean_volume: {mean} dB\n[x] max_volume: {peak} dB\n"
    assert gain_for(said) == gain
    assert gain_for("nothing measured") == 0.0


def test_a_quiet_recording_becomes_louder(tmp_path: Path) -> None:
    file = audio_file(tmp_path, "quiet.wav", options=("-af", "volume=-20dB"))
    convert(file, tmp_path / "played.wav", lambda _percent: None)
    loudest = {}
    for path in (file, tmp_path / "played.wav"):
        with wave.open(str(path)) as sound:
            loudest[path.name] = max(array("h", sound.readframes(8000)))
    assert loudest["played.wav"] > 3 * loudest["quiet.wav"]


class Trap(http.server.BaseHTTPRequestHandler):
    """Whoever asks it for anything has been tricked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def trap() -> Iterator[tuple[int, list[str]]]:
    """A web server nobody should ask; its port and what it was asked."""
    asked: list[str] = []
    server = http.server.HTTPServer(("127.0.0.1", 0), type("Trapped", (Trap,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], asked
    server.shutdown()
    server.server_close()


HOSTILE = {
    "text.mp3": "only words\n" * 2000,
    "list.m3u8": "#EXTM3U\n#EXTINF:5,\n/etc/passwd\n#EXTINF:5,\nhttp://127.0.0.1:{port}/x.mp3\n",
    "list.mp3": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:5,\nfile://{real}\n#EXTINF:5,\nhttp://127.0.0.1:{port}/x\n",
    "pieces.wav": "ffconcat version 1.0\nfile {real}\n",
    "relative.wav": "ffconcat version 1.0\nfile real.mp3\n",
    "picture.ogg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:{port}/x"/></svg>',
    "session.wav": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
    "dash.m4a": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>http://127.0.0.1:{port}/</BaseURL></MPD>',
    "stream.asf": "[Reference]\nRef1=http://127.0.0.1:{port}/x.wma\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_files_that_name_others_are_not_followed(tmp_path: Path, trap: tuple[int, list[str]], name: str) -> None:
    port, asked = trap
    real = audio_file(tmp_path, "real.mp3")
    file = tmp_path / name
    file.write_text(HOSTILE[name].format(port=port, real=real))
    with pytest.raises(ConversionError) as failure:
        convert(file, tmp_path / "played.wav", print)
    assert failure.value.trouble is Trouble.NOT_AUDIO
    assert asked == []
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({name, "real.mp3"}), "something was left behind"


def test_a_name_that_reads_like_a_protocol_is_a_name(tmp_path: Path) -> None:
    file = audio_file(tmp_path, "a.mp3").rename(tmp_path / "concat:a.mp3|b.mp3")
    assert convert(file, tmp_path / "played.wav", print) > 1


@pytest.mark.parametrize(
    ("content", "trouble"), [(b"", Trouble.EMPTY), (os.urandom(50_000), Trouble.NOT_AUDIO), (None, Trouble.GONE)]
)
def test_nothing_noise_and_no_file(tmp_path: Path, content: bytes | None, trouble: Trouble) -> None:
    file = tmp_path / "a.ogg"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConversionError) as failure:
        convert(file, tmp_path / "played.wav", print)
    assert failure.value.trouble is trouble


def test_three_hours_of_silence_in_a_small_file_are_refused_at_once(tmp_path: Path) -> None:
    file = audio_file(tmp_path, "long.flac", frequency=0, seconds=10_800)
    assert file.stat().st_size < 5_000_000
    told: list[int] = []
    with pytest.raises(ConversionError) as failure:
        convert(file, tmp_path / "played.wav", told.append)
    assert failure.value.trouble is Trouble.TOO_LONG
    assert not told, "it was decoded first"


def test_a_file_that_lies_about_its_length_is_cut_off(tmp_path: Path) -> None:
    """Raw sound says nothing of its length."""
    file = tmp_path / "a.ulaw"
    file.write_bytes(b"\x55" * 8000 * 30)
    with pytest.raises(ConversionError) as failure:
        convert(file, tmp_path / "played.wav", print, Limits(seconds=10))
    assert failure.value.trouble is Trouble.TOO_LONG
    assert not (tmp_path / "played.wav").exists()


def test_who_takes_too_long_is_ended(tmp_path: Path) -> None:
    file = audio_file(tmp_path, "a.mp3", seconds=600, options=("-b:a", "32k"))
    with pytest.raises(ConversionError) as failure:
        convert(file, tmp_path / "played.wav", print, Limits(wall=0.15))
    assert failure.value.trouble is Trouble.TOO_SLOW


def test_memory_is_limited(tmp_path: Path) -> None:
    file = audio_file(tmp_path, "a.mp3")
    with pytest.raises(ConversionError):
        convert(file, tmp_path / "played.wav", print, Limits(memory=20 << 20))


def test_a_truncated_file_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    file = audio_file(tmp_path, "a.mp3", seconds=10)
    file.write_bytes(file.read_bytes()[:20_000])
    assert 1 < convert(file, tmp_path / "played.wav", print) < 10


def test_without_ffmpeg_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = audio_file(tmp_path, "a.mp3")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConversionError) as failure:
        convert(file, tmp_path / "played.wav", print)
    assert failure.value.trouble is Trouble.NO_FFMPEG


def test_the_kit_hears_what_it_makes() -> None:
    assert strength(samples(440, 0.5), 440) > 0.9
    assert strength(samples(440, 0.5), 900) < 0.01
