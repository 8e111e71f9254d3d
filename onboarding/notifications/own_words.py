"""The lines of a message that a company may say in its own words.

Subject, opening lines and the text (SMS) may be its own. Greeting, button, link, code, terms and
foot stay, and what is filled in is never read again: `{{7*7}}` stays what it is.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from onboarding import braces
from onboarding.notifications.typesetting import Parts, one_line

# name -> what stands there, as the list of placeholders shows it
PLACEHOLDERS: dict[str, str] = {
    "first_name": "The customer’s first name",
    "job_title": "What the job is called",
    "company_name": "Your company’s name",
    "sender_name": "Who of your team sends it",
    "version": "The number of the estimate’s version",
    "total": "The new total, with tax",
    "link": "The address that the text leads to",
}
# In a text, its own company and the way in may never be missing.
NEEDED_IN_TEXTS = ("company_name", "link")
_LONGEST = {"first_name": 40, "company_name": 60, "sender_name": 60, "job_title": 80}
_LONGEST_IN_TEXTS = {"first_name": 20, "company_name": 28, "sender_name": 28, "job_title": 40}


@dataclass(frozen=True)
class Kind:
    """A message whose lines may be the company's own. `key` is what they are kept under;
    `is_texted`: it goes out as a text, too."""

    key: str
    purpose: str
    names: tuple[str, ...]
    step: str = ""

    @property
    def names_in_texts(self) -> tuple[str, ...]:
        return (*self.names, "link")


_OF_A_JOB = ("first_name", "company_name", "job_title")
_OF_AN_INVITE = (*_OF_A_JOB, "sender_name")
KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("invite", "invite", _OF_AN_INVITE),
        Kind("invite_sign_in", "invite_sign_in", _OF_AN_INVITE),
        Kind("revised_estimate", "revised_estimate", (*_OF_A_JOB, "version", "total")),
        Kind("reminder_account", "reminder", _OF_A_JOB, "account"),
        Kind("reminder_estimate", "reminder", _OF_A_JOB, "estimate"),
        Kind("reminder_contract", "reminder", _OF_A_JOB, "contract"),
        Kind("reminder_card", "reminder", _OF_A_JOB, "card"),
        Kind("message_answered", "message_answered", ("first_name", "company_name")),
        Kind("onboarding_completed_customer", "onboarding_completed_customer", _OF_A_JOB),
    )
}


def own_lines(purpose: str, language: str, told: Mapping[str, Any]) -> Parts:
    """The company's own lines of a letter, filled in with what it is `told`; a part that is empty
    is said as shipped."""
    key = f"{purpose}_{told['step']}" if told.get("step") else purpose
    own = own_parts(told["company"].own_words, key, language)
    values = {name: str(told[name]) for name in PLACEHOLDERS if name in told}
    values |= {"company_name": told["company"].name, "link": str(told["url"])}
    return Parts(
        subject=_merged(own.subject, values, _LONGEST),
        opening="\n\n".join(_merged(part, values, _LONGEST) for part in own.opening.split("\n\n")),
        sms=_merged(own.sms, values, _LONGEST_IN_TEXTS),
    )


def own_parts(kept: Mapping[str, Any], key: str, language: str) -> Parts:
    """As they were typed, with their placeholders."""
    found = kept.get(key, {}).get(language, {})
    return Parts(**{field.name: str(found.get(field.name, "")) for field in fields(Parts)})


def kept_with(kept: Mapping[str, Any], key: str, language: str, parts: Parts) -> dict[str, Any]:
    """`kept` with these lines in it; what is empty is not kept."""
    said = {name: words for name, words in asdict(parts).items() if words}
    of_key = {**kept.get(key, {}), language: said}
    changed = {**kept, key: {spoken: told for spoken, told in of_key.items() if told}}
    return {name: told for name, told in changed.items() if told}


def _merged(text: str, values: Mapping[str, str], longest: Mapping[str, int]) -> str:
    short = {name: one_line(value, longest.get(name, 200)) for name, value in values.items()}
    return one_line(braces.merge(text, short), 1000)
