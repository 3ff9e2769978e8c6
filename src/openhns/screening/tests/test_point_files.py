from pathlib import Path

from openhns.screening.point_files import PointFile, read_points

HEADER = "id,lat,lon,accuracy_m,time,time_end\n"
ROWS = [
    f" site-{n} ,{n / 7 - 50:.9f},{n / 3 - 120},{'' if n % 3 else n},{moment},"
    for n, moment in enumerate(
        ["2019-05-05", "2019-05-05T12:00Z", "", "2019-05-05/2019-05-07"] * 50
    )
]
FAULT = "site-x,north,1,,,"


def read(folder: Path, rows: list[str], *, lasting: bool) -> PointFile:
    path = folder / "points.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return read_points(path, lasting=lasting)


def test_a_fault_in_one_row_changes_nothing_in_the_others(tmp_path: Path) -> None:
    for lasting in (False, True):
        whole = read(tmp_path, ROWS, lasting=lasting)
        faulty = read(tmp_path, [*ROWS, FAULT], lasting=lasting)
        assert [refusal.row for refusal in faulty.refused] == [len(ROWS) + 2]
        faulty.refused.clear()
        assert repr(whole) == repr(faulty)
        assert whole.rows == len(ROWS)


def test_a_row_of_hxl_tags_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    tags = "#meta+id,#geo+lat,#geo+lon,,,"
    found = read(tmp_path, [tags, *ROWS[:2], "", FAULT], lasting=False)
    assert found.ids == ["site-0", "site-1"]
    assert [refusal.row for refusal in found.refused] == [6]


def test_a_site_without_an_end_lasts(tmp_path: Path) -> None:
    row = ["a,1,2,,2019-05-05T12:00Z,"]
    assert read(tmp_path, row, lasting=True).ends[0] == float("inf")
    moment = read(tmp_path, row, lasting=False)
    assert moment.starts[0] == moment.ends[0] == 1557057600.0
