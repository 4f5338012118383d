"""The two brokers of the comparison: the server under test, and RabbitMQ with the same names."""

import socket
from urllib.parse import urlsplit
from uuid import uuid4

import pika

from amqp import TIMEOUT_SECONDS, Broker, password, plain_socket, tls
from clients import Distributor
from envelope import besked_id

EXCHANGE = "AFSEND_BESKED_EXCHANGE"


def ours(bfo: Distributor) -> Broker:
    """The server: TLS, and a token of the role."""
    parts = urlsplit(bfo.url)

    def dial():
        raw = socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_SECONDS)
        return tls(bfo.demo.ca, None).wrap_socket(raw, server_hostname=parts.hostname)

    def response(role: str) -> str:
        return bfo.afsend if role == "afsend" else bfo.modtag

    broker = Broker("ours", dial, "EXTERNAL", response, bfo.vhost, bfo.exchange, bfo.queue)

    def fill(count: int) -> None:
        bfo.drain(*bfo.pull)
        broker.labels = {}
        if count:
            with bfo.sender() as sender:
                ids = sender.sent(*bfo.beskeder(count))
            broker.labels = {id: number for number, id in enumerate(ids, 1)}

    broker.fill = fill
    return broker


def rabbitmq(url: str) -> Broker:
    """The oracle: a password, the exchange, and a queue bound to it."""
    queue = str(uuid4())
    vhost = urlsplit(url).path[1:]
    connection = pika.BlockingConnection(pika.URLParameters(f"{url}?heartbeat=0"))
    channel = connection.channel()
    channel.exchange_declare(EXCHANGE, "fanout", durable=True)
    channel.queue_declare(queue, durable=True)
    channel.queue_bind(queue, EXCHANGE)
    channel.confirm_delivery()
    broker = Broker("rabbitmq", lambda: plain_socket(url), "PLAIN", lambda _: password(url), vhost, EXCHANGE, queue)

    def fill(count: int) -> None:
        channel.queue_declare(queue, durable=True)
        channel.queue_bind(queue, EXCHANGE)
        channel.queue_purge(queue)
        broker.labels = {}
        for number in range(1, count + 1):
            id = str(uuid4())
            broker.labels[id] = number
            body = f"<besked:BeskedId><sd:UUIDIdentifikator>{id}</sd:UUIDIdentifikator></besked:BeskedId>".encode()
            assert besked_id(body) == id
            channel.basic_publish(EXCHANGE, "", body, mandatory=True)

    broker.fill = fill
    return broker
