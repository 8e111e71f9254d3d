"""Small files, short functions, nothing unfinished, no rooms without a word of their own."""

import ast
import re
from pathlib import Path

import pytest

from tests.guards.sources import ROOT, Source, product, read

MODULE_LINES = 300
FUNCTION_LINES = 40
VIEW_LINES = 20
TEMPLATE_LINES = 80
CONFTEST_LINES = 150

# What is longer than the house allows, by "path" or "path::function" -> why it is one thing.
LONGER: dict[str, str] = {}

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
SKIPPED = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b|unittest\.skip")
DRAWERS = {"utils", "util", "helpers", "helper", "common", "services", "service", "misc", "lib"}


def long_modules(sources: list[Source], limit: int = MODULE_LINES) -> dict[str, str]:
    return {
        source.path: f"{source.path}: {count} lines, {limit} at most: split it by screen"
        for source in sources
        if (count := len(source.text.splitlines())) > limit
    }


def long_functions(sources: list[Source]) -> dict[str, str]:
    faults = {}
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                limit = VIEW_LINES if is_view(node, source) else FUNCTION_LINES
                count = (node.end_lineno or node.lineno) - node.lineno + 1
                if count > limit:
                    faults[f"{source.path}::{node.name}"] = (
                        f"{source.path}:{node.lineno}: {node.name} has {count} lines, {limit} at "
                        "most: give its parts names of their own"
                    )
    return faults


def is_view(node: ast.FunctionDef | ast.AsyncFunctionDef, source: Source) -> bool:
    """Answers an address: decorated with a route in a file of views."""
    routes = re.compile(r"\.(get|post|put|patch|delete|route)\(")
    return source.path.endswith("views.py") and any(
        routes.search(ast.unparse(mark)) for mark in node.decorator_list
    )


def long_templates(templates: dict[str, str]) -> dict[str, str]:
    return {
        path: f"{path}: {count} lines, {TEMPLATE_LINES} at most: move a region to a fragment"
        for path, text in templates.items()
        if (count := len(text.splitlines())) > TEMPLATE_LINES
    }


def unfinished(texts: dict[str, str], pattern: re.Pattern[str] = UNFINISHED) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def drawers(paths: list[str]) -> list[str]:
    """Files and folders named after nothing: whatever fits nowhere ends in them."""
    return [path for path in paths if set(Path(path).with_suffix("").parts) & DRAWERS]


def templates() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "templates").rglob("*.html"))
    }


def conftests() -> list[Source]:
    return read(sorted((ROOT / "tests").rglob("conftest.py")))


def written_by_hand() -> dict[str, str]:
    folders = ("onboarding", "templates", "static/css", "static/js", "migrations", "bench")
    folders += ("quality", "tests", "scripts")
    kinds = {".py", ".html", ".css", ".js", ".typ", ".txt", ".sh", ""}
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and path.suffix in kinds and "__pycache__" not in path.parts
        # this page spells the words it looks for
        if path != Path(__file__).resolve()
    }


def everything_too_long() -> dict[str, str]:
    return {
        **long_modules(product()),
        **long_functions(product()),
        **long_templates(templates()),
        **long_modules(conftests(), CONFTEST_LINES),
    }


def test_modules_functions_views_and_templates_are_short():
    faults = [text for key, text in everything_too_long().items() if key not in LONGER]
    assert not faults, "\n".join(["", *faults])


def test_no_permission_to_be_longer_is_stale():
    stale = LONGER.keys() - everything_too_long().keys()
    assert not stale, f"short again, take it out of LONGER: {stale}"


def test_nothing_is_left_unfinished():
    assert not unfinished(written_by_hand()), "\n".join(["", *unfinished(written_by_hand())])


def test_no_test_is_skipped():
    tests = {path: text for path, text in written_by_hand().items() if path.startswith("tests/")}
    assert not unfinished(tests, SKIPPED), "\n".join(["", *unfinished(tests, SKIPPED)])


def test_every_room_has_a_word_of_its_own():
    assert not drawers(list(written_by_hand())), drawers(list(written_by_hand()))


def test_a_long_module_is_seen():
    assert long_modules([Source("onboarding/clock.py", "x = 1\n" * 301)])
    assert not long_modules([Source("onboarding/clock.py", "x = 1\n" * 300)])


def test_a_long_function_is_seen():
    body = "    x = 1\n"
    assert long_functions([Source("onboarding/clock.py", "def f():\n" + body * 40)])
    assert not long_functions([Source("onboarding/clock.py", "def f():\n" + body * 39)])


def test_a_long_view_is_seen():
    view = "@portal.post('/portal/estimate')\ndef approve():\n" + "    x = 1\n" * 20
    assert long_functions([Source("onboarding/estimates/customer_views.py", view)])
    assert not long_functions([Source("onboarding/estimates/actions.py", view)])


def test_a_long_template_is_seen():
    assert long_templates({"templates/layout.html": "<p>\n" * 81})


@pytest.mark.parametrize("line", ["# TODO: later", "raise NotImplementedError", "{# FIXME #}"])
def test_unfinished_work_is_seen(line):
    faults = unfinished({"onboarding/clock.py": f"x = 1\n{line}\n"})
    assert faults == [f"onboarding/clock.py:2: {line}"]


@pytest.mark.parametrize("line", ["@pytest.mark.skip", "pytest.skip('')", "@pytest.mark.xfail()"])
def test_a_skipped_test_is_seen(line):
    assert unfinished({"tests/test_x.py": line}, SKIPPED)


@pytest.mark.parametrize(
    "path", ["onboarding/utils.py", "onboarding/invites/helpers.py", "onboarding/common/text.py"]
)
def test_a_room_named_after_nothing_is_seen(path):
    assert drawers([path])
