"""The values that the core and a driver hand to each other."""

from ispcore.driver import (
    Accounting,
    AccountingRecord,
    Action,
    Adjust,
    Disconnect,
    Discover,
    Discovered,
    Done,
    DriverSpec,
    Health,
    History,
    Key,
    Login,
    OpenSession,
    Optical,
    OpticalReading,
    PlacementId,
    Reboot,
    Resource,
    Seen,
    SessionRecord,
    Sessions,
    Site,
    Support,
)


def test_an_action_declares_what_it_yields_and_whether_it_may_be_sent_again() -> None:
    told = {
        kind: (kind.word, kind.result, kind.repeatable)
        for kind in Action.__subclasses__()
        if "word" in vars(kind) and kind.__module__.startswith("ispcore.")
    }

    assert told == {
        Discover: ("discover", Discovered, True),
        Optical: ("optical", OpticalReading, True),
        Sessions: ("sessions", OpenSession, True),
        History: ("history", SessionRecord, True),
        Accounting: ("accounting", AccountingRecord, True),
        Disconnect: ("disconnect", Done, True),
        Adjust: ("adjust", Done, True),
        Reboot: ("reboot", Done, False),
    }


def test_a_spec_needs_no_more_than_a_name_a_factory_a_configuration_and_kinds() -> None:
    spec = DriverSpec("mine", "mine.driver:Mine", dict, kinds={Login: {"vlan": Support.NO}})

    assert (spec.actions, spec.features, spec.lanes) == ({}, {}, 1)


def test_a_site_dials_where_it_is_told_unless_somebody_stands_between() -> None:
    assert Site(None).dial("olt-1", 23) == ("olt-1", 23)
    assert Site(None, dial=lambda *_: ("127.0.0.1", 4000)).dial("olt-1", 23) == ("127.0.0.1", 4000)
    assert Site(None).patience_seconds == 10


def test_what_is_not_told_is_empty() -> None:
    assert Health("serial-1") == Health("serial-1", "", {})
    assert Resource(PlacementId("1:login@radius"), 1, Login(username="ana")).key is None
    assert Seen(Key("ana"), Login(username="ana")).mark is None
