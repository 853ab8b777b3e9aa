"""An engine that gives the effects of a transcript, in place of the real one.

`etc/transcripts/` holds the transcripts, which tests of the engine recorded. A host that drives
the engine wrongly brings another event than the recorded one, or does not what an effect says.
"""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from oakford_aisp._core import HEADERS

FOLDER = Path(__file__).parents[2] / "etc" / "transcripts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


class Engine:
    """Plays the part of the engine."""

    def __init__(self, name: str) -> None:
        self.turns: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text())
        self.clock: tuple[int, float] = tuple(self.turns[0]["now"])
        self.position = 0
        self.problems: list[str] = []
        self.changed = threading.Condition()
        # What the host has to do: the effects without those that it answers by itself.
        self.open: list[list[Any]] = []

    def client(self, options: str, wall: int, monotonic: float, **facts: bool) -> int:
        return 1

    def drop_client(self, number: int) -> list[tuple[Any, ...]]:
        return []

    def is_past(self, index: int) -> bool:
        return self.position > index

    def now(self) -> tuple[int, float]:
        return self.clock

    def handle(self, event: tuple[Any, ...], wall: int, monotonic: float) -> list[tuple[Any, ...]]:
        with self.changed:
            if self.position >= len(self.turns):
                self.problems.append(f"after the end came {event}")
                return []
            turn = self.turns[self.position]
            if comparable(event) != comparable(turn["event"]):
                self.problems.append(
                    f"{comparable(turn['event'])} was due, not {comparable(event)}"
                )
            if event[0] != "answer" and [wall, monotonic] != turn["now"]:
                self.problems.append(f"{event[:2]} came with the clocks {wall}, {monotonic}")
            self.position += 1
            self.open += turn["effects"]
            self.changed.notify_all()
            return [as_effect(effect) for effect in turn["effects"]]

    def claim(self, *effect: Any) -> int:
        """Returns the id of the oldest effect that says this, which nobody has done."""
        with self.changed:
            for one in self.open:
                if one[0] == effect[0] and one[2:] == list(effect[1:]):
                    self.open.remove(one)
                    self.changed.notify_all()
                    return int(one[1])
            self.problems.append(f"no effect says {effect}")
            return 0

    def note(self, *effect: Any) -> None:
        """Notes that an effect without an id was done."""
        with self.changed:
            if list(effect) in self.open:
                self.open.remove(list(effect))
                self.changed.notify_all()
            else:
                self.problems.append(f"no effect says {effect}")

    def answer_to(self, id_: int) -> Any:
        """Returns the recorded answer to an effect."""
        for turn in self.turns:
            if turn["event"][:2] == ["answer", id_]:
                return turn["event"][2]
        raise LookupError(id_)

    def random(self, length: int) -> bytes:
        with self.changed:
            (one,) = [one for one in self.open if one[0] == "random"]
            self.open.remove(one)
            answer = bytes(self.answer_to(one[1])["bytes"])
            assert len(answer) == length == one[2]
            return answer

    def left(self) -> list[list[Any]]:
        """Returns the effects that nobody has done, of those that show here."""
        return [one for one in self.open if one[0] not in ("abort", "alarm", "load")]

    def is_done(self) -> bool:
        return self.left() == []


def comparable(event: Any) -> list[Any]:
    """Returns an event without what differs between hosts: causes, the order of header fields."""
    kind, id_, *rest = event
    if kind == "failed":
        rest = rest[:1]
    elif kind == "refused":
        rest = []
    elif kind == "head":
        lines = (line for line in rest[1].splitlines() if line.split(":")[0] in HEADERS)
        rest = [rest[0], sorted(lines)]
    elif kind == "body" and isinstance(rest[0], bytes):
        rest = [rest[0].decode()]
    elif kind == "answer" and isinstance(rest[0], bytes):
        rest = [{"bytes": list(rest[0])}]
    elif kind == "answer" and isinstance(rest[0], tuple):
        rest = [list(rest[0])]
    return [kind, id_, *rest]


def as_effect(effect: list[Any]) -> tuple[Any, ...]:
    if effect[0] == "rows":
        return "rows", effect[1], [object()] * effect[2]
    if effect[0] == "acquire":
        return (*effect[:4], [tuple(window) for window in effect[4]], *effect[5:])
    return tuple(effect)


class Results:
    """The results of calls, in the order in which they ended."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ended = 0

    def settled(self, number: int, call: Any) -> None:
        effect = ["settle", number, call.failed is None, call.failed or call.text]
        with self.engine.changed:
            found = [one for one in self.engine.open if one[:4] == effect]
            if not found:
                self.engine.problems.append(f"no effect says {effect}")
                return
            self.engine.open.remove(found[0])
            pages = [one for one in self.engine.open if one[:2] == ["rows", number]]
            if [len(page) for page in call.rows] != [page[2] for page in pages]:
                self.engine.problems.append(f"call {number} has other rows")
            for page in pages:
                self.engine.open.remove(page)
            self.ended += 1
