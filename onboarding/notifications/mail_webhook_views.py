"""Where servers and providers report what became of an e-mail. Believed only when signed."""

import logging
from collections.abc import Callable

from flask import Blueprint, Response, abort, request

from onboarding import config, gateways, tokens
from onboarding.gateways import email_bounces, email_postmark, email_reports, email_ses
from onboarding.gateways.email_reports import ForgedReport, UnreadableReport
from onboarding.notifications.mail_reports import receive_mail_report
from onboarding.web import access

blueprint = Blueprint("mail_webhook", __name__, url_prefix="/webhooks")
_log = logging.getLogger(__name__)


@blueprint.post("/mail")
@access.webhook
def events() -> Response:
    """Our own form, for whatever has no adapter here."""

    def take(body: bytes) -> None:
        _refuse_unsigned(body)
        for report in email_reports.read_reports(body):
            receive_mail_report(report)

    return _answer(take)


@blueprint.post("/bounces")
@access.webhook
def bounce() -> Response:
    """A bounce as a mail server wrote it, signed like our own form by whatever hands it on."""

    def take(body: bytes) -> None:
        _refuse_unsigned(body)
        receive_mail_report(email_bounces.read_bounce(body))

    return _answer(take)


@blueprint.post("/ses")
@access.webhook
def ses() -> Response:
    def take(body: bytes) -> None:
        sns = gateways.current().sns
        notice = email_ses.read_notice(body, config.current().ses_topics, sns)
        if notice.confirm_url:
            sns.confirm(notice.confirm_url)
        for report in notice.reports:
            receive_mail_report(report)

    return _answer(take)


@blueprint.post("/postmark")
@access.webhook
def postmark() -> Response:
    given = request.authorization
    wanted = config.current().postmark_webhook_password
    password = (given.password or "") if given is not None and given.type == "basic" else ""
    if not wanted or not tokens.same(wanted, password):
        abort(403)

    def take(body: bytes) -> None:
        report = email_postmark.read_postmark(body)
        if report is not None:
            receive_mail_report(report)

    return _answer(take)


def _refuse_unsigned(body: bytes) -> None:
    header = request.headers.get(email_reports.SIGNATURE, "")
    email_reports.refuse_forged(config.current().mail_webhook_secrets, header, body)


def _answer(take: Callable[[bytes], None]) -> Response:
    """204 once it is done or known to concern nobody; 503 makes whoever reports come back."""
    try:
        take(request.get_data())
    except ForgedReport as forged:
        _log.warning("A report of an e-mail was refused: %s", forged)
        abort(403)
    except UnreadableReport as unreadable:
        _log.warning("A report of an e-mail could not be read: %s", unreadable)
        abort(400)
    except OSError as silent:
        _log.warning("Amazon could not be asked about a report: %s", silent)
        return Response(status=503)
    return Response(status=204)
