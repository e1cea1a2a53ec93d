"""What is typed into the search box: numbers in any spelling, words, or both."""

import pytest

from dashboard.history.terms import Term, spellings, terms


@pytest.mark.parametrize(
    "typed", ["+493012345", "+49 30 12345", "+49 (0)30/123-45", "0049 30 123 45", "(+49) 30.12345", "00493012345"]
)
def test_a_number_is_one_term_however_it_is_written(typed: str) -> None:
    (term,) = terms(typed)
    assert term.digits == "493012345"
    assert term.text == typed


def test_a_country_code_may_be_missing_where_the_number_is_kept() -> None:
    (term,) = terms("+49 30 12345")
    assert "03012345" in term.whole
    (american,) = terms("+1 212 555 0123")
    assert "2125550123" in american.whole
    assert not terms("030 12345")[0].whole, "what has no country code is found by what it contains"


def test_a_zero_before_the_number_is_not_part_of_it() -> None:
    assert terms("030 12345") == (Term("030 12345", "3012345"),)
    assert terms("00")[0].digits == "00"


def test_words_and_numbers_together() -> None:
    assert terms(" Keller  030-12345 O2 ") == (Term("Keller"), Term("030-12345", "3012345"), Term("O2"))
    assert terms("3rd") == (Term("3rd"),)
    assert terms("") == ()


def test_what_sqlite_cannot_fold_is_asked_in_every_case() -> None:
    assert spellings("keller") == {"keller"}
    assert {"özgür", "Özgür", "ÖZGÜR"} <= spellings("özgür")
