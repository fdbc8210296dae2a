"""What is pinned is stored whole: a default that changes in the code changes nothing that was written."""

from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import RULE_VERSION, Terms
from ispcore.catalog import BillingPolicy
from ispcore.plans import FACTS
from ispcore.storage.converters import to_plain
from tests.storage.filled import filled


def test_pinned_terms_hold_every_choice_of_the_policy_and_the_version_of_the_rules() -> None:
    plain = to_plain(Terms(BillingPolicy()))

    assert set(plain["policy"]) == {field.name for field in attrs.fields(BillingPolicy)}
    assert plain["rule_version"] == RULE_VERSION


@given(st.sampled_from(FACTS).flatmap(filled))
def test_a_payload_is_stored_with_all_its_fields(payload: Any) -> None:
    assert set(to_plain(payload)) == {field.name for field in attrs.fields(type(payload))}
