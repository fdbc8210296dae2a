"""What the catalogue says of persons who are forgotten."""

from typing import Any

import pytest

from ispcore.catalog import PrivacyPolicy
from ispcore.errors import DocumentError
from tests.catalogues import catalogue


def test_name_and_tax_id_stay_for_five_years_unless_it_is_said_otherwise() -> None:
    assert catalogue().privacy == PrivacyPolicy(("name", "tax_id"), 5)
    assert catalogue(privacy={"keeps": [], "years": 0}).privacy == PrivacyPolicy((), 0)
    assert catalogue(privacy={"keeps": ["phone", "phone"]}).privacy == PrivacyPolicy(("phone",), 5)


def test_connections_are_kept_for_a_year_or_longer_and_never_shorter() -> None:
    assert catalogue().privacy.connection_months == 12
    assert catalogue(privacy={"connection_months": 36}).privacy.connection_months == 36
    with pytest.raises(DocumentError, match=r"privacy\.connection_months.*12"):
        catalogue(privacy={"connection_months": 11})


@pytest.mark.parametrize("keeps", [["shoe_size"], "name", [1], {"name": True}])
def test_what_cannot_be_kept_is_refused_by_name(keeps: Any) -> None:
    with pytest.raises(DocumentError, match=r"privacy\.keeps.*no list of what can be kept"):
        catalogue(privacy={"keeps": keeps})
