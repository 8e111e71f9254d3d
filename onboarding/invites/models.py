from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
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


class ReminderPlan(Tenanted, Base):
    """When a contractor's customers are reminded of the step they stand at; the owner sets it.

    Hours since the customer's or the contractor's last act, each longer than the one before.
    Without a row the defaults below hold.
    """

    __tablename__ = "reminder_plans"
    __table_args__ = (UniqueConstraint("contractor_id"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    is_on: Mapped[bool] = mapped_column(Boolean, default=True)
    first_hours: Mapped[int] = mapped_column(Integer, default=24)
    second_hours: Mapped[int] = mapped_column(Integer, default=72)
    third_hours: Mapped[int] = mapped_column(Integer, default=168)

    @property
    def hours(self) -> tuple[int, int, int]:
        return self.first_hours, self.second_hours, self.third_hours


class Reminder(Tenanted, Base):
    """One reminder of one step: the row is what keeps two workers from sending it twice.

    `cause` tells one stay at a step from the next: the version, or the invite a member sent.
    """

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("onboarding_id", "step", "cause", "number"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"))
    step: Mapped[str] = mapped_column(String(10))
    cause: Mapped[str] = mapped_column(String(26))
    number: Mapped[int] = mapped_column(Integer)
    channel: Mapped[str] = mapped_column(String(5))
    address: Mapped[str] = mapped_column(String(254))
    unsubscribe_hash: Mapped[str] = mapped_column(String(64), unique=True)
    delivery_id: Mapped[str | None] = mapped_column(String(26))
    at: Mapped[datetime] = mapped_column(default=clock.now)
