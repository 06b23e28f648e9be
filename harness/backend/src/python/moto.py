from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("listening http://127.0.0.1:%d" % server.get_host_and_port()[1], flush=True)
threading.Event().wait()
