"""The package is laid out as Unity wants it, and holds nothing that IL2CPP or C# 9 would refuse."""

import json
import re

import pytest

from tests.unity_client.csharp import PACKAGE, ROOT, sources
from tests.unity_client.meta_files import assets, meta_of

ASSEMBLIES = {
    "Runtime/Core": "Transflower.Core",
    "Runtime/Unity": "Transflower.Unity",
    "Runtime/InputSystem": "Transflower.InputSystem",
    "Runtime/Vrm0": "Transflower.Vrm0",
    "Runtime/Vrm10": "Transflower.Vrm10",
    "Editor": "Transflower.Editor",
    "Tests/Core": "Transflower.Core.Tests",
    "Samples~/BasicAvatar": "Transflower.Samples.BasicAvatar",
    "Samples~/SeveralDancers": "Transflower.Samples.SeveralDancers",
    "Samples~/VRStage": "Transflower.Samples.VRStage",
}
OUTSIDE = {"UnityEngine.TestRunner", "UnityEditor.TestRunner", "VRM", "VRM10", "UniGLTF", "Unity.InputSystem"}


def definition(folder: str) -> dict:
    (path,) = (PACKAGE / folder).glob("*.asmdef")
    assert path.stem == ASSEMBLIES[folder]
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_manifest_names_what_is_there() -> None:
    manifest = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"com\.[a-z0-9]+(\.[a-z0-9]+)+", manifest["name"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert manifest["unity"] == "2021.3"
    assert f"[{manifest['version']}]" in (PACKAGE / "CHANGELOG.md").read_text(encoding="utf-8")
    folders = {sample["path"] for sample in manifest["samples"]}
    assert folders == {f"Samples~/{folder.name}" for folder in (PACKAGE / "Samples~").glob("*/")}
    assert all(name.startswith("com.unity.modules.") for name in manifest["dependencies"]), "Unity's own parts only"
    for name in ("README.md", "LICENSE.md", "Documentation~/index.md"):
        assert (PACKAGE / name).is_file()
    assert (PACKAGE / "LICENSE.md").read_text() == (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("folder", ASSEMBLIES)
def test_assemblies_know_only_what_they_may(folder: str) -> None:
    found = definition(folder)
    assert found["name"] == ASSEMBLIES[folder]
    assert not found["allowUnsafeCode"]
    assert found["noEngineReferences"] == (folder == "Runtime/Core")
    assert set(found["references"]) <= set(ASSEMBLIES.values()) | OUTSIDE
    if folder.startswith("Runtime/"):
        assert not found["includePlatforms"], "for every platform"
        assert "Transflower.Editor" not in found["references"]
    if folder in {"Editor", "Tests/Core"}:
        assert found["includePlatforms"] == ["Editor"]
    if folder.startswith("Tests/"):
        assert found["defineConstraints"] == ["UNITY_INCLUDE_TESTS"]


@pytest.mark.parametrize("folder", ["Runtime/InputSystem", "Runtime/Vrm0", "Runtime/Vrm10"])
def test_other_packages_are_optional(folder: str) -> None:
    found = definition(folder)
    (version,) = found["versionDefines"]
    assert version["name"] in {"com.vrmc.univrm", "com.vrmc.vrm", "com.unity.inputsystem"}
    assert found["defineConstraints"] == [version["define"]], "without the package the assembly is not compiled at all"


def test_every_source_belongs_to_an_assembly() -> None:
    homes = [PACKAGE / folder for folder in ASSEMBLIES]
    for source in sources(PACKAGE):
        assert any(home in source.parents for home in homes), source


def test_everything_has_a_meta_and_every_meta_its_file() -> None:
    """Missing ones are written by `python -m tests.unity_client.meta_files`."""
    guids: dict[str, str] = {}
    for asset in assets():
        meta = meta_of(asset)
        assert meta.is_file(), f"{asset} has no .meta"
        text = meta.read_text(encoding="utf-8")
        (guid,) = re.findall(r"^guid: ([0-9a-f]{32})$", text, re.MULTILINE)
        assert guid not in guids, f"{asset} and {guids[guid]} have the same GUID"
        guids[guid] = str(asset)
        assert ("folderAsset: yes" in text) == asset.is_dir()
    for meta in PACKAGE.rglob("*.meta"):
        assert meta.with_suffix("").exists(), f"{meta} belongs to nothing"


def test_guids_that_scenes_refer_to_have_not_changed() -> None:
    """GUIDs are forever: a scene knows a component by nothing else."""
    known = {
        "Runtime/Unity/BeatEvents.cs": "564d8aab65eb063ce2d94c13dee7fcb9",
        "Runtime/Unity/DanceControl.cs": "33477695f0111fc0528ba6110922af12",
        "Runtime/Unity/DanceReceiver.cs": "ba470afa8175189fad337d1f2c27443f",
        "Runtime/Unity/HumanoidDancer.cs": "f20b6c2b1ca768c6bd0c18fdca6ab6a8",
        "Runtime/Unity/PokeButton.cs": "890f55d526ba57dfb860e72be0e4a0b5",
        "Runtime/Unity/StagePanel.cs": "7c14d128210ea9478f206cf586645651",
    }
    for place, guid in known.items():
        assert f"guid: {guid}" in meta_of(PACKAGE / place).read_text(encoding="utf-8")


def test_nothing_that_il2cpp_cannot_do() -> None:
    for folder in ("Runtime", "Samples~"):
        for source in sources(PACKAGE / folder):
            text = source.read_text(encoding="utf-8")
            assert not re.search(r"System\.Reflection|\bdynamic\b|Activator\.|Emit\b|GetMethod\(|\bunsafe\b", text), (
                source
            )


def test_each_file_is_named_after_its_class() -> None:
    """Unity finds a component by the name of its file."""
    for folder in ("Runtime", "Editor", "Samples~"):
        for source in sources(PACKAGE / folder):
            text = source.read_text(encoding="utf-8")
            for name in re.findall(r"class (\w+) : (?:MonoBehaviour|EditorWindow|Editor)\b", text):
                assert name == source.stem
