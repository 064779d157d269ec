"""The reply forms of `tests/replies`, cut by the product, by mail-parser-reply and by email-reply-parser.

Called by `replies` with the product's reading (JSON lines). The libraries read text alone: each gets the decoded plain part,
or the HTML part as text where that one is blank.
"""

import email
import email.policy
import json
import pathlib
import sys
import tomllib

import html2text
from email_reply_parser import EmailReplyParser
from mailparser_reply import EmailReplyParser as MailParserReply

FOLDER = pathlib.Path("tests/replies")
SECRETS = ("buyer@example.com", "13800138000")


def dense(text):
    return "".join(text.split()).replace("\ufeff", "")


def decoded(part):
    raw = part.get_payload(decode=True) or b""
    charset = part.get_content_charset()
    for name in (charset, "utf-8", "gb18030"):
        try:
            return raw.decode(name) if name else None or raw.decode("utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("utf-8", "replace")


def text_of(mail):
    message = email.message_from_bytes(mail)
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    plain = "\n\n".join(decoded(part) for part in parts if part.get_content_subtype() == "plain")
    if plain.strip():
        return plain
    reader = html2text.HTML2Text(bodywidth=0)
    return "\n\n".join(reader.handle(decoded(part)) for part in parts if part.get_content_subtype() == "html")


def main(ours):
    want = tomllib.loads((FOLDER / "want.toml").read_text("utf-8"))
    mine = {pathlib.Path(json.loads(line)["file"]).stem: json.loads(line)["lines"] for line in open(ours, encoding="utf-8")}
    readers = {
        "luodi": lambda name, text: "\n".join(mine[name]),
        "mail-parser-reply": lambda name, text: MailParserReply(languages=["zh", "en"]).parse_reply(text=text) or "",
        "email-reply-parser": lambda name, text: EmailReplyParser.parse_reply(text),
    }
    print(f"{len(want)} forms")
    print(f"{'':20}{'forms right':>12}{'words lost':>12}{'left of quoted':>16}{'forms that give away':>22}")
    for reader, cut in readers.items():
        right = lost = left = quoted = leaks = 0
        for name, form in want.items():
            text = text_of((FOLDER / f"{name}.eml").read_bytes())
            rest = dense(cut(name, text))
            leaks += any(secret in rest for secret in SECRETS)
            missing = 0
            for words in map(dense, form["new"]):
                missing += words not in rest
                rest = rest.replace(words, "", 1)
            for words in form.get("answered", []) + form.get("optional", []):
                rest = rest.replace(dense(words), "")
            rest = "".join(c for c in rest if c not in "|*>—─-#")
            quoted += max(0, len(dense(text)) - sum(len(dense(words)) for words in form["new"]))
            lost, left = lost + missing, left + len(rest)
            right += not missing and not rest
            if reader == "luodi" and (missing or rest):
                print(f"luodi: {name}: {missing} lost, left {rest!r}")
        print(f"{reader:20}{right:12}{lost:12}{left / quoted:15.1%} {leaks:21}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
