"""A thousand visitors of the page at once, while fifty jobs wait: nothing may be lost. `python -m benchmarks.visitors`

Starts a server of its own in a temporary folder, orders the jobs, then lets the visitors in together: each opens a
connection and asks for five pages, one after the other. Prints how long answers took and what was lost.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np

from exitvoice.web.jobs import State, Store

PAGES = ("/", "/worlds/minimal", "/claims", "/evidence", "/jobs")
PORT = 8799
PATIENCE = 120.0
LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


async def visit(key: str, pages: tuple[str, ...], times: list[float], lost: list[str]) -> None:
    """Ask for some pages over one connection, as plainly as can be: a client library costs more than the server."""
    started = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    except OSError as problem:
        lost.append(f"no connection: {problem.strerror}")
        return
    for page in pages:
        writer.write(f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: {key}\r\n\r\n".encode())
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
            length = int(LENGTH.search(head)[1])  # type: ignore[index]
            body = await asyncio.wait_for(reader.readexactly(length), PATIENCE)
            if not head.startswith(b"HTTP/1.1 200") or not body.rstrip().endswith(b"</html>"):
                lost.append(f"{page}: {head[:16]!r}")
        except (OSError, EOFError, TimeoutError, TypeError) as problem:
            lost.append(f"{page}: {type(problem).__name__}")
            break
        ended = time.perf_counter()
        times.append(ended - started)  # the first with the time until the connection was taken
        started = ended
    writer.close()


async def crowd(key: str, visitors: int) -> tuple[list[float], list[str]]:
    times: list[float] = []
    lost: list[str] = []
    await asyncio.gather(*(visit(key, PAGES, times, lost) for _ in range(visitors)))
    return times, lost


def enter(address: str) -> str:
    for _ in range(300):
        try:
            answer = httpx.get(address, verify=False, timeout=30.0)
            return answer.headers["set-cookie"].split(";")[0]
        except httpx.HTTPError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def order(key: str, jobs: int) -> None:
    headers = {"cookie": key, "origin": f"http://127.0.0.1:{PORT}"}
    with httpx.Client(headers=headers, verify=False, timeout=60.0) as client:
        for number in range(jobs):
            fields = {"scale": "0.01", "seed": str(number)}
            answer = client.post(f"http://127.0.0.1:{PORT}/run/minimal", data=fields)
            assert answer.status_code == 303, answer.text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "exitvoice", "serve", "--folder", folder, "--port", str(PORT)]
        server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            key = enter(server.stdout.readline().split()[1])
            store = Store(Path(folder))
            order(key, asked.jobs)
            started = time.perf_counter()
            times, lost = asyncio.run(crowd(key, asked.visitors))
            took = time.perf_counter() - started
            middle, late, last = np.quantile(times, [0.5, 0.95, 1.0])
            print(
                f"{asked.visitors:,} visitors, {len(times):,} pages in {took:.1f} s, {len(times) / took:,.0f} a second"
            )
            print(
                f"an answer took {middle:.2f} s in the middle, 95 % below {late:.2f} s, the last {last:.2f} s"
            )
            print(f"lost: {len(lost)} {sorted(set(lost))[:5]}")
            while not all(job.state.is_over for job in store.jobs()):
                time.sleep(0.5)
            ends = [job.state for job in store.jobs()]
            print(
                f"{len(ends)} jobs, {ends.count(State.DONE)} done, after {time.perf_counter() - started:.0f} s"
            )
            if lost or ends.count(State.DONE) != asked.jobs:
                raise SystemExit(1)
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
