# Opens a terminal ($2) the way that makes it a session leader's own, tells what it is then ($1), and becomes sleep(1).
exec 9<>"$2"
cat /proc/$$/stat >"$1.new"
mv "$1.new" "$1"
exec 9>&-
exec sleep 300
