"""Why the figure does not dance, in one line, with the way out: one source for terminal, stage and whoever listens."""

import math
from dataclasses import dataclass
from enum import StrEnum

from bridge.control.controls import Controls


class Reason(StrEnum):
    """Why the figure does not dance; receivers must bear other words."""

    BROKEN = "broken"
    LOADING = "loading"
    FROZEN = "frozen"
    ASKED_TO_IDLE = "asked_to_idle"
    NO_SOUND = "no_sound"
    WAITING = "waiting"
    TOO_SLOW = "too_slow"
    FAILED = "failed"
    SILENCE = "silence"
    LISTENING = "listening"
    NOT_MUSIC = "not_music"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What an engine knows about why it does not dance, at one frame; a value that may cross threads.

    Attributes:
        has_sound: Whether what comes is believed to be sound.
        is_music: Whether it is to be danced to.
        is_judged: Whether it has been heard for long enough to say so.
        level_dbfs: Its level, dB relative to full scale.
        has_failed: Whether the dancer has broken.
        wait_s: How long a broken dancer still rests.
        rest_s: How long a dancer for whom this machine is too slow still rests.
    """

    has_sound: bool
    is_music: bool
    is_judged: bool
    level_dbfs: float = -math.inf
    has_failed: bool = False
    wait_s: float = 0.0
    rest_s: float = 0.0


@dataclass(frozen=True)
class Why:
    """The reason, and a line for people that says what can be done.

    Attributes:
        reason: For programs.
        text: For people; one line.
    """

    reason: Reason
    text: str


def why_still(
    standing: Standing | None,
    controls: Controls,
    *,
    is_waiting: bool = False,
    source_notice: str | None = None,
    failure: str | None = None,
    dancer_error: str | None = None,
    device_name: str = "",
) -> Why | None:
    """The one reason that counts now; None while the figure dances.

    Args:
        standing: Of the newest frame; None before there is any.
        controls: What the performer asks for.
        is_waiting: Whether poses stay away.
        source_notice: What is wrong with the source of the sound.
        failure: What ended the performance.
        dancer_error: The dancer's newest error.
        device_name: What the dancer runs on, as people know it.

    Example:
        >>> quiet = Standing(has_sound=False, is_music=False, is_judged=False, level_dbfs=-71.3)
        >>> why_still(quiet, Controls()).text
        'silence: -71 dB, and music begins at -50 dB: turn the sound up, or the threshold down (threshold_dbfs)'
        >>> why_still(quiet, Controls(freeze=True)).reason
        <Reason.FROZEN: 'frozen'>
    """
    if failure is not None:
        return Why(Reason.BROKEN, f"the performance broke off: {failure}")
    if standing is None:
        return Why(Reason.LOADING, "the dancer is being loaded, which takes a few seconds")
    if controls.freeze:
        return Why(Reason.FROZEN, "held by freeze: release it (freeze 0)")
    if controls.idle:
        return Why(Reason.ASKED_TO_IDLE, "told to stand idle, by idle or panic: release it (idle 0)")
    if source_notice is not None and not standing.has_sound:
        return Why(Reason.NO_SOUND, source_notice)
    if standing.rest_s > 0.0:
        return Why(Reason.TOO_SLOW, _too_slow(standing.rest_s, device_name))
    if standing.has_failed:
        error = "" if dancer_error is None else f" ({dancer_error})"
        seconds = f" in {standing.wait_s:.0f} s" if standing.wait_s >= 0.5 else ""
        return Why(Reason.FAILED, f"the dancer failed{error} and is started anew{seconds}; otherwise try another one")
    if is_waiting:
        return Why(Reason.WAITING, "poses stay away: this machine is busy with something else, end other programs")
    if not standing.has_sound and standing.level_dbfs > controls.threshold_dbfs:
        return Why(Reason.LISTENING, "hears something, and listens whether it stays")
    if not standing.has_sound:
        level, threshold = f"{max(standing.level_dbfs, -120.0):.0f} dB", f"{controls.threshold_dbfs:.0f} dB"
        way_out = "turn the sound up, or the threshold down (threshold_dbfs)"
        return Why(Reason.SILENCE, f"silence: {level}, and music begins at {threshold}: {way_out}")
    if not standing.is_music:
        if not standing.is_judged:
            return Why(Reason.LISTENING, "hears something, and listens whether it is music")
        return Why(Reason.NOT_MUSIC, "speech or noise, no music: switch music_only off to dance to it all the same")
    return None


def _too_slow(rest_s: float, device_name: str) -> str:
    is_fast = "ONNX" in device_name or "fast step" in device_name
    ways = [] if is_fast else ["--backend onnx is faster on a processor"]
    if "cuda" not in device_name.lower():
        ways.append("a GPU faster still (--device cuda)" if ways else "a GPU is faster (--device cuda)")
    ways.append("or end other programs" if ways else "end other programs")
    rest = f"this machine is too slow for the dancer, who rests for {math.ceil(rest_s)} s and tries again"
    return f"{rest}: {', '.join(ways)}"
