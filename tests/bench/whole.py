#!/usr/bin/env python3
"""Whole requests of two builds of the service over the same inventory, in turns in one run (see README.md).

    tests/bench/whole.py [--rows 100000] [--rounds 3] [--commit e0743a9] [--old PROGRAM] [--new PROGRAM]

Builds the commit and the present tree where no program is named, imports the demo inventory and generated plots into a
file of SQLite of each, starts both, and prints for each request the processor time of the server by request (user and
system, from /proc, over enough requests for a second of it), the time from start until everything has been answered once, and
the resident memory then: median and range over the rounds, and the ratio of the medians.
"""

import argparse
import contextlib
import csv
import http.client
import io
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
# Processor time of one measurement, s: ticks are 10 ms, so that its error stays at a hundredth.
ENOUGH = 1.0
MOST_REQUESTS = 4_000

NARROW = {
    "kinds": ["plot"],
    "use": "production",
    "regions": ["330200"],
    "industry": "3670",
    "land_mu": {"min": 30, "max": 60},
    "tax_wan": 1000,
}
BROAD = {"kinds": ["plot", "park", "space"], "land_mu": {"min": 10, "max": 500}}


def requests(rows):
    """Name, method, path and body of each request that is measured."""
    search = "/search?q=" + quote("汽车 宁波")
    return [
        ("front page", "GET", "/", None),
        ("/plots", "GET", "/plots", None),
        ("/plots?page=50", "GET", "/plots?page=50", None),
        ("/plots?page=1000", "GET", f"/plots?page={min(1000, rows // 25)}", None),
        ("list by region, API", "GET", "/api/v1/listings?kind=plot&region=330200", None),
        ("search of two words", "GET", search, None),
        ("matches, narrow", "POST", "/api/v1/matches", json.dumps(NARROW)),
        ("matches, broad", "POST", "/api/v1/matches", json.dumps(BROAD)),
    ]


def program_of(commit):
    """Builds a commit in release once, beside the repository's own target."""
    target = ROOT / "target" / "bench" / commit
    program = target / "release" / "luodi"
    if not program.exists():
        source = target / "source"
        subprocess.run(["git", "worktree", "add", "--detach", source, commit], cwd=ROOT, check=True)
        try:
            build = ["cargo", "build", "--locked", "--release", "--target-dir", target]
            subprocess.run(build, cwd=source, check=True)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", source], cwd=ROOT, check=True)
    return program


def present_program():
    subprocess.run(["cargo", "build", "--locked", "--profile", "dist"], cwd=ROOT, check=True)
    return ROOT / "target" / "dist" / "luodi"


def plots(commit, rows):
    """The sample plots of a commit over and over, with numbers, areas and prices of their own."""
    text = subprocess.run(["git", "show", f"{commit}:config/data/demo_plots.csv"], cwd=ROOT, check=True, capture_output=True)
    samples = list(csv.DictReader(io.StringIO(text.stdout.decode("utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, samples[0].keys())
    writer.writeheader()
    for n in range(rows):
        row = dict(samples[n % len(samples)])
        row["plot_no"] = f"BENCH-{n:07}"
        if row["area_mu"]:
            row["area_mu"] = str(10 + (n * 7919) % 490)
            row["area_sqm"] = ""
        if row["start_price_wan"]:
            row["start_price_wan"] = str(200 + (n * 104729) % 9_800)
        writer.writerow(row)
    return out.getvalue()


class Service:
    """One build over its own folder."""

    def __init__(self, name, program, folder):
        self.name, self.program, self.folder = name, program, folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **os.environ,
            "LUODI_PROFILE": "development",
            "LUODI__SERVER__LISTEN": f"127.0.0.1:{self.port}",
            "LUODI__SERVER__BASE_URL": f"http://127.0.0.1:{self.port}",
            "LUODI__LIMITS__ENABLED": "false",
        }
        self.connection, self.process = None, None

    def run(self, *arguments):
        subprocess.run(
            [self.program, *arguments], cwd=self.folder, env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def start(self):
        """Starts the server and returns the seconds until it is ready."""
        begun = time.monotonic()
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [self.program, "serve"], cwd=self.folder, env=self.environment, stdout=log, stderr=log
        )
        while True:
            try:
                if self.ask("GET", "/readyz", None)[0] == 200:
                    return time.monotonic() - begun
            except OSError:
                pass
            if self.process.poll() is not None:
                sys.exit(f"{self.name} ended: see {self.folder / 'log'}")
            time.sleep(0.01)

    def settle(self):
        """Waits until the server does nothing behind its answers: the text index of what was imported is built."""
        spent = self.processor_seconds()
        while True:
            time.sleep(2)
            before, spent = spent, self.processor_seconds()
            if spent - before < 0.1:
                return

    def stop(self):
        self.connection = None
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            self.process = None

    def ask(self, method, path, body):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {"content-type": "application/json"} if body else {}
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            raise

    def processor_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_mb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def milliseconds(self, method, path, body):
        """Processor time of one request, ms."""
        before, asked, spent = self.processor_seconds(), 0, 0.0
        while spent < ENOUGH and asked < MOST_REQUESTS:
            for _ in range(20):
                status, answer = self.ask(method, path, body)
                if status != 200:
                    sys.exit(f"{self.name}: {method} {path} answers {status}: {answer[:300]}")
            asked += 20
            spent = self.processor_seconds() - before
        return 1000 * spent / asked


def told(values, unit):
    return f"{statistics.median(values):.3g} {unit} ({min(values):.3g} to {max(values):.3g})"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--commit", default="e0743a9")
    options.add_argument("--old")
    options.add_argument("--new")
    asked = options.parse_args()
    programs = [("old", asked.old or program_of(asked.commit)), ("new", asked.new or present_program())]
    rows = plots(asked.commit, asked.rows)
    measured = {}
    services = []
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        for name, program in programs:
            own = Path(folder) / name
            own.mkdir()
            (own / "plots.csv").write_text(rows, encoding="utf-8")
            service = Service(name, Path(program).resolve(), own)
            running.callback(service.stop)
            # The first start fills the demo inventory.
            service.start()
            service.stop()
            service.run("import", "plots", "plots.csv")
            service.start()
            service.settle()
            service.stop()
            services.append(service)
        wanted = requests(asked.rows)
        for _ in range(asked.rounds):
            for service in services:
                begun = time.monotonic()
                service.start()
                for _, method, path, body in wanted:
                    status, answer = service.ask(method, path, body)
                    if status != 200:
                        sys.exit(f"{service.name}: {method} {path} answers {status}: {answer[:300]}")
                measured.setdefault(("start, all answered once", "s"), {}).setdefault(service.name, []).append(
                    time.monotonic() - begun
                )
                for name, method, path, body in wanted:
                    spent = service.milliseconds(method, path, body)
                    measured.setdefault((name, "ms"), {}).setdefault(service.name, []).append(spent)
                measured.setdefault(("resident", "MB"), {}).setdefault(service.name, []).append(service.resident_mb())
                service.stop()
    print(f"| {asked.rows} plots + the demo | {asked.commit} | present | ratio |")
    print("|---|---|---|---|")
    for (name, unit), by_build in measured.items():
        ratio = statistics.median(by_build["old"]) / statistics.median(by_build["new"])
        print(f"| {name} | {told(by_build['old'], unit)} | {told(by_build['new'], unit)} | 1/{ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
