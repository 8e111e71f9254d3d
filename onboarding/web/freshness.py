"""Whether it is surely the person, and not whoever finds their phone lying open (R48): signed in by
a code, or asked for one, not long ago. What they had typed when a code was asked for is kept."""

from datetime import datetime, timedelta

from flask import Response, session, url_for

from onboarding import clock
from onboarding.web import people
from onboarding.web.answers import redirect_to

# Older than this, a session proves only that somebody has the phone in their hand.
LATELY = timedelta(minutes=30)


def is_fresh() -> bool:
    """A channel of the customer's own was confirmed in this session not long ago."""
    return _is_recent(session.get("confirmed_at"))


def may_look() -> bool:
    """Support in a visit sees what the customer would act on; it acts on nothing."""
    return is_fresh() or people.person().visit is not None


def ask_first(then: str, **typed: str) -> Response:
    """A code first, then back to where the person was going, with what they had `typed` there."""
    if typed:
        session["unsent"] = {"for": then, "at": clock.now().isoformat(), "typed": typed}
    return redirect_to(url_for("accounts.confirm", then=then))


def unsent(then: str) -> dict[str, str]:
    """What was typed before the code was asked for; nothing once that is long ago."""
    kept = session.get("unsent") or {}
    is_it = kept.get("for") == then and _is_recent(kept.get("at"))
    return dict(kept["typed"]) if is_it else {}


def forget_unsent() -> None:
    session.pop("unsent", None)


def _is_recent(at: str | None) -> bool:
    return at is not None and clock.now() - datetime.fromisoformat(at) < LATELY
