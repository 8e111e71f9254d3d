from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class Invite(Tenanted, Base):
    """The right to enter, for 72 hours. Never edited: it ends by revocation or replacement."""

    __tablename__ = "invites"
    __table_args__ = (Index(None, "onboarding_id", "created_at"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"))
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    replaced_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]


class InviteLink(Tenanted, Base):
    """One secret link of an invite, for one channel. Only the secret's hash is kept."""

    __tablename__ = "invite_links"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    invite_id: Mapped[str] = mapped_column(ForeignKey("invites.id"), index=True)
    channel: Mapped[str] = mapped_column(String(5))
    address: Mapped[str] = mapped_column(String(254))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    delivery_id: Mapped[str | None] = mapped_column(String(26))
    fetched_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    asked_new_at: Mapped[datetime | None]
