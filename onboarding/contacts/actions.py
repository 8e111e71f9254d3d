"""What members do to contacts. A contact's edit never touches an account."""

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor, Kind
from onboarding.contacts.models import Contact
from onboarding.contractors import revisions
from onboarding.database import insert_once, transaction


class ContactMissing(Exception):
    """No contact with this id for this contractor."""


class NotForVisitors(Exception):
    """Support looks at contacts; it does not change them."""


class ChangedMeanwhile(Exception):
    """Somebody else saved this contact first; `theirs` is what it is now."""

    def __init__(self, theirs: Contact) -> None:
        self.theirs = theirs
        super().__init__(theirs.id)


@dataclass(frozen=True)
class ContactFields:
    """What is written down about a person. `email` normalised, `mobile` in E.164."""

    name: str
    email: str | None = None
    mobile: str | None = None
    preferred_channel: str = "email"
    address_line1: str = ""
    address_line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    language: str = "en"
    notes: str = ""


def create_contact(contact_id: str, fields: ContactFields, by: Actor) -> Contact:
    """A new contact under the id that was minted with the form: posted twice, it is one."""
    _refuse_visitors(by)
    with transaction(by.contractor_id) as db:
        contact = Contact(id=contact_id, contractor_id=by.contractor_id, **asdict(fields))
        return insert_once(db, contact)


def edit_contact(contact_id: str, fields: ContactFields, seen_version: int, by: Actor) -> Contact:
    """Writes the fields. Raises ChangedMeanwhile when another version was saved since."""
    _refuse_visitors(by)
    with transaction(by.contractor_id) as db:
        contact = _own(db, contact_id)
        if contact.version != seen_version and not _says_already(contact, fields):
            db.expunge(contact)  # it is shown after the rollback
            raise ChangedMeanwhile(contact)
        for name, value in asdict(fields).items():
            setattr(contact, name, value)
        contact.version += 1
        contact.revision = revisions.move_on(db, contact.contractor_id)
        return contact


def archive_contact(contact_id: str, by: Actor) -> Contact:
    """Out of the list and the pipeline; everything is kept, and may come back."""
    _refuse_visitors(by)
    with transaction(by.contractor_id) as db:
        contact = _own(db, contact_id)
        contact.archived_at = contact.archived_at or clock.now()
        contact.revision = revisions.move_on(db, contact.contractor_id)
        return contact


def restore_contact(contact_id: str, by: Actor) -> Contact:
    _refuse_visitors(by)
    with transaction(by.contractor_id) as db:
        contact = _own(db, contact_id)
        contact.archived_at = None
        contact.revision = revisions.move_on(db, contact.contractor_id)
        return contact


def lock(db: Session, contact_id: str) -> Contact:
    """The contact's row, held until the transaction ends. Raises ContactMissing."""
    found = db.scalars(
        select(Contact).where(Contact.id == contact_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise ContactMissing(contact_id)
    return found


def _own(db: Session, contact_id: str) -> Contact:
    """A record that stands by itself, locked. One that was merged into another is missing."""
    found = lock(db, contact_id)
    if found.merged_into_id is not None:
        raise ContactMissing(contact_id)
    return found


def _says_already(contact: Contact, fields: ContactFields) -> bool:
    return all(getattr(contact, name) == value for name, value in asdict(fields).items())


def _refuse_visitors(by: Actor) -> None:
    if by.kind is not Kind.MEMBER:
        raise NotForVisitors
