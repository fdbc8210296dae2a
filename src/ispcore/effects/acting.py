"""Acting on devices: what a person does there once, kept so that everybody knows how it ended.

The start is committed before the device hears of it. Who is killed between the two, or gets no answer,
leaves an action whose outcome is unknown; it is repeated only if doing it twice does no harm.

A long action (everybody on an access point is disconnected) lasts as long as answers come, and those that
came are kept on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from attrs import asdict, evolve, field, frozen

from ispcore.driver import (
    Action,
    DriverError,
    PlacementId,
    Resource,
    Result,
    SecretRef,
    Support,
    Unsupported,
)
from ispcore.effects.borrowing import PATIENCE_SECONDS, Borrowed, Lender
from ispcore.effects.drivers import origin
from ispcore.effects.faults import cleaner, fault_of
from ispcore.effects.sessions import DeviceDownError
from ispcore.effects.work import Fault, LaneLostError
from ispcore.values import SecretText

if TYPE_CHECKING:
    from ispcore.effects.sessions import OpenDevice


HIDDEN = str(SecretText(""))
"""What stands for a secret among the arguments of an action."""


class ActionState(Enum):
    """How far an action came."""

    BEGUN = "begun"
    """Somebody is at it."""
    DONE = "done"
    FAILED = "failed"
    """It was not done."""
    UNKNOWN = "unknown"
    """It may have happened or not."""


@frozen(kw_only=True)
class ActionRecord:
    """An action, as it is kept; ``results`` are plain, each with its target."""

    id: str
    device: str
    word: str
    targets: tuple[PlacementId, ...]
    state: ActionState
    actor: str
    begun_at: datetime
    arguments: Mapping[str, Any] = field(factory=dict)
    ended_at: datetime | None = None
    results: tuple[Mapping[str, Any], ...] = ()
    error: Mapping[str, Any] | None = None
    secrets: Mapping[str, SecretRef] = field(factory=dict)
    """Where those of its arguments are kept that are secret: of an action that lasts."""

    @property
    def has_lost_a_secret(self) -> bool:
        """Whether it was given a secret that is kept nowhere."""
        return any(text == HIDDEN and name not in self.secrets for name, text in self.arguments.items())


@frozen
class Acted:
    """What an action came to, with the values that the device answered."""

    record: ActionRecord
    results: tuple[Result[Any], ...] = ()

    @property
    def values(self) -> tuple[Any, ...]:
        """What was answered, without the targets that were refused."""
        return tuple(one.value for one in self.results if not isinstance(one.value, DriverError))


@frozen(kw_only=True)
class Started:
    """An action that is about to be carried out, by whom."""

    id: str
    device: str
    word: str
    arguments: Mapping[str, Any]
    targets: tuple[PlacementId, ...]
    actor: str
    secrets: Mapping[str, SecretRef]
    seconds: float
    """Its outcome is unknown when nothing was heard of it for so long."""


class ActionStore(Protocol):
    """The actions. Each call is a transaction of its own."""

    def begin(self, started: Started) -> None:
        """Keep that an action is about to be carried out, for the first time or again."""
        ...

    def go_on(
        self, action: str, results: Sequence[Result[Any]], seconds: float, *, clean: Callable[[str], str]
    ) -> None:
        """Keep what an action has come to so far; it is heard of again within so many *seconds*."""
        ...

    def end(
        self,
        action: str,
        state: ActionState,
        results: Sequence[Result[Any]],
        fault: Fault | None,
        *,
        clean: Callable[[str], str],
    ) -> ActionRecord:
        """Keep how an action ended; *clean* takes secrets out of what the device answered."""
        ...


@frozen
class Acting:
    """Carries actions out, in lanes that it borrows."""

    lender: Lender
    store: ActionStore

    def act(  # noqa: PLR0913 - what is kept of it
        self,
        action: Action[Any],
        on: Sequence[Resource],
        *,
        device: str,
        name: str,
        by: str,
        secrets: Mapping[str, SecretRef],
    ) -> Acted:
        """Carry *action* out on *device* and keep its outcome under *name*; an actor *by* is responsible.

        *secrets* are where those of its arguments are kept that are secret, if they are.
        """
        started = Started(
            id=name,
            device=device,
            word=action.word,
            arguments=_arguments(action),
            targets=tuple(one.id for one in on),
            actor=by,
            secrets=secrets,
            seconds=PATIENCE_SECONDS + self.lender.settings.pace.intent_seconds,
        )
        self.store.begin(started)
        results: list[Result[Any]] = []
        given = cleaner(_secrets(action, on))
        state, fault, clean = ActionState.DONE, None, given
        try:
            with self.lender.lend(device, name) as lent:
                borrowed = evolve(lent, clean=lambda text: given(lent.clean(text)))
                clean = borrowed.clean
                going = partial(self.store.go_on, name, results, started.seconds, clean=clean)
                state, fault = _carried_out(borrowed, action, on, results, going)
        except (DeviceDownError, LaneLostError) as error:
            state = ActionState.UNKNOWN if results else ActionState.FAILED
            fault = error.fault if isinstance(error, DeviceDownError) else fault_of(error, clean)
        return Acted(self.store.end(name, state, results, fault, clean=clean), tuple(results))


def _carried_out(
    borrowed: Borrowed,
    action: Action[Any],
    on: Sequence[Resource],
    results: list[Result[Any]],
    going: Callable[[], None],
) -> tuple[ActionState, Fault | None]:
    device = borrowed.device
    try:
        check_support(device, action)
        for result in checked(device.session.act(action, on, borrowed.operation), action):
            results.append(result)
            if borrowed.renewed():
                going()
    except DriverError as error:
        state = ActionState.UNKNOWN if error.wrote else ActionState.FAILED
        return state, fault_of(error, borrowed.clean)
    except LaneLostError:
        raise
    except Exception as error:  # noqa: BLE001 - a plugin's
        told = str(error) if isinstance(error, WrongAnswerError) else f"{type(error).__name__}: {error}"
        text = f"A fault of {origin(device.spec)}: act: {borrowed.clean(told)}"
        return ActionState.UNKNOWN, Fault(code="PluginFault", text=text)
    refused = [one.value for one in results if isinstance(one.value, DriverError)]
    if refused and len(refused) == len(results):
        unsure = any(one.wrote for one in refused)
        return ActionState.UNKNOWN if unsure else ActionState.FAILED, fault_of(refused[0], borrowed.clean)
    return ActionState.DONE, None


def lasting(records: Iterable[ActionRecord], kinds: Iterable[type[Action[Any]]]) -> tuple[ActionRecord, ...]:
    """Return those of *records*, the oldest first, that last: the latest about each thing, unless undone.

    *kinds* are the actions that the device knows. One that failed has changed nothing; one of which nobody
    knows has been meant.
    """
    known = {kind.word: kind for kind in kinds if kind.about}
    standing: dict[tuple[object, ...], ActionRecord] = {}
    for record in records:
        kind = known.get(record.word)
        if kind is None or record.state is ActionState.FAILED:
            continue
        subject = kind.undoes or kind.word, record.targets, record.arguments.get(kind.about)
        standing.pop(subject, None)
        if not kind.undoes:
            standing[subject] = record
    return tuple(standing.values())


class WrongAnswerError(Exception):
    """An answer is not of the type that the action declares."""


def checked(results: Iterator[Any], action: Action[Any]) -> Iterator[Result[Any]]:
    """Yield *results* whose values are what the type of *action* declares, or refusals.

    Raises:
        WrongAnswerError: something else came.
    """
    for result in results:
        if not isinstance(result, Result) or not isinstance(result.value, action.result | DriverError):
            value = result.value if isinstance(result, Result) else result
            raise WrongAnswerError(
                f"{action.word} answers with {action.result.__name__}, and {type(value).__name__} came."
            )
        yield result


def check_support(device: OpenDevice, action: Action[Any]) -> None:
    """Refuse an *action* that the device does not know.

    Raises:
        Unsupported: its driver or the device does not bear it.
    """
    kind = type(action)
    support = device.spec.actions.get(kind, Support.NO)
    if support is Support.ASK:
        support = device.health.answers.get(kind.__name__, Support.NO)
    if support is not Support.YES:
        known = ", ".join(sorted(one.word for one in device.spec.actions)) or "none"
        raise Unsupported(f"{device.row.name} knows no action {action.word!r}.", hint=f"There is: {known}.")


def _secrets(action: Action[Any], on: Sequence[Resource]) -> list[SecretText]:
    """Return the secrets that the device is given for *action*: none of them is kept with its outcome."""
    told = [asdict(action, recurse=False), *(asdict(one.spec, recurse=False) for one in on)]
    return [value for one in told for value in one.values() if isinstance(value, SecretText)]


def _arguments(action: Action[Any]) -> dict[str, Any]:
    given = asdict(action, recurse=False).items()
    return {name: str(value) for name, value in given if value is not None}
