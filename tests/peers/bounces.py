"""Real mails of servers, read by the product, by sisimai and by flufl.bounce: unseen ones, and false permanent ones.

Called by `bounces` with the product's reading (JSON lines) and the records of sisimai (tab-separated).
"""

import collections
import email
import email.policy
import json
import pathlib
import re
import sys

from flufl.bounce import all_failures

MESSAGE_ID = re.compile(r"^[>\s*]*Message-?Id:[ \t]*(?:\r?\n[ \t]+)?<?([^\s<>]+@[^\s<>]+)", re.I | re.M)
ACTION = re.compile(r"^Action:\s*(\w+)", re.I | re.M)
AUTOMATIC = ("rfc3834", "is-not-bounce", "arf")


def texts(raw):
    """The decoded text below the mail's own header."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    body = raw.partition(b"\n\n")[2].decode("latin-1")
    found = [body]
    try:
        for part in email.message_from_bytes(raw).walk():
            if part.get("content-transfer-encoding", "").lower().strip() in ("base64", "quoted-printable"):
                found.append((part.get_payload(decode=True) or b"").decode("utf-8", "replace"))
    except Exception as error:  # a mail that Python cannot read is still one
        print("python:", error, file=sys.stderr)
    return "\n".join(found)


def truth(name, text):
    """What the mail is, by its structure and the corpus' own name for it."""
    actions = {action.lower() for action in ACTION.findall(text)}
    if any(mark in name for mark in AUTOMATIC):
        return "automatic"
    if actions & {"failed", "expired", "failure"}:
        return "permanent"
    if "delayed" in actions:
        return "delayed"
    if actions & {"delivered", "relayed", "expanded", "deliverable"}:
        return "delivered"
    return "permanent or delayed"


def flufl(raw):
    try:
        temporary, permanent = all_failures(email.message_from_bytes(raw))
        return "permanent" if permanent else "delay" if temporary else ""
    except Exception:
        return ""


def main(ours, theirs):
    sisimai = collections.defaultdict(list)
    for line in open(theirs, encoding="utf-8", errors="replace"):
        file, action, hard, reason = line.rstrip("\n").split("\t")
        sisimai[file].append((action, hard, reason))
    unseen = collections.defaultdict(lambda: [0] * 5)
    false = collections.defaultdict(lambda: [0] * 4)
    faults = []
    for line in open(ours, encoding="utf-8"):
        mine = json.loads(line)
        file = mine["file"]
        raw = open(file, "rb").read()
        name, folder = pathlib.Path(file).name, pathlib.Path(file).parent.name
        text = texts(raw)
        kind = truth(name, text)
        records = sisimai.get(file, [])
        peers = flufl(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        if kind in ("permanent", "permanent or delayed", "delayed"):
            ids = {found.strip(".,;") for found in MESSAGE_ID.findall(text)}
            has_id = bool(ids & set(mine["ids"]))
            is_seen = mine["class"] in ("permanent", "delay") and has_id
            row = unseen[folder]
            row[0] += 1
            row[1] += bool(ids)
            row[2] += bool(ids) and not is_seen
            row[3] += bool(ids) and not records
            row[4] += bool(ids) and not peers
            if ids and not is_seen:
                faults.append(f"unseen: {file}: {mine['class']}, id read: {has_id}")
        if kind in ("automatic", "delayed", "delivered"):
            row = false[kind]
            row[0] += 1
            row[1] += mine["class"] == "permanent"
            # A report of abuse is a record with the action `abuse` or none: not counted against it.
            row[2] += any(action == "failed" for action, _, _ in records)
            row[3] += peers == "permanent"
            if mine["class"] == "permanent":
                faults.append(f"false permanent: {file}")
    print(f"{'folder':28}{'mails':>7}{'with id':>9}{'luodi':>8}{'sisimai':>9}{'flufl':>7}   unseen of those with an id")
    total = [0] * 5
    for folder, row in sorted(unseen.items()):
        total = [a + b for a, b in zip(total, row)]
        print(f"{folder:28}{row[0]:7}{row[1]:9}{row[2]:8}{row[3]:9}{row[4]:7}")
    print(f"{'all':28}{total[0]:7}{total[1]:9}{total[2]:8}{total[3]:9}{total[4]:7}")
    print(f"\n{'kind':28}{'mails':>7}{'luodi':>8}{'sisimai':>9}{'flufl':>7}   taken for permanent")
    for kind, row in sorted(false.items()):
        print(f"{kind:28}{row[0]:7}{row[1]:8}{row[2]:9}{row[3]:7}")
    print("\n" + "\n".join(faults))
    wrong = sum(row[1] for row in false.values())
    return 1 if total[2] * 50 > total[1] or wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
