from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class CardHolder(Tenanted, Base):
    """The contact's customer at Stripe, on the contractor's own account or (empty) the platform's:
    one on each that was ever used. `once_key` is committed before Stripe is asked.

    `default_count` counts changes of the default card: each is told to Stripe under a key of its
    own; `told_count` is how many of them Stripe has confirmed.
    """

    __tablename__ = "card_holders"
    __table_args__ = (UniqueConstraint("contact_id", "stripe_account"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"))
    stripe_account: Mapped[str] = mapped_column(String(64), default="")
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    # As Stripe is told them: a request that is repeated under its key must be the same request.
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    stripe_customer: Mapped[str | None] = mapped_column(String(255), unique=True)
    default_count: Mapped[int] = mapped_column(Integer, default=0)
    told_count: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class CardSetup(Tenanted, Base):
    """One visit to Stripe's hosted page, and what was agreed before it.

    `state`: 'new' until Stripe has answered, 'open', then 'complete', 'expired' or 'refused' (what
    came back is not what was asked for: nothing of it is believed). `declines` counts the cards
    that were turned down on the page, as Stripe has kept them; `declined_at` is when the last of
    them was noticed.
    """

    __tablename__ = "card_setups"
    __table_args__ = (
        Index(None, "state", "created_at"),
        CheckConstraint("not wants_auto_pay or mandate_text <> ''", name="auto_pay_has_words"),
        CheckConstraint("came_from in ('card', 'methods')", name="came_from"),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    stripe_account: Mapped[str] = mapped_column(String(64), default="")
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    wants_auto_pay: Mapped[bool] = mapped_column(Boolean, default=False)
    mandate_version: Mapped[str] = mapped_column(String(20), default="")
    mandate_text: Mapped[str] = mapped_column(Text, default="")
    replaces_id: Mapped[str | None] = mapped_column(String(26))
    came_from: Mapped[str] = mapped_column(String(10), default="card")
    stripe_session: Mapped[str | None] = mapped_column(String(255), unique=True)
    url: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="new")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    checked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    declines: Mapped[int] = mapped_column(Integer, default=0)
    declined_at: Mapped[datetime | None]
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")


class CardLock(Tenanted, Base):
    """Too many cards were turned down: this customer adds none until `until` (requirement R28)."""

    __tablename__ = "card_locks"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"))
    declines: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[datetime]


class CardAccount(Tenanted, Base):
    """A contractor's own account at Stripe, as it stood there when it was last asked.

    Cards of new customers go there while it is ready; before that, and once it has `ended_at`, to
    the platform's. No key of the contractor's is ever known here, only the account's name.
    """

    __tablename__ = "card_accounts"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"), unique=True)
    once_key: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    stripe_account: Mapped[str | None] = mapped_column(String(64), unique=True)
    card_payments: Mapped[str] = mapped_column(String(20), default="inactive")
    has_told_all: Mapped[bool] = mapped_column(Boolean, default=False)
    due_count: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    checked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class PaymentMethod(Tenanted, Base):
    """A card at Stripe, as much of it as may be known here. Auto-pay never without its mandate.

    `expired_at` is when it was noticed to be past its last day: it is still on file, cannot be
    charged, and auto-pay has ended with it. `checked_at` is when Stripe was last asked about it.
    """

    __tablename__ = "payment_methods"
    __table_args__ = (
        CheckConstraint("not auto_pay or mandate_id is not null", name="auto_pay_has_mandate"),
        CheckConstraint("not auto_pay or removed_at is null", name="auto_pay_has_card"),
        Index(
            "uq_payment_methods_default",
            "contact_id",
            unique=True,
            sqlite_where=text("is_default and removed_at is null"),
            postgresql_where=text("is_default and removed_at is null"),
        ),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    setup_id: Mapped[str | None] = mapped_column(ForeignKey("card_setups.id"))
    stripe_account: Mapped[str] = mapped_column(String(64), default="")
    stripe_id: Mapped[str] = mapped_column(String(255), unique=True)
    brand: Mapped[str] = mapped_column(String(20))
    last4: Mapped[str] = mapped_column(String(4))
    exp_month: Mapped[int] = mapped_column(Integer)
    exp_year: Mapped[int] = mapped_column(Integer)
    holder_name: Mapped[str] = mapped_column(String(200), default="")
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    auto_pay: Mapped[bool] = mapped_column(Boolean, default=False)
    mandate_id: Mapped[str | None] = mapped_column(ForeignKey("mandates.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    checked_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    # Removed here first, then at Stripe under this key, until Stripe has confirmed it.
    detach_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    detached_at: Mapped[datetime | None]


class Mandate(Tenanted, Base):
    """The words under which auto-pay was switched on: exact text, version, time, address."""

    __tablename__ = "mandates"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contact_id: Mapped[str] = mapped_column(ForeignKey("contacts.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")
    ended_at: Mapped[datetime | None]


class StripeEvent(Base):
    """An event of Stripe's, by its id, once: written in the transaction of its effect."""

    __tablename__ = "stripe_events"
    __table_args__ = (UniqueConstraint("stripe_id"),)

    id: Mapped[str] = id_column()
    stripe_id: Mapped[str] = mapped_column(String(255))
    type: Mapped[str] = mapped_column(String(100))
    object_id: Mapped[str] = mapped_column(String(255))
    received_at: Mapped[datetime] = mapped_column(default=clock.now)
