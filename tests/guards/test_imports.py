"""Who may import whom: each fault is reported with the line to move, and where to."""

import ast
import re
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions

import pytest

from tests.guards.sources import ROOT, Import, Source, imports, product

LEVELS: list[set[str]] = [
    {"braces", "config", "database", "clock", "tokens", "money", "actor", "passwords", "migrating"}
    | {"colors", "password_rules", "web", "gateways", "jobs", "commands_words"},
    {"notifications"},
    {"contractors"},
    {"contacts", "journey"},
    {"invites", "accounts", "estimates", "messages", "contracts", "payments"},
    {"record", "pipeline", "portal", "support", "insights", "sandbox"},
    {"keeping"},
    {"create_app", "frame", "schema"},
]
LEVEL = {room: number for number, rooms in enumerate(LEVELS) for room in rooms}
# Modules beside create_app that, like it, reach into every room.
HOUSEHOLD = {"joins", "commands", "doctor", "front_views"}

# Rooms of level 4 lean on each other only so.
SIDEWAYS: dict[tuple[str, str], str] = {
    ("invites", "estimates"): "an invite sends the latest draft: without an estimate there is none",
    ("invites", "contracts"): "and the contract drafted beside it",
    ("estimates", "contracts"): "an approval merges and freezes the contract it was drafted with",
    ("messages", "estimates"): "a question hangs on a line item",
    ("accounts", "invites"): "an account begins with the invite whose button was pressed",
    ("payments", "contracts"): "the mandate for auto-pay follows the signature",
}

# A file that breaks a rule of this page for a reason: (path, module it imports) -> the reason.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("onboarding/sandbox/serving.py", "onboarding.create_app"): "it serves the whole house",
    ("onboarding/sandbox/demo.py", "onboarding.support.actions"): "the demo has a support agent",
    ("onboarding/sandbox/demo.py", "onboarding.support.models"): "who tells that it is whole",
}

WITHOUT_FLASK = re.compile(r"onboarding/(journey/.*|.*/(models|actions|queries)(_\w+)?)\.py")
FLASK = {"flask", "flask_login", "flask_wtf", "flask_limiter", "flask_compress", "htmx_flask"}

CREATE_APP = "onboarding/__init__.py"

# What a role file may not lean on: its name -> the roles above it.
ABOVE = {
    "models": {"actions", "queries", "forms", "views"},
    "queries": {"actions", "forms", "views"},
    "forms": {"views"},
    "actions": {"forms", "views"},
}


def room_of(module: str) -> str:
    """The room a module of ours belongs to; onboarding itself is create_app, as is app."""
    parts = module.split(".")
    is_own = parts[0] == "onboarding" and len(parts) > 1 and parts[1] not in HOUSEHOLD
    return parts[1] if is_own else "create_app"


def role_of(module: str) -> str:
    last = module.rpartition(".")[2]
    if last.endswith("_views") or last == "views":
        return "views"
    else:
        return last.partition("_")[0]


def target_of(entry: Import, modules: set[str]) -> str:
    """The module an import reaches: `from onboarding import clock` reaches onboarding.clock."""
    return entry.full if entry.full in modules or entry.module == "onboarding" else entry.module


def own_imports(sources: list[Source]) -> Iterable[tuple[Import, str]]:
    modules = {source.module for source in sources}
    for source in sources:
        for entry in imports(source):
            target = target_of(entry, modules)
            if target.split(".")[0] in {"onboarding", "app"}:
                yield entry, target


def wrong_direction(sources: list[Source]) -> list[str]:
    faults = []
    for entry, target in own_imports(sources):
        source, wanted = room_of(entry.source.module), room_of(target)
        unknown = {source, wanted} - LEVEL.keys()
        if unknown:
            faults.append(f"{entry.where}\n  {unknown} has no level: name it in LEVELS or move it")
        elif not permitted(source, wanted) and (entry.source.path, target) not in EXCEPTIONS:
            faults.append(f"{entry.where}\n  {advice(source, wanted)}")
    return faults


def permitted(source: str, wanted: str) -> bool:
    if source in {wanted, "create_app"} or LEVEL[source] == LEVEL[wanted] == 0:
        return True
    else:
        return LEVEL[wanted] < LEVEL[source] or (source, wanted) in SIDEWAYS


def advice(source: str, wanted: str) -> str:
    why = f"{source} (level {LEVEL[source]}) may not import {wanted} (level {LEVEL[wanted]})"
    both = [
        room
        for room in sorted(LEVEL, key=lambda room: (LEVEL[room], room))
        if room not in {source, wanted} and permitted(room, source) and permitted(room, wanted)
    ]
    if permitted(wanted, source):
        return f"{why}: move what needs it to onboarding/{wanted}/, which may import {source}"
    else:
        return f"{why}: move what needs both to one of {', '.join(both[:6])}"


def flask_below_views(sources: list[Source]) -> list[str]:
    faults = []
    web = {s.module for s in sources if s.module.startswith("onboarding.web") and uses_flask(s)}
    for source in sources:
        if WITHOUT_FLASK.fullmatch(source.path):
            for entry in imports(source):
                direct = entry.full.split(".")[0] in FLASK
                if direct or target_of(entry, web) in web:
                    through = "" if direct else " (that module imports flask)"
                    faults.append(
                        f"{entry.where}\n  the worker and the command line run this without a "
                        f"request{through}: move the line to a view of {room_of(source.module)} "
                        "and hand its value in"
                    )
    return faults


def uses_flask(source: Source) -> bool:
    return any(entry.full.split(".")[0] in FLASK for entry in imports(source))


def roles_upside_down(sources: list[Source]) -> list[str]:
    faults = []
    for entry, target in own_imports(sources):
        role, wanted = role_of(entry.source.module), role_of(target)
        room = room_of(target)
        if wanted in ABOVE.get(role, set()) and LEVEL.get(room, 0) > 0:
            faults.append(
                f"{entry.where}\n  {role} may not lean on {wanted}: move what needs it to "
                f"onboarding/{room_of(entry.source.module)}/{wanted}.py or hand the value in"
            )
    return faults


def concrete_gateways(sources: list[Source]) -> set[str]:
    """Classes of gateways/ that fill one of its Protocols: they carry all of its methods."""
    classes = [
        (node, {part.name for part in node.body if isinstance(part, ast.FunctionDef)})
        for source in sources
        if source.path.startswith("onboarding/gateways/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    ]
    protocols = {node.name: methods for node, methods in classes if is_protocol(node) and methods}
    return {
        node.name
        for node, methods in classes
        if not is_protocol(node)
        and (
            any(wanted <= methods for wanted in protocols.values())
            or any(ast.unparse(base) in protocols for base in node.bases)
        )
    }


def is_protocol(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).split("[")[0].endswith("Protocol") for base in node.bases)


def gateways_named(sources: list[Source]) -> list[str]:
    concrete = concrete_gateways(sources)
    faults = []
    for source in sources:
        if source.path.startswith("onboarding/gateways/") or source.path == CREATE_APP:
            continue
        for node in ast.walk(source.tree):
            names = set()
            if isinstance(node, ast.ImportFrom):
                names = {alias.name for alias in node.names} & concrete
            elif isinstance(node, ast.Attribute) and node.attr in concrete:
                names = {node.attr}
            faults += [
                f"{source.path}:{node.lineno}: {source.line(node.lineno)}\n  {name} is one of "
                "several gateways: take the Protocol here, and let create_app pick"
                for name in names
            ]
    return faults


def stale(sources: list[Source]) -> list[str]:
    """Permissions that nothing uses any more."""
    edges = set()
    files = set()
    for entry, target in own_imports(sources):
        edges.add((room_of(entry.source.module), room_of(target)))
        files.add((entry.source.path, target))
    return [
        f"{entry} is permitted ({reason}) and not used: take it out of the list"
        for permissions, used in ((SIDEWAYS, edges), (EXCEPTIONS, files))
        for entry, reason in permissions.items()
        if entry not in used
    ]


def unpinned(sources: list[Source], requirements: str) -> list[str]:
    """Third-party imports that requirements.txt does not name: they work only by accident."""
    pinned = {
        re.sub(r"[-_.]+", "-", name).lower()
        for name in re.findall(r"^([\w.-]+)==", requirements, re.MULTILINE)
    }
    providers = packages_distributions()
    faults = []
    for source in sources:
        for entry in imports(source):
            top = entry.module.split(".")[0]
            if top in sys.stdlib_module_names or top in {"onboarding", "app", "__future__"}:
                continue
            names = {re.sub(r"[-_.]+", "-", name).lower() for name in providers.get(top, [top])}
            if not names & pinned:
                faults.append(f"{entry.where}\n  pin {top} in requirements.txt")
    return faults


def test_rooms_import_only_downwards():
    assert not wrong_direction(product()), "\n".join(["", *wrong_direction(product())])


def test_models_actions_queries_and_journey_never_import_flask():
    assert not flask_below_views(product()), "\n".join(["", *flask_below_views(product())])


def test_views_stand_on_forms_actions_and_queries_and_not_the_other_way():
    assert not roles_upside_down(product()), "\n".join(["", *roles_upside_down(product())])


def test_only_create_app_names_a_concrete_gateway():
    assert not gateways_named(product()), "\n".join(["", *gateways_named(product())])


def test_no_permission_is_stale():
    assert not stale(product()), "\n".join(["", *stale(product())])


def test_every_package_imported_is_pinned():
    faults = unpinned(product(), (ROOT / "requirements.txt").read_text())
    assert not faults, "\n".join(["", *faults])


def planted(path: str, text: str, *others: Source) -> list[Source]:
    return [Source(path, text), *others]


@pytest.mark.parametrize(
    ("path", "line", "advised"),
    [
        (
            "onboarding/contacts/actions.py",
            "from onboarding.journey import status",
            "to one of accounts, contracts",
        ),
        (
            "onboarding/estimates/actions.py",
            "from onboarding.invites.models import Invite",
            "onboarding/invites/, which may import estimates",
        ),
        (
            "onboarding/clock.py",
            "from onboarding import notifications",
            "onboarding/notifications/, which may import clock",
        ),
        (
            "onboarding/journey/actions.py",
            "def late():\n    import onboarding.pipeline.queries",
            "onboarding/pipeline/, which may import journey",
        ),
        (
            "onboarding/portal/customer_views.py",
            "from ..record import queries",
            "create_app",
        ),
        (
            "onboarding/payments/actions.py",
            "from onboarding import create_app",
            "create_app",
        ),
        (
            "onboarding/helpers/text.py",
            "from onboarding import clock",
            "has no level",
        ),
    ],
)
def test_an_import_upwards_or_sideways_is_seen(path, line, advised):
    (fault,) = wrong_direction(planted(path, line, Source("onboarding/record/queries.py", "")))
    assert fault.startswith(f"{path}:")
    assert advised in fault


def test_an_import_downwards_and_a_permitted_one_sideways_pass():
    text = "from onboarding import clock\nfrom onboarding.contracts import models\n"
    assert not wrong_direction(planted("onboarding/estimates/actions.py", text))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("onboarding/estimates/models.py", "from flask import g"),
        ("onboarding/estimates/actions.py", "import flask_login"),
        ("onboarding/estimates/queries.py", "from onboarding.web import sessions"),
        ("onboarding/journey/status.py", "def f():\n    from flask import request"),
        ("onboarding/estimates/actions_draft.py", "from flask import current_app"),
    ],
)
def test_flask_below_the_views_is_seen(path, line):
    sessions = Source("onboarding/web/sessions.py", "from flask import session")
    (fault,) = flask_below_views(planted(path, line, sessions))
    assert "move the line to a view" in fault


def test_flask_in_a_view_passes():
    assert not flask_below_views(planted("onboarding/estimates/customer_views.py", "import flask"))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("onboarding/estimates/models.py", "from onboarding.estimates import actions"),
        ("onboarding/estimates/queries.py", "from onboarding.contracts.actions import sign"),
        ("onboarding/estimates/actions.py", "from onboarding.estimates.forms import ApproveForm"),
        ("onboarding/estimates/forms.py", "from . import customer_views"),
    ],
)
def test_a_role_that_leans_on_one_above_it_is_seen(path, line):
    others = [
        Source(f"onboarding/{room}/{role}.py", "")
        for room in ("estimates", "contracts")
        for role in ("actions", "forms", "customer_views")
    ]
    others = [other for other in others if other.path != path]
    assert len(roles_upside_down(planted(path, line, *others))) == 1


GATEWAY = """
class Mailer(Protocol):
    def send(self, mail): ...
class Mail: ...
class SmtpMailer:
    def send(self, mail): ...
"""


@pytest.mark.parametrize(
    "line",
    [
        "from onboarding.gateways.email import SmtpMailer",
        "from onboarding.gateways import email\nmailer = email.SmtpMailer()",
    ],
)
def test_a_concrete_gateway_named_outside_create_app_is_seen(line):
    gateway = Source("onboarding/gateways/email.py", GATEWAY)
    (fault,) = gateways_named(planted("onboarding/notifications/actions.py", line, gateway))
    assert "SmtpMailer" in fault
    assert not gateways_named(planted("onboarding/__init__.py", line, gateway))


def test_a_protocol_and_what_it_carries_may_be_named_anywhere():
    gateway = Source("onboarding/gateways/email.py", GATEWAY)
    line = "from onboarding.gateways.email import Mail, Mailer"
    assert not gateways_named(planted("onboarding/notifications/actions.py", line, gateway))


def test_a_stale_permission_is_seen():
    assert len(stale([Source("onboarding/clock.py", "")])) == len(SIDEWAYS) + len(EXCEPTIONS)


def test_a_package_that_is_not_pinned_is_seen():
    sources = planted("onboarding/clock.py", "import pendulum\nimport flask")
    (fault,) = unpinned(sources, "Flask==3.1\n")
    assert "pin pendulum" in fault
