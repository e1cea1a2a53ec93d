"""The database's form at a point of its history: which migrations it has, and the models of that time.

Models of the time, not of the code: so a backup is made of a database that waits for its upgrade, and an old backup
becomes a new database by the very migrations an upgrade runs.
"""

from collections.abc import Iterable

from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from lots.backup.faults import BackupError

Key = tuple[str, str]
"""An app's label and the name of a migration."""
LEFT_OUT = frozenset({"sessions.session"})
"""Logins: who logged out since the backup must not be logged in again by it."""


def applied() -> list[Key]:
    """The migrations the database has, of those the code knows."""
    loader = MigrationExecutor(connection).loader
    return sorted(key for key in loader.applied_migrations if key in loader.graph.nodes)


def known(names: Iterable[str], portal: str) -> list[Key]:
    """The migrations called ``names`` (app.name). Raises ``BackupError`` where the code does not have them."""
    keys = [(app, name) for app, _, name in (one.partition(".") for one in names)]
    nodes = MigrationExecutor(connection).loader.graph.nodes
    if strange := sorted(f"{app}.{name}" for app, name in keys if (app, name) not in nodes):
        raise BackupError(
            f"This backup was made by a newer portal ({portal}): it has {', '.join(strange[:3])}, which this one "
            "does not know. Install that version, then restore."
        )
    return keys


def models_at(keys: Iterable[Key]) -> list[type[models.Model]]:
    """Every table's model as of these migrations, those of many-to-many fields among them."""
    loader = MigrationExecutor(connection).loader
    return tables_of(loader.project_state(list(keys)))


def tables_of(state: ProjectState) -> list[type[models.Model]]:
    """The models of ``state`` that have tables."""
    found: list[type[models.Model]] = state.apps.get_models(include_auto_created=True)
    return sorted((m for m in found if m._meta.managed and not m._meta.proxy), key=lambda m: m._meta.label_lower)  # noqa: SLF001


def drop_all() -> None:
    """Take away every table of ours; foreign keys must be off where the database cannot cascade."""
    ours = {model._meta.db_table for model in models_at(applied())}  # noqa: SLF001
    ours |= {MigrationRecorder.Migration._meta.db_table}  # noqa: SLF001
    with connection.schema_editor() as editor:
        for table in sorted(ours & set(connection.introspection.table_names())):
            editor.execute(editor.sql_delete_table % {"table": editor.quote_name(table)})


def migrate_to(keys: Iterable[Key]) -> ProjectState:
    """Bring the database to these migrations; the state it has then."""

    def settle(action: str, *_: object) -> None:
        """PostgreSQL alters no table whose rows still wait to be checked."""
        if action.endswith("_success"):
            connection.check_constraints()

    executor = MigrationExecutor(connection, settle)
    nodes, wanted = executor.loader.graph.node_map, set(keys)
    last = [
        key
        for key in wanted
        if not any(child.key[0] == key[0] and child.key in wanted for child in nodes[key].children)
    ]
    state: ProjectState = executor.migrate(sorted(last))
    return state


def migrate_forward() -> ProjectState:
    """Bring the database to what the code wants."""
    return migrate_to(MigrationExecutor(connection).loader.graph.leaf_nodes())
