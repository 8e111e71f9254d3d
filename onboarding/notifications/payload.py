"""What a delivery says, sealed while it waits: a copy of the database holds no usable link."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from onboarding import config, tokens


@dataclass(frozen=True)
class Attachment:
    """A file that goes along, by reference: `sha256` is its name in the store of documents."""

    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True)
class Payload:
    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment]
    unsubscribe_url: str = ""


def sealed(payload: Payload) -> str:
    return tokens.seal(config.current().secret_keys, json.dumps(asdict(payload)))


def unsealed(text: str) -> Payload:
    """Raises tokens.UnreadableSeal where the secret key was changed without keeping the old one."""
    said = json.loads(tokens.unseal(config.current().secret_keys, text))
    attachments = [Attachment(**attachment) for attachment in said.pop("attachments")]
    return Payload(**said, attachments=attachments)
