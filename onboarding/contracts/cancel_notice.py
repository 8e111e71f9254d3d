"""The words of 16 CFR 429.1: the statement beside the signature (a) and the notice (b). Pure.

English is the regulation's own wording. The regulation asks for the contract's language and gives
no translation: the Spanish is our own, sentence by sentence, for counsel to confirm. Where a state
profile lengthens the period, its number of days stands in place of three.
"""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

_LOCALES = {"en": "en_US", "es": "es_US"}
_NUMBERS = {
    "en": {3: "THREE", 5: "FIVE", 7: "SEVEN"},
    "es": {3: "TRES", 5: "CINCO", 7: "SIETE"},
}
_ORDINALS = {
    "en": {3: "third", 5: "fifth", 7: "seventh"},
    "es": {3: "tercer", 5: "quinto", 7: "séptimo"},
}
_STATEMENTS = {
    "en": (
        "You, the buyer, may cancel this transaction at any time prior to midnight of the {nth} "
        "business day after the date of this transaction. See the attached notice of cancellation "
        "form for an explanation of this right."
    ),
    "es": (
        "Usted, el comprador, puede cancelar esta transacción en cualquier momento antes de la "
        "medianoche del {nth} día hábil después de la fecha de esta transacción. Consulte el "
        "formulario de aviso de cancelación adjunto para obtener una explicación de este derecho."
    ),
}
_CAPTIONS = {"en": "NOTICE OF CANCELLATION", "es": "AVISO DE CANCELACIÓN"}
_COPIES = {
    "en": ("Copy to send or keep, 1 of 2", "Copy to send or keep, 2 of 2"),
    "es": ("Copia para enviar o guardar, 1 de 2", "Copia para enviar o guardar, 2 de 2"),
}
_DATED = {"en": "Date of transaction", "es": "Fecha de la transacción"}
_BODIES = {
    "en": (
        (
            "You may CANCEL this transaction, without any Penalty or Obligation, within {days} "
            "BUSINESS DAYS from the above date."
        ),
        (
            "If you cancel, any property traded in, any payments made by you under the contract or "
            "sale, and any negotiable instrument executed by you will be returned within TEN "
            "BUSINESS "
            "DAYS following receipt by the seller of your cancellation notice, and any security "
            "interest arising out of the transaction will be cancelled."
        ),
        (
            "If you cancel, you must make available to the seller at your residence, in "
            "substantially "
            "as good condition as when received, any goods delivered to you under this contract or "
            "sale, or you may, if you wish, comply with the instructions of the seller "
            "regarding the "
            "return shipment of the goods at the seller's expense and risk."
        ),
        (
            "If you do make the goods available to the seller and the seller does not pick them up "
            "within 20 days of the date of your Notice of Cancellation, you may retain or "
            "dispose of "
            "the goods without any further obligation. If you fail to make the goods available "
            "to the "
            "seller, or if you agree to return the goods to the seller and fail to do so, then you "
            "remain liable for performance of all obligations under the contract."
        ),
        (
            "To cancel this transaction, mail or deliver a signed and dated copy of this "
            "Cancellation "
            "Notice or any other written notice, or send a telegram, to {seller}, at {address}, "
            "NOT "
            "LATER THAN MIDNIGHT OF {last_day}."
        ),
        "I HEREBY CANCEL THIS TRANSACTION.",
    ),
    "es": (
        (
            "Usted puede CANCELAR esta transacción, sin ninguna Sanción ni Obligación, dentro de "
            "{days} DÍAS HÁBILES a partir de la fecha indicada arriba."
        ),
        (
            "Si usted cancela, todo bien entregado como parte de pago, todo pago que haya hecho "
            "según "
            "el contrato o la venta y todo título negociable que haya firmado le serán devueltos "
            "dentro de DIEZ DÍAS HÁBILES después de que el vendedor reciba su aviso de "
            "cancelación, y "
            "toda garantía real que surja de la transacción quedará cancelada."
        ),
        (
            "Si usted cancela, debe poner a disposición del vendedor en su residencia, en "
            "condiciones "
            "sustancialmente tan buenas como cuando los recibió, los bienes que se le hayan "
            "entregado "
            "según este contrato o venta, o puede, si lo desea, cumplir con las instrucciones del "
            "vendedor sobre el envío de devolución de los bienes por cuenta y riesgo del vendedor."
        ),
        (
            "Si usted pone los bienes a disposición del vendedor y el vendedor no los recoge "
            "dentro "
            "de los 20 días siguientes a la fecha de su Aviso de Cancelación, usted puede quedarse "
            "con los bienes o deshacerse de ellos sin ninguna otra obligación. Si no pone los "
            "bienes "
            "a disposición del vendedor, o si acepta devolver los bienes al vendedor y no lo hace, "
            "usted seguirá siendo responsable del cumplimiento de todas las obligaciones del "
            "contrato."
        ),
        (
            "Para cancelar esta transacción, envíe por correo o entregue una copia firmada y "
            "fechada "
            "de este Aviso de Cancelación o cualquier otro aviso por escrito, o envíe un "
            "telegrama, a "
            "{seller}, en {address}, A MÁS TARDAR A LA MEDIANOCHE DEL {last_day}."
        ),
        "POR LA PRESENTE CANCELO ESTA TRANSACCIÓN.",
    ),
}
_LINES = {"en": ("Date", "Buyer's signature"), "es": ("Fecha", "Firma del comprador")}


@dataclass(frozen=True)
class Notice:
    """One completed form, as it is printed twice. `lines` are the two that the buyer fills in when
    cancelling; `copies` tells the one copy from the other."""

    caption: str
    copies: tuple[str, str]
    dated: str
    body: tuple[str, ...]
    lines: tuple[str, str]


def statement(language: str, days: int) -> str:
    """What stands in immediate proximity to the signature."""
    return _STATEMENTS[language].format(nth=_ORDINALS[language][days])


def notice(
    language: str, days: int, seller: str, address: str, transaction: date, last_day: date
) -> Notice:
    """The form with every blank of the seller's filled in."""
    values = {
        "days": _NUMBERS[language][days],
        "seller": seller,
        "address": address,
        "last_day": _written(last_day, language),
    }
    return Notice(
        caption=_CAPTIONS[language],
        copies=_COPIES[language],
        dated=f"{_DATED[language]}: {_written(transaction, language)}",
        body=tuple(part.format(**values) for part in _BODIES[language]),
        lines=_LINES[language],
    )


def _written(day: date, language: str) -> str:
    return format_date(day, "long", locale=_LOCALES[language])
