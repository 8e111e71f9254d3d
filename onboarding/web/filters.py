"""How values read on a page: money, quantities, moments, phone numbers."""

from datetime import date, datetime
from typing import Any

import phonenumbers
from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _

from onboarding import clock
from onboarding.gateways import prose
from onboarding.money import divide, in_units


def money(cents: int, currency: str = "USD") -> str:
    """`1845000` as `$18,450.00`."""
    return format_currency(in_units(cents), currency, locale=_locale())


def short_money(cents: int, currency: str = "USD") -> str:
    """Whole units, for a crowded board: `$18,450`."""
    return format_currency(
        divide(cents, 100), currency, format="¤#,##0", currency_digits=False, locale=_locale()
    )


def quantity(thousandths: int) -> str:
    return format_decimal(thousandths / 1000, locale=_locale())


def percent(rate: int) -> str:
    """Thousandths of a percent, `8875`, as `8.875%`."""
    return f"{format_decimal(rate / 1000, locale=_locale())}%"


def day(moment: datetime, zone: str) -> str:
    """`Friday, November 27`, on the calendar of the IANA zone."""
    return _written_day(clock.local(moment, zone).date(), clock.today(zone))


def calendar_day(of: date) -> str:
    """A day that is one wherever it is read: `Friday, November 27`."""
    return _written_day(of, clock.now().date())


def _written_day(local: date, today: date) -> str:
    is_this_year = local.year == today.year
    pattern = "EEEE, MMMM d" if is_this_year else "EEEE, MMMM d, y"
    if _locale().startswith("es"):
        pattern = "EEEE, d 'de' MMMM" if is_this_year else "EEEE, d 'de' MMMM 'de' y"
    return format_date(local, pattern, locale=_locale())


def clock_time(moment: datetime, zone: str) -> str:
    return format_time(clock.local(moment, zone), "short", locale=_locale())


def full_time(moment: datetime, zone: str) -> str:
    """`Nov 27, 2026, 4:05 PM`: to the minute, as people read it."""
    local = clock.local(moment, zone)
    date = format_date(local, "medium", locale=_locale())
    return f"{date}, {format_time(local, 'short', locale=_locale())}"


def near_day(moment: datetime, zone: str) -> str:
    """`Today`, `Yesterday`, or the day with its date, on the calendar of the IANA zone."""
    passed = clock.local(clock.now(), zone).date() - clock.local(moment, zone).date()
    near = {0: _("Today"), 1: _("Yesterday")}.get(passed.days)
    return str(near or day(moment, zone))


def iso(moment: datetime) -> str:
    """For a `<time datetime>`."""
    return moment.isoformat(timespec="seconds")


def ago(moment: datetime) -> str:
    """`5 minutes ago`, in the reader's language; `just now` below a minute."""
    passed = clock.now() - moment
    if abs(passed.total_seconds()) < 60:
        return str(_("just now"))
    return format_timedelta(-passed, add_direction=True, locale=_locale())


def phone(number: str) -> str:
    """`+15035550142` as `(503) 555-0142`, or with its country code where that is not 1."""
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    is_home = parsed.country_code == 1
    shape = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, shape.NATIONAL if is_home else shape.INTERNATIONAL)


def first_name(name: str) -> str:
    return name.split(" ", 1)[0] if name else ""


def translated(words: str) -> str:
    """Words that are data, such as a status label, in the reader's language."""
    return str(_(words))


def install(app: Flask) -> None:
    named: dict[str, Any] = {
        "money": money,
        "short_money": short_money,
        "quantity": quantity,
        "percent": percent,
        "day": day,
        "calendar_day": calendar_day,
        "clock_time": clock_time,
        "full_time": full_time,
        "near_day": near_day,
        "iso": iso,
        "ago": ago,
        "phone": phone,
        "first_name": first_name,
        "translated": translated,
        "prose": prose.blocks,
    }
    app.jinja_env.filters.update(named)


def _locale() -> str:
    """The reader's language as it is written in the United States: $1,250.00 in Spanish too."""
    return {"es": "es_US"}.get(str(get_locale() or "en")[:2], "en_US")
