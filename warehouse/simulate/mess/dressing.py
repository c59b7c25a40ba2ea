"""Which file comes in which form."""

from __future__ import annotations

import numpy as np

from warehouse.contracts.model import Contracts
from warehouse.simulate.mess.consignment import Consignment
from warehouse.simulate.mess.file_faults import fix_form
from warehouse.simulate.mess.forms import Form

__all__ = ["RECIPES", "dress"]

#: Above this only encoding, headings and packing vary: reading a strange form of every value
#: takes ten times as long, and a test of the forms needs no million of them.
_FEW_ROWS = 12_000

#: Forms that come together: each is one system, or one way of saving a table.
RECIPES: tuple[Form, ...] = (
    Form(encoding="gb18030", headings="titles", dates="YYYY年M月D日", moments="YYYY年M月D日",
         months="YYYY年M月", codes="labels", truths="是/否", line_end="\r\n"),
    Form(encoding="utf-8-sig", quoted=True, line_end="\r\n", dates="YYYY/M/D",
         moments="YYYY/M/D", months="YYYY/M", numbers="thousands"),
    Form(encoding="utf-16", separator="\t", headings="titles", dates="YYYY.M.D", truths="1/0"),
    Form(container="xlsx", headings="titles", cells="native", codes="labels", truths="是/否"),
    Form(compression="gz", dates="YYYYMMDD", moments="YYYYMMDDHHMMSS", months="YYYYMM",
         headings="mixed"),
    Form(compression="zst", separator=";", truths="Y/N", moments="with offset"),
    Form(codes="full-width", numbers="full-width", dates="full-width", blanks="\u3000 "),
    Form(encoding="gb18030", separator="|", dates="Excel serial", moments="Excel serial",
         blanks="  "),
    Form(container="xlsx", headings="titles", dates="Excel serial", moments="Excel serial",
         numbers="thousands", blanks=" "),
    Form(parts=3, dates="YYYY-M-D", moments="T", months="first day"),
    Form(dates="with midnight", encoding="gb18030", compression="gz", codes="labels"),
)  # fmt: skip


def dress(files: list[Consignment], contracts: Contracts, rng: np.random.Generator) -> None:
    """Give every file a form; every form comes to some file before chance decides."""
    turns: list[int] = []
    for file in files:
        if not turns:
            turns = [-1, *rng.permutation(len(RECIPES)).tolist()]
        place = next((turn for turn in turns if _fits(file, turn)), -1)
        if place in turns:
            turns.remove(place)
        form = Form() if place < 0 else RECIPES[place]
        if file.rows > _FEW_ROWS:
            form = form.as_bytes_only()
        file.form = fix_form(file, form)


def _fits(file: Consignment, turn: int) -> bool:
    if turn < 0:
        return True
    form = RECIPES[turn]
    if form.parts > 1:
        return not file.is_snapshot and form.parts * 4 <= file.rows <= _FEW_ROWS
    return form.container == "csv" or file.rows <= _FEW_ROWS
