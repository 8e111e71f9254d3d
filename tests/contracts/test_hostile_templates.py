"""A contract's text is words, on the page and on paper: nothing in it is run, reads a file, makes a
link or leaves its place."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html as lxml_html

from onboarding.contracts.freezing import agreement_of
from onboarding.contracts.models import Contract
from onboarding.contracts.papers import contract_paper
from onboarding.journey.models import Onboarding
from tests.deal import Deal, deal, now
from tests.documents import judged, renderer, text_of
from tests.house import House

# What was typed -> what of it a person finds on paper.
CORPUS = {
    "typst code": ('#read("contract.typ") #eval("1+1") #sys.inputs', "#read"),
    "typst import": ('#import "@preview/evil:1.0.0": * #include "/etc/passwd"', "#import"),
    "typst link": ('#link("https://evil.example")[Press here]', "#link"),
    "typst math": ("$ sum_(i=0)^n i $ and `raw` and @label <label>", "@label"),
    "typst end": ("*/ ] ) } #] // ends \\ \\u{41}", "// ends"),
    "html": ("<script>alert(1)</script><iframe src=x></iframe>", "<script>"),
    "html attribute": ('" onfocus=alert(1) autofocus x="', "onfocus"),
    "jinja": ("{{ 7*7 }} {% include 'layout.html' %} {# gone #}", "{# gone #}"),
    "placeholder": ("{total.__class__} {0} {customer_name!r}", "{total.__class__}"),
    "braces": ("{" * 300 + "}" * 300, "{{{"),
    "no breaks": ("x" * 3000, "xxx"),
    "controls": ("Before\x07\u202e\u2066after\ufeff", "Before"),
    "tall": ("Z" + "\u0301" * 60 + "algo", "algo"),
    "other scripts": ("合同 договор عقد 📄 done", "done"),
    "heading": ("#" * 40 + " deep", "deep"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("papers")


@pytest.fixture
def job(house: House) -> Deal:
    return deal(house)


def test_a_hostile_template_is_set_on_paper_as_it_was_typed(job: Deal, told: Path) -> None:
    for name, (typed, found) in CORPUS.items():
        words, links = on_paper(job, typed, told)
        assert found.replace(" ", "") in words.replace(" ", ""), name
        assert "49" not in words, name
        assert "root:x:0" not in words, name
        assert not links, name


def on_paper(job: Deal, typed: str, folder: Path) -> tuple[str, list[str]]:
    """The words of the section that the text became, and where the paper leads."""
    db = now(job.company.id)
    row = db.get_one(Onboarding, job.estimate.onboarding_id)
    unsaved = Contract(
        id="hostile", contractor_id=job.company.id, onboarding_id=row.id,
        estimate_id=job.estimate.id, title=typed[:80],
        template_body=f"MARK\n\n{typed}\n\nEND", terms=typed[:200],
    )  # fmt: skip
    agreement = agreement_of(db, row, unsaved, None)
    pdf = renderer().contract(contract_paper(agreement, "0" * 64))
    words = text_of(pdf, folder)
    links = re.findall(r"https?://\S+", judged(pdf, folder, "pdfinfo", "-url", "FILE"))
    part = words[words.index("MARK") : words.index("END")]
    return part, [link for link in links if "evil" in link]


def test_a_hostile_template_is_set_on_the_page_as_it_was_typed(job: Deal) -> None:
    browser = job.members_browser()
    for name, (typed, found) in CORPUS.items():
        form = {"name": typed[:80], "body": f"MARK\n\n{typed}\n\nEND"}
        # Past the checker of pages, which takes such words for other languages.
        page = FlaskClient.open(browser, "/crm/templates/preview", method="POST", data=form)
        assert page.status_code == 200, name
        shown = lxml_html.fromstring(page.data).get_element_by_id("template_preview")
        assert not list(shown.iter("script", "iframe", "img", "a", "style")), name
        assert not [tag for tag in shown.iter() if "onfocus" in tag.attrib], name
        assert found.replace(" ", "") in shown.text_content().replace(" ", ""), name
