"""What people write in a correction, sealed: it quotes what the state database never holds."""

from __future__ import annotations

import json
from collections.abc import Mapping

from warehouse.home import Home
from warehouse.sealed_text import Sealer

__all__ = ["open_words", "seal_words"]


def seal_words(home: Home, correction_id: str, seq: int, words: Mapping[str, str]) -> str:
    """Words of a step, bound to it: put to another they do not open. Those of the report are 0."""
    return _sealer(home).seal(json.dumps(words, ensure_ascii=False), _about(correction_id, seq))


def open_words(home: Home, correction_id: str, seq: int, sealed: str) -> dict[str, str]:
    """What `seal_words` was given. Raises `StateError` where the key is another."""
    return json.loads(_sealer(home).open(sealed, _about(correction_id, seq)))


def _sealer(home: Home) -> Sealer:
    return Sealer(home, "correction", loss="what was written in corrections cannot be read then")


def _about(correction_id: str, seq: int) -> str:
    return f"correction:{correction_id}:{seq}"
