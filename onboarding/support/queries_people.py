"""Whom an agent may look for: members and customers of every contractor, a few at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from onboarding.accounts.masks import masked
from onboarding.accounts.models import Account
from onboarding.actor import Kind
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.database import Everyone, read

MOST = 20
FEWEST_LETTERS = 3
_LONGEST = 100
_ACROSS = Everyone("support looks for people of every contractor")


@dataclass(frozen=True)
class Target:
    """Somebody who may be visited. `addresses` are theirs in lower case; never shown whole."""

    kind: Kind
    id: str
    name: str
    contractor_id: str
    contractor_name: str
    role: str
    addresses: frozenset[str]
    hint: str
    contact_id: str = ""


@dataclass(frozen=True)
class People:
    """What a search found; `has_more` says that it was too wide."""

    targets: Sequence[Target]
    has_more: bool = False


def search_people(words: str) -> People:
    """Members and customers by part of a name, of an e-mail address or of a phone number.

    Wildcards are text. Fewer than FEWEST_LETTERS find nobody; at most MOST of each kind are found.
    """
    asked = words.strip()[:_LONGEST]
    if len(asked) < FEWEST_LETTERS:
        return People(())
    customers = _customers(_customer_matches(asked))
    members = _members(_member_matches(asked))
    has_more = len(customers) > MOST or len(members) > MOST
    return People([*customers[:MOST], *members[:MOST]], has_more)


def target(kind: str, id_: str) -> Target | None:
    """The member or customer with this id, if there is one who may be visited."""
    if kind == Kind.MEMBER:
        return next(iter(_members(Member.id == id_)), None)
    elif kind == Kind.CUSTOMER:
        return next(iter(_customers(Account.id == id_)), None)
    return None


def _member_matches(words: str) -> ColumnElement[bool]:
    return or_(
        Member.name.icontains(words, autoescape=True),
        Member.email.icontains(words, autoescape=True),
    )


def _customer_matches(words: str) -> ColumnElement[bool]:
    texts = (Account.name, Account.email, Contact.name, Contact.email)
    conditions = [column.icontains(words, autoescape=True) for column in texts]
    digits = "".join(letter for letter in words if letter.isascii() and letter.isdigit())
    is_number = len(digits) >= FEWEST_LETTERS and not any(letter.isalpha() for letter in words)
    if is_number:
        conditions += [column.contains(digits) for column in (Account.phone, Contact.mobile)]
    return or_(*conditions)


def _members(condition: ColumnElement[bool]) -> list[Target]:
    statement = (
        select(Member, Contractor.name)
        .join(Contractor, Contractor.id == Member.contractor_id)
        .where(Member.is_active, condition)
        .order_by(Member.name, Member.id)
        .limit(MOST + 1)
    )
    return [
        Target(
            kind=Kind.MEMBER,
            id=member.id,
            name=member.name,
            contractor_id=member.contractor_id,
            contractor_name=company,
            role=member.role,
            addresses=frozenset({member.email.lower()}),
            hint=masked("email", member.email),
        )
        for member, company in read(_ACROSS).execute(statement)
    ]


def _customers(condition: ColumnElement[bool]) -> list[Target]:
    statement = (
        select(Account, Contact, Contractor.name)
        .join(Contact, Contact.id == Account.contact_id)
        .join(Contractor, Contractor.id == Account.contractor_id)
        .where(condition)
        .order_by(Account.name, Account.id)
        .limit(MOST + 1)
    )
    return [
        Target(
            kind=Kind.CUSTOMER,
            id=account.id,
            name=account.name,
            contractor_id=account.contractor_id,
            contractor_name=company,
            role="customer",
            addresses=frozenset(
                address.lower() for address in (account.email, contact.email) if address
            ),
            hint=_hint(account),
            contact_id=account.contact_id,
        )
        for account, contact, company in read(_ACROSS).execute(statement)
    ]


def _hint(account: Account) -> str:
    """Enough to tell two people of one name apart."""
    if account.email:
        return masked("email", account.email)
    return masked("sms", account.phone) if account.phone else ""
