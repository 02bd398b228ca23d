"""The engine: a frame of sound features in, a pose out. Pure: no clock, no thread, no socket, no hidden state."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bridge.body.blending import followed, is_alike, mirrored, placed, smoothstep
from bridge.body.body_points import BodyPoints
from bridge.body.dead_blend import DeadBlend, Glide
from bridge.body.facing import FacingState
from bridge.body.foot_lock import FootLock
from bridge.body.gate import SilenceGate
from bridge.body.ground import Ground
from bridge.body.liveliness import Liveliness, is_calm_requested
from bridge.body.pace import Pace
from bridge.body.safety import is_plausible, softly_bounded
from bridge.body.travel import TravelRequest, travelling
from bridge.control.controls import Controls, EasedControls
from bridge.engine.engine_config import EngineConfig
from bridge.engine.engine_state import EngineState
from bridge.engine.stepped_dancer import SteppedDancer
from data.motion.idle import IdleMotion
from data.motion.motion import Pose, blend
from data.motion.pose_codec import PoseCodec
from data.sound.music_detector import MusicDetector, MusicDetectorConfig
from models.files.checkpoint_header import REST_POSE
from models.step.noise import frame_noise
from models.step.steering import Steering

Frame = NDArray[np.float32]


class Engine:
    """Steps a dancer to the sound, blends it with a standing idle human, and lets nothing out that no body could do.

    The dance and the idle motion share one place in the world: the dance's travel and turn are scaled by the dance's
    weight and integrated by the pose codec, the idle human stands where that has led, and joints are blended on the
    shortest arcs. So there is no second root to jump to. While it is silent the dancer sleeps; with sound it starts
    from a seed pose, hidden by the blend. A vector that is not a number or no body's is replaced by the last good one,
    whose travel fades; after a few in a row the figure eases into idling and the dancer is started anew. Where an order
    (freeze, mirror, reset, panic, another seed) cuts from one motion to another, the cut is bridged by dead blending.

    Args:
        dancer: Steps from music to pose vectors.
        codec: Meaning of the pose vectors.
        music_dims: Numbers in a frame of sound features.
        styles: Names of the styles, by index.
        seed_poses: Names of the poses that a dance may start from, by index.
        energy_mean_std: The energy that 0.5 stands for, and the deviation of what it was trained with, m/s.
        energy_aim_m_s: The mean joint speed that is to come of it; None does not watch over it.
        style_energy: By style, how much more or less it moves than the mean of all; others are given the mean.
        noise_correlation: Of the noise of a frame with that of the frame before, as long as nobody asks for another.
        groove: How much the beat modulates the speed of the body, likewise.
        look_ahead_frames: Frames by which the music runs ahead of the dance; the level given to `step` belongs to the
            dance. With a look-ahead the dancer never sleeps, since it has to hear what comes.
        config: Transitions and limits.
    """

    def __init__(
        self,
        dancer: SteppedDancer,
        codec: PoseCodec,
        *,
        music_dims: int,
        styles: tuple[str, ...] = (),
        seed_poses: tuple[str, ...] = (),
        energy_mean_std: tuple[float, float] = (0.5, 0.25),
        energy_aim_m_s: float | None = None,
        style_energy: Mapping[str, float] | None = None,
        noise_correlation: float = 0.0,
        groove: float = 0.05,
        look_ahead_frames: int = 0,
        config: EngineConfig | None = None,
    ) -> None:
        self.config = config or EngineConfig()
        self.codec = codec
        self.skeleton = codec.skeleton
        self.rate_hz = codec.rate_hz
        self.music_dims = music_dims
        self.styles = styles
        self.seed_poses = seed_poses
        self.look_ahead_frames = look_ahead_frames
        self.dancer = dancer
        self._energy_mean_std = energy_mean_std
        self._energy_aim_m_s = math.nan if energy_aim_m_s is None else energy_aim_m_s
        self._style_energy = dict(style_energy or {})
        self._dancers_own = {"noise_correlation": noise_correlation, "groove": groove}
        self._idle = IdleMotion(self.skeleton, self.rate_hz)
        self._ground = Ground(self.skeleton, self.rate_hz)
        self._feet = FootLock(self.skeleton, self.rate_hz)
        self._gate = SilenceGate(rate_hz=self.rate_hz)
        self._ears = MusicDetector(MusicDetectorConfig(rate_hz=self.rate_hz))
        self._liveliness = Liveliness(rate_hz=self.rate_hz)
        self._pace = Pace(rate_hz=self.rate_hz)
        self._points = BodyPoints(self.skeleton)
        self._dead_blend = DeadBlend(rate_hz=self.rate_hz)

    def initial_state(self, seed: int = 0) -> EngineState:
        """The figure stands idle at the origin, facing +Z; `seed` chooses the dance and how it idles."""
        pose, idle = self._idle.step(self._idle.initial_state(seed))
        return EngineState(
            frame=0,
            first_seed=seed,
            seed=seed,
            obeyed=None,
            dancer=None,
            num_starts=0,
            steering=None,
            eased=EasedControls(),
            vector=np.zeros(self.codec.dims, np.float32),
            num_bad=0,
            has_failed=False,
            wait_s=0.0,
            next_wait_s=0.0,
            good_s=0.0,
            dance=0.0,
            decoder=self.codec.initial_state(),
            facing=FacingState(),
            gate=self._gate.initial_state(),
            ears=self._ears.initial_state(),
            verdicts=(False,) * self.look_ahead_frames,
            is_music=False,
            liveliness=self._liveliness.at_rest(),
            urge=0.0,
            idle=idle,
            ground=self._ground.initial_state(),
            feet=self._feet.initial_state(),
            before=pose,
            wanted=pose,
            shown=pose,
            is_cut=False,
            bridge=None,
            frozen=None,
            num_rejected=0,
        )

    @property
    def device_name(self) -> str:
        """What the dancer runs on, as people know it."""
        return self.dancer.device_name

    def warm_up(self, num_steps: int = 4) -> int:
        """Steps the dancer a few times and forgets it: first steps allocate, capture and are slow.

        With a guided style too, whose step has a form of its own.

        Returns:
            How many steps that were.
        """
        guided = [Steering(style=0, style_guidance=1.0)] if self.styles else []
        music = np.zeros(self.music_dims, np.float32)
        forms = (Steering(), *guided)
        for steering in forms:
            dancer = self.dancer.steer(self.dancer.initial_state(0), steering)
            for frame in range(num_steps):
                _, dancer = self.dancer.step(music, dancer, frame_noise(0, frame, self.dancer.noise_dims), 1.0)
        return num_steps * len(forms)

    def step(
        self, music_frame: Frame, level_dbfs: float, state: EngineState, controls: Controls
    ) -> tuple[Pose, EngineState]:
        """One frame.

        Args:
            music_frame: Sound features, (music_dims,).
            level_dbfs: Root mean square of the same frame's sound before any gain, dB relative to full scale.
            state: From the step before; it is given up.
            controls: The performer's requests.

        Returns:
            The pose and the state after it.

        Raises:
            Exception: Whatever the dancer raises. The show can go on from `give_up_dancer`.
        """
        config = self.config
        self._obey(controls, state)
        has_sound, state.gate = self._gate.step(level_dbfs, state.gate, controls.threshold_dbfs)
        is_music, state.ears = self._ears.step(music_frame, state.ears)
        # The music runs ahead of the dance; what was heard of it counts when it is danced.
        is_music, *state.verdicts = *state.verdicts, is_music
        state.is_music = is_music or not controls.music_only
        self._mind_failures(state)
        can_dance = has_sound and not controls.idle and not state.has_failed
        wants_to_dance = can_dance and state.is_music
        if wants_to_dance:
            state.dance = min(1.0, state.dance + 1.0 / (config.rise_s * self.rate_hz))
        else:
            state.dance = max(0.0, state.dance - 1.0 / (config.fall_s * self.rate_hz))
        # While it is not known yet what sounds, a dance begins unseen, so that it is on its way once it is known.
        if state.dance > 0.0 or self.look_ahead_frames > 0 or (can_dance and not state.ears.is_judged):
            self._step_dancer(music_frame, state, controls)
        else:
            state.dancer = None
        wanted = self._bridged(self._blended(smoothstep(state.dance), state, controls), state)
        state.before, state.wanted = state.wanted, wanted
        self._keep_moving(wants_to_dance, state, controls)
        state.shown = self._made_safe(wanted, state)
        state.frame += 1
        return state.shown, state

    def give_up_dancer(self, state: EngineState) -> EngineState:
        """The state to go on with after a step that raised: the figure eases into idling, then a new dance starts.

        A dancer that breaks again and again is left alone for longer and longer, so that the figure does not twitch.
        """
        config = self.config
        state.has_failed = True
        state.wait_s, state.good_s = state.next_wait_s, 0.0
        state.next_wait_s = min(max(config.first_wait_s, 2.0 * state.next_wait_s), config.max_wait_s)
        return state

    def _mind_failures(self, state: EngineState) -> None:
        """Lets a dancer that broke start anew when its time has come; trusts one that has danced for a while."""
        if not state.has_failed:
            state.good_s += state.dance / self.rate_hz
            if state.good_s > self.config.trust_s:
                state.next_wait_s = 0.0
        elif state.dance == 0.0:
            state.wait_s -= 1.0 / self.rate_hz
            if state.wait_s <= 0.0:
                state.dancer, state.has_failed = None, False

    def _keep_moving(self, wants_to_dance: bool, state: EngineState, controls: Controls) -> None:
        """Rouses a dance that has come to a stand, unless that is what was asked for."""
        if not controls.keep_moving or state.frozen is not None or is_calm_requested(controls):
            state.liveliness, state.urge = self._liveliness.at_rest(), 0.0
            return
        if not wants_to_dance:
            state.liveliness = self._liveliness.initial_state()
            return
        places = np.array(self._points.of(state.wanted).places[: self.skeleton.num_joints], np.float32)
        lowered_m = -state.ground.offset_m
        share = self._style_share(controls)
        state.liveliness = self._liveliness.step(places, state.liveliness, state.eased.energy, lowered_m, share)
        if state.liveliness.must_restart:
            state.dancer, state.is_cut = None, True
        elif state.dance >= 1.0 and state.liveliness.first_rousing == 0.0:
            wanted_m_s = self._energy_aim_m_s * share + self._asked_apart_m_s(state)
            speed_m_s = state.liveliness.speed_m_s
            state.urge = self._pace.step(speed_m_s=speed_m_s, wanted_m_s=wanted_m_s, urge=state.urge)

    def _obey(self, controls: Controls, state: EngineState) -> None:
        """Carries out what changed among the controls since the last frame, and eases what is a number."""
        before, state.obeyed = state.obeyed, controls
        share = 1.0 - 0.5 ** (1.0 / (self.rate_hz * self.config.control_half_life_s))
        state.eased = state.eased.towards(controls, share, **self._dancers_own)
        seed = state.first_seed if controls.seed is None else controls.seed
        front_rad = math.radians(controls.front_deg)
        if before is None:
            state.seed = seed
            self._place_at_home(front_rad, state)
            poses = (placed(pose, 0.0, 0.0, front_rad) for pose in (state.before, state.wanted, state.shown))
            state.before, state.wanted, state.shown = poses
            return
        if seed != state.seed or controls.num_resets != before.num_resets:
            state.seed, state.frame, state.num_starts = seed, 0, 0
            state.dancer, state.is_cut = None, True
        if controls.style != before.style or state.frame == 0:
            state.urge = 0.0
        if controls.num_resets != before.num_resets:
            self._place_at_home(front_rad, state)
        if controls.num_panics != before.num_panics:
            state.dance, state.is_cut = 0.0, True
        if controls.mirror != before.mirror:
            state.is_cut = True
        if controls.freeze and state.frozen is None:
            state.frozen = Glide.of(state.before, state.wanted)
        elif state.frozen is not None and not controls.freeze:
            state.frozen, state.is_cut = None, True

    def _place_at_home(self, front_rad: float, state: EngineState) -> None:
        state.decoder = self.codec.initial_state(yaw_rad=front_rad)
        state.facing = FacingState.towards(front_rad)

    def _step_dancer(self, music_frame: Frame, state: EngineState, controls: Controls) -> None:
        """Puts the next believed vector into `state.vector`, or lets the last one fade."""
        if state.dancer is None and not state.has_failed:
            state.dancer = self.dancer.initial_state(self._start_pose(state.seed + state.num_starts, controls))
            state.num_starts += 1
            state.num_bad = 0
            state.steering = None
        if not state.has_failed:
            self._steer(state, controls)
            noise = frame_noise(state.seed, state.frame, self.dancer.noise_dims, state.eased.noise_correlation)
            music_frame = np.nan_to_num(music_frame, nan=0.0, posinf=0.0, neginf=0.0)
            hotter = self.config.rousing_temperature * state.liveliness.strength + self._pace.hotter(state.urge)
            temperature = state.eased.temperature * (1.0 + hotter)
            vector, state.dancer = self.dancer.step(music_frame, state.dancer, noise, temperature)
            if is_plausible(vector, self.codec, self.config.limits):
                state.vector, state.num_bad = vector.astype(np.float32), 0
                return
            state.num_rejected += 1
            state.num_bad += 1
            # Without a single good vector there is nothing to hold.
            if state.num_bad > self.config.max_bad_frames or not state.vector.any():
                self.give_up_dancer(state)
        fade = np.float32(0.5 ** (1.0 / (self.rate_hz * self.config.velocity_half_life_s)))
        state.vector = state.vector.copy()
        for name in ("floor_velocity", "turn_rate"):
            state.vector[self.codec.columns[name]] *= fade

    def _start_pose(self, drawn: int, controls: Controls) -> int:
        """Index of the seed pose to start from: the one asked for, else one of the style asked for, else any.

        A dancer who starts from the standing pose goes on standing, four to eight seconds long in songs that begin
        gently, so that pose is drawn only where there is no other. The way from idling to any pose is blended.
        """
        if controls.seed_pose is not None:
            return self.seed_poses.index(controls.seed_pose)
        lively = [index for index, name in enumerate(self.seed_poses) if name != REST_POSE]
        of_style = [index for index in lively if self.seed_poses[index].rpartition("-")[0] == controls.style]
        candidates = of_style or lively
        return candidates[drawn % len(candidates)] if candidates else drawn

    def _steer(self, state: EngineState, controls: Controls) -> None:
        """Tells the dancer when something changed."""
        style = controls.style
        mean = self._energy_mean_std[0] * self._style_share(controls)
        apart_m_s = self._asked_apart_m_s(state) + self._pace.more_m_s(state.urge)
        energy_m_s = None if math.isnan(apart_m_s) else max(0.0, mean + apart_m_s)
        if state.liveliness.strength > 0.0:
            base_m_s = mean if energy_m_s is None else energy_m_s
            energy_m_s = base_m_s + self.config.rousing_m_s * state.liveliness.strength
        steering = Steering(
            style=None if style is None else self.styles.index(style),
            energy_m_s=energy_m_s,
            look_ahead_frames=self.look_ahead_frames,
            groove=state.eased.groove,
            style_guidance=0.0 if style is None else state.eased.style_guidance,
            plan=controls.plan,
            hold_phrase=controls.hold_phrase,
            next_phrase=controls.num_next_phrases,
        )
        if steering != state.steering:
            state.dancer = self.dancer.steer(state.dancer, steering)
            state.steering = steering

    def _style_share(self, controls: Controls) -> float:
        return 1.0 if controls.style is None else self._style_energy.get(controls.style, 1.0)

    def _asked_apart_m_s(self, state: EngineState) -> float:
        """By how much more than the mean the dance is asked to move; NaN where that is left to the dancer."""
        return 3.0 * self._energy_mean_std[1] * (state.eased.energy - 0.5)

    def _blended(self, weight: float, state: EngineState, controls: Controls) -> Pose:
        """The dance with this weight over the idle motion, both where the decoder's path has led."""
        dance: Pose | None = None
        if weight > 0.0 and state.vector.any():
            # Unseen, the dance goes on while the figure is frozen, so that it is in time at once; but on the spot.
            request = TravelRequest(
                weight=0.0 if state.frozen else weight,
                is_mirrored=controls.mirror,
                leash_m=state.eased.leash_m,
                facing=controls.facing,
                front_rad=math.radians(controls.front_deg),
            )
            vector, state.facing = travelling(
                state.vector, self.codec, state.decoder, state.facing, state.feet, request
            )
            dance, state.decoder = self.codec.step(vector, state.decoder)
            if controls.mirror:
                dance = mirrored(dance, state.decoder.yaw_rad, self.skeleton.mirror_joints)
            if weight >= 1.0:
                return dance
        idle, state.idle = self._idle.step(state.idle)
        x, _, z = state.decoder.root_position.tolist()
        idle = placed(idle, x, z, state.decoder.yaw_rad)
        return idle if dance is None else blend(idle, dance, weight)

    def _bridged(self, wanted: Pose, state: EngineState) -> Pose:
        """What is wanted; or what is held while frozen; or what leads from one to the other after a cut."""
        if state.frozen is not None:
            state.frozen, state.bridge, state.is_cut = state.frozen.step(self._dead_blend.decay), None, False
            return state.frozen.pose
        if state.is_cut:
            state.bridge, state.is_cut = self._dead_blend.begin(state.before, state.wanted, wanted), False
        if state.bridge is not None:
            wanted, state.bridge = self._dead_blend.step(wanted, state.bridge)
        return wanted

    def _made_safe(self, pose: Pose, state: EngineState) -> Pose:
        """Hips in bounds and over the feet, nothing floats or sinks, standing feet stay, no joint too fast."""
        limits = self.config.limits
        at_rest = state.frozen is not None and is_alike(state.before, state.wanted) and not state.ground.is_in_the_air
        if at_rest:  # a statue does not stir, not even to find its balance
            return state.shown
        position = pose.root_position.copy()
        position[1] = softly_bounded(float(position[1]), limits.min_hip_height_m, limits.max_hip_height_m, 0.05)
        pose = Pose(position, pose.rotations)
        pose, state.ground = self._ground.step(pose, state.ground, amount=state.eased.grounding)
        pose, state.feet = self._feet.step(pose, state.feet, amount=state.eased.foot_lock)
        return followed(
            state.shown,
            pose,
            max_turn_rad=limits.max_joint_speed_rad_s / self.rate_hz,
            max_move_m=limits.max_root_speed_m_s / self.rate_hz,
        )
