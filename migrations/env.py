"""How alembic meets the database: the engine that the application configured."""

from typing import Any

from alembic import context

from onboarding.database import UTCDateTime, engine
from onboarding.schema import metadata


def written(kind: str, thing: Any, _: object) -> str | bool:
    """Migrations name no class of the application: it may have moved by the time they run."""
    is_moment = kind == "type" and isinstance(thing, UTCDateTime)
    return "sa.DateTime(timezone=True)" if is_moment else False


def run() -> None:
    with engine().connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=written,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
