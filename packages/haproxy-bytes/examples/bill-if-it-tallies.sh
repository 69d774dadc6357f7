#!/bin/sh
# A bill by customer network and month as CSV, and none at all where the log doesn't agree with HAProxy's own counters.
# usage: bill-if-it-tallies.sh BEFORE AFTER HAPROXY.CFG LOG...   (BEFORE and AFTER by haproxy-bytes snapshot)
set -eu
before=$1 after=$2 config=$3
shift 3

haproxy-bytes reconcile "$@" --config "$config" --before "$before" --after "$after" >&2 || {
  echo "not billed: the log doesn't tally" >&2
  exit 1
}
haproxy-bytes "$@" --config "$config" --by client/24,month --csv
