from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from onboarding import clock
from onboarding.database import Base, Tenanted, id_column


class Purpose(StrEnum):
    """Why a message is sent. Each but the trial has its template in templates/emails/."""

    INVITE = "invite"
    INVITE_SIGN_IN = "invite_sign_in"  # an invitation of somebody who has an account
    REVISED_ESTIMATE = "revised_estimate"
    MAGIC_LINK = "magic_link"
    CODE = "code"
    SIGN_IN_CHANGED = "sign_in_changed"  # to the address as it was before
    MEMBER_RESET = "member_reset"
    MEMBER_INVITE = "member_invite"
    SIGN_UP = "sign_up"  # confirms the mailbox of a company that begins
    SIGN_UP_KNOWN = "sign_up_known"  # who signs up signs in here already
    ESTIMATE_REJECTED = "estimate_rejected"
    QUESTION_ASKED = "question_asked"
    CHANGES_ASKED = "changes_asked"
    MESSAGE_ANSWERED = "message_answered"
    NEW_LINK_WANTED = "new_link_wanted"
    ONBOARDING_COMPLETED_CUSTOMER = "onboarding_completed_customer"
    ONBOARDING_COMPLETED_CONTRACTOR = "onboarding_completed_contractor"
    DELIVERY_FAILED = "delivery_failed"
    CARD_REMOVED = "card_removed"
    CONTRACT_COPY_CUSTOMER = "contract_copy_customer"  # signed and sealed, no card yet
    CONTRACT_COPY_CONTRACTOR = "contract_copy_contractor"
    CONTRACT_CANCELLED_CUSTOMER = "contract_cancelled_customer"
    CONTRACT_CANCELLED_CONTRACTOR = "contract_cancelled_contractor"
    PAPER_WANTED = "paper_wanted"
    CARD_EXPIRED = "card_expired"
    AUTO_PAY_ON = "auto_pay_on"
    CARDS_LOCKED = "cards_locked"  # to the contractor: too many cards were turned down
    SUPPORT_LINK = "support_link"
    REMINDER = "reminder"
    TEXTS_STOPPED = "texts_stopped"  # the one confirmation of STOP
    TEXTS_STARTED = "texts_started"
    TEXT_HELP = "text_help"  # the answer to HELP
    TRIAL = "trial"  # a company's own words, sent to its own people to be looked at


class NotificationKind(StrEnum):
    """What a member is told in the CRM."""

    ESTIMATE_REJECTED = "estimate_rejected"
    QUESTION_ASKED = "question_asked"
    CHANGES_ASKED = "changes_asked"
    NEW_LINK_WANTED = "new_link_wanted"
    ONBOARDING_COMPLETED = "onboarding_completed"
    DELIVERY_FAILED = "delivery_failed"
    CARD_REMOVED = "card_removed"
    CONTRACT_CANCELLED = "contract_cancelled"
    PAPER_WANTED = "paper_wanted"
    SEAL_LATE = "seal_late"
    CARD_REPLACED = "card_replaced"
    CARD_EXPIRED = "card_expired"
    CARDS_LOCKED = "cards_locked"  # too many cards of a customer were turned down
    ADDRESS_CLOSED = "address_closed"  # a number said STOP, or an e-mail address is dead
    TEXT_RECEIVED = "text_received"  # a text that fits no one conversation
    TEXTS_HELD = "texts_held"  # so many texts that a ceiling stopped them


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class DeliveryState(StrEnum):
    """In the order of `states.further`: a delivery never goes back."""

    QUEUED = "queued"
    SENDING = "sending"  # a worker holds the lease
    SENT = "sent"  # the provider took it
    FAILED = "failed"  # given up, and why stands in `failure`
    OPTED_OUT = "opted_out"  # not sent: whoever reads there wants nothing from this contractor
    DELIVERED = "delivered"  # the provider says that it arrived
    BOUNCED = "bounced"  # taken, then returned


class Failure(StrEnum):
    """Why a delivery was given up: what the sender is told, and what can be done about it."""

    REFUSED = "refused"  # the address or number does not take it: correct it
    EXHAUSTED = "exhausted"  # every try failed for a passing reason: try again
    EXPIRED = "expired"  # what it carries would not have worked any more
    UNKNOWN = "unknown"  # a code that may have gone out: never repeated
    WITHDRAWN = "withdrawn"  # no longer wanted before it was sent
    UNREADABLE = "unreadable"  # sealed under a secret key that is no longer set
    CLOSED = "closed"  # the address bounced before, or marked a message as spam
    COMPLAINED = "complained"  # it arrived, and was marked as spam


class Notification(Tenanted, Base):
    """Something that a contractor's members must know, shown in the CRM.

    `told` is who, what and which: the sentence is made when it is read, in the reader's language.
    """

    __tablename__ = "notifications"
    __table_args__ = (Index(None, "contractor_id", "read_at", "id"),)

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str | None] = mapped_column(String(26))
    onboarding_id: Mapped[str | None] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(30))
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]


class Delivery(Tenanted, Base):
    """One e-mail or text on its way, with what the provider said.

    What it says is sealed under the installation's secret key, and wiped once it is sent or given
    up where it carries a link or a code: a copy of the database opens nothing.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(None, "state", "next_attempt_at"),
        Index(None, "state", "lease_until"),
        Index(None, "contractor_id", "contact_id", "id"),
        Index(None, "contractor_id", "onboarding_id", "id"),
        Index(None, "purpose", "reference"),
        Index(None, "provider_id"),
        Index(None, "channel", "recipient"),
    )

    id: Mapped[str] = id_column()
    contractor_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str | None] = mapped_column(String(26))
    onboarding_id: Mapped[str | None] = mapped_column(String(26))
    purpose: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str | None] = mapped_column(String(60))
    retry_of: Mapped[str | None] = mapped_column(String(26), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    # What goes out.
    channel: Mapped[str] = mapped_column(String(5))
    to: Mapped[str] = mapped_column("recipient", String(254))
    from_name: Mapped[str] = mapped_column(String(200))
    reply_to: Mapped[str | None] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(250))
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    payload: Mapped[str | None] = mapped_column(Text)
    is_secret: Mapped[bool] = mapped_column(Boolean, default=False)
    is_code: Mapped[bool] = mapped_column(Boolean, default=False)
    not_after: Mapped[datetime | None]

    # Where it is. `fence` moves on with each claim: who lost the lease marks nothing.
    state: Mapped[str] = mapped_column(String(10), default=DeliveryState.QUEUED)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(default=clock.now)
    attempted_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(Integer, default=0)
    # The first try whose outcome nobody knows: from then on it may have gone out already.
    unsettled_since: Mapped[datetime | None]

    # What became of it.
    provider_id: Mapped[str | None] = mapped_column(String(120))
    answer: Mapped[str] = mapped_column(String(500), default="")
    failure: Mapped[str | None] = mapped_column(String(12))
    sent_at: Mapped[datetime | None]
    # Another server took it and still holds it.
    delayed_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]

    @property
    def is_waiting(self) -> bool:
        """Nothing was tried yet, because its hour has not come."""
        is_untried = self.state == DeliveryState.QUEUED and self.attempts == 0
        return is_untried and self.next_attempt_at > clock.now()

    @property
    def is_delayed(self) -> bool:
        """At least one try failed for a passing reason, here or further on; it is tried again."""
        is_held_up = self.state == DeliveryState.SENT and self.delayed_at is not None
        return is_held_up or (self.state == DeliveryState.QUEUED and self.attempts > 0)
