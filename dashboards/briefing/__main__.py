"""`python -m dashboards.briefing`: the library's plain data on standard input, a PDF on standard
output. The library starts it (`warehouse.access.briefing_paper`) and knows nothing of the site."""

from __future__ import annotations

import json
import sys

from dashboards.briefing.paper import briefing_pdf


def main() -> None:
    sys.stdout.buffer.write(briefing_pdf(json.load(sys.stdin)))


if __name__ == "__main__":
    main()
