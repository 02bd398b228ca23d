"""What the package uses of Unity, its Input System and UniVRM, and which versions of these have it.

The use is read from the compiled assemblies, so nothing is forgotten, once for each way in which a version of Unity
reads the sources (`#if`). `engine_members.tsv` says of each member since which version it is there and from which on it
is obsolete. `python -m tests.unity_client.engine_members UNITYCSREFERENCE INPUTSYSTEM UNIVRM`, with clones of these
public repositories, writes it anew; of what stands in the sources only the versions are kept.
"""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.unity_client.csharp import CORE, PACKAGE, ROOT, STAND_IN, compile_components, compile_csharp, sources

TABLE = ROOT / "tests/unity_client/engine_members.tsv"
PROBE = ROOT / "tests/unity_client/probe/EngineMembers.cs"
UNITY = ("2021.3", "2022.1", "2022.2", "2022.3", "2023.1", "2023.2", *(f"6000.{minor}" for minor in range(8)))
INPUT_SYSTEM = ("1.0", "1.4", "1.7", "1.11")
UNIVRM = ("0.100", "0.110", "0.120", "0.131")
REVISIONS = {
    "2021.3": "2021.3.0f1", "2022.3": "2022.3.0f1", "6000.6": "6000.6.0b1", "6000.7": "6000.7.0a1",
    **{f"6000.{minor}": f"6000.{minor}.0f1" for minor in range(6)},
    **{version: f"{version}.0" for version in INPUT_SYSTEM}, **{version: f"v{version}.0" for version in UNIVRM},
}  # fmt: skip

Member = tuple[str, str]  # the type's full name, and the member's signature; empty for the type itself


@dataclass(frozen=True)
class Row:
    """Of one member: the first version that has it, and the first that calls it obsolete (empty: none)."""

    since: str
    obsolete: str


def versions_of(type_name: str) -> tuple[str, ...]:
    """The versions that were looked at, of the package that a type belongs to; oldest first."""
    if type_name.startswith("UnityEngine.InputSystem."):
        return INPUT_SYSTEM
    return UNIVRM if type_name.startswith(("VRM.", "UniVRM10.")) else UNITY


def read_table() -> dict[Member, Row]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return {(type_name, member): Row(*rest) for type_name, member, *rest in (line.split("\t") for line in lines)}


def defines_of(unity: str) -> frozenset[str]:
    """What a version of Unity defines, of that which the package's sources ask for."""
    asked = {
        match
        for folder in ("Runtime", "Editor", "Samples~")
        for source in sources(PACKAGE / folder)
        for match in re.findall(r"\bUNITY_(\d+_\d+)_OR_NEWER\b", source.read_text(encoding="utf-8"))
    }
    number = tuple(map(int, unity.split(".")))
    return frozenset(f"UNITY_{name}_OR_NEWER" for name in asked if tuple(map(int, name.split("_"))) <= number)


def members_used(folder: Path, defines: frozenset[str]) -> set[Member]:
    """What the package and its samples use when these names are defined."""
    core = compile_csharp(folder / CORE, sources(PACKAGE / "Runtime/Core"))
    engine = compile_csharp(folder / "UnityStandIn.dll", sources(STAND_IN))
    made = compile_components([core, engine], defines=defines)
    for sample in sorted((PACKAGE / "Samples~").glob("*/")):
        made.append(compile_csharp(folder / f"Sample.{sample.name}.dll", sources(sample), made, defines=defines))
    probe = compile_csharp(folder / "EngineMembers.exe", [PROBE])
    done = subprocess.run(["mono", str(probe), *map(str, made[1:])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    used = set()
    for line in done.stdout.splitlines():
        type_name, member = line.split("\t")
        for access in re.findall(r"get|set", member.partition(" { ")[2]) or [""]:
            used.add((type_name, re.sub(r"\{.*\}", f"{{ {access} }}", member)))
    return used


def faults(used: set[Member], table: dict[Member, Row], unity: str) -> list[str]:
    """What would not compile in a version of Unity, or only with a warning."""
    found = []
    for type_name, member in sorted(used):
        name = f"{type_name} {member}".strip()
        versions, row = versions_of(type_name), table.get((type_name, member))
        here = versions.index(unity) if versions is UNITY else len(versions) - 1
        oldest = here if versions is UNITY else 0
        if row is None:
            found.append(f"{name}: not in {TABLE.name}; is it in Unity? ({__doc__.splitlines()[0]})")
        elif not row.since or versions.index(row.since) > oldest:
            found.append(f"{name}: not before {row.since or 'any version'}, and this is {unity}")
        elif row.obsolete and versions.index(row.obsolete) <= here:
            found.append(f"{name}: obsolete from {row.obsolete} on, and this is {unity}")
    return found


def write_table(clones: tuple[Path, Path, Path]) -> None:
    from tests.unity_client.engine_sources import Sources, Version

    used: set[Member] = set()
    for defines in {defines_of(unity) for unity in UNITY}:
        with tempfile.TemporaryDirectory() as folder:
            used |= members_used(Path(folder), defines)
    rows = dict.fromkeys(used, Row("", ""))
    for versions, clone in zip((UNITY, INPUT_SYSTEM, UNIVRM), clones, strict=True):
        mine = sorted(member for member in used if versions_of(member[0]) is versions)
        for name in versions:
            version = Version(Sources(clone, REVISIONS.get(name, name)), [type_name for type_name, _ in mine])
            for member in mine:
                row, is_obsolete = rows[member], version.find(*member)
                if is_obsolete is None:
                    print(f"{name} has no {' '.join(member)}")
                    rows[member] = Row("", "") if not row.obsolete else row
                    continue
                obsolete = row.obsolete or name if is_obsolete else ""
                rows[member] = Row(row.since or name, obsolete)
    lines = ["\t".join((*member, row.since, row.obsolete)) for member, row in sorted(rows.items())]
    TABLE.write_text("\n".join(["type\tmember\tsince\tobsolete", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    write_table((Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
