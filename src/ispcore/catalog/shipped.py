"""The status lists that ship with ispcore, written as a catalogue's document is.

``integrator`` is the list of a provider's desktop, with its trial status. ``contract`` is that of a contract
manual. Of its states the blocked and the reduced ones, automatic or by hand, are holds over a status, and so
is a deactivation for a time (a pause): none of them stands in the list. "Desativado" is what remains: a
contract suspended until somebody resumes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_INTEGRATOR: dict[str, dict[str, object]] = {
    "awaiting": {
        "description": "Aguardando Instalação",
        "bucket": "pending",
        "bills": False,
        "serves": "off",
        "role": "initial",
    },
    "pre_registration": {
        "description": "Pré-Cadastro",
        "bucket": "pending",
        "bills": False,
        "serves": "off",
        "may_have_logins": False,
    },
    "trial": {
        "description": "Experimenta",
        "bucket": "active",
        "bills": False,
        "serves": "full",
        "days": 10,
        "next": "enabled",
    },
    "enabled": {
        "description": "Serviço Habilitado",
        "bucket": "active",
        "bills": True,
        "serves": "full",
        "role": "enabled",
    },
    "admin_suspended": {
        "description": "Suspensão Administrativa",
        "bucket": "inactive",
        "bills": False,
        "serves": "full",
    },
    "suspended": {
        "description": "Suspenso",
        "bucket": "inactive",
        "bills": False,
        "serves": "off",
        "role": "suspended",
        "may_have_logins": False,
    },
    "cancelled": {
        "description": "Cancelado",
        "bucket": "cancelled",
        "bills": False,
        "serves": "removed",
        "role": "cancelled",
        "may_change_by_hand": False,
        "may_have_logins": False,
    },
}

_CONTRACT: dict[str, dict[str, object]] = {
    "pre_registration": {
        "description": "Pré-Cadastro",
        "bucket": "pending",
        "bills": False,
        "serves": "off",
        "role": "initial",
    },
    "enabled": {
        "description": "Ativo",
        "bucket": "active",
        "bills": True,
        "serves": "full",
        "role": "enabled",
    },
    "deactivated": {
        "description": "Desativado",
        "bucket": "inactive",
        "bills": False,
        "serves": "off",
        "role": "suspended",
        "may_have_logins": False,
    },
    "cancelled": _INTEGRATOR["cancelled"],
}

SHIPPED_STATUSES: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "integrator": _INTEGRATOR,
    "contract": _CONTRACT,
}
"""The shipped lists by name, each status by its code."""
