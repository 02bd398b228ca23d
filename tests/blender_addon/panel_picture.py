"""The picture of the panel in the README: Blender's real window under Xvfb, a real bridge streaming to it.

    python -m tests.blender_addon.panel_picture docs/blender_panel.png

Needs, on Debian: apt-get install --no-install-recommends blender python3-numpy libgl1-mesa-dri xvfb xdotool.
Blender 3.4 installs the very zip as an old add-on. The picture is Blender's own; `ui_shell.py` runs within it.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from blender_addon.make_zip import make_zip
from data.music import demo_song

ROOT = Path(__file__).parents[2]
SHELL = Path(__file__).parent / "inside" / "ui_shell.py"
PORTS = {"dance": 46_550, "control": 46_540}


def missing_program() -> str:
    """What this machine lacks, or an empty text."""
    return ", ".join(name for name in ("blender", "Xvfb", "xdotool") if shutil.which(name) is None)


def take_picture(folder: Path, *, display: int = 79, seconds: float = 200.0) -> dict:
    """Streams to a Blender with a window; `panel.png` in the folder, and what Blender said of itself."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BLENDER"))},
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/games",  # Blender takes the Python that it finds first as its home
        "DISPLAY": f":{display}",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "GALLIUM_DRIVER": "llvmpipe",
        "BLENDER_USER_SCRIPTS": str(folder / "scripts"),
        "BLENDER_USER_CONFIG": str(folder / "config"),
        "EXTENSION_ZIP": str(make_zip(folder)),
        "OUT": str(folder),
        "PORT": str(PORTS["dance"]),
        "CONTROL_PORT": str(PORTS["control"]),
    }
    (folder / "scripts" / "addons").mkdir(parents=True)
    (folder / "config").mkdir()
    screen = subprocess.Popen(
        ["Xvfb", f":{display}", "-screen", "0", "1400x900x24", "+extension", "GLX", "-noreset"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(2.0)
    bridge = subprocess.Popen(
        [
            *(sys.executable, "-m", "bridge.cli", "perform", "--file", str(demo_song())),
            *("--seconds", str(seconds + 60), "--target", f"dance:127.0.0.1:{PORTS['dance']}"),
            *("--control", f"127.0.0.1:{PORTS['control']}", "--query-port", "None", "--stage", "None"),
            *("--takes", str(folder / "takes"), "--no-aloud", "--quiet"),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with (folder / "blender.log").open("w") as log:
            subprocess.run(
                # Drawing in software takes all that it gets; the dancer comes first.
                [
                    *("nice", "-n", "15", "blender", "--factory-startup"),
                    *("--window-geometry", "0", "0", "1400", "900", "--python", str(SHELL)),
                ],
                env=environment,
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
    finally:
        screen.terminate()
        screen.wait(10)
        bridge.send_signal(signal.SIGINT)
        try:
            bridge.wait(60)
        except subprocess.TimeoutExpired:
            bridge.kill()
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
