"""What the demo's contractor did: contacts, drafts, invites, answers. All by the rooms' actions."""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from onboarding import clock, money, tokens
from onboarding.accounts.actions import Starter
from onboarding.actor import Actor
from onboarding.contacts.actions import ContactFields, create_contact
from onboarding.contracts import actions as contracts
from onboarding.contracts import default_template
from onboarding.contracts.drafts import Words
from onboarding.database import read
from onboarding.estimates import actions as estimates
from onboarding.estimates import price_book
from onboarding.estimates.drafts import DraftLine, EstimateDraft, drafted
from onboarding.estimates.pricing import DiscountKind
from onboarding.invites import actions as invites
from onboarding.messages import actions as messages
from onboarding.notifications.models import Channel
from onboarding.sandbox.demo_past import Past

_FOLDER = Path(__file__).parent
JOBS: dict[str, dict[str, Any]] = json.loads((_FOLDER / "demo_jobs.json").read_text())
CAST: list[dict[str, Any]] = json.loads((_FOLDER / "demo_contacts.json").read_text())
BODY = (
    default_template.BODY
    + """
## 10. While we are on your roof

We never open more roof than we can close the same day. Every night the house is dry, or we stay \
until it is.
"""
)


@dataclass
class Somebody:
    """A contact of the demo, and how far they have come. `member` is whose job it is."""

    name: str
    email: str
    mobile: str
    place: tuple[str, str, str, str, str]
    member: Actor
    past: Past
    template_id: str
    number: int
    preferred: str = "email"
    language: str = "en"
    notes: str = ""
    contact_id: str = field(default_factory=tokens.new_id)
    onboarding_id: str = ""
    starter: Starter | None = None
    account_id: str = ""

    @property
    def contractor_id(self) -> str:
        return self.member.contractor_id


def somebody(
    told: Mapping[str, Any], number: int, past: Past, member: Actor, template_id: str
) -> Somebody:
    """One of the cast, as demo_contacts.json tells of them."""
    area = "360" if told["place"][3] == "WA" else "503"
    one = Somebody(
        name=told["name"],
        email=told.get("email", _email(told["name"])),
        mobile=f"+1{area}555{100 + number:04d}",
        place=tuple(told["place"]),
        member=member,
        past=past,
        template_id=template_id,
        number=number,
        preferred=told.get("by", "email"),
        language=told.get("language", "en"),
        notes=told.get("notes", ""),
    )
    if told.get("post") == "bounces":
        past.hands.bouncing.add(one.email)
    elif told.get("post") == "silent":
        past.hands.silent.add(one.mobile)
    return one


def contact(one: Somebody) -> None:
    line1, line2, city, state, postal_code = one.place
    fields = ContactFields(
        name=one.name,
        email=one.email,
        mobile=one.mobile,
        preferred_channel=one.preferred,
        address_line1=line1,
        address_line2=line2,
        city=city,
        state=state,
        postal_code=postal_code,
        language=one.language,
        notes=one.notes,
    )
    create_contact(one.contact_id, fields, one.member)


def begin(one: Somebody, job: str) -> None:
    """An estimate that was opened and not yet written."""
    begun = estimates.draft_estimate(one.contact_id, JOBS[job]["title"], one.member)
    one.onboarding_id = begun.onboarding_id


def draft(one: Somebody, job: str) -> None:
    told = JOBS[job]
    begin(one, job)
    begun = estimates.newest(read(one.contractor_id), one.onboarding_id)
    estimates.save_draft(begun.id, _estimate(told), begun.draft_revision, one.member)
    words = Words(default_template.TITLE, BODY, told["terms"], one.template_id)
    contracts.keep_draft(begun.id, words, 0, one.member)


def send(one: Somebody, *channels: str) -> None:
    invites.send_invite(one.onboarding_id, [Channel(each) for each in channels], one.member)


def revoke(one: Somebody) -> None:
    invites.revoke_invite(one.onboarding_id, one.member)


def revise(one: Somebody, changed: Mapping[str, Any]) -> None:
    """The next version: lines dropped and added by name, unit prices and the discount changed."""
    following = estimates.revise(one.onboarding_id, one.member)
    was = drafted(following)
    prices, dropped = changed.get("price", {}), changed.get("drop", ())
    kept = tuple(
        replace(line, unit_price_cents=_price(prices.get(line.name), line.unit_price_cents))
        for line in was.lines
        if line.name not in dropped
    )
    last = was.lines[-1].section_key
    added = tuple(replace(_line(line), section_key=last) for line in changed.get("add", ()))
    now = replace(was, lines=kept + added)
    if "discount" in changed:
        now = replace(now, discount_value=money.parse_cents(changed["discount"]))
    estimates.save_draft(following.id, now, following.draft_revision, one.member)


def answer(one: Somebody, text: str) -> None:
    messages.answer(one.onboarding_id, messages.Words(text, tokens.new_id()), one.member)


def _email(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return ".".join(plain.replace("'", "").split()) + "@example.com"


def _estimate(told: Mapping[str, Any]) -> EstimateDraft:
    discount = str(told["discount"])
    is_share = discount.endswith("%")
    sections = tuple((tokens.new_id(), name) for name, _first in told.get("sections", ()))
    days = told.get("valid_days")
    return EstimateDraft(
        scope=told["scope"],
        lines=tuple(_placed(told, [key for key, _name in sections])),
        sections=sections,
        valid_until=clock.now().date() + timedelta(days=days) if days else None,
        discount_kind=DiscountKind.PERCENT if is_share else DiscountKind.AMOUNT,
        discount_value=money.parse_share(discount) if is_share else money.parse_cents(discount),
        tax_rate=money.parse_share(told["tax"]),
    )


def _placed(told: Mapping[str, Any], keys: Sequence[str]) -> Iterator[DraftLine]:
    """Each line under its heading, in its group, with what it costs the company."""
    firsts = {
        first: key for key, (_name, first) in zip(keys, told.get("sections", ()), strict=True)
    }
    share, section_key = money.parse_share(told.get("cost", "60%")), ""
    for words in told["lines"]:
        line = _line(words)
        section_key = firsts.get(line.name, section_key)
        yield replace(
            line,
            section_key=section_key,
            group_name=told["group"] if "good" in words[-1] else "",
            is_optional=line.is_optional and "good" not in words[-1],
            unit_cost_cents=money.share_cents(line.unit_price_cents, share),
        )


def fill_price_book(by: Actor) -> None:
    """What the roofers sell most."""
    for line in _placed(JOBS["roof"], [""] * len(JOBS["roof"]["sections"])):
        price_book.keep(price_book.words_of(line), by)


def _line(told: Sequence[str]) -> DraftLine:
    name, description, quantity, unit, price, marks = told
    return DraftLine(
        key=tokens.new_id(),
        name=name,
        description=description,
        quantity=money.parse_thousandths(quantity),
        unit=unit,
        unit_price_cents=money.parse_cents(price),
        is_taxable="untaxed" not in marks,
        is_optional="optional" in marks or "chosen" in marks,
        starts_chosen="chosen" in marks,
    )


def _price(written: str | None, before: int) -> int:
    return before if written is None else money.parse_cents(written)
