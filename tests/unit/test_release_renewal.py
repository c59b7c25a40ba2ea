"""What of a released file is written anew."""

from warehouse.release.renewal import Renewal, renewals, worth_copying


def table(content="a", *, rows=100, months=None, **changes):
    entry = {"rows": rows, "content_hash": content, "shape": "s", "sort": ["k"]}
    return entry | ({"months": months} if months else {}) | changes


def of(wanted, held):
    return renewals({"t": wanted}, {"t": held})["t"]


MONTHS = {f"2026-{month:02}": [10, "1", "1"] for month in range(1, 11)}


def test_equal_content_stays():
    assert of(table(), table()) == Renewal(whole=False)


def test_other_content_shape_or_order_is_written_as_a_whole():
    whole = Renewal(whole=True, rows=100)
    assert of(table("b"), table()) == whole
    assert of(table(shape="x"), table()) == whole
    assert of(table(sort=[]), table()) == whole
    assert renewals({"t": table()}, {}) == {"t": whole}


def test_a_changed_a_new_and_a_vanished_month_are_replaced():
    held = MONTHS | {"2025-12": [3, "1", "1"]}
    wanted = MONTHS | {"2026-03": [7, "2", "1"], "": [1, "1", "1"]}
    assert of(table("b", months=wanted), table(months=held)) == Renewal(
        whole=False, months=("", "2025-12", "2026-03"), tail=("", "2026-03"), rows=8
    )


def test_what_stands_behind_is_remembered_until_it_is_too_much():
    changed = MONTHS | {"2026-03": [10, "2", "1"]}
    held = table(months=MONTHS, tail=["2026-01"])
    assert of(table("b", months=changed), held).tail == ("2026-01", "2026-03")
    held["tail"] = ["2026-01", "2026-02"]
    assert of(table("b", months=changed), held).whole
    assert of(table("a", months=MONTHS), held).tail == ("2026-01", "2026-02")


def test_a_file_of_which_little_stays_is_not_copied():
    wanted = {"large": table(rows=60), "small": table(rows=40)}
    renewed = {"large": Renewal(whole=True, rows=60), "small": Renewal(whole=False)}
    assert worth_copying(renewed, wanted)
    wanted["small"]["rows"] = 39
    assert not worth_copying(renewed, wanted)
