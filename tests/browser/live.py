"""The whole product behind a real port, as the demo runs it: web server, worker, card sandbox; mail
leaves over SMTP to a real server in this process, texts land in the local phone."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from werkzeug.serving import WSGIRequestHandler, make_server

from onboarding import create_app, database, jobs
from onboarding.config import Settings
from onboarding.sandbox.mailbox import Mailbox
from tests.house import House
from tests.mail_server import Post, served

Found = TypeVar("Found")
PATIENCE = 30.0


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@dataclass
class Live:
    """A running product: the house behind it, its address, and what was sent from it."""

    house: House
    url: str
    post: Post

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.post.mails if address in str(mail["To"])]

    def mail_to(self, address: str, subject_part: str = "", after: int = 0) -> EmailMessage:
        """The newest mail to the address, waited for; `after` leaves out the first ones."""

        def newest() -> EmailMessage | None:
            fitting = [
                mail
                for mail in self.mails_to(address)[after:]
                if subject_part.lower() in str(mail["Subject"]).lower()
            ]
            return fitting[-1] if fitting else None

        return eventually(newest, f"a mail to {address} about {subject_part!r}")

    def texts_to(self, number: str) -> list[str]:
        """The oldest first."""
        phone = Mailbox(self.house.settings)
        texts = [one for one in phone.latest("sms") if one.recipient == number]
        return [one.content.decode() for one in sorted(texts, key=lambda one: one.number)]

    def text_to(self, number: str, after: int = 0) -> str:
        """The newest text to the number, waited for; `after` leaves out the first ones."""

        def newest() -> str | None:
            texts = self.texts_to(number)
            return texts[-1] if len(texts) > after else None

        return eventually(newest, f"a text to {number}")


def eventually(look: Callable[[], Found | None], what: str, within: float = PATIENCE) -> Found:
    """What `look` finds, asked again until it does. Fails after `within` seconds."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        found = look()
        if found is not None:
            return found
        time.sleep(0.05)
    raise AssertionError(f"Waited {within} s in vain for {what}")


def words_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@contextmanager
def running(folder: Path, blank_database: Path, **changes: object) -> Iterator[Live]:
    """The product, served from `folder` until left. `changes` replace settings."""
    post = Post()
    port = _free_port()
    shutil.copy(blank_database, folder / "onboarding.db")
    with served(post) as smtp_port:
        settings = replace(
            Settings(
                mode="test",
                base_url=f"http://127.0.0.1:{port}",
                data_dir=folder,
                database_url=f"sqlite:///{folder / 'onboarding.db'}",
                secret_keys=("a key for tests that is long enough",),
                smtp_url=f"smtp://127.0.0.1:{smtp_port}",
                postal_address="1 Test Street, Portland, OR 97201",
            ),
            **changes,
        )
        app = create_app(settings)
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        stop_jobs = jobs.run_in_thread()
        try:
            yield Live(House(app, settings), settings.base_url, post)
        finally:
            stop_jobs()
            server.shutdown()
            thread.join()
            server.server_close()
            if "card_sandbox" in app.extensions:
                app.extensions["card_sandbox"].webhooks.stop()
            database.end_reads()
            database.engine().dispose()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
