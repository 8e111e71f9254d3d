"""Reads of support: who signs in, whose eyes a session looks through, what was seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.accounts.queries import load_account
from onboarding.actor import Kind
from onboarding.contractors.models import Contractor
from onboarding.contractors.queries import load_member
from onboarding.contracts.models import Contract
from onboarding.database import Everyone, read
from onboarding.estimates.models import Estimate
from onboarding.journey.models import Onboarding
from onboarding.journey.queries import current_of_contact
from onboarding.notifications.models_addresses import TextAlarm
from onboarding.notifications.queries import alarms_since
from onboarding.support.models import Agent, Visit, VisitPage, VisitState
from onboarding.web.person import Person, Visitor

VISITS = 20
_SIGNING_IN = Everyone("a support agent belongs to no contractor")
_SESSION = Everyone("a session names its visit before the contractor is known")
_ACROSS = Everyone("an agent's own visits are to people of many contractors")

_STOPPED = Everyone("a ceiling of texts is the whole installation's concern")

_PEOPLE = {Kind.MEMBER: load_member, Kind.CUSTOMER: load_account}


@dataclass(frozen=True)
class Seen:
    """A visit with who made it and the pages it showed, in order; `zone` is the contractor's."""

    visit: Visit
    agent_name: str
    contractor_name: str
    zone: str
    pages: Sequence[VisitPage]


@dataclass(frozen=True)
class SeenPage:
    """A page of visits, newest first; `before` is the cursor of the next one, or None."""

    visits: Sequence[Seen]
    before: str | None


def agent_by_email(email: str) -> Agent | None:
    """An active agent, by the address they sign in with."""
    statement = select(Agent).where(Agent.email == email.lower(), Agent.is_active)
    return read(_SIGNING_IN).scalars(statement).one_or_none()


def load_agent(agent_id: str) -> Person | None:
    """The person behind a support session; None once deactivated."""
    found = read(_SIGNING_IN).get(Agent, agent_id)
    return as_person(found) if found is not None and found.is_active else None


def as_person(agent: Agent) -> Person:
    return Person(Kind.SUPPORT, agent.id, agent.name)


def load_visit(visit_id: str) -> Person | None:
    """The visited person, with the agent who looks; None once the visit is over."""
    statement = (
        select(Visit, Agent)
        .join(Agent, Agent.id == Visit.agent_id)
        .where(Visit.id == visit_id, Agent.is_active)
    )
    found = read(_SESSION).execute(statement).one_or_none()
    if found is None or found[0].state is not VisitState.ON:
        return None
    visit, agent = found
    person = _PEOPLE[Kind(visit.target)](visit.target_id)
    return replace(person, visit=Visitor(visit.id, agent.id, agent.name)) if person else None


def visit_by(agent_id: str, visit_id: str) -> Seen | None:
    """One of the agent's own visits."""
    return next(iter(_seen(read(_ACROSS), Visit.agent_id == agent_id, Visit.id == visit_id)), None)


def visit_behind(link_hash: str, agent_id: str) -> Seen | None:
    """The visit that a link leads to which was mailed to this agent."""
    conditions = (Visit.link_hash == link_hash, Visit.agent_id == agent_id)
    return next(iter(_seen(read(_ACROSS), *conditions)), None)


def visits_by(agent_id: str) -> Sequence[Seen]:
    """The agent's last visits, newest first."""
    return _seen(read(_ACROSS), Visit.agent_id == agent_id)


def visits_of(db: Session, before: str = "") -> SeenPage:
    """Every visit to people of the contractor in scope, from the cursor on."""
    conditions = [Visit.id < before] if before else []
    found = _seen(db, *conditions, most=VISITS + 1)
    has_more = len(found) > VISITS
    return SeenPage(found[:VISITS], found[VISITS - 1].visit.id if has_more else None)


def alarms() -> Sequence[tuple[TextAlarm, str]]:
    """Where texts were stopped within a week, newest first, with the contractor's name."""
    db = read(_STOPPED)
    found = alarms_since(db, clock.now() - timedelta(days=7))
    whose = {alarm.contractor_id for alarm in found}
    companies = db.scalars(select(Contractor).where(Contractor.id.in_(whose)))
    names = {company.id: company.name for company in companies}
    return [(alarm, names.get(alarm.contractor_id, "")) for alarm in found]


def onboarding_about(db: Session, contact_id: str, named: Mapping[str, str]) -> str | None:
    """The onboarding that an address with these parts is about.

    With `contact_id` it is a customer's page, and always about their own; a member's page may be
    about none.
    """
    found = _named(db, named)
    if found is not None and contact_id in ("", found.contact_id):
        return found.id
    whose = contact_id or named.get("contact_id", "")
    current = current_of_contact(db, whose) if whose else None
    return current.id if current else None


def _named(db: Session, named: Mapping[str, str]) -> Onboarding | None:
    statement = select(Onboarding)
    if "estimate_id" in named:
        statement = statement.join(Estimate, Estimate.onboarding_id == Onboarding.id)
        statement = statement.where(Estimate.id == named["estimate_id"])
    elif "contract_id" in named:
        statement = statement.join(Contract, Contract.onboarding_id == Onboarding.id)
        statement = statement.where(Contract.id == named["contract_id"])
    else:
        asked = named.get("onboarding_id") or named.get("job", "")
        statement = statement.where(Onboarding.id == asked)
    return db.scalars(statement).one_or_none()


def _seen(db: Session, *conditions: ColumnElement[bool], most: int = VISITS) -> Sequence[Seen]:
    statement = (
        select(Visit, Agent.name, Contractor.name, Contractor.time_zone)
        .join(Agent, Agent.id == Visit.agent_id)
        .join(Contractor, Contractor.id == Visit.contractor_id)
        .where(*conditions)
        .order_by(Visit.id.desc())
        .limit(most)
    )
    rows = db.execute(statement).all()
    pages = _pages(db, [row[0].id for row in rows])
    return [Seen(*row, pages.get(row[0].id, ())) for row in rows]


def _pages(db: Session, visit_ids: Sequence[str]) -> Mapping[str, Sequence[VisitPage]]:
    pages: dict[str, list[VisitPage]] = {}
    statement = select(VisitPage).where(VisitPage.visit_id.in_(visit_ids)).order_by(VisitPage.id)
    for page in db.scalars(statement):
        pages.setdefault(page.visit_id, []).append(page)
    return pages
