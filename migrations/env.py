"""How alembic meets the database: the engine that the application configured."""

from alembic import context
from onboarding.database import engine
from onboarding.schema import metadata


def run() -> None:
    with engine().connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
