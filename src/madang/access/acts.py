"""Acts: one verb, one transaction, one line in the record.

1. The wrapper opens the transaction, asks may, runs the body, insists on a note and writes the record last.
2. No request, no ambient person, no clock inside: By carries who, when and through which door.
3. Acts do not call acts.
4. The pages an act changes are called stale before its commit and again after it (record.board).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import IntegrityError, models, transaction

from madang import record
from madang.access.may import may
from madang.access.refusals import Refused
from madang.access.roles import post_of
from madang.record import board, sealer
from madang.record.turn import turn


@dataclass
class By:
    """Who acts, when, and through which door (web, api, cli, desk, clock, demo)."""

    person: Any
    at: datetime
    door: str = "web"
    post: str = ""
    notes: list[record.Note] = field(default_factory=list)
    beside: Callable[[Any], None] | None = None  # what a door keeps in the act's own transaction; gets the act's result

    def note(self, on: models.Model, **values: Any) -> None:
        """Leave a line about `on`: numbers, codes and digests only, never words of a person."""
        self.notes.append(
            record.Note(
                subject=f"{on._meta.label_lower}:{on.pk}",
                matter_id=on.pk if on._meta.label_lower == "matters.matter" else getattr(on, "matter_id", None),
                process_id=on.pk if on._meta.label_lower == "processes.process" else getattr(on, "process_id", None),
                values=values,
            )
        )

    def pseudonym(self, note: record.Note) -> str:
        """The same person has one name within one 의제 and another in the next; erased with the person's salt."""
        if self.person is None:
            return ""
        scope = (
            f"matter:{note.matter_id}"
            if note.matter_id
            else f"process:{note.process_id}"
            if note.process_id
            else note.subject
        )
        return hmac.new(bytes(self.person.salt), scope.encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True)
class Act:
    """A verb of the house: its name, the form of what comes in, what it is done on, the outcomes it may end a phase with."""

    name: str
    title: Any
    form: Any
    on: str
    outcomes: tuple[str, ...]
    shows: tuple[str, ...]
    run: Callable[..., Any]
    public: bool
    do_not_call_in_templates = True  # a page that names an act must not try to do it

    def __call__(self, by: By, on: models.Model, **given: Any) -> Any:
        return self.run(by, on, **given)


ACTS: dict[str, Act] = {}
_inside: ContextVar[str] = ContextVar("act", default="")


def act(
    name: str,
    title: Any,
    *,
    on: str,
    form: Any = None,
    outcomes: tuple[str, ...] = (),
    shows: tuple[str, ...] = (),
    public: bool = True,
) -> Callable[[Callable[..., Any]], Act]:
    """Register the function `(by, on, **input)` as the act `name`.

    on        label of the model it is done on ("matters.matter")
    outcomes  what it may end a phase with; recipes map each to what opens next
    shows     lists whose pages change beyond the matter and process themselves ("matters", "duties", "news", …)
    public    False: no door offers it as a form (the clock's and the loaders' acts)
    """

    def register(body: Callable[..., Any]) -> Act:
        if name in ACTS:
            raise RuntimeError(f"Act {name!r} is defined twice.")

        @wraps(body)
        def run(by: By, on_: models.Model, **given: Any) -> Any:
            if _inside.get():
                raise RuntimeError(f"Acts do not call acts: {_inside.get()} called {name}.")
            acting = By(by.person, by.at, by.door, by.post)
            token = _inside.set(name)
            try:
                with turn(), transaction.atomic():
                    verdict = may(by.person, name, on_, by.at, by.door)
                    if not verdict:
                        raise Refused(verdict.code, **verdict.detail)
                    acting.post = by.post or post_of(by.person, on_, by.at, verdict.role)
                    result = body(acting, on_, **given)
                    if by.beside is not None:
                        by.beside(result)
                    _write(registered, acting)
            finally:
                _inside.reset(token)
            return result

        registered = Act(name, title, form, on, outcomes, shows, run, public)
        ACTS[name] = registered
        return registered

    return register


def _write(act: Act, by: By) -> None:
    if not by.notes:
        raise RuntimeError(f"{act.name} changed something and left no note.")
    actors = [by.pseudonym(note) for note in by.notes]
    record.write(by.notes, actors=actors, act=act.name, at=by.at, door=by.door, post=by.post)
    stale = {*act.shows}
    for note in by.notes:
        stale.add(note.subject.split(":")[0])
        if note.matter_id:  # a page of a process shows its 의제 one by one, each with a mark of its own
            stale.add(f"matter:{note.matter_id}")
        elif note.process_id:
            stale.add(f"process:{note.process_id}")
    board.stale(stale)
    transaction.on_commit(sealer.soon)


def once(create: Callable[[], Any], code: str, **detail: Any) -> Any:
    """Run an insert that a unique constraint guards; a duplicate is the refusal `code`, not an error."""
    try:
        with transaction.atomic():
            return create()
    except IntegrityError:
        raise Refused(code, **detail) from None
