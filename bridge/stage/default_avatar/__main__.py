"""`python -m bridge.stage.default_avatar [OUTPUT]`: makes the default avatar's file."""

import argparse
from pathlib import Path
from typing import Final

from bridge.stage.default_avatar import make_avatar

_COMMITTED: Final = Path(__file__).resolve().parents[1] / "avatar.vrm"


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(
        prog="python -m bridge.stage.default_avatar", description="Make the default avatar's VRM 1.0 file."
    )
    parser.add_argument("output", nargs="?", type=Path, default=_COMMITTED, help="file to write (the stage's own)")
    output: Path = parser.parse_args().output
    content = make_avatar()
    output.write_bytes(content)
    print(f"{output}: {len(content) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
