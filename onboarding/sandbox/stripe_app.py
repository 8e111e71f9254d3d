"""The card sandbox's addresses: Stripe's API for the SDK, hosted pages for people.

`blueprint` goes into the product's own app in the demo; `create_sandbox_app` is the same served
alone, as tests do. Either way it stands for a foreign site: it knows nothing of the product's
sessions, and its posts carry no CSRF token, because Stripe's would not.
"""

import base64
import socket
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Blueprint, Flask, Response, request
from flask_babel import Babel
from jinja2 import StrictUndefined
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from onboarding import clock
from onboarding.sandbox import stripe_account_pages, stripe_objects, stripe_pages
from onboarding.sandbox.stripe_faults import Fault
from onboarding.sandbox.stripe_sandbox import Answered, Asked, CardSandbox
from onboarding.web import access

API_PREFIX = "/sandbox/stripe"
_ROOT = Path(__file__).parents[2]
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self' *; base-uri 'none';"
    " frame-ancestors 'none'"
)


def blueprint(sandbox: CardSandbox) -> Blueprint:
    """Everything under /sandbox/stripe/v1 and /sandbox/checkout."""
    made = Blueprint("card_sandbox", __name__)

    @made.route(f"{API_PREFIX}/v1/<path:address>", methods=["GET", "POST", "DELETE"])
    @access.sandbox_api
    def api(address: str) -> Response:
        return _answer(sandbox, address)

    stripe_pages.add_pages(made, sandbox)
    stripe_account_pages.add_pages(made, sandbox)
    return made


def create_sandbox_app(sandbox: CardSandbox) -> Flask:
    """The sandbox as an app of its own: base address `http://host:port/sandbox/stripe`."""
    app = Flask(
        "card_sandbox",
        template_folder=str(_ROOT / "templates"),
        static_folder=str(_ROOT / "static"),
    )
    app.jinja_env.undefined = StrictUndefined
    Babel(app)
    app.register_blueprint(blueprint(sandbox))

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        return response

    return app


class _Quiet(WSGIRequestHandler):
    """Leaves out the line for each request: the addresses of pages would stand in it."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@dataclass(frozen=True)
class Served:
    """A sandbox that runs in a thread of this process. `url` is where its pages are."""

    url: str
    sandbox: CardSandbox
    server: BaseWSGIServer
    thread: threading.Thread

    @property
    def api_url(self) -> str:
        """The SDK's base address."""
        return self.url + API_PREFIX

    def stop(self) -> None:
        self.sandbox.webhooks.stop()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def serve(sandbox: CardSandbox, host: str = "127.0.0.1", port: int = 0) -> Served:
    """Serves the sandbox alone, in a thread; port 0 takes any free one."""
    app = create_sandbox_app(sandbox)
    server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    run = partial(server.serve_forever, poll_interval=0.05)
    thread = threading.Thread(target=run, name="card-sandbox", daemon=True)
    thread.start()
    return Served(f"http://{host}:{server.server_port}", sandbox, server, thread)


def _answer(sandbox: CardSandbox, address: str) -> Response:
    planned = sandbox.faults.take(address)
    fault = planned.fault if planned else None
    if planned and fault is Fault.DELAY:
        clock.sleep(planned.seconds)
    if fault is Fault.CUT_BEFORE:
        return _hang_up()
    asked = _asked(address)
    answered = sandbox.answer(asked, fault)
    return _hang_up() if fault is Fault.CUT_AFTER else _response(asked, answered)


def _asked(address: str) -> Asked:
    pairs = request.form if request.method == "POST" else request.args
    return Asked(
        method=request.method,
        address=address,
        pairs=tuple(pairs.items(multi=True)),
        api_key=_api_key(),
        idempotency_key=request.headers.get("Idempotency-Key", ""),
        public_url=request.host_url.rstrip("/"),
        account=request.headers.get("Stripe-Account", ""),
    )


def _api_key() -> str:
    """The key from `Bearer key`, or from the user's name in `Basic`, as Stripe takes both."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer":
        return given
    if scheme == "Basic":
        try:
            return base64.b64decode(given).decode().split(":")[0]
        except ValueError:
            return ""
    return ""


def _response(asked: Asked, answered: Answered) -> Response:
    response = Response(answered.body, answered.status, content_type="application/json")
    response.headers["Request-Id"] = asked.request_id
    version = request.headers.get("Stripe-Version", stripe_objects.API_VERSION)
    response.headers["Stripe-Version"] = version
    if asked.account:
        response.headers["Stripe-Account"] = asked.account
    if asked.idempotency_key:
        response.headers["Idempotency-Key"] = asked.idempotency_key
    if answered.is_replay:
        response.headers["Idempotent-Replayed"] = "true"
    if answered.status >= 500:
        # A kept 500 is answered again whatever the SDK tries, so Stripe asks it not to.
        response.headers["Stripe-Should-Retry"] = "false"
    return response


def _hang_up() -> Response:
    """Ends the connection under the server, so that the caller gets no answer at all."""
    environ = request.environ
    connection = environ.get("werkzeug.socket") or environ.get("gunicorn.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=502)
