"""Which file comes in which form."""

from __future__ import annotations

import numpy as np

from warehouse.contracts.model import Contracts
from warehouse.simulate.mess.consignment import Consignment, read_clean
from warehouse.simulate.mess.file_faults import fix_form
from warehouse.simulate.mess.forms import Form, old_codes

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
    Form(container="xlsx", headings="titles", cells="native", codes="labels", truths="是/否",
         title_line=True, merged=True),
    Form(compression="gz", dates="YYYYMMDD", moments="YYYYMMDDHHMMSS", months="YYYYMM",
         headings="mixed"),
    Form(compression="zst", separator=";", truths="Y/N", dates="with midnight",
         moments="with offset"),
    Form(codes="full-width", numbers="full-width", dates="full-width", blanks="\u3000 "),
    Form(encoding="gb18030", separator="|", dates="Excel serial", moments="Excel serial",
         blanks="  "),
    Form(container="xlsx", dates="Excel serial", moments="Excel serial", numbers="thousands",
         blanks=" "),
    Form(parts=3, dates="YYYY-M-D", moments="T", months="first day"),
    Form(container="parquet", dates="YYYY/M/D"),
    Form(container="jsonl", compression="gz", headings="titles", truths="1/0"),
    Form(encoding="gb18030", compression="gz", codes="old"),
)  # fmt: skip


def dress(files: list[Consignment], contracts: Contracts, rng: np.random.Generator) -> None:
    """Give every file a form; every form comes to some file before chance decides."""
    turns: list[int] = []
    # Files that are refused whole come last: they would use up a form that nobody then reads.
    for file in sorted(files, key=lambda file: file.whole is not None):
        if not turns:
            turns = [-1, *rng.permutation(len(RECIPES)).tolist()]
        place = next((turn for turn in turns if _fits(file, turn, contracts)), -1)
        if place in turns:
            turns.remove(place)
        form = Form() if place < 0 else RECIPES[place]
        if file.rows > _FEW_ROWS:
            form = form.as_bytes_only()
        file.form = fix_form(file, form)


def _fits(file: Consignment, turn: int, contracts: Contracts) -> bool:
    if turn < 0:
        return True
    form = RECIPES[turn]
    if form.codes == "old" and not _has_old_codes(file, contracts):
        return False
    if form.parts > 1 and file.rows < 4 * form.parts:
        return False
    return (form.container == "csv" and form.parts == 1) or file.rows <= _FEW_ROWS


def _has_old_codes(file: Consignment, contracts: Contracts) -> bool:
    """Whether a code stands in the file that another value once stood for."""
    if file.rows > _FEW_ROWS:
        return False
    coded = {
        column.name: old
        for column in file.table.columns
        if column.code_table and (old := old_codes(contracts, column.code_table))
    }
    if not coded:
        return False
    frame = read_clean(file.clean, list(coded))
    return any(frame[name].is_in(list(old)).any() for name, old in coded.items())
