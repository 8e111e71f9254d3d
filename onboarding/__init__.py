"""A customer's way from a contact in the CRM to a signed contract and a card on file."""

import os
from importlib import import_module
from pathlib import Path

from flask import Flask, Response, url_for
from flask_babel import Babel, gettext
from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from onboarding import commands, config, database, frame, gateways, jobs
from onboarding.actor import Kind
from onboarding.config import Settings, read_settings
from onboarding.contractors import revisions
from onboarding.gateways.documents import Sealer, SealingFailed, Stamper
from onboarding.gateways.email import Email
from onboarding.gateways.sms import Sms
from onboarding.joins import open_doors
from onboarding.journey.actions import Refused
from onboarding.web import (
    access,
    answers,
    assets,
    errors,
    filters,
    headers,
    languages,
    masking,
    people,
    sessions,
    uploads,
)
from onboarding.web.quick_polls import QuickPolls

ROOT = Path(__file__).parent.parent
ROOMS = (
    "onboarding.contractors.contractor_views",
    "onboarding.contractors.brand_views",
    "onboarding.contacts.contractor_views",
    "onboarding.invites.contractor_views",
    "onboarding.invites.customer_views",
    "onboarding.invites.reminder_contractor_views",
    "onboarding.invites.reminder_customer_views",
    "onboarding.accounts.customer_views",
    "onboarding.estimates.contractor_views",
    "onboarding.estimates.customer_views",
    "onboarding.messages.contractor_views",
    "onboarding.messages.customer_views",
    "onboarding.contracts.contractor_views",
    "onboarding.contracts.customer_views",
    "onboarding.contracts.verify_views",
    "onboarding.payments.contractor_views",
    "onboarding.payments.customer_views",
    "onboarding.payments.webhook_views",
    "onboarding.notifications.webhook_views",
    "onboarding.notifications.mail_webhook_views",
    "onboarding.pipeline.contractor_views",
    "onboarding.record.contractor_views",
    "onboarding.insights.contractor_views",
    "onboarding.portal.customer_views",
    "onboarding.support.views",
    "onboarding.support.contractor_views",
    "onboarding.front_views",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The web application. Raises config.Misconfigured, naming each setting at fault."""
    masking.install()
    settings = settings or read_settings(os.environ)
    config.refuse_half_set(settings)
    config.use(settings)
    _make_room(settings)
    database.configure(settings.database_url)
    gateways.use(_gateways(settings))
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    _configure(app, settings)
    _people(app)
    open_doors()
    _views(app, settings)
    _answer_idle_polls(app, settings)
    commands.install(app)
    jobs.configure(settings)
    return app


def _make_room(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as refusal:
        sentence = f"DATA_DIR {settings.data_dir} cannot be used: {refusal.strerror}."
        raise config.Misconfigured([sentence]) from refusal


def _gateways(settings: Settings) -> gateways.Gateways:
    """The real part wherever it is configured, its sandbox otherwise."""
    from onboarding.gateways.documents_store import FolderStore
    from onboarding.gateways.documents_typst import TypstRenderer
    from onboarding.gateways.stripe_cards import StripeCards, account_of

    return gateways.Gateways(
        email=_email(settings),
        sms=_sms(settings),
        cards=StripeCards(account_of(settings)),
        documents=FolderStore(settings.documents_dir),
        renderer=TypstRenderer(ROOT / "templates" / "documents"),
        sealer=_sealer(settings),
        stamper=_stamper(settings),
    )


def _sealer(settings: Settings) -> Sealer:
    from onboarding.gateways.documents_pkcs12 import bought_key
    from onboarding.gateways.documents_seal import PadesSealer

    if settings.seal_pkcs12 is None:
        return PadesSealer(settings.seal_dir)
    try:
        bought = bought_key(settings.seal_pkcs12, settings.seal_pkcs12_password)
    except SealingFailed as unfit:
        raise config.Misconfigured([str(unfit)]) from unfit
    return PadesSealer(settings.seal_dir, bought)


def _stamper(settings: Settings) -> Stamper | None:
    if not settings.tsa_url:
        return None
    from onboarding.gateways.documents_stamp import Rfc3161Stamper

    return Rfc3161Stamper(settings.tsa_url)


def _email(settings: Settings) -> Email:
    from onboarding.gateways.smtp import SmtpEmail
    from onboarding.sandbox.mailbox import Mailbox, MailboxEmail

    if settings.has_mail_sandbox:
        return MailboxEmail(settings, Mailbox(settings))
    return SmtpEmail(settings.smtp_url, settings.mail_from)


def _sms(settings: Settings) -> Sms:
    from onboarding.gateways.twilio import TwilioSms
    from onboarding.sandbox.mailbox import Mailbox, MailboxSms

    if settings.has_sms_sandbox:
        return MailboxSms(settings, Mailbox(settings))
    return TwilioSms(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_from,
        base_url=settings.twilio_base_url,
        status_url=f"{settings.base_url}/webhooks/twilio/status",
    )


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # headers.install looks at Sec-Fetch-Site and Origin instead
        SMS_COUNTRIES=settings.sms_countries,
        ALLOWS_TEST_DOMAINS=not settings.is_production,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIMETYPES=["text/html"],
        SETTINGS=settings,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.session_interface = sessions.ServerSessions(settings)
    # Nothing here is async: asking so of nine functions is a twentieth of an idle poll.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
    Babel(app, locale_selector=languages.spoken)
    Htmx(app)
    Compress(app)
    filters.install(app)
    assets.serve(app, assets.build(ROOT / "static", settings.data_dir / "assets"))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def _people(app: Flask) -> None:
    from onboarding.accounts.queries import load_account
    from onboarding.contractors.queries import load_member
    from onboarding.support.queries import load_agent, load_visit

    manager = LoginManager(app)
    manager.session_protection = None  # rows of our own are bound and ended by us
    manager.user_loader(sessions.load_person)
    people.use_loader("crm", load_member)
    people.use_loader("portal", load_account)
    people.use_loader("support", load_agent)
    people.use_loader("visit", load_visit)


def _views(app: Flask, settings: Settings) -> None:
    from onboarding.portal.gate import keep_order
    from onboarding.portal.lost import answer_lost
    from onboarding.support import watching

    errors.install(app)
    app.register_error_handler(Refused, _refused)
    errors.use_lost(answer_lost)
    headers.install(app, settings)
    uploads.install(app)
    csrf = CSRFProtect(app)
    for name in ROOMS:
        app.register_blueprint(import_module(name).blueprint)
    if not settings.is_production:
        _sandboxes(app, settings)
    frame.install(app, settings)
    for endpoint, view in app.view_functions.items():
        if access.of(app, endpoint).is_csrf_exempt:
            csrf.exempt(view)
    access.guard(
        app,
        gate=keep_order,
        sign_in_page=_sign_in_page,
        on_refused_visit=watching.note_refused,
    )
    app.after_request(watching.note_shown)

    @app.after_request
    def move_whole_page(response: Response) -> Response:
        return answers.redirect_within_htmx(response)

    @app.teardown_appcontext
    def give_back(_: BaseException | None) -> None:
        database.end_reads()


def _refused(told: Refused) -> Response:
    """The journey said no: the reason in words, with a way on."""
    title = gettext("That cannot be done now")
    return errors.sentence_page(409, title, gettext(told.refusal.value))


def _answer_idle_polls(app: Flask, settings: Settings) -> None:
    app.wsgi_app = QuickPolls(  # type: ignore[method-assign]
        app.wsgi_app,
        host=settings.host,
        prefix=sessions.ServerSessions(settings).prefix,
        headers=headers.fixed_headers(settings),
        quick={"/crm/pipeline/poll": revisions.pulse},
    )


def _sandboxes(app: Flask, settings: Settings) -> None:
    """The demo's mailbox, phone and card pages; never in production."""
    from onboarding.sandbox import design_views, mailbox_views, stripe_app
    from onboarding.sandbox.stripe_sandbox import card_sandbox

    app.register_blueprint(mailbox_views.blueprint)
    app.register_blueprint(design_views.blueprint)
    if settings.has_card_sandbox and not settings.stripe_base_url:
        sandbox = card_sandbox(settings, webhook_url=f"{settings.base_url}/webhooks/stripe")
        app.register_blueprint(stripe_app.blueprint(sandbox))
        app.extensions["card_sandbox"] = sandbox


def _sign_in_page(kind: Kind) -> str:
    pages = {
        Kind.MEMBER: "contractors.sign_in",
        Kind.CUSTOMER: "accounts.find_sign_in",
        Kind.SUPPORT: "support.sign_in",
    }
    return url_for(pages[kind])
