"""What a placement needs stands first; what is needed goes last; and nobody is charged for waiting."""

from attrs import evolve

from ispcore.driver import Access, Invalid
from tests.effects.network import Network, login, placement

DOMAIN = "dom:login"


def test_what_is_needed_is_waited_for_without_an_attempt(each_network: Network) -> None:
    each_network.want(login("dom"))
    each_network.want(login("mail"), layer=1, needs=(DOMAIN,))
    each_network.driver.refusals[placement("dom")] = Invalid("Not that.")

    each_network.run()

    row = each_network.row("mail")
    assert (row.applied_generation, row.attempts, row.trouble) == (0, 0, None)
    with each_network.database.reading() as work:
        assert work.outbox.get(placement("mail")).waits_for == (DOMAIN,)

    each_network.driver.refusals.clear()
    each_network.want(login("dom", speed=7))
    each_network.run()
    assert each_network.lagging == []


def test_an_edit_waits_for_the_newest_generation_of_what_is_needed(network: Network) -> None:
    network.want(login("dom"))
    network.want(login("mail"), needs=(DOMAIN,))
    network.run()
    network.want(login("dom", speed=7))
    network.want(login("mail", speed=7), needs=(DOMAIN,))
    network.driver.refusals[placement("dom")] = Invalid("Not that.")

    network.run()

    assert network.lagging == [placement("dom"), placement("mail")]
    assert network.box.logins["mail"] == ("text of one", 100)


def test_taking_something_from_a_customer_waits_for_nothing(network: Network) -> None:
    network.want(login("dom"))
    network.want(login("mail"), needs=(DOMAIN,))
    network.run()
    network.want(login("dom", speed=7))
    network.driver.refusals[placement("dom")] = Invalid("Not that.")
    network.want(evolve(login("mail"), access=Access.REFUSED), needs=(DOMAIN,))

    network.run()

    assert network.lagging == [placement("dom")]


def test_what_is_needed_is_taken_away_after_what_needs_it(each_network: Network) -> None:
    each_network.want(login("dom"), layer=5)
    each_network.want(login("mail"), layer=1, needs=(DOMAIN,))
    each_network.run()
    each_network.run()
    for name in ("dom", "mail"):
        each_network.want_at(placement(name), None)
    order: list[str] = []
    each_network.driver.before_write = order.append

    each_network.run()

    assert order == [placement("mail"), placement("dom")]


def test_what_is_needed_and_no_longer_wanted_is_not_there(network: Network) -> None:
    network.want(login("dom"))
    network.run()
    network.want_at(placement("dom"), None)
    network.want(login("mail"), needs=(DOMAIN,))

    network.run()

    assert network.lagging == [placement("mail")]


def test_what_is_needed_and_was_never_placed_is_not_there(each_network: Network) -> None:
    each_network.want(login("mail"), needs=(DOMAIN,))

    each_network.run()
    with each_network.database.reading() as work:
        waits_for = work.outbox.get(placement("mail")).waits_for
    each_network.want(login("dom"), layer=5)
    lagging = each_network.lagging
    each_network.run()

    assert waits_for == (DOMAIN,)
    assert lagging == [placement("dom"), placement("mail")]
    assert each_network.lagging == []


def test_of_several_that_are_needed_the_one_that_was_never_placed_is_named(network: Network) -> None:
    network.want(login("dom"))
    network.run()
    network.want(login("mail"), needs=(DOMAIN, "other:login"))

    network.run()

    with network.database.reading() as work:
        assert work.outbox.get(placement("mail")).waits_for == ("other:login",)


def test_what_is_needed_on_another_device_is_waited_for_too(network: Network) -> None:
    network.add_box("other")
    network.want(login("dom"), device="other")
    network.want(login("mail"), needs=(DOMAIN,))
    network.boxes["other"].set(down=True)

    network.run()

    assert placement("mail") in network.lagging


def test_a_dead_olt_keeps_no_login_alive(network: Network) -> None:
    network.add_box("olt")
    network.want(login("ana"), device="olt", layer=1)
    network.want(login("ana"), layer=2)
    network.run()
    network.boxes["olt"].set(down=True)
    for device, layer in (("olt", 1), ("box", 2)):
        network.want(evolve(login("ana"), access=Access.REFUSED), device=device, layer=layer)

    network.run()

    assert network.lagging == [placement("ana", "olt")]


def test_what_a_person_holds_is_left_alone_until_then(network: Network) -> None:
    network.want(login("ana"), login("bob"))
    with network.database.writing() as work:
        work.outbox.hold(placement("ana"), network.now.replace(hour=14))

    network.run()
    assert network.lagging == [placement("ana")]

    network.pass_by(2 * 3600)
    network.run()
    assert network.lagging == []


def test_a_device_that_a_person_holds_is_left_alone(network: Network) -> None:
    network.want(login("ana"))
    with network.database.writing() as work:
        work.devices.hold("box", network.now.replace(hour=14))
    assert network.run().lanes == 0

    with network.database.writing() as work:
        work.devices.release("box")
    network.run()
    assert network.lagging == []
