"""The doors to the world: each a Protocol, the real one, and a sandbox that production refuses.

`create_app` and the worker put the chosen ones here; rooms ask `current()` and know none by name.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from onboarding.gateways.email_ses import AmazonSns, Sns

if TYPE_CHECKING:
    from onboarding.gateways.cards import Cards
    from onboarding.gateways.documents import DocumentStore, Renderer, Sealer, Stamper
    from onboarding.gateways.email import Email
    from onboarding.gateways.sms import Sms


@dataclass(frozen=True)
class Gateways:
    """One of each, chosen by configuration."""

    email: "Email"
    sms: "Sms"
    cards: "Cards"
    documents: "DocumentStore"
    renderer: "Renderer"
    sealer: "Sealer"
    # None where no authority is configured: nothing is stamped then.
    stamper: "Stamper | None" = None
    sns: Sns = field(default_factory=AmazonSns)


_current: Gateways | None = None


def use(gateways: Gateways) -> None:
    global _current
    _current = gateways


def current() -> Gateways:
    """The gateways in use. Raises RuntimeError before `use`."""
    if _current is None:
        raise RuntimeError("No gateways are in use: create_app() or the worker sets them.")
    return _current
