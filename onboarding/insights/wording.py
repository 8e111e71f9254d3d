"""The figures in words."""

from babel.dates import format_date
from babel.numbers import format_percent
from flask_babel import get_locale
from flask_babel import gettext as _

from onboarding import clock
from onboarding.insights.queries import Span, Stage
from onboarding.insights.spans import Period


def period(which: Period) -> str:
    words: dict[Period, str] = {
        Period.MONTH: _("30 days"),
        Period.QUARTER: _("90 days"),
        Period.YEAR: _("12 months"),
        Period.ALL: _("All time"),
    }
    return words[which]


def stage(reached: Stage) -> str:
    words: dict[Stage, str] = {
        Stage.SENT: _("Invite sent"),
        Stage.STARTED: _("Link opened"),
        Stage.ACCOUNT: _("Account created"),
        Stage.OPENED: _("Estimate opened"),
        Stage.APPROVED: _("Estimate approved"),
        Stage.SIGNED: _("Contract signed"),
        Stage.COMPLETE: _("Onboarding complete"),
    }
    return words[reached]


def step(end: Stage | None) -> str:
    """The step that ends there; the whole way for none."""
    words: dict[Stage | None, str] = {
        Stage.STARTED: _("Until the link is opened"),
        Stage.ACCOUNT: _("Setting up the account"),
        Stage.OPENED: _("Until the estimate is opened"),
        Stage.APPROVED: _("Reading and approving the estimate"),
        Stage.SIGNED: _("Reading and signing the contract"),
        Stage.COMPLETE: _("Adding a card"),
        None: _("All of it, from Get started"),
    }
    return words[end]


def duration(minutes: float | None) -> str:
    """As long as people would say it: `4 min`, `3.5 hr`, `2 days`."""
    if minutes is None:
        said = "–"
    elif minutes < 1:
        said = _("under 1 min")
    elif minutes < 60:
        said = _("%(count)s min", count=round(minutes))
    elif minutes < 48 * 60:
        said = _("%(count)s hr", count=f"{minutes / 60:.1f}".removesuffix(".0"))
    else:
        said = _("%(count)s days", count=round(minutes / 1440))
    return str(said)


def percent(share: float) -> str:
    return str(format_percent(share, locale=get_locale()))


def month(place: int, span: Span, zone: str, *, short: bool = False) -> str:
    if place < 0:
        return str(_("Earlier"))
    begun = clock.local(span.months[place], zone).date()
    return str(format_date(begun, "MMM" if short else "MMMM y", locale=get_locale()))
