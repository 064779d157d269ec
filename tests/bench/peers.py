"""Loads the bench's rows into databases, asks each for the exact top 20 of every class, checks and times them.

Called by the bench with the folder of rows.csv and answers.json. SQLite comes with Python; PostgreSQL is taken from
PEERS_PG_BIN (default /usr/lib/postgresql/15/bin) with a throw-away cluster; DuckDB where `import duckdb` works;
Meilisearch where MEILI_URL (and MEILI_KEY) name a server: it filters and sorts, and gives no score.
"""

import csv
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

FOLDER = sys.argv[1]
ROWS = os.path.join(FOLDER, "rows.csv")
ANSWERS = json.load(open(os.path.join(FOLDER, "answers.json"), encoding="utf-8"))
W = ANSWERS["points"]
TODAY = ANSWERS["today"]
BY = ANSWERS["available_by"]
COLUMNS = open(ROWS, encoding="utf-8").readline().strip().split(",")
MU = 200000
RUNS = 7


def fit(points, permille):
    return f"({points} * ({permille}) * fresh DIV 100000)"


FRESH = f"""CASE WHEN dated IS NULL THEN 94 WHEN {TODAY} - dated <= 183 THEN 100 WHEN {TODAY} - dated <= 365 THEN 97
    WHEN {TODAY} - dated <= 730 THEN 94 ELSE 90 END"""
NO_DEMANDS = " AND ".join(f"{c} IS NULL" for c in ["tax", "invest", "output", "rd", "energy", "emission", "i1lo", "blo"])


def take(least):
    largest = f"(CASE WHEN part > {least} THEN part ELSE {least} END)"
    return f"(CASE WHEN part IS NOT NULL AND {largest} <= size THEN {largest} ELSE size END)"


def price(most):
    where = f"price IS NOT NULL AND price * {MU} <= {most} * size"
    return where, fit(W["price"], f"1000 - 400 * (price * {MU}000 DIV ({most} * size)) DIV 1000")


def land(least, most):
    where = f"land BETWEEN {least} AND {most}"
    return where, fit(W["land"], f"1000 - 400 * (abs(2 * land - {least + most}) * 1000 DIV {most - least}) DIV 1000")


def power(least):
    where = f"power >= {least}"
    return where, fit(W["power"], f"1000 - 200 * ((power - {least}) * 1000 DIV power) DIV 1000")


def demanded(column, name, condition):
    where = f"(({column} IS NULL AND controlled = 0) OR {condition})"
    return where, f"(CASE WHEN {column} IS NULL THEN 0 ELSE {fit(W[name], 1000)} END)"


def whole(name, where):
    return where, fit(W[name], 1000)


def related(n):
    return f"(i{n}lo <= 3699 AND i{n}hi >= 3600)"


def industry():
    nearest = f"""CASE WHEN {related(1)} AND (i2lo IS NULL OR NOT {related(2)} OR i1d <= i2d)
        THEN i1d - 2 ELSE i2d - 2 END"""
    return f"({related(1)} OR {related(2)})", fit(W["industry"], f"1000 - 150 * ({nearest})")


def query(where, parts, least):
    score = " + ".join(points for _, points in parts)
    conditions = " AND ".join([where] + [condition for condition, _ in parts])
    inner = f"SELECT id, CAST({score} AS BIGINT) AS score FROM (SELECT *, {FRESH} AS fresh, {take(least)} AS land FROM t) x"
    return f"{inner} WHERE kind = 0 AND offered = 1 AND {conditions} ORDER BY score DESC, id LIMIT 20"


USE = whole("use", "use_prod = 1")
BUY = whole("tenure", "buys = 1")
FREE = whole("available", f"available <= {BY}")
QUERIES = {
    "narrow": query("energy IS NULL AND emission IS NULL", [
        whole("region", "province IN (330000, 320000, 340000, 370000)"), industry(),
        whole("banned_industry", "(blo IS NULL OR NOT (blo <= 3600 AND bhi >= 3699))"), USE, land(30 * MU, 120 * MU),
        demanded("tax", "tax", f"tax * land <= {30000000 * MU}"),
        demanded("invest", "investment", f"invest * land <= {600000000 * MU}"),
        demanded("output", "output", f"output * land <= {900000000 * MU}"),
        demanded("rd", "rd", "rd <= 50000"), BUY, price(450000), power(20000000),
        whole("level", "level IN (1, 2)"), FREE], 30 * MU),
    "middle": query(NO_DEMANDS, [
        whole("region", "prefecture IN (330200, 330100, 320500)"), USE, land(20 * MU, 80 * MU), price(450000),
        power(10000000), BUY, FREE], 20 * MU),
    "broad": query(NO_DEMANDS, [
        USE, (f"land <= {200 * MU}", fit(W["land"], f"1000 - 400 * (({200 * MU} - land) * 1000 DIV {200 * MU}) DIV 1000")),
        price(600000)], 0),
}
INDEXES = [
    "CREATE INDEX place ON t (kind, prefecture, size)",
    "CREATE INDEX trade ON t (kind, province, i1lo)",
    "CREATE INDEX trade2 ON t (kind, province, i2lo)",
    "CREATE INDEX sizes ON t (kind, use_prod, size)",
]


def schema():
    return ", ".join(f"{c} {'TEXT' if c == 'id' else 'BIGINT'}" for c in COLUMNS)


def report(peer, name, times, found):
    expected = [(m["id"], m["score"]) for m in ANSWERS["classes"][name]]
    same = "same rows and scores" if [tuple(row) for row in found] == expected else "OTHER ROWS"
    print(f"{peer:12} {name:8} {statistics.median(times):10.3f} ms  {same}", flush=True)


def timed(run):
    times = []
    for _ in range(RUNS):
        before = time.thread_time()
        found = run()
        times.append((time.thread_time() - before) * 1e3)
    return times, found


def sqlite():
    base = sqlite3.connect(os.path.join(FOLDER, "peer.sqlite"))
    base.execute(f"CREATE TABLE t ({schema()})")
    with open(ROWS, encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        marks = ",".join("?" * len(COLUMNS))
        typed = ([row[0]] + [int(cell) if cell else None for cell in row[1:]] for row in rows)
        base.executemany(f"INSERT INTO t VALUES ({marks})", typed)
    for statement in INDEXES + ["ANALYZE"]:
        base.execute(statement)
    base.commit()
    base.execute("PRAGMA cache_size = -1000000")
    for name, text in QUERIES.items():
        text = text.replace("DIV", "/")
        base.execute(text).fetchall()
        report("SQLite", name, *timed(lambda: base.execute(text).fetchall()))


def duck():
    import duckdb
    base = duckdb.connect()
    base.execute("SET threads = 1")
    base.execute(f"CREATE TABLE t ({schema()})")
    base.execute(f"COPY t FROM '{ROWS}' (HEADER)")
    for name, text in QUERIES.items():
        text = text.replace("DIV", "//")
        base.execute(text).fetchall()
        report("DuckDB", name, *timed(lambda: base.execute(text).fetchall()))


def postgres():
    binaries = os.environ.get("PEERS_PG_BIN", "/usr/lib/postgresql/15/bin")
    if not os.path.exists(os.path.join(binaries, "initdb")):
        return
    # The server refuses root; anybody else runs it as themselves.
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    home = tempfile.mkdtemp(prefix="matching-pg-")
    if become:
        shutil.chown(home, "postgres")
    data = os.path.join(home, "data")
    run = lambda *command, **more: subprocess.run(become + list(command), check=True, capture_output=True, text=True, cwd=home, **more)
    run(os.path.join(binaries, "initdb"), "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C")
    settings = f"-c listen_addresses= -c unix_socket_directories={home} -c shared_buffers=1GB -c max_parallel_workers_per_gather=0 -c work_mem=64MB -c fsync=off"
    run(os.path.join(binaries, "pg_ctl"), "-D", data, "-w", "-l", os.path.join(home, "log"), "-o", settings, "start")
    try:
        sql = lambda text: run("psql", "-X", "-q", "-h", home, "-d", "postgres", "-A", "-t", "-F", ",", input=text).stdout
        rows = os.path.join(home, "rows.csv")
        shutil.copy(ROWS, rows)
        os.chmod(rows, 0o644)
        sql(f"CREATE TABLE t ({schema()}); \\copy t FROM '{rows}' CSV HEADER\n")
        sql("; ".join(INDEXES + ["ANALYZE t"]) + ";")
        for name, text in QUERIES.items():
            text = text.replace("DIV", "/")
            out = sql("\\timing on\n" + (text + ";\n") * (RUNS + 1))
            times = [float(it) for it in re.findall(r"Time: ([0-9.]+) ms", out)][1:]
            lines = [line.split(",") for line in out.split("Time:")[0].strip().splitlines() if "," in line]
            report("PostgreSQL", name, times, [(line[0], int(line[1])) for line in lines])
    finally:
        run(os.path.join(binaries, "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def meili():
    url = os.environ.get("MEILI_URL")
    if not url:
        return
    key = os.environ.get("MEILI_KEY")

    def call(method, path, body=None, kind="application/json"):
        request = urllib.request.Request(url.rstrip("/") + path, data=body, method=method)
        request.add_header("Content-Type", kind)
        if key:
            request.add_header("Authorization", "Bearer " + key)
        return json.load(urllib.request.urlopen(request))

    def wait(task):
        while call("GET", f"/tasks/{task['taskUid']}")["status"] in ("enqueued", "processing"):
            time.sleep(0.5)

    def load(batch):
        lines = "\n".join(batch).encode()
        wait(call("POST", "/indexes/bench_t/documents?primaryKey=id", lines, "application/x-ndjson"))

    # An index of its own, new each time: what an earlier run left would be found too.
    wait(call("DELETE", "/indexes/bench_t"))
    filterable = ["kind", "offered", "province", "prefecture", "i1lo", "i1hi", "i2lo", "i2hi", "blo", "bhi", "use_prod",
                  "size", "part", "rd", "controlled", "energy", "emission", "price_mu", "power", "available", "buys",
                  "level", "demands"]
    settings = {"filterableAttributes": filterable, "sortableAttributes": ["price_mu"]}
    wait(call("PATCH", "/indexes/bench_t/settings", json.dumps(settings).encode()))
    batch = []
    with open(ROWS, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            document = {name: int(cell) if name != "id" else cell for name, cell in row.items() if cell}
            if "price" in document:
                document["price_mu"] = document["price"] * MU / document["size"]
            document["demands"] = int(any(row[c] for c in ["tax", "invest", "output", "rd", "energy", "emission", "i1lo", "blo"]))
            batch.append(json.dumps(document))
            if len(batch) == 50000:
                load(batch)
                batch = []
    if batch:
        load(batch)
    common = "kind = 0 AND offered = 1 AND use_prod = 1"
    terms = f"buys = 1 AND available <= {BY}"
    # The take fits where the whole plot does or its smallest part.
    fits = lambda least, most: f"size >= {least} AND (size <= {most} OR part <= {most})"
    related = " OR ".join(f"(i{n}lo <= 3699 AND i{n}hi >= 3600)" for n in (1, 2))
    # Thresholds times land are products of two fields, which no filter has: tax, investment and output stay out.
    filters = {
        "narrow": f"""{common} AND {terms} AND province IN [330000,320000,340000,370000] AND ({related})
            AND (blo NOT EXISTS OR blo > 3600 OR bhi < 3699) AND {fits(30 * MU, 120 * MU)} AND price_mu <= 450000
            AND (rd <= 50000 OR (rd NOT EXISTS AND controlled = 0)) AND power >= 20000000 AND level IN [1,2]
            AND energy NOT EXISTS AND emission NOT EXISTS""",
        "middle": f"""{common} AND {terms} AND demands = 0 AND prefecture IN [330200,330100,320500]
            AND {fits(20 * MU, 80 * MU)} AND price_mu <= 450000 AND power >= 10000000""",
        "broad": f"{common} AND demands = 0 AND {fits(0, 200 * MU)} AND price_mu <= 600000",
    }
    for name, condition in filters.items():
        body = json.dumps({"q": "", "filter": condition, "sort": ["price_mu:asc"], "limit": 20}).encode()
        times = []
        for _ in range(RUNS + 1):
            before = time.perf_counter()
            found = call("POST", "/indexes/bench_t/search", body)
            times.append((time.perf_counter() - before) * 1e3)
        hits = found["estimatedTotalHits"]
        print(f"{'Meilisearch':12} {name:8} {statistics.median(times[1:]):10.3f} ms  filter and sort alone, {hits} found", flush=True)
    wait(call("DELETE", "/indexes/bench_t"))


for peer in (sqlite, duck, postgres, meili):
    try:
        peer()
    except ImportError as error:
        print(f"{peer.__name__}: {error}")
    except Exception as error:  # One peer that fails does not silence the others.
        detail = getattr(error, "stderr", "") or error
        print(f"{peer.__name__}: failed: {detail}")
