"""AMQP 0-9-1 by pika: as a client, and as a codec on a bare connection for what no client would send.

A `Broker` is whom one talks to: the server under test by TLS and tokens, or RabbitMQ by a password. What a test of the
protocol does to one it can do to the other.
"""

import socket
import ssl
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import pika
from pika import frame, spec
from pika.compat import as_bytes

TIMEOUT_SECONDS = 20
REPLIES = "amq.rabbitmq.reply-to"
HEADER = b"AMQP\0\0\x09\x01"
CAPABILITIES = {
    "authentication_failure_close": True,
    "basic.nack": True,
    "consumer_cancel_notify": True,
    "connection.blocked": True,
}


class External:
    """SASL EXTERNAL whose response is the assertion, as plain XML."""

    TYPE = "EXTERNAL"
    erase_on_connect = False

    def __init__(self, token: str):
        self.token = token

    def response_for(self, start):
        if as_bytes(self.TYPE) not in as_bytes(start.mechanisms).split():
            return None, None
        return self.TYPE, self.token.encode()

    def erase_credentials(self):
        pass


pika.credentials.VALID_TYPES.append(External)


@dataclass(frozen=True)
class Seen:
    """One answer, so far as two brokers must agree on it."""

    channel: int
    what: str
    values: tuple = ()

    def __str__(self) -> str:
        values = " ".join(f"{name}={value}" for name, value in self.values)
        return f"{self.channel}: {self.what} {values}".rstrip()


class Closed(ConnectionError):
    """The other side closed the socket."""


class Wire:
    """A bare connection with pika's codec."""

    def __init__(self, stream: socket.socket):
        self.stream, self.buffer = stream, b""

    def close(self) -> None:
        self.stream.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Out -------------------------------------------------------------------------------------------------------------

    def raw(self, data: bytes) -> None:
        self.stream.sendall(data)

    def send(self, channel: int, method) -> None:
        self.raw(frame.Method(channel, method).marshal())

    def content(self, channel: int, body: bytes, size: int | None = None, **properties) -> None:
        header = frame.Header(channel, len(body) if size is None else size, spec.BasicProperties(**properties))
        self.raw(header.marshal())
        if body:
            self.raw(frame.Body(channel, body).marshal())

    # In --------------------------------------------------------------------------------------------------------------

    def receive(self, seconds: float = TIMEOUT_SECONDS):
        """The next frame, heartbeats included; raises when none comes or the other side has closed."""
        deadline = time.monotonic() + seconds
        while True:
            used, decoded = frame.decode_frame(self.buffer)
            if used:
                self.buffer = self.buffer[used:]
                return decoded
            self.stream.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self.stream.recv(65536)
            except TimeoutError:
                raise
            except OSError as fault:
                raise Closed(str(fault)) from fault
            if not data:
                raise Closed("the other side closed the connection")
            self.buffer += data

    def method(self, expected=None, seconds: float = TIMEOUT_SECONDS):
        """The next method on any channel."""
        deadline = time.monotonic() + seconds
        while True:
            got = self.receive(max(0.001, deadline - time.monotonic()))
            if isinstance(got, frame.Method):
                assert expected is None or isinstance(got.method, expected), f"{got.method} instead of {expected}"
                return got.method

    def ask(self, channel: int, method, expected=None):
        self.send(channel, method)
        return self.method(expected)

    def ended(self, seconds: float = TIMEOUT_SECONDS) -> bool:
        """Whether the other side closes the socket, whatever else it says before."""
        deadline = time.monotonic() + seconds
        try:
            while time.monotonic() < deadline:
                self.receive(max(0.001, deadline - time.monotonic()))
        except Closed:
            return True
        except TimeoutError:
            pass
        return False

    def refusal(self, seconds: float = TIMEOUT_SECONDS) -> spec.Connection.Close:
        """The `connection.close` that comes next of methods; it is answered, and the socket must then end."""
        deadline = time.monotonic() + seconds
        while not isinstance(
            method := self.method(seconds=max(0.001, deadline - time.monotonic())), spec.Connection.Close
        ):
            pass
        self.send(0, spec.Connection.CloseOk())
        assert self.ended(), "the connection stays although it was closed"
        return method

    # The beginning ---------------------------------------------------------------------------------------------------

    def start(self) -> spec.Connection.Start:
        self.raw(HEADER)
        return self.method(spec.Connection.Start)

    def start_ok(self, mechanism: str, response: bytes | str, capabilities: dict = CAPABILITIES) -> None:
        self.send(
            0,
            spec.Connection.StartOk(
                client_properties={"product": "suite", "capabilities": dict(capabilities)},
                mechanism=mechanism,
                response=response if isinstance(response, str) else response.decode(),
                locale="en_US",
            ),
        )

    def login(self, mechanism: str, response: str, vhost: str, heartbeat: int = 0, **tune):
        """The whole handshake; what answers `connection.open` is given."""
        self.start()
        self.start_ok(mechanism, response)
        offered = self.method(spec.Connection.Tune)
        chosen = {"channel_max": offered.channel_max, "frame_max": offered.frame_max, "heartbeat": heartbeat} | tune
        self.send(0, spec.Connection.TuneOk(**chosen))
        return self.ask(0, spec.Connection.Open(virtual_host=vhost))


def bare(kind: int, channel: int, payload: bytes, size: int | None = None, end: bytes = b"\xce") -> bytes:
    """A frame by hand."""
    return struct.pack(">BHI", kind, channel, len(payload) if size is None else size) + payload + end


@dataclass
class Broker:
    """Whom one talks to. `dial` gives a connected socket; `response` the SASL response for a role."""

    name: str
    dial: Callable[[], socket.socket]
    mechanism: str
    response: Callable[[str], str]
    vhost: str
    exchange: str
    queue: str
    #: Empties the queue and puts this many messages into it; their labels come back in `Seen` as `besked`.
    fill: Callable[[int], None] = lambda count: None
    #: The order of what was put in, by what stands in a body.
    labels: dict[str, int] = field(default_factory=dict)

    @property
    def ours(self) -> bool:
        return self.name == "ours"

    def bare(self) -> Wire:
        return Wire(self.dial())

    def open(self, role: str = "modtag", **tune) -> Wire:
        wire = self.bare()
        opened = wire.login(self.mechanism, self.response(role), self.vhost, **tune)
        assert isinstance(opened, spec.Connection.OpenOk), opened
        return wire


def plain_socket(url: str) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_SECONDS)


def password(url: str) -> str:
    parts = urlsplit(url)
    return f"\0{unquote(parts.username)}\0{unquote(parts.password)}"


def tls(ca: str, files: tuple[str, str] | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca)
    if files:
        context.load_cert_chain(*files)
    return context


def parameters(url: str, vhost: str, token: str, ca: str, files: tuple[str, str] | None, **more):
    """How pika reaches the server under test."""
    parts = urlsplit(url)
    return pika.ConnectionParameters(
        host=parts.hostname,
        port=parts.port,
        virtual_host=vhost,
        credentials=External(token),
        ssl_options=pika.SSLOptions(tls(ca, files), parts.hostname),
        **({"heartbeat": 30, "connection_attempts": 1, "socket_timeout": TIMEOUT_SECONDS} | more),
    )
