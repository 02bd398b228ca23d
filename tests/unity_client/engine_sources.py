"""Reads C# sources for the types and members that they declare, and since which version.

It says which versions of Unity, its Input System and UniVRM have what the package uses: `engine_members.tsv` is written
by it, from clones of the public repositories UnityCsReference, InputSystem and UniVRM, of which nothing is kept but
versions.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

NOISE = re.compile(
    r"//[^\n]*|/\*.*?\*/|^[ \t]*#[^\n]*|(\$@|@\$|@|\$)?\"(\\.|[^\"\\])*\"|'(\\.|[^'\\])*'", re.DOTALL | re.MULTILINE
)
WORDS = (
    "public static extern virtual override abstract sealed readonly new unsafe const partial async protected internal "
    "private implicit explicit volatile"
)
MODIFIERS = rf"(?:(?:{WORDS.replace(' ', '|')})\s+)*"


@dataclass
class Declared:
    """What a type declares: each member by its signature, and whether it is obsolete; types from which it inherits."""

    members: dict[str, bool] = field(default_factory=dict)
    bases: list[str] = field(default_factory=list)
    is_obsolete: bool = False
    has_constructor: bool = False


@dataclass(frozen=True)
class Sources:
    """One version in a clone of a repository."""

    clone: Path
    revision: str

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.clone), *arguments], capture_output=True, check=False)
        assert done.returncode in (0, 1), done.stderr.decode()  # 1: nothing found
        return done.stdout.decode("utf-8", "replace")

    def files(self, names: set[str]) -> dict[str, list[str]]:
        """The texts that declare types of these short names."""
        pattern = rf"(class|struct|interface|enum|delegate .*) ({'|'.join(sorted(names))})\b"
        found = self.git("grep", "--null", "-o", "-E", "--full-name", pattern, self.revision, "--", "*.cs")
        places: dict[str, set[str]] = {}
        for line in found.splitlines():
            place, text = line.split("\0")
            places.setdefault(place, set()).add(re.findall(r"\w+", text)[-1])
        texts: dict[str, list[str]] = {}
        for place, declared in places.items():
            if re.search(r"/(Tests?|Samples)/", place):
                continue
            text = NOISE.sub(
                lambda match: '""' if match[0][-1] == '"' == match[0].lstrip("@$")[0] else " ", self.git("show", place)
            )
            for name in declared:
                texts.setdefault(name, []).append(text)
        return texts


def closing(text: str, start: int, pair: str) -> int:
    """Where what opens at `start` closes."""
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == pair[0]) - (text[index] == pair[1])
        if depth == 0:
            return index
    return len(text)


def statements(body: str) -> Iterator[tuple[str, str]]:
    """What stands in a type's body: each head, and what is between its braces."""
    start = index = 0
    while index < len(body):
        if body[index] in "([":
            index = closing(body, index, "()" if body[index] == "(" else "[]")
        elif body[index] == ";":
            yield body[start:index], ""
            start = index + 1
        elif body[index] == "{":
            end = closing(body, index, "{}")
            head = body[start:index]
            if re.search(r"=(?!>)", re.sub(r"\(.*\)|\[.*?\]|operator\s*\S+", "", head, flags=re.DOTALL)):
                index = end  # an initialiser: it goes on
            else:
                yield head, body[index + 1 : end]
                index, start = end, end + 1
        index += 1


def split(text: str) -> list[str]:
    """At commas that stand in no brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += letter in "<([{"
        depth -= letter in ">)]}"
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def type_name(text: str) -> str:
    """A type as the table writes it: without namespaces, and with C#'s own words."""
    text = re.sub(r"\b(?:\w+\s*\.\s*|global::)+(?=\w)", "", text)
    words = {
        "Single": "float",
        "Int32": "int",
        "Boolean": "bool",
        "String": "string",
        "Double": "double",
        "UnityObject": "Object",
    }
    return re.sub(r"\s*,\s*", ", ", " ".join(words.get(word, word) for word in text.split()))


def parameter(text: str) -> str:
    text = re.sub(r"^(\[[^\]]*\]\s*)+", "", text.split("=")[0].strip())
    kind = re.match(r"(ref|out|in|params|this)\s+", text)
    text = text[kind.end() :] if kind else text
    name = type_name(re.sub(r"\s*\w+$", "", text.strip()))
    return f"{kind[1]} {name}" if kind and kind[1] in ("ref", "out") else name


def without_attributes(head: str) -> tuple[str, bool]:
    """A head without its attributes, and whether one of them says that it is obsolete."""
    head, obsolete = head.strip(), False
    while head.startswith("["):
        end = closing(head, 0, "[]")
        obsolete |= bool(re.search(r"\bObsolete(Attribute)?\b", head[:end]))
        head = head[end + 1 :].strip()
    return head, obsolete


def member(head: str, body: str, owner: str, is_open: bool) -> list[str]:
    """The signatures that a head declares; none if it is not public."""
    head = head.split("=>")[0] if "=>" in head and "(" not in head.split("=>")[0] else head
    is_arrow = "=>" in head
    head = re.split(r"=>|\bwhere\b", head)[0].strip()
    if not is_open and not re.search(r"^" + MODIFIERS + "", head)[0].count("public"):
        return []
    static = "static " if re.match(MODIFIERS, head)[0].count("static") or " const " in f" {head} " else ""
    rest = re.sub(r"^" + MODIFIERS, "", head)
    if match := re.fullmatch(r"operator\s+(\w+)\s*\((.*)\)|(.+?)\s+operator\s*(\S+?)\s*\((.*)\)", rest, re.DOTALL):
        names = {"+": "Addition", "-": "Subtraction", "*": "Multiply", "==": "Equality", "!=": "Inequality"}
        if match[4] is None:
            return []
        inner = ", ".join(parameter(part) for part in split(match[5]))
        return [f"static {type_name(match[3])} op_{names.get(match[4], match[4])}({inner})"]
    rest = rest[: closing(rest, rest.index("("), "()") + 1] if "(" in rest.split("=")[0] else rest
    if match := re.fullmatch(r"([\w.<>\[\], ]*?)\s*\b(\w+)\s*(<[\w, ]*>)?\s*\((.*)\)", rest, re.DOTALL):
        inner = ", ".join(parameter(part) for part in split(match[4]))
        if not match[1]:
            return [f"{owner}({inner})"] if match[2] == owner else []
        generic = f"<{type_name(match[3][1:-1])}>" if match[3] else ""
        return [f"{static}{type_name(match[1])} {match[2]}{generic}({inner})"]
    if match := re.fullmatch(r"event\s+(.+?)\s+(\w+)(\s*=.*)?", rest, re.DOTALL):
        return [f"{static}event {type_name(match[1])} {match[2]}"]
    fields = split(rest)
    match = re.fullmatch(r"(.+?)\s+(\w+)\s*(=.*)?", fields[0], re.DOTALL) if fields else None
    if match is None:
        return []
    if body or is_arrow:
        hidden = re.findall(r"\b(?:private|protected|internal)\s+(get|set)\b", body)
        heads = " ".join(without_attributes(part)[0] + " " for part, _ in statements(body)) if body else "get"
        access = [word for word in ("get", "set") if re.search(rf"\b{word}\b", heads) and word not in hidden]
    else:
        access = ["get", "set"]
    names = [match[2], *(re.split(r"\s*=", name)[0] for name in fields[1:])]
    return [f"{static}{type_name(match[1])} {name} {{ {word} }}" for name in names for word in access]


def declarations(texts: list[str], namespace: str, nest: list[str]) -> Declared | None:
    """What files declare of a type, which may be nested in others; None where it is not."""
    found: Declared | None = None
    for text in texts:
        if not re.search(rf"\bnamespace\s+{re.escape(namespace)}\s*[;{{]", text) and "." not in namespace:
            continue
        for head, kind, body in bodies([(text, "")], nest):
            found = found or Declared()
            add(found, head, kind, body, nest[-1].split("`")[0])
    return found


def bodies(texts: list[tuple[str, str]], nest: list[str]) -> Iterator[tuple[str, str, str]]:
    name, _, arity = nest[0].partition("`")
    generic = r"\s*<[^<>,]*>" if arity else r"(?!\s*<)"
    for text, _ in texts:
        for match in re.finditer(
            rf"((?:\[[^\[\]{{}};]*\]\s*)*)[\w\s]*?\b(class|struct|interface|enum)\s+{name}\b{generic}([^{{;]*)\{{", text
        ):
            body = text[match.end() : closing(text, match.end() - 1, "{}")]
            if len(nest) > 1:
                yield from bodies([(body, "")], nest[1:])
            else:
                yield match[1] + match[3], match[2], body
        for match in re.finditer(rf"public\s+delegate\s+[^;{{}}]*?\b{name}\b{generic}\s*\(", text):
            if len(nest) == 1:
                yield "", "delegate", match[0]


def add(found: Declared, head: str, kind: str, body: str, owner: str) -> None:
    found.is_obsolete |= bool(re.search(r"\bObsolete\b", head))
    bases = re.split(r"\bwhere\b", head.rpartition(":")[2] if ":" in head else "")[0]
    found.bases += [type_name(base).split("<")[0] for base in split(bases)]
    if kind == "enum":
        value = -1
        for part in split(re.sub(r"\[[^\]]*\]", lambda match: "[Obsolete]" if "Obsolete" in match[0] else "", body)):
            name, _, given = re.sub(r"^(\[\w*\]\s*)+", "", part).partition("=")
            known = {entry.split(" = ")[0]: int(entry.split(" = ")[1]) for entry in found.members}
            value = enum_value(given, known) if given else value + 1
            found.members[f"{name.strip()} = {value}"] = "[Obsolete]" in part
        return
    for statement, inner in statements(body):
        text, obsolete = without_attributes(statement)
        if re.match(MODIFIERS + r"(class|struct|interface|enum|delegate)\b", text):
            continue
        found.has_constructor |= bool(re.match(MODIFIERS + rf"{owner}\s*\(", text))
        for signature in member(text, inner, owner, kind == "interface"):
            found.members[signature] = found.members.get(signature, True) and obsolete


def enum_value(text: str, known: dict[str, int]) -> int:
    words = re.sub(
        r"\b[A-Za-z_]\w*\b", lambda match: str(known.get(match[0], -1)), type_name(text.replace("(int)", ""))
    )
    return int(eval(words)) if re.fullmatch(r"[\s\d()|&~<>x+-]+", words) else -1


class Version:
    """What one version declares, by full name of the type."""

    def __init__(self, sources: Sources, types: list[str]) -> None:
        short = {part.split("`")[0] for name in types for part in name.rpartition(".")[2].split("+")}
        self.texts = sources.files(
            short | {"UnityEventBase", "Behaviour", "Component", "ScriptableObject", "PropertyAttribute"}
        )

    @cache  # noqa: B019
    def type(self, name: str) -> Declared | None:
        namespace, _, last = name.rpartition(".")
        nest = last.split("+")
        return declarations(self.texts.get(nest[0].split("`")[0], []), namespace, nest)

    def find(self, name: str, signature: str) -> bool | None:
        """Whether a member is obsolete; None if it is not there. One that is inherited counts."""
        declared = self.type(name)
        if declared is None:
            return None
        if not signature:
            return declared.is_obsolete
        if signature in declared.members:
            return declared.members[signature]
        short = name.rpartition(".")[2].split("`")[0]
        if signature == f"{short}()" and not declared.has_constructor:
            return declared.is_obsolete
        for base in declared.bases:
            found = self.find(f"{name.rpartition('.')[0]}.{base}", signature)
            if found is not None:
                return found
        return None
