"""What the facts of one onboarding mean. Pure: no database, no flask, no clock.

Three questions, three tables: `status_of`, `next_step`, `permitted`. Everything else in the
product asks here and nowhere decides by itself. The third, `permitted`, stands in permissions.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Invite(StrEnum):
    """How far the last Portal Invite has come."""

    NONE = "none"
    SENT = "sent"
    DELIVERED = "delivered"
    FETCHED = "fetched"
    OPENED = "opened"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Answer(StrEnum):
    """The customer's last response to the latest sent version."""

    NONE = "none"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Facts:
    """The facts of one onboarding as its own row keeps them. Versions count from 1; 0 is none.

    `approved_version` is the version whose approval is in force; `signed_version` the one whose
    contract was signed last; `completed_version` the one signed while a card was on file.
    `consented_version` is the version whose signer agreed to sign electronically,
    `cancelled_version` the one whose signed contract was cancelled within its time.
    """

    invite: Invite = Invite.NONE
    has_account: bool = False
    has_profile: bool = False
    latest_version: int = 0
    opened_version: int = 0
    answer: Answer = Answer.NONE
    approved_version: int = 0
    consented_version: int = 0
    signed_version: int = 0
    completed_version: int = 0
    cancelled_version: int = 0
    wants_paper: bool = False
    has_card: bool = False
    has_question: bool = False
    has_change_request: bool = False

    @property
    def is_revoked(self) -> bool:
        return self.invite is Invite.REVOKED

    @property
    def is_approved(self) -> bool:
        return self.approved_version > 0

    @property
    def is_signed(self) -> bool:
        """The contract of the approved version is signed."""
        return self.is_approved and self.signed_version == self.approved_version

    @property
    def is_complete(self) -> bool:
        return self.is_approved and self.completed_version == self.approved_version

    @property
    def is_cancelled(self) -> bool:
        """The contract in force was signed and then cancelled: nothing is in force."""
        return self.is_signed and self.cancelled_version == self.approved_version

    @property
    def is_unanswered(self) -> bool:
        """No answer to the latest version stands: none was given, or it was taken back."""
        return self.answer in (Answer.NONE, Answer.WITHDRAWN)

    @property
    def has_newer_version(self) -> bool:
        """A version was sent after the one that is approved and signed."""
        return self.is_signed and self.latest_version > self.approved_version


class Status(StrEnum):
    """The six labels of the Onboarding Status, in the order of the pipeline's columns."""

    PENDING_INVITE = "Pending Invite"
    INVITED = "Invited"
    ACCOUNT_ACTIVE = "Account Active"
    ESTIMATE_PENDING = "Estimate Pending"
    ESTIMATE_APPROVED = "Estimate Approved"
    ONBOARDING_COMPLETE = "Onboarding Complete"


class Detail(StrEnum):
    """What stands beside the label, the most pressing first."""

    CANCELLED = "Cancelled"
    NOT_DELIVERED = "Not delivered"
    EXPIRED = "Link expired"
    ACCESS_REVOKED = "Access revoked"
    REJECTED = "Rejected"
    QUESTION = "Question"
    CHANGES_ASKED = "Changes asked"
    NEW_ESTIMATE_SENT = "New estimate sent"
    NEW_VERSION_SENT = "New version sent"
    APPROVAL_TAKEN_BACK = "Approval taken back"
    WANTS_PAPER = "Wants paper"
    CONTRACT_SIGNED = "Contract signed"
    CARD_MISSING = "Card missing"
    OPENED = "Opened"
    FETCHED = "Link fetched"
    DELIVERED = "Delivered"
    SENT = "Sent"
    NOT_SENT = "Not sent yet"


# Something waits for the contractor, and nobody else can go on.
STUCK = frozenset(
    {
        Detail.NOT_DELIVERED,
        Detail.EXPIRED,
        Detail.REJECTED,
        Detail.QUESTION,
        Detail.CHANGES_ASKED,
        Detail.WANTS_PAPER,
    }
)


class Action(StrEnum):
    """The contractor's call to action."""

    SEND_INVITE = "Send Invite"
    RESEND = "Resend"
    REVISE = "Revise & re-send"
    ANSWER = "Answer"


@dataclass(frozen=True)
class Standing:
    """The derived status: a label, its details (most pressing first) and what to do next."""

    status: Status
    details: tuple[Detail, ...]
    action: Action | None
    may_revoke: bool

    @property
    def is_stuck(self) -> bool:
        return not STUCK.isdisjoint(self.details)


# A link that runs out within this time needs somebody now.
EXPIRES_SOON = timedelta(hours=12)


def stuck_from(
    standing: Standing, invite_expires_at: datetime | None, now: datetime
) -> datetime | None:
    """From when on it waits for the contractor: now, later when its link is about to run out, or
    never as things stand."""
    if standing.is_stuck:
        return now
    elif standing.status is Status.INVITED and invite_expires_at is not None:
        return invite_expires_at - EXPIRES_SOON
    else:
        return None


_STATUS_ROWS: tuple[tuple[Callable[[Facts], bool], Status], ...] = (
    (lambda f: f.is_complete, Status.ONBOARDING_COMPLETE),
    (lambda f: f.is_approved, Status.ESTIMATE_APPROVED),
    (lambda f: f.has_account and f.opened_version > 0, Status.ESTIMATE_PENDING),
    (lambda f: f.has_account, Status.ACCOUNT_ACTIVE),
    (lambda f: f.invite not in (Invite.NONE, Invite.REVOKED), Status.INVITED),
    (lambda f: True, Status.PENDING_INVITE),
)

_DETAIL_ROWS: tuple[tuple[Callable[[Facts], bool], Detail], ...] = (
    (lambda f: f.is_cancelled, Detail.CANCELLED),
    (lambda f: _is_waiting(f) and f.invite is Invite.UNDELIVERED, Detail.NOT_DELIVERED),
    (lambda f: _is_waiting(f) and f.invite is Invite.EXPIRED, Detail.EXPIRED),
    (lambda f: f.is_revoked and not f.is_complete, Detail.ACCESS_REVOKED),
    (lambda f: f.answer is Answer.REJECTED, Detail.REJECTED),
    (lambda f: f.has_question, Detail.QUESTION),
    (lambda f: f.has_change_request, Detail.CHANGES_ASKED),
    (lambda f: f.has_newer_version and f.is_unanswered, Detail.NEW_ESTIMATE_SENT),
    (
        lambda f: not f.is_approved and f.answer is Answer.NONE and f.latest_version > 1,
        Detail.NEW_VERSION_SENT,
    ),
    (lambda f: f.answer is Answer.WITHDRAWN, Detail.APPROVAL_TAKEN_BACK),
    (lambda f: f.wants_paper and not f.is_signed, Detail.WANTS_PAPER),
    (lambda f: _is_going_on(f) and not f.is_complete, Detail.CONTRACT_SIGNED),
    (lambda f: _is_going_on(f) and not f.has_card, Detail.CARD_MISSING),
    (lambda f: _is_waiting(f) and f.invite is Invite.OPENED, Detail.OPENED),
    (lambda f: _is_waiting(f) and f.invite is Invite.FETCHED, Detail.FETCHED),
    (lambda f: _is_waiting(f) and f.invite is Invite.DELIVERED, Detail.DELIVERED),
    (lambda f: _is_waiting(f) and f.invite is Invite.SENT, Detail.SENT),
    (lambda f: f.latest_version == 0, Detail.NOT_SENT),
)

_ACTION_ROWS: tuple[tuple[Callable[[Facts], bool], Action], ...] = (
    (lambda f: f.is_revoked and not f.is_complete, Action.SEND_INVITE),
    (lambda f: f.latest_version == 0, Action.SEND_INVITE),
    (lambda f: not f.has_account and f.invite is Invite.NONE, Action.SEND_INVITE),
    (lambda f: f.answer is Answer.REJECTED, Action.REVISE),
    (lambda f: f.has_change_request, Action.REVISE),
    (lambda f: f.has_question, Action.ANSWER),
    (lambda f: not f.has_account, Action.RESEND),
)


def status_of(facts: Facts) -> Standing:
    """The label, its details and the contractor's call to action. Total: every Facts has one."""
    return Standing(
        status=next(status for fits, status in _STATUS_ROWS if fits(facts)),
        details=tuple(detail for fits, detail in _DETAIL_ROWS if fits(facts)),
        action=next((action for fits, action in _ACTION_ROWS if fits(facts)), None),
        may_revoke=_may_revoke(facts),
    )


class Step(StrEnum):
    """The customer's screens, in order."""

    ACCOUNT = "account"
    PROFILE = "profile"
    ESTIMATE = "estimate"
    CONSENT = "consent"
    SIGN = "sign"
    CARD = "card"
    DONE = "done"
    REVOKED = "revoked"
    NOTHING = "nothing"


_STEP_ROWS: tuple[tuple[Callable[[Facts], bool], Step], ...] = (
    (lambda f: f.is_revoked and not f.is_complete, Step.REVOKED),
    (lambda f: not f.has_account, Step.ACCOUNT),
    (lambda f: not f.has_profile, Step.PROFILE),
    (lambda f: f.latest_version == 0, Step.NOTHING),
    (lambda f: f.has_newer_version and f.is_unanswered, Step.ESTIMATE),
    (lambda f: f.is_cancelled, Step.NOTHING),
    (lambda f: f.is_complete, Step.DONE),
    (lambda f: not f.is_approved, Step.ESTIMATE),
    (lambda f: f.is_signed, Step.CARD),
    (lambda f: f.consented_version == f.approved_version, Step.SIGN),
    (lambda f: True, Step.CONSENT),
)


def next_step(facts: Facts) -> Step:
    """The screen where this customer goes on. Total: every Facts has one."""
    return next(step for fits, step in _STEP_ROWS if fits(facts))


def _is_waiting(facts: Facts) -> bool:
    return not facts.has_account and not facts.is_revoked


def _is_going_on(facts: Facts) -> bool:
    return facts.is_signed and not facts.is_cancelled


def _may_revoke(facts: Facts) -> bool:
    return facts.invite is not Invite.NONE and not facts.is_complete and not facts.is_revoked
