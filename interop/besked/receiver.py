"""A receiver of push: an HTTPS server that demands a client certificate, answers as told and remembers what it got."""

import ipaddress
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from own_server import Ca

STS, SD = "urn:oio:sts:1.0.0", "urn:oio:sagdok:3.0.0"
POLL_SECONDS = 0.05


def output(kode: int | str = 20, tekst: str | None = "OK", sts: str = "sts:", sd: str = "sd:", ns: str = STS) -> str:
    """An acknowledgement, with the prefixes of its receiver; an empty one is the default namespace."""

    def declared(prefix: str, uri: str) -> str:
        return f' xmlns{":" if prefix else ""}{prefix.rstrip(":")}="{uri}"'

    inner = "" if tekst is None else f"<{sd}FejlbeskedTekst>{tekst}</{sd}FejlbeskedTekst>"
    return (
        f"<{sts}ModtagBeskedOutput{declared(sts, ns)}><{sd}StandardRetur{declared(sd, SD)}>"
        f"<{sd}StatusKode>{kode}</{sd}StatusKode>{inner}</{sd}StandardRetur></{sts}ModtagBeskedOutput>"
    )


@dataclass(frozen=True)
class Answer:
    """What the receiver answers, and how."""

    status: int = 200
    body: str | bytes = field(default_factory=output)
    content_type: str | None = "application/xml"
    #: Before the answer.
    seconds: float = 0
    location: str | None = None
    #: The connection is closed without an answer, or in the middle of it.
    drop: bool = False
    cut: bool = False
    chunked: bool = False

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body.encode()


@dataclass(frozen=True)
class Call:
    """What came."""

    path: str
    headers: dict[str, str]
    body: bytes
    #: The subject of the client certificate.
    subject: str
    begun: float
    ended: list[float] = field(default_factory=list)


class Receiver:
    """The server. Calls are answered by what stands under their path: one answer after the other, the last for good."""

    def __init__(self, folder: Path, ca: Ca, trusted: str, **certified):
        self.answers: dict[str, Sequence[Answer]] = {}
        self.calls: list[Call] = []
        self.lock = threading.Lock()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate(folder, ca, **certified))
        context.load_verify_locations(trusted)
        context.verify_mode = ssl.CERT_REQUIRED
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        # Each handshake is done by the thread that reads, so that one who waits is in nobody's way.
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return f"https://localhost:{self.server.server_address[1]}{path}"

    def to(self, path: str) -> list[Call]:
        with self.lock:
            return [call for call in self.calls if call.path == path]

    def wait(self, path: str, count: int, seconds: float) -> list[Call]:
        """The calls to a path, when there are so many; fewer when the time is out."""
        deadline = time.monotonic() + seconds
        while len(calls := self.to(path)) < count and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        return calls

    def take(self, call: Call) -> Answer:
        with self.lock:
            number = sum(known.path == call.path for known in self.calls)
            self.calls.append(call)
        answers = self.answers.get(call.path, [Answer()])
        return answers[min(number, len(answers) - 1)]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            begun = time.monotonic()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            peer = self.connection.getpeercert() or {}
            subject = ", ".join("=".join(pair) for part in peer.get("subject", ()) for pair in part)
            call = Call(self.path, {k.lower(): v for k, v in self.headers.items()}, body, subject, begun)
            answer = receiver.take(call)
            time.sleep(answer.seconds)
            try:
                self.reply(answer)
            except OSError:
                pass  # Who called is gone.
            call.ended.append(time.monotonic())

        def reply(self, answer: Answer) -> None:
            self.close_connection = answer.drop or answer.cut
            if answer.drop:
                return
            self.send_response(answer.status)
            if answer.content_type:
                self.send_header("Content-Type", answer.content_type)
            if answer.location:
                self.send_header("Location", answer.location)
            if answer.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            elif answer.status != 204:
                self.send_header("Content-Length", str(len(answer.content) + (100 if answer.cut else 0)))
            self.end_headers()
            if answer.chunked:
                for byte in answer.content:
                    self.wfile.write(b"1\r\n%c\r\n" % byte)
                self.wfile.write(b"0\r\n\r\n")
            else:
                self.wfile.write(answer.content)

        def do_GET(self):
            self.send_error(405)

        def log_message(self, *_):
            pass

    return Handler


def certificate(folder: Path, ca: Ca, host: str = "localhost", days: tuple = (-1, 30)) -> tuple[str, str]:
    """A certificate for this machine, or for another, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = ca._builder(name, ca.certificate.subject, key.public_key(), days)
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
    signed = builder.sign(ca.key, hashes.SHA256())
    files = folder / f"receiver-{signed.serial_number}.pem", folder / f"receiver-{signed.serial_number}.key"
    files[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(files[0]), str(files[1])
