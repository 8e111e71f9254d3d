from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class Account(Tenanted, Base):
    """A contact's sign-in to the portal, and their profile."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("contact_id"),
        Index(None, "contractor_id", "email"),
        Index(None, "contractor_id", "phone"),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    name: Mapped[str] = mapped_column(String(200))
    address_line1: Mapped[str] = mapped_column(String(200), default="")
    address_line2: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str] = mapped_column(String(50), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    preferred_channel: Mapped[str] = mapped_column(String(5), default="email")
    language: Mapped[str] = mapped_column(String(5), default="en")
    email: Mapped[str | None] = mapped_column(String(254))
    email_confirmed_at: Mapped[datetime | None]
    phone: Mapped[str | None] = mapped_column(String(20))
    phone_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(255))
    profile_saved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Challenge(Tenanted, Base):
    """A six-digit code, and for e-mail a link beside it, sent to one address for one purpose.

    Ten minutes, five tries, single use; a newer challenge for the same browser and address ends
    it. `browser_hash` binds it to the session that asked, `contact_id` or `account_id` to whom
    it is for; `is_on_file` says that the address stood on the contact, and must still stand
    there when the code is used. `asked_from` is the asking device in words; `approved_at` is
    set when the link was confirmed, which moves the asking one on.
    """

    __tablename__ = "challenges"
    __table_args__ = (Index(None, "contractor_id", "address", "created_at"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(5))
    address: Mapped[str] = mapped_column(String(254))
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contacts.id"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    is_on_file: Mapped[bool] = mapped_column(Boolean, default=False)
    asked_from: Mapped[str] = mapped_column(String(80), default="")
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    delivery_id: Mapped[str | None] = mapped_column(String(26))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
