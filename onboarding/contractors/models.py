from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class Contractor(Base):
    """A company, the tenant."""

    __tablename__ = "contractors"

    id: Mapped[str] = id_column()
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    color: Mapped[str] = mapped_column(String(7), default="#1f5c49")
    logo_sha256: Mapped[str | None] = mapped_column(String(64))
    reply_to: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(20))
    license_number: Mapped[str] = mapped_column(String(60), default="")
    postal_address: Mapped[str] = mapped_column(Text, default="")
    time_zone: Mapped[str] = mapped_column(String(60), default="America/New_York")
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    language: Mapped[str] = mapped_column(String(5), default="en")
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


class Revision(Base):
    """How often anything on a contractor's pipeline has changed: what a poll compares.

    A row of its own, so that moving it on never locks the contractor's row.
    """

    __tablename__ = "revisions"

    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), default=0)
