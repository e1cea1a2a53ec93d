"""The files of one instance, written where its Asterisk finds them."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from lots.embedded.conf_core import asterisk_conf, logger_conf, manager_conf, modules_conf, small_files
from lots.embedded.conf_dialplan import extensions_conf
from lots.embedded.conf_parking import musiconhold_conf, res_parking_conf
from lots.embedded.conf_sip import pjsip_conf, rtp_conf
from lots.embedded.config import AsteriskConfig, Place
from lots.embedded.tune import write_tune

OWNER = "home"
"""Names the file that says which home an instance belongs to."""
FOLDERS = ("etc", "db/keys", "spool", "cache", "run", "log", "moh")


def render(config: AsteriskConfig, place: Place) -> dict[str, str]:
    """Every configuration file by name, as text."""
    return {
        **small_files(),
        "asterisk.conf": asterisk_conf(place),
        "modules.conf": modules_conf(),
        "logger.conf": logger_conf(),
        "manager.conf": manager_conf(config.accounts, place.ports.ami),
        "pjsip.conf": pjsip_conf(config.phones, place.ports),
        "rtp.conf": rtp_conf(place.ports),
        "res_parking.conf": res_parking_conf(config.lots),
        "musiconhold.conf": musiconhold_conf(place.moh),
        "extensions.conf": extensions_conf(config),
    }


def write_all(home: Path, texts: dict[str, str], owner: tuple[int, int] | None) -> None:
    """Write ``texts`` and the music below ``home``; all of it belongs to ``owner`` alone.

    Files published by the portal (``parkinglot_*.conf``) and Asterisk's database stay as they are.
    """
    for folder in FOLDERS:
        (home / folder).mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)  # before the first secret is written below it
    for name, text in texts.items():
        (home / "etc" / name).write_text(text, encoding="utf-8")
    tune = home / "moh/parkinglot.wav"
    if not tune.exists():
        write_tune(tune)
    (home / "log/messages").unlink(missing_ok=True)
    if owner is not None:
        _give(home, owner)


def tidy(folder: Path, home: Path) -> None:
    """Note in ``folder`` that ``home`` owns it, and delete its neighbours whose owner is gone (a test's, say)."""
    (folder / OWNER).write_text(str(home), encoding="utf-8")
    for note in folder.parent.glob(f"*/{OWNER}"):
        with suppress(FileNotFoundError):  # another start tidies up at the same time
            if not Path(note.read_text(encoding="utf-8")).is_dir():
                shutil.rmtree(note.parent, ignore_errors=True)


def _give(home: Path, owner: tuple[int, int]) -> None:
    for folder, _, names in os.walk(home):
        for path in (folder, *(os.path.join(folder, name) for name in names)):  # noqa: PTH118 - thousands of files
            os.lchown(path, *owner)
