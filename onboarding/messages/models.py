from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class Message(Tenanted, Base):
    """One line of a contact's conversation with the contractor; may hang on a line item.

    `kind`: a customer's 'question' or 'changes', a member's 'answer', or plain 'message' from
    either. `once_key` is minted with the form, so that a repeated post is the same message.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index(None, "contact_id", "id"),
        Index(None, "contractor_id", "seen_at", "sender"),
        CheckConstraint("sender in ('customer', 'member')", name="sender"),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"))
    estimate_version: Mapped[int | None] = mapped_column(Integer)
    line_key: Mapped[str | None] = mapped_column(String(26))
    line_name: Mapped[str | None] = mapped_column(String(200))
    sender: Mapped[str] = mapped_column(String(10))
    sender_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    about: Mapped[str] = mapped_column(String(10), default="")
    body: Mapped[str] = mapped_column(Text)
    once_key: Mapped[str] = mapped_column(String(26), unique=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime | None]
