"""What a text may leave open between braces, and the one pure function that fills it in.

A name between single braces is all there is: nothing is evaluated, and what is filled in is never
read again, so `{{7*7}}` and `{0.__class__}` stand on the page as typed.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

_NAMED = re.compile(r"(?<!\{)\{([A-Za-z][A-Za-z0-9_ -]{0,60})\}(?!\})")
_DOUBLED = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_ -]{0,60}?)\s*\}\}")


@dataclass(frozen=True)
class Complaint:
    """A placeholder that would stay open: as typed, braces and all, and the name that was perhaps
    meant. `is_doubled`: only its braces are two where one is wanted."""

    typed: str
    meant: str
    is_doubled: bool = False


def merge(text: str, values: Mapping[str, str]) -> str:
    """`text` with each placeholder that has a value replaced by it, in one pass; all else as it
    is."""
    return _NAMED.sub(lambda found: values.get(found[1], found[0]), text)


def complaints(text: str, known: Collection[str]) -> list[Complaint]:
    """Each placeholder of `text` that is not `known` and would stay open, once, in its order."""
    found: dict[str, Complaint] = {}
    for match in _DOUBLED.finditer(text):
        if match[1] in known:
            found[match[0]] = Complaint(match[0], match[1], is_doubled=True)
    for match in _NAMED.finditer(text):
        if match[1] not in known:
            found[match[0]] = Complaint(match[0], _nearest(match[1], known))
    return list(found.values())


def _nearest(name: str, known: Collection[str]) -> str:
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    return next(iter(get_close_matches(plain, known, n=1, cutoff=0.6)), "")
