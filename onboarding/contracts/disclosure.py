"""What the law wants said before somebody signs electronically: 15 USC 7001(c)(1)(B) and (C)(i).

The words are versioned: what a customer agreed to is kept whole with their consent. Change a word,
and move VERSION on. Each element has an id, so that a test finds all seven on the page and in what
was kept.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

VERSION = "2026-11"


@dataclass(frozen=True)
class Element:
    """One thing that must be said. `id` is the element's id on the page."""

    id: str
    heading: str
    text: str


ELEMENT_IDS = (
    "right-to-paper",
    "right-to-withdraw",
    "scope-of-consent",
    "how-to-withdraw",
    "how-to-update-contact",
    "how-to-get-paper",
    "what-is-needed",
)

_ENGLISH = (
    (
        "You may have paper",
        (
            "You may have this contract on paper and sign it by hand instead. Ask {company} at "
            "{phone} or {email}."
        ),
    ),
    (
        "You may change your mind",
        (
            "You may take this agreement back at any time, before or after you sign. It costs "
            "nothing. From then on {company} sends you paper, which can take longer. A contract "
            "you have signed stays valid."
        ),
    ),
    (
        "What this covers",
        (
            "It covers the contract for {job}, its estimate, and notices and receipts about that "
            "job. It covers nothing else."
        ),
    ),
    (
        "How to take it back",
        (
            "Write to {email}, call {phone}, or send a message in this portal, and say that you "
            "want paper."
        ),
    ),
    (
        "How to change your address",
        ("Change your e-mail address or phone in your profile in this portal, or tell {company}."),
    ),
    (
        "How to get a paper copy later",
        (
            "Ask {company} at {phone} or {email} for a paper copy of what you signed. The first "
            "copy is free. You can also download and print everything here, as often as you like."
        ),
    ),
    (
        "What you need",
        (
            "A phone or computer with a current web browser, a way to open PDF files, an e-mail "
            "address or mobile phone, and storage or a printer to keep a copy."
        ),
    ),
)

_SPANISH = (
    (
        "Puede pedirlo en papel",
        (
            "Puede recibir este contrato en papel y firmarlo a mano. Pídalo a {company}: {phone} "
            "o {email}."
        ),
    ),
    (
        "Puede cambiar de opinión",
        (
            "Puede retirar este acuerdo cuando quiera, antes o después de firmar. No cuesta nada. "
            "Desde entonces {company} le enviará papel, lo que puede tardar más. El contrato que "
            "ya firmó sigue siendo válido."
        ),
    ),
    (
        "Qué abarca",
        (
            "Abarca el contrato de {job}, su presupuesto y los avisos y recibos de ese trabajo. "
            "No abarca nada más."
        ),
    ),
    (
        "Cómo retirarlo",
        (
            "Escriba a {email}, llame al {phone} o envíe un mensaje en este portal, y diga que "
            "quiere papel."
        ),
    ),
    (
        "Cómo cambiar sus datos",
        (
            "Cambie su correo electrónico o su teléfono en su perfil de este portal, o avise a "
            "{company}."
        ),
    ),
    (
        "Cómo pedir papel más tarde",
        (
            "Pida a {company} una copia en papel de lo que firmó: {phone} o {email}. La primera "
            "copia es gratis. Aquí también puede descargar e imprimir todo, cuantas veces quiera."
        ),
    ),
    (
        "Qué necesita",
        (
            "Un teléfono o una computadora con un navegador actual, una forma de abrir archivos "
            "PDF, un correo electrónico o un teléfono móvil, y espacio o una impresora para "
            "guardar una copia."
        ),
    ),
)

_TEXTS = {"en": _ENGLISH, "es": _SPANISH}


def elements(language: str, values: Mapping[str, str]) -> tuple[Element, ...]:
    """The seven elements. `values` has company, phone, email and job."""
    texts = _TEXTS.get(language, _ENGLISH)
    return tuple(
        Element(id_, heading, text.format(**values))
        for id_, (heading, text) in zip(ELEMENT_IDS, texts, strict=True)
    )


def snapshot(said: tuple[Element, ...]) -> str:
    """What is kept with the consent: each element's id, heading and words."""
    return "\n\n".join(f"[{part.id}] {part.heading}\n{part.text}" for part in said)


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
