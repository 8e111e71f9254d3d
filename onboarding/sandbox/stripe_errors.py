"""Refusals in Stripe's own form: type, code, parameter, message."""

from typing import Any


class StripeRefusal(Exception):
    """An answer other than 2xx. `status` is the HTTP status; the rest is Stripe's error object."""

    def __init__(
        self, status: int, kind: str, message: str, *, code: str = "", **more: object
    ) -> None:
        self.status = status
        self.body: dict[str, Any] = {"error": {"message": message, "type": kind}}
        if code:
            self.body["error"]["code"] = code
            self.body["error"]["doc_url"] = "https://docs.stripe.com/error-codes/" + code.replace(
                "_", "-"
            )
        self.body["error"].update(more)
        super().__init__(message)


def refused(message: str, *, code: str = "", param: str = "") -> StripeRefusal:
    more = {"param": param} if param else {}
    return StripeRefusal(400, "invalid_request_error", message, code=code, **more)


def missing(word: str, identifier: str, param: str = "id") -> StripeRefusal:
    """Stripe answers 404 where the address names nothing, 400 where a parameter does."""
    message = f"No such {word}: '{identifier}'"
    return StripeRefusal(
        404 if param == "id" else 400,
        "invalid_request_error",
        message,
        code="resource_missing",
        param=param,
    )


def unknown_parameter(path: str) -> StripeRefusal:
    return refused(f"Received unknown parameter: {path}", code="parameter_unknown", param=path)


def unsupported(path: str) -> StripeRefusal:
    """For what Stripe does and the sandbox does not: said aloud instead of being ignored."""
    return refused(f"The card sandbox does not know what to do with: {path}", param=path)


def declined(message: str, code: str, decline_code: str) -> StripeRefusal:
    more = {"decline_code": decline_code} if decline_code else {}
    return StripeRefusal(402, "card_error", message, code=code, **more)


def failed() -> StripeRefusal:
    return StripeRefusal(500, "api_error", "The card sandbox was told to fail.")


def too_many() -> StripeRefusal:
    return StripeRefusal(
        429, "invalid_request_error", "Too many requests in too short a time.", code="rate_limit"
    )


def unauthorized(key: str) -> StripeRefusal:
    shown = f"{key[:8]}…{key[-4:]}" if len(key) > 16 else "(none)"
    return StripeRefusal(401, "invalid_request_error", f"The sandbox does not know the key {shown}")


def no_access(key: str, account: str) -> StripeRefusal:
    """A connected account that is not there, or that took its access back."""
    message = (
        f"The provided key '{key[:8]}…{key[-4:]}' does not have access to account '{account}' (or"
        " that account does not exist). Application access may have been revoked."
    )
    return StripeRefusal(403, "invalid_request_error", message, code="account_invalid")


def unknown_address(method: str, path: str) -> StripeRefusal:
    message = f"Unrecognized request URL ({method}: {path})."
    return StripeRefusal(404, "invalid_request_error", message)


def other_request(key: str) -> StripeRefusal:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first"
        f" used with. Try using a key other than '{key}' if you meant to execute a different"
        " request."
    )
    return StripeRefusal(400, "idempotency_error", message)
