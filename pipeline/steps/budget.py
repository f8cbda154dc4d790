"""What may still be spent this month: the purse a source is handed, and the bill foreseen before it fetches."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from pipeline import store
from pipeline.collect import Cost, Source
from pipeline.errors import BudgetError, ConfigError
from pipeline.model.budget import Caps, pour
from pipeline.settings import Settings
from pipeline.store import spend
from pipeline.store.spend import Charges

# Calls whose cost may still be given back; a source gives back right after its call.
_REMEMBERED = 100


def month_of(now: datetime) -> str:
    """The month that platforms bill: UTC, 2026-11."""
    return f"{now.astimezone(UTC):%Y-%m}"


@dataclass(slots=True)
class StoredPurse:
    """A purse whose spending lives in the store, shared by every task and process that spends for `source`.

    What was taken here is remembered, so that only that can be given back; a process that dies leaves its reservation
    standing, which can only count too much.
    """

    engine: store.Engine
    source: str
    month: str
    caps: Caps
    share: Mapping[str, Caps]
    paid: dict[str, Cost] = field(default_factory=dict)
    _taken: dict[tuple[str, ...], deque[Charges]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=_REMEMBERED))
    )

    def take(self, cost: Cost, brands: Sequence[str] = ()) -> None:
        """Set the cost aside. Raises BudgetError when it would overspend; `source` is then in the error."""
        try:
            charges = spend.reserve(
                self.engine, self.source, self.month, cost, brands=brands, caps=self.caps, share=self.share
            )
        except BudgetError as short:
            raise BudgetError(f"{self.source}: {short}", source=self.source) from None
        self._taken[tuple(sorted(brands))].append(charges)
        self._note(charges, 1)

    def give_back(self, cost: Cost, brands: Sequence[str] = ()) -> None:
        """Return what the latest calls for these brands did not cost, to those who paid it."""
        taken, left = self._taken[tuple(sorted(brands))], cost
        for at in reversed(range(len(taken))):
            back, taken[at], left = _undone(taken[at], left)
            if back:
                spend.release(self.engine, self.source, self.month, back)
                self._note(back, -1)
            if left == Cost():
                break

    def left(self) -> Caps:
        """What remains of the caps this month; None is no cap."""
        spent = spend.total(spend.spent(self.engine, self.month).get(self.source, {}))
        rooms = {kind: _left(getattr(self.caps, kind), getattr(spent, kind)) for kind in spend.KINDS}
        return Caps(**rooms)

    def _note(self, charges: Mapping[str, Cost], sign: int) -> None:
        for brand, cost in charges.items():
            self.paid[brand] = _sum(self.paid.get(brand, Cost()), cost, sign)


def cap_wanted(settings: Settings, source: Source) -> str | None:
    """The setting that caps a source paid by the post, where neither its money nor its posts are; else None."""
    caps = settings.budget.get(source.NAME, Caps())
    if not getattr(source, "POST_MICROS", 0) or caps.micros is not None or caps.posts is not None:
        return None
    return f"RAYONNER_BUDGET={source.NAME}:money=50"


def mind_the_bill(settings: Settings, source: Source) -> None:
    """Refuse to ask a source paid by the post without a cap, or with one that would hold nothing back.

    Raises ConfigError, which names the cure.
    """
    if wanted := cap_wanted(settings, source):
        cure = f"say what a month may cost, for instance {wanted}"
        raise ConfigError(f"{source.NAME} costs money by the post and has no cap: {cure}", source=source.NAME)
    if told := idle_caps(settings, source):
        raise ConfigError(told, source=source.NAME)


def idle_caps(settings: Settings, source: Source) -> str | None:
    """What is wrong with the caps of a source when its calls are not taken from one of them; None when all hold."""
    caps, heeded = settings.budget.get(source.NAME, Caps()), getattr(source, "CAPS", ())
    kinds = {"requests": caps.requests, "posts": caps.posts, "units": caps.units, "money": caps.micros}
    idle = [kind for kind, cap in kinds.items() if cap is not None and kind not in heeded]
    if not idle:
        return None
    cure = f"of {' and '.join(heeded)} only" if heeded else "of no kind, as it costs nothing"
    return (
        f"RAYONNER_BUDGET: a cap of {' and '.join(idle)} holds nothing back on {source.NAME}, which takes them {cure}"
    )


def purse(
    settings: Settings, engine: store.Engine, source: Source, listened: Sequence[str], now: datetime
) -> StoredPurse:
    """What collecting a source may spend in the month of `now`, shared equally by the brands.

    Without a cap in RAYONNER_BUDGET it only counts; see `mind_the_bill`. Of a source that looks at posts again, that
    part is kept apart.
    """
    caps = settings.budget.get(source.NAME, Caps())
    return StoredPurse(engine, source.NAME, month_of(now), caps, spend.shares(_parts(caps, source)[0], listened))


def purse_of_looks(settings: Settings, engine: store.Engine, source: Source, now: datetime) -> StoredPurse:
    """What looking at posts again may spend: a quarter of each cap, so that it cannot silence the nights to come."""
    caps = settings.budget.get(source.NAME, Caps())
    return StoredPurse(engine, source.NAME, month_of(now), caps, {"*": _parts(caps, source)[1]})


def _parts(caps: Caps, source: Source) -> tuple[Caps, Caps]:
    """What of the caps is for collecting and what for second looks; they sum to the caps."""
    given = {kind: getattr(caps, kind) for kind in spend.KINDS}
    looks = {kind: None if cap is None else cap // 4 if hasattr(source, "again") else 0 for kind, cap in given.items()}
    rest = {kind: None if cap is None else cap - (looks[kind] or 0) for kind, cap in given.items()}
    return Caps(**rest), Caps(**looks)


def _undone(charges: Charges, cost: Cost) -> tuple[Charges, Charges, Cost]:
    """What goes back to whom of one call's charges, what stays paid, and what of `cost` it does not cover."""
    back, stays, left = dict.fromkeys(charges, Cost()), dict(charges), cost
    for kind in spend.KINDS:
        paid = {brand: getattr(one, kind) for brand, one in charges.items()}
        wanted = min(getattr(cost, kind), sum(paid.values()))
        left = replace(left, **{kind: getattr(cost, kind) - wanted})
        for brand, part in (pour(wanted, paid) or {}).items():
            back[brand] = replace(back[brand], **{kind: part})
            stays[brand] = replace(stays[brand], **{kind: paid[brand] - part})
    return {brand: one for brand, one in back.items() if one != Cost()}, stays, left


def _sum(one: Cost, other: Cost, sign: int) -> Cost:
    return Cost(**{kind: getattr(one, kind) + sign * getattr(other, kind) for kind in spend.KINDS})


def _left(cap: int | None, spent: int) -> int | None:
    return None if cap is None else max(cap - spent, 0)


def warning(purse: StoredPurse, expected: Mapping[str, int], price: float | None = None) -> str | None:
    """What to say before fetching when the posts foreseen, by brand, go over what remains; None when they fit.

    Money is foreseen at the price a post had this month, or the last one; before the first bill at `price`, in
    millionths of the currency, where it is known.
    """
    posts, left, price = sum(expected.values()), purse.left(), _price(purse) or price
    bill = None if price is None else round(posts * price)
    short = [
        f"{_shown(kind, room)} of {'money' if kind == 'micros' else kind} remain for {_shown(kind, foreseen)}"
        for kind, room, foreseen in (("posts", left.posts, posts), ("micros", left.micros, bill))
        if room is not None and foreseen is not None and foreseen > room
    ]
    tight = sorted(b for b, room in _rooms(purse).items() if room is not None and expected.get(b, 0) > room)
    if not short and not tight:
        return None
    whose = f"over the share of {', '.join(tight)}" if tight else ""
    told = "; ".join(filter(None, [f"{posts} posts foreseen", *short, whose]))
    return f"{told}: asked for up to the budget, in the source's own order"


def _rooms(purse: StoredPurse) -> dict[str, int | None]:
    """The posts each brand may still cost."""
    spent = spend.spent(purse.engine, purse.month).get(purse.source, {})
    return {brand: _left(share.posts, spent.get(brand, Cost()).posts) for brand, share in purse.share.items()}


def _price(purse: StoredPurse) -> float | None:
    """Millionths of the currency a post cost, this month or else the one before."""
    first = datetime.strptime(purse.month, "%Y-%m").replace(tzinfo=UTC)
    for month in (purse.month, month_of(first - timedelta(days=1))):
        spent = spend.total(spend.spent(purse.engine, month).get(purse.source, {}))
        if spent.posts:
            return spent.micros / spent.posts
    return None


def _shown(kind: str, amount: int) -> str:
    return f"{amount / 1e6:.2f}" if kind == "micros" else str(amount)
