"""The migrations lead to the models' shape and back, with data, on both databases; and what was
done stays done, whoever has the database open."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, create_engine, inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from onboarding import database, migrating
from onboarding.schema import metadata
from tests.databases import postgres
from tests.town import Town

# Rows that nobody may change, whatever goes wrong above: triggers refuse it.
NEVER_CHANGED = ("events", "estimate_responses", "consents")


@contextmanager
def on_sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'migrated.db'}"


@contextmanager
def on_postgresql(folder: Path) -> Iterator[str]:
    with postgres.database() as url:
        yield url


@pytest.fixture(params=[on_sqlite, on_postgresql], ids=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, which this process is pointed at."""
    at: Callable[[Path], Any] = request.param
    with at(tmp_path) as url:
        database.configure(url)
        yield url
        database.engine().dispose()


def rows_of_town(town: Town) -> dict[str, list[dict[str, Any]]]:
    """What the town's database holds, as Python values, in the order in which it can be written."""
    with create_engine(town.settings.database_url).connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def fill(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Tables lean on one another in circles here and there, so the order is not looked at."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
    for table in metadata.sorted_tables:
        if rows[table.name]:
            connection.execute(table.insert(), rows[table.name])
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = DEFAULT"))


def shape(url: str) -> dict[str, Any]:
    """Tables with their columns, keys and indexes, and the triggers."""
    engine = create_engine(url)
    found = MetaData()
    found.reflect(engine)
    looked = inspect(engine)
    tables = {name: described(table, looked) for name, table in found.tables.items()}
    with engine.connect() as connection:
        tables["triggers"] = triggers(connection)
    engine.dispose()
    return tables


def described(table: Table, looked: Any) -> dict[str, Any]:
    return {
        "columns": sorted((c.name, str(c.type), c.nullable) for c in table.columns),
        "key": sorted(c.name for c in table.primary_key),
        "indexes": sorted(
            (i["name"], tuple(i["column_names"]), bool(i["unique"]))
            for i in looked.get_indexes(table.name)
        ),
        "unique": sorted(
            tuple(u["column_names"]) for u in looked.get_unique_constraints(table.name)
        ),
        "references": sorted(
            (tuple(f["constrained_columns"]), f["referred_table"])
            for f in looked.get_foreign_keys(table.name)
        ),
        "checks": sorted(c["name"] or "" for c in looked.get_check_constraints(table.name)),
    }


def triggers(connection: Connection) -> list[str]:
    on_sqlite_ = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    on_postgresql_ = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    statement = on_sqlite_ if connection.dialect.name == "sqlite" else on_postgresql_
    return sorted(connection.scalars(text(statement)))


def counts(url: str) -> dict[str, int]:
    """Rows by table, of the tables that there are at this revision."""
    engine = create_engine(url)
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names()) & metadata.tables.keys()
        found = {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"'))
            for name in sorted(there)
        }
    engine.dispose()
    return found


def revisions() -> list[str]:
    """From the first to the newest."""
    scripts = ScriptDirectory.from_config(migrating.config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def test_the_migrations_stand_in_one_line():
    scripts = ScriptDirectory.from_config(migrating.config())
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


def test_they_lead_to_the_shape_of_the_models(empty):
    migrating.upgrade()
    assert missing_from_models(empty) == []


def missing_from_models(url: str) -> list[Any]:
    """What `alembic check` would say."""
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, metadata)
    engine.dispose()
    return found


def test_each_goes_down_and_up_again_to_the_same_shape(empty):
    shapes = {}
    for revision in revisions():
        migrating.upgrade(revision)
        shapes[revision] = shape(empty)
    before = [*revisions()[:-1]][::-1]
    for revision in before:
        migrating.downgrade(revision)
        assert shape(empty) == shapes[revision], f"down to {revision}"
    migrating.downgrade("base")
    assert set(shape(empty)) <= {"alembic_version", "triggers"}
    migrating.upgrade()
    assert shape(empty) == shapes[revisions()[-1]]


def test_each_keeps_the_rows_that_are_there(empty, town):
    """Down as far as the tables exist, and up again, with a whole town in them."""
    rows = rows_of_town(town)
    database.configure(empty)
    migrating.upgrade()
    with database.engine().begin() as connection:
        fill(connection, rows)
    before = counts(empty)
    assert before["events"] > 100
    migrating.downgrade(revisions()[0])
    kept = counts(empty)
    assert kept == {table: before[table] for table in kept}
    migrating.upgrade()
    assert {table: counts(empty)[table] for table in kept} == kept


def test_what_was_done_stays_done(empty, town):
    rows = rows_of_town(town)
    database.configure(empty)
    migrating.upgrade()
    with database.engine().begin() as connection:
        fill(connection, rows)
    for table in NEVER_CHANGED:
        assert rows[table], f"the town has no {table} to try it with"
        for statement in (f"UPDATE {table} SET contractor_id = 'x'", f"DELETE FROM {table}"):
            assert is_refused(statement), statement


def is_refused(statement: str) -> bool:
    try:
        with database.engine().begin() as connection:
            connection.execute(text(statement))
    except (DatabaseError, IntegrityError, OperationalError) as refusal:
        return "never changed" in str(refusal)
    else:
        return False


def test_a_column_that_no_migration_makes_is_seen(tmp_path):
    url = f"sqlite:///{tmp_path / 'short.db'}"
    database.configure(url)
    migrating.upgrade()
    database.engine().dispose()
    with sqlite3.connect(tmp_path / "short.db") as db:
        db.execute("ALTER TABLE rejection_reasons DROP COLUMN reason")
    assert [found[0] for found in missing_from_models(url)] == ["add_column"]


def test_a_table_without_its_triggers_is_seen(tmp_path):
    url = f"sqlite:///{tmp_path / 'open.db'}"
    database.configure(url)
    migrating.upgrade("0001")
    assert not is_refused("UPDATE events SET contractor_id = 'x'")
    database.engine().dispose()
