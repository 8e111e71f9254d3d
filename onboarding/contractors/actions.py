"""What is done to contractors and members."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onboarding import passwords, tokens
from onboarding.contractors import queries
from onboarding.contractors.models import Contractor, Member
from onboarding.database import Everyone, transaction
from onboarding.web import guessing
from onboarding.web.guessing import Guess

# First parts of portal addresses: /portal/<slug>/sign-in must never read as one of them.
_RESERVED = frozenset(
    [
        "account",
        "card",
        "code",
        "confirmation",
        "contract",
        "done",
        "estimate",
        "job",
        "link",
        "messages",
        "next",
        "payment-methods",
        "profile",
        "revoked",
        "sign-in",
        "sign-out",
    ]
)
_NEW = Everyone("a new contractor has no scope yet")


class AddressTaken(Exception):
    """Another member of the installation signs in with this e-mail address."""


@dataclass(frozen=True)
class NewContractor:
    """What a new company and its owner are asked for."""

    name: str
    owner_name: str
    owner_email: str
    password: str
    phone: str
    license_number: str = ""
    postal_address: str = ""
    color: str = "#1f5c49"
    time_zone: str = "America/New_York"
    language: str = "en"


def add_contractor(new: NewContractor) -> tuple[Contractor, Member]:
    """A contractor with its owner. Raises AddressTaken."""
    with transaction(_NEW) as db:
        return begin_contractor(db, new, passwords.hash_password(new.password))


def begin_contractor(
    db: Session, new: NewContractor, password_hash: str, contractor_id: str = ""
) -> tuple[Contractor, Member]:
    """The same in the caller's transaction. Raises AddressTaken."""
    refuse_taken(db, new.owner_email)
    company = Contractor(
        id=contractor_id or tokens.new_id(),
        name=new.name,
        slug="",
        color=new.color,
        reply_to=new.owner_email.lower(),
        phone=new.phone,
        license_number=new.license_number,
        postal_address=new.postal_address,
        time_zone=new.time_zone,
        language=new.language,
    )
    _add_with_slug(db, company)
    owner = _member(company.id, new.owner_name, new.owner_email, password_hash, "owner")
    db.add(owner)
    return company, owner


def add_member(contractor_id: str, name: str, email: str, password: str) -> Member:
    """A member of staff. Raises AddressTaken."""
    with transaction(_NEW) as db:
        refuse_taken(db, email)
        hashed = passwords.hash_password(password)
        member = _member(contractor_id, name, email, hashed, "staff")
        db.add(member)
        return member


def check_sign_in(guess: Guess, password: str) -> Member | None:
    """The member whose e-mail and password these are. Raises guessing.TooManyTries."""
    member = queries.member_by_email(guess.address)
    is_right = guessing.is_right(guess, password, member.password_hash if member else None)
    return member if is_right else None


def _member(contractor_id: str, name: str, email: str, password_hash: str, role: str) -> Member:
    return Member(
        contractor_id=contractor_id,
        name=name,
        email=email.lower(),
        password_hash=password_hash,
        role=role,
    )


def refuse_taken(db: Session, email: str) -> None:
    """Raises AddressTaken."""
    taken = db.scalar(select(Member.id).where(Member.email == email.lower()))
    if taken:
        raise AddressTaken(email)


def _add_with_slug(db: Session, company: Contractor) -> None:
    """Two companies of one name that begin at the same moment do not keep each other out."""
    for _ in range(5):
        company.slug = _free_slug(db, company.name)
        try:
            with db.begin_nested():
                db.add(company)
                db.flush()
        except IntegrityError:
            continue
        return
    raise AddressTaken(company.name)


def _free_slug(db: Session, name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "company"
    slugs = select(Contractor.slug).where(Contractor.slug.like(f"{plain}%"))
    taken = {*db.scalars(slugs), *_RESERVED}
    numbered = (f"{plain}-{number}" for number in range(2, 10_000))
    return next(slug for slug in (plain, *numbered) if slug not in taken)
