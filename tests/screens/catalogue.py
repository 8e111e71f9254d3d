"""Every screen there is, by name: each page of the table of routes at its own stage of the journey,
and those whose words depend on how far somebody is, at each."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.guards.route_table import ROWS
from tests.residents import STAGES

# Answers that are no page of ours: files, style sheets, pieces that htmx swaps in, letters, and the
# page that only passes.
_NO_PAGE = (
    "api", "color", "csv", "export", "file", "healthz", "html", "icon", "mail", "manifest", "more",
    "out", "pdf", "picture", "poll", "return", "scan", "sheet", "total", "waiting",
)  # fmt: skip
_OFFICE = ("member", "owner", "agent", "sandbox")
# Pages that change with the stage of their person -> the stages to look at besides their own.
_CHANGING = {
    "record.contact": STAGES,
    "invites.show": ("expired", "replaced", "revoked"),
    "invites_crm.compose": ("new", "invited", "revoked", "complete"),
    "estimates.show": ("approved", "opened", "rejected", "resent", "complete"),
    "estimates_crm.show": ("drafted", "rejected", "approved"),
    "contracts.show": ("opened", "signed"),
    "portal.home": ("estimate", "approved", "signed", "revised", "revoked"),
    "payments.methods": ("signed",),
    "messages.conversation": ("estimate",),
    "messages_crm.conversation": ("new",),
}
# Forms that come back with their faults marked when they are sent empty.
_FORMS = (
    "accounts.choose_password", "accounts.keep_profile", "accounts.check_code", "accounts.email",
    "accounts.phone", "accounts.password", "contacts.create", "contracts.give_consent",
    "contracts.sign", "contractors.enter", "estimates_crm.begin", "invites_crm.send",
    "messages.send_question", "support.request_visit",
)  # fmt: skip


@dataclass(frozen=True)
class Screen:
    """A page as somebody at `stage` sees it. `door` names a line of the table of routes; a POST is
    its form sent empty."""

    door: str
    stage: str
    in_visit: bool = False

    @property
    def name(self) -> str:
        method, endpoint = self.door.split()
        ending = "-empty" if method == "POST" else "-visit" if self.in_visit else ""
        return f"{endpoint}-{self.stage}{ending}"

    @property
    def is_customers(self) -> bool:
        return ROWS[self.door].marker.partition("@")[0] not in _OFFICE


def screens() -> Iterator[Screen]:
    for door, row in ROWS.items():
        method, endpoint = door.split()
        is_page = method == "GET" and "200" in row.codes
        if is_page and endpoint.replace(".", "_").rpartition("_")[2] not in _NO_PAGE:
            stages = dict.fromkeys((row.stage, *_CHANGING.get(endpoint, ())))
            yield from (Screen(door, stage) for stage in stages)
    yield from (Screen(f"POST {endpoint}", ROWS[f"POST {endpoint}"].stage) for endpoint in _FORMS)
    yield Screen("GET estimates.show", "estimate", in_visit=True)
    yield Screen("GET pipeline.board", "complete", in_visit=True)
