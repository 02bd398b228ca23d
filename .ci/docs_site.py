"""Which documents are pages of the site, and what is made for it alone: a hook of MkDocs (mkdocs.yml).

Pages keep their places in the repository, so that a link from one to another is right on a code host and on the site.
What they show or link to beside pages comes along as a file. The pages under `api/` are made of the names that
`import data, models, training` offers; mkdocstrings writes there what their docstrings say, without importing them.
"""

import ast
import importlib.metadata
import re
import subprocess
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("data", "models", "training")
BUNDLED = ("mkdocs", "mkdocs-material")
"""Packages of which files are in the site."""

LEFT_OUT = re.compile(r"^(findings|tests/.+/.*|unity_client/(CHANGELOG|LICENSE|Samples~/.*))")
"""Documents that the site does not show."""

_LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
_WORDS_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")
_SOURCE = re.compile(r"(src=\")([^\"]+)(\")")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def slug(text: str, separator: str) -> str:
    """A heading's anchor, as code hosts make it; `tests/docs/test_links.py` has the same rule."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"<[^>]*>|`", "", text).lower()).strip().replace(" ", separator)


def tracked() -> list[str]:
    """What git tracks or would track, from the root of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return sorted({name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()})


def pages(names: list[str]) -> list[str]:
    """Those of these files that are pages."""
    return [name for name in names if name.endswith(".md") and not LEFT_OUT.match(name)]


def linked(page: str, text: str) -> list[str]:
    """Files of the repository that a page shows or links to, from the root."""
    found = [match[2] for pattern in (_LINK, _SOURCE) for match in pattern.finditer(_FENCE.sub("", text))]
    places = [(ROOT / page).parent / link for link in found if not re.match(r"[a-z]+:|/", link)]
    return [place.resolve().relative_to(ROOT).as_posix() for place in places if place.is_file()]


def public_names(package: str) -> dict[str, str]:
    """Each public name of a package, and where it is defined."""
    tree = ast.parse((ROOT / package / "public.py").read_text(encoding="utf-8"))
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def api_page(package: str) -> str:
    """A page that mkdocstrings fills."""
    parts = [f"# {package}\n\nWhat `import {package}` offers, from its docstrings; [all names](../docs/api.md).\n"]
    for name, place in sorted(public_names(package).items()):
        parts.append(f'::: {place}\n    options:\n      heading: "{package}.{name}"\n      toc_label: {name}\n')
    return "\n".join(parts)


def licences() -> str:
    """The licences of what the site brings beside our pages: the theme with its scripts, and MkDocs' search."""
    parts = []
    for name in BUNDLED:
        distribution = importlib.metadata.distribution(name)
        texts = [
            file for file in distribution.files or [] if "licen" in file.name.lower() and file.suffix in ("", ".md")
        ]
        assert texts, f"{name} brings no licence"
        parts += [f"{name} {distribution.version}\n\n{file.read_text(encoding='utf-8')}" for file in texts]
    return "\n\n".join(parts)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages and what they need, in place of what is in docs/ alone; the theme's own files stay."""
    names = tracked()
    shown = pages(names)
    wanted = set(shown)
    for page in shown:
        text = (ROOT / page).read_text(encoding="utf-8")
        wanted |= {name for name in linked(page, text) if not name.endswith(".md")} & set(names)
    taken = [file for file in files if file.src_dir != config.docs_dir]
    taken += [File.generated(config, name, abs_src_path=str(ROOT / name)) for name in sorted(wanted)]
    taken += [File.generated(config, f"api/{package}.md", content=api_page(package)) for package in PACKAGES]
    taken.append(File.generated(config, "licences.txt", content=licences()))
    return Files(taken)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A link to a folder leads to its README; one to what is no page of the site becomes its words alone."""
    here = (ROOT / page.file.src_uri).parent

    def judged(match: re.Match[str]) -> str:
        words, link, anchor = match[1], match[2], match[3] or ""
        if re.match(r"[a-z]+:", link) or page.file.src_uri.startswith("api/"):
            return match[0]
        place = (here / link).resolve()
        if place.is_dir():
            link, place = f"{link.rstrip('/')}/README.md", place / "README.md"
        if not place.exists():
            return match[0]  # MkDocs complains
        is_there = files.get_file_from_path(place.relative_to(ROOT).as_posix()) is not None
        return f"[{words}]({link}{anchor})" if is_there else words

    return _WORDS_LINK.sub(judged, markdown)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Anchors as code hosts make them; and what is read beside the folder that MkDocs watches by itself."""
    config.mdx_configs.setdefault("toc", {})["slugify"] = slug
    watched: list[Any] = config.watch
    watched += [str(ROOT / name) for name in ("README.md", "GLOSSARY.md", "bridge/PROTOCOL.md")]
    return config
