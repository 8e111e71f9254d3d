from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column

_CENTS = BigInteger().with_variant(Integer, "sqlite")


class Estimate(Tenanted, Base):
    """One version of the scope and price of a job. A draft is edited; a sent one never changes.

    `tax_rate` is thousandths of a percent. `discount_kind` says whether `discount_value` is cents
    ('amount') or thousandths of a percent ('percent'). `draft_revision` counts saves, so that two
    people who edit one draft are told apart; `saved_by` names who saved last. `sections` are
    [key, name] in their order. `valid_until` is the last day, at the job site, on which the
    customer may approve. `shows_…` is what of a line its customer sees.
    """

    __tablename__ = "estimates"
    __table_args__ = (UniqueConstraint("onboarding_id", "version"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    scope: Mapped[str] = mapped_column(Text, default="")
    discount_kind: Mapped[str] = mapped_column(String(10), default="amount")
    discount_value: Mapped[int] = mapped_column(_CENTS, default=0)
    tax_rate: Mapped[int] = mapped_column(Integer, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    sections: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    shows_quantities: Mapped[bool] = mapped_column(Boolean, default=True)
    shows_unit_prices: Mapped[bool] = mapped_column(Boolean, default=True)
    valid_until: Mapped[date | None] = mapped_column(Date)
    draft_revision: Mapped[int] = mapped_column(Integer, default=1)
    saved_by: Mapped[str] = mapped_column(String(200), default="")
    saved_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[str | None] = mapped_column(ForeignKey("members.id"))

    lines: Mapped[list["LineItem"]] = relationship(
        order_by="LineItem.position", cascade="all, delete-orphan", lazy="selectin"
    )


class LineItem(Tenanted, Base):
    """A line of an estimate. `key` stays the same from version to version: *What changed* goes by
    it. Quantity is in thousandths. `starts_chosen` is whether an optional line starts switched on.
    Lines of one section with the same `group_name` are a choice: the customer picks exactly one.
    `unit_cost_cents` is what a unit costs the contractor, and no customer's business; None where
    nobody said.
    """

    __tablename__ = "line_items"
    __table_args__ = (UniqueConstraint("estimate_id", "key"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    estimate_id: Mapped[str] = mapped_column(ForeignKey("estimates.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(26))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[int] = mapped_column(_CENTS)
    unit: Mapped[str] = mapped_column(String(30), default="")
    unit_price_cents: Mapped[int] = mapped_column(_CENTS)
    is_taxable: Mapped[bool] = mapped_column(Boolean, default=True)
    is_optional: Mapped[bool] = mapped_column(Boolean, default=False)
    starts_chosen: Mapped[bool] = mapped_column(Boolean, default=False)
    section_key: Mapped[str] = mapped_column(String(26), default="")
    group_name: Mapped[str] = mapped_column(String(100), default="")
    unit_cost_cents: Mapped[int | None] = mapped_column(_CENTS)

    # Joined: a page with photos costs no statement more than one without.
    photos: Mapped[list["LinePhoto"]] = relationship(
        primaryjoin="and_(foreign(LinePhoto.estimate_id) == LineItem.estimate_id,"
        " foreign(LinePhoto.line_key) == LineItem.key, LinePhoto.removed_at.is_(None))",
        order_by="LinePhoto.id",
        lazy="joined",
        viewonly=True,
    )


class LinePhoto(Tenanted, Base):
    """A photo on a line of one version. The bytes, drawn anew, lie in the document store; `width`
    and `height` in pixels are those of the large one."""

    __tablename__ = "line_photos"
    __table_args__ = (UniqueConstraint("estimate_id", "line_key", "sha256"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    estimate_id: Mapped[str] = mapped_column(ForeignKey("estimates.id", ondelete="CASCADE"))
    line_key: Mapped[str] = mapped_column(String(26))
    sha256: Mapped[str] = mapped_column(String(64))
    thumbnail_sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    removed_at: Mapped[datetime | None]

    @property
    def small_size(self) -> tuple[int, int]:
        """The thumbnail's width and height in pixels."""
        share = min(1.0, 320 / max(self.width, self.height))
        return max(1, round(self.width * share)), max(1, round(self.height * share))


class EstimateResponse(Tenanted, Base):
    """The customer's answer to one version: approved, rejected or withdrawn. Never changed; a
    rejection's reason, added after it, is a row of its own."""

    __tablename__ = "estimate_responses"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"), index=True)
    estimate_id: Mapped[str] = mapped_column(ForeignKey("estimates.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(10))
    chosen_keys: Mapped[list[str]] = mapped_column(JSON, default=list)
    total_cents: Mapped[int] = mapped_column(_CENTS)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")


class RejectionReason(Tenanted, Base):
    """Why a version was rejected, in the customer's words, given after the one click."""

    __tablename__ = "rejection_reasons"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    response_id: Mapped[str] = mapped_column(ForeignKey("estimate_responses.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class PriceBookItem(Tenanted, Base):
    """What a contractor sells again and again, to be put into an estimate as a line. Named once a
    contractor. Prices and costs are for one unit."""

    __tablename__ = "price_book_items"
    __table_args__ = (UniqueConstraint("contractor_id", "name"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(30), default="")
    unit_price_cents: Mapped[int] = mapped_column(_CENTS)
    unit_cost_cents: Mapped[int | None] = mapped_column(_CENTS)
    is_taxable: Mapped[bool] = mapped_column(Boolean, default=True)
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    removed_at: Mapped[datetime | None]
