"""A real FreeRADIUS of one's own: on the loopback, without rights, in a folder that is gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from attrs import field, frozen

from ispcore.errors import NotFoundError, StorageError
from ispcore_radius import Engine, RadiusConfig

RADDB = Path(__file__).parent / "data" / "raddb"
SECRET = "testing123"

# How its own queries write an address that there may be, and an instant.
_WRITTEN = {
    Engine.SQLITE: {"FRAMED_ADDRESS": "\"'%{Framed-IP-Address}'\"", "INSTANT": '"%l"'},
    Engine.POSTGRESQL: {
        "FRAMED_ADDRESS": "\"NULLIF('%{Framed-IP-Address}', '')::inet\"",
        "INSTANT": '"TO_TIMESTAMP(%l)"',
    },
}
_PATIENCE_SECONDS = 20
_LIBRARIES = ("/usr/lib/freeradius", "/usr/lib64/freeradius", "/usr/local/lib")


@frozen
class Answer:
    """What the server said to a login; ``reply`` are its attributes."""

    accepted: bool
    reply: Mapping[str, str] = field(factory=dict)


class FreeRadius:
    """A server that reads its logins from one database."""

    def __init__(self, folder: Path, database: RadiusConfig) -> None:
        self.folder = folder
        self.port, self.accounting_port = free_port(), free_port()
        self._settings = {
            "FOLDER": folder,
            "PORT": self.port,
            "ACCOUNTING_PORT": self.accounting_port,
            **_WRITTEN[database.engine],
            "SECRET": SECRET,
            "LIBRARIES": libraries(),
            "DIALECT": database.engine.value,
            "DATABASE": database.path or database.database,
            "DATABASE_HOST": database.host,
            "DATABASE_PORT": database.port,
            "DATABASE_USER": database.user,
            "DATABASE_PASSWORD": "" if database.password is None else database.password.reveal(),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write the configuration, start, and wait until it answers."""
        self.configure()
        self.launch()

    def configure(self) -> None:
        """Write the configuration of the tests."""
        settings = [f"{name} = {value}\n" for name, value in self._settings.items()]
        (self.folder / "radiusd.conf").write_text("".join([*settings, "$INCLUDE ${FOLDER}/server.conf\n"]))
        (self.folder / "dictionary").touch()
        for file in RADDB.iterdir():
            shutil.copy(file, self.folder)
        give(self.folder)

    def launch(self) -> None:
        """Start with the configuration that is there, and wait until it answers."""
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [program("freeradius"), "-f", "-l", "stdout", "-d", self.folder],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **child(),
            )
        patience = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > patience:
                self.stop()
                raise StorageError(f"FreeRADIUS did not start: {(self.folder / 'log').read_text()}")

    def stop(self) -> None:
        """Stop the process by its own number."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.wait(_PATIENCE_SECONDS)

    def login(self, username: str, password: str, *, by: str = "User-Password", mac: str = "") -> Answer:
        """Sign in as equipment would; *mac* is its address, *by* how the password is told."""
        asked = {"User-Name": username, by: password}
        asked |= {"Calling-Station-Id": mac} if mac else {}
        told = self.radclient("auth", asked)
        if "Received Access-Accept" in told:
            return Answer(accepted=True, reply=self._said(told))
        if "Received Access-Reject" in told:
            return Answer(accepted=False, reply=self._said(told))
        raise AssertionError(f"FreeRADIUS gave no answer: {told}")

    def _said(self, told: str) -> Mapping[str, str]:
        """Return the attributes of an answer, without its signature, which each has."""
        return {name: value for name, value in attributes(told).items() if name != "Message-Authenticator"}

    def _answers(self) -> bool:
        return "Received" in self.radclient("status", {"Message-Authenticator": "0x00"}, tries=1)

    def radclient(self, command: str, attributes: Mapping[str, str], *, tries: int = 3) -> str:
        """Ask with *attributes*, and return what is told; nothing is received where nobody answers."""
        lines = [f"{name} = {_quoted(name, value)}" for name, value in attributes.items()]
        where = [
            "-r",
            str(tries),
            "-t",
            "0.5" if tries == 1 else "3",
            f"127.0.0.1:{self.port}",
            command,
            SECRET,
        ]
        done = subprocess.run(
            [program("radclient"), "-x", *where],
            input="\n".join(lines),
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
        return done.stdout + done.stderr


@contextmanager
def freeradius(database: RadiusConfig) -> Iterator[FreeRadius]:
    """Give a server that reads *database*; it is stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="ispcore-radius-"))
    server = FreeRadius(folder, database)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def reason_for_no_server() -> str | None:
    """Return why there can be no server on this machine; None when there can."""
    try:
        program("freeradius")
        program("radclient")
        libraries()
    except NotFoundError as error:
        return str(error)
    return None


def program(name: str) -> str:
    """Return where a program of FreeRADIUS is."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise NotFoundError("program", name, hint="Install the packages freeradius and freeradius-utils.")
    return found


def libraries() -> Path:
    """Return the folder of FreeRADIUS's modules."""
    for folder in map(Path, _LIBRARIES):
        if (folder / "rlm_sql_postgresql.so").exists() and (folder / "rlm_sql_sqlite.so").exists():
            return folder
    raise NotFoundError("module", "rlm_sql_postgresql", hint="Install the package freeradius-postgresql.")


def attributes(told: str) -> dict[str, str]:
    """Return the attributes of the answer that radclient tells."""
    answer = told[told.index("Received") :]
    pairs = [line.strip().split(" = ", 1) for line in answer.splitlines() if line.startswith("\t")]
    # A Class is for the access server alone.
    return {name: value.strip('"') for name, value in pairs if name != "Class"}


def _quoted(name: str, value: str) -> str:
    if name == "Message-Authenticator":
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def free_port() -> int:
    """Return a port of UDP that nobody listens at."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
    return port


class _Child(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _unprivileged() -> pwd.struct_passwd | None:
    """Return whom the server runs as, where the user of the tests is the administrator."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def child() -> _Child:
    """Return whom a program of FreeRADIUS runs as."""
    user = _unprivileged()
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give(folder: Path) -> None:
    """Hand a folder and its files over to whom the server runs as."""
    user = _unprivileged()
    if user is not None:
        for path in (folder, *folder.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)
