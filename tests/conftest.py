"""For all tests."""

import pytest
from django.db import connection

SUITES = ("sid", "bullseye")
"""Asterisk 22 and 16, as fixtures are parametrized with them."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What one process runs in a row: a file's tests with one of the Asterisks. Slow files go first: none ends last."""
    for item in items:
        suite = "" if item.get_closest_marker("one_at_a_time") else _suite(item)
        item.add_marker(pytest.mark.xdist_group(f"{item.path.stem} {suite}".strip()))
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _suite(item: pytest.Item) -> str:
    params = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    return next((value for value in params if value in SUITES), "")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A database file of this run's own: two runs at a time do not meet."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
