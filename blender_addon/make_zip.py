"""Builds the extension: `python -m blender_addon.make_zip` writes dist/transflower_bridge-VERSION.zip.

One zip for all: Blender 4.2 and later install it as an extension (Preferences > Get Extensions > Install from Disk),
3.4 to 4.1 as an add-on (Preferences > Add-ons > Install). Both take a zip with a single folder in it. The same files
give the same bytes.
"""

import argparse
import re
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent
ID: Final = "transflower_bridge"
_LEFT_OUT: Final = {"make_zip.py", "make_vendor.py"}
_SUFFIXES: Final = {".py", ".toml", ".md", ".json"}
_LICENCES: Final = {"LICENSE", "COPYING"}
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def make_zip(folder: Path) -> Path:
    """Writes the zip into a folder, which is made if it is not there, and returns its path."""
    manifest = (ROOT / "blender_manifest.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "([\d.]+)"$', manifest, re.MULTILINE)
    assert version is not None, "the manifest has no version"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{ID}-{version.group(1)}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(ROOT.rglob("*")):
            is_ours = file.suffix in _SUFFIXES or file.name in _LICENCES
            if file.is_file() and is_ours and file.name not in _LEFT_OUT and "__pycache__" not in file.parts:
                entry = zipfile.ZipInfo(f"{ID}/{file.relative_to(ROOT).as_posix()}", _EPOCH)
                entry.external_attr = 0o644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
    return path


def main() -> None:
    """Builds and prints where it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT.parent / "dist", help="folder to write to")
    print(make_zip(parser.parse_args().output))


if __name__ == "__main__":
    main()
