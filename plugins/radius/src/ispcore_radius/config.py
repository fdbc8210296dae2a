"""How a database of FreeRADIUS is reached, and what its rows are to say."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from attrs import frozen

from ispcore.errors import InvalidValueError
from ispcore.values import SecretText
from ispcore_radius.points import AccessPoint, Vendor, points_of

STOCK_CHARACTERS = "@abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_: /"
"""FreeRADIUS's own ``safe_characters``; any other in a name is looked for in another spelling (``=2B``)."""

_HIGHEST_PORT = 65535


class Engine(Enum):
    """What keeps the tables."""

    POSTGRESQL = "postgresql"
    SQLITE = "sqlite"


class Tls(Enum):
    """How the connection to PostgreSQL is protected; the words are those of ``sslmode``."""

    DISABLE = "disable"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_CA = "verify-ca"
    VERIFY_FULL = "verify-full"


class PasswordForm(Enum):
    """How a password lies in ``radcheck``."""

    CLEARTEXT = "cleartext"
    """Serves PAP, CHAP and MS-CHAP."""
    NT = "nt"
    """The hash that MS-CHAP works with; serves PAP and MS-CHAP, not CHAP."""
    SSHA512 = "ssha512"
    """Salted SHA-512; serves PAP alone."""


@frozen(kw_only=True)
class RadiusConfig:
    """One database that FreeRADIUS reads its logins from.

    For SQLite, ``path`` names a file that exists. For PostgreSQL, a ``host`` that begins with ``/`` is the
    folder of a socket.

    A login in the walled garden is put into ``walled_group``, with a priority that comes before its other
    groups; or, where ``walled_attribute`` is set, gets that attribute with ``walled_value`` in its replies
    and no group.

    ``cisco`` and ``juniper`` know speeds as policies, whose names are ``download_policy`` and
    ``upload_policy`` with the kilobits a second in the place of ``{kbit}``. For ``generic``,
    ``download_attribute`` and ``upload_attribute`` are the attributes.

    Access points take requests about open sessions on ``coa_port``, up to ``coa_per_second`` of them in one
    action, and have ``coa_seconds`` to answer each. Their secret is ``coa_secret`` or, where that is not set,
    the one that FreeRADIUS's table ``nas`` has. ``access_points`` are those that differ in something, as
    :func:`ispcore_radius.points.points_of` reads them. A login has the attributes of the ``vendor``, and of
    all others that an access point is of.

    FreeRADIUS itself is asked only to see whether somebody gets in: on ``auth_port`` of ``auth_host``, with
    ``auth_secret`` or the one that the table ``nas`` has for this computer, and for ``auth_seconds``.

    With ``follow_sessions`` a login counts as it is wanted only when nobody is connected otherwise: sessions
    that are open on other terms are given the new speed, or closed. It needs the column ``class`` of
    ``radacct``.
    """

    engine: Engine = Engine.POSTGRESQL
    path: str = ""
    host: str = "localhost"
    port: int = 5432
    database: str = "radius"
    user: str = "radius"
    password: SecretText | None = None
    tls: Tls = Tls.PREFER
    lock_seconds: int = 5
    batch: int = 500
    vendor: Vendor = Vendor.MIKROTIK
    download_policy: str = "down-{kbit}k"
    upload_policy: str = "up-{kbit}k"
    download_attribute: str = ""
    upload_attribute: str = ""
    password_form: PasswordForm = PasswordForm.CLEARTEXT
    walled_group: str = "walled"
    walled_priority: int = -1
    walled_attribute: str = ""
    walled_value: str = ""
    safe_characters: str = STOCK_CHARACTERS
    coa_port: int = 3799
    coa_secret: SecretText | None = None
    coa_seconds: int = 3
    coa_per_second: int = 50
    access_points: tuple[str, ...] = ()
    follow_sessions: bool = True
    auth_host: str = "127.0.0.1"
    auth_port: int = 1812
    auth_secret: SecretText | None = None
    auth_seconds: int = 5

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot work, before a connection is tried."""
        for wrong, message in (
            (
                self.engine is Engine.SQLITE and not self.path,
                _NO_FILE,
            ),
            *(
                (not 0 < port <= _HIGHEST_PORT, f"{port} is not a port.")
                for port in (self.port, self.coa_port, self.auth_port)
            ),
            (not self.walled_group and not self.walled_attribute, _NO_WALL),
            (bool(self.walled_attribute) != bool(self.walled_value), _HALF_A_WALL),
            (any(one.count("{kbit}") != 1 for one in (self.download_policy, self.upload_policy)), _NO_KBIT),
            (
                Vendor.GENERIC in self.vendors and len(_each(self) - {""}) < _DIRECTIONS,
                _NO_ATTRIBUTES,
            ),
            (min(_counted(self)) < 1, _TOO_SMALL),
        ):
            if wrong:
                raise InvalidValueError(message)

    def point(self, address: str) -> AccessPoint:
        """Return how the access point with this address takes requests."""
        return self._points.get(address) or AccessPoint(address, self.coa_port, vendor=self.vendor)

    @property
    def vendors(self) -> tuple[Vendor, ...]:
        """Whose attributes a login has."""
        return tuple(dict.fromkeys((self.vendor, *(one.vendor for one in self._points.values()))))

    @property
    def _points(self) -> Mapping[str, AccessPoint]:
        return points_of(self.access_points, self.coa_port, self.vendor)

    @property
    def where(self) -> str:
        """Name the database for people."""
        if self.engine is Engine.SQLITE:
            return f"The database {self.path}"
        return f"The database {self.database} on {self.host}:{self.port}"


_NO_FILE = "SQLite needs the 'path' of the database's file."
_NO_WALL = "A walled garden needs a 'walled_group', or a 'walled_attribute' with its 'walled_value'."
_HALF_A_WALL = "'walled_attribute' and 'walled_value' belong together: name both, or none."


def _counted(config: RadiusConfig) -> tuple[int, ...]:
    return (
        config.lock_seconds,
        config.batch,
        config.coa_seconds,
        config.coa_per_second,
        config.auth_seconds,
    )


def _each(config: RadiusConfig) -> set[str]:
    return {config.download_attribute.lower(), config.upload_attribute.lower()}


_DIRECTIONS = 2
_NO_KBIT = "'download_policy' and 'upload_policy' have '{kbit}' once each, where the speed stands."
_NO_ATTRIBUTES = "The vendor 'generic' needs a 'download_attribute', and another 'upload_attribute'."
_TOO_SMALL = "'lock_seconds', 'batch', 'coa_seconds', 'coa_per_second' and 'auth_seconds' are at least 1."
