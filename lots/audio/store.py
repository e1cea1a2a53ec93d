"""The files that are played: where they are, how one gets there, and when it may go."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage
from django.db.models import TextField
from django.db.models.functions import Cast

from lots.models import AudioFile, Publication
from lots.models.packed import plain_text


def folder() -> Path:
    """Where played files are; made when missing."""
    path = Path(settings.MEDIA_ROOT) / "audio" / "played"
    path.mkdir(parents=True, exist_ok=True)
    return path


def played(digest: str) -> Path:
    """The file of this SHA-256."""
    return folder() / f"{digest}.wav"


def workshop() -> "tempfile.TemporaryDirectory[str]":
    """A directory for one conversion, on the same disk."""
    return tempfile.TemporaryDirectory(dir=folder().parent, prefix="working-")


def keep(file: Path) -> str:
    """Move a converted file to its place; its SHA-256. The same sound twice is one file."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        os.fsync(content.fileno())
    file.replace(played(digest))
    return digest


def forget(storage: Storage, original: str, digest: str) -> None:
    """Delete the files of a recording that is gone (or was replaced), where nobody else needs them.

    What an earlier publication named is kept: it may be brought back, and Asterisk may then ask for it.
    """
    if original and not AudioFile.objects.filter(original=original).exists():
        storage.delete(original)
    if digest and not AudioFile.objects.filter(digest=digest).exists() and not _published(digest):
        played(digest).unlink(missing_ok=True)


def _published(digest: str) -> bool:
    texts = Publication.objects.exclude(files={}).annotate(text=Cast("files", TextField()))
    return any(digest in plain_text(text) for text in texts.values_list("text", flat=True).iterator())
