# MiniStack's own `main` listens on all addresses unless told otherwise, and wants its port named. Here it gets a
# listening socket, so nobody else can have the port. The other listeners that it starts without being asked stay off, and
# those it is asked for (an MQTT broker, an SFTP server) are refused off loopback.
import asyncio, errno, socket


def on_loopback(event, arguments):
    address = arguments[1] if event == "socket.bind" else ""
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1"):
        raise PermissionError(errno.EACCES, "only loopback is listened on, not " + (address[0] or "all addresses"))


sys.addaudithook(on_loopback)

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
folder = os.environ["TMPDIR"]
os.environ.update(GATEWAY_PORT=str(port), BIND_HOST="127.0.0.1", SFTP_ENABLED="0", SFTP_HOST="127.0.0.1",
                  IOT_MTLS_ENABLED="0", S3_DATA_DIR=folder + "/s3", STATE_DIR=folder + "/state")

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app

config = Config()
config.bind = ["fd://%d" % listener.detach()]
config.keep_alive_timeout = 75
print("listening http://127.0.0.1:%d" % port, flush=True)
asyncio.run(serve(app, config))
