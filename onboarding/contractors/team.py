"""Who works for a contractor: their roles, and their leaving and coming back.

What a member did stays under their name, whatever becomes of them.
"""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.contractors.models import Contractor, Member
from onboarding.database import transaction
from onboarding.web.endings import end_of

Role = Literal["owner", "staff"]
ROLES: tuple[Role, ...] = ("staff", "owner")


class LastOwner(Exception):
    """A company keeps one owner at least, who can let others in."""


class NoSuchMember(Exception):
    """Nobody of this id works for the contractor."""


def members(db: Session) -> Sequence[Member]:
    """Everybody of the contractor in scope, those who left last."""
    statement = select(Member).order_by(Member.is_active.desc(), Member.role, Member.name)
    return db.scalars(statement).all()


def change_role(contractor_id: str, member_id: str, role: Role) -> Member:
    """Holds from the member's next click. Raises LastOwner, NoSuchMember."""
    with transaction(contractor_id) as db:
        member = _locked(db, contractor_id, member_id)
        if role != "owner":
            _refuse_last_owner(db, member)
        member.role = role
        return member


def deactivate(contractor_id: str, member_id: str) -> Member:
    """The member is signed out everywhere, at once. Raises LastOwner, NoSuchMember."""
    with transaction(contractor_id) as db:
        member = _locked(db, contractor_id, member_id)
        _refuse_last_owner(db, member)
        member.is_active = False
        end_of(db, "crm", member.id)
        return member


def reactivate(contractor_id: str, member_id: str) -> Member:
    """The member signs in again with the password they had. Raises NoSuchMember."""
    with transaction(contractor_id) as db:
        member = _locked(db, contractor_id, member_id)
        member.is_active = True
        return member


def _locked(db: Session, contractor_id: str, member_id: str) -> Member:
    """Changes of one team wait for each other: two owners who step down at once leave one."""
    db.get_one(Contractor, contractor_id, with_for_update={"key_share": True})
    member = db.scalar(select(Member).where(Member.id == member_id))
    if member is None:
        raise NoSuchMember
    return member


def _refuse_last_owner(db: Session, member: Member) -> None:
    others = select(Member.id).where(
        Member.role == "owner", Member.is_active, Member.id != member.id
    )
    if member.role == "owner" and member.is_active and db.scalar(others.limit(1)) is None:
        raise LastOwner
