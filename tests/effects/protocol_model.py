"""A small model of the protocol: one placement, two workers, and everything that can happen to them.

Each step of a worker is one transaction or one call to the device; between any two of them anything else may
happen: an edit, a kill, the end of a deadline, the end of a lease. What is decided is decided by the rules
that the workers use (:mod:`ispcore.effects.protocol`). A *mutation* leaves one rule out.

The workers share one lane, or have one each. Tokens that nothing refers to any more are forgotten, and the
others numbered anew, so that worlds which go on in the same way are one.
"""

from collections import deque
from collections.abc import Iterator
from enum import Enum

from attrs import evolve, frozen

from ispcore.driver import UNREADABLE, Key, Login, PlacementId, Resource, SecretRef, Seen
from ispcore.effects.protocol import Foreign, Settled, decide, flags, rewritten
from ispcore.effects.work import Work
from ispcore.network import difference

ME = PlacementId("1:login@box")
CLAIM = "login/ana"
FOREIGN = "theirs"


class Mutation(Enum):
    """A rule that is left out."""

    NONE = "none"
    NO_INTENT = "no intent is left behind"
    NO_WRITING = "an intent counts as begun from the start"
    EARLY = "somebody else's intent is taken over before its deadline"
    KEEP_SECRETS = "secrets are not written again in doubt"
    FORGET_DOUBT = "whoever takes an intent over forgets that it was writing"
    UNGUARDED = "what was done is recorded without the lane's token and the intent"


@frozen
class Intent:
    token: int
    writing: bool


@frozen
class Hands:
    """What a worker holds: where it is in its work, and what it remembers."""

    at: str = "idle"
    token: int = 0
    generation: int = 0
    secret: str = ""
    applied: str | None = None
    doubt: bool = False
    written: bool = False
    seen: str | None = None
    write: bool = False


IDLE = Hands()


@frozen
class World:
    """Everything at one moment. ``over`` are tokens whose deadline has passed."""

    secrets: tuple[str, ...]
    edits: int = 1
    applied_generation: int = 0
    applied: str | None = None
    trouble: int = 0
    written: bool = False
    lanes: tuple[int, ...] = (0,)
    leased: tuple[bool, ...] = (False,)
    over: frozenset[int] = frozenset()
    intent: Intent | None = None
    box: str | None = None
    workers: tuple[Hands, Hands] = (IDLE, IDLE)
    kills: int = 0
    stalls: int = 0

    @property
    def wanted(self) -> str:
        return self.secrets[self.edits - 1]

    @property
    def lags(self) -> bool:
        return self.applied_generation < self.edits and self.trouble != self.edits

    def with_worker(self, number: int, hands: Hands) -> "World":
        first, second = self.workers
        return evolve(self, workers=(hands, second) if number == 0 else (first, hands))

    def lane(self, number: int) -> int:
        """The lane of a worker."""
        return number % len(self.lanes)

    def holds(self, number: int) -> bool:
        """Tell whether nobody has taken a worker's lane over."""
        return self.lanes[self.lane(number)] == self.workers[number].token

    def with_lease(self, lane: int, *, leased: bool, token: int | None = None) -> "World":
        leases = tuple(leased if one == lane else old for one, old in enumerate(self.leased))
        tokens = tuple(
            token if one == lane and token is not None else old for one, old in enumerate(self.lanes)
        )
        return evolve(self, leased=leases, lanes=tokens)

    def canonical(self) -> "World":
        """Return the world with its tokens numbered anew."""
        known = {hands.token for hands in self.workers} | {0}
        known |= {token for token, leased in zip(self.lanes, self.leased, strict=True) if leased}
        known |= {self.intent.token} if self.intent else set()
        new = {token: number for number, token in enumerate(sorted(known))}
        first, second = (evolve(hands, token=new[hands.token]) for hands in self.workers)
        return evolve(
            self,
            lanes=tuple(new.get(token, 0) for token in self.lanes),
            over=frozenset(new[token] for token in self.over if token in new),
            intent=evolve(self.intent, token=new[self.intent.token]) if self.intent else None,
            workers=(first, second),
        )


def spec(secret: str) -> Login:
    return Login(username="ana", password=SecretRef(secret))


def work_of(hands: Hands) -> Work:
    return Work(
        id=ME,
        resource="1:login",
        generation=hands.generation,
        wanted=spec(hands.secret),
        applied=None if hands.applied is None else spec(hands.applied),
        claims={CLAIM: hands.written},
        in_doubt=hands.doubt,
    )


def found(box: str | None) -> dict[str, Seen]:
    return {} if box is None else {CLAIM: Seen(Key("ana"), Login(username="ana", password=UNREADABLE))}


@frozen
class Model:
    """How the world goes on, with so many kills and stalls at most."""

    mutation: Mutation = Mutation.NONE
    kills: int = 2
    stalls: int = 1

    def steps(self, world: World) -> Iterator[World]:
        """Yield every world that may come next."""
        if world.edits < len(world.secrets):
            yield evolve(world, edits=world.edits + 1)
        yield from self._times(world)
        for number, hands in enumerate(world.workers):
            if hands.at != "idle" and world.kills < self.kills:
                yield evolve(world.with_worker(number, IDLE), kills=world.kills + 1)
            yield from self._worker(world, number, hands)

    def _times(self, world: World) -> Iterator[World]:
        """Let a deadline pass, and then a lease; while its holder lives and works, that is a stall."""
        for lane, token in enumerate(world.lanes):
            if not world.leased[lane]:
                continue
            if token in world.over:
                yield world.with_lease(lane, leased=False)
                continue
            lives = any(hands.at != "idle" and hands.token == token for hands in world.workers)
            if not lives or world.stalls < self.stalls:
                yield evolve(world, over=world.over | {token}, stalls=world.stalls + lives)

    def _worker(self, world: World, number: int, hands: Hands) -> Iterator[World]:
        step = getattr(self, f"_{hands.at}")
        yield from step(world, number, hands)

    def _idle(self, world: World, number: int, _: Hands) -> Iterator[World]:
        lane, token = world.lane(number), 1 + max(0, *world.lanes, *(one.token for one in world.workers))
        if world.intent is not None:
            token = max(token, world.intent.token + 1)
        if not world.leased[lane] and world.lags and self._takeable(world, token):
            held = world.with_lease(lane, leased=True, token=token)
            yield held.with_worker(number, Hands(at="take", token=token))

    def _takeable(self, world: World, token: int) -> bool:
        intent = world.intent
        if intent is None or intent.token == token or self.mutation is Mutation.EARLY:
            return True
        return intent.token in world.over

    def _take(self, world: World, number: int, hands: Hands) -> Iterator[World]:
        if not world.holds(number):
            yield world.with_worker(number, IDLE)
        elif world.lags and self._takeable(world, hands.token):
            left = world.intent is not None and world.intent.writing
            kept = left and self.mutation is not Mutation.FORGET_DOUBT
            writing = kept or self.mutation is Mutation.NO_WRITING
            intent = None if self.mutation is Mutation.NO_INTENT else Intent(hands.token, writing)
            flag = world.written or (self.mutation is Mutation.NO_WRITING and world.intent is not None)
            mine = Hands("look", hands.token, world.edits, world.wanted, world.applied, left, flag)
            yield evolve(world, intent=intent).with_worker(number, mine)
        else:
            yield world.with_lease(world.lane(number), leased=False).with_worker(number, IDLE)

    def _look(self, world: World, number: int, hands: Hands) -> Iterator[World]:
        if hands.token in world.over:
            yield evolve(world.with_worker(number, evolve(hands, at="take")))
            return
        yield world.with_worker(number, evolve(hands, at="begin", seen=world.box))

    def _begin(self, world: World, number: int, hands: Hands) -> Iterator[World]:
        if not self._is_mine(world, number):
            yield world.with_worker(number, IDLE)
            return
        work, after = work_of(hands), spec(hands.secret)
        match decide(work, after, found(hands.seen), name=CLAIM):
            case Foreign():
                intent = world.intent if hands.doubt else None
                over = evolve(world, trouble=hands.generation, intent=intent)
                yield over.with_worker(number, evolve(hands, at="take"))
            case Settled():
                raise AssertionError("something is always wanted here")
            case _:
                yield self._begun(world, number, hands, work)

    def _begun(self, world: World, number: int, hands: Hands, work: Work) -> World:
        seen, after = found(hands.seen), spec(hands.secret)
        rewrite = rewritten(work, after)
        if self.mutation is Mutation.KEEP_SECRETS:
            rewrite = rewritten(evolve(work, in_doubt=False), after)
        change = difference(Resource(ME, 1, after), seen.get(CLAIM), after, rewrite=rewrite)
        if change is None:
            return world.with_worker(number, evolve(hands, at="record"))
        changed = flags(work, seen, writing=CLAIM)
        flag = changed.get(CLAIM, hands.written)
        intent = None if world.intent is None else evolve(world.intent, writing=True)
        mine = evolve(hands, at="write", write="password" in change.fields)
        return evolve(world, written=flag, intent=intent).with_worker(number, mine)

    def _write(self, world: World, number: int, hands: Hands) -> Iterator[World]:
        if hands.token in world.over:  # the checkpoint refuses; the placement stays in doubt
            yield world.with_worker(number, evolve(hands, at="take"))
            return
        box = hands.secret if hands.write else world.box
        yield evolve(world, box=box).with_worker(number, evolve(hands, at="record"))

    def _record(self, world: World, number: int, hands: Hands) -> Iterator[World]:
        if self._is_mine(world, number) or self.mutation is Mutation.UNGUARDED:
            done = evolve(
                world, applied_generation=hands.generation, applied=hands.secret, written=True, intent=None
            )
            yield done.with_worker(number, evolve(IDLE, at="take", token=hands.token))
        else:
            yield world.with_worker(number, IDLE)

    def _is_mine(self, world: World, number: int) -> bool:
        if self.mutation is Mutation.NO_INTENT:
            return world.holds(number)
        mine = world.intent is not None and world.intent.token == world.workers[number].token
        return mine and world.holds(number)


@frozen
class Explored:
    states: int
    wrong: World | None = None
    why: str = ""


def explore(model: Model, begin: World) -> Explored:
    """Go through every state that can be reached, and return the first one that is wrong."""
    known, waiting = {begin}, deque([begin])
    while waiting:
        world = waiting.popleft()
        why = wrong_with(world, begin)
        following = list(model.steps(world))
        if not why and not following and world.lags:
            why = "it lags, and nobody can do anything"
        if why:
            return Explored(len(known), world, why)
        for one in (one.canonical() for one in following):
            if one not in known:
                known.add(one)
                waiting.append(one)
    return Explored(len(known))


def wrong_with(world: World, begin: World) -> str:
    if begin.box is not None and world.box != begin.box:
        return "what is foreign was written"
    busy = any(hands.at == "write" and hands.token not in world.over for hands in world.workers)
    if world.applied_generation == world.edits and not busy and world.box != world.wanted:
        return "it passes for current, and is not"
    return ""
