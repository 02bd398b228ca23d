"""The bridge's controls that the panel offers, as datagrams for its control port."""

from .osc import write_message

CONTROL_PORT = 39540
TYPES = {
    **{"temperature": "f", "energy": "f", "groove": "f", "style": "s", "seed": "i", "freeze": "i", "idle": "i"},
    **{"noise_correlation": "f", "style_guidance": "f", "facing": "f", "front_deg": "f"},
    **{"grounding": "i", "keep_moving": "i", "music_only": "i"},
    **{"mirror": "i", "foot_lock": "i", "leash_m": "f", "record": "i", "panic": "", "reset": "", "tap": ""},
}
STYLES = (
    *("Break", "House", "Ballet Jazz", "Street Jazz", "Krump", "LA-style Hip-hop", "Lock", "Middle Hip-hop"),
    *("Pop", "Waack"),
)
"""Names of the styles that the bridge's own dancer knows; it also takes their letters and those of other dancers."""


def control(name: str, value: float | str | None = None) -> bytes:
    """`/dance/control/NAME` with its value, as the bridge documents it; a trigger has none.

    Raises:
        ValueError: There is no such control, or its value is of the wrong kind.

    Example:
        >>> from blender_addon.core.osc import read_messages
        >>> read_messages(control("energy", 0.75))[0].arguments
        (0.75,)
    """
    if name not in TYPES:
        raise ValueError(f"no control is called {name!r}; there are {', '.join(TYPES)}")
    tag = TYPES[name]
    if (value is None) != (tag == ""):
        raise ValueError(f"{name} takes {'a value' if tag else 'no value'}")
    if value is None:
        return write_message(f"/dance/control/{name}", "")
    return write_message(f"/dance/control/{name}", tag, value if tag != "i" else int(value))


def ping(token: int) -> bytes:
    """`/dance/ping`, which the bridge answers with its clock."""
    return write_message("/dance/ping", "h", token)
