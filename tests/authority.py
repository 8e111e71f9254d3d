"""A time-stamp authority (RFC 3161) in this process, that can also fail in each way they do."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import BinaryIO

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from onboarding import clock

Answer = Callable[[tsp.TimeStampReq], bytes]
SIGN_IN = "Basic cG9ydGFsOnBAc3M="  # portal:p@ss


class Authority:
    """`answer` makes the body of the next answers; what was asked stands in `asked`."""

    def __init__(self) -> None:
        self.answer: Answer = granted
        self.status = 200
        self.pause = 0.0  # seconds before each byte
        self.asked: list[tsp.TimeStampReq] = []
        self.signed_in: list[str | None] = []
        self.url = ""

    @contextmanager
    def running(self) -> Iterator["Authority"]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://portal:p%40ss@127.0.0.1:{server.server_port}/stamp"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = tsp.TimeStampReq.load(body)
            authority.asked.append(asked)
            authority.signed_in.append(self.headers["Authorization"])
            content = authority.answer(asked)
            self.send_response(authority.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                _write(self.wfile, content, authority.pause)
            except OSError:
                return  # whoever asked has hung up

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _write(to: BinaryIO | BufferedIOBase, content: bytes, pause: float) -> None:
    if not pause:
        to.write(content)
        return
    for byte in content:
        time.sleep(pause)
        to.write(bytes((byte,)))


def granted(asked: tsp.TimeStampReq) -> bytes:
    return _stamped(asked, clock.now())


def of_something_else(asked: tsp.TimeStampReq) -> bytes:
    asked["message_imprint"]["hashed_message"] = b"\x07" * 32
    return _stamped(asked, clock.now())


def to_another_question(asked: tsp.TimeStampReq) -> bytes:
    asked["nonce"] = 4711
    return _stamped(asked, clock.now())


def without_nonce(asked: tsp.TimeStampReq) -> bytes:
    bare = tsp.TimeStampReq(
        {"version": 1, "message_imprint": asked["message_imprint"], "cert_req": True}
    )
    return _stamped(bare, clock.now())


def badly_signed(asked: tsp.TimeStampReq) -> bytes:
    """The last bytes are the signature's."""
    content = _stamped(asked, clock.now())
    return content[:-9] + bytes((content[-9] ^ 1,)) + content[-8:]


def of_another_year(asked: tsp.TimeStampReq) -> bytes:
    return _stamped(asked, clock.now() - timedelta(days=365))


def by_a_key_for_something_else(asked: tsp.TimeStampReq) -> bytes:
    return _stamped(asked, clock.now(), ExtendedKeyUsageOID.SERVER_AUTH)


def refused(_: tsp.TimeStampReq) -> bytes:
    """A status of 2, rejection, and no token beside it."""
    return bytes.fromhex("3005 3003 020102")


def nothing_of_the_kind(_: tsp.TimeStampReq) -> bytes:
    return b"<html>Welcome to the hotel's network</html>"


def endless(_: tsp.TimeStampReq) -> bytes:
    return b"x" * 1_000_000


def hanging(_: tsp.TimeStampReq) -> bytes:
    time.sleep(1)
    return b""


def _stamped(
    asked: tsp.TimeStampReq, at: datetime, purpose: x509.ObjectIdentifier | None = None
) -> bytes:
    certificate, key = _identity(purpose or ExtendedKeyUsageOID.TIME_STAMPING)
    made = DummyTimeStamper(certificate, key, fixed_dt=at.replace(microsecond=0))
    return bytes(made.request_tsa_response(asked).dump())


@cache
def _identity(
    purpose: x509.ObjectIdentifier,
) -> tuple[asn1_x509.Certificate, keys.PrivateKeyInfo]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return (
        asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
    )
