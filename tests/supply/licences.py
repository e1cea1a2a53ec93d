"""Under which licences what is installed may be used: ``python -m tests.supply.licences`` writes docs/licences.md."""

from importlib.metadata import Distribution

from tests.supply.locked import RUN, TEST, TOP, Package, locked

FILE = TOP / "docs" / "licences.md"
ALLOWED = frozenset(
    {
        "Apache-2.0",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "LGPL-3.0",
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "PSF-2.0",
        "TCL",
        "ZPL-2.1",
    }
)
"""A package under none of these needs a decision first."""

SAID = {
    "apache": "Apache-2.0",
    "bsd": "BSD",
    "isc": "ISC",
    "lesser general public": "LGPL-3.0",
    "lgpl": "LGPL-3.0",
    "mit": "MIT",
    "mozilla public license 2": "MPL-2.0",
    "mpl-2.0": "MPL-2.0",
    "python software foundation": "PSF-2.0",
    "zope public": "ZPL-2.1",
    "zpl": "ZPL-2.1",
}
"""How packages write it that know no SPDX."""

READ = {"axe-playwright-python": "MIT AND MPL-2.0"}
"""Packages that say it in a file alone, and what we read there."""

HEAD = """# Licences

Printed from what the installed packages say of themselves by `python -m tests.supply.licences`; do not edit it. A test
compares, and refuses a licence that `tests/supply/licences.py` does not allow.
"""


def licence(package: Package) -> str:
    """As SPDX has it, as far as the package does; ``?``: nobody says."""
    found = package.installed
    return READ.get(package.name) or (_of(found) if found else "?")


def _of(found: Distribution) -> str:
    said = found.metadata.get("License-Expression")
    if said:
        return str(said)
    classifiers = found.metadata.get_all("Classifier") or []
    lines = [line.rsplit("::", 1)[1].strip() for line in classifiers if line.startswith("License :: OSI Approved ::")]
    lines += [(found.metadata.get("License") or "").split("\n")[0]]
    words = dict.fromkeys(_spdx(line) for line in lines if _spdx(line))
    return " AND ".join(words) or "?"


def _spdx(line: str) -> str:
    return next((name for word, name in SAID.items() if word in line.lower()), "")


def is_allowed(words: str) -> bool:
    """Every part of an AND, one part of an OR."""
    parts = words.replace("(", "").replace(")", "").split(" AND ")
    return all(any(_plain(one) in ALLOWED for one in part.split(" OR ")) for part in parts)


def _plain(name: str) -> str:
    return name.strip().removesuffix("-only").removesuffix("-or-later")


def document() -> str:
    """All of docs/licences.md."""
    run = [one for one in locked(RUN) if one.is_usual]
    names = {one.name for one in run}
    test = [one for one in locked(TEST) if one.is_usual and one.name not in names]
    return "\n".join([HEAD, "## To run\n", *_table(run), "## To test\n", *_table(test)])


def _table(packages: list[Package]) -> list[str]:
    rows = [f"| {one.name} | {licence(one)} |" for one in packages]
    return ["| Package | Licence |", "| --- | --- |", *rows, ""]


if __name__ == "__main__":
    FILE.write_text(document())
