"""How alembic meets the database: the engine that the application configured."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from alembic import context
from sqlalchemy import Connection

from onboarding.database import UTCDateTime, engine
from onboarding.schema import metadata


def written(kind: str, thing: Any, _: object) -> str | bool:
    """Migrations name no class of the application: it may have moved by the time they run."""
    is_moment = kind == "type" and isinstance(thing, UTCDateTime)
    return "sa.DateTime(timezone=True)" if is_moment else False


def run() -> None:
    with engine().connect() as connection, _tables_may_be_rebuilt(connection):
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=written,
        )
        with context.begin_transaction():
            context.run_migrations()
            _refuse_lost_references(connection)


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: what refers to it refers to nothing meanwhile.
    The switch works outside of transactions only. See "Making Other Kinds Of Table Schema
    Changes" in its documentation."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _refuse_lost_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"These rows refer to what is not there: {lost[:10]}")


run()
