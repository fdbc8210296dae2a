"""The parts of the facade, a theme each; an application reaches them through its provider."""

from ispcore.desks.acting import ActionDesk
from ispcore.desks.charging import ChargingDesk
from ispcore.desks.comparing import NextBill, PlanComparison, PlanSide
from ispcore.desks.connections import ConnectionDesk
from ispcore.desks.contracts import ContractDesk
from ispcore.desks.devices import CheckedDevice, DeviceDesk, DeviceView
from ispcore.desks.documents import DocumentDesk
from ispcore.desks.late import LateDesk
from ispcore.desks.looking import Looking
from ispcore.desks.money import MoneyDesks
from ispcore.desks.new_plan import NewPlanDesk, NewPlanSummary
from ispcore.desks.notices import NoticeDesk
from ispcore.desks.onus import CarriedOnu, OnuDesk, OnuSearch, WaitingOnu
from ispcore.desks.outbox import OutboxDesk
from ispcore.desks.payments import PaymentDesk
from ispcore.desks.printing import PrintDesk
from ispcore.desks.privacy import PrivacyDesk
from ispcore.desks.reach import Drivers, Reach
from ispcore.desks.secrets import SecretDesk
from ispcore.desks.slips import NextSlips, SlipDesk
from ispcore.desks.staff import Staff
from ispcore.desks.system import RandomCommandIds, RandomPasswords, SystemClock
from ispcore.desks.tasks import TaskDesk
from ispcore.desks.trying import Attempt, Changed

__all__ = [
    "ActionDesk",
    "Attempt",
    "CarriedOnu",
    "Changed",
    "ChargingDesk",
    "CheckedDevice",
    "ConnectionDesk",
    "ContractDesk",
    "DeviceDesk",
    "DeviceView",
    "DocumentDesk",
    "Drivers",
    "LateDesk",
    "Looking",
    "MoneyDesks",
    "NewPlanDesk",
    "NewPlanSummary",
    "NextBill",
    "NextSlips",
    "NoticeDesk",
    "OnuDesk",
    "OnuSearch",
    "OutboxDesk",
    "PaymentDesk",
    "PlanComparison",
    "PlanSide",
    "PrintDesk",
    "PrivacyDesk",
    "RandomCommandIds",
    "RandomPasswords",
    "Reach",
    "SecretDesk",
    "SlipDesk",
    "Staff",
    "SystemClock",
    "TaskDesk",
    "WaitingOnu",
]
