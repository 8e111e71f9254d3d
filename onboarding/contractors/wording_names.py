"""What the messages are called, and when each goes out, for the people of the company."""

from flask_babel import gettext as _


def names(key: str) -> tuple[str, str]:
    """The message's name, and when it is sent."""
    known: dict[str, tuple[str, str]] = {
        "invite": (_("Portal Invite"), _("When you press Send Portal Invite or Resend.")),
        "invite_sign_in": (
            _("Portal Invite, with an account"),
            _("When you invite or nudge somebody who has an account already."),
        ),
        "revised_estimate": (_("New estimate"), _("When you send another version.")),
        "reminder_account": (
            _("Reminder: not started"),
            _("When nobody has opened the invite for a while."),
        ),
        "reminder_estimate": (
            _("Reminder: estimate"),
            _("When the estimate waits for an answer."),
        ),
        "reminder_contract": (_("Reminder: contract"), _("When the contract waits to be signed.")),
        "reminder_card": (_("Reminder: card"), _("When only the card is missing.")),
        "message_answered": (_("Your answer"), _("When you answer a customer’s question.")),
        "onboarding_completed_customer": (
            _("Confirmation"),
            _("When the contract is signed and the card is on file."),
        ),
    }
    return known[key]


def language_name(language: str) -> str:
    """By its own name."""
    return {"en": "English", "es": "Español"}[language]
