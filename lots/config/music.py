"""``parkinglot_musiconhold.conf``: the classes of hold music."""

from lots.config.conf import MUSIC, ConfFile, Line, Section, option
from lots.config.setup import Music, MusicKind, Setup


def music_file(setup: Setup) -> ConfFile:
    """A class with nothing to play is left out: Asterisk would refuse it."""
    return ConfFile(MUSIC, tuple(_section(music) for music in setup.music if _lines(music)))


def _section(music: Music) -> Section:
    return Section(music.name, _lines(music), owner=f"music:{music.name}")


def _lines(music: Music) -> tuple[Line, ...]:
    match music.kind:
        case MusicKind.UPLOADS:
            entries = tuple(option("entry", url) for url in music.urls)
            return (option("mode", "playlist"), option("sort", music.sort), *entries) if entries else ()
        case MusicKind.DIRECTORY:
            return (option("mode", "files"), option("directory", music.directory), option("sort", music.sort))
        case MusicKind.STREAM:
            return ()
