"""How a view answers: a page or its fragment, a redirect, or nothing new."""

from http import HTTPStatus
from typing import Any

from flask import Response, make_response, render_template, request, session
from werkzeug.utils import redirect


def wants_fragment() -> bool:
    """An htmx swap, and neither a boosted link nor a history restore, which want the page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def render(
    page: str, fragment: str | None = None, /, status: int = 200, **context: Any
) -> Response:
    """The page; or only its fragment, where there is one and htmx asked for it."""
    chosen = fragment if fragment and wants_fragment() else page
    response = make_response(render_template(chosen, **context), status)
    response.vary.add("HX-Request")
    if chosen is page and status >= HTTPStatus.BAD_REQUEST and wants_fragment():
        # htmx would drop it, or put a whole page into the corner that asked.
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML show:window:top"
    return response


def redirect_to(url: str, *, keep_place: bool = False) -> Response:
    """303 to `url`. With `keep_place` a signed-in person comes back to where they were."""
    if keep_place and request.method == "GET" and not wants_fragment():
        session["next"] = request.full_path.rstrip("?")
    return redirect(url, 303, Response)  # type: ignore[return-value]


def unchanged() -> Response:
    """204: a poll found nothing newer."""
    return Response(status=204)


def place_kept(otherwise: str) -> str:
    """Where the person was going before they had to sign in: a path of ours, or `otherwise`."""
    path = session.pop("next", "")
    return path if is_local_path(path) else otherwise


def is_local_path(path: str) -> bool:
    """A plain path on this site: no scheme, host, backslash or control character (R46)."""
    return (
        path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and path.isprintable()
        and path.isascii()
    )


def redirect_within_htmx(response: Response) -> Response:
    """A redirect that htmx would follow into a fragment becomes a whole-page move."""
    is_redirect = response.status_code in (301, 302, 303, 307, 308)
    if is_redirect and request.headers.get("HX-Request") == "true":
        moved = Response(status=200)
        for name, value in response.headers:
            if name.lower() == "set-cookie":
                moved.headers.add(name, value)
        moved.headers["HX-Redirect"] = response.headers["Location"]
        return moved
    return response
