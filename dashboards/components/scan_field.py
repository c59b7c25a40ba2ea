"""Where a scan is chosen: evidence, a signed paper."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboards.text import language

__all__ = ["scan_field"]

#: What the gateway takes (`governance.attachments`).
_TYPES = ["pdf", "png", "jpg", "jpeg"]
_MOST_MEGABYTES = 20


def scan_field(label: str, key: str | None = None) -> Any:
    """The file that was chosen, or None. Streamlit's own words on it are English, so the style
    sheet writes them by the language in the key."""
    with st.container(key=f"scan_{language()}"):
        return st.file_uploader(label, type=_TYPES, max_upload_size=_MOST_MEGABYTES, key=key)
