"""Where uploaded files are kept: under the hash of their content, so that no name a person chose reaches a disk."""

import hashlib
import re
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


class ContentStorage(FileSystemStorage):
    """The same content is stored once. Files are reached by ``/audio/`` alone: ``url`` gives nothing away."""

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        """Store ``content`` in the directory of ``name``; the name it got."""
        asked = PurePosixPath(name or "file")
        suffix = asked.suffix.lower()
        file = content if isinstance(content, File) else File(content, name)
        kept = str(asked.parent / (_digest(file) + (suffix if _SUFFIX.fullmatch(suffix) else "")))
        return kept if self.exists(kept) else super().save(kept, file, max_length=max_length)

    def url(self, name: str | None) -> str:
        """Nothing: originals are not served."""
        del name
        return ""


def _digest(file: "File[Any]") -> str:
    """SHA-256 of the whole content, read piece by piece; afterwards it is at its start again."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def audio_storage() -> ContentStorage:
    """In ``MEDIA_ROOT``, read when it is used (migrations name this function)."""
    return ContentStorage()
