"""Two-bone inverse kinematics of a leg, for all frames at once."""

import numpy as np

from .rotations import Floats, about, between, multiply, rotate

_LONGEST = 0.997
"""A leg reaches no farther than this part of its length, unless it did already."""

_SOFT = 0.02
"""It comes there softly, within this part of its length."""

_STRAIGHT_SINE = 0.1
"""A knee that is bent by less shows its axis badly: the anatomical one is mixed in."""


def reach_turns(hip: Floats, knee: Floats, ankle: Floats, target: Floats, thigh: Floats) -> tuple[Floats, Floats]:
    """Turns in the world, of thigh and shin, (frames, 4) each, that bring the ankle to a place.

    With the shin turned by b about the hinge h, |k + R(h, b) a| = d is C + P cos b + Q sin b = 0.

    Args:
        hip: Place of the hip joint, (frames, 3); Y up.
        knee: Likewise.
        ankle: Likewise.
        target: Where the ankle belongs; what is out of reach is approached.
        thigh: The thigh's rotation relative to a T, (frames, 4); its X is the axis of a straight knee.
    """
    k, a = knee - hip, ankle - knee
    length = np.linalg.norm(k, axis=1) + np.linalg.norm(a, axis=1)
    given = np.linalg.norm(ankle - hip, axis=1)
    distance = _stretched(given, np.linalg.norm(target - hip, axis=1), length)
    scale = np.linalg.norm(k, axis=1) * np.linalg.norm(a, axis=1)
    bent = np.cross(k, a) / np.maximum(scale, 1e-12)[:, None]
    axis = rotate(thigh, np.array([1.0, 0.0, 0.0]))
    sine = np.linalg.norm(bent, axis=1, keepdims=True)
    hinge = bent + np.maximum(0.0, _STRAIGHT_SINE - sine) * axis
    hinge /= np.maximum(np.linalg.norm(hinge, axis=1, keepdims=True), 1e-12)
    along = np.sum(k * hinge, axis=1) * np.sum(a * hinge, axis=1)
    p = np.sum(k * a, axis=1) - along
    q = np.sum(k * np.cross(hinge, a), axis=1)
    radius = np.maximum(np.hypot(p, q), 1e-12)
    cosine = ((distance**2 - np.sum(k * k, axis=1) - np.sum(a * a, axis=1)) / 2.0 - along) / radius
    straight = np.arctan2(q, p)  # the turn that would stretch the knee; the given bend is its negative
    bend = np.arccos(np.clip(cosine, -1.0, 1.0))
    turn = about(hinge, straight + np.where(straight > 1e-6, -bend, bend))
    unmoved = np.linalg.norm(target - ankle, axis=1) < 1e-9
    turn[unmoved] = [0.0, 0.0, 0.0, 1.0]
    aim = between(k + rotate(turn, a), target - hip)
    aim[unmoved] = [0.0, 0.0, 0.0, 1.0]
    return aim, multiply(aim, turn)


def _stretched(given: Floats, wanted: Floats, length: Floats) -> Floats:
    """Distance from hip to ankle that the leg takes: as wanted, but beyond the given one it stretches only softly."""
    room = np.maximum(_LONGEST * length - given, 0.0)
    soft = np.maximum(np.minimum(room, _SOFT * length), 1e-9)
    over = wanted - given - (room - soft)
    eased = given + room - soft * np.exp(-np.maximum(over, 0.0) / soft)
    return np.where((wanted <= given) | (over <= 0.0), np.minimum(wanted, given + room), eased)
