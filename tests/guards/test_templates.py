"""Every template compiles, imports only what it uses, says its words through translation, and keeps
style, script and htmx where the Content-Security-Policy and the HTML checker want them."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, StrictUndefined, TemplateError, nodes

from tests.guards.sources import ROOT, product

TEMPLATES = ROOT / "templates"

# A fragment _thing.html that a view answers alone, and whose root is not id="thing" -> why.
WITHOUT_ITS_ID = {
    "estimates/_total.html": "its root, with that id, is written by the macro of the sums",
    "messages/_ask.html": "there is one such place for each line: its id carries the line's key",
    "messages/_changes.html": "an estimate's page has another #changes, which says what changed",
    "messages/_sent.html": "brings several places of the page, each under its own id",
    "messages/_talk.html": "brings several places of the page, each under its own id",
    "pipeline/_more.html": "more cards, put where the button stood",
    "pipeline/_news.html": "brings several regions of the board, each under its own id",
    "record/_beat.html": "brings two places of the record, each under its own id",
    "record/_news.html": "brings several regions of the record, each under its own id",
}
# Words that stand in a template, and not in _(…) -> why.
UNTRANSLATED = {
    ("components/buttons.html", "button button-… button-small button-wide"): "names of classes",
    ("components/forms.html", "…-error …-hint"): "ids of elements",
    ("components/frame.html", '… class="brand" href="…">'): "a tag whose name is an expression",
    ("components/pipeline.html", "enter"): "what is printed on the key of a keyboard",
    ("estimates/show.html", "PDF"): "the same in every language",
}
# Pages of the demo only, in English throughout.
IN_ENGLISH = ("design/",)

INLINE = re.compile(
    r"<style[\s>]|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:", re.I
)
HTMX = re.compile(r"(?<![\w-])hx-[a-z-]+\s*=|['\"]hx-[a-z-]+['\"]\s*:")
WORDS = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "value")
# What a macro answers in place of true: Jinja's macros answer text only.
_TRUTHS = ("yes",)
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"


def texts() -> dict[str, str]:
    """Every template of a page, by its path below templates/."""
    pages = sorted(TEMPLATES.rglob("*.html"))
    return {
        page.relative_to(TEMPLATES).as_posix(): page.read_text(encoding="utf-8")
        for page in pages
        if "emails" not in page.parts
    }


def parsed(text: str) -> nodes.Template:
    return Environment(autoescape=True).parse(text)


def unused_imports(text: str) -> list[str]:
    """Macros that are imported and never named again."""
    tree = parsed(text)
    brought: list[str] = []
    for imported in tree.find_all(nodes.FromImport):
        brought += [name if isinstance(name, str) else name[1] for name in imported.names]
    brought += [imported.target for imported in tree.find_all(nodes.Import)]
    used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    return [name for name in brought if name not in used]


def markup(text: str) -> str:
    """What the template writes by itself; every expression is a hole, statements are nothing."""
    return "".join(_written(parsed(text)))


def _written(node: nodes.Node) -> Iterator[str]:
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            yield child.data
        elif isinstance(child, nodes.Expr):
            yield HOLE if isinstance(node, nodes.Output) else ""
        elif not _is_of_a_tag(child):
            yield from _written(child)
            if isinstance(child, nodes.Macro | nodes.Block):
                yield "<br>"


def _is_of_a_tag(node: nodes.Node) -> bool:
    """Blocks and assignments that fill an attribute, such as a class."""
    is_class = isinstance(node, nodes.Block) and node.name.endswith("class")
    return is_class or isinstance(node, nodes.AssignBlock)


def root_of(text: str) -> str:
    """The id of the first element; "" where it has none."""
    bare = re.sub(r"{#.*?#}|{%.*?%}", "", text, flags=re.DOTALL)
    found = re.search(r"<[a-z][^>]*", bare)
    named = re.search(r'\sid="([^"]+)"', found[0]) if found else None
    return named[1] if named else ""


class Speech(HTMLParser):
    """Collects the words that a person would read or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        given = dict(attrs)
        for name in SPOKEN:
            is_seen = name != "value" or (tag == "input" and given.get("type") == "submit")
            if is_seen and WORDS.search(given.get(name) or ""):
                self.said.append(f"{name}={given[name]!r}")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden and WORDS.search(data):
            self.said.append(" ".join(data.replace(HOLE, "…").split()))


def untranslated(text: str) -> list[str]:
    """Words that stand in the markup and not in _(…)."""
    speech = Speech()
    speech.feed(markup(text))
    return speech.said


def fragments() -> Iterator[tuple[str, str]]:
    """Those that some view answers alone; the rest are parts of pages and need no id."""
    named = re.compile(r"[\"']([a-z_]+/_[a-z_]+\.html)[\"']")
    alone = {name for source in product() for name in named.findall(source.text)}
    return ((path, text) for path, text in texts().items() if path in alone)


def id_faults() -> dict[str, str]:
    return {
        path: f"{path}: the root has id={root_of(text)!r}"
        for path, text in fragments()
        if root_of(text).replace("-", "_") != path.rpartition("/")[2][1:].removesuffix(".html")
    }


def word_faults() -> set[tuple[str, str]]:
    said = {
        (path, words)
        for path, text in texts().items()
        if not path.startswith(IN_ENGLISH)
        for words in untranslated(text)
    }
    return {(path, words) for path, words in said if words not in _TRUTHS}


def found_in_texts(pattern: re.Pattern[str]) -> list[str]:
    hits = ((path, pattern.search(text)) for path, text in texts().items())
    return [f"{path}: {hit[0]!r}" for path, hit in hits if hit]


def test_every_template_compiles_where_a_missing_name_is_a_fault(town):
    environment = town.app.jinja_env
    assert environment.undefined is StrictUndefined
    faults = []
    for path, text in texts().items():
        try:
            environment.compile(text, path)
        except TemplateError as fault:
            faults.append(f"{path}: {fault}")
    assert not faults, "\n".join(["", *faults])


def test_nothing_is_imported_for_nothing():
    faults = {path: names for path, text in texts().items() if (names := unused_imports(text))}
    assert not faults, faults


def test_a_fragment_carries_its_own_id():
    faults = [fault for path, fault in id_faults().items() if path not in WITHOUT_ITS_ID]
    assert not faults, "\n".join(["", *faults])


def test_no_excuse_for_an_id_is_stale():
    assert not WITHOUT_ITS_ID.keys() - id_faults().keys(), "it has its id now: take it out"


def test_every_word_can_be_translated():
    faults = [f"{path}: {words}" for path, words in word_faults() - UNTRANSLATED.keys()]
    assert not faults, "\n".join(["", *sorted(faults)])


def test_no_excuse_for_words_is_stale():
    assert not UNTRANSLATED.keys() - word_faults(), "translated now: take it out"


def test_style_script_and_handlers_stand_in_files_of_their_own():
    assert not found_in_texts(INLINE), found_in_texts(INLINE)


def test_htmx_is_spelled_so_that_it_validates():
    assert not found_in_texts(HTMX), found_in_texts(HTMX)


def test_an_unused_import_is_seen():
    assert unused_imports('{% from "a.html" import b, c %}{{ b() }}') == ["c"]
    assert unused_imports('{% import "a.html" as a %}') == ["a"]
    assert unused_imports('{% from "a.html" import b as d %}{{ d() }}') == []


def test_a_fragment_with_another_id_is_seen():
    assert root_of('{# why #}{% if x %}<section class="a" id="total">{% endif %}') == "total"
    assert root_of("<p>No id</p>") == ""


@pytest.mark.parametrize(
    "text",
    [
        "<p>Sign in</p>",
        '<img alt="A roof">',
        '<input aria-label="Your name">',
        '<input type="submit" value="Send">',
        "<p>{{ name }} asked</p>",
    ],
)
def test_bare_words_are_seen(text):
    assert untranslated(text)


@pytest.mark.parametrize(
    "text",
    ["<p>{{ _('Sign in') }}</p>", '<p class="lead">{{ x }}: 1 × 2</p>', '<input value="code">'],
)
def test_words_that_are_translated_pass(text):
    assert untranslated(text) == []


@pytest.mark.parametrize(
    "text",
    ["<style>p{}</style>", '<p style="x">', "<script>x</script>", '<p onclick="x()">'],
)
def test_inline_style_and_script_are_seen(text):
    assert INLINE.search(text)


def test_bare_htmx_is_seen():
    assert HTMX.search('<p hx-get="/x">')
    assert HTMX.search("{'hx-post': url}")
    assert not HTMX.search("""<p data-hx-get="/x">{{ b(attrs={'data-hx-post': url}) }}""")
    assert not INLINE.search('<script src="/a.js"></script>')
