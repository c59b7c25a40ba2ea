"""Streamlit's configuration for this site: colours of both themes, and what keeps it quiet.

Every value was tried in a browser; the reasons stand beside those that surprise.
"""

from __future__ import annotations

from typing import Any

from warehouse.charts.palette import (
    CATEGORICAL_DARK,
    CATEGORICAL_LIGHT,
    DARK,
    FONT,
    LIGHT,
    SEQUENTIAL,
)

__all__ = ["DARK", "LIGHT", "streamlit_options"]


def _colours(section: str, token: dict[str, str], solid: dict[str, str]) -> dict[str, Any]:
    return {
        f"theme.{section}.{name}": value
        for name, value in {
            "primaryColor": token["primary"],
            "backgroundColor": token["page"],
            "secondaryBackgroundColor": token["soft"],
            "textColor": token["ink"],
            "linkColor": token["primary"],
            "borderColor": token["line"],
            "redColor": solid["bad"],
            "redTextColor": token["bad"],
            "redBackgroundColor": token["bad_back"],
            "orangeColor": solid["watch"],
            "orangeTextColor": token["watch"],
            "orangeBackgroundColor": token["watch_back"],
            "greenColor": solid["good"],
            "greenTextColor": token["good"],
            "greenBackgroundColor": token["good_back"],
            "blueTextColor": token["info"],
            "blueBackgroundColor": token["info_back"],
            "grayColor": token["muted"],
            "grayTextColor": token["muted"],
            "grayBackgroundColor": token["soft"],
        }.items()
    }


def streamlit_options(*, address: str, port: int, upload_megabytes: int = 20) -> dict[str, Any]:
    """Options for `st.App.run`, overriding any configuration file that happens to lie about."""
    return {
        "server.address": address,
        "server.port": port,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.allowRunOnSave": False,
        "server.enableStaticServing": False,
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,  # false would let foreign origins in once there is sign-in
        "server.enableAgentApi": False,
        "server.maxUploadSize": upload_megabytes,
        "server.websocketPingInterval": 20,
        # A reconnecting browser finds its session again; a minute bounds what stays in memory.
        "server.disconnectedSessionTTL": 60,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "logger.enableRich": False,
        "client.showErrorLinks": False,
        "client.toolbarMode": "viewer",
        "client.disableDataExport": True,
        "runner.postScriptGC": False,
        "runner.magicEnabled": False,
        "global.developmentMode": False,
        "theme.font": FONT,
        "theme.baseRadius": "0.5rem",
        "theme.metricValueFontSize": "1.75rem",
        "theme.metricValueFontWeight": 600,
        "theme.linkUnderline": True,
        "theme.paddingTop": "0.75rem",
        "theme.paddingBottom": "0.75rem",
        "theme.chartCategoricalColors": list(CATEGORICAL_LIGHT),
        "theme.chartSequentialColors": list(SEQUENTIAL),
        **_colours("light", LIGHT, {"bad": "#B3361A", "watch": "#B36A00", "good": "#0F7A6B"}),
        **_colours("dark", DARK, {"bad": "#F2A08A", "watch": "#F0C27F", "good": "#86D6C8"}),
        "theme.dark.chartCategoricalColors": list(CATEGORICAL_DARK),
    }
