"""The events of one stream folded into what stands at its end: at least once becomes once, what was deleted is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.collect import Ask, Gone
from pipeline.collect._bluesky import address
from pipeline.collect._jetstream_frames import Event, moment_of


@dataclass(slots=True)
class Heard:
    """A post that was heard: its fields as they are now, when it was first witnessed, and when this version of it was.

    Both in microseconds.
    """

    did: str
    rkey: str
    at: int
    told: dict[str, object]
    version_at: int


@dataclass(slots=True)
class Fold:
    """What a stream has left standing so far. Deletions, also of posts never heard here, go to `ask.gone`."""

    ask: Ask
    _heard: dict[tuple[str, str], Heard] = field(default_factory=dict)
    _by_author: dict[str, set[str]] = field(default_factory=dict)
    _hidden: set[str] = field(default_factory=set)

    def hear(self, event: Event) -> None:
        """Take in one event; the same twice, in order, changes nothing."""
        if event.kind in ("create", "update"):
            self._say(event)
        elif event.kind == "delete":
            self._delete(event)
        elif event.kind == "account":
            self._account(event)
        elif event.kind == "sync":
            # The server sends what stands again, and what does not is found out when known posts are looked at again.
            self.ask.hint("account_reread")

    def standing(self) -> Iterator[Heard]:
        """The posts that are there at the end, in the order in which they were first heard."""
        for heard in self._heard.values():
            if heard.did in self._hidden:
                self.ask.skip("account_hidden")
            else:
                yield heard

    def _say(self, event: Event) -> None:
        told, key = event.told or {}, (event.did, event.rkey)
        known = self._heard.get(key)
        if not self.ask.plausible(text if isinstance(text := told.get("text"), str) else ""):
            if known:
                self._drop(event.did, event.rkey)
                self.ask.skip("edited_out")
            return
        if known is None:
            self._heard[key] = Heard(event.did, event.rkey, event.at, told, event.at)
            self._by_author.setdefault(event.did, set()).add(event.rkey)
        elif known.told == told:
            self.ask.skip("duplicate")
        else:
            self.ask.hint("edited")
            known.told, known.version_at = told, event.at

    def _delete(self, event: Event) -> None:
        if (event.did, event.rkey) in self._heard:
            self._drop(event.did, event.rkey)
            self.ask.skip("deleted")
        self.ask.gone.append(Gone(post_id=address(event.did, event.rkey), at=moment_of(event.at)))

    def _account(self, event: Event) -> None:
        if event.status is None:
            self._hidden.discard(event.did)
            return
        self._hidden.add(event.did)
        if event.status == "deleted":  # suspended, deactivated, taken down: may come back
            for rkey in tuple(self._by_author.get(event.did, ())):
                self._drop(event.did, rkey)
                self.ask.skip("deleted")
            self.ask.gone.append(Gone(author_id=event.did, at=moment_of(event.at)))

    def _drop(self, did: str, rkey: str) -> None:
        del self._heard[did, rkey]
        self._by_author[did].discard(rkey)
