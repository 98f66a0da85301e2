"""The pen: every change that a page makes is made with it, and only who may change holds one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.cycle.intake import Intake
from monitor.errors import MonitorError
from monitor.storage.store import Store
from pages import access, session
from pages.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """The right to change things, in this reader's name.

    What pages read by, `session.store()`, takes no changes; only a pen's store does.
    """

    store: Store
    intake: Intake
    by: str
    now: datetime


def take(needs: Role = Role.EDITOR) -> Pen:
    """A pen. Take it where the change is made, not where its button is drawn.

    Raises:
        MonitorError: This reader may not make it; the message says why.
    """
    refused = access.read_only_reason(needs)
    if refused:
        raise MonitorError(refused)
    opened = session.opened()
    return Pen(store=opened.store, intake=opened.intake, by=access.who(), now=session.now())
