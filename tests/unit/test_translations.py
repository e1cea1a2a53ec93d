"""The catalogues are whole: each text of the portal is in them, translated, with all its placeholders, and compiled."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.kit.po import entries

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)[a-z]|%[a-z%]|<[^>]+>")
HOW = "makemessages and compilemessages, as README.md says for developers"


def catalogue(language: str) -> Path:
    return ROOT / "parkinglot" / "locale" / language / "LC_MESSAGES" / "django.po"


def compiled(path: Path) -> dict[Any, str]:
    with path.open("rb") as file:
        found: Any = gettext.GNUTranslations(file)
    catalog: dict[Any, str] = found._catalog
    return catalog


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """What makemessages finds in the portal now."""
    copy = tmp_path_factory.mktemp("portal")
    for name in ("dashboard", "lots", "parkinglot", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("locale", "__pycache__"))
    (copy / "locale").mkdir()
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", "makemessages", "-l", "de", "--no-location"]
    subprocess.run(command, cwd=copy, env=env, check=True, capture_output=True)
    return {entry.key for entry in entries(copy / "locale" / "de" / "LC_MESSAGES" / "django.po")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_of_the_portal_is_in_the_catalogue_and_no_other(language: str, texts: set[tuple[str, str]]) -> None:
    known = {entry.key for entry in entries(catalogue(language))}
    assert texts - known == set(), HOW
    assert known - texts == set(), HOW


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_translated(language: str) -> None:
    for entry in entries(catalogue(language)):
        assert entry.translations, entry.key
        assert all(entry.translations), entry.key
        assert not entry.fuzzy, entry.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_keeps_the_placeholders(language: str) -> None:
    """One of something may be said without its number, so the form for one may lack some."""
    for entry in entries(catalogue(language)):
        wanted = set(PLACEHOLDER.findall(entry.source))
        *singular, last = entry.translations
        assert set(PLACEHOLDER.findall(last)) == wanted, entry.key
        assert all(set(PLACEHOLDER.findall(text)) <= wanted for text in singular), entry.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_spaces_at_the_edges_are_kept(language: str) -> None:
    """Sentences are put together of such parts."""
    for entry in entries(catalogue(language)):
        for text in entry.translations:
            assert text[:1].isspace() == entry.source[:1].isspace(), entry.key
            assert text[-1:].isspace() == entry.source[-1:].isspace(), entry.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_one_that_is_read(language: str, tmp_path: Path) -> None:
    source = catalogue(language)
    subprocess.run(["msgfmt", "--check-format", "-o", str(tmp_path / "now.mo"), str(source)], check=True)
    assert compiled(source.with_suffix(".mo")) == compiled(tmp_path / "now.mo"), HOW
