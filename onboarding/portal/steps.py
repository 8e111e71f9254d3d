"""The journey's steps as the customer meets them: their addresses, their count, their minutes."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from onboarding.journey.status import Facts, Step, next_step

_ENDPOINTS = {
    Step.ACCOUNT: "accounts.account",
    Step.PROFILE: "accounts.profile",
    Step.ESTIMATE: "estimates.current",
    Step.CONSENT: "contracts.current",
    Step.SIGN: "contracts.current",
    Step.CARD: "payments.card",
    Step.DONE: "portal.done",
    Step.REVOKED: "portal.revoked",
    Step.NOTHING: "portal.home",
}
_ORDER = (
    Step.ACCOUNT,
    Step.PROFILE,
    Step.ESTIMATE,
    Step.CONSENT,
    Step.SIGN,
    Step.CARD,
    Step.DONE,
)
# The customer's own count: account, estimate, contract, card; with the minutes left from there.
_COUNTED = {
    Step.ACCOUNT: (1, 3),
    Step.PROFILE: (1, 3),
    Step.ESTIMATE: (2, 2),
    Step.CONSENT: (3, 1),
    Step.SIGN: (3, 1),
    Step.CARD: (4, 1),
}


@dataclass(frozen=True)
class Entry:
    label: str
    state: str
    url: str | None


@dataclass(frozen=True)
class StepBar:
    """What the bar above a screen shows; the names are those of components/progress.html."""

    number: int
    total: int
    label: str
    minutes_left: int
    then: str | None
    entries: tuple[Entry, ...]


def address_of(step: Step) -> str:
    return url_for(_ENDPOINTS[step])


def next_address(facts: Facts) -> str:
    """Where this customer goes on."""
    return address_of(next_step(facts))


def has_reached(step: Step, facts: Facts) -> bool:
    """Whether `step` is the present one or lies behind. Signing and paying are only ever present:
    what was signed is read, not signed again."""
    present = next_step(facts)
    if present not in _ORDER:
        return False
    if step in (Step.CONSENT, Step.SIGN):
        return present in (Step.CONSENT, Step.SIGN) or facts.signed_version > 0
    if step is Step.CARD:
        return facts.signed_version > 0
    if step is Step.DONE:
        # With a new estimate to answer it is not everything any more.
        return present is Step.DONE
    return _ORDER.index(step) <= _ORDER.index(present) or facts.is_complete


def step_bar(facts: Facts) -> StepBar | None:
    """The bar for a customer on their way; None once everything is done, or nothing can be."""
    present = next_step(facts)
    if present not in _COUNTED:
        return None
    number, minutes = _COUNTED[present]
    labels = (_("Account"), _("Estimate"), _("Contract"), _("Card"))
    return StepBar(
        number=number,
        total=4,
        label=labels[number - 1],
        minutes_left=minutes,
        then=_("Next: %(step)s", step=labels[number]) if number < 4 else None,
        entries=tuple(_entry(count, number, label) for count, label in enumerate(labels, 1)),
    )


def _entry(count: int, present: int, label: str) -> Entry:
    looks: dict[int, Any] = {1: "accounts.profile", 2: "estimates.current"}
    if count < present:
        endpoint = looks.get(count)
        return Entry(label, "done", url_for(endpoint) if endpoint else None)
    return Entry(label, "now" if count == present else "next", None)
