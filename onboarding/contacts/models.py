from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
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
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
