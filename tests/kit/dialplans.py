"""Configuration written straight onto a test Asterisk's disk, and what it makes of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lots.config.dialplan_view import Dialplan
from tests.kit.ami import Ami
from tests.kit.asterisk import RealAsterisk


def conf_folder(asterisk: RealAsterisk) -> Path:
    """Asterisk's configuration directory, as this process sees it."""
    return asterisk.pbx.log.parents[1] / "etc"


def write_conf(asterisk: RealAsterisk, name: str, text: str) -> None:
    """As Asterisk's own user. Changing the length makes sure that Asterisk sees a change within one second."""
    file = conf_folder(asterisk) / name
    file.write_text(text, encoding="utf-8")
    owner = asterisk.pbx.installation.owner(asterisk.pbx.home)
    if owner is not None:
        os.chown(file, *owner)


@contextmanager
def restored(asterisk: RealAsterisk, *names: str) -> Iterator[None]:
    """Files as they were before, modules loaded anew."""
    folder = conf_folder(asterisk)
    before = {name: (folder / name).read_text(encoding="utf-8") if (folder / name).exists() else None for name in names}
    try:
        yield
    finally:
        for name, text in before.items():
            if text is None:
                (folder / name).unlink(missing_ok=True)
            else:
                write_conf(asterisk, name, text)
        with asterisk.ami() as ami:
            for module in ("pbx_config.so", "res_parking.so", "res_musiconhold.so"):
                ami.request("Reload", Module=module)


def live_dialplan(ami: Ami) -> Dialplan:
    """Everything Asterisk has at this moment."""
    return Dialplan.of(ami.items("ShowDialPlan"))
