"""Whose paper a page is printed on."""

from typing import Any

from flask import g
from flask_babel import refresh


def show_company(company: Any) -> None:
    """Puts the contractor's name, logo and colour on a page before anybody signed in; where nothing
    else is known of the reader, the page speaks its language."""
    g.company = company
    refresh()


def shown_company() -> Any | None:
    return g.get("company")
