from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class ContractTemplate(Tenanted, Base):
    """A contractor's standing service agreement, with placeholders from a closed list.

    Name and text are those of its newest `version`. `origin` names the shipped sample that it
    began as, empty for one of the contractor's own: until the owner says that a lawyer has
    reviewed it (`reviewed_…`), it is a sample.
    """

    __tablename__ = "contract_templates"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    name: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    origin: Mapped[str] = mapped_column(String(40), default="", server_default="")
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    reviewed_version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def is_sample(self) -> bool:
        return bool(self.origin) and self.reviewed_at is None


class ContractTemplateVersion(Tenanted, Base):
    """A template as it was saved once. Never changed: a contract names the version it took."""

    __tablename__ = "contract_template_versions"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    template_id: Mapped[str] = mapped_column(ForeignKey("contract_templates.id"))
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    saved_by: Mapped[str] = mapped_column(String(200), default="")


class Contract(Tenanted, Base):
    """The service agreement of one estimate version.

    Drafted beside the estimate (`template_body` is copied, `terms` are this job's), fixed at
    `sent_at`, and at approval merged with options and totals into `frozen` (canonical JSON bytes,
    their SHA-256 beside): nothing changes what is signed after that. An approval that is taken back
    ends the frozen text; the next approval freezes anew. `frozen_version` is the estimate's.
    """

    __tablename__ = "contracts"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"), index=True)
    estimate_id: Mapped[str] = mapped_column(ForeignKey("estimates.id"), unique=True)
    template_id: Mapped[str | None] = mapped_column(ForeignKey("contract_templates.id"))
    template_version: Mapped[int | None] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200), default="Service agreement")
    template_body: Mapped[str] = mapped_column(Text, default="")
    terms: Mapped[str] = mapped_column(Text, default="")
    draft_revision: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    frozen: Mapped[bytes | None] = mapped_column(LargeBinary)
    frozen_sha256: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None]
    frozen_version: Mapped[int | None] = mapped_column(Integer)
    opened_at: Mapped[datetime | None]

    # The right to cancel (16 CFR 429), on unless switched off with a reason; the state profile that
    # the contractor chose, empty for the job site's own. Why it is signed electronically where the
    # state limits that; whether it is signed on paper instead.
    has_cancel_right: Mapped[bool] = mapped_column(Boolean, default=True)
    no_cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    cancel_profile: Mapped[str] = mapped_column(String(20), default="")
    e_sign_reason: Mapped[str] = mapped_column(String(300), default="")
    is_on_paper: Mapped[bool] = mapped_column(Boolean, default=False)


class Consent(Tenanted, Base):
    """The signer's agreement to sign electronically, for one frozen contract (ESIGN 101(c))."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "contract_id", "frozen_sha256"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    frozen_sha256: Mapped[str] = mapped_column(String(64))
    disclosure_version: Mapped[str] = mapped_column(String(20))
    disclosure_sha256: Mapped[str] = mapped_column(String(64))
    disclosure_text: Mapped[str] = mapped_column(Text)
    opened_event_id: Mapped[str] = mapped_column(ForeignKey("events.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")


class ContractSignature(Tenanted, Base):
    """Who signed what text, how, when, from where, having consented to what. Never changed, but for
    the seal that a job adds: the sealed PDF's hash in the document store, and the confirmation.

    `seal_fence` moves on with each claim, so that a worker that lost its lease marks nothing.
    `cancel_until` is the midnight that ends the right to cancel, where the contract gives one.
    Signed on paper (`method` paper, on the day `signed_on`), the scan stands in the store, and no
    consent was needed.
    `copy_sent_at`: the copy went out before all was complete. `alarmed_at`: somebody was told that
    the seal is late.
    `stamp`: a time-stamp authority's token (RFC 3161, DER) over `sealed_sha256`, kept beside the
    sealed file; `stamped_at` is the time that the authority says.
    """

    __tablename__ = "contract_signatures"
    __table_args__ = (
        Index(None, "sealed_at", "seal_lease_until"),
        Index(None, "confirmation_sent_at", "sealed_at"),
        Index(None, "stamped_at", "stamp_lease_until"),
        Index(None, "sealed_sha256"),
        CheckConstraint(
            "method = 'paper' or consent_id is not null", name="electronic_has_consent"
        ),
        CheckConstraint(
            "method = 'drawn' and strokes is not null"
            " or method = 'typed' and typed_text is not null"
            " or method = 'paper' and scan_sha256 is not null",
            name="method_has_signature",
        ),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"), index=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    consent_id: Mapped[str | None] = mapped_column(ForeignKey("consents.id"))
    frozen: Mapped[bytes] = mapped_column(LargeBinary)
    frozen_sha256: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(5))
    signer_name: Mapped[str] = mapped_column(String(200))
    typed_text: Mapped[str | None] = mapped_column(String(200))
    strokes: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    svg: Mapped[str | None] = mapped_column(Text)
    confirmed_channel: Mapped[str] = mapped_column(String(5))
    confirmed_address: Mapped[str] = mapped_column(String(254))
    confirmed_at: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")
    chain_head: Mapped[str] = mapped_column(String(64))
    signed_on: Mapped[date | None] = mapped_column(Date)
    cancel_until: Mapped[datetime | None]
    scan_sha256: Mapped[str | None] = mapped_column(String(64))
    scan_type: Mapped[str] = mapped_column(String(20), default="")
    copy_sent_at: Mapped[datetime | None]
    alarmed_at: Mapped[datetime | None]
    sealed_sha256: Mapped[str | None] = mapped_column(String(64))
    sealed_at: Mapped[datetime | None]
    seal_lease_until: Mapped[datetime | None]
    seal_fence: Mapped[int] = mapped_column(Integer, default=0)
    seal_failure: Mapped[str] = mapped_column(String(300), default="")
    confirmation_sent_at: Mapped[datetime | None]
    stamp: Mapped[bytes | None] = mapped_column(LargeBinary)
    stamped_at: Mapped[datetime | None]
    stamp_lease_until: Mapped[datetime | None]
    stamp_fence: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    stamp_failure: Mapped[str] = mapped_column(String(300), default="", server_default="")


class Cancellation(Tenanted, Base):
    """A signed contract cancelled within its time. Never changed.

    `way` is 'portal', or 'paper' where a notice came by mail or by hand: `noticed_on` is then the
    day that it was mailed or handed over. `refund_by` is the last day of the duty to refund.
    """

    __tablename__ = "cancellations"

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(ForeignKey("contractors.id"))
    onboarding_id: Mapped[str] = mapped_column(ForeignKey("onboardings.id"), index=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"), unique=True)
    way: Mapped[str] = mapped_column(String(10))
    noticed_on: Mapped[date] = mapped_column(Date)
    refund_by: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[str] = mapped_column(String(26))
    ip: Mapped[str] = mapped_column(String(45), default="")
    user_agent: Mapped[str] = mapped_column(String(400), default="")
