"""The stage in the browser: a process of its own that serves the page and mirrors the dance."""
