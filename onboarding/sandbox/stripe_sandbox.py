"""The card sandbox: a small Stripe in this process, for the demo and for tests."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from onboarding import clock, tokens
from onboarding.config import Settings
from onboarding.gateways.stripe_cards import account_of
from onboarding.sandbox import stripe_errors
from onboarding.sandbox.stripe_desk import Desk
from onboarding.sandbox.stripe_errors import StripeRefusal
from onboarding.sandbox.stripe_faults import Fault, Faults
from onboarding.sandbox.stripe_objects import new_identifier
from onboarding.sandbox.stripe_params import Params, read_params
from onboarding.sandbox.stripe_routes import Route, expand, route_of
from onboarding.sandbox.stripe_store import KeptAnswer, Shelf, Store
from onboarding.sandbox.stripe_webhooks import WebhookSender

_KEY_SECONDS = 24 * 3600


class SandboxInProduction(Exception):
    """Production takes real cards, at Stripe: the sandbox will not run there."""


@dataclass(frozen=True)
class Asked:
    """A request at the API, as it came in."""

    method: str
    address: str
    pairs: tuple[tuple[str, str], ...]
    api_key: str
    idempotency_key: str = ""
    public_url: str = ""
    account: str = ""
    request_id: str = field(default_factory=lambda: new_identifier("req"))

    @property
    def same_as(self) -> str:
        """Alike for requests that ask for the same."""
        asked = json.dumps([self.method, self.address, self.account, sorted(self.pairs)])
        return hashlib.sha256(asked.encode()).hexdigest()


@dataclass(frozen=True)
class Answered:
    status: int
    body: str
    is_replay: bool = False


class CardSandbox:
    """State, settings, webhooks and faults of one sandbox.

    `public_url` is where people reach its pages (empty: where the request came in), `webhook_url`
    what is told of every event (empty: nothing). Raises SandboxInProduction.
    """

    def __init__(
        self,
        *,
        path: Path,
        mode: str,
        secret_key: str,
        webhook_secret: str,
        public_url: str = "",
        webhook_url: str = "",
    ) -> None:
        if mode == "production":
            raise SandboxInProduction
        self.store = Store(path)
        self.faults = Faults()
        self.public_url = public_url
        self.webhooks = WebhookSender(self.store, self.faults, webhook_url, webhook_secret)
        self._secret_key = secret_key

    def desk(self, shelf: Shelf, asked: Asked | None = None, public_url: str = "") -> Desk:
        """What one transaction works at; without `asked` for what people do on the pages."""
        desk = Desk(
            shelf=shelf,
            public_url=self.public_url or public_url or (asked.public_url if asked else ""),
            fingerprint_key=self._secret_key,
            sends_events=self.webhooks.has_address,
        )
        if asked is None:
            return desk
        request = {"id": asked.request_id, "idempotency_key": asked.idempotency_key or None}
        return replace(desk, request=request)

    def answer(self, asked: Asked, fault: Fault | None = None) -> Answered:
        """The whole of a request: key, parameters, idempotency, effect and its events at once."""
        try:
            if not tokens.same(asked.api_key, self._secret_key):
                raise stripe_errors.unauthorized(asked.api_key)
            if fault is Fault.TOO_MANY:
                raise stripe_errors.too_many()
            route = route_of(asked.method, asked.address)
            params = read_params(asked.pairs, route.shape)
        except StripeRefusal as refusal:
            # Nothing has been begun, so nothing is kept under the idempotency key.
            return Answered(refusal.status, _text(refusal.body))
        with self.store.transaction() as shelf:
            if asked.account and shelf.find("account", asked.account) is None:
                denied = stripe_errors.no_access(asked.api_key, asked.account)
                return Answered(denied.status, _text(denied.body))
            answered = self._once(shelf.on(asked.account), asked, route, params, fault)
        self.webhooks.wake()
        return answered

    def _once(
        self, shelf: Shelf, asked: Asked, route: Route, params: Params, fault: Fault | None
    ) -> Answered:
        key = asked.idempotency_key if asked.method == "POST" else ""
        kept = shelf.kept_answer(key, clock.unix() - _KEY_SECONDS) if key else None
        if kept and kept.request != asked.same_as:
            refusal = stripe_errors.other_request(key)
            return Answered(refusal.status, _text(refusal.body))
        if kept:
            return Answered(kept.status, kept.body, is_replay=True)
        status, body = self._act(shelf, asked, route, params, fault)
        if key:
            shelf.keep_answer(key, KeptAnswer(asked.same_as, status, body), clock.unix())
        return Answered(status, body)

    def _act(
        self, shelf: Shelf, asked: Asked, route: Route, params: Params, fault: Fault | None
    ) -> tuple[int, str]:
        try:
            with shelf.attempt():
                if fault is Fault.FAIL:
                    raise stripe_errors.failed()
                desk = self.desk(shelf, asked)
                body = route.operation(desk, params, *route.identifiers)
                return 200, _text(expand(shelf, body, _paths(params.get("expand"))))
        except StripeRefusal as refusal:
            return refusal.status, _text(refusal.body)


def card_sandbox(
    settings: Settings, *, webhook_url: str, public_url: str | None = None
) -> CardSandbox:
    """The installation's own sandbox, with the secrets that account_of() gives the product.

    Its pages are at the product's own address unless `public_url` says where (or, empty, that they
    are wherever a request came in: for a sandbox on a port of its own).
    """
    account = account_of(settings)
    return CardSandbox(
        path=settings.data_dir / "card-sandbox.db",
        mode=settings.mode,
        secret_key=account.secret_key,
        webhook_secret=account.webhook_secrets[0],
        public_url=settings.base_url if public_url is None else public_url,
        webhook_url=webhook_url,
    )


def _paths(expanded: object) -> list[str]:
    return [str(path) for path in expanded] if isinstance(expanded, Iterable) else []


def _text(body: object) -> str:
    return json.dumps(body, indent=2)
