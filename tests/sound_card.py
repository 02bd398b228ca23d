"""A sound card made of software: a private PulseAudio with one null sink, for tests on machines without hardware.

What is played into the sink `stage` can be recorded from its monitor, which PortAudio reaches through ALSA's pulse
plug-in as the device `pulse`. Only sockets and files of one temporary folder are used; no other
sound server is touched. Debian packages: libportaudio2 pulseaudio pulseaudio-utils libasound2-plugins.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import wait_until

DEVICE = "pulse"
_ALSA_CONFIG = """
</usr/share/alsa/alsa.conf>
pcm.pulse { type pulse }
ctl.pulse { type pulse }
pcm.!default { type pulse }
ctl.!default { type pulse }
"""


@dataclass
class SoundCard:
    """The sound card, which a test may unplug and plug in again.

    Attributes:
        environment: variables that lead PulseAudio's and PortAudio's clients to it.
        folder: sockets, configuration and log.
        rate_hz: rate of the sink.
        process: the sound server that runs now, or ran last.
    """

    environment: dict[str, str]
    folder: Path
    rate_hz: int
    process: subprocess.Popen[bytes] | None = None

    def play(self, wav: Path, latency_ms: int = 20) -> subprocess.Popen[bytes]:
        """Plays a file into the sink; the caller waits for the process.

        The player of a busy machine stutters: where it is late, the server plays silence. See `play_from_memory`.
        """
        return subprocess.Popen(
            ["paplay", "--device=stage", f"--latency-msec={latency_ms}", str(wav)],
            env={**os.environ, **self.environment},
        )

    def play_from_memory(self, wav: Path) -> None:
        """Has the server play a file into the sink and returns at once; 16 MB at most.

        It has the whole sound in its memory, so nobody has to keep up with it: what it plays has no holes, however
        busy the machine is.
        """
        self.control("upload-sample", str(wav), wav.stem)
        self.control("play-sample", wav.stem, "stage")

    def control(self, *arguments: str) -> None:
        """Has `pactl` do something."""
        environment = {**os.environ, **self.environment}
        result = subprocess.run(["pactl", *arguments], env=environment, capture_output=True, text=True)
        assert result.returncode == 0, f"pactl {' '.join(arguments)}: {result.stderr}"

    def start(self) -> None:
        """Starts the sound server, at the sockets where one was before, and waits until it answers."""
        log = self.folder / "pulseaudio.log"
        environment = {**os.environ, **self.environment}
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
                    *("--disallow-exit", "--realtime=no", "--high-priority=no"),
                    f"--load=module-null-sink sink_name=stage rate={self.rate_hz} channels=2 format=float32le "
                    "norewinds=1 "
                    "sink_properties=device.description=Main_Stage",
                    f"--load=module-native-protocol-unix socket={self.folder}/run/native auth-anonymous=1",
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

        def answers() -> bool:
            ended = self.process is None or self.process.poll() is not None
            assert not ended, f"PulseAudio did not start: {log.read_text(errors='replace')[-2000:]}"
            return subprocess.run(["pactl", "info"], env=environment, capture_output=True).returncode == 0

        wait_until(answers, "PulseAudio's answer")

    def kill(self) -> None:
        """The sound server dies, and every device with it: what a pulled plug looks like."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ends the sound server in an orderly way."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()


def missing_part() -> str | None:
    """What this machine lacks for a software sound card, or None."""
    for program in ("pulseaudio", "pactl", "paplay"):
        if shutil.which(program) is None:
            return f"{program} is not installed (apt install pulseaudio pulseaudio-utils)"
    if not list(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
        return "ALSA's pulse plug-in is not installed (apt install libasound2-plugins)"
    try:
        import sounddevice  # noqa: F401
    except (ImportError, OSError) as error:
        return f"PortAudio cannot be loaded: {error} (apt install libportaudio2)"
    return None


@contextmanager
def running_sound_card(folder: Path, rate_hz: int = 48000) -> Iterator[SoundCard]:
    """Starts the sound server and stops it again; `folder` must be short enough for the path of a socket."""
    run = folder / "run"
    run.mkdir(mode=0o700)
    (folder / "asoundrc").write_text(_ALSA_CONFIG)
    environment = {
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(run),
        "PULSE_RUNTIME_PATH": str(run),
        "PULSE_SERVER": f"unix:{run}/native",
        "PULSE_COOKIE": str(folder / "cookie"),
        "PULSE_SINK": "stage",
        "PULSE_SOURCE": "stage.monitor",
        "ALSA_CONFIG_PATH": str(folder / "asoundrc"),
    }
    card = SoundCard(environment, folder, rate_hz)
    try:
        card.start()
        yield card
    finally:
        card.stop()


@contextmanager
def portaudio_on(card: SoundCard) -> Iterator[None]:
    """Points PortAudio in this process at the sound card, and away from it again.

    PortAudio looks for devices only when it is initialised, hence the two calls that sounddevice's author advises
    (python-sounddevice, issue 125).
    """
    import sounddevice

    before = {name: os.environ.get(name) for name in card.environment}
    os.environ.update(card.environment)
    sounddevice._terminate()
    sounddevice._initialize()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        sounddevice._terminate()
        sounddevice._initialize()
