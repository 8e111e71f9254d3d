"""Polls answer for a cookie without opening its session: one read, and none is prolonged."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from onboarding.web.sessions import IDLE, carried

Found = TypeVar("Found")


def polled(
    ask: Callable[[str, timedelta], Found | None], kinds: tuple[str, ...] = ("visit", "crm")
) -> Found | None:
    """What `ask` finds for a cookie of `kinds`: it gets the secret and how long a session may lie
    idle, and makes the one read."""
    for kind in kinds:
        secret = carried(kind)
        found = ask(secret, IDLE[kind]) if secret else None
        if found is not None:
            return found
    return None
