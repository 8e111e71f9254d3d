"""The only door to chance, and to what is derived from the installation's secret.

Secrets that people carry (links, sessions) are 256 bits from the system's generator and are kept
only as SHA-256. Six-digit codes are too short for that, so they are kept as an HMAC with a pepper
derived from the secret key (trust requirement R35). What must be readable again, such as a message
that waits to be sent, is sealed with Fernet.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from onboarding import clock

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class UnreadableSeal(Exception):
    """A sealed text that no present key opens: written under another SECRET_KEY, or altered."""


def new_id() -> str:
    """A ULID in lower case: 26 characters, sorted by creation, 80 bits of it chance."""
    number = (int(clock.now().timestamp() * 1000) << 80) | secrets.randbits(80)
    letters = []
    for _ in range(26):
        number, index = divmod(number, 32)
        letters.append(_CROCKFORD[index])
    return "".join(reversed(letters))


def new_secret() -> str:
    """43 URL-safe characters carrying 256 bits."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six decimal digits, each value as likely as any other."""
    return f"{secrets.randbelow(1_000_000):06d}"


def jitter(seconds: float) -> float:
    """Between 0 and `seconds`, so that retries do not arrive together."""
    return secrets.randbelow(1_000_000) / 1_000_000 * seconds


def hash_secret(secret: str) -> str:
    """SHA-256 as 64 hexadecimal digits: how a link's or a session's secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Equality that takes as long for a near miss as for a far one."""
    return hmac.compare_digest(one.encode(), other.encode())


def keyed_hash(key: str, purpose: str, value: str) -> str:
    """HMAC-SHA256 of `value` under a key of its own for `purpose`, as 64 hexadecimal digits."""
    return hmac.new(_derived(key, purpose), value.encode(), hashlib.sha256).hexdigest()


def seal(keys: tuple[str, ...], text: str) -> str:
    """`text` readable again only with one of `keys`; the first one seals."""
    return _fernet(keys).encrypt(text.encode()).decode()


def unseal(keys: tuple[str, ...], sealed: str) -> str:
    """The text that `seal` was given. Raises UnreadableSeal."""
    try:
        return _fernet(keys).decrypt(sealed.encode()).decode()
    except InvalidToken as unreadable:
        raise UnreadableSeal from unreadable


@lru_cache(maxsize=64)
def _derived(key: str, purpose: str) -> bytes:
    return hmac.new(key.encode(), b"onboarding:" + purpose.encode(), hashlib.sha256).digest()


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    derived = [base64.urlsafe_b64encode(_derived(key, "seal")) for key in keys]
    return MultiFernet([Fernet(key) for key in derived])
