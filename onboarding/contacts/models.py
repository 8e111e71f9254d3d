from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class Contact(Tenanted, Base):
    """A person in a contractor's CRM. E-mail and phone are not unique: couples share them."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index(None, "contractor_id", "archived_at", "name", "id"),
        Index(None, "contractor_id", "email"),
        Index(None, "contractor_id", "mobile"),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    mobile: Mapped[str | None] = mapped_column(String(20))
    address_line1: Mapped[str] = mapped_column(String(200), default="")
    address_line2: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str] = mapped_column(String(50), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    preferred_channel: Mapped[str] = mapped_column(String(5), default="email")
    language: Mapped[str] = mapped_column(String(5), default="en")
    notes: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), default=0)
    version: Mapped[int] = mapped_column(Integer, default=1)
    archived_at: Mapped[datetime | None]
    # The record that this one was merged into: addresses of this one lead there.
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Shelf(StrEnum):
    """Where a contact is looked for."""

    CURRENT = "current"
    ARCHIVED = "archived"
    MERGED = "merged"  # nowhere: its record is another's now


class ContactListing(Tenanted, Base):
    """What the list sorts and filters by, in a row of its own: the list is then as quick for a
    hundred thousand contacts as for a hundred, and an act of a customer never waits for a member
    who holds the contact. `listing.py` keeps it.

    `standing` is the status of the newest job, empty before there is one.
    """

    __tablename__ = "contact_listings"
    __table_args__ = (
        Index("ix_contact_listings_by_name", "contractor_id", "shelf", "name_key", "contact_id"),
        Index("ix_contact_listings_by_age", "contractor_id", "shelf", "contact_id"),
        Index("ix_contact_listings_by_act", "contractor_id", "shelf", "active_at", "contact_id"),
        Index(
            "ix_contact_listings_standing_by_name",
            *("contractor_id", "shelf", "standing", "name_key", "contact_id"),
        ),
        Index(
            "ix_contact_listings_standing_by_age",
            *("contractor_id", "shelf", "standing", "contact_id"),
        ),
        Index(
            "ix_contact_listings_standing_by_act",
            *("contractor_id", "shelf", "standing", "active_at", "contact_id"),
        ),
        Index("ix_contact_listings_email_key", "contractor_id", "email_key"),
    )

    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    shelf: Mapped[str] = mapped_column(String(10), default=Shelf.CURRENT)
    name_key: Mapped[str] = mapped_column(String(200))
    email_key: Mapped[str | None] = mapped_column(String(254))
    standing: Mapped[str] = mapped_column(String(30), default="")
    active_at: Mapped[datetime] = mapped_column(default=clock.now)


# Bytes are compared, whatever the database's language: only then is a beginning a range.
_WORD = String(60).with_variant(String(60, collation="C"), "postgresql")


class ContactWord(Tenanted, Base):
    """A word that a contact is found by: of the name, the address, or an end of the number."""

    __tablename__ = "contact_words"
    __table_args__ = (Index(None, "contact_id"),)

    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"), primary_key=True)
    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), primary_key=True)


class ImportState(StrEnum):
    """In their order; only a change of the columns goes back to the first."""

    CHECKING = "checking"  # every row is read and nothing written
    CHECKED = "checked"  # waits for a member to decide
    RUNNING = "running"  # a chunk of rows a transaction
    DONE = "done"
    DISCARDED = "discarded"
    LOST = "lost"  # the file is not where it was kept


class Duplicates(StrEnum):
    """What becomes of a row whose e-mail or phone is on file already."""

    SKIP = "skip"
    UPDATE = "update"
    ADD = "add"


class ContactImport(Tenanted, Base):
    """A file of contacts on its way in.

    `columns` names the field of each column of the file, empty for one that is left out. `cursor`
    counts the rows that are settled; it moves in the transaction that settles them. `fence` moves
    on with each worker that takes over: who lost the lease writes nothing. `found` holds the first
    rows, the first problems and the first duplicates, for the preview.
    """

    __tablename__ = "contact_imports"
    __table_args__ = (Index(None, "state", "lease_until"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    encoding: Mapped[str] = mapped_column(String(20))
    separator: Mapped[str] = mapped_column(String(1))
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(10), default=ImportState.CHECKING)
    duplicates: Mapped[str] = mapped_column(String(6), default=Duplicates.SKIP)
    row_count: Mapped[int] = mapped_column(Integer, default=0)
    cursor: Mapped[int] = mapped_column(Integer, default=0)
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    good_count: Mapped[int] = mapped_column(Integer, default=0)
    duplicate_count: Mapped[int] = mapped_column(Integer, default=0)
    refused_count: Mapped[int] = mapped_column(Integer, default=0)
    added_count: Mapped[int] = mapped_column(Integer, default=0)
    updated_count: Mapped[int] = mapped_column(Integer, default=0)
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ImportRefusal(Tenanted, Base):
    """A row of a file that was not taken, as it came, and why."""

    __tablename__ = "contact_import_refusals"
    __table_args__ = (UniqueConstraint("import_id", "line"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    import_id: Mapped[str] = mapped_column(ForeignKey("contact_imports.id"))
    line: Mapped[int] = mapped_column(Integer)
    reasons: Mapped[list[list[str]]] = mapped_column(JSON)
    cells: Mapped[list[str]] = mapped_column(JSON)
