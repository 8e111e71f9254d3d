"""Which passwords are refused, and why (trust requirement R37). Pure, but for one list read once.

The list, common_passwords.txt, is what zxcvbn 4.5.0 (MIT, Dropbox and D. Wolf) ranks as the most
common passwords, those of eight characters and more, one a line.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

from onboarding.passwords import MOST_CHARACTERS, hash_password

LEAST_CHARACTERS = 8


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    COMMON = "common"
    GUESSABLE = "guessable"


class TooWeak(Exception):
    """The password is refused; `weakness` says why."""

    def __init__(self, found: Weakness) -> None:
        self.weakness = found
        super().__init__(found)


def hash_of_good(password: str, about: Iterable[str]) -> str:
    """The hash to keep; a weak or over-long password never reaches argon2. Raises TooWeak."""
    found = weakness(password, about)
    if found is not None:
        raise TooWeak(found)
    return hash_password(password)


def weakness(password: str, about: Iterable[str]) -> Weakness | None:
    """None when the password will do. `about` is what anybody would guess from: names, addresses.

    Runs before argon2 does, so that nobody can make it hash a novel.
    """
    plain = password.casefold()
    if len(password) < LEAST_CHARACTERS:
        return Weakness.TOO_SHORT
    elif len(password) > MOST_CHARACTERS:
        return Weakness.TOO_LONG
    elif plain in _common() or len(set(plain)) < 3:
        return Weakness.COMMON
    elif _is_mostly(plain, about):
        return Weakness.GUESSABLE
    else:
        return None


def _is_mostly(plain: str, about: Iterable[str]) -> bool:
    """The password without such a word is next to nothing: `ridgeline2026`, `dana1984`."""
    words = {word for text in about for word in re.split(r"[\W_]+", text.casefold())}
    return any(
        len(word) >= 4 and len(plain.replace(word, "")) <= LEAST_CHARACTERS // 2
        for word in words | {"password", "portal"}
    )


@cache
def _common() -> frozenset[str]:
    file = Path(__file__).with_name("common_passwords.txt")
    return frozenset(file.read_text(encoding="utf-8").split())
