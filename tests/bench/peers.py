"""Loads the bench's rows into databases, asks each for the whole answer of every class, checks and times it.

An answer is what users get, as far as one query of SQL says it: how many listings are considered, matched, to be
confirmed and near, and the first twenty of each list by score and id. Relaxations and reasons are the engine's alone.

Called by the bench with the folder of rows.csv and answers.json. SQLite comes with Python; PostgreSQL is taken from
PEERS_PG_BIN (default /usr/lib/postgresql/15/bin) with a throw-away cluster where `import psycopg` works; DuckDB where
`import duckdb` does; times are CPU time;
Meilisearch where MEILI_URL (and MEILI_KEY) name a server: it filters and sorts, and gives no score.
"""

import csv
import json
import os
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


# What a criterion adds to a row's sum of verdicts: a group is matched at 0, to be confirmed below SHORT, near below LAW.
OPEN, SHORT, LAW = 1, 100, 200
FRESH = f"""CASE WHEN dated IS NULL THEN 94 WHEN {TODAY} - dated <= 183 THEN 100 WHEN {TODAY} - dated <= 365 THEN 97
    WHEN {TODAY} - dated <= 730 THEN 94 ELSE 90 END"""


def take(least):
    largest = f"(CASE WHEN part > {least} THEN part ELSE {least} END)"
    return f"(CASE WHEN part IS NOT NULL AND {largest} <= size THEN {largest} ELSE size END)"


def short_fit(there, asked):
    return f"400 * (CAST({there} AS BIGINT) * 1000 DIV ({asked})) DIV 1000"


def criterion(name, blank, met, fit="1000", short="0", law=False):
    """A criterion as (sum of verdicts, points): blank is open with 300 permille."""
    verdict = f"CASE WHEN {blank} THEN {OPEN} WHEN {met} THEN 0 ELSE {LAW if law else SHORT} END"
    permille = f"CASE WHEN {blank} THEN 300 WHEN {met} THEN {fit} ELSE {short} END"
    return verdict, f"({W[name]} * ({permille}) * fresh DIV 100000)"


def price(most):
    asked, limit = f"(price * {MU})", f"({most} * size)"
    fit = f"1000 - 400 * ({asked} * 1000 DIV {limit}) DIV 1000"
    return criterion("price", "price IS NULL", f"{asked} <= {limit}", fit, short_fit(limit, asked))


def land(least, most):
    fit = f"1000 - 400 * (abs(2 * land - {least + most}) * 1000 DIV {most - least}) DIV 1000"
    short = f"CASE WHEN land < {least} THEN {short_fit('land', least)} ELSE {short_fit(most, 'land')} END"
    return criterion("land", "size IS NULL", f"land BETWEEN {least} AND {most}", fit, short)


def land_up_to(most):
    fit = f"1000 - 400 * (({most} - land) * 1000 DIV {most}) DIV 1000"
    return criterion("land", "size IS NULL", f"land <= {most}", fit, short_fit(most, "land"))


def power(least):
    fit = f"1000 - 200 * ((power - {least}) * 1000 DIV power) DIV 1000"
    return criterion("power", "power IS NULL", f"power >= {least}", fit, short_fit("power", least))


def demanded(name, column, threshold, offered):
    """A control indicator that the requirement states: blank, it is open on a controlled plot and else no demand."""
    verdict = f"""CASE WHEN {column} IS NULL THEN CASE WHEN controlled = 1 THEN {OPEN} ELSE 0 END
        WHEN {threshold} <= {offered} THEN 0 ELSE {SHORT} END"""
    permille = f"""CASE WHEN {column} IS NULL THEN CASE WHEN controlled = 1 THEN 300 ELSE 0 END
        WHEN {threshold} <= {offered} THEN 1000 ELSE {short_fit(offered, threshold)} END"""
    return verdict, f"({W[name]} * ({permille}) * fresh DIV 100000)"


def unstated(column):
    """Open without points where the listing demands it."""
    return f"CASE WHEN {column} IS NULL THEN 0 ELSE {OPEN} END", "0"


def related(n):
    return f"(i{n}lo <= 3699 AND i{n}hi >= 3600)"


def industry():
    nearest = f"""CASE WHEN {related(1)} AND (i2lo IS NULL OR NOT {related(2)} OR i1d <= i2d)
        THEN i1d - 2 ELSE i2d - 2 END"""
    # The second range may be blank: unknown of SQL, not of the contract.
    met = f"{related(1)} OR (i2lo IS NOT NULL AND {related(2)})"
    return criterion("industry", "i1lo IS NULL", met, f"1000 - 150 * ({nearest})")


def query(parts, least):
    """The whole answer: counts, and the first twenty of each list. Rows: list (3: considered), count, id, score."""
    verdicts = " + ".join(verdict for verdict, _ in parts)
    score = " + ".join(points for _, points in parts)
    lists = " UNION ALL ".join(
        f"SELECT * FROM (SELECT list, 0, id, score FROM scored WHERE list = {it} ORDER BY score DESC, id LIMIT 20) l{it}"
        for it in range(3))
    return f"""WITH offers AS (SELECT *, {FRESH} AS fresh, {take(least)} AS land FROM t WHERE kind = 0 AND offered = 1),
        summed AS (SELECT *, {verdicts} AS verdicts FROM offers),
        scored AS MATERIALIZED (SELECT id, CAST({score} AS BIGINT) AS score,
            CASE WHEN verdicts = 0 THEN 0 WHEN verdicts < {SHORT} THEN 1 ELSE 2 END AS list
            FROM summed WHERE verdicts < {LAW})
        SELECT list, COUNT(*), '', 0 FROM scored GROUP BY list
        UNION ALL SELECT 3, COUNT(*), '', 0 FROM t WHERE kind = 0 AND offered = 1
        UNION ALL {lists}"""


USE = criterion("use", "use_prod IS NULL", "use_prod = 1", law=True)
BUY = criterion("tenure", "buys IS NULL", "buys = 1")
FREE = criterion("available", "available IS NULL", f"available <= {BY}",
                 short=f"CASE WHEN available - {BY} < 400 THEN 400 - (available - {BY}) ELSE 0 END")
UNSTATED = [unstated(c) for c in ["i1lo", "blo", "tax", "invest", "output", "rd", "energy", "emission"]]
QUERIES = {
    "narrow": query([
        criterion("region", "province = 0", "province IN (330000, 320000, 340000, 370000)"), industry(),
        criterion("banned_industry", "FALSE", "blo IS NULL OR NOT (blo <= 3600 AND bhi >= 3699)", law=True), USE,
        land(30 * MU, 120 * MU),
        demanded("tax", "tax", "(tax * land)", 30000000 * MU),
        demanded("investment", "invest", "(invest * land)", 600000000 * MU),
        demanded("output", "output", "(output * land)", 900000000 * MU),
        demanded("rd", "rd", "rd", 50000), unstated("energy"), unstated("emission"), BUY, price(450000), power(20000000),
        criterion("level", "level = 0", "level IN (1, 2)"), FREE], 30 * MU),
    "middle": query([
        criterion("region", "province = 0", "prefecture IN (330200, 330100, 320500)"), USE, land(20 * MU, 80 * MU),
        price(450000), power(10000000), BUY, FREE] + UNSTATED, 20 * MU),
    "broad": query([USE, land_up_to(200 * MU), price(600000)] + UNSTATED, 0),
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
    """Prints the times, and whether counts and lists are the engine's."""
    expected = ANSWERS["classes"][name]
    names = ["matched", "to_confirm", "near", "considered"]
    counts = dict.fromkeys(names, 0) | {names[it]: count for it, count, row, _ in found if row == ""}
    same_counts = counts == expected["counts"]
    lists = {it: [(row, score) for its, _, row, score in found if its == it and row != ""] for it in range(3)}
    ordered = {it: sorted(rows, key=lambda row: (-row[1], row[0])) for it, rows in lists.items()}
    same_lists = all(ordered[it] == [(m["id"], m["score"]) for m in expected[names[it]]] for it in range(3))
    same = "same counts and lists" if same_counts and same_lists else f"OTHER {'LISTS' if same_counts else counts}"
    print(f"{peer:12} {name:8} {statistics.median(times):10.1f} ms ({min(times):.1f} to {max(times):.1f})  {same}", flush=True)


def timed(run, clock=time.thread_time):
    times = []
    for _ in range(RUNS):
        before = clock()
        found = run()
        times.append((clock() - before) * 1e3)
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
    import psycopg
    binaries = os.environ.get("PEERS_PG_BIN", "/usr/lib/postgresql/15/bin")
    if not os.path.exists(os.path.join(binaries, "initdb")):
        return
    # The server refuses root; anybody else runs it as themselves.
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    home = tempfile.mkdtemp(prefix="matching-pg-")
    if become:
        shutil.chown(home, "postgres")
    data = os.path.join(home, "data")

    def run(*command):
        return subprocess.run(become + list(command), check=True, capture_output=True, text=True, cwd=home)

    run(os.path.join(binaries, "initdb"), "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C")
    settings = f"-k {home} -h '' -c max_parallel_workers_per_gather=0 -c shared_buffers=1GB -c work_mem=256MB -c fsync=off"
    run(os.path.join(binaries, "pg_ctl"), "-D", data, "-w", "-l", os.path.join(home, "log"), "-o", settings, "start")
    try:
        rows = os.path.join(home, "rows.csv")
        shutil.copy(ROWS, rows)
        os.chmod(rows, 0o644)
        with psycopg.connect(host=home, dbname="postgres", user="postgres" if become else None, autocommit=True) as base:
            for statement in [f"CREATE TABLE t ({schema()})", f"COPY t FROM '{rows}' CSV HEADER"] + INDEXES:
                base.execute(statement)
            base.execute("VACUUM ANALYZE t")

            def cpu():
                """Seconds of CPU time of the backend, whatever else the machine does."""
                with open(f"/proc/{base.info.backend_pid}/schedstat", encoding="ascii") as file:
                    return int(file.read().split()[0]) / 1e9

            for name, text in QUERIES.items():
                text = text.replace("DIV", "/")
                base.execute(text).fetchall()
                report("PostgreSQL", name, *timed(lambda: base.execute(text).fetchall(), cpu))
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
