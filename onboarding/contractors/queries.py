"""Reads of contractors and their members."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.actor import Kind
from onboarding.contractors.models import Contractor, Member
from onboarding.database import Everyone, read
from onboarding.web.person import Person

_SIGNING_IN = Everyone("a member signs in before their contractor is known")


def contractor(db: Session, contractor_id: str) -> Contractor:
    """The contractor with this id, which must exist."""
    return db.get_one(Contractor, contractor_id)


def contractor_by_slug(slug: str) -> Contractor | None:
    db = read(Everyone("a portal's address names its contractor by slug"))
    return db.scalars(select(Contractor).where(Contractor.slug == slug)).one_or_none()


def member_by_email(email: str) -> Member | None:
    """An active member, by the e-mail address they sign in with, in lower case."""
    statement = select(Member).where(Member.email == email.lower(), Member.is_active)
    return read(_SIGNING_IN).scalars(statement).one_or_none()


def load_member(member_id: str) -> Person | None:
    """The person behind a CRM session; None once deactivated."""
    found = read(_SIGNING_IN).get(Member, member_id)
    if found is None or not found.is_active:
        return None
    return as_person(found)


def as_person(member: Member) -> Person:
    return Person(
        Kind.MEMBER, member.id, member.name, contractor_id=member.contractor_id, role=member.role
    )
