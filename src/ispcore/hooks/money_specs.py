"""The hooks about money: who collects, who documents, which days count, what things cost, who a payer is."""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from ispcore.hooks.offers import CalendarSpec, RateSource, TaxIdSpec
from ispcore.usecases import ChargeProviderSpec, IssuerSpec

_spec = pluggy.HookspecMarker("ispcore")


@_spec
def ispcore_charge_providers() -> Sequence[ChargeProviderSpec]:  # type: ignore[empty-body] # a specification
    """Say which charge providers the plugin brings: banks, card processors, whoever takes money for slips.

    A charge method of the catalogue names its provider. The specification is data: the factory in it is
    imported when slips are registered. A provider answers `Registered` or `NotRegistered`; whatever it raises
    means that nobody knows yet, and it is asked again later with the same number.

    Phase: registration, once for each process that needs plugins.
    May block: no; a provider may, for as long as the program that registers likes to wait.
    Effect of raising: the plugin is not loaded, and what else it registered is undone.
    Delivery: once, in no particular order. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from ispcore.hooks import ChargeProviderSpec, hookimpl


        @hookimpl
        def ispcore_charge_providers():
            return [ChargeProviderSpec("acme-bank", "ispcore_acme.bank:AcmeBank")]
    """


@_spec
def ispcore_document_issuers() -> Sequence[IssuerSpec]:  # type: ignore[empty-body] # a specification
    """Say which issuers of fiscal documents the plugin brings.

    A document type of the catalogue names its issuer. The specification is data: the factory in it is
    imported when documents are issued. An issuer answers `Authorised` or `Rejected`; whatever it raises
    means that nobody knows yet, and it is asked again later with the same number.

    Phase: registration, once for each process that needs plugins.
    May block: no; an issuer may, for as long as the program that issues likes to wait.
    Effect of raising: the plugin is not loaded, and what else it registered is undone.
    Delivery: once, in no particular order. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from ispcore.hooks import IssuerSpec, hookimpl


        @hookimpl
        def ispcore_document_issuers():
            return [IssuerSpec("town-hall", "ispcore_acme.documents:TownHall")]
    """


@_spec
def ispcore_calendars() -> Sequence[CalendarSpec]:  # type: ignore[empty-body] # a specification
    """Say which business calendars the plugin brings.

    A business unit of the catalogue names one. Its holidays are written into the catalogue when that is
    loaded, from the year before to four years ahead, so what closings read is data that no later version of
    a plugin changes. Load the catalogue again once a year.

    Phase: registration, once for each process that needs plugins; the calendar is asked when a catalogue is
        loaded.
    May block: no.
    Effect of raising: the plugin is not loaded; a calendar that raises refuses the catalogue.
    Delivery: once, in no particular order. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from datetime import date

        from ispcore.hooks import CalendarSpec, hookimpl


        def holidays(year):
            return [date(year, 1, 1), date(year, 12, 25)]


        @hookimpl
        def ispcore_calendars():
            return [CalendarSpec("banks", holidays)]
    """


@_spec
def ispcore_rate_sources() -> Sequence[RateSource]:  # type: ignore[empty-body] # a specification
    """Say which series of rates the plugin brings.

    The interest of a late policy may name one. The rate in force on the first day of that version of the
    policy is written into the catalogue when it is loaded.

    Phase: registration, once for each process that needs plugins; a rate is asked for when a catalogue is
        loaded.
    May block: no; a rate that must be fetched is fetched beforehand.
    Effect of raising: the plugin is not loaded; a source that raises refuses the catalogue.
    Delivery: once, in no particular order. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from decimal import Decimal

        from ispcore.hooks import RateSource, hookimpl

        RATES = {2025: Decimal("0.98"), 2026: Decimal("1.02")}


        @hookimpl
        def ispcore_rate_sources():
            return [RateSource("index", lambda day: RATES.get(day.year))]
    """


@_spec
def ispcore_tax_ids() -> Sequence[TaxIdSpec]:  # type: ignore[empty-body] # a specification
    """Say which countries' tax ids the plugin knows.

    A provider that was given none takes those of its plugins, where one brings some alone. The object that
    the factory makes has a method `normalise(text, kind)`, which returns a tax id in the one form in which
    it is kept, or raises `InvalidValueError`.

    Phase: registration, once for each process that needs plugins.
    May block: no.
    Effect of raising: the plugin is not loaded.
    Delivery: once. Where several are brought the program names one: `plugins.tax_ids("name")`.
    Since: 0.1

    Example:
        from ispcore.hooks import TaxIdSpec, hookimpl


        @hookimpl
        def ispcore_tax_ids():
            return [TaxIdSpec("acme", "ispcore_acme.tax_ids:AcmeTaxIds")]
    """
