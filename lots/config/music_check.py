"""Whether each lot's hold music will be heard: said before a publication, and looked up after it."""

from collections.abc import Mapping

from lots.config.music import is_empty
from lots.config.setup import Music, MusicKind, Setup


def music_problems(setup: Setup, known_classes: Mapping[str, int] | None = None, *, loaded: bool = False) -> list[str]:
    """Sentences for people; none: all is well.

    ``known_classes`` is what the PBX has now, as ``read_classes`` tells; None: nobody has asked it. ``loaded``: it was
    asked after the music of this very ``setup`` was loaded, so that a class that is not there was refused. To Asterisk
    Jazz and jazz are one class (``moh_class_cmp``).
    """
    ours = {music.name.lower() for music in setup.music}
    known = None if known_classes is None else {name.lower(): sounds for name, sounds in known_classes.items()}
    found = []
    for music in setup.music:
        users = [lot.label or lot.name for lot in setup.lots if lot.music.lower() == music.name.lower()]
        if users and (trouble := _trouble(music, known, loaded=loaded)):
            found.append(f"{trouble} In {_and(users)} callers would hear the PBX's default music.")
    if known is not None:
        named = [lot for lot in setup.lots if lot.music and lot.music.lower() not in ours]
        strange = [lot for lot in named if not known.get(lot.music.lower())]
        found += [f"{lot.label or lot.name}: the PBX has no music class “{lot.music}” with sounds." for lot in strange]
    return found


def _trouble(music: Music, known: Mapping[str, int] | None, *, loaded: bool) -> str:
    if is_empty(music):
        return f"Hold music “{music.name}” has no recording that is ready."
    own = music.kind is MusicKind.EXISTING
    missing = known is not None and (not known[music.name.lower()] if music.name.lower() in known else loaded or own)
    if not missing:
        return ""
    if music.kind is MusicKind.DIRECTORY:
        return f"Hold music “{music.name}”: {music.directory} on the PBX is not there, or holds no sound it can play."
    if own:
        return f"Hold music “{music.name}”: the PBX has no such class with sounds."
    return f"Hold music “{music.name}”: the PBX did not take it."


def read_classes(show_classes: str, show_files: str) -> dict[str, int]:
    """Class -> number of its sounds, from what ``moh show classes`` and ``moh show files`` print; a stream counts as 1.

    Asterisk itself leaves out a class of files that had none when it was loaded.
    """
    counts: dict[str, int] = {}
    name = ""
    for line in show_classes.splitlines():
        key, _, value = (part.strip() for part in line.partition(":"))
        if key == "Class":
            name = value
            counts[name] = 0
        elif key == "Mode" and name and value not in ("files", "playlist"):
            counts[name] = 1
    for line in show_files.splitlines():
        key, _, value = (part.strip() for part in line.partition(":"))
        if key == "Class":
            name = value
        elif key == "File" and name in counts:
            counts[name] += 1
    return counts


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
