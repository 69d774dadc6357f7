#!/bin/sh
# The longest holes below some folders, worst first: seconds, file, archive, from, to.
#   holes.sh FOLDER... [| head]
set -eu
rrd-merge coverage --quiet --json "$@" | jq -r '
  [ .files[] | select(.error == null) | .path as $path
    | .archives[] | .cf as $cf | .span as $span
    | .gaps[] | select(.position == "hole")
    | { seconds: (.to - .from), path: $path, archive: "\($cf) \($span)", from, to } ]
  | sort_by(-.seconds, .path, .archive)[]
  | [.seconds, .path, .archive, (.from | todate), (.to | todate)] | @tsv'
