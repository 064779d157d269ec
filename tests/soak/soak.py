#!/usr/bin/env python3
"""T28: mixed load for half an hour with a fault every five minutes: memory, files, log of SQLite, time of answers, mails.

    tests/soak/soak.py PROGRAM [--minutes 30] [--rate 20] [--leads 0] [--port 18090] [--quiet-machine]

Of ten requests seven are matches, two lists, one a submit with an inquiry. Every fifth of a minute the state is sampled. The faults are
the relay's: gone for 20 s, or refusing for 20 s, in turns. On a machine with other work p99 only informs; --quiet-machine demands it.
"""

import argparse
import asyncio
import collections
import json
import os
import pathlib
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

SAMPLE_SECONDS = 12
FAULT_SECONDS = 300
FAULT_LASTS = 20


class Relay:
    """An SMTP server that counts Message-IDs, and can be gone or refuse."""

    def __init__(self):
        self.seen, self.server, self.port, self.refuses, self.closed = collections.Counter(), None, 0, False, set()

    async def start(self):
        self.server = await asyncio.start_server(self.talk, "127.0.0.1", self.port, reuse_address=True)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self):
        self.server.close()
        for writer in list(self.closed):
            writer.close()

    async def talk(self, reader, writer):
        self.closed.add(writer)
        try:
            writer.write(b"220 relay.example.com\r\n")
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"EHLO":
                    writer.write(b"250-relay.example.com\r\n250 8BITMIME\r\n")
                elif verb == b"MAIL" and self.refuses:
                    writer.write(b"451 later\r\n")
                elif verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    text = await reader.readuntil(b"\r\n.\r\n")
                    found = re.search(rb"(?im)^Message-ID:\s*(\S+)", text)
                    self.seen[found.group(1) if found else text] += 1
                    writer.write(b"250 taken\r\n")
                elif verb == b"QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                else:
                    writer.write(b"250 so be it\r\n")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.closed.discard(writer)
            writer.close()


class Client:
    """One kept connection."""

    def __init__(self, port):
        self.port, self.stream = port, None

    async def call(self, method, path, body=None, headers=()):
        text = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        head = [f"{method} {path} HTTP/1.1", "Host: soak.example.com", f"Content-Length: {len(text)}", *headers]
        if body is not None:
            head.append("Content-Type: application/json")
        begun = time.perf_counter()
        for again in (False, True):
            if self.stream is None:
                self.stream = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self.stream
            try:
                writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + text)
                answer = await reader.readuntil(b"\r\n\r\n")
                break
            except (ConnectionError, asyncio.IncompleteReadError):
                # A kept connection that had been idle for its limit.
                self.stream = None
                if again:
                    raise
        found = re.search(rb"(?i)content-length: (\d+)", answer)
        got = await reader.readexactly(int(found.group(1))) if found else b""
        return int(answer.split(b" ", 2)[1]), got, time.perf_counter() - begun


def rss_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def slope_per_hour(samples):
    """Least squares of (seconds, MB)."""
    mean_t, mean_v = statistics.fmean(t for t, _ in samples), statistics.fmean(v for _, v in samples)
    over = sum((t - mean_t) ** 2 for t, _ in samples)
    return 3600 * sum((t - mean_t) * (v - mean_v) for t, v in samples) / over if over else 0.0


def of_each_minute(samples, figure):
    minutes = collections.defaultdict(list)
    for at, value in samples:
        minutes[int(at // 60)].append(value)
    return " ".join(f"{figure(values):.0f}" for _, values in sorted(minutes.items()))


def taken_from_us():
    """Processor time that other guests of the host took, and time in which the disk was waited for, s since the machine began."""
    with open("/proc/stat") as stat:
        counts = stat.readline().split()
    return int(counts[8]) / os.sysconf("SC_CLK_TCK"), int(counts[5]) / os.sysconf("SC_CLK_TCK")


def p99(times):
    return sorted(times)[int(len(times) * 0.99)] * 1000 if times else 0.0


class Figures:
    def __init__(self):
        self.missed = 0

    def tell(self, what, found, wanted, reached):
        print(f"  {'ok  ' if reached else 'MISS'} {what}: {found} (wanted: {wanted})")
        self.missed += not reached


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--port", type=int, default=18090)
    parser.add_argument("--leads", type=int, default=0)
    parser.add_argument("--quiet-machine", action="store_true")
    given = parser.parse_args()
    program, seconds = given.program.resolve(), given.minutes * 60
    relay = Relay()
    await relay.start()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        environment = dict(
            os.environ, LUODI_PROFILE="test", DATABASE_URL=f"sqlite://{folder}/luodi.db?mode=rwc", RUST_LOG="warn",
            LUODI__SERVER__LISTEN=f"127.0.0.1:{given.port}", SMTP_URL=f"smtp://127.0.0.1:{relay.port}",
            LUODI__SEARCH__DIR=f"{folder}/index", LUODI__MAIL__RETRY_MAX_SECONDS="5",
        )

        def command(*words, stdin=None):
            done = subprocess.run([program, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode in (0, 2), done.stderr
            return done.stdout

        command("migrate", "up")
        data = pathlib.Path(__file__).resolve().parents[2] / "config/data"
        for kind, name in (("parks", "demo_parks"), ("plots", "demo_plots"), ("spaces", "demo_spaces")):
            command("import", kind, data / f"{name}.csv")
        (folder / "parks.csv").write_text("code,name,level,province,city,county,inbox_email\nS1,示例园区,省级,浙江省,宁波市,北仑区,one@example.com\n")
        plots = "".join(f"S-{n},浙江省,宁波市,北仑区,{20 + n % 60},S1\n" for n in range(100))
        (folder / "plots.csv").write_text(f"plot_no,province,city,county,area_mu,park_code\n{plots}")
        command("import", "parks", folder / "parks.csv")
        command("import", "plots", folder / "plots.csv")
        if given.leads:
            # A database as large as SQLite's page caches hold, so that what they take up is there before the first sample counts.
            county = pathlib.Path(__file__).resolve().parents[1] / "support/county.py"
            (folder / "county.csv").write_text("code,name,level,province,city,county,inbox_email\n" + "".join(
                f"K{n:03},示例园区{n:03},省级,浙江省,宁波市,北仑区,one@example.com\n" for n in range(200)))
            command("import", "parks", folder / "county.csv")
            subprocess.run([sys.executable, county, folder / "luodi.db", str(given.leads)], check=True, capture_output=True)
        key = re.search(r"luodi_\w+", command("key", "add", "soak", "--role", "admin")).group(0)
        log = (folder / "log").open("w")
        server = subprocess.Popen([program, "serve"], cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            return await soak(given, server, folder, relay, key, seconds)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(40)
            print((folder / "log").read_text()[-2000:] if "ERROR" in (folder / "log").read_text() else "  no error in the log")


async def soak(given, server, folder, relay, key, seconds):
    first = Client(given.port)
    for _ in range(600):
        try:
            if (await first.call("GET", "/readyz"))[0] == 200:
                break
        except OSError:
            await asyncio.sleep(0.2)
    notice = json.loads((await first.call("GET", "/api/v1/notice"))[1])["version"]
    statuses, acknowledged, times, samples = collections.Counter(), [], [], []
    fds, wals, taken, begun = [], [], [], time.monotonic()

    async def submit(client, n):
        body = {"requirement": {"kinds": ["plot"], "land_mu": {"min": 20}}, "company": f"示例{n}号水泵有限公司", "contact": "王工",
                "phone": f"138 0013 {n % 10000:04}", "email": f"buyer{n}@example.com", "consent": {"notice_version": notice}}
        status, text, took = await client.call("POST", "/api/v1/requirements", body, [f"Idempotency-Key: r{n}"])
        if status != 201:
            return status, took
        reference = json.loads(text)["reference"]
        asked = {"listings": [f"S-{n % 100}"], "consent": {"notice_version": notice, "parks": ["S1"]}}
        path = f"/api/v1/requirements/{reference}/inquiries"
        status, _, took = await client.call("POST", path, asked, [f"Idempotency-Key: i{n}"])
        if status == 201:
            acknowledged.append(reference)
        return status, took

    async def load(number, clients):
        client, turn, pace = Client(given.port), random.Random(number), clients / given.rate
        n = number
        await asyncio.sleep(turn.random() * pace)
        while (now := time.monotonic() - begun) < seconds:
            choice, mu = turn.random(), turn.randrange(10, 80)
            kind = "match" if choice < 0.7 else "list" if choice < 0.9 else "submit"
            if choice < 0.35:
                status, _, took = await client.call("GET", f"/matches?kinds=plot&land_mu.min={mu}&land_mu.max={mu + 40}")
            elif choice < 0.7:
                status, _, took = await client.call("POST", "/api/v1/matches", {"kinds": ["plot"], "land_mu": {"min": mu}})
            elif choice < 0.8:
                status, _, took = await client.call("GET", "/api/v1/leads", None, [f"Authorization: Bearer {key}"])
            elif choice < 0.9:
                status, _, took = await client.call("GET", f"/plots?page={turn.randrange(1, 20)}")
            else:
                status, took = await submit(client, n)
                n += clients
            statuses[status] += 1
            times.append((now, took, kind))
            await asyncio.sleep(max(0.0, pace - took))

    async def watch():
        while (now := time.monotonic() - begun) < seconds:
            samples.append((now, rss_mb(server.pid)))
            taken.append((now, *taken_from_us()))
            fds.append(len(os.listdir(f"/proc/{server.pid}/fd")))
            wal = folder / "luodi.db-wal"
            wals.append(wal.stat().st_size / (1 << 20) if wal.exists() else 0)
            await asyncio.sleep(SAMPLE_SECONDS)

    async def faults():
        count = 0
        while time.monotonic() - begun + FAULT_SECONDS < seconds:
            await asyncio.sleep(FAULT_SECONDS - FAULT_LASTS)
            count += 1
            if count % 2:
                await relay.stop()
                await asyncio.sleep(FAULT_LASTS)
                await relay.start()
            else:
                relay.refuses = True
                await asyncio.sleep(FAULT_LASTS)
                relay.refuses = False
        return count

    clients = 8
    injected, *_ = await asyncio.gather(faults(), watch(), *(load(number, clients) for number in range(clients)))
    # What waits leaves within a minute of the last fault.
    states = collections.Counter()
    for _ in range(60):
        states.clear()
        for reference in acknowledged[-200:]:
            state = json.loads((await first.call("GET", f"/api/v1/requirements/{reference}"))[1])["inquiries"][0]["state"]
            states[state] += 1
        if set(states) <= {"sent"}:
            break
        await asyncio.sleep(1)
    lost = 0
    for reference in acknowledged:
        status, text, _ = await first.call("GET", f"/api/v1/requirements/{reference}")
        lost += status != 200 or not json.loads(text)["inquiries"]
    figures, settled = Figures(), [sample for sample in samples if sample[0] > seconds / 3] or samples
    third = seconds / 3
    before = [took for at, took, _ in times if third / 2 < at <= third + third / 2]
    after = [took for at, took, _ in times if at > 2 * third]
    print(f"soak of {given.minutes:g} min: {len(times)} requests, {len(acknowledged)} inquiries, {injected} faults of the relay")
    bad = sum(count for status, count in statuses.items() if status >= 400)
    figures.tell("answers of 400 and more", bad, "0", bad == 0)
    slope, floor = slope_per_hour(settled), statistics.fmean(value for _, value in settled)
    told = f"{slope:+.1f} MB/h at {floor:.0f} MB"
    figures.tell("memory, slope after the first third", told, "<= 1, in 30 min and more", slope <= 1 or seconds < 1800)
    # Least: what is resident once allocations of the moment are gone.
    print(f"       least of each minute, MB: {of_each_minute(samples, min)}")
    spread = max(fds[len(fds) // 3:]) - min(fds[len(fds) // 3:])
    figures.tell("files open, spread", spread, "<= 10", spread <= 10)
    figures.tell("log of SQLite, most", f"{max(wals):.1f} MB", "<= 64", max(wals) <= 64)
    drift = p99(after) / max(p99(before), 0.001) * 100 - 100
    told = f"{p99(before):.0f} then {p99(after):.0f} ms, {drift:+.0f} %"
    figures.tell("p99, middle and last third", told, "<= +10 % on a quiet machine", drift <= 10 or not given.quiet_machine)
    for kind in ("match", "list", "submit"):
        print(f"       p99 of each minute, ms, {kind}: {of_each_minute([(at, took) for at, took, of in times if of == kind], p99)}")
    for what, column in (("processor taken by other guests", 1), ("disk waited for", 2)):
        spent = [(now[0], now[column] - was[column]) for was, now in zip(taken, taken[1:])]
        print(f"       {what} in each minute, s: {of_each_minute(spent, sum)}")
    figures.tell("acknowledged and absent", lost, "0", lost == 0)
    figures.tell("inquiries of the last 200 not sent", sum(states.values()) - states["sent"], "0", set(states) <= {"sent"})
    twice = sum(count - 1 for count in relay.seen.values())
    figures.tell("mails twice", f"{twice} of {len(relay.seen)}", "<= connections that a fault cut: 4 each", twice <= 4 * injected)
    return figures.missed


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(main()) else 0)
