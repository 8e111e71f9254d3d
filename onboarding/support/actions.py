"""What support agents do: sign in, ask for a visit, begin it, end it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, config, passwords, tokens
from onboarding.accounts.models import Account
from onboarding.actor import Actor, Kind
from onboarding.database import Everyone, transaction
from onboarding.journey.queries import current_of_contact
from onboarding.notifications import wording
from onboarding.notifications.actions import Outgoing, queue
from onboarding.notifications.models import Channel, Purpose
from onboarding.support import queries, trail
from onboarding.support.models import Agent, Visit, VisitState
from onboarding.support.queries_people import Target
from onboarding.web import guessing, throttle
from onboarding.web.endings import end_of
from onboarding.web.guessing import Guess

LINK_LIFE = timedelta(minutes=10)
VISIT_LIFE = timedelta(minutes=30)
MOST_VISITS_AN_HOUR = 30
_SIGN_IN = Everyone("a support agent belongs to no contractor")
_VISITS = Everyone("an agent has one visit at a time, whoever the contractor is")


class AddressTaken(Exception):
    """Another agent signs in with this e-mail address."""


class TooManyVisits(Exception):
    """This agent asked for a visit too often within the hour."""


class AlreadyVisiting(Exception):
    """The agent looks through somebody's eyes now, and nobody chains visits."""


class OwnEyes(Exception):
    """The person to visit is the agent."""


class LinkDead(Exception):
    """The link was used, is older than ten minutes, or never was this agent's."""


@dataclass(frozen=True)
class Wish:
    """A visit as it is asked for. The id comes with the form: sent twice, it is one visit."""

    visit_id: str
    target: Target
    reason: str


def add_agent(name: str, email: str, password: str) -> Agent:
    """A support agent, from the command line. Raises AddressTaken."""
    with transaction(_SIGN_IN) as db:
        if db.scalar(select(Agent.id).where(Agent.email == email.lower())):
            raise AddressTaken(email)
        agent = Agent(
            name=name, email=email.lower(), password_hash=passwords.hash_password(password)
        )
        db.add(agent)
        return agent


def check_sign_in(guess: Guess, password: str) -> Agent | None:
    """The agent whose e-mail and password these are. Raises guessing.TooManyTries."""
    agent = queries.agent_by_email(guess.address)
    is_right = guessing.is_right(guess, password, agent.password_hash if agent else None)
    return agent if is_right else None


def ask_visit(agent_id: str, wish: Wish) -> Visit:
    """Mails the agent a link that begins a visit.

    Raises AlreadyVisiting, OwnEyes, TooManyVisits.
    """
    with transaction(_VISITS) as db:
        agent = _lock(db, agent_id)
        already = db.get(Visit, wish.visit_id)
        if already is not None and already.agent_id == agent_id:
            return already
        elif already is not None:
            wish = replace(wish, visit_id=tokens.new_id())
        _refuse_chain(db, agent_id)
        if agent.email in wish.target.addresses:
            raise OwnEyes
        hour = timedelta(hours=1)
        if not throttle.take(db, f"visits:{agent_id}", limit=MOST_VISITS_AN_HOUR, within=hour):
            raise TooManyVisits
        secret = tokens.new_secret()
        visit = _wanted(agent_id, wish, secret)
        db.add(visit)
        db.flush()
        queue(db, _letter(agent, visit, wish.target, secret))
        return visit


def start_visit(secret: str, by: Actor) -> Visit:
    """The link was opened and the button pressed, by the agent it was mailed to: once.

    Raises LinkDead, AlreadyVisiting.
    """
    with transaction(_VISITS) as db:
        _lock(db, by.id)
        visit = db.scalars(
            select(Visit)
            .where(Visit.link_hash == tokens.hash_secret(secret), Visit.agent_id == by.id)
            .with_for_update(key_share=True)
        ).one_or_none()
        if visit is None or visit.state is not VisitState.WAITING:
            raise LinkDead
        _refuse_chain(db, by.id)
        visit.started_at = clock.now()
        visit.expires_at = visit.started_at + VISIT_LIFE
        if visit.target == Kind.CUSTOMER:
            visit.onboarding_id = _busy_with(db, visit)
        trail.note_started(db, visit, as_visitor(by, visit))
        return visit


def end_visit(visit_id: str, by: Actor, how: str = "ended") -> None:
    """Ends a visit and its session. Ended twice, it was ended the first time."""
    with transaction(_VISITS) as db:
        visit = db.scalars(
            select(Visit).where(Visit.id == visit_id).with_for_update(key_share=True)
        ).one()
        if visit.started_at is None or visit.ended_at is not None:
            return
        visit.ended_at = min(clock.now(), visit.expires_at or clock.now())
        end_of(db, "visit", visit.id)
        trail.note_ended(db, visit, as_visitor(by, visit), how)


def end_visits_by(by: Actor) -> None:
    """Ends what the agent has open: they sign out."""
    for seen in queries.visits_by(by.id):
        if seen.visit.state is VisitState.ON:
            end_visit(seen.visit.id, by, "signed out")


def as_visitor(by: Actor, visit: Visit) -> Actor:
    """The agent as the audit trail names them: who looked, and through whose eyes."""
    if by.kind is not Kind.SUPPORT:
        return by
    return replace(by, contractor_id=visit.contractor_id, visited_as=Kind(visit.target))


def _lock(db: Session, agent_id: str) -> Agent:
    return db.scalars(
        select(Agent).where(Agent.id == agent_id).with_for_update(key_share=True)
    ).one()


def _refuse_chain(db: Session, agent_id: str) -> None:
    running: Sequence[Visit] = db.scalars(
        select(Visit).where(
            Visit.agent_id == agent_id, Visit.ended_at.is_(None), Visit.expires_at > clock.now()
        )
    ).all()
    if running:
        raise AlreadyVisiting


def _wanted(agent_id: str, wish: Wish, secret: str) -> Visit:
    return Visit(
        id=wish.visit_id,
        contractor_id=wish.target.contractor_id,
        agent_id=agent_id,
        target=wish.target.kind.value,
        target_id=wish.target.id,
        target_name=wish.target.name,
        reason=wish.reason,
        link_hash=tokens.hash_secret(secret),
        link_expires_at=clock.now() + LINK_LIFE,
    )


def _letter(agent: Agent, visit: Visit, target: Target, secret: str) -> Outgoing:
    letter = wording.SupportLinkMessage(
        url=f"{config.current().base_url}/support/visit/{secret}",
        agent_name=agent.name,
        person_name=target.name,
        contractor_name=target.contractor_name,
        reason=visit.reason,
        minutes=int(LINK_LIFE.total_seconds()) // 60,
    )
    return Outgoing(
        contractor_id=visit.contractor_id,
        contact_id=None,
        onboarding_id=None,
        purpose=Purpose.SUPPORT_LINK,
        reference=visit.id,
        channel=Channel.EMAIL,
        to=agent.email,
        from_name=wording.PLATFORM.name,
        reply_to=None,
        message=wording.render(letter, "en"),
        is_secret=True,
        not_after=visit.link_expires_at,
    )


def _busy_with(db: Session, visit: Visit) -> str | None:
    """The job that the visited customer is busy with, if there is one."""
    contact_id = db.scalar(select(Account.contact_id).where(Account.id == visit.target_id))
    onboarding = current_of_contact(db, contact_id) if contact_id else None
    return onboarding.id if onboarding else None
