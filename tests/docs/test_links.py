"""Links of the documents to files, pictures and headings of this repository lead somewhere."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.documents import ROOT, documents

_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@cache
def anchors(path: Path) -> frozenset[str]:
    """What a code host calls the headings of a document."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings)


def broken_links(document: Path, text: str) -> list[str]:
    """Links of a text that stands at `document` and lead nowhere."""
    broken = []
    for found in _LINK.finditer(_FENCE.sub("", text)):
        link = found.group(1) or found.group(2)
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (document.parent / file).resolve() if file else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("name", [name for name, _ in documents()])
def test_links_lead_somewhere(name: str):
    assert broken_links(ROOT / name, dict(documents())[name]) == []


def test_a_link_that_leads_nowhere_is_found():
    text = '[a](gone.md) [b](#nowhere) ![c](docs/dance.webp) [d](README.md#two-commands) <img src="gone.png">'
    assert broken_links(ROOT / "README.md", text) == ["gone.md", "#nowhere", "gone.png"]


def test_the_readme_fits_a_reader():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150
