"""Drivers that tell wrongly of the connections that their device counted."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from attrs import evolve

from ispcore.driver import Accounting, AccountingRecord, Action, Operation, Resource, Result
from tests.testing.broken.sessions import BrokenDriver, BrokenSession


class BrokenCounting(BrokenSession):
    """Tells of connections, of which there are five, in a wrong way."""

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        if not isinstance(action, Accounting):
            return self.inner.act(action, on, op)
        return iter([Result(None, one) for one in self.told(action, op)])

    def told(self, asked: Accounting, op: Operation) -> Sequence[object]:
        raise NotImplementedError

    def right(self, asked: Accounting, op: Operation) -> list[AccountingRecord]:
        return [cast("AccountingRecord", one.value) for one in self.inner.act(asked, (), op)]


class TellsLatestFirst(BrokenDriver):
    class session(BrokenCounting):  # noqa: N801
        def told(self, asked: Accounting, op: Operation) -> Sequence[object]:
            return self.right(asked, op)[::-1]


class TellsEveryPageTwice(BrokenDriver):
    class session(BrokenCounting):  # noqa: N801
        def told(self, asked: Accounting, op: Operation) -> Sequence[object]:
            told = self.right(asked, op)
            return sorted(told * 2, key=lambda one: one.seen_at)[: len(told)]


class GoesOnByTheInstant(BrokenDriver):
    """Leaves out what else was heard of in the instant of the cursor."""

    class session(BrokenCounting):  # noqa: N801
        def told(self, asked: Accounting, op: Operation) -> Sequence[object]:
            every = self.right(evolve(asked, after=None, most="1000"), op)
            later = [one for one in every if asked.after is None or one.seen_at.isoformat() > asked.after]
            return [evolve(one, cursor=one.seen_at.isoformat()) for one in later][: int(asked.most)]


class ForgetsWhereItWas(BrokenDriver):
    """Goes on from the cursor only when nobody names an instant."""

    class session(BrokenCounting):  # noqa: N801
        def told(self, asked: Accounting, op: Operation) -> Sequence[object]:
            return self.right(asked if asked.since is None else evolve(asked, after=None), op)


class TellsTheTimeOfNoPlace(BrokenDriver):
    class session(BrokenCounting):  # noqa: N801
        def told(self, asked: Accounting, op: Operation) -> Sequence[object]:
            return [evolve(one, seen_at=one.seen_at.replace(tzinfo=None)) for one in self.right(asked, op)]


class FillsPagesTooFull(BrokenDriver):
    class session(BrokenCounting):  # noqa: N801
        def told(self, asked: Accounting, op: Operation) -> Sequence[object]:
            return self.right(evolve(asked, most="1000"), op)


class LeavesTheInstantOut(BrokenDriver):
    class session(BrokenCounting):  # noqa: N801
        def told(self, asked: Accounting, op: Operation) -> Sequence[object]:
            return [one for one in self.right(asked, op) if one.seen_at.isoformat() != asked.since]


class TellsStatementsOfWords(BrokenDriver):
    class session(BrokenCounting):  # noqa: N801
        def told(self, asked: Accounting, op: Operation) -> Sequence[object]:
            return [one.unique_id for one in self.right(asked, op)]
