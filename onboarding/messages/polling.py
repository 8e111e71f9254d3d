"""What a poll of a conversation costs when nothing is new: one read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import TextClause, bindparam, text

from onboarding import clock, database, tokens
from onboarding.database import UTCDateTime


@dataclass(frozen=True)
class Pulse:
    """Whose conversation it is, about which job (empty for all), and how many messages it has."""

    contractor_id: str
    contact_id: str
    onboarding_id: str
    count: int


Ask = Callable[[str, timedelta], Pulse | None]

_LIVING = (
    " s.secret_hash = :hash AND s.ended_at IS NULL AND s.expires_at > :now AND s.seen_at > :idle"
)


def _timed(statement: str) -> TextClause:
    moments = (bindparam("now", type_=UTCDateTime), bindparam("idle", type_=UTCDateTime))
    return text(statement + _LIVING).bindparams(*moments)


_OF_CUSTOMER = _timed(
    "SELECT a.contractor_id, a.contact_id, '',"
    " (SELECT count(*) FROM messages m WHERE m.contact_id = a.contact_id)"
    " FROM web_sessions s JOIN accounts a ON a.id = s.subject_id"
    " WHERE s.kind = 'portal' AND"
)
_OF_ESTIMATE = _timed(
    "SELECT a.contractor_id, a.contact_id, o.id,"
    " (SELECT count(*) FROM messages m WHERE m.onboarding_id = o.id)"
    " FROM web_sessions s JOIN accounts a ON a.id = s.subject_id"
    " JOIN onboardings o ON o.contact_id = a.contact_id"
    " JOIN estimates e ON e.onboarding_id = o.id AND e.id = :about"
    " WHERE s.kind = 'portal' AND"
)
_OF_CONTACT = _timed(
    "SELECT c.contractor_id, c.id, '',"
    " (SELECT count(*) FROM messages m WHERE m.contact_id = c.id)"
    " FROM web_sessions s JOIN members b ON b.id = s.subject_id AND b.is_active"
    " JOIN contacts c ON c.contractor_id = b.contractor_id AND c.id = :about"
    " WHERE s.kind = 'crm' AND"
)


def own_conversation(secret: str, idle: timedelta) -> Pulse | None:
    """For the customer: all that was said with them."""
    return _asked(_OF_CUSTOMER, secret, idle)


def about_estimate(estimate_id: str) -> Ask:
    """For the customer: what was said about the job of this estimate, which must be theirs."""
    return lambda secret, idle: _asked(_OF_ESTIMATE, secret, idle, about=estimate_id)


def with_contact(contact_id: str) -> Ask:
    """For a member: what was said with this contact of their company's."""
    return lambda secret, idle: _asked(_OF_CONTACT, secret, idle, about=contact_id)


def _asked(statement: TextClause, secret: str, idle: timedelta, **which: str) -> Pulse | None:
    now = clock.now()
    values = {"hash": tokens.hash_secret(secret), "now": now, "idle": now - idle, **which}
    row = database.raw_row(statement, values)
    return Pulse(row[0], row[1], row[2], int(row[3])) if row else None
