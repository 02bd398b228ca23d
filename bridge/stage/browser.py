"""Opening the page, where there is a desktop to open it on."""

import os
import sys
import threading
import webbrowser


def open_in_browser(url: str) -> bool:
    """Opens a page in this machine's browser; whether there is a desktop.

    Without a desktop nothing is opened: a browser in the terminal would take the dashboard's place.
    """
    has_desktop = sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if has_desktop:  # it may take seconds, and the figure must stand before
        threading.Thread(target=webbrowser.open, args=(url,), name="transflower browser", daemon=True).start()
    return has_desktop
