"""Logins in the tables that FreeRADIUS reads, in SQLite or PostgreSQL."""

from ispcore_radius.config import Engine, PasswordForm, RadiusConfig, Tls, Vendor
from ispcore_radius.spec import SPEC

__all__ = ["SPEC", "Engine", "PasswordForm", "RadiusConfig", "Tls", "Vendor"]
