"""What a performer may ask for."""

import pytest

from bridge.control.controls import Controls


def test_styles_and_seed_poses_are_asked_for_by_letters_or_names_and_unknown_ones_refused():
    styles, poses = ("HO", "LO"), ("standing", "LO-1")
    for style, pose in (("HO", "LO-1"), ("house", "lock 1"), (" House", "Lock-1"), ("ho", "lo-1")):
        assert Controls(style=style, seed_pose=pose).known_to(styles, poses) == Controls(style="HO", seed_pose="LO-1")
    with pytest.raises(ValueError, match=r"no style 'polka'; this dancer knows House \(HO\), Lock \(LO\)"):
        Controls(style="polka").known_to(styles, poses)
    with pytest.raises(ValueError, match=r"no style 'Krump'"):
        Controls(style="Krump").known_to(styles, poses)
    with pytest.raises(ValueError, match=r"no style ' '"):
        Controls(style=" ").known_to(styles, poses)
