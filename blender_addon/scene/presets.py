"""Mappings of bones as small JSON files, for rigs whose names nobody knows."""

import json
import re
from pathlib import Path
from typing import Final

import bpy

from ..core.humanoid import PARENTS
from .armature import Mapping

_NAME: Final = re.compile(r"[\w .-]{1,60}")


def folder(package: str) -> Path:
    """Where they are kept: in the extension's own folder of the user, or among the scripts before 4.2."""
    if hasattr(bpy.utils, "extension_path_user") and package.startswith("bl_ext."):
        return Path(bpy.utils.extension_path_user(package, path="presets", create=True))
    return Path(bpy.utils.user_resource("SCRIPTS", path="presets/transflower", create=True))


def names(where: Path) -> list[str]:
    """Of all presets."""
    return sorted(path.stem for path in where.glob("*.json"))


def save(where: Path, name: str, mapping: Mapping) -> Path:
    """Keeps a mapping.

    Raises:
        ValueError: The name is none for a file, or there is nothing to keep.
    """
    name = name.strip()
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise ValueError(f"{name!r} is no name for a preset: letters, digits, spaces, -, _ and . are")
    if not mapping:
        raise ValueError("No bone is mapped, so there is nothing to save")
    path = where / f"{name}.json"
    path.write_text(json.dumps({"bones": mapping}, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def load(where: Path, name: str) -> Mapping:
    """A mapping that was kept.

    Raises:
        ValueError: There is none of this name, or it is damaged.
    """
    path = where / f"{name}.json"
    try:
        bones = json.loads(path.read_text(encoding="utf-8"))["bones"]
        return {str(bone): str(own) for bone, own in bones.items() if bone in PARENTS}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"The preset {path} cannot be read ({error})") from None
