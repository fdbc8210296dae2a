"""Turning what is wanted on the network into what stands there."""

from ispcore.effects.batch import Batch, Carried
from ispcore.effects.driver_config import Kept, SecretSource, config_schema, read_config, secret_sources
from ispcore.effects.drivers import DriverOf, MakeDriver, made, origin
from ispcore.effects.faults import BackOff, Rules, Verdict, cleaner, fault_of, judge, judge_error
from ispcore.effects.operation import Deadline
from ispcore.effects.ports import Devices, EffectStore, Lagging, Outbox, Resolve
from ispcore.effects.sessions import DeviceDownError, OpenDevice, Ways, opened
from ispcore.effects.supervisor import Labour, Supervisor
from ispcore.effects.work import (
    Begun,
    DeviceRow,
    Done,
    Fault,
    Held,
    LaneLostError,
    Left,
    Outcome,
    Pace,
    Run,
    Stop,
    StopReason,
    Taken,
    Trouble,
    Work,
)
from ispcore.effects.worker import Settings, Worker, owner_name

__all__ = [
    "BackOff",
    "Batch",
    "Begun",
    "Carried",
    "Deadline",
    "DeviceDownError",
    "DeviceRow",
    "Devices",
    "Done",
    "DriverOf",
    "EffectStore",
    "Fault",
    "Held",
    "Kept",
    "Labour",
    "Lagging",
    "LaneLostError",
    "Left",
    "MakeDriver",
    "OpenDevice",
    "Outbox",
    "Outcome",
    "Pace",
    "Resolve",
    "Rules",
    "Run",
    "SecretSource",
    "Settings",
    "Stop",
    "StopReason",
    "Supervisor",
    "Taken",
    "Trouble",
    "Verdict",
    "Ways",
    "Work",
    "Worker",
    "cleaner",
    "config_schema",
    "fault_of",
    "judge",
    "judge_error",
    "made",
    "opened",
    "origin",
    "owner_name",
    "read_config",
    "secret_sources",
]
