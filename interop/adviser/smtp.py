"""SMTP servers that behave, and some that do not."""

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

WAIT = 30


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Pki:
    """An issuer that the program is told to trust, and a server certificate of its for localhost."""

    def __init__(self, folder: Path, trusted: bool = True):
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Mail CA {trusted}")])
        key = ec.generate_private_key(ec.SECP256R1())
        own = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        ca = self._builder(name, name, key).add_extension(x509.BasicConstraints(True, None), critical=True)
        ca = ca.sign(key, hashes.SHA256())
        leaf = self._builder(subject, name, own)
        leaf = leaf.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        leaf = leaf.sign(key, hashes.SHA256())
        pem = serialization.Encoding.PEM
        self.ca, chain, secret = (folder / f"{file}{trusted}.pem" for file in ("ca", "server", "key"))
        self.ca.write_bytes(ca.public_bytes(pem))
        chain.write_bytes(leaf.public_bytes(pem))
        plain = serialization.NoEncryption()
        secret.write_bytes(own.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(chain, secret)

    @staticmethod
    def _builder(subject, issuer, key):
        today = datetime.now(UTC)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        return builder.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=30))


class Letter:
    """What arrived."""

    def __init__(self, to: str, content: bytes, encrypted: bool, user):
        self.to, self.raw, self.encrypted, self.user = to, content, encrypted, user
        self.message = message_from_bytes(content, policy=policy.default)

    @property
    def id(self) -> str:
        return self.message["Message-ID"]

    @property
    def subject(self) -> str:
        return self.message["Subject"]

    @property
    def text(self) -> str:
        return self.message.get_content()


class Mailbox:
    """A server's end: what it answers, by address, and what it took in.

    `answers` holds for an address what RCPT is answered, one after another; afterwards it is taken. `cut` holds
    addresses whose letter is taken in and the connection lost before the answer, so many times.
    """

    def __init__(self, delay: float = 0.0):
        self.letters: list[Letter] = []
        self.answers: dict[str, list[str]] = {}
        self.cut: dict[str, int] = {}
        self.tried: list[str] = []
        self.delay = delay

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.tried.append(address)
        if self.answers.get(address):
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.delay:
            await asyncio.sleep(self.delay)
        to = envelope.rcpt_tos[0]
        user = getattr(session, "auth_data", None)
        self.letters.append(Letter(to, envelope.content, session.ssl is not None, user))
        if self.cut.get(to):
            self.cut[to] -= 1
            server.transport.abort()
        return "250 Taget imod"

    def to(self, address: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.to == address]

    def wait(self, address: str, count: int = 1, seconds: float = WAIT) -> list[Letter]:
        deadline = time.monotonic() + seconds
        while len(self.to(address)) < count:
            assert time.monotonic() < deadline, f"{address} got {len(self.to(address))} of {count}"
            time.sleep(0.05)
        return self.to(address)


class _Server(Controller):
    """STARTTLS is demanded when there is a certificate, and a login when there is a password."""

    def __init__(self, mailbox: Mailbox, port: int, pki: Pki | None, login: tuple[str, str] | None):
        self.pki, self.login = pki, login
        super().__init__(mailbox, hostname="127.0.0.1", port=port)

    def factory(self):
        options = {}
        if self.pki:
            options |= {"tls_context": self.pki.context, "require_starttls": True}
        if self.login:
            options |= {"auth_required": True, "authenticator": self._authenticate, "auth_require_tls": bool(self.pki)}
        return SMTP(self.handler, **options)

    def _authenticate(self, server, session, envelope, mechanism, data):
        sent = (data.login.decode(), data.password.decode())
        if sent == self.login:
            return AuthResult(success=True, auth_data=sent[0])
        return AuthResult(success=False, handled=False)


@contextlib.contextmanager
def serving(mailbox: Mailbox, port: int, pki: Pki | None = None, login: tuple[str, str] | None = None):
    server = _Server(mailbox, port, pki, login)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def silent(port: int):
    """A server that takes connections and says nothing. Gives the list of those it took."""
    taken: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", port))

    def accept():
        with contextlib.suppress(OSError):
            while True:
                taken.append(listener.accept()[0])

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield taken
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in taken:
            connection.close()
