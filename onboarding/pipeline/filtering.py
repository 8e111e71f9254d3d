"""What of the board is looked at: by a search, and by whose jobs they are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from onboarding.contacts.queries import matches
from onboarding.invites.models import Invite
from onboarding.journey.models import Onboarding


@dataclass(frozen=True)
class Filter:
    """What of the board is looked at: a search, and whose jobs. Both empty for all of it."""

    search: str = ""
    member_id: str = ""

    def __bool__(self) -> bool:
        return bool(self.search or self.member_id)

    def conditions(self) -> list[ColumnElement[bool]]:
        return [*_found_by(self.search), *_of_member(self.member_id)]


EVERYTHING = Filter()


def _found_by(search: str) -> list[ColumnElement[bool]]:
    """By a part of a name, an address, a number, or of what the job is called."""
    if not search:
        return []
    return [or_(matches(search), Onboarding.title.icontains(search, autoescape=True))]


def _of_member(member_id: str) -> list[ColumnElement[bool]]:
    """Who began the job, or sent an invite for it."""
    if not member_id:
        return []
    sent = select(Invite.id).where(
        Invite.onboarding_id == Onboarding.id, Invite.member_id == member_id
    )
    return [or_(Onboarding.member_id == member_id, sent.exists())]
