"""A catalogue's document that uses every section, and ways to change it."""

from copy import deepcopy
from typing import Any

from ispcore.catalog import Catalogue, read_catalogue
from ispcore.errors import DocumentError
from ispcore.values import parse_toml

TEXT = """\
currency = "BRL"
use_statuses = "integrator"
devices = { mailbox = "mail-1" }
vlans = { olt-1 = { vlan = 100 } }

[companies]
main = { name = "Londrina Net Ltda", tax_id = "12.345.678/0001-90", address = "Avenida Higienópolis 210" }
tv = { name = "Londrina TV Ltda" }

[charge_methods.slip]
name = "Boleto bancário"
wallet = "109"

[charge_methods.card]
name = "Cartão"

[document_types.telecom]
name = "Nota de comunicação"

[accounts."3.1.1"]
name = "Receita de acesso"

[statuses.trial]
description = "Experimenta"
bucket = "active"
bills = false
serves = "full"
days = 10
next = "enabled"
email = { send = true, sender = "contato@example.com" }

[reasons.moved]
description = "Mudou-se"

[policies.quarterly]
every = "quarter"
closing_month = 3
closing_move = "cut"
day_count = "months_of_30"
proration = "full"
first_bill = "with_next"
greedy = true
suspension = "neither"

[policies.prepaid]
advance = true
trial = { kind = "days", days = 3 }

[[policies.dated.versions]]
from = 2012-01-01

[[policies.dated.versions]]
from = 2013-01-01
rounding = "half_even"

[plans.adsl]
name = "ADSL 2 Mega"
technology = "dsl"
download_kbit = 2048
upload_kbit = 512
includes = { mailbox = 2 }
permits = ["antivirus"]

[[plans.adsl.versions]]
from = 2012-01-01
price = "100.00"
account = "3.1.1"
company = "main"
document_type = "telecom"
charge_method = "slip"

[[plans.adsl.versions.lines]]
id = "access"
description = "Acesso"
value = "60.00"

[[plans.adsl.versions.lines]]
id = "tv"
description = "TV"
value = "30.00"
company = "tv"
charge_method = "card"

[services.antivirus]
name = "Antivírus"

[[services.antivirus.versions]]
from = 2012-01-01
price = "9.90"
account = "3.1.1"
company = "main"
document_type = "telecom"
description = "Antivírus mensal"

[late.standard]
restore_days = 1
charges = { fine_percent = "2", interest_percent = "1" }
stages = [
    { code = "notice", action = "notify", days = 1 },
    { code = "block", action = "block", days = 15, anchor = "notice", after = "notice" },
]

[units.londrina]
name = "Londrina"
cities = ["Londrina", "Cambé"]
plans = ["adsl"]
charge_methods = ["slip", "card"]
due_days = [5, 10, 15]
weekdays_only = true
holidays = [2012-09-07]

[access_points.centro]
name = "Torre Centro"
devices = { login = "radius-1", onu = "olt-1" }

[contracts.residencial]
name = "Internet em casa"
months = 12
fidelity_months = 12
installation_fee = "120.00"
penalty = { formula = "benefit * remaining_months / term_months" }

[commissions]
ana = { name = "Ana", percent_of_monthly = "50" }

[pools.centro]
name = "Centro"
network = "100.64.0.0/22"
dns = ["198.51.100.1", "198.51.100.2"]
quarantine_days = 30
access_point = "centro"

[print_templates]
slip = { version = "2012-02", text = "<h1>Boleto {{ slip.number }}</h1>" }
[roles.counter]
name = "Balcão"
permissions = ["payment.record", "subscription.*"]
extends = ["reader"]

[extra_fields.customer.nickname]
name = "Apelido"
type = "text"

[extra_fields.contract.colour]
name = "Cor"
type = "choice"
required = true
choices = ["red", "green"]
"""


class _Gone:
    """Stands for a key that is taken out."""


GONE = _Gone()


def sample(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the sample document with *changes* by place: ``{"plans/adsl/versions/0/price": "1.00"}``."""
    document = deepcopy(parse_toml(TEXT, "The sample"))
    for place, value in (changes or {}).items():
        _set(document, place.split("/"), value)
    return document


def _set(document: dict[str, Any], path: list[str], value: object) -> None:
    inner: Any = document
    for step in path[:-1]:
        inner = inner[int(step)] if isinstance(inner, list) else inner.setdefault(step, {})
    key: Any = int(path[-1]) if isinstance(inner, list) else path[-1]
    if value is GONE:
        del inner[key]
    else:
        inner[key] = value


def catalogue(changes: dict[str, Any] | None = None) -> Catalogue:
    """Return the catalogue of the changed sample."""
    return read_catalogue(sample(changes))


def problems(changes: dict[str, Any]) -> list[str]:
    """Return the problems of the changed sample."""
    try:
        catalogue(changes)
    except DocumentError as error:
        return [str(problem) for problem in error.problems]
    return []
