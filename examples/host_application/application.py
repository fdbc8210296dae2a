"""A small application that embeds ispcore: a counter where plans are sold."""

from datetime import date

from ispcore import Actor, Provider
from ispcore.customers import Address, AddressType, PersonDetails, PersonKind, RegisterCustomer
from ispcore.errors import RefusedError
from ispcore.plans import Subscribe
from ispcore.values import AddressId, CustomerId


class Counter:
    """What a clerk can do here."""

    def __init__(self, provider: Provider, clerk: Actor) -> None:
        """Work on the books of *provider* in the name of *clerk*."""
        self._provider, self._clerk = provider, clerk

    def sell(self, name: str, city: str, plan: str, due_day: int) -> CustomerId | str:
        """Sell *plan* to a new customer and return their number, or what to tell them."""
        home = Address(id=AddressId("home"), type=AddressType.REGISTERED, city=city)
        details = PersonDetails(name=name)
        register = RegisterCustomer(kind=PersonKind.PERSON, details=details, addresses=(home,))
        customer = self._provider.do(register, actor=self._clerk).customer
        try:
            self._provider.do(
                Subscribe(
                    customer=customer, plan=plan, status="enabled", charge_method="slip", due_day=due_day
                ),
                actor=self._clerk,
            )
        except RefusedError as refusal:
            return str(refusal)
        return customer

    def owes(self, customer: CustomerId) -> dict[date, str]:
        """Return what is open, by due date."""
        found: dict[date, str] = {}
        for one in self._provider.customer(customer, actor=self._clerk).receivables:
            if not one.open.is_zero:
                found[one.receivable.due_on] = str(one.open)
        return found
