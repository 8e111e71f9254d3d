"""Says of each part whether it can be reached, and of stored facts whether rows bear them out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import text

from onboarding import database, gateways, migrating
from onboarding.config import Settings
from onboarding.database import Everyone, read
from onboarding.journey.queries import broken_chains
from onboarding.rederiving import differing_facts


@dataclass(frozen=True)
class Finding:
    """One part, in words for the person who runs the command."""

    part: str
    is_well: bool
    words: str


def findings(settings: Settings) -> Iterator[Finding]:
    """Each part in turn; a part that fails is a finding, never an exception."""
    world = gateways.current()
    yield Finding("settings", True, f"{settings.mode}, {settings.base_url}")
    yield _asked("database", lambda: _database(settings))
    yield _asked("migrations", _migrations)
    yield _asked("e-mail", world.email.check)
    yield _asked("text messages", world.sms.check)
    yield _asked("cards", world.cards.check)
    yield _asked("documents", world.renderer.check)
    yield _asked("seal", world.sealer.check)
    yield _asked("audit trail", _chains)
    yield _asked("facts", _facts)


class Unwell(Exception):
    """A part that answers, but not as it should; the message says why."""


def _asked(part: str, ask: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, ask())
    except Exception as reason:
        return Finding(part, False, str(reason) or type(reason).__name__)


def _database(settings: Settings) -> str:
    with database.engine().connect() as connection:
        connection.execute(text("SELECT 1"))
    return database.engine().dialect.name


def _migrations() -> str:
    present, head = migrating.present(), migrating.head()
    if present != head:
        raise Unwell(f"at {present}, the newest is {head}: run flask --app app migrate")
    return f"at {head}"


def _chains() -> str:
    broken = broken_chains(read(Everyone("the doctor looks at every contractor")))
    if broken:
        raise Unwell(", ".join(f"{id_} at event {seq}" for id_, seq in broken))
    return "every chain is whole"


def _facts() -> str:
    differing = differing_facts(read(Everyone("the doctor looks at every contractor")))
    if differing:
        raise Unwell("; ".join(differing))
    return "every onboarding's facts are borne out by its rows"
