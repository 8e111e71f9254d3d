"""The kinds of Event, `room.what`, each with when it is written, and how they are chained."""

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onboarding.journey.models import Event


class EventKind(StrEnum):
    """Every line that can stand in an audit trail."""

    ONBOARDING_CREATED = "onboarding.created"  # with the first draft of an estimate
    INVITE_SENT = "invite.sent"  # Send Portal Invite pressed; messages queued
    INVITE_RESENT = "invite.resent"  # Resend pressed; older links die
    INVITE_NUDGED = "invite.nudged"  # reminded by a member, with a fresh way in
    INVITE_IN_PERSON = "invite.in_person"  # the QR was scanned and a code asked for
    INVITE_REVOKED = "invite.revoked"
    INVITE_DELIVERED = "invite.delivered"  # a provider took or confirmed the message
    INVITE_UNDELIVERED = "invite.undelivered"  # every channel was refused for good
    INVITE_FETCHED = "invite.fetched"  # GET of the link: perhaps a machine
    INVITE_OPENED = "invite.opened"  # Get started pressed: a person
    INVITE_EXPIRED = "invite.expired"  # 72 hours passed unused
    INVITE_NEW_LINK_ASKED = "invite.new_link_asked"
    REMINDER_SENT = "invite.reminder_sent"  # of the step they stand at
    ADDRESS_CLOSED = "contact.address_closed"  # STOP, a bounce, a complaint, no more reminders
    CONTACT_MERGED = "contact.merged"  # another record of the same person was put into this one
    ADDRESS_OPENED = "contact.address_opened"  # START
    CHANNEL_CONFIRMED = "account.channel_confirmed"  # a phone or mailbox proved the customer's
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_SIGNED_IN = "account.signed_in"
    PROFILE_SAVED = "account.profile_saved"
    SIGN_IN_CHANGED = "account.sign_in_changed"  # a sign-in address or password
    ESTIMATE_SENT = "estimate.sent"  # a version fixed and sent
    ESTIMATE_OPENED = "estimate.opened"  # the customer's first view of a version
    ESTIMATE_APPROVED = "estimate.approved"
    ESTIMATE_REJECTED = "estimate.rejected"
    ESTIMATE_REASON = "estimate.reason_given"  # a reason added after a rejection
    ESTIMATE_WITHDRAWN = "estimate.withdrawn"  # an approval taken back
    QUESTION_ASKED = "message.question_asked"
    CHANGES_ASKED = "message.changes_asked"
    MESSAGE_SENT = "message.sent"
    MESSAGE_ANSWERED = "message.answered"
    MESSAGE_DONE = "message.done"  # a member settled it without an answer here
    CONTRACT_FROZEN = "contract.frozen"  # at approval: options and totals merged
    CONTRACT_OPENED = "contract.opened"  # the PDF opened by the customer
    CONSENT_GIVEN = "contract.consented"  # to sign electronically
    CONTRACT_SIGNED = "contract.signed"
    CONTRACT_SEALED = "contract.sealed"  # the signed PDF is rendered, sealed and checked
    CONTRACT_STAMPED = "contract.stamped"  # a time-stamp authority vouched for the sealed bytes
    SIGNING_CHOSEN = "contract.signing_chosen"  # right to cancel, state, paper: as the draft has it
    PAPER_WANTED = "contract.paper_wanted"  # by the customer; ends electronic delivery
    CONTRACT_CANCELLED = "contract.cancelled"  # within the time that the contract gives
    CARD_SAVED = "payment.card_saved"
    CARD_UPDATED = "payment.card_updated"  # default, auto-pay, expiry
    CARD_REMOVED = "payment.card_removed"
    CARD_EXPIRED = "payment.card_expired"  # past its last day, and Stripe knows no newer one
    CARDS_LOCKED = "payment.cards_locked"  # too many cards were turned down
    AUTO_PAY_ON = "payment.auto_pay_on"
    AUTO_PAY_OFF = "payment.auto_pay_off"
    COMPLETED = "onboarding.completed"  # signed and a card on file, once a version
    SUPPORT_STARTED = "support.started"
    SUPPORT_PAGE = "support.page_shown"
    SUPPORT_REFUSED = "support.refused"  # something binding was tried and refused
    SUPPORT_ENDED = "support.ended"


def hash_of(event: "Event") -> str:
    """SHA-256 over the canonical JSON of everything the event says and the hash before it."""
    canonical = json.dumps(
        {
            "onboarding": event.onboarding_id,
            "seq": event.seq,
            "at": event.at.isoformat(),
            "kind": event.kind,
            "actor": [event.actor_kind, event.actor_id, event.actor_name, event.visited_as],
            "ip": event.ip,
            "user_agent": event.user_agent,
            "data": event.data,
            "previous": event.previous_hash,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_broken(events: "Sequence[Event]", head: str) -> int | None:
    """The sequence number of the first event that does not fit its chain, or None.

    `events` in order of seq; `head` is the hash that the onboarding's row holds: it shows a tail
    that was cut off, which is named by the first missing number.
    """
    previous = ""
    for number, event in enumerate(events, start=1):
        chained = event.seq == number and event.previous_hash == previous
        if not chained or event.hash != hash_of(event):
            return number
        previous = event.hash
    return None if previous == head else len(events) + 1
