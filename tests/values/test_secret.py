import copy
import pickle

import pytest

from ispcore.values import SecretText

SECRET = SecretText("hunter2")


@pytest.mark.parametrize("text", [str(SECRET), repr(SECRET), f"{SECRET}", f"{SECRET:>20}", f"{[SECRET]}"])
def test_a_secret_never_prints_itself(text: str) -> None:
    assert "hunter2" not in text
    assert "****" in text


def test_a_secret_is_handed_over_only_on_request() -> None:
    assert SECRET.reveal() == "hunter2"


def test_a_secret_is_not_pickled_or_copied() -> None:
    with pytest.raises(TypeError, match=r"not pickled"):
        pickle.dumps(SECRET)
    with pytest.raises(TypeError, match=r"not pickled"):
        copy.copy(SECRET)


def test_secrets_compare_with_secrets_only() -> None:
    assert SecretText("hunter2") == SECRET
    assert SecretText("other") != SECRET
    assert SECRET != "hunter2"
    assert len({SECRET, SecretText("hunter2")}) == 1
