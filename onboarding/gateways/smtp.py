"""E-mail over SMTP (RFC 5321), with TLS and authentication.

The answer to the closing dot of DATA decides. Before it was sent nothing has been accepted. Once it
was sent and no answer came, the message may have been accepted: only then is the outcome unknown.
"""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import policy
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from onboarding import clock
from onboarding.gateways.email import Accepted, OutgoingEmail, as_mime, envelope
from onboarding.gateways.refusals import PermanentRefusal, TemporaryRefusal, UnknownOutcome

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_PATIENCE = 20.0
_LONGEST_LINE = 8192
_BROKEN = (OSError, smtplib.SMTPException)


class SmtpEmail:
    """`smtp://`, `smtp+starttls://` or `smtps://`, then `user:password@host:port`.

    `patience` in seconds bounds each step, the deadline all of them. `tls` replaces the system's
    own trusted certificates.
    """

    def __init__(
        self,
        smtp_url: str,
        mail_from: str,
        *,
        patience: float = _PATIENCE,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(smtp_url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("SMTP_URL begins with smtp://, smtp+starttls:// or smtps://.")
        self._scheme = parts.scheme
        self._host = parts.hostname
        self._port = parts.port or _PORTS[parts.scheme]
        if not unquote(parts.netloc).isascii():
            raise ValueError("SMTP_URL carries a user and a password in ASCII.")
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._mail_from = mail_from
        self._patience = patience
        self._tls = tls or ssl.create_default_context()

    def send(self, email: OutgoingEmail, deadline: float) -> Accepted:
        message = as_mime(email, self._mail_from).as_bytes(policy=policy.SMTP)
        with self._connected(deadline) as client:
            # No to the sender is ours to mend, not the recipient's: the message waits.
            _expect(client.mail(envelope(self._mail_from)), is_final=False)
            _expect(client.rcpt(envelope(email.to)))
            code, answer = client.docmd("DATA")
            if code != 354:
                _refuse(code, answer)
            if clock.monotonic() >= deadline:
                raise TemporaryRefusal("There was no time left to hand the message over.")
            client.send(_dot_stuffed(message))
            return Accepted(None, _spoken(*_expect(_last_answer(client))))

    def check(self) -> str:
        with self._connected(clock.monotonic() + self._patience) as client:
            _expect(client.noop())
        return f"The mail server at {self._host}:{self._port} answers."

    @contextmanager
    def _connected(self, deadline: float) -> Iterator[smtplib.SMTP]:
        """A client that is greeted, encrypted and signed in, and is cut off at the deadline.

        Each step has its own time-out, which a server that drips a byte now and then never meets:
        the cut is what ends such a conversation.
        """
        left = deadline - clock.monotonic()
        if left <= 0:
            raise TemporaryRefusal("There was no time left to connect.")
        client = self._client(min(left, self._patience))
        cut = threading.Timer(left, _cut, [client])
        cut.daemon = True
        cut.start()
        try:
            self._greet(client)
            yield client
        except _BROKEN as broken:
            raise TemporaryRefusal(f"The mail server broke off: {broken}") from broken
        finally:
            _leave(client)
            cut.cancel()

    def _client(self, timeout: float) -> smtplib.SMTP:
        own_name = self._mail_from.rpartition("@")[2]
        if self._scheme == "smtps":
            return smtplib.SMTP_SSL(local_hostname=own_name, timeout=timeout, context=self._tls)
        else:
            return smtplib.SMTP(local_hostname=own_name, timeout=timeout)

    def _greet(self, client: smtplib.SMTP) -> None:
        # smtplib takes the name for TLS from the constructor's host, which would connect at once.
        client._host = self._host  # type: ignore[attr-defined]
        _expect(client.connect(self._host, self._port), is_final=False)
        client.ehlo_or_helo_if_needed()
        if self._scheme == "smtp+starttls":
            client.starttls(context=self._tls)
            client.ehlo_or_helo_if_needed()
        if self._user:
            try:
                client.login(self._user, self._password)
            except smtplib.SMTPException as refused:
                # Ours to mend, not the recipient's: the message waits until the settings are right.
                raise TemporaryRefusal("The mail server refused our sign-in.") from refused


def _expect(reply: tuple[int, bytes], *, is_final: bool = True) -> tuple[int, bytes]:
    if not 200 <= reply[0] < 300:
        _refuse(*reply, is_final=is_final)
    return reply


def _refuse(code: int, answer: bytes, *, is_final: bool = True) -> NoReturn:
    refusal = PermanentRefusal if is_final and 500 <= code < 600 else TemporaryRefusal
    raise refusal(_spoken(code, answer))


def _last_answer(client: smtplib.SMTP) -> tuple[int, bytes]:
    """The reply to the closing dot. Read here, because smtplib takes half a line for an answer."""
    lines: list[bytes] = []
    try:
        while not lines or lines[-1][3:4] == b"-":
            lines.append(client.file.readline(_LONGEST_LINE))  # type: ignore[union-attr]
            if not lines[-1].endswith(b"\n"):
                raise UnknownOutcome("The mail server took it and broke off before it answered.")
        return int(lines[-1][:3]), b" ".join(line[4:].strip() for line in lines)
    except (OSError, ValueError) as silent:
        raise UnknownOutcome(f"The mail server took it and did not answer: {silent}") from silent


def _spoken(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('utf-8', 'replace')}"[:480]


def _dot_stuffed(message: bytes) -> bytes:
    """The message as DATA wants it: a dot that opens a line is doubled, a lone one ends it."""
    ended = message if message.endswith(b"\r\n") else message + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _cut(client: smtplib.SMTP) -> None:
    with suppress(OSError, AttributeError):
        client.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


def _leave(client: smtplib.SMTP) -> None:
    """Says goodbye without waiting for the answer: the message's fate is settled already."""
    with suppress(*_BROKEN):
        client.putcmd("QUIT")
    client.close()
