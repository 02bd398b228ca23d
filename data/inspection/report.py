"""The report of an inspection: one HTML page that needs nothing else, and the same as JSON and CSV."""

import base64
import csv
import html
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

from data.formats.json_file import write_json
from data.formats.whole_file import whole_file
from data.inspection.finding import KINDS, Finding
from data.inspection.inspect import Inspection

FILES: Final = ("report.html", "findings.json", "findings.csv")

_STYLE: Final = """
body{background:#14161d;color:#d9d4c7;font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:60em;padding:0 1em}
h1{font-size:1.5em} h2{font-size:1.15em;margin-top:2em} a{color:#3fb8e8}
table{border-collapse:collapse;width:100%} th,td{text-align:left;padding:.25em .6em;border-bottom:1px solid #2b303e;
vertical-align:top} th{color:#a7adbd;font-weight:normal} td.n{text-align:right;font-variant-numeric:tabular-nums}
figure{margin:1em 0 2em} img{width:100%;border-radius:4px} figcaption{margin-bottom:.4em}
.k{color:#f5c04f} .c{color:#a7adbd;overflow-wrap:anywhere} .all{font-size:.85em}
"""


def write_report(folder: Path, inspection: Inspection, pictures: Mapping[int, bytes]) -> None:
    """Writes `FILES` into a folder, which is made if it is not there; each appears whole or not at all.

    Args:
        folder: Where to.
        inspection: What was found.
        pictures: PNGs, by place in the ranking.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "findings.json", as_json(inspection))
    with whole_file(folder / "findings.csv") as part, part.open("w", encoding="utf-8", newline="") as file:
        names = [field.name for field in fields(Finding)]
        table = csv.DictWriter(file, names, lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(finding) for finding in inspection.findings)
    with whole_file(folder / "report.html") as part:
        part.write_text(page(inspection, pictures), encoding="utf-8")


def as_json(inspection: Inspection) -> dict[str, Any]:
    """Plain values."""
    return {
        "folder": inspection.folder.name,
        "is_prepared": inspection.is_prepared,
        "num_clips": len(inspection.clips),
        "duration_s": round(inspection.duration_s, 3),
        "thresholds": asdict(inspection.thresholds),
        "counts": counts(inspection),
        "findings": [asdict(finding) for finding in inspection.findings],
    }


def counts(inspection: Inspection) -> dict[str, int]:
    """How many findings there are of each kind that was found."""
    counted = Counter(finding.kind for finding in inspection.findings)
    return {kind: counted[kind] for kind in KINDS if counted[kind]}


def page(inspection: Inspection, pictures: Mapping[int, bytes]) -> str:
    """The page."""
    clean = {clip.clip for clip in inspection.clips} - {finding.clip for finding in inspection.findings}
    what = "sequences" if inspection.is_prepared else "clips"
    name = html.escape(inspection.folder.name)
    rows = "".join(
        f"<tr><td class=k>{kind}</td><td class=n>{count}</td><td>{html.escape(KINDS[kind])}</td></tr>"
        for kind, count in counts(inspection).items()
    )
    shown = "".join(
        _figure(place, finding, pictures[place])
        for place, finding in enumerate(inspection.findings)
        if place in pictures
    )
    listed = "".join(_row(place, finding, place in pictures) for place, finding in enumerate(inspection.findings))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Inspection of {name}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>Inspection of {name}</h1><p>{len(inspection.clips)} {what}, {inspection.duration_s / 60:.1f} minutes; "
        f"{len(inspection.findings)} findings; {len(clean)} {what} without any. Severity is how many times its limit "
        f"a value is; 100 is unusable. All limits stand in findings.json.</p>"
        f"<table><tr><th>kind<th>findings<th>meaning</tr>{rows}</table>"
        + (f"<h2>The worst, in pictures</h2>{shown}" if shown else "")
        + f"<h2>All findings, worst first</h2><table class=all><tr><th>#<th>severity<th>kind<th>clip<th>where<th>what"
        f"</tr>{listed}</table></html>\n"
    )


def _figure(place: int, finding: Finding, picture: bytes) -> str:
    encoded = base64.b64encode(picture).decode("ascii")
    words = html.escape(finding.message)
    return (
        f'<figure id="f{place + 1}"><figcaption>{place + 1}. <span class=k>{finding.kind}</span> '
        f"{finding.severity:.1f} times the limit of {finding.limit:g} {html.escape(finding.unit)}: {words}<br>"
        f'<span class=c>{html.escape(finding.clip)}, {finding.place}</span></figcaption><img loading="lazy" '
        f'alt="{words}" src="data:image/png;base64,{encoded}"></figure>'
    )


def _row(place: int, finding: Finding, has_picture: bool) -> str:
    number = f'<a href="#f{place + 1}">{place + 1}</a>' if has_picture else f"{place + 1}"
    return (
        f"<tr><td class=n>{number}<td class=n>{finding.severity:.1f}<td class=k>{finding.kind}"
        f"<td class=c>{html.escape(finding.clip)}<td>{finding.place}<td>{html.escape(finding.message)}</tr>"
    )
