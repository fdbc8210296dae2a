"""Carrying decisions out, after the transaction that made them: on the network, and to observers."""

from ispcore.effects.acting import (
    HIDDEN,
    Acted,
    Acting,
    ActionRecord,
    ActionState,
    ActionStore,
    Started,
    lasting,
)
from ispcore.effects.asking import ask
from ispcore.effects.borrowing import Borrowed, Lender
from ispcore.effects.driver_config import Kept, SecretSource, config_schema, read_config, secret_sources
from ispcore.effects.drivers import DriverOf, MakeDriver, made, origin
from ispcore.effects.events import FactRecorded, event_of
from ispcore.effects.explaining import explained
from ispcore.effects.faults import BackOff, Rules, Verdict, cleaner, fault_of, judge, judge_error
from ispcore.effects.handing import HandedOver, contact_of, hand_over
from ispcore.effects.looking import DriftReport, DriftStore, Look, Looker, Mended, Watch
from ispcore.effects.message_files import FILES, FileNotifier, FolderConfig, write_whole
from ispcore.effects.observers import Delivered, Delivery, Lag, Observers, deliver
from ispcore.effects.operation import Deadline
from ispcore.effects.ports import Devices, EffectStore, Lagging, Outbox, Resolve
from ispcore.effects.sessions import DeviceDownError, OpenDevice, Ways, opened, waiting
from ispcore.effects.standing import DeviceStanding
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
    "FILES",
    "HIDDEN",
    "Acted",
    "Acting",
    "ActionRecord",
    "ActionState",
    "ActionStore",
    "BackOff",
    "Begun",
    "Borrowed",
    "Deadline",
    "Delivered",
    "Delivery",
    "DeviceDownError",
    "DeviceRow",
    "DeviceStanding",
    "Devices",
    "Done",
    "DriftReport",
    "DriftStore",
    "DriverOf",
    "EffectStore",
    "FactRecorded",
    "Fault",
    "FileNotifier",
    "FolderConfig",
    "HandedOver",
    "Held",
    "Kept",
    "Labour",
    "Lag",
    "Lagging",
    "LaneLostError",
    "Left",
    "Lender",
    "Look",
    "Looker",
    "MakeDriver",
    "Mended",
    "Observers",
    "OpenDevice",
    "Outbox",
    "Outcome",
    "Pace",
    "Resolve",
    "Rules",
    "Run",
    "SecretSource",
    "Settings",
    "Started",
    "Stop",
    "StopReason",
    "Supervisor",
    "Taken",
    "Trouble",
    "Verdict",
    "Watch",
    "Ways",
    "Work",
    "Worker",
    "ask",
    "cleaner",
    "config_schema",
    "contact_of",
    "deliver",
    "event_of",
    "explained",
    "fault_of",
    "hand_over",
    "judge",
    "judge_error",
    "lasting",
    "made",
    "opened",
    "origin",
    "owner_name",
    "read_config",
    "secret_sources",
    "waiting",
    "write_whole",
]
