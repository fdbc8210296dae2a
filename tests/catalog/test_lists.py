from datetime import date
from decimal import Decimal

import pytest

from ispcore.catalog import ExtraField, FieldOwner, FieldType, parse_extra_fields
from ispcore.errors import InvalidValueError


def extra(kind: FieldType, **more: object) -> ExtraField:
    return ExtraField(FieldOwner.CUSTOMER, "x", "X", kind, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (FieldType.TEXT, "Zé", "Zé"),
        (FieldType.INTEGER, 5, "5"),
        (FieldType.DECIMAL, "1.50", "1.50"),
        (FieldType.DECIMAL, Decimal(2), "2"),
        (FieldType.DATE, date(2012, 2, 29), "2012-02-29"),
        (FieldType.BOOLEAN, True, "true"),
        (FieldType.BOOLEAN, False, "false"),
    ],
)
def test_a_value_of_the_declared_type_is_kept_as_text(kind: FieldType, value: object, text: str) -> None:
    assert extra(kind).parse(value) == text


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.TEXT, 5),
        (FieldType.INTEGER, True),
        (FieldType.INTEGER, "5"),
        (FieldType.DECIMAL, 1.5),
        (FieldType.DECIMAL, "one"),
        (FieldType.DECIMAL, "NaN"),
        (FieldType.DATE, "2012-02-29"),
        (FieldType.BOOLEAN, 1),
        (FieldType.CHOICE, 1),
    ],
)
def test_a_value_of_another_type_is_refused(kind: FieldType, value: object) -> None:
    with pytest.raises(InvalidValueError, match=r"does not fit the extra field .* It takes (an?|one of) "):
        extra(kind).parse(value)


def test_a_choice_takes_one_of_its_words() -> None:
    colour = extra(FieldType.CHOICE, choices=["red", "green"])

    assert colour.parse("red") == "red"
    with pytest.raises(InvalidValueError, match=r"It takes one of red, green"):
        colour.parse("blue")


DECLARED = {
    "customer.size": ExtraField(FieldOwner.CUSTOMER, "size", "Size", FieldType.INTEGER, required=True),
    "customer.note": ExtraField(FieldOwner.CUSTOMER, "note", "Note", FieldType.TEXT),
    "contract.size": ExtraField(FieldOwner.CONTRACT, "size", "Size", FieldType.TEXT),
}


def test_the_fields_of_an_owner_are_read_by_its_own_declarations() -> None:
    assert parse_extra_fields(DECLARED, {"size": 5}, FieldOwner.CUSTOMER) == {"size": "5"}
    assert parse_extra_fields(DECLARED, {"size": "big"}, FieldOwner.CONTRACT) == {"size": "big"}


def test_a_field_that_is_not_declared_is_refused() -> None:
    with pytest.raises(
        InvalidValueError, match=r"no extra field 'sise'. Declared in the catalogue: note, size"
    ):
        parse_extra_fields(DECLARED, {"sise": 5}, FieldOwner.CUSTOMER)
    with pytest.raises(InvalidValueError, match=r"Declared in the catalogue: none"):
        parse_extra_fields(DECLARED, {"sise": 5}, FieldOwner.MAILBOX)


def test_a_required_field_must_be_given() -> None:
    with pytest.raises(InvalidValueError, match=r"'size' of a customer is required"):
        parse_extra_fields(DECLARED, {"note": "x"}, FieldOwner.CUSTOMER)
