"""The state of the controls: the present values, and what each request from whoever steers makes of them."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bridge.control.control_schema import SPEC_BY_NAME
from bridge.control.controls import RANGES, BeatControls, Controls
from bridge.control.presets import load_preset, save_preset

_MAX_TAPS: Final = 32


class ControlState:
    """The performer's requests of this moment.

    Any thread may read the attributes: each is one reference to an immutable value. Any thread may `apply`; writers
    wait for each other, readers for nobody.

    Attributes:
        controls: For the dance.
        beat: For the beat.
        recording: Whether a part of the take is being marked.
        num_applied: Controls obeyed so far.
        num_refused: Controls refused so far; they changed nothing.
        last_refusal: Why the newest of them was refused.
    """

    def __init__(
        self,
        controls: Controls,
        beat: BeatControls,
        styles: tuple[str, ...] = (),
        presets: Path | None = None,
        seed_poses: tuple[str, ...] = (),
        noise_correlation: float | None = None,
        groove: float | None = None,
    ) -> None:
        """Puts the knobs where they are at the beginning.

        Args:
            controls: For the dance.
            beat: For the beat.
            styles: What the dancer knows.
            presets: Folder of presets; None has none.
            seed_poses: What the dancer can start from.
            noise_correlation: The dancer's own, as long as nobody asks for another.
            groove: Likewise.
        """
        self.controls = controls
        self.beat = beat
        self.recording = False
        self.num_applied = 0
        self.num_refused = 0
        self.last_refusal: str | None = None
        self.styles = styles
        self.seed_poses = seed_poses
        self._dancers_own = {"noise_correlation": noise_correlation, "groove": groove}
        self._presets = presets
        self._writing = threading.Lock()

    def apply(self, name: str, arguments: tuple[Any, ...], at_s: float) -> None:
        """Does what one control message asks.

        Args:
            name: One of `control_schema.CONTROL_SPECS`.
            arguments: What the message carries.
            at_s: When it came, `time.monotonic()` seconds.

        Raises:
            ValueError: It asks for nothing that can be done; nothing was changed. The refusal is counted.
            OSError: A preset could not be written or read; likewise.
        """
        with self._writing:
            try:
                self._apply(name, arguments, at_s)
            except (ValueError, OSError) as error:
                self.num_refused += 1
                self.last_refusal = str(error)
                raise
            self.num_applied += 1

    def value(self, name: str) -> float | int | str | bool | None:
        """Where a knob stands now; None for triggers."""
        spec = SPEC_BY_NAME.get(name)
        if spec is not None and spec.of == "dance" and spec.kind != "trigger":
            value: float | int | str | bool | None = getattr(self.controls, name)
            if value is None and name in self._dancers_own:
                return self._dancers_own[name]
            return "" if spec.kind == "text" and value is None else value
        if spec is not None and spec.of == "beat" and spec.kind != "trigger":
            return self.beat.nudge_beats if name == "nudge" else getattr(self.beat, name) or spec.default
        return self.recording if name == "record" else None

    def _apply(self, name: str, arguments: tuple[Any, ...], at_s: float) -> None:
        spec = SPEC_BY_NAME.get(name)
        if spec is None:
            raise ValueError(f"no control {name[:40]!r}; there are {', '.join(SPEC_BY_NAME)}")
        value = spec.value(arguments)
        if spec.kind == "trigger":
            if value:
                self._press(name, at_s)
        elif spec.of == "dance":
            chosen: dict[str, Any] = {name: (value or None) if spec.kind == "text" else value}
            controls = replace(self.controls, **chosen)
            self.controls = controls if spec.choices_of is None else controls.known_to(self.styles, self.seed_poses)
        elif spec.of == "beat":
            self._set_beat(name, value)
        elif spec.of == "take":
            self.recording = value
        else:
            self._use_preset(name, value)

    def _press(self, name: str, at_s: float) -> None:
        """What happens once."""
        controls, beat = self.controls, self.beat
        match name:
            case "panic":
                self.controls = replace(controls, idle=True, freeze=False, num_panics=controls.num_panics + 1)
            case "reset":
                self.controls = replace(controls, freeze=False, num_resets=controls.num_resets + 1)
            case "next_phrase":
                self.controls = replace(controls, num_next_phrases=controls.num_next_phrases + 1)
            case "tap":
                self.beat = replace(beat, taps=(*beat.taps, at_s)[-_MAX_TAPS:], bpm=None)
            case "half" | "double":
                low, high = RANGES["octave"]
                octave = beat.octave + (1 if name == "double" else -1)
                if not low <= octave <= high:
                    raise ValueError(f"the tempo is already {2.0**beat.octave:g} times what the clock tells")
                self.beat = replace(beat, octave=octave)

    def _use_preset(self, name: str, text: str) -> None:
        """Recalls or saves one."""
        if self._presets is None:
            raise ValueError("this performance has no folder of presets; name one by --presets")
        if name == "preset":
            recalled = load_preset(self._presets, text, self.styles, self.seed_poses)
            self.controls = replace(self.controls, **recalled)
        else:
            save_preset(self._presets, text, self.controls)

    def _set_beat(self, name: str, value: Any) -> None:
        match name:
            case "bpm":
                self.beat = replace(self.beat, bpm=value or None, taps=())
            case "nudge":  # a beat is a circle: more than half of it forward is less than half of it back
                nudge_beats = (self.beat.nudge_beats + value + 0.5) % 1.0 - 0.5
                self.beat = replace(self.beat, nudge_beats=nudge_beats)
            case _:
                self.beat = replace(self.beat, **{name: value})
