"""Draws growth.svg from growth.csv: CPU time against rows, both logarithmic."""

import csv
import math
import os

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH, HEIGHT, LEFT, TOP = 720, 420, 70, 30
COLOURS = {"narrow": "#1f77b4", "middle": "#2ca02c", "broad": "#d62728"}
rows = list(csv.DictReader(open(os.path.join(HERE, "growth.csv"), encoding="utf-8")))


def x(count):
    return LEFT + (math.log10(count) - 4) / 3 * (WIDTH - LEFT - 160)


def y(ms):
    return TOP + (2.2 - math.log10(ms)) / 4.4 * (HEIGHT - TOP - 50)


parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
         f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
for power in range(-2, 3):
    at = y(10 ** power)
    parts.append(f'<path d="M{LEFT} {at:.1f}H{x(1e7):.1f}" stroke="#ddd"/><text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10 ** power:g} ms</text>')
for power, name in [(4, "10 k"), (5, "100 k"), (6, "1 M"), (7, "10 M")]:
    parts.append(f'<text x="{x(10 ** power):.1f}" y="{HEIGHT - 25}" text-anchor="middle">{name}</text>')
for column, dash, label in [("top_ms", "", "top 20"), ("whole_ms", "5 4", "whole answer")]:
    for name, colour in COLOURS.items():
        line = [(x(float(row["rows"])), y(float(row[column]))) for row in rows if row["class"] == name]
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in line)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
for at, (name, colour) in enumerate(COLOURS.items()):
    for part, (dash, label) in enumerate([("", "top 20"), ("5 4", "whole")]):
        line = TOP + 20 + at * 44 + part * 20
        parts.append(f'<path d="M{WIDTH - 150} {line}h30" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
                     f'<text x="{WIDTH - 112}" y="{line + 4}">{name}, {label}</text>')
parts.append("</svg>")
open(os.path.join(HERE, "growth.svg"), "w", encoding="utf-8").write("\n".join(parts) + "\n")
