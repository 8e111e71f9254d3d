from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, id_column


class WebSession(Base):
    """One browser's session, kept here so that it can be ended from here.

    The cookie carries a secret; only its hash is stored. `origin` names what the session was born
    of (an invite), so that ending that ends this. A row whose `ended_at` is set never lives again.
    """

    __tablename__ = "web_sessions"
    __table_args__ = (Index(None, "kind", "subject_id"),)

    id: Mapped[str] = id_column()
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str | None] = mapped_column(String(26))
    contractor_id: Mapped[str | None] = mapped_column(String(26))
    origin: Mapped[str | None] = mapped_column(String(26), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class Take(Base):
    """One use of a limited thing, counted across processes and restarts."""

    __tablename__ = "takes"
    __table_args__ = (Index(None, "key", "at"),)

    id: Mapped[str] = id_column()
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    weight: Mapped[int] = mapped_column(Integer, default=1)
