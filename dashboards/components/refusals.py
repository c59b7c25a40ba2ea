"""What a refusal says to its reader. The gateway's own words are English, for programs."""

from __future__ import annotations

from dashboards import data
from dashboards.text import TEXT, language, say

__all__ = ["said"]

#: Their English names words of the reader's own statement, so it stands below our sentence.
_OF_A_STATEMENT = {"query_failed", "query_refused", "query_limit"}


def said(error: data.GatewayError) -> str:
    """In English what the gateway said and the next step; in Chinese the sentence for its kind,
    and the English below it where nothing else says what is to be mended."""
    if isinstance(error, data.GatewayAway):
        return say("away.body")
    told = " ".join(part for part in (error.message, error.next_step) if part)
    if language() == "en":
        return told or say("question.refused")
    key = f"refused.{error.code}"
    if key not in TEXT:
        return "  \n".join(part for part in (say("refused.other"), told) if part)
    return f"{say(key)}  \n{told}" if error.code in _OF_A_STATEMENT and told else say(key)
