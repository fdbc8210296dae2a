"""Logins in the tables that FreeRADIUS reads, in SQLite or PostgreSQL."""

from ispcore_radius.admission import Admit, Dismiss
from ispcore_radius.config import Engine, PasswordForm, RadiusConfig, Tls
from ispcore_radius.inquiries import Answer, Inspect, Setting, SignIn, Verdict
from ispcore_radius.points import Vendor
from ispcore_radius.spec import SPEC

__all__ = [
    "SPEC",
    "Admit",
    "Answer",
    "Dismiss",
    "Engine",
    "Inspect",
    "PasswordForm",
    "RadiusConfig",
    "Setting",
    "SignIn",
    "Tls",
    "Vendor",
    "Verdict",
]
