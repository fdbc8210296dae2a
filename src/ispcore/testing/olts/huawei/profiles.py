"""DBA profiles, and line and service profiles, which are edited in a mode of their own until ``commit``."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.huawei.command import CONFIG, RULE, Command, Mode, Refusal, number
from ispcore.testing.olts.huawei.config import Dba, LineProfile, ServiceProfile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ispcore.testing.olts.huawei.command import Values
    from ispcore.testing.olts.huawei.shell import HuaweiShell

_LINE = frozenset({Mode.LINE_PROFILE})
_SERVICE = frozenset({Mode.SERVICE_PROFILE})
_ABSENT = "The profile does not exist"
_EXISTS = "The profile already exists"
_USED = "The profile is being used"


def _free(used: Mapping[int, object]) -> int:
    return next(index for index in range(10, len(used) + 11) if index not in used)


def _add_dba(shell: HuaweiShell, values: Values) -> str:
    dbas = shell.olt.config.dbas
    wanted = number(values, "profile")
    index = _free(dbas) if wanted is None else wanted
    if index in dbas:
        raise Refusal(_EXISTS)
    name = values.get("name", f"dba-profile_{index}")
    rates = {rate: int(values[rate]) for rate in ("fixed", "assured", "most") if rate in values}
    kind = {"fixed": "type1", "assured": "type2", "most": "type4"}[next(iter(rates))]
    dbas[index] = Dba(name=name, type="type3" if {"assured", "most"} <= rates.keys() else kind, **rates)
    return f"  Adding a DBA profile succeeded\n  Profile ID   : {index}\n  Profile name : {name}"


def _remove_dba(shell: HuaweiShell, values: Values) -> str:
    config, index = shell.olt.config, int(values["profile"])
    if any(index in line.tconts.values() for line in config.line_profiles.values()):
        raise Refusal(_USED)
    if config.dbas.pop(index, None) is None:
        raise Refusal(_ABSENT)
    return ""


def _dbas(shell: HuaweiShell, _: Values) -> str:
    lines = shell.olt.config.line_profiles.values()
    rows = [
        f"  {index:10}{one.type.removeprefix('type'):>6}{'No':>14}{one.fixed:>14}{one.assured:>14}"
        f"{one.most:>12}{sum(index in line.tconts.values() for line in lines):>8}"
        for index, one in sorted(shell.olt.config.dbas.items())
    ]
    head = "  Profile-ID  type     Bandwidth         Fix        Assure         Max    Bind"
    units = "                    compensation      (kbps)        (kbps)      (kbps)   times"
    return "\n".join([RULE, head, units, RULE, *rows, RULE])


def _one_dba(shell: HuaweiShell, values: Values) -> str:
    one = shell.olt.config.dbas.get(int(values["profile"]))
    if one is None:
        raise Refusal(_ABSENT)
    told = {
        "Profile-name": one.name,
        "Profile-ID": values["profile"],
        "type": one.type.removeprefix("type"),
        "Bandwidth compensation": "No",
        "Fix(kbps)": one.fixed,
        "Assure(kbps)": one.assured,
        "Max(kbps)": one.most,
    }
    return "\n".join([RULE, *(f"  {name:26}: {value}" for name, value in told.items()), RULE])


def _edit_line(shell: HuaweiShell, values: Values) -> str:
    index = int(values["profile"])
    there = shell.olt.config.line_profiles.get(index)
    name = values.get("name", f"line-profile_{index}")
    shell.enter(Mode.LINE_PROFILE, str(index))
    shell.line_profile = deepcopy(there) or LineProfile(name=name)
    return ""


def _edit_service(shell: HuaweiShell, values: Values) -> str:
    index = int(values["profile"])
    there = shell.olt.config.service_profiles.get(index)
    name = values.get("name", f"srv-profile_{index}")
    shell.enter(Mode.SERVICE_PROFILE, str(index))
    shell.service_profile = deepcopy(there) or ServiceProfile(name=name)
    return ""


def _line(shell: HuaweiShell) -> LineProfile:
    assert shell.line_profile is not None  # noqa: S101 - there is one in the mode
    return shell.line_profile


def _service(shell: HuaweiShell) -> ServiceProfile:
    assert shell.service_profile is not None  # noqa: S101 - there is one in the mode
    return shell.service_profile


def _tcont(shell: HuaweiShell, values: Values) -> str:
    if int(values["dba"]) not in shell.olt.config.dbas:
        raise Refusal(_ABSENT)
    _line(shell).tconts[int(values["tcont"])] = int(values["dba"])
    return ""


def _gem(shell: HuaweiShell, values: Values) -> str:
    line, gem, tcont = _line(shell), int(values["gem"]), int(values["tcont"])
    if tcont not in line.tconts:
        raise Refusal("The T-CONT does not exist")
    line.gems[gem] = tcont
    return ""


def _remove_gem(shell: HuaweiShell, values: Values) -> str:
    line, gem = _line(shell), int(values["gem"])
    if line.gems.pop(gem, None) is None:
        raise Refusal("The GEM port does not exist")
    line.mappings = {key: what for key, what in line.mappings.items() if key.split("/")[0] != str(gem)}
    return ""


def _mapping(shell: HuaweiShell, values: Values) -> str:
    line, gem = _line(shell), int(values["gem"])
    if gem not in line.gems:
        raise Refusal("The GEM port does not exist")
    line.mappings[f"{gem}/{values['index']}"] = f"vlan {values['vlan']}"
    return ""


def _tr069(shell: HuaweiShell, values: Values) -> str:
    _line(shell).tr069 = int(values.get("index", "0"))
    return ""


def _no_tr069(shell: HuaweiShell, _: Values) -> str:
    _line(shell).tr069 = None
    return ""


def _commit_line(shell: HuaweiShell, _: Values) -> str:
    shell.olt.config.line_profiles[int(shell.about)] = deepcopy(_line(shell))
    return ""


def _commit_service(shell: HuaweiShell, _: Values) -> str:
    shell.olt.config.service_profiles[int(shell.about)] = deepcopy(_service(shell))
    return ""


def _ports(shell: HuaweiShell, values: Values) -> str:
    _service(shell).ports |= {kind: values[kind] for kind in ("eth", "pots") if kind in values}
    return ""


def _port_vlan(shell: HuaweiShell, values: Values) -> str:
    _service(shell).vlans[int(values["eth"])] = int(values["vlan"])
    return ""


def _remove_line(shell: HuaweiShell, values: Values) -> str:
    config, index = shell.olt.config, int(values["profile"])
    if any(ont.line_profile == index for ont in config.onts.values()):
        raise Refusal(_USED)
    if config.line_profiles.pop(index, None) is None:
        raise Refusal("The ont-lineprofile does not exist")
    return ""


def _remove_service(shell: HuaweiShell, values: Values) -> str:
    config, index = shell.olt.config, int(values["profile"])
    if any(ont.service_profile == index for ont in config.onts.values()):
        raise Refusal(_USED)
    if config.service_profiles.pop(index, None) is None:
        raise Refusal(_ABSENT)
    return ""


def _lines(shell: HuaweiShell, _: Values) -> str:
    config = shell.olt.config
    return _table(
        config.line_profiles, lambda index: [one.line_profile == index for one in config.onts.values()]
    )


def _services(shell: HuaweiShell, _: Values) -> str:
    config = shell.olt.config
    return _table(
        config.service_profiles, lambda index: [one.service_profile == index for one in config.onts.values()]
    )


def _table(profiles: Mapping[int, LineProfile | ServiceProfile], bound: Callable[[int], list[bool]]) -> str:
    rows = [f"  {index:<12}{one.name:46}{sum(bound(index))}" for index, one in sorted(profiles.items())]
    head = f"  {'Profile-ID':12}{'Profile-name':46}Binding times"
    return "\n".join([RULE, head, RULE, *rows, RULE, f"  Total: {len(profiles)}"])


_DBA = "dba-profile add [profile-id <profile>] [profile-name <name>]"

PROFILES: Final = (
    Command(f"{_DBA} type1 fix <fixed:rate>", _add_dba, CONFIG, writes=True),
    Command(f"{_DBA} type2 assure <assured:rate>", _add_dba, CONFIG, writes=True),
    Command(f"{_DBA} type3 assure <assured:rate> max <most:rate>", _add_dba, CONFIG, writes=True),
    Command(f"{_DBA} type4 max <most:rate>", _add_dba, CONFIG, writes=True),
    Command("dba-profile delete profile-id <profile>", _remove_dba, CONFIG, writes=True),
    Command("display dba-profile all", _dbas),
    Command("display dba-profile profile-id <profile>", _one_dba),
    Command("ont-lineprofile gpon profile-id <profile> [profile-name <name>]", _edit_line, CONFIG),
    Command("ont-srvprofile gpon profile-id <profile> [profile-name <name>]", _edit_service, CONFIG),
    Command("undo ont-lineprofile gpon profile-id <profile>", _remove_line, CONFIG, writes=True),
    Command("undo ont-srvprofile gpon profile-id <profile>", _remove_service, CONFIG, writes=True),
    Command("display ont-lineprofile gpon all", _lines),
    Command("display ont-srvprofile gpon all", _services),
    Command("tcont <tcont:index> dba-profile-id <dba:profile>", _tcont, _LINE),
    Command("gem add <gem:index> eth tcont <tcont:index>", _gem, _LINE),
    Command("gem delete <gem:index>", _remove_gem, _LINE),
    Command("gem mapping <gem:index> <index> vlan <vlan>", _mapping, _LINE),
    Command("tr069-management enable", _tr069, _LINE),
    Command("tr069-management disable", _no_tr069, _LINE),
    Command("tr069-management ip-index <index>", _tr069, _LINE),
    Command("commit", _commit_line, _LINE, writes=True),
    Command("ont-port eth <eth:name> [pots <pots:name>]", _ports, _SERVICE),
    Command("ont-port pots <pots:name> [eth <eth:name>]", _ports, _SERVICE),
    Command("port vlan eth <eth> <vlan>", _port_vlan, _SERVICE),
    Command("commit", _commit_service, _SERVICE, writes=True),
)
