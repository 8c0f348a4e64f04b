"""A Node process that counts again with the house's own browser modules, one JSON a line in and out."""

import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from django.contrib.staticfiles import finders

NODE = shutil.which("node")
SCRIPT = Path(__file__).with_name("recount.mjs")


class CountingAgain:
    """`ask` hands one question over and returns the answer. Ends its process when left."""

    def __enter__(self) -> "CountingAgain":
        modules = Path(finders.find("madang/recount/recount.js")).parent
        self.process = subprocess.Popen(
            [NODE, str(SCRIPT), str(modules)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        return self

    def ask(self, **asked: Any) -> dict[str, Any]:
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __exit__(self, kind: type | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()
