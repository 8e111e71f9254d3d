"""The periods that can be looked at, with the months of the contractor's own calendar."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from onboarding import clock
from onboarding.insights.queries import Span

_MOST_MONTHS = 24


class Period(StrEnum):
    MONTH = "30"
    QUARTER = "90"
    YEAR = "365"
    ALL = "all"


def asked(name: str) -> Period:
    """The period of this name; the quarter for any other."""
    return next((period for period in Period if period.value == name), Period.QUARTER)


def span_of(period: Period, zone: str) -> Span:
    now = clock.now()
    if period is Period.ALL:
        return Span(None, _months(now, _MOST_MONTHS, zone))
    start = now - timedelta(days=int(period.value))
    return Span(start, _months_since(start, now, zone))


def _months_since(start: datetime, now: datetime, zone: str) -> list[datetime]:
    first, last = clock.local(start, zone), clock.local(now, zone)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return _months(now, count, zone)


def _months(now: datetime, count: int, zone: str) -> list[datetime]:
    """The beginnings of the last `count` months, this one too, the oldest first."""
    today = clock.local(now, zone)
    numbers = range(today.year * 12 + today.month - count, today.year * 12 + today.month)
    return [
        datetime(number // 12, number % 12 + 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for number in numbers
    ]
