"""Command lines: what people typed can never be a second command."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import ConnectionMethod, Invalid, Onu
from ispcore.errors import InvalidValueError
from ispcore.values import SecretText
from ispcore_olt_huawei import HuaweiConfig
from ispcore_olt_huawei.commands import address, describe, safe, take_in, word
from ispcore_olt_huawei.config import profile_of
from ispcore_olt_huawei.places import Place, long_serial, place_of, port_of, short_serial

CONFIG = HuaweiConfig(host="olt.example", password=SecretText("of-the-olt"), profile="10/20")
PLACE = Place("0/1/3", 5)
ANA = Onu(
    serial="HWTC02D80001",
    port="0/1/3",
    vlan=110,
    connection=ConnectionMethod.PPPOE,
    username="ana@isp.example",
    password=SecretText("pa ss"),
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ana Lima", "Ana_Lima"),
        ("Conceição & Filhos, nº 7", "Conceicao_Filhos,_no_7"),
        ('a"; undo service-port all\r\nsave?', "a_undo_service-port_all_save"),
        ("---- More ---- {y/n}", "----_More_----_y/n"),
        ("x" * 80, "x" * 64),
        ("\N{CJK UNIFIED IDEOGRAPH-4E2D}", None),
        ("ONT_NO_DESCRIPTION", None),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_a_description_is_kept_as_the_olt_can_hold_it(typed: str | None, kept: str | None) -> None:
    assert safe(typed) == kept


@given(st.text())
def test_a_description_is_one_word_and_stays_as_it_is_when_it_is_made_safe_again(typed: str) -> None:
    kept = safe(typed)

    assert safe(kept) == kept
    if kept is not None:
        line = describe(PLACE, Onu(serial="HWTC02D80001", description=kept)).text
        assert re.fullmatch(r'ont modify 3 5 desc (?:[\w./:@+-]+|"[^"?;]+")', line)


@pytest.mark.parametrize(
    "typed",
    ["", "x" * 65, 'a"b', "a?", "a;save", "a\nb", "a\tb", "\x1b[D", "a\x7f", "çedilha", "\N{SNOWMAN}"],
)
def test_a_name_or_a_password_that_no_command_can_hold_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        word(typed, "The password of a login")

    assert not typed or typed not in str(caught.value)


@given(st.text())
def test_what_is_accepted_is_one_word_of_one_command(typed: str) -> None:
    try:
        made = word(typed, "A name")
    except Invalid:
        return
    assert made in (typed, f'"{typed}"')
    assert not set(made) & set("?;\r\n\t\x1b\x7f\b")
    assert made.isascii()
    assert made.count('"') in (0, 2)
    assert " " not in made or made.startswith('"')


def test_an_onu_that_signs_in_is_given_its_login_and_the_secret_is_named_to_the_wire() -> None:
    step = address(PLACE, 0, ANA, "110")

    assert step.text == (
        "ont ipconfig 3 5 ip-index 0 pppoe vlan 110 priority 0"
        ' user-account username ana@isp.example password "pa ss"'
    )
    assert (step.board, step.secrets) == ("0/1", (SecretText("pa ss"),))
    assert "pa ss" not in repr(step.secrets)


@pytest.mark.parametrize("address_", ["192.0.2.1 vlan 2", "2001:db8::1", "", "192.0.2"])
def test_an_address_is_one_of_ipv4_and_nothing_else(address_: str) -> None:
    static = Onu(
        serial="HWTC02D80001", connection=ConnectionMethod.STATIC, address=address_, netmask="255.0.0.0"
    )

    with pytest.raises(Invalid, match="IPv4"):
        address(PLACE, 0, static, "110")


def test_an_onu_is_taken_in_with_the_olts_own_profiles_or_with_others() -> None:
    own = take_in(ANA, CONFIG, found=False)
    other = take_in(Onu(serial="HWTC02D80001", port="0/1/3", profile="7"), CONFIG, found=True)

    assert own.text == (
        "ont add 3 sn-auth 4857544302D80001 omci ont-lineprofile-id 10 ont-srvprofile-id 20"
        " desc ONT_NO_DESCRIPTION"
    )
    assert other.text.startswith("ont confirm 3 sn-auth 4857544302D80001 omci ont-lineprofile-id 7")
    assert own.board == "0/1"


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("48575443AB12CD34", "HWTCAB12CD34"),
        ("44433830AB12CD34", "DC80AB12CD34"),
        ("00FF3830AB12CD34", "00FF3830AB12CD34"),
        ("1234567890ABCDEF", "1234567890ABCDEF"),
    ],
)
def test_a_serial_number_has_one_short_form_and_one_long_one(long: str, short: str) -> None:
    assert short_serial(long.lower()) == short
    assert long_serial(short) == long
    assert short_serial(short) == short


@pytest.mark.parametrize("serial", ["", "HWTC", "HWTC02D8000G", "4857544302D8000 1", 'HWTC02D80001" desc'])
def test_what_is_no_serial_number_is_refused(serial: str) -> None:
    with pytest.raises(Invalid, match="HWTC02D80001"):
        long_serial(serial)


def test_ports_lose_the_blanks_of_tables_and_keys_name_places() -> None:
    assert (port_of("0/ 1/3"), port_of("0/1 /4"), port_of("0/1")) == ("0/1/3", "0/1/4", None)
    assert (place_of("0/1/3:5"), place_of("ana")) == (PLACE, None)
    assert (str(PLACE), PLACE.number, PLACE.board) == ("0/1/3:5", "3 5", "0/1")


def test_a_profile_is_one_number_or_two() -> None:
    assert (profile_of("10"), profile_of("10/20"), profile_of("fibre"), profile_of(None)) == (
        (10, 10),
        (10, 20),
        None,
        None,
    )


@pytest.mark.parametrize("wrong", [{"profile": "fibre"}, {"port": 70000}, {"profile": ""}])
def test_a_configuration_that_cannot_work_is_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {"host": "olt.example", "password": SecretText("of-the-olt"), "profile": "10"}

    with pytest.raises(InvalidValueError):
        HuaweiConfig(**{**right, **wrong})  # type: ignore[arg-type]  # wrong on purpose
