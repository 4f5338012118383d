"""Senders and receivers as real ones are: pika, a token, and the habits of the official samples."""

import queue
import re
import time
from dataclasses import dataclass
from functools import cached_property, partial
from uuid import uuid4

import pika
from lxml import etree

from amqp import REPLIES, parameters
from envelope import SD, Besked, besked_id, cvr_urn, valid
from server import LOG_SECONDS, Demo
from sts_client import Sts
from wire import Identity, now, parsed, resigned, stamp

#: How long a client waits for a reply before it sends again.
REPLY_SECONDS = 10
DELIVERY_SECONDS = 10


@dataclass(frozen=True)
class Reply:
    """The answer to a message."""

    kode: int
    tekst: str
    properties: pika.BasicProperties
    exchange: str
    body: bytes

    @classmethod
    def of(cls, method, properties, body: bytes) -> "Reply":
        tree = valid(body, "1.1/SagDokObjekt")
        assert etree.QName(tree) == etree.QName(SD, "StandardRetur"), "the root is StandardRetur itself"
        kode = int(tree.findtext(f"{{{SD}}}StatusKode"))
        return cls(kode, tree.findtext(f"{{{SD}}}FejlbeskedTekst") or "", properties, method.exchange, body)


class Client:
    """A connection that is closed in the end, however it went."""

    def __init__(self, connection: pika.BlockingConnection):
        self.connection = connection
        self.channel = connection.channel()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.connection and self.connection.is_open:
            self.connection.close()

    def lose(self) -> None:
        """The connection is lost without a word: the socket is closed under the client."""
        self.connection._impl._transport._sock.close()
        self.connection = None

    def closed(self, seconds: float = DELIVERY_SECONDS) -> int:
        """The code with which the other side closes the channel."""
        deadline = time.monotonic() + seconds
        while self.channel.is_open:
            assert time.monotonic() < deadline, f"the channel was not closed within {seconds} s"
            self.connection.process_data_events(time_limit=0.1)
        return self.channel._impl._closing_reason.reply_code


class Sender(Client):
    """Sends as the sample does: replies consumed first, then publish and wait for what correlates."""

    def __init__(self, connection, bfo: "Distributor", token: str):
        super().__init__(connection)
        self.bfo, self.token = bfo, token
        self.replies: dict[str, Reply] = {}
        self.tag = self.channel.basic_consume(REPLIES, self._reply, auto_ack=True)

    def _reply(self, _, method, properties, body):
        self.replies[properties.correlation_id] = Reply.of(method, properties, body)

    def publish(self, body: bytes, token: str | None = "", headers: dict | None = None, **properties) -> str:
        """Sends without waiting; gives the correlation id. No token at all when it is None."""
        correlation = properties.pop("correlation_id", None) or str(uuid4())
        if headers is None:
            headers = {} if token is None else {"token": token or self.token}
        properties = {"message_id": str(uuid4()), "reply_to": REPLIES} | properties
        known = pika.BasicProperties(correlation_id=correlation, headers=headers, **properties)
        self.channel.basic_publish(self.bfo.exchange, "", body, known, mandatory=True)
        return correlation

    def wait(self, correlation: str) -> Reply:
        deadline = time.monotonic() + REPLY_SECONDS
        while correlation not in self.replies:
            assert time.monotonic() < deadline, f"no reply within {REPLY_SECONDS} s"
            self.connection.process_data_events(time_limit=0.1)
        return self.replies.pop(correlation)

    def send(self, body: bytes | Besked, **how) -> Reply:
        return self.wait(self.publish(body.body if isinstance(body, Besked) else body, **how))

    def sent(self, *beskeder: Besked) -> list[str]:
        """Sends what must be accepted, in order; gives the ids."""
        for besked in beskeder:
            reply = self.send(besked)
            assert reply.kode == 20, f"{reply.kode} {reply.tekst}"
        return [besked.id for besked in beskeder]


@dataclass(frozen=True)
class Delivery:
    """One message as it was handed out."""

    tag: int
    redelivered: bool
    body: bytes
    properties: pika.BasicProperties
    left: int | None = None

    @property
    def id(self) -> str:
        return besked_id(self.body)

    @property
    def count(self) -> int | None:
        return (self.properties.headers or {}).get("x-delivery-count")


class Receiver(Client):
    """Fetches and consumes."""

    def get(self, name: str, auto_ack: bool = False) -> Delivery | None:
        method, properties, body = self.channel.basic_get(name, auto_ack)
        if method is None:
            return None
        assert etree.QName(valid(body)).localname == "Haendelsesbesked"
        return Delivery(method.delivery_tag, method.redelivered, body, properties, method.message_count)

    def consume(self, name: str, channel=None, **how) -> "Consumer":
        return Consumer(self, channel or self.channel, name, **how)


class Consumer:
    """Deliveries in the order they come."""

    def __init__(self, client: Client, channel, name: str, prefetch: int | None = None, auto_ack: bool = False):
        self.client, self.channel, self.came = client, channel, queue.Queue()
        if prefetch is not None:
            channel.basic_qos(prefetch_count=prefetch)
        self.tag = channel.basic_consume(name, self._deliver, auto_ack=auto_ack)

    def _deliver(self, _, method, properties, body):
        valid(body)
        self.came.put(Delivery(method.delivery_tag, method.redelivered, body, properties))

    def next(self, seconds: float = DELIVERY_SECONDS) -> Delivery:
        delivery = self.perhaps(seconds)
        assert delivery, f"nothing was delivered within {seconds} s"
        return delivery

    def perhaps(self, seconds: float = 1) -> Delivery | None:
        """The next one, if it comes soon."""
        deadline = time.monotonic() + seconds
        while self.came.empty() and time.monotonic() < deadline:
            self.client.connection.process_data_events(time_limit=0.05)
        return None if self.came.empty() else self.came.get()

    def ack(self, delivery: Delivery, multiple: bool = False) -> None:
        self.channel.basic_ack(delivery.tag, multiple)


class Distributor:
    """The server under test, as sender and receiver know it from `demo.json`."""

    def __init__(self, demo: Demo):
        self.demo, self.about = demo, demo.json["besked"]
        self.vhost, self.exchange = self.about["vhost"], self.about["exchange"]
        self.sts, self._tokens = Sts(demo), {}

    # Who -------------------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return self.demo.json["amqps"]

    @cached_property
    def ky(self) -> Identity:
        return self.demo.systems[self.about["afsender"].lower()]

    @cached_property
    def sapa(self) -> Identity:
        return self.demo.systems[self.about["modtager"].lower()]

    def uuid(self, name: str) -> str:
        return next(s["uuid"] for s in self.demo.json["systems"] if s["name"].lower() == name.lower())

    @property
    def cvr(self) -> str:
        return self.demo.cvr["korsbaek"]

    def token(self, identity: Identity, role: str, cvr: str | None = None) -> str:
        """An assertion for `afsend` or `modtag`, asked for once."""
        key = identity.name, role, cvr
        if key not in self._tokens:
            audience = self.about["audiences"][role]
            self._tokens[key] = self.sts.issue(identity, service=audience, cvr=cvr or self.cvr).text
        return self._tokens[key]

    @cached_property
    def afsend(self) -> str:
        return self.token(self.ky, "afsend")

    @cached_property
    def modtag(self) -> str:
        return self.token(self.sapa, "modtag")

    def aged(self, token: str, begin: float, end: float) -> str | None:
        """The token with other times, signed by the service's own key where that lies open as in a demo."""
        key = self.demo.own_key("sts")
        if key is None:
            return None
        times = f'NotBefore="{stamp(now(seconds=begin))}" NotOnOrAfter="{stamp(now(seconds=end))}"'
        text, count = re.subn(r'NotBefore="[^"]*" NotOnOrAfter="[^"]*"', times, token)
        assert count, "the token has no times"
        return resigned(text.replace(parsed(token).get("ID"), f"_{uuid4()}"), key)

    # Connections -----------------------------------------------------------------------------------------------------

    def connect(self, token: str, identity: Identity | None, vhost: str | None = None, **more):
        files = identity and identity.files
        return pika.BlockingConnection(parameters(self.url, vhost or self.vhost, token, self.demo.ca, files, **more))

    def sender(self, token: str | None = None, certificate: bool = True) -> Sender:
        token = token or self.afsend
        return Sender(self.connect(token, self.ky if certificate else None), self, token)

    def receiver(self, certificate: bool = True, system: str | None = None, token: str | None = None) -> Receiver:
        """Receives as the usual system, or as another."""
        identity = self.demo.systems[(system or self.about["modtager"]).lower()]
        token = token or self.token(identity, "modtag")
        return Receiver(self.connect(token, identity if certificate else None))

    # Queues ----------------------------------------------------------------------------------------------------------

    def dueslag(self, system: str, mode: str) -> list[dict]:
        mine = {system.lower(), self.uuid(system).lower()}
        return [d for d in self.about["dueslag"] if d["system"].lower() in mine and d["maade"] == mode]

    @cached_property
    def pull(self) -> list[str]:
        return [d["uuid"] for d in self.dueslag(self.about["modtager"], "PULL")]

    def beskedtype(self, number: int) -> str:
        """The first, second or third type of test messages."""
        return self.about["beskedtyper"][f"TestbeskedType{number}"]

    @cached_property
    def queue(self) -> str:
        """The dueslag that gets every test message."""
        mine = self.dueslag(self.about["modtager"], "PULL")
        return next(d["uuid"] for d in mine if self.beskedtype(1) in d["beskedtyper"] and not d.get("filter"))

    @cached_property
    def foreign(self) -> str:
        """A dueslag of another system."""
        return next(d["uuid"] for d in self.dueslag("KSD", "PULL"))

    @cached_property
    def push(self) -> str:
        """A dueslag whose messages are posted."""
        return next(d["uuid"] for d in self.dueslag(self.about["modtager"], "PUSH"))

    def drain(self, *names: str, system: str | None = None) -> list[Delivery]:
        """Empties dueslag; gives what was in them."""
        with self.receiver(system=system) as receiver:
            return [delivery for name in names for delivery in iter(partial(receiver.get, name, auto_ack=True), None)]

    def fejlkoe(self, name: str, seconds: float = LOG_SECONDS, least: int = 1) -> dict[str, str]:
        """What is in a fejlkø, by the server's own program: ids, and why. Waits for so many, a little while."""
        deadline = time.monotonic() + seconds
        while True:
            told = self.demo.run("besked", "fejl", "list", name)
            found = dict(re.findall(r"^\S+ \S+  (\S+)  (\w+)", told, re.M))
            if len(found) >= least or time.monotonic() > deadline:
                return found
            time.sleep(0.2)

    # Messages --------------------------------------------------------------------------------------------------------

    def besked(self, **changes) -> Besked:
        """A message that is accepted and comes into the queue."""
        urn = cvr_urn(self.cvr)
        usual = {
            "beskedtype": self.beskedtype(1),
            "ansvarlig": self.uuid(self.about["afsender"]),
            "myndighed": urn,
            "tilladte": (urn,),
        }
        return Besked(**(usual | changes))

    def beskeder(self, count: int) -> list[Besked]:
        return [self.besked() for _ in range(count)]
