"""E-mail: what is asked of whoever carries it, and how a message is put on the wire.

Nothing that a person typed can add a header, a recipient or an address of its own: control
characters and line breaks of any script become spaces, and a name never looks like an address
(trust requirement R58).
"""

import re
import unicodedata
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

import idna

from onboarding import clock
from onboarding.gateways.email_postmark import KEEP_ID, MARK
from onboarding.gateways.refusals import PermanentRefusal

_ADDRESS = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,64}@[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,253}"
)
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*")
_LOOKS_LIKE_AN_ADDRESS = re.compile('[@＠﹫<>＜＞"\\\\;:,]')
_LONGEST_NAME = 70
_LONGEST_SUBJECT = 200
_POLICY = policy.SMTP.clone(max_line_length=78)


@dataclass(frozen=True)
class EmailAttachment:
    """A file that goes with an e-mail; `media_type` such as `application/pdf`."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class OutgoingEmail:
    """One e-mail to one person. `message_id` in angle brackets is the same on every try.

    `unsubscribe_url` takes a single POST without cookies (RFC 8058); `mark` is what a provider that
    keeps metadata is asked to bring back.
    """

    to: str
    from_name: str
    reply_to: str | None
    subject: str
    text: str
    html: str
    message_id: str
    attachments: tuple[EmailAttachment, ...] = ()
    unsubscribe_url: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Accepted:
    """Whoever carries the message took it and said `answer`; `is_delivered`: it has arrived."""

    provider_id: str | None
    answer: str
    is_delivered: bool = False


class Email(Protocol):
    """Raises TemporaryRefusal, PermanentRefusal or UnknownOutcome; see gateways.refusals."""

    def send(self, email: OutgoingEmail, deadline: float) -> Accepted:
        """Hands the e-mail over. Nothing is begun, and nothing handed over, once
        `clock.monotonic()` has passed `deadline`: another worker may have taken it on by then.
        """

    def check(self) -> str:
        """One sentence that says what was reached. Raises TemporaryRefusal with the reason."""


def as_mime(email: OutgoingEmail, mail_from: str) -> EmailMessage:
    """The e-mail with all its headers and parts. Raises PermanentRefusal: an unusable address."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(_sender_name(email.from_name), addr_spec=envelope(mail_from))
    message["To"] = Address(addr_spec=envelope(email.to))
    if email.reply_to:
        message["Reply-To"] = Address(addr_spec=envelope(email.reply_to))
    message["Subject"] = plain(email.subject, _LONGEST_SUBJECT)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = plain(email.message_id, 200)
    message["Auto-Submitted"] = "auto-generated"
    if email.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{plain(email.unsubscribe_url, 400)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if email.mark:
        message[KEEP_ID] = "true"
        message[MARK] = plain(email.mark, 26)
    message.set_content(_sendable(email.text), cte="quoted-printable")
    message.add_alternative(_sendable(email.html), subtype="html", cte="quoted-printable")
    for attachment in email.attachments:
        main, _, sub = attachment.media_type.partition("/")
        name = plain(attachment.name, 120).replace("/", "-")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name)
    return message


def envelope(address: str) -> str:
    """The address as servers spell it, the domain in ASCII. Raises PermanentRefusal."""
    if not _ADDRESS.fullmatch(address):
        raise PermanentRefusal("That is not one e-mail address.")
    mailbox, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as unusable:
        raise PermanentRefusal(f"The domain cannot be reached: {unusable}") from unusable
    if not _DOMAIN.fullmatch(ascii_domain):
        raise PermanentRefusal("There is no domain of that name.")
    if not mailbox.isascii():
        raise PermanentRefusal("Letters outside ASCII before the @ are not taken by every server.")
    return f"{mailbox}@{ascii_domain}"


def plain(text: str, longest: int) -> str:
    """One line without control characters, separators, marks of direction or halves of a pair."""
    kept = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join(kept.split())[:longest].rstrip()


def _sender_name(name: str) -> str:
    """`Ridgeline Roofing via Portal`: whose message it is, and that it was sent on their behalf."""
    harmless = plain(_LOOKS_LIKE_AN_ADDRESS.sub(" ", name), _LONGEST_NAME)
    return f"{harmless} via Portal" if harmless else "Portal"


def _sendable(text: str) -> str:
    """NUL and halves of surrogate pairs cannot be sent; servers refuse the one, UTF-8 the other."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
