"""How a password is proved."""

from ispcore_radius.proofs import mschap_answer


def test_ms_chap_answers_as_the_example_of_its_definition() -> None:
    """RFC 2759, 9.2."""
    ours = bytes.fromhex("5B5D7C7D7B3F2F3E3C2C602132262628")
    theirs = bytes.fromhex("21402324255E262A28295F2B3A337C7E")

    answer = mschap_answer("User", "clientPass", ours=ours, theirs=theirs)

    assert answer == bytes.fromhex("82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF")
