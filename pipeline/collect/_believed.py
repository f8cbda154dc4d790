"""When "gone" is believed: a platform in trouble may answer with nothing, and what is deleted here never comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pipeline.collect import Again
from pipeline.errors import UnavailableError

_FEW = 10  # posts of which not one is shown: more look rather like an answer gone wrong than as many deletions


def believed(
    told: Iterable[list[Again]], source: str, shown: Callable[[Again], bool] = lambda one: not one.gone
) -> Iterator[Again]:
    """The answers of one call after the other; those that show no post at all wait until a later one does.

    `shown` is whether an answer proves that the platform shows posts; one may be shown and have to go all the same.
    Raises UnavailableError when more than a few posts wait at the end: they are asked for again at the next look.
    """
    waiting: list[Again] = []
    for some in told:
        waiting += some
        if any(map(shown, some)):
            yield from waiting
            waiting = []
    if len(waiting) > _FEW:
        raise UnavailableError(f"{source}: shows none of {len(waiting)} posts, which is not believed", source=source)
    yield from waiting
