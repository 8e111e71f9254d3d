"""What the templates are given: a tree of plain values, amounts and dates in words.

Facts are pairs of a word's key in `words.typ` and a value. Empty ones are left out; what a
certificate must say and does not know is None, and is printed as *not recorded*.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from onboarding import clock, colors
from onboarding.gateways import prose
from onboarding.gateways.documents import (
    CancelForm,
    Certificate,
    Company,
    ContractDocument,
    Drawn,
    EstimateDocument,
    Language,
    Line,
    OnPaper,
    SignedContractDocument,
    Typed,
    UnusableDocument,
)
from onboarding.gateways.documents_fonts import Exact
from onboarding.gateways.layout import Section, laid_out
from onboarding.money import in_units

Tree = dict[str, Any]
_SEEN = 3
_LOCALES = {"en": "en_US", "es": "es_US"}
_MOMENTS = {"en": "MMM d, y, h:mm:ss a", "es": "d MMM y, H:mm:ss"}
_NAMELESS = "—"


def estimate(data: EstimateDocument) -> Tree:
    return {
        **_paper(data.language, data.company, data.job_title),
        "kind": "estimate",
        "version": data.version,
        "facts": [
            *_facts(("prepared-for", data.customer_name), ("job-site", data.job_site)),
            ("date", _day(data.dated, data.language)),
            *([("valid-until", _day(data.valid_until, data.language))] if data.valid_until else []),
        ],
        **_priced(data),
    }


def photos_of(data: EstimateDocument) -> list[bytes]:
    """Each once, in the order that the lines name them by."""
    return list(dict.fromkeys(photo for line in data.lines for photo in line.photos))


def contract(data: ContractDocument) -> Tree:
    return {
        **_paper(data.language, data.company, data.title),
        "kind": "agreement",
        "document_id": Exact(data.document_id),
        "facts": [
            *_facts(("prepared-for", data.customer_name), ("job-site", data.job_site)),
            ("date", _day(data.dated, data.language)),
        ],
        "text": _blocks(data.text, 2),
        "job": data.job_title,
        "sha256": Exact(data.text_sha256),
        "estimate": _approved(data.estimate) if data.estimate is not None else None,
        "cancel": _cancel(data.cancel_form) if data.cancel_form is not None else None,
    }


def signed_contract(data: SignedContractDocument) -> Tree:
    proof, language = data.certificate, data.contract.language
    return {
        **contract(data.contract),
        "estimate": _approved(data.estimate),
        "signature": {
            "name": proof.signer_name or _NAMELESS,
            "text": data.signature.text if isinstance(data.signature, Typed) else proof.signer_name,
            "on_paper": isinstance(data.signature, OnPaper),
            "facts": _facts(
                ("signed-by", proof.signer_name),
                ("capacity", data.capacity),
                ("signed-on", _local(proof.signed_at, proof.time_zone, language)),
            ),
        },
        "certificate": _certificate(data, _method(data.signature)),
    }


def _method(signature: Drawn | Typed | OnPaper) -> str:
    match signature:
        case Drawn():
            return "drawn"
        case Typed():
            return "typed"
        case OnPaper():
            return "paper"


def _cancel(form: CancelForm) -> Tree:
    return {
        "statement": form.statement,
        "caption": form.caption,
        "copies": form.copies,
        "dated": form.dated,
        "body": form.body,
        "lines": form.lines,
    }


def _approved(data: EstimateDocument) -> Tree:
    return {"version": data.version, **_priced(data)}


def _paper(language: Language, company: Company, title: str) -> Tree:
    return {
        "language": language,
        "title": title.strip() or _NAMELESS,
        "company": {
            "name": company.name.strip() or _NAMELESS,
            "contact": [*company.address.splitlines(), *filter(None, [company.phone])],
            "license": company.license_number,
            "color": _color(company.color),
        },
    }


def _priced(data: EstimateDocument) -> Tree:
    def money(cents: int) -> str:
        return _money(cents, data.currency, data.language)

    parts = [("subtotal", money(data.subtotal_cents))]
    if data.discount_cents:
        parts.append(("discount", money(-data.discount_cents)))
    if data.tax_cents:
        parts.append(("tax", money(data.tax_cents)))
    return {
        "scope": _blocks(data.scope, 3),
        "sections": [_section(section, data) for section in _laid_out(data)],
        "shows": {"quantities": data.shows_quantities, "prices": data.shows_unit_prices},
        "sums": {"parts": parts, "total": _total(data)},
        "terms": _blocks(data.terms, 3),
    }


def _laid_out(data: EstimateDocument) -> tuple[Section[Line], ...]:
    return laid_out(data.lines, lambda line: (line.section, line.group))


def _section(section: Section[Line], data: EstimateDocument) -> Tree:
    """Its heading with what it comes to; nothing of both above the first heading."""
    places = {photo: place for place, photo in enumerate(photos_of(data))}
    comes_to = sum(line.total_cents for line in section.lines if _is_chosen(line))
    return {
        "heading": section.mark,
        "subtotal": _money(comes_to, data.currency, data.language),
        "blocks": [
            {"group": block.group, "lines": [_line(line, data, places) for line in block.lines]}
            for block in section.blocks
        ],
    }


def _is_chosen(line: Line) -> bool:
    return line.chosen or not (line.optional or line.group)


def _line(line: Line, data: EstimateDocument, places: Mapping[bytes, int]) -> Tree:
    number = Decimal(line.quantity_thousandths) / 1000
    quantity = format_decimal(number, format="#,##0.###", locale=_LOCALES[data.language])
    return {
        "name": line.name.strip() or _NAMELESS,
        "details": [part for part in line.description.splitlines() if part.strip()],
        "quantity": f"{quantity} {line.unit}",
        "unit_price": _money(line.unit_price_cents, data.currency, data.language),
        "total": _money(line.total_cents, data.currency, data.language),
        "mark": _mark(line),
        "photos": [places[photo] for photo in line.photos],
        "chosen": _is_chosen(line),
    }


def _mark(line: Line) -> str:
    """The key of the word that says whether it was chosen; empty where there was no choice."""
    if line.group:
        return "picked" if line.chosen else "not-picked"
    elif line.optional:
        return "chosen" if line.chosen else "not-chosen"
    else:
        return ""


def _certificate(data: SignedContractDocument, method: str) -> Tree:
    proof, language = data.certificate, data.contract.language
    return {
        "rows": [
            ("document", Exact(data.contract.document_id)),
            ("title", data.contract.title),
            ("job-site", data.contract.job_site),
            ("sha256", Exact(data.contract.text_sha256)),
            ("estimate-version", f"{data.estimate.version} · {_total(data.estimate)}"),
            ("signer", proof.signer_name),
            ("email", _exact(proof.signer_email)),
            ("phone", proof.signer_phone),
            ("authentication", proof.authentication),
            ("authenticated-at", _twice(proof.authenticated_at, proof, language)),
            ("consent", proof.consent_version),
            ("consented-at", _twice(proof.consented_at, proof, language)),
            ("signed-at", _twice(proof.signed_at, proof, language)),
            ("method", method),
            *_scan(data.signature),
            ("ip", proof.ip_address or None),
            ("agent", proof.user_agent or None),
            ("chain-head", Exact(proof.chain_head)),
            *([("verify", Exact(proof.verify_url))] if proof.verify_url else []),
        ],
        "zone": proof.time_zone,
        "verify_url": proof.verify_url,
        "events": [
            (
                _local(event.at, proof.time_zone, language),
                _utc(event.at),
                f"{event.what} · {event.by}" if event.by else event.what,
            )
            for event in proof.events
        ],
    }


def _total(data: EstimateDocument) -> str:
    return _money(data.total_cents, data.currency, data.language)


def _exact(text: str | None) -> str | None:
    return None if text is None else Exact(text)


def _facts(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair[1].strip()]


def _blocks(text: str, highest: int) -> list[Tree]:
    """`level` of a heading never skips one: a reader's outline would have a hole (PDF/UA-1)."""
    made: list[Tree] = []
    deepest = highest
    for block in prose.blocks(text):
        level = highest
        if block.kind == "heading":
            deepest = max(highest, 3)
        elif block.kind == "subheading":
            level = deepest
        made.append({"kind": block.kind, "level": level, "lines": block.lines})
    return made


def _color(color: str) -> str:
    """As a rule on white paper: darkened until it is seen (WCAG 2.2, criterion 1.4.11)."""
    digits = color.removeprefix("#")
    if len(digits) != 6 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        raise UnusableDocument(f"{color!r} is not a color such as #1f5c49.")
    shades = (colors.mix(f"#{digits}", "#000000", step / 20) for step in range(21))
    return next(shade for shade in shades if colors.contrast(shade, "#ffffff") >= _SEEN)


def _money(cents: int, currency: str, language: Language) -> str:
    amount = format_currency(in_units(cents), currency, locale=_LOCALES[language])
    return amount.replace("-", "\N{MINUS SIGN}")


def _day(day: date, language: Language) -> str:
    return format_date(day, "long", locale=_LOCALES[language])


def _local(moment: datetime, zone: str, language: Language) -> str:
    local = clock.local(moment, zone)
    locale = _LOCALES[language]
    return format_datetime(local, _MOMENTS[language], tzinfo=local.tzinfo, locale=locale)


def _utc(moment: datetime) -> str:
    return f"{clock.local(moment, 'UTC'):%Y-%m-%d %H:%M:%S} UTC"


def _scan(signature: Drawn | Typed | OnPaper) -> list[tuple[str, str]]:
    return [("scan", Exact(signature.scan_sha256))] if isinstance(signature, OnPaper) else []


def _twice(moment: datetime | None, proof: Certificate, language: Language) -> str | None:
    if moment is None:
        return None
    return f"{_local(moment, proof.time_zone, language)} · {_utc(moment)}"
