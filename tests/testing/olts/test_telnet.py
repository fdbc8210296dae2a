"""The options of Telnet, and what else a terminal sends that is no text."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from ispcore.testing.olts import OltServer
from tests.testing.olts.terminal import Terminal, terminal

IAC, WILL, DO, SB, SE = b"\xff", b"\xfb", b"\xfd", b"\xfa", b"\xf0"
ECHO, GO_AHEAD, TYPE, WINDOW = b"\x01", b"\x03", b"\x18", b"\x1f"


@pytest.fixture
def wire(server: OltServer) -> Iterator[socket.socket]:
    with socket.create_connection((server.host, server.telnet_port or 0), 5) as wire:
        yield wire


def until(wire: socket.socket, end: bytes) -> bytes:
    got = b""
    while not got.endswith(end):
        got += wire.recv(4096)
    return got


def test_it_offers_echo_and_asks_for_the_window(wire: socket.socket) -> None:
    assert until(wire, b"name:") == (
        IAC + WILL + ECHO + IAC + WILL + GO_AHEAD + IAC + DO + WINDOW + b">>User name:"
    )


def test_what_it_does_not_know_it_refuses(wire: socket.socket) -> None:
    until(wire, b"name:")
    wire.sendall(IAC + DO + ECHO + IAC + DO + TYPE + IAC + WILL + TYPE + IAC + WILL + WINDOW)

    assert until(wire, b"\xfe" + TYPE) == IAC + b"\xfc" + TYPE + IAC + b"\xfe" + TYPE


def test_the_window_says_where_the_echo_breaks_however_it_comes_in_pieces(wire: socket.socket) -> None:
    until(wire, b"name:")
    for piece in (
        IAC,
        WILL,
        WINDOW,
        IAC + SB + WINDOW + b"\x00\x14",
        b"\x00\x18" + IAC,
        SE,
        b"r" * 10 + b"\r\0",
    ):
        wire.sendall(piece)

    assert until(wire, b"password:") == b"r" * 8 + b" \x1b[1D" + b"rr\r\n>>User password:"


def test_an_octet_that_looks_like_an_option_is_doubled(wire: socket.socket) -> None:
    until(wire, b"name:")
    wire.sendall(b"a" + IAC + IAC + b"b\n")

    assert until(wire, b"password:").decode() == "a\N{REPLACEMENT CHARACTER}b\r\n>>User password:"


def test_other_orders_are_passed_over(wire: socket.socket) -> None:
    until(wire, b"name:")
    wire.sendall(b"a" + IAC + b"\xf1" + b"b\n")

    assert until(wire, b"password:") == b"ab\r\n>>User password:"


def test_a_line_can_be_given_up(server: OltServer) -> None:
    with terminal(server) as one:
        one.signs_in().goes("undo smart")
        one.type("disable\x03")
        assert one.until(">") == "disable\r\nMA5608T>"
        one.type("disable\x15enable\r\n")

        assert one.until("#").endswith("MA5608T#")


def test_a_question_can_be_given_up_and_nothing_is_done(server: OltServer) -> None:
    with terminal(server) as one:
        one.signs_in()
        one.ask("display version", "}:")
        one.type("\x03")

        assert one.until(">") == "\r\nMA5608T>"


def test_a_line_may_end_in_any_of_the_ways_that_terminals_have(server: OltServer) -> None:
    with terminal(server) as one:
        one.signs_in().goes("undo smart")
        for end in ("\r\n", "\r\0", "\n", "\r"):
            one.type(f"terminal monitor{end}")
            assert one.until("MA5608T>") == "terminal monitor\r\nMA5608T>"


def test_lines_that_come_at_once_are_obeyed_one_after_the_other(server: OltServer) -> None:
    with terminal(server) as one:
        one.signs_in()
        one.type("undo smart\r\nenable\r\nconfig\r\n")

        one.until("MA5608T(config)#")


def test_two_halves_of_the_end_of_a_line_are_one_end(server: OltServer) -> None:
    one: Terminal
    with terminal(server) as one:
        one.signs_in()
        one.type("undo smart\r")
        one.until("MA5608T>")
        one.type("\nenable\r\n")

        assert one.until("MA5608T#") == "enable\r\nMA5608T#"
