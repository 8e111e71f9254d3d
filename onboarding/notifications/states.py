"""How a delivery moves on. Pure: no database, no clock."""

from datetime import datetime, timedelta

from onboarding import tokens
from onboarding.notifications.models import DeliveryState

_ORDER = {state: rank for rank, state in enumerate(DeliveryState)}
# Given up or returned: whoever it was for does not have it.
LOST = frozenset({DeliveryState.FAILED, DeliveryState.OPTED_OUT, DeliveryState.BOUNCED})
_FINAL = LOST | {DeliveryState.DELIVERED}

MOST_TRIES = 10
_FIRST_WAIT = 5.0
_LONGEST_WAIT = 3600.0


def further(now: str, reported: DeliveryState) -> DeliveryState:
    """Where a delivery stands once something is reported of it: never back, in any order.

    *Delivered* counts more than *failed*: we give up on what may have gone out all the same, and a
    receipt knows better. *Bounced* counts most: it comes after a server had taken the message.
    """
    return max(DeliveryState(now), reported, key=_ORDER.__getitem__)


def is_final(state: str) -> bool:
    """Nothing more will be tried."""
    return state in _FINAL


def is_out(state: str) -> bool:
    """Handed over or given up: its words are not needed again."""
    return _ORDER[DeliveryState(state)] >= _ORDER[DeliveryState.SENT]


def next_try(now: datetime, attempts: int, at_least: float) -> datetime:
    """When to try again after so many tries: three times as long each time, an hour at the most.

    Up to half as long again is left to chance: what failed together does not come back together.
    """
    wait = max(at_least, min(_FIRST_WAIT * 3.0 ** (attempts - 1), _LONGEST_WAIT))
    return now + timedelta(seconds=wait + tokens.jitter(wait / 2))
