"""A self-contained HTML page: its style, and text that is safe in it. No scripts, no fonts, no downloads."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from framescope.core.printable import printable
from framescope.core.translation import language_in_use, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE = """
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1b1f24;--muted:#5b6570;--line:#dfe3e8;
--exact:#2da44e;--ambiguous:#d4a017;--shifted:#cf222e;--foreign:#8250df;--failed:#8b949e;--axis:#aab2bb;
--accent:#0969da;--key:#0969da}
@media(prefers-color-scheme:dark){:root{--page:#0e1116;--card:#161b22;--text:#e6edf3;--muted:#9aa5b1;
--line:#2b323b;--exact:#3fb950;--ambiguous:#e3b341;--shifted:#ff6b61;--foreign:#bc8cff;--failed:#6e7681;
--axis:#4b5561;--accent:#58a6ff;--key:#58a6ff}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--text);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1120px;margin:0 auto;padding:40px 24px 64px}h1{font-size:30px;line-height:1.2;margin:0 0 4px}
h2{font-size:21px;margin:48px 0 4px;overflow-wrap:anywhere}h3{font-size:16px;margin:0 0 8px}
p{margin:4px 0 12px}.muted{color:var(--muted)}.card{background:var(--card);border:1px solid var(--line);
border-radius:10px;padding:20px;margin:16px 0;overflow-x:auto}table{border-collapse:collapse;width:100%}
th{font-weight:600;color:var(--muted);font-size:13px}th,td{text-align:right;padding:8px;
border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums;white-space:nowrap}
tr:last-child td{border-bottom:0}th:first-child,td:first-child,th.words,td.words{text-align:left}
td.words{white-space:normal;min-width:168px;max-width:420px}
td:first-child{white-space:normal;min-width:150px}td:first-child .muted{font-size:13px}
.pill{display:inline-block;border-radius:12px;padding:1px 10px;
font-size:13px;line-height:1.4;font-weight:600;border:1px solid}
.lead{font-size:19px;font-weight:600;margin:14px 0 18px}.bar{display:inline-block;width:44px;height:6px;
border-radius:3px;background:var(--line);margin-right:8px;vertical-align:2px;overflow:hidden}
.bar i{display:block;height:100%;background:currentColor}.scroll{overflow-x:auto}
.share{display:inline-block;min-width:58px}a{color:var(--accent)}
.good{color:var(--exact)}.bad{color:var(--shifted)}
.odd{color:var(--ambiguous)}.none,.thin{color:var(--muted)}.pair{display:grid;gap:16px;
grid-template-columns:repeat(auto-fit,minmax(min(420px,100%),1fr))}.pair .card{margin:0}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--muted);font-size:12px;font-family:inherit}svg .name{fill:var(--text)}
ul{margin:4px 0 0;padding-left:20px}li{margin:2px 0}dl{margin:0}dt{font-weight:600}dd{margin:0 0 14px}
.legend span{margin-right:16px;white-space:nowrap}.legend i{display:inline-block;width:11px;height:11px;
border-radius:3px;margin-right:5px;vertical-align:-1px}
@media(max-width:700px){main{padding:24px 12px 40px}h1{font-size:24px}.card{padding:14px}
.wide svg{min-width:760px}.legend span{white-space:normal;display:block}}
@media print{body{background:#fff}.card{break-inside:avoid}}
"""


def html_page(title: str, body: Sequence[str]) -> str:
    """The whole page.

    Args:
        title: Plain text.
        body: Elements that go inside ``main``.
    """
    return (
        f'<!doctype html>\n<html lang="{html_text(language_in_use())}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html_text(title)}</title><style>{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + f'\n<p class="muted">{html_text(tr("Made by FrameScope."))}</p></main></body></html>\n'
    )


def html_text(words: str) -> str:
    """Plain text as HTML, whatever is in it."""
    return html.escape(printable(words), quote=True)
