"""Whether each lot's hold music will be heard: said before a publication, and looked up after it."""

from collections.abc import Mapping

from lots.config.music import is_empty
from lots.config.setup import Music, MusicKind, Setup
from lots.types.words import Said, gettext_noop


def music_problems(setup: Setup, known_classes: Mapping[str, int] | None = None, *, loaded: bool = False) -> list[Said]:
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
            words = gettext_noop("{trouble} In {lots} callers would hear the PBX's default music.")
            found.append(Said(words, trouble=trouble, lots=_and(users)))
    if known is not None:
        named = [lot for lot in setup.lots if lot.music and lot.music.lower() not in ours]
        strange = [lot for lot in named if not known.get(lot.music.lower())]
        words = gettext_noop("{lot}: the PBX has no music class “{music}” with sounds.")
        found += [Said(words, lot=lot.label or lot.name, music=lot.music) for lot in strange]
    return found


def _trouble(music: Music, known: Mapping[str, int] | None, *, loaded: bool) -> Said | None:
    if is_empty(music):
        return Said(gettext_noop("Hold music “{music}” has no recording that is ready."), music=music.name)
    own = music.kind is MusicKind.EXISTING
    missing = known is not None and (not known[music.name.lower()] if music.name.lower() in known else loaded or own)
    if not missing:
        return None
    if music.kind is MusicKind.DIRECTORY:
        words = gettext_noop(
            "Hold music “{music}”: {directory} on the PBX is not there, or holds no sound it can play."
        )
    elif own:
        words = gettext_noop("Hold music “{music}”: the PBX has no such class with sounds.")
    else:
        words = gettext_noop("Hold music “{music}”: the PBX did not take it.")
    return Said(words, music=music.name, directory=music.directory)


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
    if len(names) == 1:
        return names[0]
    return Said(gettext_noop("{names} and {last}"), names=", ".join(names[:-1]), last=names[-1])
