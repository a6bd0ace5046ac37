"""Logs each line of a file by the handler that is asked for: python3 log.py FILE '{"handler": "gelf-tcp", "port": 1, …}'"""
import json
import logging
import logging.handlers
import socket
import sys

path, asked = sys.argv[1], json.loads(sys.argv[2])
kind, address = asked.pop('handler'), ('127.0.0.1', asked.pop('port'))


def handler():
    if kind.startswith('syslog'):
        transport = socket.SOCK_STREAM if kind == 'syslog-tcp' else socket.SOCK_DGRAM
        made = logging.handlers.SysLogHandler(address=address, socktype=transport)
        made.setFormatter(logging.Formatter('app[7]: %(message)s'))
        return made
    library, transport = kind.split('-')
    host, port = ('localhost', address[1]) if transport == 'tls' else address
    if library == 'pygelf':
        import pygelf
        of = {'udp': pygelf.GelfUdpHandler, 'tcp': pygelf.GelfTcpHandler, 'tls': pygelf.GelfTlsHandler}
    else:
        import graypy
        of = {'udp': graypy.GELFUDPHandler, 'tcp': graypy.GELFTCPHandler, 'tls': graypy.GELFTLSHandler}
    return of[transport](host=host, port=port, **asked)


logging.raiseExceptions = True
logger = logging.getLogger('quầy')
logger.addHandler(handler())
with open(path, encoding='utf-8', newline='\n') as lines:
    for line in lines:
        logger.warning('%s', line.removesuffix('\n'))
logging.shutdown()
