"""Why the figure does not dance: always the one reason that counts, with a way out that exists."""

from dataclasses import replace

import pytest
import tyro

from bridge.commands.perform import Perform
from bridge.control.control_schema import SPEC_BY_NAME
from bridge.control.controls import Controls
from bridge.engine.why import Reason, Standing, why_still

DANCING = Standing(has_sound=True, is_music=True, is_judged=True, level_dbfs=-20.0)


def reason(standing: Standing | None = DANCING, controls: Controls | None = None, **changes: object) -> Reason | None:
    why = why_still(standing, controls or Controls(), **changes)  # type: ignore[arg-type]
    return None if why is None else why.reason


def test_who_dances_needs_no_reason() -> None:
    assert reason() is None
    assert reason(source_notice="no loudspeaker: the song is not heard, but danced to") is None


@pytest.mark.parametrize(
    ("expected", "standing", "changes"),
    [
        (Reason.LOADING, None, {}),
        (Reason.SILENCE, replace(DANCING, has_sound=False, level_dbfs=-70.0), {}),
        (Reason.LISTENING, replace(DANCING, has_sound=False), {}),  # it is loud, and has just begun
        (Reason.LISTENING, replace(DANCING, is_music=False, is_judged=False), {}),
        (Reason.NOT_MUSIC, replace(DANCING, is_music=False), {}),
        (Reason.TOO_SLOW, replace(DANCING, rest_s=4.0), {}),
        (Reason.FAILED, replace(DANCING, has_failed=True, wait_s=2.0), {"dancer_error": "RuntimeError: no memory"}),
        (Reason.NO_SOUND, replace(DANCING, has_sound=False), {"source_notice": "is it still plugged in?"}),
        (Reason.WAITING, DANCING, {"is_waiting": True}),
        (Reason.FROZEN, DANCING, {"controls": Controls(freeze=True)}),
        (Reason.ASKED_TO_IDLE, DANCING, {"controls": Controls(idle=True)}),
        (Reason.BROKEN, DANCING, {"failure": "OSError: gone"}),
    ],
)
def test_each_reason(expected: Reason, standing: Standing | None, changes: dict[str, object]) -> None:
    assert reason(standing, **changes) is expected  # type: ignore[arg-type]


def test_what_a_person_asked_for_comes_before_what_the_sound_is_and_the_way_is_named() -> None:
    quiet = replace(DANCING, has_sound=False, level_dbfs=-71.0)
    assert reason(quiet, Controls(idle=True)) is Reason.ASKED_TO_IDLE
    silence = why_still(quiet, Controls(threshold_dbfs=-40.0))
    assert silence is not None
    assert "-71 dB" in silence.text
    assert "-40 dB" in silence.text


def test_lines_are_lines_and_name_what_exists() -> None:
    """Each control and option that a line names is one; a way that has been gone already is not named."""
    slow = why_still(replace(DANCING, rest_s=8.0), Controls(), device_name="cpu")
    assert slow is not None
    assert "8 s" in slow.text
    assert "--backend onnx" in slow.text
    assert "--device cuda" in slow.text
    parsed = tyro.cli(Perform, args=["--backend", "onnx", "--device", "cuda"])
    assert (parsed.dancer.backend, parsed.dancer.device) == ("onnx", "cuda")
    fast = why_still(replace(DANCING, rest_s=8.0), Controls(), device_name="cpu, ONNX Runtime 1.32.0")
    assert fast is not None
    assert "--backend" not in fast.text
    speech = why_still(replace(DANCING, is_music=False), Controls())
    assert speech is not None
    assert "music_only" in speech.text
    assert "music_only" in SPEC_BY_NAME
    for why in (slow, fast, speech):
        assert "\n" not in why.text
    nearly = why_still(replace(DANCING, rest_s=0.2), Controls(), device_name="cpu, fast step (AVX2)")
    assert nearly is not None
    assert nearly.text.endswith("rests for 1 s and tries again: a GPU is faster (--device cuda), or end other programs")
