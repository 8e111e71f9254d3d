"""The words under which auto-pay is switched on (trust requirement R23).

Who may charge, what, when, how the amount is found, how changes are told, how to stop. The words
are versioned: what was agreed to is kept whole. Change a word, and move VERSION on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "2026-11"

ELEMENT_IDS = (
    "mandate-who",
    "mandate-when",
    "mandate-amount",
    "mandate-changes",
    "mandate-stop",
    "mandate-end",
)


@dataclass(frozen=True)
class Element:
    """One thing that must be said. `id` is the element's id on the page."""

    id: str
    text: str


_ENGLISH = (
    (
        "You allow {company} to charge {card} for payments under your contract for {job}, without "
        "asking again for each one."
    ),
    (
        "They may be more than one: each payment on the day its invoice or your contract says it "
        "is due."
    ),
    (
        "The amount is what that invoice or your contract states. Together they never come to more "
        "than the total you approved, unless you approve a new estimate."
    ),
    (
        "{company} writes to you before the first payment, and at least 7 days before an amount or "
        "a day changes."
    ),
    (
        "Turn auto-pay off at any time, here under Payment methods or by calling {phone}. What you "
        "owe stays owed, and you then pay each invoice yourself."
    ),
    (
        "This permission ends when the job is paid in full, or when you turn it off or remove the "
        "card."
    ),
)

_SPANISH = (
    (
        "Usted permite que {company} cobre en {card} los pagos de su contrato de {job}, sin "
        "preguntar cada vez."
    ),
    (
        "Puede haber más de uno: cada pago se cobra el día en que vence según su factura o su "
        "contrato."
    ),
    (
        "El importe es el que indica esa factura o su contrato. Juntos nunca superan el total que "
        "usted aprobó, salvo que apruebe un nuevo presupuesto."
    ),
    (
        "{company} le escribe antes del primer pago, y al menos 7 días antes de que cambie un "
        "importe o una fecha."
    ),
    (
        "Desactive el pago automático cuando quiera, aquí en Métodos de pago o llamando al "
        "{phone}. Lo que debe se sigue debiendo, y entonces paga usted cada factura."
    ),
    (
        "Este permiso termina cuando el trabajo está pagado por completo, o cuando usted lo "
        "desactiva o quita la tarjeta."
    ),
)

_COMING = {"en": "the card you add now", "es": "la tarjeta que agregue ahora"}
_ENDING = {"en": "your {brand} ending in {last4}", "es": "su {brand} terminada en {last4}"}
_TEXTS = {"en": _ENGLISH, "es": _SPANISH}


def elements(language: str, values: Mapping[str, str]) -> tuple[Element, ...]:
    """The six elements. `values` has company, phone, job and card."""
    texts = _TEXTS.get(language, _ENGLISH)
    return tuple(
        Element(id_, text.format(**values)) for id_, text in zip(ELEMENT_IDS, texts, strict=True)
    )


def coming_card(language: str) -> str:
    """The card that is yet to be typed, in the mandate's words."""
    return _COMING.get(language, _COMING["en"])


def known_card(language: str, brand: str, last4: str) -> str:
    """A card on file, in the mandate's words."""
    return _ENDING.get(language, _ENDING["en"]).format(brand=brand, last4=last4)


def paragraphs(kept: str) -> tuple[str, ...]:
    """What was kept with a mandate, as it is read: each element without its id."""
    return tuple(part.partition("] ")[2] for part in kept.split("\n\n"))


def snapshot(said: tuple[Element, ...]) -> str:
    """What is kept with the mandate."""
    return "\n\n".join(f"[{part.id}] {part.text}" for part in said)
