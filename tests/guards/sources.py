"""What the guards read: the product's own Python, parsed once."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One file: `path` as it stands in the checkout (onboarding/journey/status.py) and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def module(self) -> str:
        """onboarding.journey.status; a package's __init__.py is the package."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def line(self, number: int) -> str:
        return self.text.splitlines()[number - 1].strip()


def product() -> list[Source]:
    """app.py and all of onboarding/."""
    return read([ROOT / "app.py", *sorted((ROOT / "onboarding").rglob("*.py"))])


def read(paths: Iterable[Path]) -> list[Source]:
    return [
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in paths
        if path.exists() and "__pycache__" not in path.parts
    ]


@dataclass(frozen=True)
class Import:
    source: Source
    line: int
    module: str  # the module named, absolute
    name: str  # what is taken from it, "" for a plain import

    @property
    def full(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module

    @property
    def where(self) -> str:
        return f"{self.source.path}:{self.line}: {self.source.line(self.line)}"


def imports(source: Source) -> Iterator[Import]:
    """Every import of a file, those inside functions and under TYPE_CHECKING too."""
    package = source.module if source.path.endswith("__init__.py") else _parent(source.module)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(source, node.lineno, alias.name, "")
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(package, node)
            for alias in node.names:
                yield Import(source, node.lineno, module, alias.name)


def _absolute(package: str, node: ast.ImportFrom) -> str:
    if node.level == 0:
        return node.module or ""
    base = package
    for _ in range(node.level - 1):
        base = _parent(base)
    return f"{base}.{node.module}" if node.module else base


def _parent(module: str) -> str:
    return module.rpartition(".")[0]


def spelled(source: Source) -> Iterator[tuple[int, str]]:
    """Each name and attribute with its line, as the full dotted path that the imports make of it.

    After `from datetime import datetime as dt`, `dt.now` comes out as `datetime.datetime.now`. What
    no import brought, a builtin or the file's own, comes out with a dot in front: `.print`.
    """
    origin: dict[str, str] = {}
    for entry in ast.walk(source.tree):
        if isinstance(entry, ast.Import):
            for alias in entry.names:
                known = alias.asname or alias.name.partition(".")[0]
                origin[known] = alias.name if alias.asname else known
        elif isinstance(entry, ast.ImportFrom) and entry.level == 0:
            for alias in entry.names:
                origin[alias.asname or alias.name] = f"{entry.module}.{alias.name}"
    for node in ast.walk(source.tree):
        path = _dotted(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if path:
            head, dot, rest = path.partition(".")
            yield node.lineno, origin.get(head, f".{head}") + dot + rest


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    elif isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    else:
        return ""
