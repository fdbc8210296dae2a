"""What policies look at and answer: a command is reviewed inside its transaction, and vetoed or added to.

What a policy adds is decided by the rules of the core like any command, and recorded as a fact with the
plugin and its version. Only the fact counts from then on, so another version never bills it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from attrs import frozen

from ispcore.errors import InvalidValueError
from ispcore.plans import AddItem, Block, ChangeDiscount, Pause, Reduce
from ispcore.timeline import Fact, Origin
from ispcore.values import check_code

if TYPE_CHECKING:
    from ispcore.usecases.stores import Guards

ADDITIONS = (AddItem, Block, ChangeDiscount, Pause, Reduce)
"""Everything that a policy may add; they leave ``ItemAdded``, ``HoldPlaced`` and ``DiscountChanged``."""
Addition: TypeAlias = AddItem | Block | ChangeDiscount | Pause | Reduce


@frozen
class Veto:
    """A policy's no: a short *code* for programs, and a *text* for the person who gave the command."""

    code: str
    text: str

    def __attrs_post_init__(self) -> None:
        """Refuse a veto that does not say why."""
        check_code(self.code, "code of a veto")
        if not str(self.text).strip():
            raise InvalidValueError("A veto without a text helps nobody.", hint="Say why, and what to do.")


@frozen
class Add:
    """A policy's addition to the subscription under review (or the one that a change of plan opens).

    Without a day of its own it counts from that of the reviewed command.
    """

    command: Addition

    def __attrs_post_init__(self) -> None:
        """Refuse what is not on the closed list."""
        if not isinstance(self.command, ADDITIONS):
            known = ", ".join(kind.__name__ for kind in ADDITIONS)
            raise InvalidValueError(
                f"A policy cannot add {type(self.command).__name__}.", hint=f"It may add: {known}."
            )
        if self.command.note is not None:
            raise InvalidValueError(
                "What a policy adds has no note.", hint="Leave it to the person who acts."
            )


@frozen
class Review:
    """A command that was decided and is not saved yet.

    The states are those of the command's day *on*: of a subscription, or of a customer without the texts.
    *state_before* is None for what the command opens. *facts* include those of a successor.
    """

    command: Any
    state_before: Any
    facts: tuple[Fact[Any], ...]
    state_after: Any
    on: date


@frozen
class Opinion:
    """What one policy has to say, and whose it is."""

    by: Origin
    distribution: str
    said: Veto | tuple[Addition, ...]


class Policies(Protocol):
    """Asks the policies of all plugins."""

    def review(self, review: Review, guards: Guards) -> Sequence[Opinion]:
        """Return what each policy says to a command, in the order of the plugins' names.

        Raises:
            PolicyFailedError: a policy failed, or one that *guards* name is not there.
        """
        ...


class NoPolicies:
    """For desks without plugins, in tests."""

    def review(self, review: Review, guards: Guards) -> Sequence[Opinion]:  # noqa: ARG002 - as the port says
        """Have nothing to say."""
        return ()


NO_POLICIES = NoPolicies()
