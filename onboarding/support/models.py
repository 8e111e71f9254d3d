from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class Agent(Base):
    """A support agent of the platform, made by command line."""

    __tablename__ = "agents"

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class VisitState(StrEnum):
    """How far a visit has come."""

    WAITING = "waiting"  # the link is in the agent's mailbox
    LAPSED = "lapsed"  # nobody opened it in time
    ON = "on"
    OVER = "over"


class Visit(Tenanted, Base):
    """An agent's look through one person's eyes: asked with a reason, entered by a mailed link.

    `target` is the Kind of person; `onboarding_id` is a customer's own, set when the visit starts.
    """

    __tablename__ = "support_visits"
    __table_args__ = (
        CheckConstraint("target in ('member', 'customer')", name="target"),
        Index(None, "agent_id", "id"),
        Index(None, "ended_at", "expires_at"),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    target: Mapped[str] = mapped_column(String(10))
    target_id: Mapped[str] = mapped_column(String(26))
    target_name: Mapped[str] = mapped_column(String(200))
    onboarding_id: Mapped[str | None] = mapped_column(ForeignKey("onboardings.id"))
    reason: Mapped[str] = mapped_column(Text)
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    link_expires_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def state(self) -> "VisitState":
        now = clock.now()
        if self.started_at is None:
            return VisitState.WAITING if now < self.link_expires_at else VisitState.LAPSED
        is_over = self.ended_at is not None or self.expires_at is None or now >= self.expires_at
        return VisitState.OVER if is_over else VisitState.ON


class VisitPage(Tenanted, Base):
    """One page that was shown in a visit, or one act that was refused in it.

    `onboarding_id` is the onboarding that the page was about, where it was about one: its audit
    trail has the same line.
    """

    __tablename__ = "support_visit_pages"
    __table_args__ = (Index(None, "visit_id", "id"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    visit_id: Mapped[str] = mapped_column(ForeignKey("support_visits.id"))
    onboarding_id: Mapped[str | None] = mapped_column(ForeignKey("onboardings.id"))
    path: Mapped[str] = mapped_column(String(500))
    title: Mapped[str] = mapped_column(String(200), default="")
    is_refused: Mapped[bool] = mapped_column(Boolean, default=False)
    at: Mapped[datetime] = mapped_column(default=clock.now)
