"""Who is behind the request: flask-login's user, and the Actor that the audit trail names."""

from collections.abc import Callable
from typing import cast

from flask import request
from flask_login import current_user

from onboarding.actor import Actor, Kind
from onboarding.web.person import Person as Person
from onboarding.web.person import Visitor as Visitor

Loader = Callable[[str], Person | None]
_loaders: dict[str, Loader] = {}


def use_loader(kind: str, loader: Loader) -> None:
    """Says how a session of `kind` ('crm', 'portal', 'support', 'visit') finds its person."""
    _loaders[kind] = loader


def load(kind: str, subject_id: str) -> Person | None:
    return _loaders[kind](subject_id)


def is_signed_in() -> bool:
    return bool(current_user.is_authenticated)


def person() -> Person:
    """The signed-in person. Only behind an access marker that demands one."""
    return cast("Person", current_user._get_current_object())


def actor() -> Actor:
    """The signed-in person as the audit trail names them; a support agent where one is visiting."""
    who = person()
    if who.visit is not None:
        return Actor(
            Kind.SUPPORT,
            who.visit.agent_id,
            who.visit.agent_name,
            who.contractor_id,
            client_ip(),
            user_agent(),
            visited_as=who.kind,
        )
    return Actor(who.kind, who.id, who.name, who.contractor_id, client_ip(), user_agent())


def stranger(kind: Kind, id_: str, name: str, contractor_id: str) -> Actor:
    """Somebody who acts before signing in, such as a customer who presses *Get started*."""
    return Actor(kind, id_, name, contractor_id, client_ip(), user_agent())


def client_ip() -> str:
    """The visitor's address; behind trusted proxies only as far as the settings trust them."""
    return request.remote_addr or ""


def user_agent() -> str:
    return request.headers.get("User-Agent", "")[:400]


def is_prefetch() -> bool:
    """A browser fetching ahead of its person, who has seen nothing yet."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return "prefetch" in purpose or "preview" in purpose
