"""The catalogs: every sentence that people read, gathered from the sources, beside its translation.

`scripts/words` gathers, keeps each translation whose sentence is still said, compiles, and names
what is left to translate. The compiled catalogs stand in the tree, so that nothing has to be built
before the product runs; tests/guards/test_words.py says when they are behind.
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
from babel.messages.extract import extract_from_dir
from babel.messages.extract import extract_python as extract_calls
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("es",)
HEADER = "# What the product says, in Spanish as it is written in the United States, with usted."
# No clock: whoever gathers the same words gets the same file.
WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
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
# Words that are data where they stand and are translated where they are shown: for each module the
# classes and constants that hold them.
DATA = {
    "onboarding/journey/status.py": {"Status", "Detail", "Action"},
    "onboarding/journey/permissions.py": {"Refusal"},
    "onboarding/estimates/completeness.py": {"Missing"},
    "onboarding/estimates/staleness.py": {"Reason"},
    "onboarding/contracts/placeholders.py": {"PLACEHOLDERS"},
    "onboarding/notifications/own_words.py": {"PLACEHOLDERS"},
    "onboarding/contracts/ink.py": {"BLANK", "TOO_MUCH", "TOO_LITTLE", "UNREADABLE"},
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}")
# The product's own folders: what else lies in a checkout is not read.
SPOKEN_IN = {"onboarding", "templates"}


def main() -> None:
    sources, left = gathered(), []
    for language in LANGUAGES:
        catalog = updated(language, sources)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(read_translations(language)))
        left += faults(catalog)
        sys.stdout.write(f"{language}: {len(catalog)} messages\n")
    sys.exit("\n".join(left) or 0)


def gathered() -> Catalog:
    """Every message of the sources, untranslated."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=_is_spoken_in
    )
    for path, _line, words, _comments, context in found:
        catalog.add(words, locations=[(path, 0)], context=context)
    return catalog


def _is_spoken_in(folder: str) -> bool:
    return Path(folder).relative_to(ROOT).parts[0] in SPOKEN_IN


def extract_python(
    source: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Babel's own extraction of Python, and the words that are data."""
    text = source.read()
    yield from extract_calls(BytesIO(text), keywords, comment_tags, options)
    path = Path(source.name).resolve()
    holders = DATA.get(path.relative_to(ROOT).as_posix(), set())
    for node in ast.parse(text).body:
        if _name_of(node) in holders:
            for constant in _words_of(node):
                yield constant.lineno, "gettext", constant.value, []


def _name_of(node: ast.stmt) -> str:
    if isinstance(node, ast.ClassDef):
        return node.name
    target = getattr(node, "target", None) or next(iter(getattr(node, "targets", ())), None)
    return target.id if isinstance(target, ast.Name) else ""


def _words_of(node: ast.stmt) -> Iterator[ast.Constant]:
    """The strings that are given names in a class, or stand as a constant or a mapping's values."""
    for part in node.body if isinstance(node, ast.ClassDef) else [node]:
        value = part.value if isinstance(part, ast.Assign | ast.AnnAssign) else None
        for one in value.values if isinstance(value, ast.Dict) else [value]:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one


def updated(language: str, sources: Catalog) -> Catalog:
    """The translations of what is still said, and what is new, empty. Nothing is guessed: a
    sentence that changed is translated anew."""
    before = read_translations(language)
    catalog = Catalog(
        language,
        project="Onboarding",
        version="1",
        charset="utf-8",
        fuzzy=False,
        header_comment=HEADER,
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        last_translator="Onboarding",
        language_team="Onboarding",
    )
    catalog.msgid_bugs_address = ""
    for message in sources:
        if message.id:
            known = before.get(forms_of(message.id)[0])
            where = sorted(set(message.locations))
            said = known.string if known is not None else None
            catalog.add(message.id, said, where, flags=message.flags)
    return catalog


def po_path(language: str) -> Path:
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def read_translations(language: str) -> Catalog:
    path = po_path(language)
    text = path.read_bytes() if path.exists() else b""
    return read_po(BytesIO(text), locale=language)


def po_bytes(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=100, sort_output=True, include_lineno=False)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def faults(catalog: Catalog) -> list[str]:
    """A line for each message that is not wholly and rightly translated."""
    named = ((_fault(message), message.id) for message in catalog if message.id)
    return [f"{fault}: {id_!r}" for fault, id_ in named if fault]


def _fault(message: Message) -> str:
    said = forms_of(message.string)
    if message.fuzzy:
        return "only guessed"
    elif not said or not all(said):
        return "not translated"
    wanted = placeholders(forms_of(message.id)[-1])
    return "" if all(placeholders(text) == wanted for text in said) else "other placeholders"


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def forms_of(text: Any) -> tuple[str, ...]:
    """Singular and plural, or the one form."""
    return tuple(text) if isinstance(text, list | tuple) else (text,)


if __name__ == "__main__":
    main()
