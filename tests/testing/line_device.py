"""A device behind a real socket, which speaks in lines and ends each answer with a prompt; and its driver."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from attrs import evolve, frozen

from ispcore.driver import (
    UNREADABLE,
    Action,
    AuthFailed,
    Change,
    DriverError,
    DriverSpec,
    Health,
    Invalid,
    Key,
    Login,
    Operation,
    OutcomeUnknown,
    PlacementId,
    Refusal,
    Resource,
    Result,
    Seen,
    Site,
    Spec,
    Unreachable,
    Unreadable,
    Unrecognised,
    Unsupported,
    claim_of,
    revealed,
)
from ispcore.storage.converters import from_plain, to_plain
from ispcore.testing import MockDevice
from ispcore.testing.driver_kit import Rig, stock
from ispcore.testing.mock_device import key_of
from ispcore.values import SecretText

PROMPT = b"\r\n> "
PASSWORD = "Line-device-4096"


@frozen
class LineConfig:
    port: int
    password: SecretText = SecretText(PASSWORD)


class LineDevice:
    """Serves a mock device, a thread for each connection."""

    def __init__(self) -> None:
        self.device = MockDevice("line")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                one, _ = self._listener.accept()
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.append(one)
                self._threads.append(threading.Thread(target=self._serve, args=(one,), daemon=True))
                self._threads[-1].start()

    def _serve(self, one: socket.socket) -> None:
        with suppress(OSError), one, one.makefile("rb") as lines:
            if lines.readline().decode().strip() != PASSWORD:
                one.sendall(b"no")
                return
            with self.device.session():
                one.sendall(b"welcome" + PROMPT)
                for line in lines:
                    one.sendall(self._answer(json.loads(line)).encode() + PROMPT)

    def _answer(self, asked: dict[str, Any]) -> str:
        match asked["do"]:
            case "check":
                return "identity line-1"
            case "list":
                return "\r\n".join(f"key {json.dumps(key)}" for key in self.device.standing())
            case "show":
                seen = self.device.seen(Key(asked["key"]))
                return (
                    "nothing"
                    if seen is None
                    else f"spec {json.dumps(to_plain(with_password(seen.spec, None)))}"
                )
            case _:
                try:
                    self.device.write(_read(asked))
                except Refusal as refusal:
                    return f"refused {refusal}"
                return "done"


def with_password(spec: Spec, password: SecretText | Unreadable | None) -> Spec:
    return evolve(spec, password=password) if isinstance(spec, Login) else spec


def _read(asked: dict[str, Any]) -> Change:
    after = None if asked["after"] is None else from_plain(asked["after"], Spec)
    if isinstance(after, Login) and asked["password"] is not None:
        after = evolve(after, password=SecretText(asked["password"]))
    spec = after or Login(username="")
    target = Resource(PlacementId(asked["id"]), asked["generation"], spec)
    before = None if asked["before"] is None else Seen(Key(asked["before"]), spec)
    return Change(target, before, after, frozenset(asked["fields"]))


def asked_by(change: Change) -> dict[str, Any]:
    after = change.after
    return {
        "do": "write",
        "id": change.target.id,
        "generation": change.target.generation,
        "before": change.before and change.before.key,
        "after": None if after is None else to_plain(with_password(after, None)),
        "password": revealed(getattr(after, "password", None)),
        "fields": sorted(change.fields),
    }


class LineSession:
    """Sends a line, and reads until the prompt."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def check(self, op: Operation) -> Health:
        return Health(self._one("identity", self._ask({"do": "check"}, op)))

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
        claims = None if wanted is None else {claim_of(one.spec) for one in wanted}
        for line in self._ask({"do": "list"}, op).splitlines():
            key = json.loads(self._one("key", line))
            if claims is None or key in claims:
                seen = self._show(key, op)
                if seen is not None:
                    yield seen

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        for change in changes:
            yield Result(change.target.id, self._carried_out(change, op))

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        raise Unsupported(f"There is no {action.word}.")

    def _carried_out(self, change: Change, op: Operation) -> Seen | DriverError | None:
        if not isinstance(change.target.spec, Login):
            return Unsupported(f"There is no {change.target.spec.word}.")
        op.checkpoint()
        answer = self._ask(asked_by(change), op, writes=True)
        if answer.startswith("refused "):
            return Invalid(answer)
        if answer != "done":
            return Unrecognised("It did not say that it is done.", raw=answer)
        return None if change.after is None else self._show(key_of(change.after), op)

    def _show(self, key: str, op: Operation) -> Seen | None:
        answer = self._ask({"do": "show", "key": key}, op)
        if answer == "nothing":
            return None
        spec = from_plain(json.loads(self._one("spec", answer)), Spec)
        return Seen(Key(key), with_password(spec, UNREADABLE))

    @staticmethod
    def _one(word: str, line: str) -> str:
        if not line.startswith(f"{word} "):
            raise Unrecognised(f"It did not tell its {word}.", raw=line, wrote=False)
        return line.removeprefix(f"{word} ")

    def _ask(self, question: Mapping[str, Any], op: Operation, *, writes: bool = False) -> str:
        try:
            self._sock.settimeout(max(op.remaining(), 0.001))
            self._sock.sendall(json.dumps(question).encode() + b"\n")
            answer = self.heard(self._sock, op.remaining)
        except OSError as error:
            kind = OutcomeUnknown if writes else Unreachable
            raise kind(f"No answer came: {error}.") from error
        return self.without_notices(answer)

    @staticmethod
    def without_notices(answer: str) -> str:
        return "\n".join(line for line in answer.splitlines() if not line.startswith("! "))

    @staticmethod
    def heard(sock: socket.socket, remaining: Callable[[], float]) -> str:
        """Return what is said until the prompt."""
        heard = b""
        while not heard.endswith(PROMPT):
            sock.settimeout(max(remaining(), 0.001))
            some = sock.recv(4096)
            if not some:
                if heard == b"no":
                    raise AuthFailed("It does not take the password.")
                raise ConnectionError("it hung up")
            heard += some
        return heard.removesuffix(PROMPT).decode()


class LineDriver:
    session = LineSession

    def normal(self, spec: Spec, health: Health) -> Spec:
        return spec

    @contextmanager
    def open(self, site: Site[LineConfig]) -> Iterator[LineSession]:
        try:
            with socket.create_connection(
                site.dial("127.0.0.1", site.config.port), timeout=site.patience_seconds
            ) as sock:
                sock.sendall(site.config.password.reveal().encode() + b"\n")
                self.session.heard(sock, lambda: site.patience_seconds)
                yield self.session(sock)
        except OSError as error:
            raise Unreachable(f"It cannot be reached: {error}.") from error


LINE_SPEC = DriverSpec(
    "line", "tests.testing.line_device:LineDriver", LineConfig, kinds={Login: {}}, actions={}, lanes=2
)


class LineRig(Rig):
    spec = LINE_SPEC
    alarm = b"! somebody is at the door\r\n"
    patience_seconds = 0.2

    def __init__(self, driver: Callable[[], Any] = LineDriver) -> None:
        self.line = LineDevice()
        self._driver = driver

    def driver(self) -> Any:
        return self._driver()

    def site(self) -> Site[LineConfig]:
        return Site(LineConfig(self.line.port))

    def writes(self) -> int:
        return self.line.device.writes

    def sessions_open(self) -> int:
        return self.line.device.sessions_open

    def tamper(self, key: Key) -> None:
        self.line.device.tamper(key, vlan=999)

    def foreign(self) -> Callable[[], object]:
        key = self.line.device.put(evolve(stock(Login, 90)[0], username="of-somebody-else"))
        return lambda: self.line.device.standing().get(key)

    def secrets(self, spec: Spec) -> Mapping[str, str]:
        return self.line.device.secrets(claim_of(spec))

    def close(self) -> None:
        self.line.close()
