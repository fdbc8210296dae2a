"""Values that every chapter speaks in: money, periods, calendars, identifiers, secrets.

Nothing in here knows the business of a provider.
"""

from ispcore.values.calendar import BusinessCalendar, PlainCalendar, next_business_day
from ispcore.values.document import Notes, Plain, Problem, Reference, Table, nearest, plain, suggestion
from ispcore.values.every import Every
from ispcore.values.freezing import as_frozenset, as_tuple
from ispcore.values.identifiers import (
    LONGEST_CODE,
    AddressId,
    ChargeId,
    ComponentId,
    CustomerId,
    ItemId,
    LineId,
    PaymentId,
    PersonId,
    SlipId,
    SubscriptionId,
    check_code,
)
from ispcore.values.kinds import (
    CODE,
    DAY,
    DECIMAL,
    FLAG,
    LENGTH,
    PROSE,
    TEXT,
    TIME,
    Kind,
    money,
    one_of,
    shown,
    whole,
    word_of,
)
from ispcore.values.money import Currency, Money, percent_of, split_by_weight, split_evenly, total, zero
from ispcore.values.network import HOST, IPV4, IPV6_PREFIX, MAC, NETMASK, NETWORK, VLAN
from ispcore.values.period import ONE_DAY, Period, add_months, day_in_month
from ispcore.values.rounding import Rounding, round_ratio
from ispcore.values.secret import SecretText
from ispcore.values.toml import locate, located, parse_toml
from ispcore.values.typed import FIRST_DAY, LAST_DAY, check_length, check_types

__all__ = [
    "CODE",
    "DAY",
    "DECIMAL",
    "FIRST_DAY",
    "FLAG",
    "HOST",
    "IPV4",
    "IPV6_PREFIX",
    "LAST_DAY",
    "LENGTH",
    "LONGEST_CODE",
    "MAC",
    "NETMASK",
    "NETWORK",
    "ONE_DAY",
    "PROSE",
    "TEXT",
    "TIME",
    "VLAN",
    "AddressId",
    "BusinessCalendar",
    "ChargeId",
    "ComponentId",
    "Currency",
    "CustomerId",
    "Every",
    "ItemId",
    "Kind",
    "LineId",
    "Money",
    "Notes",
    "PaymentId",
    "Period",
    "PersonId",
    "Plain",
    "PlainCalendar",
    "Problem",
    "Reference",
    "Rounding",
    "SecretText",
    "SlipId",
    "SubscriptionId",
    "Table",
    "add_months",
    "as_frozenset",
    "as_tuple",
    "check_code",
    "check_length",
    "check_types",
    "day_in_month",
    "locate",
    "located",
    "money",
    "nearest",
    "next_business_day",
    "one_of",
    "parse_toml",
    "percent_of",
    "plain",
    "round_ratio",
    "shown",
    "split_by_weight",
    "split_evenly",
    "suggestion",
    "total",
    "whole",
    "word_of",
    "zero",
]
