"""The box and the observers' issuer on the journeys' calendar: their own programs, their clocks turned by `days-ahead`."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import madang.box.__main__ as box
import madang.issuers.__main__ as issuers


def now() -> datetime:
    turned = Path(os.environ["MADANG_HOME"]) / "days-ahead"
    return datetime.now(UTC) + timedelta(days=int(turned.read_text()) if turned.exists() else 0)


def box_door() -> object:
    box._now = now
    return box.application()


def issuer_door() -> object:
    issuers._now = now
    return issuers.application()


def main(what: str, home: str, port: str, origin: str) -> None:
    """Serve one of the two until it is ended."""
    from madang.box.listening import listen

    name = "BOX" if what == "box" else "ISSUER"
    os.environ |= {f"MADANG_{name}_HOME": home, f"MADANG_{name}_ORIGIN": origin}
    listen(f"box_clock:{what}_door", "127.0.0.1", int(port), what)


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
