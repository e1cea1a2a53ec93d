"""The whole configuration: three files from one ``Setup``. The same setup always gives the same bytes."""

from lots.config.conf import EXTENSIONS, MUSIC, PARKING, ConfFile
from lots.config.extensions import extensions_file
from lots.config.music import music_file
from lots.config.parking import parking_file
from lots.config.setup import Setup


def render(setup: Setup) -> dict[str, ConfFile]:
    """Our three files by name, in the order they are loaded."""
    return {MUSIC: music_file(setup), EXTENSIONS: extensions_file(setup), PARKING: parking_file(setup)}
