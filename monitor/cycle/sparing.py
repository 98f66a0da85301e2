"""One bad piece never stops the others: all together, else each alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from monitor.errors import MonitorError, RefusedError

Piece = TypeVar("Piece")


def spare(
    pieces: Sequence[Piece],
    do: Callable[[Sequence[Piece]], None],
    failed: Callable[[Piece, Exception], None],
) -> None:
    """Do something with all pieces at once; when that fails because of one, with each alone.

    Args:
        pieces: What is to be done.
        do: Does it, wholly or not at all.
        failed: Called with a piece that fails also alone; it tells of it.

    Raises:
        MonitorError: Something that no piece can be blamed for, such as a locked database.
    """
    try:
        do(pieces)
    except Exception as error:
        blameless = isinstance(error, MonitorError) and not isinstance(error, RefusedError)
        if blameless or not pieces:
            raise
        if len(pieces) == 1:
            failed(pieces[0], error)
            return
        for one in pieces:
            spare([one], do, failed)
