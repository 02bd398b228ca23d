"""What a dancer's file tells beside its model, for dancers that belong to no skeleton and no music."""

METADATA = {
    "frame_rate_hz": 30,
    "skeleton": {"names": ["Hips"]},
    "pose_codec": {"rate_hz": 30},
    "audio_fingerprint": "of no features",
    "styles": ["HO", "LO", "WA"],
    "energy": {"mean": 0.7, "std": 0.3},
    "look_ahead_frames": 6,
    "seed_poses": ["standing", "HO-1"],
    "provenance": "random weights",
    "licence": "CC0-1.0",
    "attribution": "nobody",
}
