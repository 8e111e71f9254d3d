"""What the page *Send Portal Invite* says before anything is sent. Read in one place, for the page
and for the page that comes back when something is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding import config
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor
from onboarding.contracts.queries import contract_of_estimate
from onboarding.database import read
from onboarding.estimates import pricing
from onboarding.invites.models import InviteLink
from onboarding.invites.queries import (
    Lack,
    LinkState,
    address_for,
    channels_of,
    lacks,
    latest_invite,
    links_of,
    newest_version,
    state_of,
)
from onboarding.invites.quiet import Night, night_of, text_waits_until
from onboarding.journey.actions import OnboardingMissing
from onboarding.journey.models import Onboarding
from onboarding.journey.status import Invite as InviteFact
from onboarding.journey.status import status_of
from onboarding.notifications.models import Channel


@dataclass(frozen=True)
class Way:
    """A channel as the page offers it; without an address it cannot be chosen."""

    channel: Channel
    address: str | None
    is_chosen: bool


@dataclass(frozen=True)
class Composition:
    """`kind` says what pressing the button means: 'first', 'again', 'revision', 'sign_in'."""

    onboarding: Onboarding
    contact: Contact
    ways: tuple[Way, ...]
    lacks: tuple[Lack, ...]
    estimate_id: str | None
    version: int
    total_cents: int
    contract_title: str
    is_on_paper: bool
    kind: str
    night: Night
    expires_in_hours: int = 72

    @property
    def text_waits_until(self) -> datetime | None:
        """When a text goes out, where it is night at the customer's; None for at once."""
        has_mobile = any(way.channel is Channel.SMS and way.address for way in self.ways)
        if not has_mobile:
            return None
        return text_waits_until(self.onboarding.site_time_zone, self.night)

    @property
    def has_address(self) -> bool:
        return any(way.address for way in self.ways)

    @property
    def may_revoke(self) -> bool:
        return status_of(self.onboarding.facts).may_revoke

    @property
    def can_send(self) -> bool:
        return self.has_address and not self.lacks


def compose(
    contractor_id: str, onboarding_id: str, chosen: Sequence[Channel] | None = None
) -> Composition:
    """The page for one onboarding; `chosen` is what was ticked, or None at first.

    Raises journey.OnboardingMissing.
    """
    db = read(contractor_id)
    onboarding = db.get(Onboarding, onboarding_id)
    if onboarding is None:
        raise OnboardingMissing(onboarding_id)
    contact = db.get_one(Contact, onboarding.contact_id)
    estimate = newest_version(db, onboarding_id)
    contract = contract_of_estimate(db, estimate.id) if estimate else None
    last = latest_invite(db, onboarding_id)
    links = links_of(db, last.id) if last else []
    ticked = chosen if chosen is not None else _at_first(contact, links)
    has_draft = estimate is not None and estimate.sent_at is None
    return Composition(
        onboarding=onboarding,
        contact=contact,
        ways=tuple(Way(each, address_for(contact, each), each in ticked) for each in Channel),
        lacks=lacks(db, onboarding),
        estimate_id=estimate.id if estimate else None,
        version=estimate.version if estimate else 0,
        total_cents=pricing.totals(estimate).total if estimate else 0,
        contract_title=contract.title if contract else "",
        is_on_paper=contract is not None and contract.is_on_paper,
        kind=_kind(onboarding, has_draft=has_draft),
        night=night_of(db.get_one(Contractor, contractor_id)),
    )


def door_of(page: Composition, contractor: Contractor) -> tuple[str, datetime | None] | None:
    """The address that is handed over in person, and until when it works; sign-in, which always
    does, for somebody with an account. None while there is no live invite."""
    onboarding = page.onboarding
    portal = f"{config.current().base_url}/portal/{contractor.slug}"
    last = latest_invite(read(contractor.id), onboarding.id)
    if onboarding.has_account and not onboarding.facts.is_revoked:
        return f"{portal}/sign-in", None
    elif last is None or state_of(last, onboarding) is not LinkState.LIVE:
        return None
    return f"{portal}/in-person/{last.id}", last.expires_at


def _at_first(contact: Contact, links: list[InviteLink]) -> list[Channel]:
    """What the last invite used; before there was one, what the contact prefers."""
    reachable = channels_of(contact)
    used = {link.channel for link in links}
    return [each for each in reachable if each.value in used] or list(reachable[:1])


def _kind(onboarding: Onboarding, *, has_draft: bool) -> str:
    is_inside = onboarding.has_account and not onboarding.facts.is_revoked
    if is_inside and has_draft and onboarding.latest_version > 0:
        return "revision"
    elif onboarding.has_account:
        return "sign_in"
    elif onboarding.invite in (InviteFact.NONE, InviteFact.REVOKED) or has_draft:
        return "first"
    else:
        return "again"
