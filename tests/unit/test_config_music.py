"""Hold music as Asterisk is told it."""

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.config.autoanswer import GENERIC, HEADERS, header_of
from lots.config.conf import Line
from lots.config.gate import UnsafeValue
from lots.config.hosts import is_public
from lots.config.music import music_file
from lots.config.music_check import music_problems, read_classes
from lots.config.setup import Lot, Music, MusicKind, Setup
from lots.config.streams import LONGEST_COMMAND, longest_stream, stream_command
from lots.models.phone import BRANDS

URL = "http://portal:8000/audio/" + "a" * 64 + ".wav"
UPLOADS = Music(name="pl-jazz", kind=MusicKind.UPLOADS, urls=(URL,), sort="random")
FILES = Music(name="pl-files", kind=MusicKind.DIRECTORY, directory="/srv/moh")
RADIO = Music(name="pl-radio", kind=MusicKind.STREAM, stream="https://radio.example.org/live.mp3")


def text(*music: Music) -> str:
    return music_file(Setup(music=music)).text.partition("\n\n")[2]


def test_each_source_has_a_mode_of_its_own() -> None:
    assert text(UPLOADS) == f"[pl-jazz]\nmode = playlist\nsort = random\nentry = {URL}\n"
    assert text(FILES) == "[pl-files]\nmode = files\ndirectory = /srv/moh\nsort = alpha\n"
    assert text(RADIO).startswith("[pl-radio]\nmode = custom\napplication = /bin/sh -c eval$IFS")


def test_a_class_without_recordings_is_left_out() -> None:
    assert text(Music(name="pl-none", kind=MusicKind.UPLOADS)) == ""


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(UnsafeValue, match="Order"):
        text(Music(name="x", kind=MusicKind.UPLOADS, urls=(URL,), sort="alpha\nmode=custom"))


@given(st.text(max_size=300), st.sampled_from(["ffmpeg", "mpg123"]))
def test_of_what_was_typed_the_command_holds_one_word_at_most(typed: str, decoder: str) -> None:
    """Asterisk splits at spaces: as many words as with a harmless address, and none of them is another program's."""
    harmless = stream_command(decoder, "http://a/b").split(" ")
    url = "http://radio.example.org/" + typed
    try:
        command = stream_command(decoder, url)
    except UnsafeValue:
        return
    words = command.split(" ")
    assert len(words) == len(harmless)
    assert [mine for mine, other in zip(words, harmless, strict=True) if mine != other] == [url]
    assert len(command) <= LONGEST_COMMAND
    assert not set(";|$`\"'\\<>(){}\n\r ") & set(url)
    Line("application", command)


@pytest.mark.parametrize("decoder", ["ffmpeg", "mpg123"])
def test_an_address_may_be_as_long_as_asterisk_keeps(decoder: str) -> None:
    most = longest_stream(decoder)
    assert most >= 100
    url = "https://r/" + "x" * (most - 10)
    assert len(stream_command(decoder, url)) == LONGEST_COMMAND
    with pytest.raises(UnsafeValue, match=f"at most {most} characters"):
        stream_command(decoder, url + "x")


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_the_loop_hands_every_word_on_as_it_is_again_and_again(shell: str) -> None:
    """What a shell makes of it: the decoder's words and nothing else, for ever."""
    url = "http://radio.example.org/a?b=c&d=~/%20"
    _shell, _c, script, name, program, *words = stream_command("mpg123", url).split(" ")
    told = "for word do printf '[%s]' \"$word\"; done"
    loop = [shell, "-c", script.replace("5", "0"), name, "/bin/sh", "-c", told, program, *words]
    with subprocess.Popen(loop, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        once = "".join(f"[{word}]" for word in words)
        heard = running.stdout.read(3 * len(once))
        assert running.poll() is None
        running.kill()
    assert heard == 3 * once
    assert words[-1] == url


@pytest.mark.parametrize(
    "url", ["ftp://r.org/a", "http://u:p@r.org/a", "http:///a", "-i /etc/passwd", "http://r.org/a b"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(UnsafeValue):
        stream_command("ffmpeg", url)


@pytest.mark.parametrize("decoder", ["sh", "../../bin/sh", ""])
def test_other_programs_are_refused(decoder: str) -> None:
    with pytest.raises(UnsafeValue):
        stream_command(decoder, "http://radio.example.org/a")


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST.", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "[::1]"),
        *("[::ffff:127.0.0.1]", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "[fe80::1]", "[fd00::1]"),
        *("0.0.0.0", "239.0.0.1", "pbx", "radio.local", "metadata.google.internal", "a.lan", "100.64.0.1"),
        *("127%2e0.0.1", "10.0.0%2e1", "radio%2elocal.example.org"),
    ],
)
def test_a_stream_from_inside_is_not_public(host: str) -> None:
    assert not is_public(f"http://{host}:8000/x")


@pytest.mark.parametrize(
    "host", ["radio.example.org", "8.8.8.8", "[2606:4700::1111]", "1.fm", "stream.0nlineradio.com"]
)
def test_a_stream_of_the_internet_is(host: str) -> None:
    assert is_public(f"https://{host}/x")


LOT = Lot(name="desk", label="Desk", music="pl-jazz")


def test_nothing_is_wrong_with_music_that_is_there() -> None:
    setup = Setup(lots=(LOT,), music=(UPLOADS, FILES))
    assert music_problems(setup) == []
    assert music_problems(setup, {"default": 1}) == []
    assert music_problems(setup, {"pl-jazz": 1, "pl-files": 4}, loaded=True) == []


def test_an_empty_class_is_named_with_the_lots_that_use_it() -> None:
    empty = Music(name="pl-jazz", kind=MusicKind.UPLOADS)
    (problem,) = music_problems(Setup(lots=(LOT, Lot(name="b", label="Bay", music="pl-jazz")), music=(empty,)))
    assert "pl-jazz" in problem
    assert "Desk and Bay" in problem
    assert music_problems(Setup(lots=(Lot(name="c"),), music=(empty,))) == []


def test_a_directory_that_asterisk_did_not_take_is_named_after_it_was_loaded() -> None:
    setup = Setup(lots=(Lot(name="desk", label="Desk", music="pl-files"),), music=(FILES,))
    assert music_problems(setup, {"default": 1}) == []
    (problem,) = music_problems(setup, {"default": 1}, loaded=True)
    assert "/srv/moh" in problem
    assert "Desk" in problem
    assert music_problems(setup, {"pl-files": 0}) == [problem]


def test_a_class_that_is_not_ours_must_be_on_the_pbx() -> None:
    setup = Setup(lots=(Lot(name="desk", label="Desk", music="theirs"),))
    assert music_problems(setup) == []
    assert music_problems(setup, {"theirs": 3}) == []
    assert music_problems(setup, {"Theirs": 3}) == []
    assert "theirs" in music_problems(setup, {"theirs": 0})[0]


CLASSES = """\
Class: default
\tMode: files
\tDirectory: /srv/moh
Class: pl-a
\tMode: playlist
\tDirectory: nodir
\tFormat: slin
Class: pl-radio
\tMode: custom
\tDirectory: nodir
\tApplication: /usr/bin/ffmpeg -i http://a/b
\tFormat: slin
"""
SOUNDS = """\
Class: pl-a
\tFile: http://127.0.0.1:41507/audio/a.wav
\tFile: http://127.0.0.1:41507/audio/b.wav
"""


def test_what_asterisk_prints_is_read() -> None:
    assert read_classes(CLASSES, SOUNDS) == {"default": 0, "pl-a": 2, "pl-radio": 1}
    assert read_classes("", "") == {}


def test_every_brand_has_a_header_that_fits_a_line() -> None:
    assert {brand for brand, _ in BRANDS} == set(HEADERS)
    assert header_of("unheard of") is GENERIC
    for header in HEADERS.values():
        Line(header.name, header.value)
