"""Business days as the cooling-off rule counts them, and the last moment to cancel. Pure.

16 CFR 429.0(f): any calendar day except Sunday or a federal holiday. Saturday counts. Where a
holiday falls on a weekend it is observed on a weekday (5 USC 6103(b)); neither day is counted, so
that nobody who reads the rule the other way is late.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from onboarding import clock

_DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))


def is_business_day(day: date) -> bool:
    return day.weekday() != _SUNDAY and day not in _holidays(day.year)


def business_day_after(day: date, count: int) -> date:
    """The `count`th business day after `day`, which itself is not counted."""
    while count:
        day += _DAY
        count -= is_business_day(day)
    return day


def last_day(at: datetime, zone: str, count: int) -> date:
    """The last day on which a transaction made `at` can be cancelled, in the IANA `zone`."""
    return business_day_after(clock.local(at, zone).date(), count)


def end_of(day: date, zone: str) -> datetime:
    """Midnight at the end of `day` on a clock in `zone`."""
    return datetime.combine(day + _DAY, time(), ZoneInfo(zone))


@lru_cache(maxsize=64)
def _holidays(year: int) -> frozenset[date]:
    """5 USC 6103(a), on their own days and on those that they are observed on. New Year's Day of
    the next year may be observed on the last day of this one."""
    days = {date(year, month, day) for month, day in _FIXED}
    days |= {_observed(day) for day in (*days, date(year + 1, 1, 1))}
    return frozenset({*days, *_floating(year)})


def _floating(year: int) -> Iterator[date]:
    yield _nth(year, 1, _MONDAY, 3)  # Martin Luther King Jr.
    yield _nth(year, 2, _MONDAY, 3)  # Washington
    yield _nth(year, 6, _MONDAY, 1) - 7 * _DAY  # Memorial Day, the last Monday of May
    yield _nth(year, 9, _MONDAY, 1)  # Labor Day
    yield _nth(year, 10, _MONDAY, 2)  # Columbus Day
    yield _nth(year, 11, _THURSDAY, 4)  # Thanksgiving


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % 7 + 7 * (nth - 1)) * _DAY


def _observed(day: date) -> date:
    return day + {_SATURDAY: -_DAY, _SUNDAY: _DAY}.get(day.weekday(), timedelta())
