"""Who may do what, now. Pure, as status.py is, and the only place that refuses.

A refusal is a reason in words: it is shown to the person who asked.
"""

from collections.abc import Callable
from enum import StrEnum

from onboarding.actor import Actor, Kind
from onboarding.journey.status import Answer, Facts, Invite


class Act(StrEnum):
    """What a person may ask to do to an onboarding."""

    DRAFT = "draft"
    SEND = "send"
    RESEND = "resend"
    REVOKE = "revoke"
    ANSWER = "answer"
    START = "start"
    CREATE_ACCOUNT = "create account"
    EDIT_PROFILE = "edit profile"
    SEE_ESTIMATE = "see estimate"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    ASK = "ask"
    CONSENT = "consent"
    SIGN = "sign"
    ADD_CARD = "add card"
    MANAGE_CARDS = "manage cards"
    WANT_PAPER = "want paper"
    CANCEL = "cancel"
    RECORD_CANCELLATION = "record cancellation"
    SIGN_ON_PAPER = "sign on paper"


class Refusal(StrEnum):
    """Why not, in words that are shown to the person who asked."""

    VISITING = "Support can look at this page but cannot act for the person it belongs to."
    WRONG_PERSON = "Only the other side can do that."
    REVOKED = "Your access was ended by the company. Ask them for a new link to go on."
    NO_ACCOUNT = "Set up your account first."
    ALREADY_ACCOUNT = "This account is already set up. Sign in to go on."
    NOTHING_SENT = "There is no estimate to look at yet."
    LAPSED = "The last day to approve this price has passed. Ask for a current price."
    SUPERSEDED = "A new version of this estimate has arrived. Please look at that one."
    ALREADY_APPROVED = "You approved this estimate. Take the approval back first."
    NOT_APPROVED = "Approve the estimate first."
    ALREADY_SIGNED = "The contract is signed, so this can no longer be changed here."
    NO_CONSENT = "Agree to sign electronically first."
    NOT_SIGNED = "Sign the contract first."
    COMPLETE = "Onboarding is complete, so there is nothing to revoke."
    NOT_INVITED = "No invite has been sent yet."
    ALREADY_REVOKED = "The invite was already revoked."
    CANCELLED = "This contract was cancelled."
    CANCEL_OVER = "The time to cancel this contract here is over. Please call the company."
    ON_PAPER = "This contract is signed on paper. The company gives it to you."
    SIGNING_UNDECIDED = "This state limits electronic signatures. Decide first how it is signed."


_CUSTOMER_ACTS = frozenset(
    {
        Act.START,
        Act.CREATE_ACCOUNT,
        Act.EDIT_PROFILE,
        Act.SEE_ESTIMATE,
        Act.APPROVE,
        Act.REJECT,
        Act.WITHDRAW,
        Act.ASK,
        Act.CONSENT,
        Act.SIGN,
        Act.ADD_CARD,
        Act.MANAGE_CARDS,
        Act.WANT_PAPER,
        Act.CANCEL,
    }
)
# What the law gives a customer, no company ends by revoking access.
_RIGHTS = frozenset({Act.WANT_PAPER, Act.CANCEL})
_VERSIONED = frozenset({Act.SEE_ESTIMATE, Act.APPROVE, Act.REJECT, Act.WITHDRAW})

Rule = tuple[Callable[[Facts], bool], Refusal]
_NO_ACCOUNT: Rule = (lambda f: not f.has_account, Refusal.NO_ACCOUNT)
_NOTHING_SENT: Rule = (lambda f: f.latest_version == 0, Refusal.NOTHING_SENT)
_NOT_APPROVED: Rule = (lambda f: not f.is_approved, Refusal.NOT_APPROVED)
_SIGNED: Rule = (lambda f: f.is_signed, Refusal.ALREADY_SIGNED)
_SIGNED_LATEST: Rule = (
    lambda f: f.is_signed and not f.has_newer_version,
    Refusal.ALREADY_SIGNED,
)
_CANCELLED: Rule = (lambda f: f.is_cancelled, Refusal.CANCELLED)
_NEVER_SIGNED: Rule = (lambda f: f.signed_version == 0, Refusal.NOT_SIGNED)
_APPROVED_LATEST: Rule = (lambda f: f.answer is Answer.APPROVED, Refusal.ALREADY_APPROVED)

_RULES: dict[Act, tuple[Rule, ...]] = {
    Act.DRAFT: (),
    Act.SEND: (),
    Act.RESEND: (
        (lambda f: f.invite is Invite.NONE, Refusal.NOT_INVITED),
        (lambda f: f.has_account and not f.is_revoked, Refusal.ALREADY_ACCOUNT),
    ),
    Act.REVOKE: (
        (lambda f: f.is_complete, Refusal.COMPLETE),
        (lambda f: f.is_revoked, Refusal.ALREADY_REVOKED),
        (lambda f: f.invite is Invite.NONE, Refusal.NOT_INVITED),
    ),
    Act.ANSWER: (),
    Act.START: (_NOTHING_SENT,),
    Act.CREATE_ACCOUNT: ((lambda f: f.has_account, Refusal.ALREADY_ACCOUNT),),
    Act.EDIT_PROFILE: (_NO_ACCOUNT,),
    Act.SEE_ESTIMATE: (_NO_ACCOUNT, _NOTHING_SENT),
    Act.APPROVE: (_NO_ACCOUNT, _NOTHING_SENT, _SIGNED_LATEST, _APPROVED_LATEST),
    Act.REJECT: (_NO_ACCOUNT, _NOTHING_SENT, _SIGNED_LATEST, _APPROVED_LATEST),
    Act.WITHDRAW: (_NO_ACCOUNT, _NOT_APPROVED, _SIGNED),
    Act.ASK: (_NO_ACCOUNT, _NOTHING_SENT),
    Act.CONSENT: (_NO_ACCOUNT, _NOT_APPROVED, _SIGNED),
    Act.SIGN: (
        _NO_ACCOUNT,
        _NOT_APPROVED,
        _SIGNED,
        (lambda f: f.consented_version != f.approved_version, Refusal.NO_CONSENT),
    ),
    Act.ADD_CARD: (_NO_ACCOUNT, _NEVER_SIGNED, _CANCELLED),
    Act.MANAGE_CARDS: (_NO_ACCOUNT,),
    Act.WANT_PAPER: (_NO_ACCOUNT,),
    Act.CANCEL: (_NO_ACCOUNT, _NEVER_SIGNED, _CANCELLED),
    Act.RECORD_CANCELLATION: (_NEVER_SIGNED, _CANCELLED),
    Act.SIGN_ON_PAPER: (_NO_ACCOUNT, _NOT_APPROVED, _SIGNED),
}


def permitted(
    act: Act,
    facts: Facts,
    actor: Actor,
    *,
    version: int | None = None,
    has_lapsed: bool = False,
) -> Refusal | None:
    """None when `actor` may do `act` now, else the reason in words.

    `version` is the estimate version that was on the person's screen, for acts that answer one;
    `has_lapsed` whether the last day to approve it is over.
    """
    refusal = _refuse_person(act, actor) or _refuse_facts(act, facts, version)
    if refusal is None and has_lapsed and act is Act.APPROVE:
        return Refusal.LAPSED
    return refusal


def _refuse_person(act: Act, actor: Actor) -> Refusal | None:
    if actor.is_visiting:
        return Refusal.VISITING
    if actor.kind is Kind.SYSTEM:
        return None
    expected = Kind.CUSTOMER if act in _CUSTOMER_ACTS else Kind.MEMBER
    return None if actor.kind is expected else Refusal.WRONG_PERSON


def _refuse_facts(act: Act, facts: Facts, version: int | None) -> Refusal | None:
    is_bound = act in _CUSTOMER_ACTS and act not in _RIGHTS
    if is_bound and facts.is_revoked and not facts.is_complete:
        return Refusal.REVOKED
    if act in _VERSIONED and version is not None and version != facts.latest_version:
        return Refusal.SUPERSEDED
    return next((refusal for fits, refusal in _RULES[act] if fits(facts)), None)
