"""What stands around every page: the contractor's name and colour, the navigation, the marks of a
sandbox, the banner of a support visit. Level 7: it reads across rooms for the layouts."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from onboarding.actor import Kind
from onboarding.config import Settings
from onboarding.contractors.brand import palette
from onboarding.contractors.logo import Mark, on_page
from onboarding.contractors.models import Contractor
from onboarding.database import read
from onboarding.messages.models import Message
from onboarding.notifications.models import Notification
from onboarding.portal.steps import step_bar
from onboarding.web import languages, people
from onboarding.web.brand import shown_company
from onboarding.web.filters import phone


@dataclass(frozen=True)
class Letterhead:
    """The contractor as layouts show it."""

    name: str
    slug: str
    phone: str
    license_number: str
    time_zone: str
    currency: str
    logo: Mark | None


@dataclass(frozen=True)
class Link:
    """`unread` is none where nothing is counted."""

    label: str
    url: str
    current: bool
    unread: int | None = None


@dataclass(frozen=True)
class Navigation:
    """The CRM's top line."""

    links: tuple[Link, ...]
    bell_url: str
    bell_count: int
    member_name: str
    price_book_url: str
    templates_url: str
    settings_url: str | None
    support_visits_url: str | None
    sign_out_url: str


@dataclass(frozen=True)
class SandboxMarks:
    mailbox_url: str


@dataclass(frozen=True)
class LanguageChoice:
    """The other language by its own name, and the page to come back to."""

    code: str
    name: str
    way_back: str


@dataclass(frozen=True)
class SupportView:
    agent_name: str
    person_name: str
    end_url: str


def install(app: Flask, settings: Settings) -> None:
    """Gives every template the frame around it."""

    @app.context_processor
    def frame() -> dict[str, Any]:
        who = people.person() if _may_know_person() else None
        company = shown_company() or _company_of(who)
        context: dict[str, Any] = {
            "lang": languages.current(),
            "language_choice": _language_choice(),
            "person": who,
            "company": company,
            "contractor": letterhead(company),
            "brand_css": _brand_sheet(company),
            "sandbox_marks": _sandbox_marks(settings),
        }
        if who is not None:
            context.update(_for_person(who))
        return context


def _may_know_person() -> bool:
    return not request.path.endswith("/poll") and people.is_signed_in()


def _for_person(who: people.Person) -> dict[str, Any]:
    around: dict[str, Any] = {"support_view": _support_view(who)}
    if who.kind is Kind.MEMBER:
        around["crm_nav"] = _navigation(who)
    if who.kind is Kind.SUPPORT:
        around["agent_name"] = who.name
        around["sign_out_url"] = url_for("support.sign_out")
    if who.kind is Kind.CUSTOMER:
        seen = g.get("onboarding_seen")
        around["steps"] = step_bar(seen.facts) if seen is not None else None
        around["home_url"] = url_for("portal.home")
    return around


def _company_of(who: people.Person | None) -> Contractor | None:
    if who is None or not who.contractor_id:
        return None
    return read(who.contractor_id).get(Contractor, who.contractor_id)


def letterhead(company: Contractor | None) -> Letterhead | None:
    if company is None:
        return None
    return Letterhead(
        name=company.name,
        slug=company.slug,
        phone=phone(company.phone),
        license_number=company.license_number,
        time_zone=company.time_zone,
        currency=company.currency,
        logo=on_page(company),
    )


def _brand_sheet(company: Contractor | None) -> str | None:
    if company is None:
        return None
    fingerprint = palette(company.color).fingerprint()
    return url_for("brand.sheet", slug=company.slug, fingerprint=fingerprint)


def _sandbox_marks(settings: Settings) -> SandboxMarks | None:
    if settings.is_production or not (settings.has_mail_sandbox or settings.has_card_sandbox):
        return None
    return SandboxMarks(mailbox_url=url_for("mailbox.messages"))


def _support_view(who: people.Person) -> SupportView | None:
    if who.visit is None:
        return None
    return SupportView(who.visit.agent_name, who.name, url_for("support.end_visit"))


def _language_choice() -> LanguageChoice | None:
    found = languages.other()
    return LanguageChoice(*found, languages.way_back()) if found else None


def _navigation(who: people.Person) -> Navigation:
    bell, unread = _unread(who.contractor_id)
    endpoints = (
        (_("Pipeline"), "pipeline.board", None),
        (_("Contacts"), "contacts.contacts", None),
        (_("Messages"), "messages_crm.conversations", unread),
        (_("Insights"), "insights.insights", None),
    )
    return Navigation(
        links=tuple(
            Link(label, url_for(endpoint), request.endpoint == endpoint, count)
            for label, endpoint, count in endpoints
        ),
        bell_url=url_for("record.notifications"),
        bell_count=bell,
        member_name=who.name.split(" ", 1)[0],
        price_book_url=url_for("estimates_crm.price_items"),
        templates_url=url_for("contracts_crm.templates"),
        settings_url=url_for("contractors.settings") if who.role == "owner" else None,
        support_visits_url=url_for("support_crm.visits") if who.role == "owner" else None,
        sign_out_url=url_for("contractors.sign_out"),
    )


def _unread(contractor_id: str) -> tuple[int, int]:
    """Notifications and messages that nobody has read: one statement, for it is on every page."""
    told = select(func.count(Notification.id)).where(
        Notification.contractor_id == contractor_id, Notification.read_at.is_(None)
    )
    written = select(func.count(Message.id)).where(
        Message.contractor_id == contractor_id,
        Message.seen_at.is_(None),
        Message.sender == "customer",
    )
    counted = select(told.scalar_subquery(), written.scalar_subquery())
    bell, unread = read(contractor_id).execute(counted).one()
    return bell, unread
