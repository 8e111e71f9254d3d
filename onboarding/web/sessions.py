"""Server-side sessions: a row each, one cookie for each kind of person, chosen by the address.

A visitor without a row has a small signed cookie instead (for the form token and what the next page
shall say), so that looking at a page writes nothing. `sign_in` and `start` make a row and a new
secret; a row that was ended is never written again.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select, update
from werkzeug.datastructures import CallbackDict

from onboarding import clock, tokens
from onboarding.config import Settings
from onboarding.database import Everyone, read, transaction
from onboarding.web import people
from onboarding.web.endings import end
from onboarding.web.models import WebSession

_PREFIXES = {
    "/crm": "crm",
    "/portal": "portal",
    "/i": "portal",
    "/verify": "portal",
    "/support": "support",
}
IDLE = {
    "crm": timedelta(hours=12),
    "portal": timedelta(hours=12),
    "support": timedelta(hours=1),
    "visit": timedelta(minutes=30),
}
_ABSOLUTE = {
    "crm": timedelta(days=14),
    "portal": timedelta(days=30),
    "support": timedelta(hours=8),
    "visit": timedelta(minutes=30),
}
# The one address of support that belongs to a visit's session: its button stands on every page.
END_OF_VISIT = "/support/visit/end"
_SEEN_EVERY = timedelta(minutes=1)
_ANONYMOUS_SECONDS = 86_400
_ANYONE = Everyone("a session is found by its secret, before anybody is known")


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """The session of this request: a row's data, or a stranger's signed few bytes."""

    def __init__(self, kind: str, data: dict[str, Any] | None = None) -> None:
        def changed(_: object) -> None:
            self.modified = True

        super().__init__(data or {}, changed)
        self.kind = kind
        self.modified = False
        self.row: WebSession | None = None
        self.wanted: WebSession | None = None
        self.secret = ""
        self.is_ended = False


class ServerSessions(SessionInterface):
    """Flask's door to the rows."""

    def __init__(self, settings: Settings) -> None:
        self.prefix = "__Host-" if settings.is_https else ""
        self.is_secure = settings.is_https
        self.signer = URLSafeTimedSerializer(list(reversed(settings.secret_keys)), salt="stranger")

    def open_session(self, app: Flask, request: Request) -> ServerSession | None:
        kind = kind_of(request.path)
        if request.path.endswith("/poll"):
            return ServerSession("")
        if kind in ("crm", "portal") or request.path == END_OF_VISIT:
            visit = self._row_session("visit", request)
            if visit is not None and (visit["visited"] == kind or kind == "support"):
                return visit
        return self._row_session(kind, request) or self._stranger(kind, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, ServerSession) or not session.kind:
            return
        if session.wanted is not None:
            self._create(session, response)
        elif session.is_ended:
            self._forget(session, response)
        elif session.row is not None:
            self._keep(session, session.row)
        elif session.modified:
            signed = "a." + str(self.signer.dumps(dict(session)))
            self._set_cookie(session.kind, response, signed, None)

    def cookie_name(self, kind: str) -> str:
        return f"{self.prefix}{kind}"

    def _row_session(self, kind: str, request: Request) -> ServerSession | None:
        cookie = request.cookies.get(self.cookie_name(kind), "")
        if not cookie.startswith("s."):
            return None
        row = find(kind, cookie[2:])
        if row is None:
            return None
        opened = ServerSession(kind, dict(row.data))
        opened.row = row
        opened.secret = cookie[2:]
        return opened

    def _stranger(self, kind: str, request: Request) -> ServerSession:
        cookie = request.cookies.get(self.cookie_name(kind), "")
        if not cookie.startswith("a."):
            return ServerSession(kind)
        try:
            return ServerSession(kind, self.signer.loads(cookie[2:], max_age=_ANONYMOUS_SECONDS))
        except BadSignature:
            return ServerSession(kind)

    def _create(self, session: ServerSession, response: Response) -> None:
        row = session.wanted
        assert row is not None  # noqa: S101 (the caller looked)
        with transaction(_ANYONE) as db:
            # A visit begins beside the agent's own session; any other sign-in ends the one before.
            if session.row is not None and session.row.kind == row.kind:
                end(db, [session.row.id])
            row.data = dict(session)
            db.add(row)
        self._set_cookie(row.kind, response, "s." + session.secret, row.expires_at)

    def _keep(self, session: ServerSession, row: WebSession) -> None:
        now = clock.now()
        if not session.modified and now - row.seen_at < _SEEN_EVERY:
            return
        with transaction(_ANYONE) as db:
            db.execute(
                update(WebSession)
                .where(WebSession.id == row.id, WebSession.ended_at.is_(None))
                .values(data=dict(session), seen_at=now)
            )

    def _forget(self, session: ServerSession, response: Response) -> None:
        if session.row is not None:
            with transaction(_ANYONE) as db:
                end(db, [session.row.id])
        response.delete_cookie(
            self.cookie_name(session.kind), path="/", secure=self.is_secure, httponly=True
        )

    def _set_cookie(
        self, kind: str, response: Response, value: str, expires: datetime | None
    ) -> None:
        response.set_cookie(
            self.cookie_name(kind),
            value,
            expires=expires,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="Lax",
        )
        if not response.cache_control.no_store:
            response.headers["Cache-Control"] = "no-store"


def kind_of(path: str) -> str:
    """Whose cookie belongs to an address: 'crm', 'portal', 'support', or '' for nobody's."""
    first = "/" + path.split("/", 2)[1] if path.startswith("/") else path
    return _PREFIXES.get(first, "")


def find(kind: str, secret: str) -> WebSession | None:
    """The living session with this secret, or None."""
    row = (
        read(_ANYONE)
        .scalars(
            select(WebSession).where(
                WebSession.secret_hash == tokens.hash_secret(secret), WebSession.kind == kind
            )
        )
        .one_or_none()
    )
    if row is None or row.ended_at is not None:
        return None
    now = clock.now()
    is_alive = now < row.expires_at and now - row.seen_at < IDLE[kind]
    return row if is_alive else None


def sign_in(
    person: people.Person, *, kind: str = "", origin: str | None = None, **data: Any
) -> None:
    """Signs `person` in: a new row, a new secret; the session before it is ended."""
    now_kind = kind or kind_of(request.path)
    fresh = _want(now_kind, _ABSOLUTE[now_kind], origin)
    fresh.subject_id = person.get_id()
    fresh.contractor_id = person.contractor_id or None
    kept = _current().get("next")
    _begin_data()
    if kept:
        session["next"] = kept
    session.update(data)
    login_user(person)


def start(minutes: int = 60, origin: str | None = None, **data: Any) -> None:
    """A session of somebody who is nobody yet, for `minutes`: after *Get started*."""
    _want(kind_of(request.path), timedelta(minutes=minutes), origin)
    _begin_data()
    session.update(data)


def sign_out() -> None:
    """Ends this session's row; its cookie opens nothing any more."""
    logout_user()
    _current().clear()
    _current().is_ended = True


def also_signed_in(kind: str) -> WebSession | None:
    """The living session of another kind that this browser carries beside this one, such as a
    member's who looks at a customer's link."""
    return find(kind, carried(kind))


def ended_origin() -> str | None:
    """What the session that this browser still carries was born of, where it is over: its person is
    told why, and how to go on."""
    hashed = tokens.hash_secret(carried(_current().kind))
    row = read(_ANYONE).scalars(select(WebSession).where(WebSession.secret_hash == hashed)).first()
    return row.origin if row else None


def was_ended() -> bool:
    """This browser carries the cookie of a session that is over."""
    current = _current()
    return current.row is None and bool(current.kind) and carried(current.kind) != ""


def carried(kind: str) -> str:
    """The secret in this browser's cookie for a kind, alive or not; empty where there is none."""
    doors = current_app.session_interface
    name = doors.cookie_name(kind) if isinstance(doors, ServerSessions) else kind
    cookie = request.cookies.get(name, "")
    return cookie[2:] if cookie.startswith("s.") else ""


def current_id() -> str | None:
    """The id of this request's session row, if it has one."""
    row = _current().row
    return row.id if row else None


def browser_hash() -> str:
    """Stable for as long as this browser keeps its session: what a code is bound to."""
    marked = session.get("browser")
    if not marked:
        # Two clicks at once carry no mark yet, but the token of the one page they came from.
        marked = session["browser"] = session.get("csrf_token") or tokens.new_secret()
    return tokens.hash_secret(str(marked))


def load_person(user_id: str) -> people.Person | None:
    """flask-login's user loader: by the kind of this request's session."""
    current = _current()
    if current.row is None or current.row.subject_id != user_id:
        return None
    return people.load(current.kind, user_id)


def _current() -> ServerSession:
    found = session._get_current_object()  # type: ignore[attr-defined]
    if not isinstance(found, ServerSession):
        raise TypeError("This address has no session")
    return found


def _begin_data() -> None:
    """The token against forgery is in it from the start: looking at a first page writes nothing.
    The language that was chosen stays."""
    chosen = _current().get("language")
    _current().clear()
    session["csrf_token"] = tokens.new_secret()
    if chosen:
        session["language"] = chosen


def _want(kind: str, life: timedelta, origin: str | None) -> WebSession:
    current = _current()
    current.secret = tokens.new_secret()
    current.kind = kind
    current.wanted = WebSession(
        secret_hash=tokens.hash_secret(current.secret),
        kind=kind,
        origin=origin,
        ip=people.client_ip(),
        user_agent=people.user_agent(),
        expires_at=clock.now() + life,
    )
    g.pop("csrf_token", None)
    return current.wanted
