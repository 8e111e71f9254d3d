"""Texts: what is asked of whoever carries them, and how long one is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from onboarding.gateways.email import Accepted

# GSM 03.38: a text of these alone takes 160 letters in one part; any other sign makes it 70.
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = set("^{}\\[~]|€\f")


@dataclass(frozen=True)
class OutgoingSms:
    """One text. `to` in E.164; `reference` comes back with each receipt."""

    to: str
    text: str
    reference: str


class Sms(Protocol):
    """Raises TemporaryRefusal, PermanentRefusal or UnknownOutcome; see gateways.refusals."""

    def send(self, sms: OutgoingSms, deadline: float) -> Accepted:
        """Hands the text over. Begins nothing once `clock.monotonic()` has passed `deadline`."""

    def look_up(self, sms: OutgoingSms, since: datetime) -> Sequence[Accepted]:
        """What was accepted since then with this number and these words, the newest first."""

    def check(self) -> str:
        """One sentence that says what was reached. Raises TemporaryRefusal with the reason."""


def segments(text: str) -> int:
    """In how many parts a text travels, and is paid for."""
    if set(text) <= _GSM | _GSM_DOUBLE:
        length, whole, part = sum(1 + (sign in _GSM_DOUBLE) for sign in text), 160, 153
    else:
        length, whole, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= whole else math.ceil(length / part)
