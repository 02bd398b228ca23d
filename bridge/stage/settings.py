"""What the stage's process is given when it begins."""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from bridge.system.hosts import is_loopback

DEFAULT_PORT: Final = 39542
"""Beside the ports of the controls and of OSCQuery."""


@dataclass(frozen=True, kw_only=True)
class StagePlace:
    """Where the page is shown, and who may see it.

    Attributes:
        host: Address at which the page is served.
        port: TCP port; 0 takes any.
        token: What viewers must bring. None asks for nothing on loopback; elsewhere one is made up.
        watch_token: What those bring who may watch and no more; None makes one up where there is a token.
        certificate: PEM file with a certificate and its key for HTTPS; None takes this machine's own.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    token: str | None = None
    watch_token: str | None = None
    certificate: Path | None = None

    def settings(self, **others: Any) -> "StageSettings":
        """The settings of a stage at this place."""
        token = self.token or (None if is_loopback(self.host) else secrets.token_urlsafe(16))
        watch = self.watch_token or (None if token is None else secrets.token_urlsafe(16))
        place = StageSettings(
            host=self.host, port=self.port, token=token, watch_token=watch, certificate=self.certificate
        )
        return replace(place, **others)


@dataclass(frozen=True, kw_only=True)
class StageSettings:
    """What is served, where, and to whom.

    Attributes:
        host: Address at which the page is served.
        port: TCP port; 0 takes any.
        mirror_port: UDP port on loopback at which the bridge's datagrams come in; 0 takes any.
        token: What viewers must bring; None, on loopback only, asks for nothing.
        watch_token: What those bring who may watch, and neither steer nor have takes; None lets nobody do just that.
        certificate: PEM file with a certificate and its key for HTTPS; None takes this machine's own.
        control_address: Where controls are sent.
        takes: Folder of takes; None has none.
        presets: Folder of presets; None has none.
        steers: Whether viewers may steer at all; False where nothing can be steered, as in a replay.
        about: What `/about` answers.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    mirror_port: int = 0
    token: str | None = None
    watch_token: str | None = None
    certificate: Path | None = None
    control_address: tuple[str, int] = ("127.0.0.1", 39540)
    takes: Path | None = None
    presets: Path | None = None
    steers: bool = True
    about: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.is_local and not self.token:
            raise ValueError(f"a stage at {self.host} needs a token: the whole network could steer the dancer")
        for name, token in (("token", self.token), ("token for those who watch", self.watch_token)):
            if token is not None and len(token) < 8:
                raise ValueError(f"the stage's {name} must have 8 characters or more, not {len(token)}")
        if self.watch_token is not None and self.token in (None, self.watch_token):
            raise ValueError("who only watches needs another token than who steers: give both (--stage-token)")

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the page."""
        return is_loopback(self.host)

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The settings that `to_json` wrote."""
        entries = json.loads(text)
        for name in ("certificate", "takes", "presets"):
            entries[name] = None if entries[name] is None else Path(entries[name])
        return cls(**{**entries, "control_address": tuple(entries["control_address"])})
