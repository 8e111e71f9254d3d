"""The night at the customer's: texts that a contractor sets off wait for the morning (R68)."""

from datetime import datetime, timedelta

from onboarding import clock, config
from onboarding.actor import Actor, Kind
from onboarding.contractors.models import EARLIEST_TEXT, LATEST_TEXT, Contractor
from onboarding.notifications.models import Channel

Night = tuple[int, int]
"""From which hour to which, on the clock where the job is."""
SHORTEST: Night = (LATEST_TEXT, EARLIEST_TEXT)


def night_of(company: Contractor) -> Night:
    """The company's own, which may be longer than the shortest and never shorter."""
    return min(company.quiet_from, LATEST_TEXT), max(company.quiet_to, EARLIEST_TEXT)


def quiet_until(zone: str, night: Night = SHORTEST) -> datetime | None:
    """The morning, while it is night there; None by day."""
    begins, ends = night
    there = clock.local(clock.now(), zone)
    if ends <= there.hour < begins:
        return None
    day = there if there.hour < ends else there + timedelta(days=1)
    return day.replace(hour=ends, minute=0, second=0, microsecond=0)


def text_waits_until(zone: str, night: Night) -> datetime | None:
    """When a text that a member sends now goes out there; None for at once."""
    return quiet_until(zone, night) if config.current().has_quiet_hours else None


def not_before(
    channel: Channel, zone: str, night: Night, by: Actor, *, at_once: bool
) -> datetime | None:
    """What a customer asks for, and what is to go at once, waits for no morning; nor does mail."""
    if channel is not Channel.SMS or by.kind is not Kind.MEMBER or at_once:
        return None
    return text_waits_until(zone, night)
