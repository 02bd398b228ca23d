"""The site of the documents: its list of pages is whole, and what is written from code is as written.

`make docs` builds it strictly; where MkDocs is there, this checks without building.
"""

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tests.docs.documents import ROOT, documents
from tests.docs.test_links import anchors


class _Loader(yaml.SafeLoader):
    """Names of Python's in mkdocs.yml are no objects here."""


_Loader.add_multi_constructor("tag:yaml.org,2002:python/name:", lambda loader, suffix, node: suffix)


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / f".ci/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def site() -> ModuleType:
    pytest.importorskip("mkdocs", reason="MkDocs is missing (pip install -c constraints.txt -e '.[docs]')")
    return load("docs_site")


CONFIG: dict[str, Any] = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), _Loader)


def shown(entries: Any) -> list[str]:
    """Files of a part of the navigation."""
    if isinstance(entries, str):
        return [entries]
    values = entries.values() if isinstance(entries, dict) else entries
    return [name for value in values for name in shown(value)]


def test_every_page_of_docs_is_in_the_navigation_once() -> None:
    names = shown(CONFIG["nav"])
    assert len(names) == len(set(names))
    assert [name for name in names if not name.startswith("api/") and not (ROOT / name).is_file()] == []
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} <= set(names)


@pytest.mark.parametrize(
    ("subject", "page"),
    [
        ("stage and headset", "docs/stage.md"),
        ("sound", "docs/sound.md"),
        ("applications", "docs/applications.md"),
        ("controls", "docs/controls.md"),
        ("takes and films", "docs/takes_and_films.md"),
        ("training", "training/README.md"),
        ("models", "models/README.md"),
        ("measurements", "docs/measurements.md"),
        ("protocol", "bridge/PROTOCOL.md"),
        ("API", "docs/api.md"),
        ("troubleshooting", "docs/troubleshooting.md"),
        ("architecture", "docs/how_it_works.md"),
        ("glossary", "GLOSSARY.md"),
    ],
)
def test_every_subject_has_a_page(subject: str, page: str) -> None:
    assert page in shown(CONFIG["nav"]), subject
    assert page in dict(documents())


def test_the_applications_page_names_each_and_who_reads_what() -> None:
    text = (ROOT / "docs/applications.md").read_text("utf-8")
    table = text.partition("## Who reads what")[2]
    for name in ("VSeeFace", "Warudo", "VRChat", "VNyan", "Unity", "Blender", "TouchDesigner", "Pure Data", "Godot"):
        assert name in table, name


def test_it_is_strict_and_shows_threads() -> None:
    assert CONFIG["strict"] is True
    assert set(CONFIG["validation"]["links"].values()) == {"warn"}
    text = (ROOT / "docs/how_it_works.md").read_text("utf-8")
    assert text.count("```mermaid") == 2
    assert {"engine thread", "sender thread", "capture process"} <= set(re.findall(r"\w+ (?:thread|process)\b", text))


def test_anchors_are_those_of_a_code_host(site: ModuleType) -> None:
    for name in ("bridge/PROTOCOL.md", "docs/measurements.md"):
        text = re.sub(r"^```.*?^```$", "", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        assert {site.slug(heading, "-") for heading in headings} == anchors(ROOT / name)


def test_what_is_linked_comes_along_and_no_name_is_passed_over(site: ModuleType) -> None:
    assert "docs/stage.png" in site.linked("docs/first_minute.md", (ROOT / "docs/first_minute.md").read_text("utf-8"))
    assert site.pages(["a.md", "b.py", "findings/README.md", "tests/README.md"]) == ["a.md", "tests/README.md"]
    import data

    assert set(site.public_names("data")) == set(data.__all__)
    assert "::: data.formats.bvh.read_bvh" in site.api_page("data")
    assert "Martin Donath" in site.licences()


def test_the_list_of_the_api_is_as_written() -> None:
    written = load("write_api")
    assert (ROOT / "docs/api.md").read_text("utf-8") == written.page(), "run make tables"


def test_no_page_names_a_host_of_packages() -> None:
    for path in [*(ROOT / "docs").glob("*.md"), ROOT / "mkdocs.yml", *Path(ROOT / "containers").iterdir()]:
        assert not re.search(r"pypi\.org|index-url|files\.pythonhosted", path.read_text("utf-8")), path
