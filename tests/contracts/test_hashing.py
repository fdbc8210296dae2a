"""A document is known by its hash."""

from ispcore.contracts import document_hash


def test_a_document_is_known_by_the_sha_256_of_its_bytes() -> None:
    assert document_hash(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
