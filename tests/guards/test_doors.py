"""Time comes from clock, chance from tokens, money in cents from money; nothing prints."""

import ast
import re

import pytest

from tests.guards.sources import Source, product, spelled

TIME = re.compile(
    r"datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today|time\.(time|time_ns|localtime|gmtime)"
    r"|(.*\.)?func\.(now|current_timestamp|current_date|localtimestamp)"
)
CHANCE = re.compile(
    r"(random|secrets)(\..*)?|uuid\.uuid[1-8]|os\.(urandom|getrandom)|(.*\.)?func\.random"
)
OTHER = re.compile(r"\.(print|input|breakpoint|eval|exec)|pprint\.pprint|pdb(\..*)?")

# path -> what it may do that nobody else may, and why.
DOORS: dict[str, tuple[re.Pattern[str], str]] = {
    "onboarding/clock.py": (TIME, "the door to time"),
    "onboarding/tokens.py": (CHANCE, "the door to chance"),
}

# Names that hold money. Cents are whole numbers: a float in their company loses them.
MONEY = re.compile(r"(^|_)(cents|amount|price|total|subtotal|tax|discount|deposit|sum)(_|s?$)")

# The one place that divides and rounds; it has its own tests that no cent is lost.
MONEY_DOOR = "onboarding/money.py"

# (path, name) -> why a float stands beside a word of money there.
FLOATS: dict[tuple[str, str], str] = {}


def behind_doors(source: Source) -> list[str]:
    """Uses of time, chance and words for debugging outside their door."""
    own = DOORS.get(source.path, (None, ""))[0]
    faults = []
    for line, path in spelled(source):
        for banned, instead in (
            (TIME, "ask onboarding.clock for the time"),
            (CHANCE, "ask onboarding.tokens for chance"),
            (OTHER, "log it, or show it with click.echo on the command line"),
        ):
            if banned is not own and banned.fullmatch(path):
                faults.append(f"{source.path}:{line}: {source.line(line)}\n  {path}: {instead}")
    return faults


def float_money(source: Source) -> list[str]:
    faults = []
    for node in ast.walk(source.tree):
        if source.path == MONEY_DOOR and isinstance(node, ast.BinOp | ast.Call):
            continue
        for name in names_made_floats(node):
            if (source.path, name) not in FLOATS:
                faults.append(
                    f"{source.path}:{node.lineno}: {source.line(node.lineno)}\n"
                    f"  {name} is money: keep cents whole; onboarding.money divides and rounds"
                )
    return faults


def names_made_floats(node: ast.AST) -> list[str]:
    """Names of money that this node annotates, converts, divides or rounds as a float."""
    if isinstance(node, ast.AnnAssign | ast.arg):
        target = node.arg if isinstance(node, ast.arg) else ast.unparse(node.target)
        annotation = ast.unparse(node.annotation) if node.annotation else ""
        return [target] if re.search(r"\b(float|Float)\b", annotation) and money(target) else []
    elif isinstance(node, ast.FunctionDef) and node.returns is not None:
        return [node.name] if "float" in ast.unparse(node.returns) and money(node.name) else []
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"float", "round"}:
        return [word for part in node.args for word in words(part) if money(word)]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return [word for word in words(node.left) if money(word)]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Add | ast.Sub):
        literal = any(
            isinstance(side, ast.Constant) and isinstance(side.value, float)
            for side in (node.left, node.right)
        )
        return [word for word in words(node) if money(word)] if literal else []
    else:
        return []


def words(node: ast.expr) -> list[str]:
    return [
        part.id if isinstance(part, ast.Name) else part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Name | ast.Attribute)
    ]


def money(name: str) -> bool:
    return bool(MONEY.search(name.rpartition(".")[2]))


FLOAT_TYPE = re.compile(r"sqlalchemy(\.\w+)*\.(Float|REAL|FLOAT|Double|DOUBLE|DOUBLE_PRECISION)")


def float_columns(source: Source) -> list[str]:
    """A Float column anywhere: quantities and percentages are whole numbers too."""
    return [
        f"{source.path}:{line}: {source.line(line)}\n  store a whole number of a smaller unit"
        for line, path in spelled(source)
        if FLOAT_TYPE.fullmatch(path)
    ]


def all_faults(check) -> str:
    faults = [fault for source in product() for fault in check(source)]
    return "\n".join(["", *faults]) if faults else ""


def test_time_and_chance_come_through_their_doors():
    assert not all_faults(behind_doors), all_faults(behind_doors)


def test_money_is_never_a_float():
    assert not all_faults(float_money), all_faults(float_money)


def test_no_column_is_a_float():
    assert not all_faults(float_columns), all_faults(float_columns)


def test_no_exception_is_stale():
    used = {
        (source.path, name)
        for source in product()
        for node in ast.walk(source.tree)
        for name in names_made_floats(node)
    }
    assert not FLOATS.keys() - used, "take these out of FLOATS"
    for path, (banned, reason) in DOORS.items():
        (door,) = [source for source in product() if source.path == path]
        used = any(banned.fullmatch(name) for _, name in spelled(door))
        assert used, f"{path} is no longer {reason}"


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nlate = datetime.now()",
        "from datetime import UTC, datetime as dt\nlate = dt.now(UTC)",
        "import datetime\nlate = datetime.datetime.utcnow()",
        "import datetime as d\ntoday = d.date.today()",
        "from datetime import date\ncolumn = default(date.today)",
        "import time\nlate = time.time()",
        "from time import time\nlate = time()",
        "from sqlalchemy import func\nlate = func.now()",
        "import sqlalchemy as sa\nlate = sa.func.now()",
        "import random\nrandom.shuffle(rows)",
        "from random import choice\nchoice(rows)",
        "import secrets\nsecrets.token_urlsafe()",
        "import uuid\nuuid.uuid4()",
        "from uuid import uuid4\ncolumn(default=uuid4)",
        "import os\nos.urandom(8)",
        "print('here')",
        "breakpoint()",
        "eval('1')",
    ],
)
def test_a_way_round_the_doors_is_seen(text):
    assert behind_doors(Source("onboarding/invites/actions.py", text))


def test_each_door_may_open_only_itself():
    late = "import time\nlate = time.time()"
    dice = "import secrets\nsecrets.token_urlsafe()"
    assert not behind_doors(Source("onboarding/clock.py", late))
    assert not behind_doors(Source("onboarding/tokens.py", dice))
    assert behind_doors(Source("onboarding/tokens.py", late))
    assert behind_doors(Source("onboarding/clock.py", dice))


def test_waiting_measuring_and_naming_moments_pass():
    text = "import time\nfrom datetime import datetime\nx = time.monotonic(), datetime(2026, 1, 1)"
    assert not behind_doors(Source("onboarding/jobs.py", text))


@pytest.mark.parametrize(
    "text",
    [
        "total: float = 0",
        "def f(unit_price: float | None): pass",
        "def tax_of(rows) -> float: pass",
        "x = float(estimate.total_cents)",
        "x = round(amount * rate)",
        "x = total_cents / 100",
        "x = row.price * 1.0825",
    ],
)
def test_float_money_is_seen(text):
    assert float_money(Source("onboarding/estimates/actions.py", text))


def test_whole_cents_pass():
    text = "def f(total_cents: int, age: float) -> int:\n    return total_cents * 2 + age / 2"
    assert not float_money(Source("onboarding/estimates/actions.py", text))


def test_a_float_column_is_seen():
    text = "from sqlalchemy import Float\nx = Float()"
    assert float_columns(Source("onboarding/estimates/models.py", text))
