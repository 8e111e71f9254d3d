"""The night at the customer's: texts that a contractor sets off wait for the morning (R68)."""

from datetime import datetime, timedelta

from onboarding import clock, config
from onboarding.actor import Actor, Kind
from onboarding.notifications.models import Channel

_FROM, _TO = 21, 8


def quiet_until(zone: str) -> datetime | None:
    """The morning, while it is night there (21 to 8); None by day."""
    there = clock.local(clock.now(), zone)
    if _TO <= there.hour < _FROM:
        return None
    day = there if there.hour < _TO else there + timedelta(days=1)
    return day.replace(hour=_TO, minute=0, second=0, microsecond=0)


def text_waits_until(zone: str) -> datetime | None:
    """When a text that a member sends now goes out there; None for at once."""
    return quiet_until(zone) if config.current().has_quiet_hours else None


def not_before(channel: Channel, zone: str, by: Actor, *, at_once: bool) -> datetime | None:
    """What a customer asks for, and what is to go at once, waits for no morning; nor does mail."""
    if channel is not Channel.SMS or by.kind is not Kind.MEMBER or at_once:
        return None
    return text_waits_until(zone)
