"""Which addresses signed in from this browser before: a signed cookie, the same whoever asks."""

from datetime import timedelta
from typing import Any

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from onboarding import config, tokens

_LIFE = timedelta(days=180)
_MOST = 8


def known_as(door: str, address: str) -> str:
    """This browser's own name, if `address` signed in from it through `door`; else empty."""
    notes = _notes()
    return str(notes["name"]) if _mark(door, address) in notes.get("marks", []) else ""


def remember(answer: Response, door: str, *addresses: str) -> None:
    """These addresses signed in here; the newest eight are kept."""
    notes = _notes()
    new = [_mark(door, address) for address in addresses]
    marks = [*(mark for mark in notes.get("marks", []) if mark not in new), *new][-_MOST:]
    kept = {"name": notes.get("name") or tokens.new_id(), "marks": marks}
    answer.set_cookie(
        _cookie(),
        str(_signer().dumps(kept)),
        max_age=_LIFE,
        path="/",
        secure=config.current().is_https,
        httponly=True,
        samesite="Lax",
    )


def _notes() -> dict[str, Any]:
    try:
        notes: dict[str, Any] = _signer().loads(
            request.cookies.get(_cookie(), ""), max_age=int(_LIFE.total_seconds())
        )
    except BadSignature:
        return {}
    return notes


def _mark(door: str, address: str) -> str:
    key = config.current().secret_key
    return tokens.keyed_hash(key, "known device", f"{door}:{address.lower()}")[:16]


def _cookie() -> str:
    return "__Host-known" if config.current().is_https else "known"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(config.current().secret_keys)), salt="known")
