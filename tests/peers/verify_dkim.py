"""Verifies signed mails by dkimpy as they were built and as a relay with narrow lines hands them on."""

import pathlib
import re
import sys

import dkim

LONGEST = 998


def relayed(mail):
    """The mail after a relay that wraps lines of more than 998 octets and strips the eighth bit."""
    lines = []
    for line in mail.split(b"\r\n"):
        while len(line) > LONGEST:
            lines.append(line[:LONGEST])
            line = line[LONGEST:]
        lines.append(bytes(byte & 0x7F for byte in line))
    return b"\r\n".join(lines)


def main(folder):
    red = 0
    for record in sorted(pathlib.Path(folder).glob("*.dns")):
        text = "".join(re.findall(r'"([^"]*)"', record.read_text()))
        found = lambda name, timeout=5: text.encode()
        mails = [path.read_bytes() for path in sorted(pathlib.Path(folder).glob(f"{record.stem}-*.eml"))]
        right = sum(dkim.verify(mail, dnsfunc=found) for mail in mails)
        passed_on = sum(dkim.verify(relayed(mail), dnsfunc=found) for mail in mails)
        damaged = sum(dkim.verify(mail.replace(b"Subject: ", b"Subject: x", 1), dnsfunc=found) for mail in mails)
        print(f"{record.stem}: {right} of {len(mails)} verify, {passed_on} after the relay, {damaged} when changed")
        red |= right != len(mails) or passed_on != len(mails) or damaged > 0
    return int(red)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
