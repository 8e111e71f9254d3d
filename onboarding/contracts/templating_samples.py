"""The templates that come with the product: samples, to be reviewed by the contractor's lawyer.

That they are samples is said beside them, never in them: customers read the text. A template keeps
the `key` of the sample that it began as.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from onboarding.contracts import default_template

_FOLDER = Path(__file__).parent / "samples"
_TRADES = ("roofing", "hvac", "bathroom")
_LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Sample:
    """`key` is `service`, or a trade with the language of its text: `roofing.es`."""

    key: str
    name: str
    body: str


@cache
def known_keys() -> tuple[str, ...]:
    trades = tuple(f"{trade}.{language}" for trade in _TRADES for language in _LANGUAGES)
    return ("service", *trades)


def sample(key: str) -> Sample | None:
    """The sample with this key; None where there is none."""
    if key not in known_keys():
        return None
    elif key == "service":
        return Sample(key, default_template.NAME, default_template.BODY)
    return Sample(key, _names()[key], _text(key))


def offered() -> list[tuple[str, str]]:
    """Key and name of each."""
    return [(found.key, found.name) for key in known_keys() if (found := sample(key))]


@cache
def _text(key: str) -> str:
    return (_FOLDER / f"{key}.txt").read_text(encoding="utf-8")


def _names() -> dict[str, str]:
    return {
        "roofing.en": _("Roofing (sample, English)"),
        "roofing.es": _("Roofing (sample, Spanish)"),
        "hvac.en": _("Heating and cooling (sample, English)"),
        "hvac.es": _("Heating and cooling (sample, Spanish)"),
        "bathroom.en": _("Bathroom remodel (sample, English)"),
        "bathroom.es": _("Bathroom remodel (sample, Spanish)"),
    }
