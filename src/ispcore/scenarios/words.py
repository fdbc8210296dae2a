"""The words that a step of a scenario can do, and the command that each one gives."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from ispcore import contracts, plans, usecases
from ispcore.customers import (
    AllowPromotions,
    ChangeCustomer,
    ChangeCustomerLateTreatment,
    Dispute,
    ExemptFromSlipFee,
    Forget,
    PromiseToPay,
    RegisterCustomer,
    ResolveDispute,
    SaveAddress,
    SaveContact,
    SetNotices,
)

COMMANDS: Mapping[str, type] = {
    "register_customer": RegisterCustomer,
    "change_customer": ChangeCustomer,
    "save_address": SaveAddress,
    "allow_promotions": AllowPromotions,
    "exempt_from_slip_fee": ExemptFromSlipFee,
    "forget": Forget,
    "promise_to_pay": PromiseToPay,
    "dispute": Dispute,
    "resolve_dispute": ResolveDispute,
    "change_customer_late_treatment": ChangeCustomerLateTreatment,
    "set_notices": SetNotices,
    "save_contact": SaveContact,
    "open_contract": contracts.OpenContract,
    "edit_contract": contracts.EditContract,
    "renew_contract": contracts.RenewContract,
    "accept_contract": contracts.AcceptContract,
    "refuse_contract": contracts.RefuseContract,
    "join_contract": plans.JoinContract,
    "add_to_combo": contracts.AddToCombo,
    "remove_from_combo": contracts.RemoveFromCombo,
    "subscribe": plans.Subscribe,
    "import_subscription": plans.ImportSubscription,
    "change_status": plans.ChangeStatus,
    "enable": plans.Enable,
    "enable_provisionally": plans.EnableProvisionally,
    "start_temporary_plan": plans.StartTemporaryPlan,
    "end_temporary_plan": plans.EndTemporaryPlan,
    "suspend": plans.Suspend,
    "resume": plans.Resume,
    "block": plans.Block,
    "unblock": plans.Unblock,
    "reduce": plans.Reduce,
    "restore": plans.Restore,
    "pause": plans.Pause,
    "unpause": plans.Unpause,
    "cancel": plans.Cancel,
    "withdraw_cancellation": plans.WithdrawCancellation,
    "annul": plans.Annul,
    "change_plan": plans.ChangePlan,
    "migrate_technology": plans.MigrateTechnology,
    "transfer": plans.Transfer,
    "change_price": plans.ChangePrice,
    "change_discount": plans.ChangeDiscount,
    "add_item": plans.AddItem,
    "change_item": plans.ChangeItem,
    "end_item": plans.EndItem,
    "add_billing_event": plans.AddBillingEvent,
    "sell": plans.Sell,
    "customise_composition": plans.CustomiseComposition,
    "restore_composition": plans.RestoreComposition,
    "change_billing_terms": plans.ChangeBillingTerms,
    "set_slip_terms": plans.SetSlipTerms,
    "change_address": plans.ChangeAddress,
    "add_component": plans.AddComponent,
    "change_component": plans.ChangeComponent,
    "change_password": plans.ChangePassword,
    "remove_component": plans.RemoveComponent,
    "collect_equipment": plans.CollectEquipment,
    "set_speed": plans.SetSpeed,
    "set_speed_windows": plans.SetSpeedWindows,
    "grant_bonus": plans.GrantBonus,
    "change_late_treatment": plans.ChangeLateTreatment,
    "exempt": plans.Exempt,
    "change_notices": plans.ChangeNotices,
    "delete": plans.Delete,
    "retract": plans.Retract,
    "pay": usecases.RecordPayment,
    "reverse_payment": usecases.ReversePayment,
    "refund": usecases.Refund,
    "write_off": usecases.WriteOff,
    "waive": usecases.Waive,
    "renegotiate": usecases.Renegotiate,
}
"""The steps that give a command; their other keys are the command's fields."""

OPENING = ("subscribe", "import_subscription", "change_plan", "migrate_technology", "transfer")
"""The steps whose label names a new subscription, and the fact that opened it or led to it."""


class Act(Enum):
    """The steps that give no command."""

    CLOSE = "close"
    PREVIEW = "preview"
    BILL_OPEN_CYCLE = "bill_open_cycle"
    BILL_AHEAD = "bill_ahead"
    LOAD_CATALOGUE = "load_catalogue"
    ISSUE_SLIPS = "issue_slips"
    PAY_SLIPS = "pay_slips"
    TICK = "tick"
    EXPECT = "expect"
    WORK = "work"
    DEVICE_DOWN = "device_down"
    DEVICE_UP = "device_up"
    TAMPER = "tamper"
    DRIFT = "drift"
    REPLACE_DEVICE = "replace_device"
    ACCEPT_DEVICE = "accept_device"


OF_DEVICES = frozenset(
    act.value
    for act in (
        Act.WORK,
        Act.DEVICE_DOWN,
        Act.DEVICE_UP,
        Act.TAMPER,
        Act.DRIFT,
        Act.REPLACE_DEVICE,
        Act.ACCEPT_DEVICE,
    )
)
"""The steps that need devices."""

OF_MONEY = frozenset(act.value for act in (Act.ISSUE_SLIPS, Act.PAY_SLIPS, Act.TICK))
"""The steps about everybody's money at once, and about what time does."""

WORDS = (*COMMANDS, *(act.value for act in Act))
"""Everything that a step can do."""
