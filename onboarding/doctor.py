"""Says of each part whether it can be reached, and of stored facts whether rows bear them out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import text

from onboarding import database, gateways, migrating
from onboarding.config import Settings
from onboarding.database import Everyone, read
from onboarding.gateways.refusals import NotSent
from onboarding.journey.queries import broken_chains
from onboarding.keeping.rederiving import differing_facts

_EVERYBODY = Everyone("the doctor looks at every contractor")


@dataclass(frozen=True)
class Finding:
    """One part, in words for the person who runs the command."""

    part: str
    is_well: bool
    words: str


class Unwell(Exception):
    """A part that answers, but not as it should; the message says why."""


def findings(settings: Settings) -> Iterator[Finding]:
    """Each part in turn; a part that fails is a finding, never an exception."""
    world = gateways.current()
    yield Finding("settings", True, f"{settings.mode}, {settings.base_url}")
    yield _asked("database", _database)
    migrated = _asked("migrations", _migrations)
    yield migrated
    yield _asked("e-mail", world.email.check)
    yield _asked("text messages", world.sms.check)
    yield _asked("cards", lambda: _cards(settings))
    yield _asked("documents", world.renderer.check)
    yield _asked("seal", world.sealer.check)
    yield _asked("time-stamps", _stamps)
    if migrated.is_well:
        yield _asked("audit trail", _chains)
        yield _asked("facts", _facts)


def _asked(part: str, ask: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, ask())
    except NotSent as refusal:
        return Finding(part, False, refusal.answer)
    except Exception as reason:
        # Whatever a part fails with is what this command is for.
        return Finding(part, False, _first_line(reason))
    finally:
        database.end_reads()


def _first_line(reason: Exception) -> str:
    """Drivers and SDKs put their help on further lines."""
    return next(iter(str(reason).strip().splitlines()), "") or type(reason).__name__


def _database() -> str:
    engine = database.engine()
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return f"{engine.dialect.name} at {engine.url.render_as_string(hide_password=True)}"


def _migrations() -> str:
    present, head = migrating.present(), migrating.head()
    if present != head:
        stands = f"at {present}" if present else "empty"
        raise Unwell(f"{stands}, the newest is {head}: run flask --app app migrate")
    return f"at {head}"


def _cards(settings: Settings) -> str:
    """The sandbox lives in the web server: that it sleeps between two demos is no fault."""
    why_not = gateways.current().cards.check()
    is_own_sandbox = settings.has_card_sandbox and not settings.stripe_base_url
    if is_own_sandbox and why_not:
        return "The card sandbox answers once the web server runs: start python app.py."
    elif is_own_sandbox:
        return f"The card sandbox answers at {settings.base_url}."
    elif why_not:
        raise Unwell(why_not)
    return "Stripe answers and accepts the key."


def _stamps() -> str:
    stamper = gateways.current().stamper
    return stamper.check() if stamper else "No authority is set (TSA_URL): nothing is stamped."


def _chains() -> str:
    broken = broken_chains(read(_EVERYBODY))
    if broken:
        raise Unwell(", ".join(f"{id_} at event {seq}" for id_, seq in broken))
    return "every chain is whole"


def _facts() -> str:
    differing = differing_facts(read(_EVERYBODY))
    if differing:
        raise Unwell("; ".join(differing))
    return "every onboarding's facts are borne out by its rows"
