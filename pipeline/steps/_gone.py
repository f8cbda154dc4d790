"""Deletions as a source tells them, kept within bounds: a whole network deletes more than a memory holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.collect import Gone

# Deletions looked up at once: some 15 MB. A network of a million deletions a night then costs twenty look-ups.
_MOST = 50_000


class Gathered(list[Gone]):
    """A list that forgets, every `most` deletions, those that `of_use` does not give back."""

    def __init__(self, of_use: Callable[[Sequence[Gone]], list[Gone]], most: int = _MOST) -> None:
        super().__init__()
        self._of_use = of_use
        self._most = most
        self._sifted = 0

    def append(self, gone: Gone) -> None:
        """Add one, and sift when there are too many."""
        super().append(gone)
        if len(self) - self._sifted >= self._most:
            self.sift()

    def sift(self) -> None:
        """Look up what came since the last time, each once."""
        fresh = list(dict.fromkeys(self[self._sifted :]))
        self[self._sifted :] = self._of_use(fresh) if fresh else []
        self._sifted = len(self)

    def clear(self) -> None:
        """Forget all: they were applied."""
        super().clear()
        self._sifted = 0
