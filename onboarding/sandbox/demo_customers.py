"""What the demo's customers did, each on a device of their own. All by the rooms' actions."""

import math
from collections.abc import Sequence

from onboarding import clock, tokens
from onboarding.accounts import actions as accounts
from onboarding.accounts.actions import Entry, Starter
from onboarding.accounts.actions_profile import Profile, save_profile
from onboarding.accounts.challenges import Proof
from onboarding.actor import Actor, Kind
from onboarding.contracts import cancelling, consenting, papering, signing
from onboarding.contracts.copies import look_after_signatures
from onboarding.contracts.ink import Stroke
from onboarding.contracts.models import Contract
from onboarding.contracts.queries import contract_of_estimate
from onboarding.database import read
from onboarding.estimates import actions as estimates
from onboarding.estimates import actions_answers, choosing, pricing
from onboarding.estimates.models import Estimate
from onboarding.invites import actions_link
from onboarding.messages import actions as messages
from onboarding.payments.actions import Wish, start_card_setup
from onboarding.payments.actions_methods import remove_card as take_card_off
from onboarding.payments.converging import converge
from onboarding.payments.models import CardSetup
from onboarding.payments.queries import methods_of
from onboarding.sandbox import stripe_checkout
from onboarding.sandbox.demo_office import Somebody
from onboarding.sandbox.stripe_testcards import card_named

_LINK = r"/i/([\w-]{43})"
_CODE = r"\b(\d{6})\b"
_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
_BROWSERS = (
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {_APPLE} Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_APPLE} Safari/605.1.15",
)
_SCANNER = "Mozilla/5.0 (compatible; link preview)"


def fetch(one: Somebody) -> None:
    """A mail scanner looks at the link."""
    secret = one.past.hands.found(one.email, _LINK)
    actions_link.note_fetched(secret, "198.51.100.9", _SCANNER)


def open_link(one: Somebody, channel: str = "") -> None:
    """Presses *Get started* on the link that came by e-mail, or by text where there is none."""
    address = one.mobile if channel == "sms" or not _has_mail(one) else one.email
    secret = one.past.hands.found(address, _LINK)
    actions_link.note_fetched(secret, _ip(one), _browser(one))
    begun = actions_link.start(secret, _ip(one), _browser(one))
    one.starter = Starter(
        contractor_id=begun.contractor_id,
        contact_id=begun.contact_id,
        onboarding_id=begun.onboarding_id,
        invite_id=begun.invite_id,
        channel=begun.channel,
        address=begun.address,
        at=begun.at,
        ip=_ip(one),
        user_agent=_browser(one),
    )


def account(one: Somebody, way: str) -> None:
    """By the link itself, by a code to the phone, or by e-mail and password."""
    starter = _starter(one)
    if way == "code":
        entry = _by_code(one, starter)
    elif way == "password":
        entry = accounts.create_with_password(starter, one.email, tokens.new_secret())
    else:
        entry = accounts.create_with_link(starter)
    one.account_id = entry.account.id


def profile(one: Somebody) -> None:
    save_profile(one.account_id, Profile(one.name, *one.place, one.preferred), _actor(one))


def look(one: Somebody) -> None:
    actions_answers.open_version(_estimate(one).id, _actor(one))


def ask(one: Somebody, text: str, line: str = "") -> None:
    words = messages.Words(text, tokens.new_id(), _key_of(one, line))
    messages.ask(one.onboarding_id, words, _actor(one))


def changes(one: Somebody, about: str, text: str) -> None:
    words = messages.Words(text, tokens.new_id())
    messages.ask_for_changes(one.onboarding_id, messages.About(about), words, _actor(one))


def reject(one: Somebody) -> None:
    actions_answers.reject_estimate(_estimate(one).id, _actor(one))


def reason(one: Somebody, text: str) -> None:
    actions_answers.give_reason(_estimate(one).id, text, _actor(one))


def approve(one: Somebody, options: Sequence[str]) -> None:
    """With the options of these names switched on, all others off."""
    seen = _estimate(one)
    chosen = choosing.settled(seen, [_key_of(one, name) for name in options])
    total = pricing.totals(seen, chosen).total
    actions_answers.approve_estimate(seen.id, chosen, total, _actor(one))


def withdraw(one: Somebody) -> None:
    actions_answers.withdraw_approval(_estimate(one).id, _actor(one))


def consent(one: Somebody) -> None:
    """Opens the PDF, as everybody must, and agrees to sign on a screen."""
    frozen = _contract(one)
    consenting.open_pdf(frozen.id, one.onboarding_id, _actor(one))
    consenting.give_consent(
        frozen.id, one.onboarding_id, str(frozen.frozen_sha256), one.language, _actor(one)
    )


def sign(one: Somebody, way: str) -> None:
    frozen = _contract(one)
    signature = (
        signing.Signature(strokes=_handwriting(one.name))
        if way == "drawn"
        else signing.Signature(typed_text=one.name)
    )
    signing.sign_contract(
        frozen.id, one.onboarding_id, str(frozen.frozen_sha256), signature, _actor(one)
    )


def copy(_one: Somebody) -> None:
    """Half an hour later no card has followed: the worker sends what was signed."""
    look_after_signatures()


def cancel(one: Somebody) -> None:
    """Takes it back while the contract gives time to."""
    cancelling.cancel_contract(_contract(one).id, one.contact_id, _actor(one))


def want_paper(one: Somebody) -> None:
    papering.want_paper(_contract(one).id, one.contact_id, _actor(one))


def card(one: Somebody, name: str, auto_pay: str = "") -> None:
    """Types a test card on the hosted page, and comes back."""
    wish = Wish(wants_auto_pay=bool(auto_pay), language=one.language)
    begun = start_card_setup(one.onboarding_id, one.contact_id, wish, _actor(one))
    setup = read(one.contractor_id).get_one(CardSetup, begun.setup_id)
    known = card_named(name)
    if known is None:
        raise LookupError(f"There is no test card {name}")
    typed = stripe_checkout.Typed(known, (9, clock.now().year + 3), one.place[4])
    sandbox = one.past.sandbox
    with sandbox.store.transaction() as shelf:
        visitor = stripe_checkout.Visitor(_ip(one), _browser(one))
        stripe_checkout.save_card(sandbox.desk(shelf), str(setup.stripe_session), typed, visitor)
    converge(begun.setup_id)


def remove_card(one: Somebody) -> None:
    for kept in methods_of(read(one.contractor_id), one.contact_id):
        take_card_off(one.contact_id, kept.id, _actor(one))


def _by_code(one: Somebody, starter: Starter) -> Entry:
    browser = tokens.hash_secret(tokens.new_secret())
    asked = accounts.ask_challenge(starter, "sms", one.mobile, browser, "Safari on iPhone")
    code = one.past.hands.found(one.mobile, _CODE)
    entered = accounts.create_with_challenge(starter, Proof(asked, browser, code, starter.ip))
    if not isinstance(entered, Entry):
        raise LookupError(f"The code for {one.name} is {entered}")
    return entered


def _actor(one: Somebody) -> Actor:
    return Actor(
        Kind.CUSTOMER, one.account_id, one.name, one.contractor_id, _ip(one), _browser(one)
    )


def _starter(one: Somebody) -> Starter:
    if one.starter is None:
        raise LookupError(f"{one.name} has not pressed Get started")
    return one.starter


def _estimate(one: Somebody) -> Estimate:
    """The latest version that was sent."""
    newest = estimates.newest(read(one.contractor_id), one.onboarding_id)
    if newest.sent_at is None:
        raise LookupError(f"Nothing to look at was sent to {one.name}")
    return newest


def _contract(one: Somebody) -> Contract:
    found = contract_of_estimate(read(one.contractor_id), _estimate(one).id)
    if found is None:
        raise LookupError(f"{one.name} has no contract")
    return found


def _key_of(one: Somebody, line: str) -> str:
    if not line:
        return ""
    return next(each.key for each in _estimate(one).lines if each.name == line)


def _has_mail(one: Somebody) -> bool:
    return "/i/" in one.past.hands.latest[one.email]


def _ip(one: Somebody) -> str:
    return f"203.0.113.{10 + one.number}"


def _browser(one: Somebody) -> str:
    return _BROWSERS[one.number % len(_BROWSERS)]


def _handwriting(name: str) -> tuple[Stroke, ...]:
    """A flowing line for each word: loops as tall as its letters, the pen lifted in between."""
    strokes, left = [], 20.0
    for word in name.split():
        points = []
        for step in range(len(word) * 8):
            letter = ord(word[step // 8].lower()) - 96
            turn = step / 8 * 2 * math.pi
            height = 26.0 if step < 8 or letter in (2, 4, 6, 8, 11, 12) else 9.0 + letter % 5
            x = left + step * 2.1 + 4.5 * math.sin(turn)
            y = 70.0 - step * 0.12 - height * (1 - math.cos(turn)) / 2
            pressure = 0.4 + 0.2 * math.cos(turn / 2) ** 2
            points.append((round(x, 2), round(y, 2), round(pressure, 3)))
        strokes.append(tuple(points))
        left += len(word) * 16.8 + 14
    return tuple(strokes)
