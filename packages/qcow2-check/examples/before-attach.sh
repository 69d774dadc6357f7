#!/bin/sh
# Before a volume is attached to a machine: may it be? For the hook of an orchestrator.
#   before-attach.sh IMAGE
# 0: attach it (sound, or leaks without data behind them). 1: don't; the reason is on stderr. Writes nothing.
set -u
said=$(qcow2-check --json --quiet "$1" 2>/dev/null)
reason=$(printf '%s' "$said" | jq -r '
  if .error then .error.message
  elif .qemu.opens | not then "QEMU does not open it: \(.qemu.blockedBy[0].message)"
  elif any(.findings[]; .code == "lost-l2" or .code == "snapshot-orphan") then "data is behind its leaks: a start could destroy it"
  elif .verdict == "consistent" or .verdict == "leaks" then ""
  else "it is \(.verdict): \(.corruptions) corruptions"
  end') || reason='qcow2-check said nothing'
[ -z "$reason" ] && exit 0
echo "$1: $reason" >&2
exit 1
