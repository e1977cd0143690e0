"""What the benchmark prints: the machine, the table, and the chart."""

import math
import os
import re
from html import escape

import faiss
import sklearn

WIDTH = 880
LABELS = 430  # where the bars begin
BAR = 16
LINE = 40
TOP = 64


def machine(bench):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    version = bench.server.run("SHOW server_version")[0][0].split()[0]
    return (f"{os.cpu_count()} cores ({model.group(1).strip() if model else 'unknown'}), PostgreSQL {version}, "
            f"scikit-learn {sklearn.__version__}, FAISS {faiss.__version__}; medians of {bench.repeat} pairs, taken in turns")


HEADER = "| measure | segment | against | figure | target | reached |\n| --- | --- | --- | --- | --- | --- |"


def line(outcome):
    reached = {True: "yes", False: "no", None: ""}[outcome.reached]
    return f"| {outcome.what} | {outcome.ours} | {outcome.other} | {outcome.figure} | {outcome.target} | {reached} |"


def chart(bench):
    """Horizontal bars on a logarithmic scale: how many times as long the others take."""
    bars = [o for o in bench.outcomes if o.speedup]
    most = max([10, *(o.speedup for o in bars)]) * 1.1
    least = min([0.9, *(o.speedup for o in bars)]) / 1.1
    right = WIDTH - 70
    height = TOP + LINE * len(bars) + 34

    def x(ratio):
        return LABELS + (right - LABELS) * math.log(ratio / least) / math.log(most / least)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        'aria-labelledby="title description">',
        '<title id="title">How many times as long the others take</title>',
        '<desc id="description">' + escape("; ".join(f"{o.what}: {o.peer} {o.speedup:.3g}" for o in bars)) + "</desc>",
        "<style>",
        "text { font: 13px system-ui, sans-serif; fill: #1f2328 }",
        ".title { font-size: 17px; font-weight: 600 } .small { font-size: 11.5px; fill: #59636e }",
        ".bar { fill: #1f6feb } .slower { fill: #bc4c00 } .grid { stroke: #d1d9e0 } .one { stroke: #59636e }",
        "@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .small { fill: #9198a1 }",
        ".bar { fill: #4493f8 } .slower { fill: #db6d28 } .grid { stroke: #3d444d } .one { stroke: #9198a1 } }",
        "</style>",
        '<text class="title" x="16" y="28">How many times as long the others take</text>',
        f'<text class="small" x="16" y="46">{escape(machine(bench))}</text>',
    ]
    for tick in (t for e in range(-3, 5) for t in (10.0**e, 2 * 10.0**e, 5 * 10.0**e)):
        if least <= tick <= most:
            kind = "one" if tick == 1 else "grid"
            at = f"{x(tick):.1f}"
            out.append(f'<line class="{kind}" x1="{at}" x2="{at}" y1="{TOP - 4}" y2="{height - 30}"/>')
            out.append(f'<text class="small" text-anchor="middle" x="{at}" y="{height - 12}">{tick:g}</text>')
    for i, o in enumerate(bars):
        y = TOP + LINE * i
        start, end = sorted((x(1), x(o.speedup)))
        width = max(end - start, 1)
        kind = "bar" if o.speedup >= 1 else "slower"
        out += [
            f'<text x="16" y="{y + 14}">{escape(o.what)}</text>',
            f'<text class="small" x="16" y="{y + 29}">{escape(o.other)}, segment: {escape(o.ours)}</text>',
            f'<rect class="{kind}" x="{start:.1f}" y="{y + 7}" width="{width:.1f}" height="{BAR}" rx="2"/>',
            f'<text x="{end + 6:.1f}" y="{y + 20}">{o.speedup:.3g}</text>',
        ]
    return "\n".join([*out, "</svg>", ""])
