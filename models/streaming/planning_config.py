"""Architecture and training regime of a `PlanningTransflower`."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PlanningConfig:
    """Architecture and training regime of a `PlanningTransflower`.

    Attributes:
        pose_dims: Size of a pose vector of the codec.
        moving_dims: Dimensions of it that move in the data.
        music_dims: Size of a feature frame.
        num_styles: Number of styles (genres); one more index means "free".
        num_phrases: Phrases that it knows.
        num_groups: Choreographies that they belong to.
        most_beats: Beats of the longest phrase.
        lags: Changes that the linear prediction looks back on.
        dims: Width of a token.
        num_layers: Layers of the transformer.
        num_heads: Attention heads.
        window_frames: Frames that one layer sees.
        told_dims: Width of the condition of every layer and coupling.
        plan_dims: Width of the embeddings of phrase, choreography and style.
        flow_steps: Steps of the flow.
        flow_hidden_dims: Width of the nets of the couplings' shifts.
        flow_scale_dims: Width of the nets of the couplings' scales.
        degrees: Degrees of freedom of the latent's Student t; 0 for a normal latent.
        plants_feet: Whether the hips follow the feet that stand; see `models.streaming.footing.Footing`.
        step_noise_level: Corruption level while a phrase is danced: the more, the more the dance is led back to the
            phrase, as it was led back from corruption in training.
        volatility_kept: Share of the logarithm of the innovations' size that is given while dancing; less than 1
            leads the dance back to its usual liveliness.
        future_frames: Largest look-ahead budget, in frames; a multiple of `future_block_frames`.
        future_block_frames: Future music is averaged over blocks of this many frames.
        beat_column: Music column of the beat oscillator's cosine; three columns on is its confidence.
        spectral_dims: Leading music columns that describe timbre and harmony; dropped at random as a group.
        num_seed_poses: Poses to start from.
        dropout: Dropout of the transformer.
        history_noise: Largest corruption of the past poses, in standard deviations.
        history_dropout: Largest share of past poses hidden from a token.
        style_dropout: Share of windows trained without a style.
        energy_dropout: Share of windows trained without an energy.
        phrase_dropout: Share of windows that know the choreography and the place in it, not the phrase.
        plan_dropout: Share of windows trained without any plan.
        spectral_dropout: Share of windows trained without the spectral columns.
        look_ahead_share: Share of windows trained with a look-ahead budget above zero.
        target_noise: Noise added to the modelled change, in its standard deviations: it keeps the density finite
            where dimensions are redundant.
    """

    pose_dims: int
    moving_dims: int
    music_dims: int
    num_styles: int
    num_phrases: int
    num_groups: int
    most_beats: int = 16
    lags: int = 2
    dims: int = 256
    num_layers: int = 6
    num_heads: int = 4
    window_frames: int = 120
    told_dims: int = 128
    plan_dims: int = 48
    flow_steps: int = 8
    flow_hidden_dims: int = 256
    flow_scale_dims: int = 64
    degrees: float = 0.0
    plants_feet: bool = True
    step_noise_level: float = 0.2
    volatility_kept: float = 0.3
    future_frames: int = 30
    future_block_frames: int = 5
    spectral_dims: int = 112
    beat_column: int = 116
    num_seed_poses: int = 8
    dropout: float = 0.1
    history_noise: float = 0.5
    history_dropout: float = 0.1
    style_dropout: float = 0.1
    energy_dropout: float = 0.4
    phrase_dropout: float = 0.2
    plan_dropout: float = 0.3
    spectral_dropout: float = 0.3
    look_ahead_share: float = 0.5
    target_noise: float = 0.02

    def __post_init__(self) -> None:
        if self.future_frames % self.future_block_frames:
            raise ValueError(
                f"future_frames must be a multiple of future_block_frames, not {self.future_frames} of "
                f"{self.future_block_frames}"
            )
        if not 1 <= self.lags <= 8:
            raise ValueError(f"lags must lie in 1..8, not {self.lags}")
        if not 2 <= self.moving_dims <= self.pose_dims:
            raise ValueError(f"moving_dims must lie in 2..{self.pose_dims}, not {self.moving_dims}")
        if not 0 <= self.beat_column < self.music_dims - 3:
            raise ValueError(f"beat_column must lie in 0..{self.music_dims - 4}, not {self.beat_column}")
