"""Streamlit's configuration for this site: colours of both themes, and what keeps it quiet.

Every value was tried in a browser; the reasons stand beside those that surprise.
"""

from __future__ import annotations

from typing import Any

__all__ = ["DARK", "LIGHT", "streamlit_options"]

FONT = "'PingFang SC','HarmonyOS Sans SC','MiSans','Microsoft YaHei','Noto Sans CJK SC',sans-serif"

#: Colours by token. Charts read them too, so that print, screen and text agree.
LIGHT = {
    "ink": "#12181D",
    "muted": "#4A565D",
    "page": "#FFFFFF",
    "soft": "#F2F5F7",
    "line": "#D5DCE1",
    "primary": "#1B5E8C",
    "good": "#0A594E",
    "good_back": "#E2F3F0",
    "watch": "#7A4600",
    "watch_back": "#FDF1DD",
    "bad": "#8F2A12",
    "bad_back": "#FBEAE5",
    "info": "#134A70",
    "info_back": "#E4EFF6",
    "bar": "#1B4F72",
    "bar_bad": "#A8432B",
    "rest": "#C3D0D8",
    "band": "#83939D",
}
DARK = {
    "ink": "#E6ECEF",
    "muted": "#B9C4CA",
    "page": "#141B20",
    "soft": "#1F282E",
    "line": "#36424A",
    "primary": "#7DB9E3",
    "good": "#86D6C8",
    "good_back": "#14302C",
    "watch": "#F0C27F",
    "watch_back": "#35290F",
    "bad": "#F2A08A",
    "bad_back": "#3B211A",
    "info": "#A9D3F0",
    "info_back": "#1A3445",
    "bar": "#6FB1DC",
    "bar_bad": "#E0806A",
    "rest": "#36424A",
    "band": "#7E909B",
}
_CATEGORICAL_LIGHT = ["#1B4F72", "#28A2B5", "#9E8016", "#AF5657", "#997CE4", "#333809"]
_CATEGORICAL_DARK = ["#6FB1DC", "#63F6D8", "#E3B366", "#DD6674", "#7372DC", "#66740D"]
_SEQUENTIAL = [
    "#EAF2F6",
    "#D2E3EC",
    "#B5D1DF",
    "#95BDD1",
    "#74A7C1",
    "#548FAF",
    "#38769A",
    "#256085",
    "#1B4F72",
    "#123A56",
]


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
        "theme.chartCategoricalColors": _CATEGORICAL_LIGHT,
        "theme.chartSequentialColors": _SEQUENTIAL,
        **_colours("light", LIGHT, {"bad": "#B3361A", "watch": "#B36A00", "good": "#0F7A6B"}),
        **_colours("dark", DARK, {"bad": "#F2A08A", "watch": "#F0C27F", "good": "#86D6C8"}),
        "theme.dark.chartCategoricalColors": _CATEGORICAL_DARK,
    }
