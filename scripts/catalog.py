"""The catalogs of words: what the product says, gathered from its sources, beside what it says in Spanish.

`scripts/words` gathers (keeping every translation that still has its sentence), compiles, and names what
is left to translate. translations/messages.pot is only a step on the way and is not kept.
"""

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python as extract_calls
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("es",)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    # Its sentence goes through gettext where a form shows it.
    "NotAnAmount": None,
}
# Words that are data where they stand and are translated where they are shown: the names of the classes
# and constants that hold them, for each module.
DATA = {
    "onboarding/journey/status.py": {"Status", "Detail", "Action"},
    "onboarding/journey/permissions.py": {"Refusal"},
    "onboarding/estimates/completeness.py": {"Missing"},
    "onboarding/estimates/actions_answers.py": {"Reason"},
    "onboarding/contracts/placeholders.py": {"PLACEHOLDERS"},
    "onboarding/contracts/ink.py": {"BLANK", "TOO_MUCH", "TOO_LITTLE", "UNREADABLE"},
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

Found = tuple[int, str, str | tuple[str, ...], list[str]]


def extract_python(
    source: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Found]:
    """Babel's own extraction of Python, and the words that are data."""
    text = source.read()
    yield from extract_calls(BytesIO(text), keywords, comment_tags, options)
    path = Path(source.name).resolve()
    names = DATA.get(path.relative_to(ROOT).as_posix(), set())
    for node in ast.parse(text).body:
        if _name_of(node) in names:
            for line, words in _words_of(node):
                yield line, "gettext", words, []


def _name_of(node: ast.stmt) -> str:
    if isinstance(node, ast.ClassDef):
        return node.name
    target = getattr(node, "target", None) or next(iter(getattr(node, "targets", ())), None)
    return target.id if isinstance(target, ast.Name) else ""


def _words_of(node: ast.stmt) -> Iterator[tuple[int, str]]:
    parts = node.body if isinstance(node, ast.ClassDef) else [node]
    for part in parts:
        value = getattr(part, "value", None)
        if not isinstance(part, ast.Assign | ast.AnnAssign):
            continue
        for one in value.values if isinstance(value, ast.Dict) else [value]:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.lineno, one.value


def gathered() -> Catalog:
    """Every message of the sources, untranslated."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    catalog = Catalog(project="Onboarding", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        ROOT,
        method_map=[(pattern, method) for pattern, method in methods],
        options_map=options,
        keywords=KEYWORDS,
        directory_filter=lambda folder: Path(folder).name not in _CLOSED,
    )
    for path, line, words, comments, context in found:
        catalog.add(words, None, [(path, line)], auto_comments=comments, context=context)
    return catalog


_CLOSED = {".git", ".venv", ".cache", "__pycache__", "node_modules", "data", "static", "tests", "bench"}


def po_path(language: str) -> Path:
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def read_translations(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, sources: Catalog) -> Catalog:
    """The translations of the sentences that are still said, and the new ones, empty. No guessing: a
    sentence that changed is translated again."""
    before = read_translations(language)
    catalog = Catalog(
        language, project="Onboarding", charset="utf-8", fuzzy=False,
        header_comment="# What the product says, in Spanish as it is written in the United States.",
        creation_date=EPOCH, revision_date=EPOCH,
        last_translator="", language_team="",
    )
    for message in sources:
        if message.id:
            known = before.get(_key(message))
            catalog.add(
                message.id, known.string if known is not None else None,
                sorted({(where, 0) for where, _ in message.locations}),
                flags=message.flags,
            )
    return catalog


# Two people who gather the same words get the same file.
EPOCH = datetime(2026, 11, 1, tzinfo=UTC)


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def po_bytes(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=100, sort_output=True, include_lineno=False)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def faults(catalog: Catalog) -> list[str]:
    """A sentence for each message that is not wholly and rightly translated."""
    found = []
    for message in catalog:
        if message.id:
            said = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
            if message.fuzzy:
                found.append(f"only guessed: {message.id!r}")
            elif not said or not all(said):
                found.append(f"not translated: {message.id!r}")
            elif not _keeps_placeholders(message, said):
                found.append(f"other placeholders: {message.id!r} {message.string!r}")
    return found


def _keeps_placeholders(message: Message, said: Any) -> bool:
    """Each form has just those of the sentence; a singular may say *one* in words."""
    ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    wanted = sorted(PLACEHOLDER.findall(ids[-1]))
    return all(sorted(PLACEHOLDER.findall(text)) == wanted for text in said)


def main() -> None:
    sources = gathered()
    for language in LANGUAGES:
        catalog = updated(language, sources)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(read_translations(language)))
        left = faults(catalog)
        sys.stdout.write("".join(f"{one}\n" for one in left))
        sys.stdout.write(f"{language}: {len(catalog)} messages, {len(left)} to translate\n")
        if left:
            sys.exit(1)


if __name__ == "__main__":
    main()
