"""Cases about what a driver says of itself: its spec, its configuration and its claims."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any, get_type_hints

import attrs
import pytest
from attrs import evolve

from ispcore.driver import (
    KINDS,
    Action,
    Change,
    Discover,
    DriverError,
    Feature,
    Key,
    Resource,
    Role,
    Seen,
    Spec,
    Support,
    Unsupported,
    claim_of,
    fields_of,
    roles_of,
)
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.passes import must, told
from ispcore.testing.driver_kit.stock import stock, unclaimed
from ispcore.values import SecretText

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ispcore.testing.driver_kit.rig import Rig

_SOUNDS_SECRET = ("password", "passwd", "secret", "token", "community", "private")

_IMPORT_OFFLINE = """
import sys
sys.path[:] = {path!r}
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        raise RuntimeError("a network was asked for: " + event)
sys.addaudithook(refuse)
from importlib import import_module
getattr(import_module({module!r}), {name!r})
"""


class ClaimCases:
    """What a driver says of itself is true."""

    def test_the_factory_imports_without_a_network(self, rig: Rig) -> None:
        """A driver is imported on machines that reach no device: nothing is looked up or dialled then."""
        module, _, name = rig.spec.factory.partition(":")
        code = _IMPORT_OFFLINE.format(path=sys.path, module=module, name=name)

        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - our own text

        told_last = done.stderr.strip().splitlines()[-1:]
        must(done.returncode == 0, f"{rig.spec.factory} cannot be imported offline: {' '.join(told_last)}")

    def test_the_configuration_is_a_frozen_value_that_shows_no_secret(self, rig: Rig) -> None:
        """Configurations are printed and compared; what sounds like a secret is a SecretText."""
        config = rig.site().config
        kind = rig.spec.config

        must(attrs.has(kind) and isinstance(config, kind), f"{kind.__name__} is not an attrs class.")
        must(_is_frozen(config), f"{kind.__name__} is not frozen.")
        hints = get_type_hints(kind)
        for one in attrs.fields(kind):
            sounds_secret = any(word in one.name.lower() for word in _SOUNDS_SECRET)
            is_text = "SecretText" not in str(hints[one.name]) and "str" in str(hints[one.name])
            must(not (sounds_secret and is_text), f"{kind.__name__}.{one.name} must be a SecretText.")
        for secret in _secrets_of(config):
            must(secret not in f"{config!r}{config}", f"{kind.__name__} shows a secret when it is printed.")

    def test_what_is_claimed_exists(self, rig: Rig) -> None:
        """A misspelt field or kind in a spec would be a claim about nothing."""
        spec = rig.spec
        for kind, claims in spec.kinds.items():
            must(KINDS.get(kind.word) is kind, f"{kind.__name__} is no kind of resource.")
            for name, claim in claims.items():
                role = roles_of(kind).get(name)
                must(role is not None, f"{kind.__name__} has no field {name!r}.")
                must(isinstance(claim, Support), f"{kind.__name__}.{name} is claimed as {claim!r}.")
                must(role is not Role.IDENTITY, f"{kind.__name__}.{name} is its name and cannot be missing.")
        for action, claim in spec.actions.items():
            must(issubclass(action, Action), f"{action.__name__} is no action.")
            must(isinstance(claim, Support), f"{action.__name__} is claimed as {claim!r}.")
            names = [one.name for one in attrs.fields(action)]
            must(action.about in ("", *names), f"{action.__name__} is about {action.about!r}, no field.")
            must(action.about or not action.undoes, f"{action.__name__} undoes what it is not about.")
        must(set(spec.features) <= set(Feature), "A feature is claimed that does not exist.")
        must(spec.lanes >= 1, f"{spec.lanes} lanes are less than one.")
        must(spec.kinds, "A driver without a kind has nothing to do.")

    def test_the_device_answers_every_claim_that_depends_on_it(self, rig: Rig) -> None:
        """Support.ASK is answered by ``check`` with YES or NO, device by device."""
        with Lab(rig) as lab:
            health = lab.health()

            for name in asked(rig):
                answer = health.answers.get(name)
                must(answer in (Support.YES, Support.NO), f"{name} is claimed as ASK and answered {answer}.")

    def test_the_device_says_who_it_is_in_every_session(self, rig: Rig) -> None:
        """An empty box in place of the old one is noticed by its identity."""
        with Lab(rig) as lab:
            first, second = lab.health(), lab.health()

            must(first.identity, "Health.identity is empty.")
            must(first.identity == second.identity, "Health.identity is another one in each session.")

    def test_a_field_that_is_claimed_comes_back_as_it_was_written(self, rig: Rig) -> None:
        """Each field by itself: it is written, and a new session reads it."""
        with Lab(rig) as lab:
            health = lab.health()
            for kind in rig.spec.kinds:
                for name in fields_of(kind, Role.PLAIN):
                    if lab.bears(kind, name, health):
                        what = f"{kind.__name__}.{name}"
                        first, second = rig.claimed(kind, name)
                        must(
                            getattr(second, name) != getattr(first, name),
                            f"The samples of the rig do not differ in {what}, so it cannot be tried.",
                        )
                        self._comes_back(lab, first, second, name)
                lab.clear()

    @staticmethod
    def _comes_back(lab: Lab, first: Spec, changed: Spec, name: str) -> None:
        what = f"{type(first).__name__}.{name}"
        before, after = lab.normal(first), lab.normal(changed)
        must(getattr(before, name) != getattr(after, name), f"{what} is claimed, and normal drops its value.")
        for spec, wanted in ((first, before), (changed, after)):
            lab.want("claimed", spec)
            passes = [lab.once(), lab.once()]
            for one in passes:
                must(not one.errors, f"{what} is claimed, and writing it came to this: {told(one)}")
            seen = lab.sight().get(claim_of(wanted))
            must(seen is not None, f"{claim_of(wanted)} was written, and does not stand there.")
            must(
                getattr(seen and seen.spec, name, None) == getattr(wanted, name),
                f"{what} is claimed and was written as {getattr(wanted, name)!r}; it does not come back.",
            )

    def test_a_field_that_is_not_claimed_is_dropped_or_refused(self, rig: Rig) -> None:
        """What a device cannot bear is no reason for a change that never ends."""
        with Lab(rig) as lab:
            health = lab.health()
            for kind in rig.spec.kinds:
                for name, role in roles_of(kind).items():
                    if role is Role.IDENTITY or lab.bears(kind, name, health):
                        continue
                    plain = lab.first(kind)
                    spec = evolve(plain, **{name: getattr(stock(kind, 1)[1], name)})
                    dropped = getattr(lab.driver.normal(spec, health), name)
                    if dropped in (None, getattr(lab.driver.normal(plain, health), name)):
                        continue
                    lab.want("unclaimed", spec)
                    one = lab.once()
                    must(
                        any(isinstance(error, Unsupported) for error in one.errors),
                        f"{kind.__name__}.{name} is not claimed, and neither dropped by normal nor refused.",
                    )
                    lab.clear()

    def test_a_kind_that_is_not_claimed_is_refused(self, rig: Rig) -> None:
        """The refusal is Unsupported, and nothing is written."""
        spec = unclaimed(rig.spec.kinds)
        if spec is None:
            pytest.skip("every kind is claimed")
        with Lab(rig) as lab:
            before = rig.writes()

            error = _outcome(lab, spec)

            must(
                isinstance(error, Unsupported), f"{type(spec).__name__} is not claimed; it came to {error!r}."
            )
            must(rig.writes() == before, f"{type(spec).__name__} is not claimed, and something was written.")

    def test_an_action_yields_what_its_type_declares(self, rig: Rig) -> None:
        """The core hands the values on as they are typed; a refused target has its DriverError."""
        with Lab(rig) as lab:
            health = lab.health()
            resources = _resources(lab)
            for kind, claim in rig.spec.actions.items():
                answer = health.answers.get(kind.__name__) if claim is Support.ASK else claim
                with lab.session() as session:
                    if answer is not Support.YES:
                        continue
                    on = [] if kind is Discover else resources
                    for result in session.act(kind(), on, lab.operation()):
                        value = result.value
                        must(
                            isinstance(value, kind.result | DriverError),
                            f"{kind.__name__} declares {kind.result.__name__} and yielded {value!r}.",
                        )
            lab.clear()

    def test_an_action_that_is_not_claimed_is_refused(self, rig: Rig) -> None:
        """The refusal is Unsupported, raised or as the value of every result."""
        with Lab(rig) as lab:
            resources = _resources(lab)
            claims = rig.spec.actions
            for kind in Action.__subclasses__():
                if claims.get(kind, Support.NO) is Support.NO and "word" in vars(kind):
                    refused = _refuses(lab, kind(), resources)
                    must(refused, f"{kind.__name__} is not claimed, and was not refused as Unsupported.")
            lab.clear()


def asked(rig: Rig) -> list[str]:
    """Return the names of every claim that depends on the device."""
    spec = rig.spec
    fields = [
        f"{kind.__name__}.{name}"
        for kind, claims in spec.kinds.items()
        for name, claim in claims.items()
        if claim is Support.ASK
    ]
    actions = [action.__name__ for action, claim in spec.actions.items() if claim is Support.ASK]
    return [*fields, *actions, *(it.name for it, claim in spec.features.items() if claim is Support.ASK)]


def _resources(lab: Lab) -> list[Resource]:
    """Let one resource of each kind stand, and return them."""
    for kind in lab.rig.spec.kinds:
        lab.want(kind.word, lab.first(kind))
    lab.settle()
    return [
        Resource(placed.id, placed.generation, placed.wanted, placed.key)
        for placed in lab.placed.values()
        if placed.wanted is not None
    ]


def _outcome(lab: Lab, spec: Spec) -> Seen | DriverError | None:
    target = Resource(lab.want("unclaimed", spec), 1, spec, Key("unclaimed"))
    lab.placed.clear()
    change = Change(target, None, spec, frozenset(roles_of(type(spec))))
    try:
        with lab.session() as session:
            results = list(session.apply([change], lab.operation()))
    except DriverError as error:
        return error
    return results[0].value if results else None


def _refuses(lab: Lab, action: Action[Any], on: list[Resource]) -> bool:
    try:
        with lab.session() as session:
            results = list(session.act(action, on, lab.operation()))
    except Unsupported:
        return True
    return bool(results) and all(isinstance(result.value, Unsupported) for result in results)


def _is_frozen(config: Any) -> bool:  # noqa: ANN401 - an attrs value
    name = next((one.name for one in attrs.fields(type(config))), None)
    if name is None:
        return True
    try:
        setattr(config, name, getattr(config, name))
    except attrs.exceptions.FrozenInstanceError:
        return True
    return False


def _secrets_of(config: Any) -> list[str]:  # noqa: ANN401 - an attrs value
    values: Mapping[str, object] = {one.name: getattr(config, one.name) for one in attrs.fields(type(config))}
    return [value.reveal() for value in values.values() if isinstance(value, SecretText)]
