"""Links of the documents: inside the repository they lead to what a clone has; of those to elsewhere the form is right.

Whether another site still has its page is looked at by people: a test that asks it would fail with that site.
"""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.docs.documents import ROOT, documents

_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
_ADDRESS = re.compile(r"\bhttps?:[^\s)>\"']+")
_FOLLOWED = re.compile(
    r"http://(127\.0\.0\.1|localhost)(:\d+)?/?"
    r"|https://github\.com/[\w-]+/[\w.-]+(/.*)?"
    r"|https://(?!github\.com)([a-z0-9-]+\.)+[a-z]{2,}(/[\w./~%+#?=&-]*)?"
)
_CODE = re.compile(r"`[^`]*`")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@cache
def anchors(path: Path) -> frozenset[str]:
    """What a code host calls the headings of a document."""
    text = _FENCE.sub("", path.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings)


@cache
def tracked() -> frozenset[Path]:
    """The files and folders that a clone has."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    files = [ROOT / name for name in names if name]
    return frozenset([*files, *(folder for file in files for folder in file.parents)])


def broken_links(document: Path, text: str) -> list[str]:
    """Links of a text that stands at `document` and lead nowhere."""
    broken = []
    for found in _LINK.finditer(_FENCE.sub("", text)):
        link = found.group(1) or found.group(2)
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (document.parent / file).resolve() if file else document
        if not (target.exists() and target in tracked()) or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("name", [name for name, _ in documents()])
def test_links_lead_somewhere(name: str):
    assert broken_links(ROOT / name, dict(documents())[name]) == []


def test_a_link_that_leads_nowhere_is_found():
    text = '[a](gone.md) [b](#nowhere) ![c](docs/dance.webp) [d](README.md#two-commands) <img src="gone.png">'
    assert broken_links(ROOT / "README.md", text + " [git](.git)") == ["gone.md", "#nowhere", "gone.png", ".git"]


def malformed_addresses(text: str) -> list[str]:
    """Addresses of other sites that nobody could follow: without https, a host, or the name of a repository."""
    found = [address.rstrip(".,;:") for address in _ADDRESS.findall(_CODE.sub("", _FENCE.sub("", text)))]
    return [address for address in found if not _FOLLOWED.fullmatch(address)]


def test_addresses_of_other_sites_are_well_formed():
    for name, text in documents():
        assert malformed_addresses(text) == [], name
    right = "https://example.org/a, <https://github.com/owner/name> http://localhost:1 `http://code`"
    assert malformed_addresses(f"[a](http://example.org) https://github.com/owner https://nowhere. {right}") == [
        "http://example.org",
        "https://github.com/owner",
        "https://nowhere",
    ]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"10\.\d{4,9}/[\w.()/-]+", one["doi"]) for one in citation["references"])


def test_the_readme_fits_a_reader():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150
