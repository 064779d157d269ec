"""Fills a database of SQLite, whose steps are applied and whose 200 parks are imported, with leads of a year: county.py FILE LEADS."""

import sqlite3, sys, time

db, now, day = sqlite3.connect(sys.argv[1]), int(time.time() * 1000), 86_400_000
STAGES = [("registered", 0), ("contacted", 1), ("negotiating", 1)]
for n in range(int(sys.argv[2])):
    id, number, park, made = f"{n:032x}", f"LD20260101-{n:08}", f"K{n % 200:03}", now - n % 300 * day
    stage, touched = STAGES[n % 3]
    body = '{"kinds":["plot"],"land_mu":{"min":%d,"max":%d},"industry":"3670"}' % (20 + n % 60, 60 + n % 60)
    phone, firm = f"+86138{n:08}", f"示例{n}号机械"
    db.execute("INSERT INTO requirement (id, reference, state, body, company, contact, phone, email, locale, created_at, company_key, "
               "phone_last4) VALUES (?, ?, 'open', ?, ?, '示例', ?, ?, 'zh-Hans', ?, ?, ?)",
               (id, id, body, firm + "有限公司", phone, f"a{n}@example.com", made, firm, phone[-4:]))
    db.execute("INSERT INTO inquiry (id, number, requirement_id, listing_kind, listing_code, listing_name, park_code, state, created_at, "
               "updated_at, lead_id) VALUES (?, ?, ?, 'plot', ?, ?, ?, 'sent', ?, ?, ?)",
               (id, number, id, f"P{n % 900}", f"示例地块{n % 900}", park, made, made, id))
    db.execute("INSERT INTO lead (id, inquiry_id, park_code, stage, version, created_at, updated_at, due_at, hidden, requirement_id, "
               "number, state, source, touched) VALUES (?, ?, ?, ?, 1, ?, ?, ?, 0, ?, ?, 'open', 'web', ?)",
               (id, id, park, stage, made, made, now + (n % 21 - 7) * day, id, number, touched))
    db.execute("INSERT INTO lead_event (id, lead_id, at, kind, to_stage, note) VALUES (?, ?, ?, 'received', 'registered', '')", (id, id, made))
db.commit()
