"""Who may open an address. Every route carries exactly one marker; one without cannot start.

@blueprint.get("/contacts")
@access.member
def contacts() -> Answer: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from onboarding.actor import Kind
from onboarding.web import people
from onboarding.web.answers import redirect_to
from onboarding.web.errors import lost, sentence_page

View = TypeVar("View", bound=Callable[..., Any])
Gate = Callable[[str], Response | None]


@dataclass(frozen=True)
class Access:
    """A route's marker. `step` is the customer's step that must be reached."""

    name: str
    step: str = ""
    needs: Kind | None = None
    is_csrf_exempt: bool = False


def _marker(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        if hasattr(view, "access"):
            raise TypeError(f"{view.__name__} carries two access markers")
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


public = _marker(Access("public"))
starter = _marker(Access("starter"))
member = _marker(Access("member", needs=Kind.MEMBER))
owner = _marker(Access("owner", needs=Kind.MEMBER))
customer = _marker(Access("customer", needs=Kind.CUSTOMER))
agent = _marker(Access("agent", needs=Kind.SUPPORT))
visitor = _marker(Access("visitor"))
poll = _marker(Access("poll"))
webhook = _marker(Access("webhook", is_csrf_exempt=True))
sandbox = _marker(Access("sandbox"))
sandbox_api = _marker(Access("sandbox", is_csrf_exempt=True))


def customer_at(step: str) -> Callable[[View], View]:
    """A signed-in customer who has come as far as `step` (a journey Step's value)."""
    return _marker(Access("customer", step=step, needs=Kind.CUSTOMER))


def of(app: Flask, endpoint: str) -> Access:
    """The marker of an endpoint. Raises Unmarked."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return Access("public")
    marked = getattr(app.view_functions[endpoint], "access", None)
    if not isinstance(marked, Access):
        raise Unmarked(f"{endpoint} carries no access marker: put one under its route decorator.")
    return marked


class Unmarked(Exception):
    """A route without an access marker."""


def guard(
    app: Flask,
    *,
    gate: Gate,
    sign_in_page: Callable[[Kind], str],
    on_refused_visit: Callable[[], None],
) -> None:
    """Enforces the markers before every view. Raises Unmarked if a route has none.

    `gate` answers a customer who asks for a step that is not reached; `sign_in_page` says where
    somebody of a kind signs in. Support in a visit looks and does nothing: `on_refused_visit`
    writes down what it tried.
    """
    for endpoint in app.view_functions:
        of(app, endpoint)

    @app.before_request
    def enforce() -> Response | None:
        if request.endpoint is None:
            return None
        marker = of(current_app, request.endpoint)
        if _acts_in_visit() and marker.name != "visitor":
            on_refused_visit()
            return _refused_visit()
        if marker.needs is None:
            return None
        if not people.is_signed_in() or people.person().kind is not marker.needs:
            return lost() or redirect_to(sign_in_page(marker.needs), keep_place=True)
        if marker.name == "owner" and people.person().role != "owner":
            abort(403)
        return gate(marker.step) if marker.needs is Kind.CUSTOMER else None


def _acts_in_visit() -> bool:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    return people.is_signed_in() and people.person().visit is not None


def _refused_visit() -> Response:
    return sentence_page(
        403,
        _("Support looks and does not act"),
        _(
            "Nothing was changed. Only the person whose page this is can do that; "
            "this try stands in the audit trail."
        ),
    )
