#!/bin/sh
# Every night: fill what this server missed from what its standby recorded, and speak only when something failed.
#
#   17 4 * * *  root  /usr/local/bin/nightly-fill.sh /mnt/standby/perfdata /var/lib/pnp4nagios/perfdata
#
# cron mails what is printed. Exit: that of rrd-merge; 75 where the run before hasn't ended yet.
set -eu

old=$1
new=$2
state=${STATE_FOLDER:-/var/lib/rrd-fill}
mkdir -p "$state"

# One at a time: a slow night must not meet the next one.
exec 9>"$state/lock"
flock -n 9 || exit 75

# Only what is old enough to be settled on the standby, and nothing that only the standby has.
status=0
rrd-merge --quiet --only-common --allow-newer-old --to now-1h --json "$old" "$new" >"$state/last.json" || status=$?

# 4: an update came in between and was lost or brought over; the document says where.
if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
  jq -r '.error.message // empty,
    (.files[]? | select(.status == "failed") | "\(.path): \(.error.message)"),
    (.files[]? | .path as $path | .warnings[] | select(.code == "late-writer") | .message)' "$state/last.json"
  exit "$status"
fi
