"""From a message's words to what is sent: subject, plain text, HTML and perhaps a text (SMS).

A purpose's template holds words only, in blocks: subject, heading, body, quote, button, after, sms.
The two layouts set the same words as plain text and as HTML, so the parts cannot drift apart. The
worker and the command line run this: no Flask here.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import css_inline
import phonenumbers
from babel.dates import format_date, format_skeleton, format_time, get_timezone_name
from babel.numbers import format_currency
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from onboarding import clock, config
from onboarding.notifications import contrast

_ROOT = Path(__file__).resolve().parents[2]
_PARTS = ("heading", "body", "quote", "button", "after")
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
# Typographic signs that the alphabet of texts lacks: one of them costs 90 letters of 160.
_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "·": "-", "…": "...", "•": "*"}
)


@dataclass(frozen=True)
class Message:
    """Words ready to send. `sms` is None for what is never texted."""

    subject: str
    text: str
    html: str
    sms: str | None


@dataclass(frozen=True)
class Parts:
    """The lines that a company may say in its own words; empty where it does not."""

    subject: str = ""
    opening: str = ""
    sms: str = ""


SHIPPED = Parts()


def shipped(purpose: str, language: str, told: Mapping[str, Any]) -> Parts:
    """The same lines as they come with the product."""
    words = _environment(language).get_template(f"{purpose}.txt")
    opening = _paragraphs(_block(words, "opening", told))
    return Parts(
        subject=one_line(_block(words, "subject", told)),
        opening="\n\n".join(opening),
        sms=_texted(_block(words, "sms", told)) or "",
    )


def compose(purpose: str, language: str, told: Mapping[str, Any], own: Parts = SHIPPED) -> Message:
    """The words of templates/emails/<purpose>.txt about what is `told`, with the company's `own`
    in their place."""
    environment = _environment(language)
    words = environment.get_template(f"{purpose}.txt")
    told = {**told, "opening": own.opening or _block(words, "opening", told)}
    parts: dict[str, Any] = {part: _block(words, part, told) for part in _PARTS}
    parts |= {"paragraphs": _paragraphs(parts.pop("body")), "after": _paragraphs(parts["after"])}
    page = {
        **told,
        **parts,
        "subject": one_line(own.subject or _block(words, "subject", told)),
        "code": told.get("code"),
        "language": language,
        "postal_address": told["company"].postal_address or config.current().postal_address,
        **_colors(told["company"].color),
    }
    html = environment.get_template("layout.html").render(page)
    return Message(
        subject=page["subject"],
        text=environment.get_template("layout.txt").render(page).strip() + "\n",
        html=_INLINER.inline(html),
        sms=_texted(own.sms or _block(words, "sms", told)),
    )


def one_line(text: str, longest: int = 200) -> str:
    """`text` without control characters and line breaks of any script, cut at a word."""
    kept = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    plain = " ".join(kept.split())
    return plain if len(plain) <= longest else plain[: longest - 1].rsplit(" ", 1)[0] + "…"


@lru_cache(maxsize=8)
def _environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(_ROOT / "templates" / "emails"),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words: NullTranslations = Translations.load(_ROOT / "translations", [language])
    made.install_gettext_callables(words.ugettext, words.ungettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "short": one_line,
        "phone": _phone,
        "money": lambda cents, currency: money(cents, currency, language),
        "day": lambda day: format_date(day, "long", locale=_locale(language)),
        "moment": lambda moment, zone: _moment(moment, zone, language),
    }
    return made


def _block(words: Template, name: str, told: Mapping[str, Any]) -> str:
    block = words.blocks.get(name)
    return "".join(block(words.new_context(dict(told)))).strip() if block else ""


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _texted(text: str) -> str | None:
    """One line a paragraph: the last one may be read by the phone itself (WebOTP)."""
    return "\n\n".join(_paragraphs(text)).translate(_PLAIN) or None


def _colors(color: str) -> dict[str, str]:
    own = contrast.usable(color)
    return {
        "accent": contrast.readable(own, contrast.PAPER, contrast.INK),
        "night_accent": contrast.readable(own, contrast.NIGHT, contrast.WHITE),
    }


def _phone(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(
        parsed, style.NATIONAL if parsed.country_code == 1 else style.INTERNATIONAL
    )


def money(cents: int, currency: str, language: str) -> str:
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return format_currency(f"{sign}{whole}.{rest:02d}", currency, locale=_locale(language))


def _moment(moment: datetime, zone: str, language: str) -> str:
    there = clock.local(moment, zone)
    locale = _locale(language)
    day = format_skeleton("MMMMEEEEd", there, locale=locale)
    time = format_time(there, "short", locale=locale).replace("\N{NARROW NO-BREAK SPACE}", " ")
    return f"{day}, {time} {get_timezone_name(there, 'short', locale=locale)}"


def _locale(language: str) -> str:
    return {"es": "es_US"}.get(language, "en_US")
