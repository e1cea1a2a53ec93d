"""Recordings that a file names by title and content's hash. The sound itself is not in the file."""

from typing import Any

from django.utils.translation import gettext as _

from lots.models import AudioFile
from lots.setup_file.context import Import
from lots.setup_file.export import Document

GONE = "gone"
"""As ``lots.audio`` says that a recording's file is not there."""


class Recordings:
    """Finds recordings, and makes empty ones in the place of those that are not here."""

    def __init__(self, work: Import) -> None:
        self.work = work
        rows = list(AudioFile.objects.order_by("pk"))
        self.by_digest = {row.digest: row for row in reversed(rows) if row.digest}
        named = set(_digests(work.document)) - {""}  # a recording that was never ready has none
        others = [row for row in rows if row.digest not in named]
        self.by_title = {row.title: row for row in reversed(others)}
        """Whose content the file does not name: another conversion of the same recording, most likely."""
        self.made: dict[tuple[str, str], AudioFile] = {}

    def find(self, entry: Document | None, place: str) -> AudioFile | None:
        """The recording; one with the same title will do, and that is said."""
        if entry is None:
            return None
        title, digest = entry["title"], entry["file"]
        if digest and digest in self.by_digest:
            return self.by_digest[digest]
        if title in self.by_title:
            if digest:
                self.work.note(place, _("“%s” is another recording here, with the same title.") % title)
            return self.by_title[title]
        return self._made(title, digest, place)

    def _made(self, title: str, digest: str, place: str) -> AudioFile | None:
        if (title, digest) not in self.made:
            row = AudioFile(title=title, state=AudioFile.FAILED, error=GONE)
            if not self.work.clean(row, place, ["original", "digest", "error"]):
                return None
            row.save()
            self.work.note(place, _("the recording “%s” is not here: upload its file.") % title)
            self.made[title, digest] = row
        return self.made[title, digest]


def _digests(found: Any) -> list[str]:
    """Every content's hash that a document names."""
    if isinstance(found, dict):
        own = [found["file"]] if set(found) == {"title", "file"} else []
        return own + [digest for value in found.values() for digest in _digests(value)]
    return [digest for value in found for digest in _digests(value)] if isinstance(found, list) else []
