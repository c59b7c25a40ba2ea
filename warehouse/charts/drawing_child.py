"""The process that draws: a list of Vega-Lite specifications in, a list of SVG texts out.

It knows nothing of the warehouse and fetches nothing.
"""

import json
import resource
import sys

import vl_convert


def main() -> None:
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    specs = json.load(sys.stdin)
    drawn = [vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]) for spec in specs]
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    main()
