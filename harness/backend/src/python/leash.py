# Everything here lives as long as standard input is open: when the process that started this ends, however it ends, the
# system closes it. The process group is this program's own, and TMPDIR a folder made for it.
import os, shutil, signal, sys, threading


def hold():
    try:
        while os.read(0, 4096):
            pass
    finally:
        shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
        os.killpg(0, signal.SIGKILL)


threading.Thread(target=hold, daemon=True).start()
