"""Every error that ispcore raises on purpose, in one tree.

IspcoreError
├── InvalidValueError          a value that cannot exist (a float as money, an empty period, 2011-02-29)
├── DocumentError              a catalogue or scenario text with problems, each with its place
├── RefusedError               a command that a rule forbids
│   ├── NotPermittedError      the actor lacks the permission that the command names
│   ├── ConflictingFactsError  a back-dated command that a later fact contradicts; names both
│   └── VetoedError            the policy of a plugin forbids it, and says why
├── NotFoundError              something was named that does not exist
├── ConcurrentChangeError      somebody else changed the same subscription or customer meanwhile
├── UnbillableError            a subscription that cannot be billed, with the rule and the facts
├── UndeliverableError         a message that nobody can be given, however often it is tried
├── PrintError                 a template that cannot be printed with what it was given
├── PluginError                a plugin cannot be used; names it with its distribution and version
│   └── PolicyFailedError      a policy that guards commands failed or is missing; nothing is saved
├── CassetteError              a recorded session with a device cannot be played; in ispcore.transports
├── DriverError                something went wrong at a device; its kinds are in ispcore.driver.faults
└── StorageError               the database cannot be opened, is of another version, or is damaged

Callers catch by meaning. An error carries its facts as attributes; its text names the thing, the
rule and the way out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class IspcoreError(Exception):
    """Base of every error of ispcore.

    ``hint`` is the way out, when it is not part of the sentence already.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        """Keep *message* and the optional *hint*."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Join the sentence and its hint."""
        return f"{self.message} {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel whole between processes, whatever the constructor takes."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[IspcoreError], args: tuple[Any, ...], facts: dict[str, Any]) -> IspcoreError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(facts)
    return error


class InvalidValueError(IspcoreError, ValueError):
    """A value that cannot exist."""


class DocumentError(IspcoreError):
    """A catalogue or scenario document with problems.

    ``problems`` are texts, each with its place in the document.
    """

    def __init__(self, what: str, problems: Iterable[object]) -> None:
        """Name the document and list every problem found in it."""
        self.problems = tuple(problems)
        self.what = what
        count = len(self.problems)
        head = f"{what} has {count} problem{'' if count == 1 else 's'}:"
        super().__init__("\n  ".join([head, *(str(problem) for problem in self.problems)]))


class RefusedError(IspcoreError):
    """A command that a rule forbids.

    ``rule`` is a short stable word for programs: ``"reason-required"``, ``"already-cancelled"``.
    """

    def __init__(self, message: str, *, rule: str, hint: str | None = None) -> None:
        """Keep the short name of the *rule* beside the sentence."""
        super().__init__(message, hint=hint)
        self.rule = rule


class NotPermittedError(RefusedError):
    """The actor lacks the permission that the command names."""

    def __init__(self, actor: str, permission: str) -> None:
        """Name the *actor* and the missing *permission*."""
        super().__init__(
            f"{actor} may not do this: the permission {permission!r} is missing.",
            rule="permission",
            hint="Grant it to the actor, or let somebody act who has it.",
        )
        self.actor = actor
        self.permission = permission


class ConflictingFactsError(RefusedError):
    """A back-dated command that a later fact contradicts."""

    def __init__(self, message: str, *, new: str, existing: str) -> None:
        """Name the *new* fact and the *existing* one that it contradicts."""
        super().__init__(
            message, rule="conflict", hint="Retract the later fact first, or choose another day."
        )
        self.new = new
        self.existing = existing


class VetoedError(RefusedError):
    """A command that the policy of a plugin forbids; ``rule`` is the policy's own code."""

    def __init__(self, message: str, *, rule: str, plugin: str) -> None:
        """Keep the *plugin* whose policy it is."""
        super().__init__(message, rule=rule)
        self.plugin = plugin


class NotFoundError(IspcoreError, LookupError):
    """Something was named that does not exist."""

    def __init__(self, kind: str, name: object, *, hint: str | None = None) -> None:
        """Name the *kind* of thing and the *name* that was asked for; None when there is none at all."""
        super().__init__(
            f"There is no {kind}." if name is None else f"There is no {kind} {name!r}.", hint=hint
        )
        self.kind = kind
        self.name = name


class ConcurrentChangeError(IspcoreError):
    """Somebody else changed the same subject between reading and writing."""

    def __init__(self, kind: str, subject: object) -> None:
        """Name the *subject* that two writers wanted."""
        super().__init__(
            f"{kind.capitalize()} {subject} was changed by somebody else meanwhile; "
            "nothing of this command was saved.",
            hint="Read it again and repeat the command.",
        )
        self.kind = kind
        self.subject = subject


class UnbillableError(IspcoreError):
    """A subscription that cannot be billed.

    A run returns it as a problem of that subscription and goes on.
    """

    def __init__(self, message: str, *, subscription: int, rule: str, facts: Iterable[str] = ()) -> None:
        """Name the *subscription*, the *rule* and the *facts* involved."""
        super().__init__(message)
        self.subscription = subscription
        self.rule = rule
        self.facts = tuple(facts)


class UndeliverableError(IspcoreError):
    """A message that nobody can be given, however often it is tried.

    ``rule`` is a short stable word for programs: ``"no-address"``.
    """

    def __init__(self, message: str, *, rule: str, hint: str | None = None) -> None:
        """Keep the short name of the *rule* beside the sentence."""
        super().__init__(message, hint=hint)
        self.rule = rule


class PrintError(IspcoreError):
    """A template that cannot be printed with what it was given.

    ``rule`` is a short stable word for programs: ``"missing-fields"``; ``names`` are what it is about: the
    missing fields, the characters that a font lacks.
    """

    def __init__(
        self, message: str, *, rule: str, names: Iterable[str] = (), hint: str | None = None
    ) -> None:
        """Keep the short name of the *rule* and the *names* beside the sentence."""
        super().__init__(message, hint=hint)
        self.rule = rule
        self.names = tuple(names)


class PluginError(IspcoreError):
    """A plugin cannot be used.

    ``distribution`` and ``version`` tell where it comes from; they are empty for one that is not installed.
    """

    def __init__(
        self, message: str, *, plugin: str, distribution: str = "", version: str = "", hint: str | None = None
    ) -> None:
        """Name the *plugin*, and its *distribution* and *version*."""
        super().__init__(message, hint=hint)
        self.plugin = plugin
        self.distribution = distribution
        self.version = version


class PolicyFailedError(PluginError):
    """A policy that guards commands failed or is missing; the command was stopped and nothing is saved."""


class StorageError(IspcoreError):
    """The database cannot be opened, is of another version, or is damaged."""
