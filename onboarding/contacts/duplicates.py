"""Who of a handful of people is on file already, by e-mail or phone: two statements for all."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.contacts.models import Contact, ContactListing, Shelf
from onboarding.contacts.rows import Reading


@dataclass
class OnFile:
    """Ids of contacts by folded e-mail and by phone; an e-mail tells more than a phone."""

    by_email: dict[str, str] = field(default_factory=dict)
    by_mobile: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def match(self, reading: Reading) -> str | None:
        """The contact's id, of the one that was there first."""
        found = self.by_email.get(reading.email_key) if reading.email_key else None
        if found is None and reading.mobile:
            found = self.by_mobile.get(reading.mobile)
        return found

    def why(self, reading: Reading) -> str:
        """'email' or 'mobile': what a match was found by."""
        is_email = reading.email_key is not None and reading.email_key in self.by_email
        return "email" if is_email else "mobile"

    def add(self, contact_id: str, name: str, email_key: str | None, mobile: str | None) -> None:
        self.names[contact_id] = name
        if email_key:
            self.by_email.setdefault(email_key, contact_id)
        if mobile:
            self.by_mobile.setdefault(mobile, contact_id)


def on_file(db: Session, readings: Iterable[Reading]) -> OnFile:
    """The current contacts that any of the readings may be, the oldest counts."""
    good = [reading for reading in readings if not reading.reasons]
    emails = {reading.email_key for reading in good if reading.email_key}
    mobiles = {reading.mobile for reading in good if reading.mobile}
    found = OnFile()
    rows = [*_by_email(db, emails), *_by_mobile(db, mobiles)]
    for contact_id, name, email_key, mobile in sorted(rows, key=lambda row: row[0]):
        found.add(contact_id, name, email_key, mobile)
    return found


Row = tuple[str, str, str | None, str | None]
_COLUMNS = (Contact.id, Contact.name, ContactListing.email_key, Contact.mobile)
_IS_LISTED = ContactListing.contact_id == Contact.id
_IS_CURRENT = ContactListing.shelf == Shelf.CURRENT.value


def _by_email(db: Session, emails: Collection[str]) -> Iterable[Row]:
    if not emails:
        return []
    statement = select(*_COLUMNS).join(ContactListing, _IS_LISTED)
    rows = db.execute(statement.where(ContactListing.email_key.in_(emails), _IS_CURRENT))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _by_mobile(db: Session, mobiles: Collection[str]) -> Iterable[Row]:
    if not mobiles:
        return []
    statement = select(*_COLUMNS).join(ContactListing, _IS_LISTED)
    rows = db.execute(statement.where(Contact.mobile.in_(mobiles), _IS_CURRENT))
    return [(row[0], row[1], row[2], row[3]) for row in rows]
