"""Writing one ONT: it is taken in, changed, exchanged, moved, taken away, and read back each time."""

from __future__ import annotations

from attrs import evolve

from ispcore.driver import CapacityExhausted, Change, Conflict, Invalid, Onu, Operation, Unrecognised
from ispcore_olt_huawei import commands
from ispcore_olt_huawei.config import HuaweiConfig
from ispcore_olt_huawei.parsing.onts import OntState
from ispcore_olt_huawei.parsing.refusals import Meaning, error_of
from ispcore_olt_huawei.parsing.running import Configured
from ispcore_olt_huawei.parsing.services import TrafficTable
from ispcore_olt_huawei.parsing.written import ont_id
from ispcore_olt_huawei.places import Place
from ispcore_olt_huawei.reading import Reader
from ispcore_olt_huawei.standing import Standing, checked, service_of, steps
from ispcore_olt_huawei.wire import Wire

_OTHER_COMMAND = (Meaning.UNKNOWN_COMMAND, Meaning.WRONG_COMMAND, Meaning.INCOMPLETE)


class Writer:
    """Writes ONTs; traffic tables that it has read or made are known for as long as one call lasts."""

    def __init__(self, wire: Wire, reader: Reader, config: HuaweiConfig, op: Operation) -> None:
        """Write through *wire* in the time of *op*."""
        self._wire = wire
        self._reader = reader
        self._config = config
        self._op = op
        self._tables: dict[int, TrafficTable] | None = None

    def apply(self, change: Change) -> Standing | None:
        """Carry *change* out, and return what stands there now."""
        before, after = change.before, change.after
        if not isinstance(after, Onu):
            serial = getattr(change.target.spec if before is None else before.spec, "serial", "")
            standing = self._reader.standing(serial, self._op)
            if standing is not None:
                self._delete(standing.made)
            return self._reader.standing(serial, self._op) if standing is not None else None
        checked(after, self._config)
        old = None if before is None else self._reader.standing(getattr(before.spec, "serial", ""), self._op)
        if old is None:
            self._refuse_foreign(after)
            standing = self._taken_in(after)
        else:
            standing = self._put(old, after)
        self._write(standing, after, password="password" in change.fields or standing is not old)
        return self._reader.standing(after.serial, self._op)

    def _refuse_foreign(self, onu: Onu) -> None:
        """Raise Conflict where an ONT of this serial number stands already."""
        there = self._reader.standing(onu.serial, self._op)
        if there is not None:
            raise Conflict(
                f"The ONU {onu.serial} is on the OLT already, at {there.made.place}.",
                owner=there.made.description or str(there.made.place),
                hint="Adopt it, or let it be taken away there.",
            )

    # --- serial number and port

    def _put(self, old: Standing, after: Onu) -> Standing:
        """Return the ONT with the serial number and at the port that are wanted."""
        place = old.made.place
        if old.made.serial != after.serial:
            self._refuse_foreign(after)
        if place.port != after.port:
            return self._made_anew(old, after)
        if old.made.serial != after.serial:
            answer, refused = self._wire.tried(commands.exchange(place, after.serial), self._op)
            if refused is not None and refused.meaning in _OTHER_COMMAND:
                return self._made_anew(old, after)
            if refused is not None and refused.meaning is not Meaning.ALREADY:
                raise error_of(refused, answer.shown)
            return evolve(old, made=evolve(old.made, serial=after.serial))
        return old

    def _made_anew(self, old: Standing, after: Onu) -> Standing:
        """Take an ONT away and in again; service ports of other services go with it."""
        self._delete(old.made)
        new = self._taken_in(after)
        ours = service_of(old.made, self._config)
        for service in old.made.services:
            if service is not ours:
                self._wire.write(commands.add_service(evolve(service, place=new.made.place)), self._op)
        return new

    def _taken_in(self, onu: Onu) -> Standing:
        """Take an ONU in: one that was found is confirmed, another is added."""
        answer, refused = self._wire.tried(commands.take_in(onu, self._config, found=True), self._op)
        if refused is not None and refused.meaning in (Meaning.EMPTY, *_OTHER_COMMAND):
            answer, refused = self._wire.tried(commands.take_in(onu, self._config, found=False), self._op)
        if refused is not None and refused.meaning is Meaning.TAKEN:
            self._refuse_foreign(onu)
        if refused is not None and refused.meaning is Meaning.FULL:
            raise CapacityExhausted(f"Port {onu.port} has no room for another ONU.")
        if refused is not None:
            raise error_of(refused, answer.shown)
        number = ont_id(answer.text)
        if number is None:
            standing = self._reader.standing(onu.serial, self._op)
            if standing is None:
                raise Unrecognised("The OLT does not say which ONT it added.", raw=answer.shown)
            return standing
        place = Place(str(onu.port), number)
        line, service = _profile_numbers(onu, self._config)
        made = Configured(
            place=place,
            serial=onu.serial,
            line_profile=line,
            service_profile=service,
            description=onu.description,
        )
        return Standing(made=made, state=OntState(place=place, serial=onu.serial, active=True))

    def _delete(self, made: Configured) -> None:
        for service in made.services:
            self._gone(commands.remove_service(service.index))
        self._gone(commands.delete(made.place))

    def _gone(self, step: commands.Step) -> None:
        """Take something away; that it is not there is as good."""
        answer, refused = self._wire.tried(step, self._op)
        if refused is not None and refused.meaning not in (Meaning.ABSENT, Meaning.EMPTY, Meaning.ALREADY):
            raise error_of(refused, answer.shown)

    # --- everything else

    def _write(self, standing: Standing, after: Onu, *, password: bool) -> None:
        setting = self._reader.setting(standing.made.place.board, self._op)
        service = service_of(standing.made, self._config)

        def bounds() -> tuple[int | None, int | None]:
            now = (None, None) if service is None else (service.inbound, service.outbound)
            return self._table(after.upload_kbit, now[0]), self._table(after.download_kbit, now[1])

        for step in steps(standing, after, setting, bounds, password=password):
            self._wire.write(step, self._op)

    def _table(self, kbit: int | None, now: int | None) -> int | None:
        """Return the traffic table of a speed: the one that is bound, another of that speed, or a new one.

        A table is never changed: others may be bound to it.
        """
        if kbit is None:
            return None
        tables = self._known_tables()
        if now in tables and tables[now].kbit == kbit:
            return now
        found = _of_speed(tables, kbit)
        for named in (True, False):
            if found is not None:
                return found
            answer, refused = self._wire.tried(commands.add_table(kbit, named=named), self._op)
            if refused is not None and refused.meaning is not Meaning.TAKEN:
                raise error_of(refused, answer.shown)
            self._tables = None
            found = _of_speed(self._known_tables(), kbit)
        if found is None:
            raise Invalid(f"The OLT makes no traffic table for {kbit} kbit/s.")
        return found

    def _known_tables(self) -> dict[int, TrafficTable]:
        if self._tables is None:
            self._tables = dict(self._reader.tables(self._op))
        return self._tables


def _of_speed(tables: dict[int, TrafficTable], kbit: int) -> int | None:
    return next((index for index, one in sorted(tables.items()) if one.cir == one.pir == kbit), None)


def _profile_numbers(onu: Onu, config: HuaweiConfig) -> tuple[int, int]:
    words = commands.profiles(onu, config).split()
    return int(words[1]), int(words[3])
