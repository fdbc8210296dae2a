"""Signing in at FreeRADIUS itself, to see whether somebody gets in, and why not as far as it can be told.

A question bears a Message-Authenticator, and so has its answer to: without, somebody on the way can make an
accept out of a reject (CVE-2024-3596).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from attrs import frozen
from pyrad.packet import AccessAccept, AccessChallenge, AuthPacket

from ispcore.driver import (
    AuthFailed,
    Busy,
    DriverError,
    Invalid,
    Login,
    Operation,
    Resource,
    Result,
    Unreachable,
    Unsupported,
)
from ispcore.values import SecretText
from ispcore_radius import accounting, link
from ispcore_radius.config import RadiusConfig
from ispcore_radius.inquiries import Answer, SignIn, Verdict
from ispcore_radius.link import Silence
from ispcore_radius.packets import Packet, dictionary
from ispcore_radius.proofs import WAYS, prove
from ispcore_radius.wire import Wire

_KEPT_SECONDS = 2.0  # of an operation, to write down what came of it
_NOT_TOLD = frozenset(
    {"Class", "Message-Authenticator", "MS-CHAP-Error", "MS-CHAP2-Success", "Reply-Message"}
)


@frozen
class Gate:
    """Where people sign in."""

    wire: Wire
    config: RadiusConfig
    dial: Callable[[str, int], tuple[str, int]]
    op: Operation

    def sign_in(self, action: SignIn, on: Sequence[Resource]) -> Iterator[Result[object]]:
        """Sign in as each login, and yield what was answered.

        Raises:
            Invalid: no login is named.
        """
        logins = [(one.id, one.spec) for one in on if isinstance(one.spec, Login)]
        if not logins:
            raise Invalid("Say who signs in: name a login.")
        for resource, login in logins:
            try:
                yield Result(resource, self._tried(action, login))
            except DriverError as error:
                yield Result(resource, error)

    def _tried(self, action: SignIn, login: Login) -> Answer:
        password = action.password or login.password
        if action.by not in WAYS:
            raise Invalid(
                f"{action.by!r} is no way to prove a password. There is: {', '.join(sorted(WAYS))}."
            )
        if not isinstance(password, SecretText):
            raise Invalid(f"The password of {login.username} is not known here.", hint="Type it: password=-")
        where = self.dial(self.config.auth_host, self.config.auth_port)
        source = self._source(where)
        secret = self._secret(source)
        packet = AuthPacket(secret=secret.encode(), dict=dictionary(), message_authenticator=True)
        packet["User-Name"] = login.username
        packet["NAS-IPv6-Address" if ":" in source else "NAS-IP-Address"] = source
        mac = action.mac or next(iter(login.macs), None)
        if mac is not None:
            packet["Calling-Station-Id"] = mac
        prove(packet, password.reveal(), action.by)
        seconds = min(self.config.auth_seconds, self.op.remaining() - _KEPT_SECONDS)
        if seconds <= 0:
            raise Busy("FreeRADIUS was not asked: the time was over.")
        reply = link.asked(packet, where, seconds, signed=True)
        if isinstance(reply, Silence):
            raise self._no_answer(reply, source, secret)
        return _answer(reply)

    def _source(self, where: tuple[str, int]) -> str:
        try:
            return link.source(where)
        except OSError:
            raise Unreachable(f"There is no way to {self._server}.") from None

    @property
    def _server(self) -> str:
        return f"FreeRADIUS at {self.config.auth_host}:{self.config.auth_port}"

    def _secret(self, source: str) -> str:
        if self.config.auth_secret is not None:
            return self.config.auth_secret.reveal()
        known = self._in_table(source)
        if known is None:
            raise Invalid(
                f"No secret is known with which {source} may ask {self._server}.",
                hint=f"Admit {source} as an access point, or set 'auth_secret'.",
            )
        return known

    def _in_table(self, source: str) -> str | None:
        with self.wire.transaction(self.op) as connection:
            found = connection.execute(accounting.secret_of(source)).first()
        return None if found is None else found.secret

    def _no_answer(self, silence: Silence, source: str, secret: str) -> DriverError:
        match silence:
            case Silence.NOBODY:
                return Unreachable(f"{self._server} is down: nobody listens there.", hint=_WHERE)
            case Silence.FORGED:
                return AuthFailed(f"{self._server} answers {source} with another secret.", hint=_SAME_SECRET)
            case Silence.UNSIGNED:
                return Unsupported(
                    f"{self._server} answers without a Message-Authenticator, as anybody on the way could.",
                    hint=_SIGNS,
                )
            case Silence.NOTHING:
                return self._silent(source, secret)

    def _silent(self, source: str, secret: str) -> DriverError:
        """Tell a server that says nothing, with what its table says of us."""
        known: str | None = None
        with suppress(DriverError):  # nobody needs that table who has a secret
            known = self._in_table(source)
        if known is None:
            unknown = f"{self._server} is silent, and its table nas has no access point {source}."
            return Unreachable(unknown, hint=_ADMIT)
        if known != secret:
            other = f"{self._server} is silent, and its table nas has another secret for {source}."
            return AuthFailed(other, hint=_SAME_SECRET)
        return Unreachable(f"{self._server} is silent.", hint=_SILENT)


def _answer(reply: Packet) -> Answer:
    verdicts: Mapping[int, Verdict] = {
        AccessAccept: Verdict.ACCEPTED,
        AccessChallenge: Verdict.CHALLENGED,
    }
    names = [name for name in reply.keys() if isinstance(name, str)]  # noqa: SIM118 - its names
    told = {name: "; ".join(map(str, reply[name])) for name in names if name not in _NOT_TOLD}
    # An error of MS-CHAP begins with the number of the question.
    errors = [one[1:].decode("utf-8", "replace") for one in reply.get("MS-CHAP-Error", [])]
    why = "; ".join([*reply.get("Reply-Message", []), *errors])
    return Answer(verdict=verdicts.get(reply.code, Verdict.REJECTED), why=why, reply=told)


_WHERE = "Start it, or set 'auth_host' and 'auth_port' to where it is."
_SAME_SECRET = "Both sides have to have one: set 'auth_secret', or admit this computer anew."  # noqa: S105 - words
_ADMIT = "Admit it, where clients.conf does not have it either; else it is down."
_SILENT = "It is down, or has not looked into its table since that was written."
_SIGNS = "Let it sign them, as a server does that 'ispcore radius init' has set up."
