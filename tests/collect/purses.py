"""A purse that counts, with a cap on money, posts or units, and a share for each brand if asked for."""

from collections import Counter

from pipeline.collect import Cost
from pipeline.errors import BudgetError

NAMES = ("requests", "posts", "units", "micros")


class CountingPurse:
    """`spent` is what was taken less what came back, by name; `most` the highest it ever was; `refused` the noes."""

    def __init__(self, share=None, **caps):
        self.caps = caps
        self.share = share or {}
        self.spent = Counter()
        self.by_brand = Counter()
        self.most = Counter()
        self.refused = []
        self.calls = []

    def take(self, cost, brands=()):
        over = any(self.spent[n] + getattr(cost, n) > cap for n, cap in self.caps.items())
        each = cost.micros / max(1, len(brands))
        if over or any(self.by_brand[b] + each > self.share.get(b, float("inf")) for b in brands):
            self.refused.append(tuple(brands))
            raise BudgetError("the purse is empty", source="test")
        self._add(cost, brands, 1)
        self.calls.append(("take", cost, tuple(brands)))

    def give_back(self, cost, brands=()):
        assert min(getattr(cost, name) for name in NAMES) >= 0
        self._add(cost, brands, -1)
        self.calls.append(("give back", cost, tuple(brands)))

    def _add(self, cost, brands, sign):
        for name in NAMES:
            self.spent[name] += sign * getattr(cost, name)
            assert self.spent[name] >= 0, "more came back than was taken"
            self.most[name] = max(self.most[name], self.spent[name])
        for brand in brands:
            self.by_brand[brand] += sign * cost.micros / len(brands)

    @property
    def cost(self):
        return Cost(**{name: self.spent[name] for name in NAMES})
