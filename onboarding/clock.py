"""The only door to time. Everything stored is UTC; people see their own zone."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_shift = timedelta(0)
_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return (_frozen or datetime.now(UTC)) + _shift


def monotonic() -> float:
    """Seconds on a clock that never steps back: for intervals, never for facts."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def unix() -> int:
    """Whole seconds since 1970 UTC, as signatures of webhooks count them."""
    return int(now().timestamp())


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on a clock in the IANA time zone `zone`."""
    return moment.astimezone(ZoneInfo(zone))


def today(zone: str) -> date:
    """The day that it is now in the IANA time zone `zone`."""
    return local(now(), zone).date()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """For tests: the clock runs on, `by` ahead, in every thread of this process."""
    global _shift
    before = _shift
    _shift = before + by
    try:
        yield
    finally:
        _shift = before


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """For tests: the clock stands still at `at` (aware), in every thread of this process."""
    global _frozen
    before = _frozen
    _frozen = at.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before
