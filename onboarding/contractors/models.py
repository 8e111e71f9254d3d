from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Integer,
    String,
    Text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock, tokens
from onboarding.database import Base, Tenanted, id_column

# Nobody is texted earlier or later by a company's own choice (47 CFR 64.1200(c)(1)).
EARLIEST_TEXT, LATEST_TEXT = 8, 21


class Contractor(Base):
    """A company, the tenant.

    The logo is kept in three renditions, each under the SHA-256 of its bytes: for paper, for pages
    and for mail. `logo_width` and `logo_height` are the pixels of the one for paper. `own_words`
    are the company's own texts of messages: purpose, then language, then part. Customers are not
    reminded by text from `quiet_from` to `quiet_to`, hours of the clock where their job is.
    """

    __tablename__ = "contractors"

    id: Mapped[str] = id_column()
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    color: Mapped[str] = mapped_column(String(7), default="#1f5c49")
    logo_sha256: Mapped[str | None] = mapped_column(String(64))
    logo_page_sha256: Mapped[str | None] = mapped_column(String(64))
    logo_mail_sha256: Mapped[str | None] = mapped_column(String(64))
    logo_width: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    logo_height: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    reply_to: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(20))
    license_number: Mapped[str] = mapped_column(String(60), default="")
    postal_address: Mapped[str] = mapped_column(Text, default="")
    time_zone: Mapped[str] = mapped_column(String(60), default="America/New_York")
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    language: Mapped[str] = mapped_column(String(5), default="en")
    own_words: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    quiet_from: Mapped[int] = mapped_column(Integer, default=21, server_default="21")
    quiet_to: Mapped[int] = mapped_column(Integer, default=8, server_default="8")
    offers_auto_pay: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    gives_cancel_right: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Member(Tenanted, Base):
    """A person who works for a contractor and signs in to the CRM."""

    __tablename__ = "members"
    __table_args__ = (CheckConstraint("role in ('owner', 'staff')", name="role"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(10), default="staff")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class MemberReset(Tenanted, Base):
    """A mailed link with which a member chooses a new password: once, for an hour."""

    __tablename__ = "member_resets"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class MemberInvite(Tenanted, Base):
    """A mailed link with which somebody joins a contractor's team: once, for seven days."""

    __tablename__ = "member_invites"
    __table_args__ = (CheckConstraint("role in ('owner', 'staff')", name="role"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(10), default="staff")
    invited_by: Mapped[str] = mapped_column(String(200))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignUp(Base):
    """A company that asked to begin and has not confirmed its owner's mailbox yet.

    `contractor_id` is the id that the company will have: the mail to the mailbox is its first.
    """

    __tablename__ = "sign_ups"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(String(26), default=tokens.new_id)
    company: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5), default="en")
    password_hash: Mapped[str] = mapped_column(String(255))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Revision(Base):
    """How often anything on a contractor's pipeline has changed: what a poll compares.

    A row of its own, so that moving it on never locks the contractor's row.
    """

    __tablename__ = "revisions"

    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), default=0)
