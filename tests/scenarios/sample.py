"""A short scenario as text, to be continued, and ways to read and play it."""

from ispcore.errors import DocumentError
from ispcore.scenarios import Played, Player, Scenario, read_scenario
from tests.engines import empty_database

HEAD = """\
title = "A story"

[catalogue]
currency = "BRL"
companies = { net = { name = "Rede" }, tv = { name = "TV" } }
charge_methods = { slip = { name = "Boleto" }, card = { name = "Cartão" } }
document_types = { nf = { name = "NF" } }
accounts = { acc = { name = "Acesso" } }
reasons = { moved = { description = "Mudou-se" } }

[catalogue.units.londrina]
name = "Londrina"
cities = ["Londrina"]
plans = ["home", "fast"]
charge_methods = ["slip", "card"]

[catalogue.plans.home]
name = "Home"
permits = ["mailbox"]
versions = [{ from = 2010-01-01, price = "90.00", account = "acc", company = "net", document_type = "nf" }]

[catalogue.plans.fast]
name = "Fast"
permits = ["mailbox"]
versions = [{ from = 2010-01-01, price = "150.00", account = "acc", company = "net", document_type = "nf" }]

[catalogue.services.mailbox]
name = "Mailbox"
versions = [{ from = 2010-01-01, price = "6.00", account = "acc", company = "tv", document_type = "nf" }]

[customers.ana]
kind = "person"
details = { name = "Ana Souza" }
addresses = [{ id = "home", type = "installation", city = "Londrina" }]
"""
"""A catalogue of two plans and one service, and one customer."""

OPEN = """
[[steps]]
on = 2012-04-01
do = "subscribe"
as = "one"
customer = "ana"
plan = "home"
status = "enabled"
charge_method = "slip"
due_day = 10
"""
"""A step that opens the subscription ``one`` to the plan of 90.00, on 01/04/2012."""

CLOSE = """
[[steps]]
on = 2012-04-30
do = "close"
"""
"""A step that closes April 2012."""


def scenario(*steps: str) -> Scenario:
    """Return the scenario of HEAD and *steps*."""
    return read_scenario("\n".join([HEAD, *steps]))


def played(*steps: str) -> list[Played]:
    """Return what the scenario of HEAD and *steps* did, step by step."""
    with empty_database() as url:
        player = Player(scenario(*steps), url)
        try:
            return list(player.play())
        finally:
            player.close_database()


def step(do: str, *keys: str, on: str = "2012-04-10") -> str:
    """Return the text of a step of that day, with further *keys* as lines."""
    return "\n".join(["", "[[steps]]", f"on = {on}", f'do = "{do}"', *keys, ""])


def unmet(steps: list[Played]) -> list[str]:
    """Return what was told of expectations that were not met."""
    return [line for one in steps for line in one.unmet]


def problems(text: str | bytes) -> list[str]:
    """Return the problems of the scenario *text*, which must have some."""
    try:
        read_scenario(text)
    except DocumentError as error:
        return [str(problem) for problem in error.problems]
    message = "The scenario was read."
    raise AssertionError(message)


def line_of(text: str, words: str) -> int:
    """Return the line of *text* on which *words* stand, which must stand there once."""
    (number,) = [number for number, line in enumerate(text.splitlines(), start=1) if words in line]
    return number
