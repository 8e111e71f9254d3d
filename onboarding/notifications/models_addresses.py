"""What stands between a message and an address: closed addresses, texts that came in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class Why(StrEnum):
    """Why a contractor no longer writes to an address."""

    STOPPED = "stopped"  # STOP came from this number
    BOUNCED = "bounced"  # the mail server says that nobody is there
    COMPLAINED = "complained"  # marked as spam by whoever reads there
    NO_REMINDERS = "no_reminders"  # reminders only; everything else still goes out


class ClosedAddress(Tenanted, Base):
    """An e-mail address or number that a contractor no longer writes to, until it is opened again.

    `address`: e-mail in lower case, numbers as in E.164.
    """

    __tablename__ = "closed_addresses"
    __table_args__ = (
        UniqueConstraint("contractor_id", "channel", "address", "why"),
        Index(None, "channel", "address"),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(String(26))
    channel: Mapped[str] = mapped_column(String(5))
    address: Mapped[str] = mapped_column(String(254))
    why: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    opened_at: Mapped[datetime | None]


class TextAlarm(Tenanted, Base):
    """Texts were stopped: so many as are allowed went out in so many hours.

    `cause` set them off, `reach` is what was counted together, `place` which of those: the digits
    that a block of numbers begins with, a network; empty for the contractor itself.
    """

    __tablename__ = "text_alarms"
    __table_args__ = (Index(None, "at"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(String(26))
    cause: Mapped[str] = mapped_column(String(8))
    reach: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(60))
    most: Mapped[int] = mapped_column(Integer)
    hours: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class InboundText(Base):
    """A text that somebody sent us: one row however often the provider posts it.

    It names no contractor: one number may be several contractors' customer.
    """

    __tablename__ = "inbound_texts"

    id: Mapped[str] = id_column()
    provider_id: Mapped[str] = mapped_column(String(120), unique=True)
    number: Mapped[str] = mapped_column(String(20), index=True)
    body: Mapped[str] = mapped_column(Text)
    wish: Mapped[str] = mapped_column(String(6))
    at: Mapped[datetime] = mapped_column(default=clock.now)
