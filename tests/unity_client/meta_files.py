"""Writes the .meta files that Unity wants beside everything in a package, where they are missing.

Run `python -m tests.unity_client.meta_files` after adding a file. A GUID is how scenes and prefabs refer to a file, so
it must never change: those that exist are left alone, also when a file is renamed together with its .meta.
"""

import hashlib
from pathlib import Path

from tests.unity_client.csharp import PACKAGE

TAIL = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
SCRIPT = (
    "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n  executionOrder: 0\n"
    "  icon: {instanceID: 0}\n"
)
IMPORTERS = {
    ".cs": SCRIPT,
    ".asmdef": "AssemblyDefinitionImporter:\n  externalObjects: {}\n",
    ".md": "TextScriptImporter:\n  externalObjects: {}\n",
}


def assets() -> list[Path]:
    """Everything that Unity sees or copies: all but .meta files, hidden files, and what is in `Documentation~`."""
    found = []
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        if parts[0] == "Documentation~" or parts == ("Samples~",) or any(part.startswith(".") for part in parts):
            continue
        if path.suffix != ".meta":
            found.append(path)
    return found


def meta_of(path: Path) -> Path:
    """Where the .meta of a file or folder is."""
    return path.with_name(path.name + ".meta")


def meta_text(path: Path) -> str:
    """A new .meta; its GUID comes from where the file is now."""
    place = path.relative_to(PACKAGE).as_posix()
    guid = hashlib.md5(f"com.transflower.bridge/{place}".encode(), usedforsecurity=False).hexdigest()
    head = f"fileFormatVersion: 2\nguid: {guid}\n"
    if path.is_dir():
        return head + "folderAsset: yes\nDefaultImporter:\n  externalObjects: {}\n" + TAIL
    if path.name == "package.json":
        return head + "PackageManifestImporter:\n  externalObjects: {}\n" + TAIL
    return head + IMPORTERS.get(path.suffix, "DefaultImporter:\n  externalObjects: {}\n") + TAIL


if __name__ == "__main__":
    for asset in assets():
        if not meta_of(asset).exists():
            meta_of(asset).write_text(meta_text(asset), encoding="utf-8")
            print(f"wrote {meta_of(asset).relative_to(PACKAGE.parent)}")
