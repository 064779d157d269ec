#!/usr/bin/env bash
# Python's LMTP client reads one reply of many: a mail that the second mailbox refused counts as delivered.
#
# GUESS      LMTP differs from SMTP in one thing, a reply for each recipient after the dot. A class of the name LMTP
#            reads them all, and sendmail() returns the recipients that were refused.
# VERSION    smtplib of Python 3.11 against aiosmtpd 1.4.6, whose LMTP server answers once per recipient.
# BEHAVIOUR  sendmail() to two mailboxes, of which the second is full, returns {}: nobody was refused. Its 452 is read
#            as the answer to the next command. Where the first is full, sendmail() raises SMTPDataError, and the
#            second, which took the mail, gets it again at the next try. A reply stays in the line each time: even
#            where both took the mail, the next one on the same connection fails with "250 OK".
# OUTPUT     The lines under "want".
# WHY HERE   Replies of parks reach a program by LMTP; a delivery agent in Python, and a test that uses its client,
#            believe the wrong mailbox.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$temp/py" \
    aiosmtpd==1.4.6 2> "$temp/errors" || { cat "$temp/errors"; exit 1; }

cat > "$temp/run.py" <<'PY'
import asyncio, smtplib, threading
from aiosmtpd.lmtp import LMTP

class Mailboxes:
    async def handle_DATA(self, server, session, envelope):
        return "\r\n".join("452 full" if "full" in to else "250 stored" for to in envelope.rcpt_tos)

loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()
listening = loop.create_server(lambda: LMTP(Mailboxes(), hostname="mx.example.com"), "127.0.0.1", 0)
port = asyncio.run_coroutine_threadsafe(listening, loop).result().sockets[0].getsockname()[1]

def send(client, *names):
    try:
        return client.sendmail("a@example.com", [f"{name}@example.com" for name in names], "Subject: x\r\n\r\nx")
    except smtplib.SMTPResponseException as error:
        return f"{type(error).__name__} {error.smtp_code} {error.smtp_error.decode()}"

for names in [("one", "full"), ("full", "one"), ("one", "two")]:
    client, other = smtplib.LMTP("127.0.0.1", port, timeout=10), smtplib.LMTP("127.0.0.1", port, timeout=10)
    print(*names, send(client, *names), "then NOOP:", *client.noop())
    print(*names, send(other, *names), "then one mail:", send(other, "three"))
    client.close()
    other.close()
PY

cat > "$temp/want" <<'WANT'
one full {} then NOOP: 452 b'full'
one full {} then one mail: SMTPSenderRefused 452 full
full one SMTPDataError 452 full then NOOP: 250 b'OK'
full one SMTPDataError 452 full then one mail: SMTPDataError 250 OK
one two {} then NOOP: 250 b'stored'
one two {} then one mail: SMTPDataError 250 OK
WANT

PYTHONPATH="$temp/py" python3 "$temp/run.py" > "$temp/got"
cat "$temp/got"
diff "$temp/want" "$temp/got"
