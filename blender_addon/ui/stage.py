"""The stage: the one session of this Blender, the rigs that follow it, and the loop that drives both.

`pump` does all the work and can be called by anybody, at any rate; the timer and the handlers are three lines each.
Blender replaces its data on undo and loading, so rigs are known by their names and looked up each time.
"""

import atexit
import math
import time
import traceback
from typing import Final

import bpy
from bpy.app.handlers import persistent

from ..core.frame import Frame
from ..core.generate_job import GenerateJob
from ..core.sampling import fps_of
from ..core.session import Session
from ..scene.armature import LiveRig, live_rig
from ..scene.shown import why_unseen

TICK_S: Final = 1.0 / 60.0
_LOOK_FOR_RIGS_S: Final = 0.5
_REDRAW_PANEL_S: Final = 0.25


class AddonState:
    """What lives as long as the add-on is on.

    Attributes:
        session: The connection and the takes.
        job: The dance in the making, if there is one.
        problems: Rig to why it does not follow.
        message: What the last job said, for the panel.
    """

    def __init__(self) -> None:
        self.session = Session()
        self.job: GenerateJob | None = None
        self.on_done = None
        self.problems: dict[str, str] = {}
        self.message = ""
        self._rigs: dict[str, LiveRig] = {}
        self._names: list[str] = []
        self._next_look_s = -math.inf
        self._next_redraw_s = -math.inf

    def pump(self, now_s: float) -> Frame | None:
        """Reads the stream and poses the rigs; the new frame, if there is one.

        Whatever goes wrong ends the connection with a message, so that the port is free again.
        """
        scene = bpy.context.scene
        try:
            screen = bpy.context.screen
            is_playing = screen is not None and screen.is_animation_playing
            fps = fps_of(scene.render.fps, scene.render.fps_base)
            frame = self.session.pump(now_s, scene.frame_current_final if is_playing else None, fps)
            if frame is not None:
                self.show(frame, now_s)
        except Exception as error:
            traceback.print_exc()
            self.session.disconnect(error=f"Stopped by an error: {error}")
            return None
        if self.job is not None and self.job.pump() != "running":
            self._finish_job()
        self._redraw(frame is not None, now_s)
        return frame

    def show(self, frame: Frame, now_s: float) -> None:
        """Poses all rigs that follow."""
        if now_s >= self._next_look_s:
            self._next_look_s = now_s + _LOOK_FOR_RIGS_S
            self._names = [
                thing.name for thing in bpy.data.objects if thing.type == "ARMATURE" and thing.transflower.follows
            ]
            self.problems = {name: why for name, why in self.problems.items() if name in self._names}
        for name in self._names:
            armature = bpy.data.objects.get(name)
            if armature is None or armature.type != "ARMATURE":
                self._rigs.pop(name, None)
                continue
            if armature.mode == "EDIT":
                self._rigs.pop(name, None)  # its bones may be others afterwards; reading them says what is wrong
            try:
                self._rig(armature, frame).apply(armature, frame)
                unseen = why_unseen(armature)
                if unseen:
                    self.problems[name] = f"{name} follows, but {unseen}"
                else:
                    self.problems.pop(name, None)
            except ValueError as error:
                self.problems[name] = str(error)

    def show_again(self) -> None:
        """After the timeline moved, which lets animation overwrite the pose."""
        if self.session.frame is not None and self.session.is_streaming(time.monotonic()):
            self.show(self.session.frame, time.monotonic())

    def forget_rigs(self) -> None:
        """Blender's data was replaced, or a rig was mapped anew."""
        self._rigs.clear()
        self._next_look_s = -math.inf

    def start_job(self, job: GenerateJob, on_done: object) -> None:
        """Makes a dance; `on_done` is called with its take, in the main thread."""
        self.cancel_job()
        self.job, self.on_done, self.message = job, on_done, ""

    def cancel_job(self) -> None:
        """Ends the dance in the making, if there is one."""
        job, self.job = self.job, None
        if job is not None:
            job.cancel()
            self.message = "Cancelled"

    def close(self) -> None:
        """Gives back port and process; takes stay."""
        self.session.disconnect()
        self.cancel_job()
        self.forget_rigs()

    @property
    def is_busy(self) -> bool:
        """Whether there is anything to pump for."""
        return self.session.is_connected or self.job is not None

    def _rig(self, armature: bpy.types.Object, frame: Frame) -> LiveRig:
        mapping = armature.transflower.mapping()
        rig = self._rigs.get(armature.name)
        if rig is None or not rig.fits(armature, mapping, frame):
            rig = self._rigs[armature.name] = live_rig(armature, mapping, frame)
        return rig

    def _finish_job(self) -> None:
        job, on_done = self.job, self.on_done
        self.job = self.on_done = None
        if job is None:
            return
        self.message = "" if job.state == "done" else f"transflower: {job.message}"
        if job.take is not None and on_done is not None:
            try:
                self.message = on_done(job.take)
            except (ValueError, RuntimeError, ReferenceError) as error:
                self.message = str(error)

    def _redraw(self, is_new: bool, now_s: float) -> None:
        """The viewports for a new pose, the panels now and then."""
        is_due = now_s >= self._next_redraw_s
        if is_due:
            self._next_redraw_s = now_s + _REDRAW_PANEL_S
        if not (is_new or is_due):
            return
        for window in bpy.context.window_manager.windows:
            for area in window.screen.areas:
                if area.type == "VIEW_3D":
                    for region in area.regions:
                        if (is_new and region.type == "WINDOW") or (is_due and region.type == "UI"):
                            region.tag_redraw()
                elif is_due and area.type == "SEQUENCE_EDITOR" and self.job is not None:
                    area.tag_redraw()


STAGE: Final = AddonState()


def start_ticking() -> None:
    """Lets Blender's timer drive the stage as long as there is anything to do."""
    if not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick, persistent=True)


def _tick() -> float | None:
    STAGE.pump(time.monotonic())
    return TICK_S if STAGE.is_busy else None


@persistent
def _before_load(*_: object) -> None:
    STAGE.close()


@persistent
def _after_change(*_: object) -> None:
    STAGE.forget_rigs()


@persistent
def _after_frame(*_: object) -> None:
    STAGE.show_again()


_HANDLERS: Final = {
    "load_pre": _before_load,
    "load_post": _after_change,
    "undo_post": _after_change,
    "redo_post": _after_change,
    "frame_change_post": _after_frame,
}


def register() -> None:
    """Adds the handlers."""
    for name, handler in _HANDLERS.items():
        getattr(bpy.app.handlers, name).append(handler)
    atexit.register(STAGE.close)


def unregister() -> None:
    """Gives everything back."""
    STAGE.close()
    atexit.unregister(STAGE.close)
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)
    for name, handler in _HANDLERS.items():
        handlers = getattr(bpy.app.handlers, name)
        if handler in handlers:
            handlers.remove(handler)
