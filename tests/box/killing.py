"""A box in a process of its own, to be killed in mid-cast: no server, the same door; casts and answers go through pipes.

python killing.py HOME — reads a line of base64 for each cast from stdin, all at work at once; writes `place status` as each is answered.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sealed_yard
from door_asking import ask
from madang.box.home import Home
from madang.box.serving import BoxServer
from madang.box.store import Store


async def main(folder: Path) -> None:
    server = BoxServer(
        Home(folder), lambda: Store.at(folder, os.environ.get("MADANG_BOX_DATABASE_URL", "")), lambda: sealed_yard.DURING, tick_seconds=0.05
    )
    await server.begin()
    print("open", flush=True)
    loop = asyncio.get_running_loop()
    pending: set[asyncio.Task[None]] = set()

    async def one(place: str, body: bytes) -> None:
        said = await ask(server.door, "POST", "/cast", body)
        print(json.dumps([int(place), said.status, said.json.get("leaf", said.json.get("refused"))]), flush=True)

    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        place, _, body = line.partition(b" ")
        task = asyncio.create_task(one(place.decode(), body.rstrip(b"\n")))
        pending.add(task)
        task.add_done_callback(pending.discard)
    await asyncio.gather(*pending)
    await server.end()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
