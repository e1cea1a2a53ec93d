"""What a page that stays open for weeks compares, to notice that the portal was upgraded under it."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings


@cache
def version() -> str:
    """The same as long as pages, scripts, styles and the code behind them are; read once a process."""
    base, found = Path(settings.BASE_DIR), sha256()
    for folder in ("static", "templates", "dashboard"):
        for file in sorted(base.joinpath(folder).rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                found.update(f"{file.relative_to(base)}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return found.hexdigest()[:16]
