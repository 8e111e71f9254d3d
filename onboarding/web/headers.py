"""Security headers on every answer, and the checks that forms come from our own pages."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from onboarding.config import Settings
from onboarding.web.masking import CARRIES_SECRET

_SAFE = ("GET", "HEAD", "OPTIONS")
STRIPE_PAGE = "https://checkout.stripe.com"


def policy(settings: Settings, card_page_origin: str = "") -> str:
    """The Content-Security-Policy. A form that is redirected to another origin is blocked unless
    form-action names it, so the hosted card page's origin stands there."""
    origins = ["'self'", STRIPE_PAGE, card_page_origin]
    card_pages = " ".join(dict.fromkeys(filter(None, origins)))
    parts = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        f"form-action {card_pages}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
    ]
    if not settings.is_production:
        # The demo's mailbox shows each mail in a sandboxed frame of its own.
        parts.append("frame-src 'self'")
    return "; ".join(parts)


def fixed_headers(settings: Settings, card_page_origin: str = "") -> dict[str, str]:
    """What stands on every answer, whoever gives it."""
    fixed = {
        "Content-Security-Policy": policy(settings, card_page_origin),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "X-Frame-Options": "DENY",
    }
    if settings.is_https:
        fixed["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return fixed


def install(app: Flask, settings: Settings, card_page_origin: str = "") -> None:
    """Adds the headers, refuses unknown hosts and posts from elsewhere."""
    fixed = fixed_headers(settings, card_page_origin)

    @app.before_request
    def refuse_strangers() -> None:
        # The header as it came answers for nearly everyone; only a spelled-out port needs reading.
        is_ours = request.environ.get("HTTP_HOST") == settings.host
        if not is_ours and request.host != settings.host:
            abort(400, "unknown host")
        if request.method not in _SAFE and _is_foreign(settings) and not _is_exempt():
            abort(400, "foreign origin")

    @app.after_request
    def add(response: Response) -> Response:
        present = {name.lower() for name, _ in response.headers}
        response.headers.extend(
            [(name, value) for name, value in fixed.items() if name.lower() not in present]
        )
        if request.path.startswith(CARRIES_SECRET):
            response.headers["Referrer-Policy"] = "no-referrer"
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _is_foreign(settings: Settings) -> bool:
    """Fetch metadata first, then Origin; a browser sends one of them with every post."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    if origin == "null":
        return True
    parts = urlsplit(origin)
    return f"{parts.scheme}://{parts.netloc}" != settings.origin


def _is_exempt() -> bool:
    from flask import current_app

    from onboarding.web import access

    if request.endpoint is None:
        return True
    return access.of(current_app, request.endpoint).is_csrf_exempt
