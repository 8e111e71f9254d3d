from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column
from onboarding.journey.status import Answer, Facts, Invite

_BIG = BigInteger().with_variant(Integer, "sqlite")


class Onboarding(Tenanted, Base):
    """One job for one contact: its facts, and the status derived from them.

    The fact columns carry the names of `status.Facts`. Only `actions.record` writes them.
    """

    __tablename__ = "onboardings"
    __table_args__ = (
        Index(None, "contractor_id", "status", "status_since"),
        Index(None, "contractor_id", "revision"),
        Index(None, "contractor_id", "contact_id"),
        Index(None, "contractor_id", "status", "stuck_from"),
        Index(None, "contractor_id", "sent_at"),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    title: Mapped[str] = mapped_column(String(200))
    site_line1: Mapped[str] = mapped_column(String(200), default="")
    site_line2: Mapped[str] = mapped_column(String(200), default="")
    site_city: Mapped[str] = mapped_column(String(100), default="")
    site_state: Mapped[str] = mapped_column(String(50), default="")
    site_postal_code: Mapped[str] = mapped_column(String(20), default="")
    site_time_zone: Mapped[str] = mapped_column(String(60))
    currency: Mapped[str] = mapped_column(String(3))
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    # The facts.
    invite: Mapped[str] = mapped_column(String(12), default=Invite.NONE)
    has_account: Mapped[bool] = mapped_column(Boolean, default=False)
    has_profile: Mapped[bool] = mapped_column(Boolean, default=False)
    latest_version: Mapped[int] = mapped_column(Integer, default=0)
    opened_version: Mapped[int] = mapped_column(Integer, default=0)
    answer: Mapped[str] = mapped_column(String(10), default=Answer.NONE)
    approved_version: Mapped[int] = mapped_column(Integer, default=0)
    consented_version: Mapped[int] = mapped_column(Integer, default=0)
    signed_version: Mapped[int] = mapped_column(Integer, default=0)
    completed_version: Mapped[int] = mapped_column(Integer, default=0)
    cancelled_version: Mapped[int] = mapped_column(Integer, default=0)
    wants_paper: Mapped[bool] = mapped_column(Boolean, default=False)
    has_card: Mapped[bool] = mapped_column(Boolean, default=False)
    has_question: Mapped[bool] = mapped_column(Boolean, default=False)
    has_change_request: Mapped[bool] = mapped_column(Boolean, default=False)

    # What the pipeline shows beside them.
    amount_cents: Mapped[int] = mapped_column(_BIG, default=0)
    invite_expires_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    # Until then the customer may cancel the contract signed last, and no work should begin.
    cancel_until: Mapped[datetime | None]

    # When each came first: what insights count. Never moved once set.
    sent_at: Mapped[datetime | None]
    account_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    first_completed_at: Mapped[datetime | None]

    # Derived, in the same transaction.
    status: Mapped[str] = mapped_column(String(30))
    details: Mapped[list[str]] = mapped_column(JSON, default=list)
    action: Mapped[str | None] = mapped_column(String(30))
    status_since: Mapped[datetime] = mapped_column(default=clock.now)
    # From when on it waits for the contractor; may lie ahead, for a link that is going to run out.
    stuck_from: Mapped[datetime | None]
    # When to look whether a reminder is due; none where only an act of somebody can make one due.
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    revision: Mapped[int] = mapped_column(_BIG, default=0)
    event_count: Mapped[int] = mapped_column(Integer, default=0)
    event_head: Mapped[str] = mapped_column(String(64), default="")

    @property
    def start_after(self) -> datetime | None:
        """Until then the contract signed last can be cancelled, and no work should begin."""
        is_open = self.cancel_until is not None and self.cancel_until > clock.now()
        return self.cancel_until if is_open and not self.facts.is_cancelled else None

    @property
    def facts(self) -> Facts:
        return Facts(
            invite=Invite(self.invite),
            has_account=self.has_account,
            has_profile=self.has_profile,
            latest_version=self.latest_version,
            opened_version=self.opened_version,
            answer=Answer(self.answer),
            approved_version=self.approved_version,
            consented_version=self.consented_version,
            signed_version=self.signed_version,
            completed_version=self.completed_version,
            cancelled_version=self.cancelled_version,
            wants_paper=self.wants_paper,
            has_card=self.has_card,
            has_question=self.has_question,
            has_change_request=self.has_change_request,
        )


class Event(Tenanted, Base):
    """One line of an onboarding's audit trail, chained to the one before by its hash.

    Rows are never updated or deleted: triggers on both databases refuse it.
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("onboarding_id", "seq"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"))
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    kind: Mapped[str] = mapped_column(String(40))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[str] = mapped_column(String(26))
    actor_name: Mapped[str] = mapped_column(String(200))
    visited_as: Mapped[str | None] = mapped_column(String(10))
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
