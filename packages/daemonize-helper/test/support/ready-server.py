"""Listens after argv[1] seconds: argv[2] is port:N, unix:PATH, or fd (tells fd 3), file:PATH, log (prints)."""
import os, socket, sys, time

time.sleep(float(sys.argv[1]))
how, _, where = sys.argv[2].partition(":")
if how == "port":
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(where)))
    listener.listen()
elif how == "unix":
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(where)
    listener.listen()
elif how == "fd":
    os.write(int(where or 3), b"\n")
    os.close(int(where or 3))
elif how == "file":
    open(where, "w").close()
elif how == "log":
    print("listening on everything", flush=True)
time.sleep(300)
