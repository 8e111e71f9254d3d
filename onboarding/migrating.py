"""Brings a database to the models' shape, and says whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from onboarding.database import engine

_SCRIPTS = Path(__file__).parent.parent / "migrations"


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS))
    return made


def upgrade(to: str = "head") -> None:
    """Runs what is missing, in order; the database must be configured."""
    command.upgrade(config(), to)


def downgrade(to: str) -> None:
    command.downgrade(config(), to)


def head() -> str:
    """The newest migration there is a file for."""
    newest = ScriptDirectory.from_config(config()).get_current_head()
    if newest is None:
        raise RuntimeError(f"There are no migrations in {_SCRIPTS}")
    return newest


def known() -> set[str]:
    """Every migration there is a file for."""
    return {each.revision for each in ScriptDirectory.from_config(config()).walk_revisions()}


def present() -> str | None:
    """The migration that the database is at; None for an empty one."""
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
