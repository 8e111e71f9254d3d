"""Texts through Twilio's HTTP API (2010-04-01), and its signature on what it posts to us.

The API has no idempotency key. After a time-out, or an answer that does not say, the list of sent
messages is the only witness: `look_up` reads it.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import urlencode

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from onboarding import clock, tokens
from onboarding.gateways.email import Accepted
from onboarding.gateways.refusals import (
    OptedOut,
    PermanentRefusal,
    TemporaryRefusal,
    UnknownOutcome,
)
from onboarding.gateways.sms import OutgoingSms

_PATIENCE = 15.0
_PAGES = 5
# Their clock and ours may differ by this much.
_SKEW = timedelta(seconds=30)
# https://www.twilio.com/docs/api/errors: a sender's queue is full, too many requests.
_PASSING = {20429, 21611, 30001, 63038}
_OURS_TO_MEND = {401, 403, 404}
# "Attempt to send to unsubscribed recipient": STOP reached Twilio before it reached us.
UNSUBSCRIBED = 21610


class TwilioSms:
    """`status_url` is where receipts are posted, if it begins with https://."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        *,
        base_url: str = "https://api.twilio.com",
        status_url: str = "",
        patience: float = _PATIENCE,
    ) -> None:
        self._account = f"{base_url}/2010-04-01/Accounts/{account_sid}"
        self._base_url = base_url
        self._sign_in = (account_sid, auth_token)
        self._sender = sender
        self._status_url = status_url
        self._patience = patience

    def send(self, sms: OutgoingSms, deadline: float) -> Accepted:
        left = deadline - clock.monotonic()
        if left <= 0:
            raise TemporaryRefusal("There was no time left to hand the text over.")
        answer = self._post(self._form(sms), min(left, self._patience))
        if answer.status_code not in {200, 201}:
            _refuse(answer)
        said = _read(answer)
        if not said.get("sid"):
            raise UnknownOutcome("Twilio answered nothing that can be read.")
        return Accepted(str(said["sid"]), f"Twilio: {said.get('status', 'accepted')}")

    def look_up(self, sms: OutgoingSms, since: datetime) -> Sequence[Accepted]:
        earliest = since - _SKEW
        return [
            Accepted(str(message["sid"]), f"Twilio: {message.get('status')}, found again")
            for message in self._messages(sms.to, earliest)
            if message.get("direction", "").startswith("outbound")
            # A trial account is given a line in front of every text.
            and str(message.get("body", "")).endswith(sms.text)
            and _created(message) >= earliest
        ]

    def check(self) -> str:
        status = self._get(f"{self._account}.json").get("status")
        if status != "active":
            raise TemporaryRefusal(f"The Twilio account is {status}.")
        return "The Twilio account is active."

    def _form(self, sms: OutgoingSms) -> dict[str, str]:
        sender = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        form = {"To": sms.to, sender: self._sender, "Body": sms.text}
        # Twilio refuses a text whose receipts it could not post: a demo on this machine gets none.
        if self._status_url.startswith("https://"):
            query = urlencode({"delivery": sms.reference})
            form["StatusCallback"] = f"{self._status_url}?{query}"
        return form

    def _post(self, form: Mapping[str, str], timeout: float) -> requests.Response:
        try:
            return requests.post(
                f"{self._account}/Messages.json",
                data=form,
                auth=self._sign_in,
                timeout=timeout,
                allow_redirects=False,
            )
        except requests.RequestException as broken:
            if _never_connected(broken):
                raise TemporaryRefusal("Twilio could not be reached.") from broken
            raise UnknownOutcome("Twilio did not answer.") from broken

    def _messages(self, to: str, earliest: datetime) -> Iterator[dict[str, Any]]:
        query = urlencode({"To": to, "DateSent>": earliest.date().isoformat(), "PageSize": "100"})
        address: str | None = f"{self._account}/Messages.json?{query}"
        for _ in range(_PAGES):
            if address is None:
                return
            page = self._get(address)
            yield from page.get("messages", [])
            following = page.get("next_page_uri")
            address = f"{self._base_url}{following}" if following else None

    def _get(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, auth=self._sign_in, timeout=self._patience)
        except requests.RequestException as broken:
            raise TemporaryRefusal("Twilio could not be reached.") from broken
        if answer.status_code != 200:
            raise TemporaryRefusal(_spoken(answer))
        return _read(answer)


def signature(auth_token: str, address: str, form: Mapping[str, Sequence[str]]) -> str:
    """X-Twilio-Signature of a form posted to `address`, its query included.

    https://www.twilio.com/docs/usage/security: HMAC-SHA1, in base64, over the address and each
    name with its value, sorted by name; of a value given twice only the different ones count.
    """
    posted = "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))
    digest = hmac.new(auth_token.encode(), (address + posted).encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(
    auth_token: str, address: str, form: Mapping[str, Sequence[str]], claimed: str
) -> bool:
    """Whether Twilio, or somebody who knows the account's token, posted this form."""
    return bool(auth_token) and tokens.same(signature(auth_token, address, form), claimed)


def _refuse(answer: requests.Response) -> NoReturn:
    code = _read(answer).get("code")
    if answer.status_code in {429, 503} or code in _PASSING:
        raise TemporaryRefusal(_spoken(answer), retry_after=_retry_after(answer))
    elif answer.status_code in _OURS_TO_MEND:
        raise TemporaryRefusal(_spoken(answer))
    elif code == UNSUBSCRIBED:
        raise OptedOut(_spoken(answer))
    elif 400 <= answer.status_code < 500:
        raise PermanentRefusal(_spoken(answer))
    else:
        # A 500 has been seen from gateways after the message behind them had been accepted.
        raise UnknownOutcome(_spoken(answer))


def _spoken(answer: requests.Response) -> str:
    said = _read(answer)
    words = said.get("message") or answer.reason
    return f"Twilio {said.get('code') or answer.status_code}: {words}"[:480]


def _read(answer: requests.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except requests.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def _retry_after(answer: requests.Response) -> float:
    seconds = answer.headers.get("Retry-After", "")
    return float(seconds) if seconds.isdecimal() else 0


def _never_connected(broken: requests.RequestException) -> bool:
    reason = broken.args[0] if broken.args else None
    refused = isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)
    safe = requests.exceptions.ConnectTimeout | requests.exceptions.SSLError
    return refused or isinstance(broken, safe)


def _created(message: Mapping[str, Any]) -> datetime:
    return parsedate_to_datetime(str(message.get("date_created")))
