"""A database that fails a command is told in a sentence that says what to do."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click
from sqlalchemy.exc import DBAPIError

from onboarding import migrating

P = ParamSpec("P")


def in_words(ask: Callable[P, None]) -> Callable[P, None]:
    """A database that is not there, or not migrated, is a sentence that says what to do."""

    @wraps(ask)
    def asked(*told: P.args, **named: P.kwargs) -> None:
        try:
            ask(*told, **named)
        except DBAPIError as fault:
            raise click.ClickException(_trouble(fault)) from fault

    return asked


def _trouble(fault: DBAPIError) -> str:
    try:
        present = migrating.present()
    except DBAPIError as unreachable:
        return f"The database cannot be reached: {_first_line(unreachable)}"
    if present != migrating.head():
        return (
            f"The database is {f'at {present}' if present else 'empty'}, the newest migration is"
            f" {migrating.head()}. Run flask --app app migrate first."
        )
    return f"The database refused: {_first_line(fault)}"


def _first_line(fault: DBAPIError) -> str:
    return str(fault.orig).strip().partition("\n")[0]
