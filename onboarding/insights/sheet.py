"""The figures as a spreadsheet takes them: one table beneath the other, and no formula."""

import csv
import io

from flask_babel import gettext as _

from onboarding.insights import wording
from onboarding.insights.figures import Figures, GroupFigures
from onboarding.insights.queries import Span

# A cell that begins so would be reckoned by the program that opens it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Excel takes a file for UTF-8 only by this.
_MARK = "\ufeff"

Row = tuple[str | int | float | None, ...]


def sheet(figures: Figures, span: Span, zone: str, members: dict[str, str]) -> str:
    rows: list[Row] = [
        (_("How far they came"), _("Customers"), _("Share"), _("Stopped here")),
        *(
            (wording.stage(one.stage), one.reached, round(one.share, 4), one.stopped)
            for one in figures.funnel
        ),
        (),
        (_("Step"), _("Customers"), _("Median minutes"), _("90th percentile, minutes")),
        *(
            (wording.step(one.stage), one.jobs, _rounded(one.median), _rounded(one.ninetieth))
            for one in figures.steps
        ),
        (),
        _head(_("Month")),
        *(_group(wording.month(int(one.key), span, zone), one) for one in figures.months),
        (),
        _head(_("Member")),
        *(_group(members.get(str(one.key), ""), one) for one in figures.members),
    ]
    return _MARK + _written(rows)


def plain(cell: str | int | float | None) -> str | int | float | None:
    """What is text stays text, whatever it looks like."""
    is_formula = isinstance(cell, str) and cell.startswith(_FORMULA)
    return f"'{cell}" if is_formula else cell


def _head(first: str) -> Row:
    return (first, _("Invites sent"), _("Complete"), _("Share"), _("Median minutes"))


def _group(name: str, one: GroupFigures) -> Row:
    return (name, one.sent, one.complete, round(one.share, 4), _rounded(one.median))


def _rounded(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)


def _written(rows: list[Row]) -> str:
    held = io.StringIO()
    csv.writer(held).writerows([plain(cell) for cell in row] for row in rows)
    return held.getvalue()
