"""What a notification says, in the language of the member who reads it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from onboarding.notifications.models import Notification, NotificationKind
from onboarding.web.filters import phone

Told = Mapping[str, Any]


def sentence(notification: Notification) -> str:
    """Its words. What was stored as a sentence once stays that sentence."""
    told = notification.told
    if "sentence" in told:
        return str(told["sentence"])
    return _SENTENCES[NotificationKind(notification.kind)](told)


def _rejected(told: Told) -> str:
    said = _("%(customer)s rejected version %(version)s of %(job)s", **_of(told, "version", "job"))
    return _with_words(said, told["reason"])


def _asked(told: Told) -> str:
    who = told["customer"]
    if told["as"] != "question":
        said = _("%(customer)s wrote", customer=who)
    elif told["line"]:
        said = _("%(customer)s asked about %(line)s", customer=who, line=told["line"])
    else:
        said = _("%(customer)s asked", customer=who)
    return _with_words(said, told["words"])


def _wants_changes(told: Told) -> str:
    who, about = told["customer"], told["about"]
    if told["line"]:
        said = _("%(customer)s asked for changes to %(line)s", customer=who, line=told["line"])
    elif about == "price":
        said = _("%(customer)s asked for changes to the price", customer=who)
    elif about == "timing":
        said = _("%(customer)s asked for changes to the timing", customer=who)
    else:
        said = _("%(customer)s asked for changes", customer=who)
    return _with_words(said, told["words"])


def _wants_link(told: Told) -> str:
    if told["state"] == "revoked":
        said = _("%(customer)s asks for a new link: the invite was revoked.", **_of(told))
    else:
        said = _("%(customer)s asks for a new link: no address is on file.", **_of(told))
    return str(said)


def _completed(told: Told) -> str:
    return str(_("%(customer)s signed and added a card for %(job)s", **_of(told, "job")))


def _not_delivered(told: Told) -> str:
    address = phone(told["address"]) if told["channel"] == "sms" else told["address"]
    said = _(
        "The invite did not reach %(customer)s at %(address)s.",
        customer=told["customer"],
        address=address,
    )
    return str(said)


def _card_removed(told: Told) -> str:
    return str(_("%(customer)s has no %(card)s on file any more", **_of(told, "card")))


def _cancelled(told: Told) -> str:
    refund_by = format_date(date.fromisoformat(told["refund_by"]), "long")
    said = _(
        "%(customer)s cancelled the contract for %(job)s. Return any payment by %(day)s.",
        day=refund_by,
        **_of(told, "job"),
    )
    return str(said)


def _wants_paper(told: Told) -> str:
    return str(_("%(customer)s wants paper for %(job)s", **_of(told, "job")))


def _seal_late(told: Told) -> str:
    said = _(
        "The contract %(customer)s signed for %(job)s is not sealed yet. The signature is safe.",
        **_of(told, "job"),
    )
    return str(said)


def _card_replaced(told: Told) -> str:
    return str(_("%(customer)s replaced %(card)s with %(new)s", **_of(told, "card", "new")))


def _card_expired(told: Told) -> str:
    if told["ended_auto_pay"]:
        said = _("%(customer)s’s %(card)s has expired, and auto-pay has ended", **_of(told, "card"))
    else:
        said = _("%(customer)s’s %(card)s has expired", **_of(told, "card"))
    return str(said)


def _cards_locked(told: Told) -> str:
    said = _(
        "%(number)s cards of %(customer)s were declined: none can be added for a day",
        **_of(told, "number"),
    )
    return str(said)


def _closed(told: Told) -> str:
    is_text = told["channel"] == "sms"
    address = phone(told["address"]) if is_text else told["address"]
    if told["why"] == "stopped":
        said = _(
            "%(customer)s replied STOP: %(address)s gets no more texts. Write by e-mail instead.",
            customer=told["customer"],
            address=address,
        )
    elif told["why"] == "complained":
        said = _(
            "A message to %(customer)s at %(address)s was marked as spam: no more go there.",
            customer=told["customer"],
            address=address,
        )
    else:
        said = _(
            "Mail to %(customer)s at %(address)s comes back: correct the address.",
            customer=told["customer"],
            address=address,
        )
    return str(said)


def _texted(told: Told) -> str:
    return _with_words(
        str(_("A text from %(number)s", number=phone(told["number"]))), told["words"]
    )


def _held(told: Told) -> str:
    if told["cause"] == "company":
        said = _(
            "Your company has sent %(most)s text messages, as many as go out in %(time)s. "
            "The next ones wait until there is room.",
            most=told["most"],
            time=_a_day_or_an_hour(told),
        )
    else:
        said = _(
            "%(most)s codes were asked for by text message in %(time)s. No more of those go out "
            "for now; what you send goes out as always.",
            most=told["most"],
            time=_a_day_or_an_hour(told),
        )
    return str(said)


def _a_day_or_an_hour(told: Told) -> str:
    return str(_("one hour") if told["hours"] == 1 else _("one day"))


def _of(told: Told, *names: str) -> dict[str, Any]:
    return {name: told[name] for name in ("customer", *names)}


def _with_words(said: str, words: str) -> str:
    return f"{said}: {words}" if words else said


_SENTENCES: dict[NotificationKind, Callable[[Told], str]] = {
    NotificationKind.ESTIMATE_REJECTED: _rejected,
    NotificationKind.QUESTION_ASKED: _asked,
    NotificationKind.CHANGES_ASKED: _wants_changes,
    NotificationKind.NEW_LINK_WANTED: _wants_link,
    NotificationKind.ONBOARDING_COMPLETED: _completed,
    NotificationKind.DELIVERY_FAILED: _not_delivered,
    NotificationKind.CARD_REMOVED: _card_removed,
    NotificationKind.CONTRACT_CANCELLED: _cancelled,
    NotificationKind.PAPER_WANTED: _wants_paper,
    NotificationKind.SEAL_LATE: _seal_late,
    NotificationKind.CARD_REPLACED: _card_replaced,
    NotificationKind.CARD_EXPIRED: _card_expired,
    NotificationKind.CARDS_LOCKED: _cards_locked,
    NotificationKind.ADDRESS_CLOSED: _closed,
    NotificationKind.TEXT_RECEIVED: _texted,
    NotificationKind.TEXTS_HELD: _held,
}
