"""``parkinglot_musiconhold.conf``: the classes of hold music."""

from lots.config.conf import MUSIC, ConfFile, Line, Section, option
from lots.config.gate import UnsafeValue
from lots.config.setup import Music, MusicKind, Setup
from lots.config.streams import stream_command
from lots.types.words import gettext_noop

SORTS = ("alpha", "random", "randstart")


def music_file(setup: Setup) -> ConfFile:
    """A class with nothing to play is left out: Asterisk would refuse it. So is one that is the PBX's own."""
    ours = (music for music in setup.music if music.kind is not MusicKind.EXISTING)
    return ConfFile(MUSIC, tuple(_section(music) for music in ours if not is_empty(music)))


def is_empty(music: Music) -> bool:
    """Whether nothing can be played, as far as is known here."""
    return music.kind is MusicKind.UPLOADS and not music.urls


def _section(music: Music) -> Section:
    return Section(music.name, _lines(music), owner=f"music:{music.name}")


def _lines(music: Music) -> tuple[Line, ...]:
    match music.kind:
        case MusicKind.UPLOADS:
            # Asterisk 16 and later (16.9): addresses are fetched whole, and kept as long as their headers allow.
            return (option("mode", "playlist"), _sort(music), *(option("entry", url) for url in music.urls))
        case MusicKind.DIRECTORY:
            return (option("mode", "files"), option("directory", music.directory), _sort(music))
        case MusicKind.STREAM:
            command = stream_command(music.decoder, music.stream, music.programs)
            return (option("mode", "custom"), option("application", command))
        case MusicKind.EXISTING:
            return ()


def _sort(music: Music) -> Line:
    if music.sort not in SORTS:
        raise UnsafeValue(gettext_noop("Order"), gettext_noop("choose one of {names}."), names=", ".join(SORTS))
    return option("sort", music.sort)
