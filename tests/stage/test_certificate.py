"""This machine's certificate: one for all evenings, so that a page which is open finds a stage again that died."""

import base64
import datetime
import hashlib
import ssl
from pathlib import Path
from typing import Any

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from bridge.stage import certificate
from bridge.stage.certificate import kept_certificate, tls_context
from tests.stage.bridge_process import running_bridge
from tests.stage.browser import Console, Shared, new_page, running_chromium
from tests.stage.headset import enter_vr, leave_vr, put_on
from tests.waiting import wait_until

HOSTS = ("192.168.1.20", "127.0.0.1")


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a user who has never shown a stage."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert tmp_path in kept_certificate().parents, "the folder of a user's data is set as on Linux"
    return tmp_path / "data"


def kept() -> x509.Certificate:
    return x509.load_pem_x509_certificate(kept_certificate().read_bytes())


def test_every_evening_shows_the_same_and_nobody_else_can_read_its_key(own_folder: Path):
    tls_context(None, HOSTS)
    first = kept_certificate().read_bytes()
    assert kept_certificate().stat().st_mode & 0o777 == 0o600
    assert isinstance(tls_context(None, HOSTS[:1]), ssl.SSLContext)
    assert kept_certificate().read_bytes() == first
    assert [path.name for path in kept_certificate().parent.iterdir()] == ["stage.pem"]


def test_in_another_network_it_is_the_same(own_folder: Path):
    tls_context(None, HOSTS)
    names = kept().extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(name.value) for name in names} == set(HOSTS)
    first = kept_certificate().read_bytes()
    tls_context(None, [f"10.0.0.{number}" for number in range(20)])
    assert kept_certificate().read_bytes() == first


@pytest.mark.parametrize("damage", ["cut off", "without its key", "open to all", "near its end", "of tomorrow"])
def test_one_that_should_not_be_used_is_made_anew(damage: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch):
    if damage == "near its end":
        monkeypatch.setattr(certificate, "_VALID", datetime.timedelta(days=6))
    elif damage == "of tomorrow":
        monkeypatch.setattr(certificate, "_VALID_BEFORE", datetime.timedelta(days=-1))
    tls_context(None, HOSTS)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_DATA_HOME", str(own_folder))
    path = kept_certificate()
    first = kept()
    if damage == "cut off":
        path.write_bytes(path.read_bytes()[:100])
    elif damage == "without its key":
        path.write_bytes(first.public_bytes(serialization.Encoding.PEM))
    elif damage == "open to all":
        path.chmod(0o644)
    tls_context(None, HOSTS)
    assert kept().serial_number != first.serial_number
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_takes_nothing_costs_no_evening(own_folder: Path):
    own_folder.write_text("a file where the folder should be")
    assert isinstance(tls_context(None, HOSTS), ssl.SSLContext)


def key_digest() -> str:
    """What Chromium calls a certificate by: the digest of its public key."""
    key = kept().public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


@pytest.mark.parametrize("in_vr", [False, True], ids=["on a screen", "in VR"])
def test_a_page_over_https_finds_the_stage_again_after_its_process_died(
    in_vr: bool, shared: Shared, console: Console, playwright: Any, chromium_path: str, tiny: Path, tmp_path: Path
):
    console.allowed += ["WebSocket connection to", "Failed to load resource", "net::ERR_"]
    with running_bridge(tiny, tmp_path, "--stage", "0.0.0.0:0") as bridge:
        # As a person does, the browser trusts this one certificate and no other.
        trusts = f"--ignore-certificate-errors-spki-list={key_digest()}"
        with running_chromium(playwright, chromium_path, trusts) as browser, new_page(browser, console) as page:
            loopback = bridge.urls[-1]
            assert loopback.startswith("https://127.0.0.1:")
            if in_vr:
                page.set_viewport_size({"width": 240, "height": 150})
                put_on(page)
            page.goto(loopback if in_vr else f"{loopback}#remote")
            page.wait_for_selector("html[data-link=open]")
            if in_vr:
                page.wait_for_function("() => window.transflowerStage?.stage.cast[0]?.avatar.root.visible", polling=200)
                enter_vr(page)
            page.evaluate("window.isTheSamePage = true")
            (child,) = (
                process
                for process in psutil.Process(bridge.process.pid).children()
                if "bridge.stage.child" in process.cmdline()
            )
            child.kill()
            page.wait_for_selector("html[data-link=lost]")
            page.wait_for_selector("html[data-link=open]")
            assert page.evaluate("window.isTheSamePage")
            state = "document.querySelector('#state').textContent"
            wait_until(lambda: page.evaluate(state) in ("dancing", "idle"), "the page to know how it stands")
            if in_vr:
                assert page.evaluate("transflowerStage.stage.renderer.xr.isPresenting"), "who wears it is still in VR"
                leave_vr(page)
            page.goto("about:blank")
