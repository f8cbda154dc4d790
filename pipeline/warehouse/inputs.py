"""What a build is made from, besides the file it starts from, and how to tell that it changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from pipeline.collect import Legal
from pipeline.model import Brand
from pipeline.warehouse import models as sql
from pipeline.warehouse import seeds
from pipeline.warehouse.landing import RAW, Changes


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a build is made from, besides the file it starts from."""

    changes: Changes
    brands: Sequence[Brand]
    legal: Mapping[str, Legal]
    night: date
    now: datetime
    code_version: str
    models: Mapping[str, sql.Model]
    accounts: Sequence[seeds.Account] = ()

    @property
    def definitions(self) -> str:
        """Changes when any SQL file, any raw column or any seeded figure does."""
        shape = hashlib.blake2b(repr((RAW, seeds.figures())).encode(), digest_size=4).hexdigest()
        return f"{sql.digest(self.models.values())}-{shape}"

    @property
    def settings(self) -> str:
        """Changes when the brands listened to, their peers, campaigns or accounts, or a source's terms do."""
        terms = sorted((n, repr(t)) for n, t in self.legal.items())
        text = msgspec.json.encode([[_brand(b) for b in self.brands], terms, sorted(map(repr, self.accounts))])
        return hashlib.blake2b(text, digest_size=8).hexdigest()


def _brand(brand: Brand) -> list[object]:
    campaigns = [repr(campaign) for campaign in brand.campaigns]
    same = [brand.slug, brand.name, brand.territory, brand.insee, brand.level, str(brand.since), sorted(brand.peers)]
    return [*same, campaigns]
