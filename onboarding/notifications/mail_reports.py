"""What mail servers and providers report of e-mails, applied: any order, any number of times."""

import logging

from sqlalchemy import or_, select

from onboarding import clock
from onboarding.database import Everyone, read, transaction
from onboarding.gateways.email_reports import MailReport, What
from onboarding.notifications import addresses
from onboarding.notifications.models import Channel, Delivery, DeliveryState, Failure
from onboarding.notifications.models_addresses import Why
from onboarding.notifications.outcomes import Report

_EVERYONE = Everyone("a report of an e-mail names no contractor")
_log = logging.getLogger(__name__)


def receive_mail_report(report: MailReport) -> Delivery | None:
    """The delivery it is about, as it stands now; None where there is none.

    A soft report is remembered on a message that is still under way, and never undoes an end.
    """
    whose = _addressee(report)
    if whose is None:
        # Another installation's, or one that was deleted: asking for it again would change nothing.
        _log.warning("A report of an unknown e-mail was set aside")
        return None
    with transaction(whose.contractor_id) as db:
        delivery = db.scalars(
            select(Delivery).where(Delivery.id == whose.id).with_for_update()
        ).one()
        if report.what is What.DELAYED:
            _note_delay(delivery, report.answer)
        else:
            addresses.learn(db, delivery, _learned(report))
        return delivery


def _addressee(report: MailReport) -> Delivery | None:
    known = [
        column == value
        for column, value in (
            (Delivery.message_id, report.message_id),
            (Delivery.id, report.mark),
        )
        if value
    ]
    if not known:
        return None
    found = select(Delivery).where(Delivery.channel == Channel.EMAIL, or_(*known))
    return read(_EVERYONE).scalars(found.limit(1)).first()


def _learned(report: MailReport) -> Report:
    answer = report.answer or report.what.value.replace("_", " ")
    if report.what is What.DELIVERED:
        return Report(DeliveryState.DELIVERED, answer)
    elif report.what is What.GIVEN_UP:
        return Report(DeliveryState.FAILED, answer, failure=Failure.EXHAUSTED)
    elif report.what is What.COMPLAINED:
        failure = Failure.COMPLAINED
        return Report(DeliveryState.BOUNCED, answer, failure=failure, closes=Why.COMPLAINED)
    else:
        return Report(DeliveryState.BOUNCED, answer, failure=Failure.REFUSED, closes=Why.BOUNCED)


def _note_delay(delivery: Delivery, answer: str) -> None:
    if delivery.state in {DeliveryState.SENDING, DeliveryState.SENT}:
        delivery.delayed_at = delivery.delayed_at or clock.now()
        delivery.answer = (answer or delivery.answer)[:500]
