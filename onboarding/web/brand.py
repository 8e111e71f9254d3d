"""Whose paper a page is printed on."""

from typing import Any

from flask import g


def show_company(company: Any) -> None:
    """Puts the contractor's name, logo and colour on a page before anybody signed in."""
    g.company = company


def shown_company() -> Any | None:
    return g.get("company")
