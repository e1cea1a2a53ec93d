"""The file: a ZIP archive whose members all stand in its manifest with length and SHA-256.

The manifest's own SHA-256 is the archive's comment, so that nothing in the file can change unnoticed.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lots.backup import manifest as manifests
from lots.backup.faults import BackupError
from lots.backup.manifest import NOT_OURS, Manifest, Member

PIECE = 1 << 20
"""Bytes read at once."""
DAMAGED = "This backup is damaged ({what}). Nothing was changed; use another one."
MEDIA = "media/"
"""Before the name of a recording, as it is below ``MEDIA_ROOT``."""


class Writer:
    """Adds members, counting and hashing them."""

    def __init__(self, archive: ZipFile) -> None:
        self._zip = archive
        self.members: dict[str, Member] = {}

    @contextmanager
    def member(self, name: str, *, packed: bool) -> Iterator[Callable[[bytes], None]]:
        """A function that writes; recordings gain nothing by being ``packed``."""
        info = ZipInfo(name)
        info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as out:

            def write(piece: bytes) -> None:
                nonlocal size
                size += len(piece)
                digest.update(piece)
                out.write(piece)

            yield write
        self.members[name] = Member(size, digest.hexdigest())

    def close(self, manifest: Manifest) -> None:
        """The last step."""
        text = manifests.written(manifest)
        self._zip.writestr(manifests.NAME, text, ZIP_DEFLATED)
        self._zip.comment = hashlib.sha256(text).hexdigest().encode()


@contextmanager
def writing(file: Path) -> Iterator[Writer]:
    """A new archive that appears whole or not at all, for its owner's eyes only. Raises ``BackupError``."""
    try:
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 0600
    except OSError as error:
        raise BackupError(f"{file.parent}: {error.strerror}. Name another place.") from error
    try:
        with os.fdopen(handle, "wb") as out:
            with ZipFile(out, "w") as archive:
                yield Writer(archive)
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)  # never over another backup
    except FileExistsError as error:
        raise BackupError(f"{file} is there already. Name another file.") from error
    except OSError as error:
        raise BackupError(f"{file}: {error.strerror}.") from error
    finally:
        with suppress(FileNotFoundError):
            Path(draft).unlink()


class Archive:
    """An archive that was found whole."""

    def __init__(self, archive: ZipFile) -> None:
        self._zip = archive
        self.manifest = self._read_manifest()
        names = {info.filename for info in archive.infolist()} - {manifests.NAME}
        if names != set(self.manifest.members) or any(not _is_harmless(name) for name in names):
            raise BackupError(DAMAGED.format(what="its files are not the ones it lists"))
        for name in names:
            self._check(name)

    def _read_manifest(self) -> Manifest:
        if manifests.NAME not in self._zip.namelist():
            raise BackupError(NOT_OURS)
        text = self._zip.read(manifests.NAME)
        found = manifests.read(text)
        if self._zip.comment != hashlib.sha256(text).hexdigest().encode():
            raise BackupError(DAMAGED.format(what="its list of contents does not match"))
        return found

    def _check(self, name: str) -> None:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name) as content:
            while piece := content.read(PIECE):
                digest.update(piece)
                size += len(piece)
        if self.manifest.members[name] != Member(size, digest.hexdigest()):
            raise BackupError(DAMAGED.format(what=name))

    def open(self, name: str) -> IO[bytes]:
        """The content of a member."""
        return self._zip.open(name)

    @property
    def media(self) -> list[str]:
        """Recordings, as they are named below ``MEDIA_ROOT``."""
        return [name.removeprefix(MEDIA) for name in self.manifest.members if name.startswith(MEDIA)]


def _is_harmless(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and str(path) == name


@contextmanager
def reading(file: Path) -> Iterator[Archive]:
    """The archive in ``file``, every byte of it checked. Raises ``BackupError``."""
    try:
        with ZipFile(file) as archive:
            yield Archive(archive)
    except BadZipFile as error:
        whole = file.read_bytes()[:2] == b"PK"
        raise BackupError(DAMAGED.format(what=error) if whole else NOT_OURS) from error
    except (OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise BackupError(f"{file}: {getattr(error, 'strerror', '') or error}.") from error
