"""The picture of the panel in the README: Blender's real window under Xvfb, a real bridge streaming to it.

    python -m tests.blender_addon.panel_picture docs/blender_panel.png

Needs, on Debian: apt-get install --no-install-recommends blender python3-numpy libgl1-mesa-dri xvfb xdotool.
Blender 3.4 installs the very zip as an old add-on. The picture is Blender's own; `ui_shell.py` runs within it.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from blender_addon.make_zip import make_zip
from models.files.checkpoint_header import default_path
from tests.stage.bridge_process import running_bridge
from tests.waiting import wait_until

SHELL = Path(__file__).parent / "inside" / "ui_shell.py"


def missing_program() -> str:
    """What this machine lacks, or an empty text."""
    return ", ".join(name for name in ("blender", "Xvfb", "xdotool") if shutil.which(name) is None)


@contextmanager
def running_screen() -> Iterator[str]:
    """A screen that nobody sees, at a number that was free; it ends with the block."""
    read_end, tells = os.pipe()
    with os.fdopen(read_end) as number:
        screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(tells), "-screen", "0", "1400x900x24", "+extension", "GLX", "-noreset"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(tells,),
        )
        try:
            os.close(tells)
            yield f":{number.readline().strip()}"  # comes when it can be used
        finally:
            screen.terminate()
            screen.wait()


def take_picture(folder: Path, *, seconds: float = 500.0) -> dict:
    """Streams to a Blender with a window; `panel.png` in the folder, and what Blender said of itself."""
    (folder / "scripts" / "addons").mkdir(parents=True)
    (folder / "config").mkdir()
    with running_screen() as display, (folder / "blender.log").open("w") as log:
        blender = subprocess.Popen(
            # Drawing in software takes all that it gets; the dancer comes first.
            [
                *("nice", "-n", "15", "blender", "--factory-startup"),
                *("--window-geometry", "0", "0", "1400", "900", "--python", str(SHELL)),
            ],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BLENDER"))},
                "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/games",  # Blender takes the first Python there as its home
                "DISPLAY": display,
                "LIBGL_ALWAYS_SOFTWARE": "1",
                "GALLIUM_DRIVER": "llvmpipe",
                "BLENDER_USER_SCRIPTS": str(folder / "scripts"),
                "BLENDER_USER_CONFIG": str(folder / "config"),
                "EXTENSION_ZIP": str(make_zip(folder)),
                "OUT": str(folder),
            },
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            port_file = folder / "port"
            wait_until(lambda: port_file.exists() or blender.poll() is not None, "Blender to listen", seconds)
            if port_file.exists():
                target = f"dance:127.0.0.1:{port_file.read_text()}"
                with running_bridge(default_path(), folder, target=target, steered=True) as bridge:
                    (folder / "control_port.part").write_text(str(bridge.control_port))
                    (folder / "control_port.part").replace(folder / "control_port")
                    wait_until(lambda: blender.poll() is not None, "Blender to end", seconds)
        finally:
            blender.kill()
            blender.wait()
    report = folder / "report.json"
    if not report.exists():
        raise RuntimeError((folder / "blender.log").read_text())
    return json.loads(report.read_text())


def main() -> None:
    """Takes the picture."""
    if missing_program():
        sys.exit(f"not here: {missing_program()}")
    output = Path(sys.argv[1])
    with TemporaryDirectory() as folder:
        print(take_picture(Path(folder)))
        shutil.copy(Path(folder) / "panel.png", output)


if __name__ == "__main__":
    main()
