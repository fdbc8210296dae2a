"""Labels are shown where they fit, and never overlap."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from ispcore.pages.labels import WIDTHS, overlap, pieces, pixels, place, shortened, stack
from ispcore.pages.window import WHOLE, Extent

marks = st.lists(st.tuples(st.integers(0, WHOLE - 1), st.text("abc ", min_size=1, max_size=32)), max_size=30)
extents = st.lists(
    st.builds(Extent, st.integers(0, WHOLE - 1), st.integers(1, WHOLE // 2)), min_size=1, max_size=30
)


def test_a_label_is_shown_from_the_width_at_which_it_fits() -> None:
    half = pieces(WHOLE // 2, ["20.69", " due 10/03", ", open"])

    assert [(piece.text, piece.width) for piece in half] == [
        ("20.69", 300),
        (" due 10/03", 300),
        (", open", 300),
    ]
    assert [piece.width for piece in pieces(WHOLE // 10, ["20.69", " due 10/03"])] == [480, 1040]


def test_what_fits_at_no_width_is_left_out() -> None:
    assert pieces(WHOLE // 100, ["20.69"]) == ()


@given(st.integers(1, WHOLE), st.lists(st.text(min_size=1, max_size=12), max_size=5))
def test_all_pieces_that_are_shown_fit_together(room: int, texts: list[str]) -> None:
    found = pieces(room, texts)

    for width in WIDTHS:
        shown = "".join(piece.text for piece in found if piece.width <= width)
        assert not shown or pixels(len(shown)) * WHOLE <= room * width
    assert [piece.text for piece in found] == texts[: len(found)]


@given(marks)
def test_words_of_marks_never_overlap(given_marks: list[tuple[int, str]]) -> None:
    placed = place(given_marks)

    assert len(placed) == len(given_marks)
    for one, other in combinations(placed, 2):
        assert one.lane != other.lane or not overlap(one.extent, other.extent)


@given(marks)
def test_words_of_marks_begin_or_end_at_their_mark(given_marks: list[tuple[int, str]]) -> None:
    for (x, _), placed in zip(given_marks, place(given_marks), strict=True):
        assert x == (placed.extent.end if placed.leftwards else placed.extent.x)


def test_the_earlier_mark_stands_higher_so_that_its_line_passes_by() -> None:
    first, second = place([(1000, "24/02 subscribed"), (1100, "25/02 suspended")])

    assert (first.lane, second.lane) == (1, 0)


def test_words_at_the_right_edge_stand_left_of_their_mark() -> None:
    (last,) = place([(WHOLE - 100, "30/04 cancelled")])

    assert last.leftwards


@given(extents)
def test_stacked_strips_never_overlap_and_leave_no_row_empty(given_extents: list[Extent]) -> None:
    rows = stack(given_extents)

    for (one, row), (other, its) in combinations(zip(given_extents, rows, strict=True), 2):
        assert row != its or not overlap(one, other)
    assert set(rows) == set(range(max(rows) + 1))


def test_long_words_are_cut() -> None:
    assert shortened("x" * 200) == "x" * 31 + "…"
    assert shortened("Plano ADSL") == "Plano ADSL"
