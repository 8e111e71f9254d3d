"""What Postmark posts of e-mails sent through it. It signs nothing: a name and a password stand in
the address that it is given, and our mark comes back as metadata."""

import json
from typing import Any

from onboarding.gateways.email_reports import MailReport, UnreadableReport, What

# An e-mail that carries this header keeps our Message-ID and brings our mark back.
KEEP_ID, MARK = "X-PM-KeepID", "X-PM-Metadata-delivery"
# https://postmarkapp.com/developer/api/bounce-api#bounce-types; what is missing here says nothing
# about the address.
_BOUNCES = {
    "HardBounce": What.BOUNCED,
    "BadEmailAddress": What.BOUNCED,
    "SpamComplaint": What.COMPLAINED,
    "SoftBounce": What.GIVEN_UP,
    "Transient": What.DELAYED,
    "DnsError": What.DELAYED,
    "Undetermined": What.DELAYED,
    "Blocked": What.GIVEN_UP,
    "SpamNotification": What.GIVEN_UP,
}


def read_postmark(body: bytes) -> MailReport | None:
    """None for what says nothing about an e-mail's fate. Raises UnreadableReport."""
    try:
        said = json.loads(body)
        mark = str((said.get("Metadata") or {}).get("delivery", ""))[:26]
        what = _what(said)
    except (ValueError, AttributeError, TypeError, RecursionError) as wrong:
        raise UnreadableReport("It is no webhook of Postmark's.") from wrong
    answer = " ".join(str(said.get("Details") or said.get("Description") or "").split())
    return MailReport(what, mark=mark, answer=answer[:480]) if what else None


def _what(said: dict[str, Any]) -> What | None:
    kind = said.get("RecordType")
    if kind == "Delivery":
        return What.DELIVERED
    elif kind == "SpamComplaint":
        return What.COMPLAINED
    elif kind == "Bounce":
        return _BOUNCES.get(str(said.get("Type")))
    else:
        return None
