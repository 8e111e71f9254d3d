"""Passwords at rest: argon2id with OWASP's 19 MiB, t=2, p=1 (about 27 ms).

At most two are computed at once in a process, so that a flood of sign-ins cannot starve pages.
"""

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MOST_CHARACTERS = 200
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = BoundedSemaphore(2)
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    with _turns:
        return _hasher.hash(_as_typed_anywhere(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password fits. Takes as long where there is no hash to compare with."""
    if len(password) > MOST_CHARACTERS:
        return False
    with _turns:
        try:
            _hasher.verify(password_hash or _NOBODY, _as_typed_anywhere(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def _as_typed_anywhere(password: str) -> str:
    """The same password from any keyboard: some send é as one character, some as two."""
    return unicodedata.normalize("NFC", password)
