"""What a member reads under the bell: each notification in the language of who reads it."""

from typing import Any

import pytest
from flask_babel import force_locale

from onboarding.database import transaction
from onboarding.notifications.actions import notify
from onboarding.notifications.models import Notification, NotificationKind
from onboarding.record.notices import sentence
from tests.house import House

DANA = {"customer": "Dana Whitfield"}
SAID = [
    (
        NotificationKind.ESTIMATE_REJECTED,
        {"version": 2, "job": "Roof replacement", "reason": "Too much"},
        "Dana Whitfield rejected version 2 of Roof replacement: Too much",
        "Dana Whitfield rechazó la versión 2 de Roof replacement: Too much",
    ),
    (
        NotificationKind.QUESTION_ASKED,
        {"line": "Gutter guards", "about": "", "as": "question", "words": "Which color?"},
        "Dana Whitfield asked about Gutter guards: Which color?",
        "Dana Whitfield preguntó sobre Gutter guards: Which color?",
    ),
    (
        NotificationKind.QUESTION_ASKED,
        {"line": "", "about": "", "as": "message", "words": "Hello"},
        "Dana Whitfield wrote: Hello",
        "Dana Whitfield escribió: Hello",
    ),
    (
        NotificationKind.CHANGES_ASKED,
        {"line": "", "about": "timing", "as": "changes", "words": "After the 15th?"},
        "Dana Whitfield asked for changes to the timing: After the 15th?",
        "Dana Whitfield pidió cambios en las fechas: After the 15th?",
    ),
    (
        NotificationKind.NEW_LINK_WANTED,
        {"state": "revoked"},
        "Dana Whitfield asks for a new link: the invite was revoked.",
        "Dana Whitfield pide un enlace nuevo: la invitación fue revocada.",
    ),
    (
        NotificationKind.NEW_LINK_WANTED,
        {"state": "expired"},
        "Dana Whitfield asks for a new link: no address is on file.",
        "Dana Whitfield pide un enlace nuevo: no hay ninguna dirección registrada.",
    ),
    (
        NotificationKind.ONBOARDING_COMPLETED,
        {"job": "Roof replacement"},
        "Dana Whitfield signed and added a card for Roof replacement",
        "Dana Whitfield firmó y agregó una tarjeta para Roof replacement",
    ),
    (
        NotificationKind.DELIVERY_FAILED,
        {"address": "+15035550188", "channel": "sms"},
        "The invite did not reach Dana Whitfield at (503) 555-0188.",
        "La invitación no le llegó a Dana Whitfield en (503) 555-0188.",
    ),
    (
        NotificationKind.CARD_REMOVED,
        {"card": "Visa ···· 4242"},
        "Dana Whitfield has no Visa ···· 4242 on file any more",
        "Dana Whitfield ya no tiene registrada la tarjeta Visa ···· 4242",
    ),
    (
        NotificationKind.ADDRESS_CLOSED,
        {"address": "+15035550188", "channel": "sms", "why": "stopped"},
        "Dana Whitfield replied STOP: (503) 555-0188 gets no more texts. Write by e-mail instead.",
        (
            "Dana Whitfield respondió STOP: (503) 555-0188 ya no recibe mensajes de texto. "
            "Escriba por correo electrónico."
        ),
    ),
    (
        NotificationKind.TEXT_RECEIVED,
        {"number": "+15035550188", "words": "Is Monday good?"},
        "A text from (503) 555-0188: Is Monday good?",
        "Un mensaje de texto de (503) 555-0188: Is Monday good?",
    ),
    (
        NotificationKind.TEXTS_HELD,
        {"cause": "company", "most": 300, "hours": 1},
        (
            "Your company has sent 300 text messages, as many as go out in one hour. The next ones "
            "wait until there is room."
        ),
        (
            "Su empresa ha enviado 300 mensajes de texto, los que salen como máximo en una hora. "
            "Los siguientes esperan hasta que haya lugar."
        ),
    ),
    (
        NotificationKind.CONTRACT_CANCELLED,
        {"job": "Roof replacement", "refund_by": "2026-06-19"},
        (
            "Dana Whitfield cancelled the contract for Roof replacement. Return any payment by "
            "June 19, 2026."
        ),
        (
            "Dana Whitfield canceló el contrato de Roof replacement. Devuelva todo pago a más "
            "tardar el 19 de junio de 2026."
        ),
    ),
    (
        NotificationKind.PAPER_WANTED,
        {"job": "Roof replacement"},
        "Dana Whitfield wants paper for Roof replacement",
        "Dana Whitfield quiere papel para Roof replacement",
    ),
    (
        NotificationKind.SEAL_LATE,
        {"job": "Roof replacement"},
        (
            "The contract Dana Whitfield signed for Roof replacement is not sealed yet. The "
            "signature is safe."
        ),
        (
            "El contrato que Dana Whitfield firmó para Roof replacement aún no está sellado. La "
            "firma está a salvo."
        ),
    ),
    (
        NotificationKind.CARD_REPLACED,
        {"card": "Visa ···· 4242", "new": "Mastercard ···· 4444"},
        "Dana Whitfield replaced Visa ···· 4242 with Mastercard ···· 4444",
        "Dana Whitfield reemplazó Visa ···· 4242 por Mastercard ···· 4444",
    ),
    (
        NotificationKind.CARD_EXPIRED,
        {"card": "Visa ···· 4242", "ended_auto_pay": True},
        "Dana Whitfield’s Visa ···· 4242 has expired, and auto-pay has ended",
        "Venció Visa ···· 4242 de Dana Whitfield, y terminó el pago automático",
    ),
    (
        NotificationKind.CARDS_LOCKED,
        {"number": 10},
        "10 cards of Dana Whitfield were declined: none can be added for a day",
        "Se rechazaron 10 tarjetas de Dana Whitfield: no podrá agregar otra durante un día",
    ),
]


@pytest.mark.parametrize(("kind", "told", "english", "spanish"), SAID)
def test_each_is_said_in_the_language_of_the_reader(
    house: House, kind: NotificationKind, told: dict[str, Any], english: str, spanish: str
) -> None:
    notification = Notification(kind=kind, told=DANA | told)
    with house.app.test_request_context("/crm/notifications"):
        assert sentence(notification) == english
        with force_locale("es"):
            assert sentence(notification) == spanish


def test_every_kind_has_its_words() -> None:
    assert {row[0] for row in SAID} == set(NotificationKind)


@pytest.mark.parametrize("line", ["Gutter guards", ""])
@pytest.mark.parametrize("about", ["price", "timing", "line", "other"])
def test_a_wish_for_changes_names_what_it_is_about(house: House, line: str, about: str) -> None:
    told = DANA | {"line": line, "about": about, "as": "changes", "words": "Please"}
    notification = Notification(kind=NotificationKind.CHANGES_ASKED, told=told)
    subject = (
        f" to {line}"
        if line
        else {"price": " to the price", "timing": " to the timing"}.get(about, "")
    )
    with house.app.test_request_context("/crm/notifications"):
        assert sentence(notification) == f"Dana Whitfield asked for changes{subject}: Please"


def test_a_sentence_that_was_stored_once_stays_as_it_was(house: House) -> None:
    kept = Notification(kind="question_asked", told={"sentence": "Dana asked: When?"})
    with house.app.test_request_context("/crm/notifications"):
        assert sentence(kept) == "Dana asked: When?"


def test_a_member_reads_them_and_marks_them_read(house: House) -> None:
    company, member = house.company()
    with transaction(company.id) as db:
        notify(
            db,
            contractor_id=company.id,
            contact_id=None,
            onboarding_id=None,
            kind=NotificationKind.ONBOARDING_COMPLETED,
            told=DANA | {"job": "Roof replacement"},
        )
    browser = house.sign_in_member(house.client(), member)
    page = browser.get("/crm/notifications", headers={"Accept-Language": "es"}).text
    assert "Dana Whitfield firmó y agregó una tarjeta para Roof replacement" in page
    assert "is-unread" in page
    browser.post("/crm/notifications/read")
    assert "is-unread" not in browser.get("/crm/notifications").text
