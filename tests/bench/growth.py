#!/usr/bin/env python3
"""What listings cost: the service over inventories of growing size (see README.md).

    tests/bench/growth.py PROGRAM [--sizes 1000,10000,100000] [--picture FILE.svg]

For each size: seconds of the import, megabytes of database and text index, seconds from start until ready (processor time beside),
resident memory once every request was answered, and processor time by request. Writes them as a table, and as a picture with
logarithmic axes: memory and start in one panel, requests in the other.
"""

import argparse
import math
import tempfile
import time
from pathlib import Path

import whole

# Colours that people who see no red or green tell apart (Okabe and Ito).
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]


def megabytes(path):
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 2**20


def measured(program, rows):
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder)
        (own / "plots.csv").write_text(whole.plots("HEAD", rows), encoding="utf-8")
        service = whole.Service(str(rows), program, own)
        try:
            service.start()
            service.stop()
            begun = time.monotonic()
            service.run("import", "plots", "plots.csv")
            figures = {"import, s": time.monotonic() - begun}
            begun = time.monotonic()
            service.start()
            service.settle()
            figures["text index behind the first start, s"] = time.monotonic() - begun
            service.stop()
            figures["start to ready, s"] = service.start()
            figures["of it processor time, s"] = service.processor_seconds()
            wanted = [request for request in whole.requests(rows) if "page=1000" not in request[0]]
            for _, method, path, body in wanted:
                service.ask(method, path, body)
            figures["resident, MB"] = service.resident_mb()
            for name, method, path, body in wanted:
                figures[f"{name}, ms"] = service.milliseconds(method, path, body)
            service.stop()
            figures["database, MB"] = sum(megabytes(file) for file in own.rglob("*.db*"))
            figures["text index, MB"] = megabytes(own / "var" / "index")
            return figures
        finally:
            service.stop()


def panel(names, sizes, table, left, title):
    """One panel of the picture: a line for each name over the sizes."""
    values = [table[size][name] for name in names for size in sizes]
    low, high = math.floor(math.log10(max(min(values), 1e-3))), math.ceil(math.log10(max(values)))
    width, height, top = 300, 220, 40
    across = lambda size: left + width * (math.log10(size) - math.log10(sizes[0])) / (math.log10(sizes[-1]) - math.log10(sizes[0]))
    down = lambda value: top + height * (high - math.log10(max(value, 10**low))) / (high - low)
    parts = [f'<text x="{left}" y="24" font-weight="bold">{title}</text>']
    for power in range(low, high + 1):
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{down(10**power):.1f}" y2="{down(10**power):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{down(10**power) + 4:.1f}" text-anchor="end">{10**power:g}</text>')
    for size in sizes:
        parts.append(f'<text x="{across(size):.1f}" y="{top + height + 18}" text-anchor="middle">{size:,}</text>')
    for at, name in enumerate(names):
        points = " ".join(f"{across(size):.1f},{down(table[size][name]):.1f}" for size in sizes)
        colour, line = COLOURS[at % len(COLOURS)], top + height + 40 + 16 * at
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<line x1="{left}" x2="{left + 18}" y1="{line}" y2="{line}" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="{left + 24}" y="{line + 4}">{name}</text>')
    return parts


def picture(sizes, table):
    requests = [name for name in table[sizes[0]] if name.endswith(", ms")]
    rest = ["resident, MB", "database, MB", "text index, MB", "import, s", "start to ready, s"]
    drawn = panel(rest, sizes, table, 60, "Listings: memory, disk and time") + panel(requests, sizes, table, 460, "Processor time by request")
    height = 300 + 16 * max(len(requests), len(rest)) + 10
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 {height}" font-family="sans-serif" font-size="12">',
            f'<rect width="800" height="{height}" fill="#fff"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--sizes", default="1000,10000,100000")
    options.add_argument("--picture")
    asked = options.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    table = {size: measured(Path(asked.program).resolve(), size) for size in sizes}
    print("| listings besides the demo | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for name in table[sizes[0]]:
        print(f"| {name} | " + " | ".join(f"{table[size][name]:.3g}" for size in sizes) + " |")
    if asked.picture:
        Path(asked.picture).write_text(picture(sizes, table), encoding="utf-8")


if __name__ == "__main__":
    main()
