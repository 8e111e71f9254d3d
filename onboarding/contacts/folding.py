"""How names and addresses are compared: as people do, without looking at case or accents."""

import re
import unicodedata

LONGEST_WORD = 60
_WORDS = re.compile(r"\w+")
_NOT_IN_NUMBERS = re.compile(r"[^\d\s().+/-]")


def fold(text: str) -> str:
    """`Sofía DÍAZ` as `sofia diaz`."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def name_key(name: str) -> str:
    return fold(name)[:200]


def email_key(email: str | None) -> str | None:
    """Mailboxes that differ in case only are one to nearly every provider there is."""
    return email.casefold()[:254] if email else None


def words_of(name: str, email: str | None, mobile: str | None) -> set[str]:
    """What a contact is found by. A number is found by what people remember of it: the whole,
    without the country, the last seven and the last four digits."""
    words = set(_WORDS.findall(fold(name)))
    if email:
        words |= {fold(email), *_WORDS.findall(fold(email))}
    if mobile:
        digits = mobile.lstrip("+")
        words |= {digits, digits[-10:], digits[-7:], digits[-4:]}
    return {word[:LONGEST_WORD] for word in words}


def terms_of(search: str) -> list[str]:
    """The beginnings of words that a search asks for, all of them at once."""
    terms: list[str] = []
    for part in fold(search).split():
        digits = "".join(letter for letter in part if letter.isdecimal())
        if "@" in part:
            terms.append(part)
        elif len(digits) >= 3 and not _NOT_IN_NUMBERS.search(part):
            terms.append(digits)
        else:
            terms += _WORDS.findall(part)
    return [term[:LONGEST_WORD] for term in terms[:6]]
