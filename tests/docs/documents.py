"""The documents that people read, and what they show to type: in fenced blocks, tables, sentences and help texts."""

import ast
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HELP_FOLDERS = ("bridge", "data", "training")
"""Whose docstrings hold lines to type, because they are the help of commands."""

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_MENTION = re.compile(r" transflower(?:-data|-train)? ")
_HELP_LINE = re.compile(r"^ +(?:- )?((?:ffmpeg [^|]*\| )?transflower(?:-data|-train)? .+?)(?: {3,}.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        document: Where it stands, from the root of the repository.
        language: What is said behind the fence.
        text: What is in it.
    """

    document: str
    language: str
    text: str


@dataclass(frozen=True)
class Line:
    """What somebody may type.

    Attributes:
        document: Where it stands, from the root of the repository.
        text: As it stands there, on one line.
    """

    document: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}: {self.text}"


def documents() -> Iterator[tuple[str, str]]:
    """Each document: where it stands, from the root of the repository, and its text."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in sorted(name for name in files if name.endswith(".md")):
            path = Path(folder, name)
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


@cache
def blocks() -> tuple[Block, ...]:
    """All fenced blocks of all documents."""
    return tuple(Block(name, *found.groups()) for name, text in documents() for found in _FENCE.finditer(text))


@cache
def spans() -> tuple[Line, ...]:
    """All inline code of all documents; one that is broken into two lines is one line here."""
    found = []
    for name, text in documents():
        for paragraph in re.split(r"\n\s*\n", _FENCE.sub("\n\n", text)):
            texts = (" ".join(span.replace(r"\|", "|").split()) for span in _SPAN.findall(paragraph))
            found += [Line(name, text) for text in texts]
    return tuple(found)


@cache
def block_lines() -> tuple[Line, ...]:
    """What is typed in the fenced blocks: lines that are continued are one, comments are left out."""
    found = []
    for block in blocks():
        if block.language in ("sh", "powershell"):
            for text in block.text.replace("\\\n", " ").splitlines():
                typed = " ".join(re.sub(r"(^|\s)#.*", "", text).split())
                if typed:
                    found.append(Line(block.document, typed))
    return tuple(found)


@cache
def help_lines() -> tuple[Line, ...]:
    """What the help texts of our commands show: lines of docstrings, and of texts that are printed as they are."""
    found = []
    for folder in HELP_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if not _MENTION.search(source):  # to parse all takes twice as long, in each worker
                continue
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" in node.value:
                    found += [Line(path.relative_to(ROOT).as_posix(), text) for text in _HELP_LINE.findall(node.value)]
    return tuple(found)


def programs(text: str) -> list[list[str]]:
    """The words of each program of a line, as a shell would split it; a path of Windows gets our slashes."""
    lexer = shlex.shlex(text.replace(".venv\\Scripts\\", ".venv/bin/"), posix=True, punctuation_chars="|&;")
    lexer.whitespace_split = True
    lexer.commenters = ""
    found: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set("|&;"):
            found.append([])
        else:
            found[-1].append(word)
    return [words for words in found if words]
