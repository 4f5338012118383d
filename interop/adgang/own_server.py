"""Servers of the suite's own: one with settings, agreements and certificates as no demo has them, and a second node."""

import json
import os
import shutil
import socket
import subprocess
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp

from server import Demo
from wire import Identity, now

START_SECONDS = 120
#: A certificate alone is enough, as while systems change to tokens: so that it can be seen what it is not enough for.
SETTINGS = 'kun_certifikat = ["*"]\ntillidsankre = ["pki/ca.pem"]\npolitik_sekunder = 1\nsvartid_max_sekunder = 5\n'


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Ca:
    """The development CA, or one of the same make that nobody trusts."""

    def __init__(self, folder: Path | None = None):
        if folder:
            self.certificate = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
            self.key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
        else:
            self.key = ec.generate_private_key(ec.SECP256R1())
            name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Fundament udviklings-CA")])
            builder = self._builder(name, name, self.key.public_key(), (-1, 30))
            builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
            self.certificate = builder.sign(self.key, hashes.SHA256())

    def _builder(self, subject, issuer, key, days):
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now(days=days[0]))
            .not_valid_after(now(days=days[1]))
        )

    def issue(
        self, name: str, folder: Path, cvr="33445566", days=(-1, 30), signs=True, bits=2048, crl=None, responder=None
    ) -> Identity:
        """A certificate for a system, and its files."""
        key = rsa.generate_private_key(65537, bits)
        subject = x509.Name(
            [
                x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "DK"),
                x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Matador Data A/S"),
                x509.NameAttribute(x509.ObjectIdentifier("2.5.4.97"), f"NTRDK-{cvr}"),
                x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, f"UI:DK-O:G:{uuid4()}"),
                x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
            ]
        )
        builder = self._builder(subject, self.certificate.subject, key.public_key(), days)
        usage = x509.KeyUsage(signs, False, not signs, False, False, False, False, False, False)
        builder = (
            builder.add_extension(usage, critical=True)
            .add_extension(x509.BasicConstraints(False, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if crl:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        if responder:
            access = x509.AccessDescription(
                x509.AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(responder)
            )
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        certificate = builder.sign(self.key, hashes.SHA256())
        stem = name.replace(" ", "-")
        files = folder / f"{stem}.pem", folder / f"{stem}.key"
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return Identity(name, certificate, key, tuple(map(str, files)))

    def crl(self, *revoked: Identity, days=(-1, 1)) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now(days=days[0]))
            .next_update(now(days=days[1]))
        )
        for identity in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(identity.certificate.serial_number)
                .revocation_date(now(hours=-1))
                .build()
            )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def ocsp(self, identity: Identity, status=ocsp.OCSPCertStatus.GOOD, hours=(-1, 1)) -> bytes:
        revoked = now(hours=-2) if status == ocsp.OCSPCertStatus.REVOKED else None
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                identity.certificate,
                self.certificate,
                hashes.SHA1(),
                status,
                now(hours=hours[0]),
                now(hours=hours[1]),
                revoked,
                None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.certificate)
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


class Answers:
    """A web server with lists and OCSP answers; it also tells what was asked for."""

    def __init__(self):
        self.content: dict[str, bytes] = {}
        self.asked: list[str] = []
        answers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                answers.asked.append(self.path)
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                body = answers.content.get(self.path)
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def close(self):
        self.server.shutdown()


class Process:
    """A server on ports of its own, from a data folder of its own."""

    def __init__(self, data: Path, database: str | None = None):
        self.data, self.database = data, database
        self.ports = free_port(), free_port(), free_port()
        self.process: subprocess.Popen | None = None

    @property
    def log_file(self) -> Path:
        return self.data.parent / "own.log"

    def launch(self, command: str, ready) -> None:
        addresses = [f"127.0.0.1:{port}" for port in self.ports]
        where = ["--data", str(self.data)]
        for flag, address in zip(("--https", "--mtls", "--amqps"), addresses, strict=True):
            where += [flag, address]
        where += ["--database", self.database] if self.database else []
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [os.environ["FUNDAMENT_PROGRAM"], command, *where], stdout=subprocess.DEVNULL, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            assert self.process.poll() is None, f"the server ended:\n{self.log_file.read_text()}"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(30)


class Own(Process):
    """A demo of the suite's own, and what was prepared in it."""

    def __init__(self, data: Path, settings: str = SETTINGS):
        super().__init__(data)
        data.mkdir(parents=True)
        (data / "fundament.toml").write_text(settings)

    def start(self) -> Demo:
        (self.data / "demo.json").unlink(missing_ok=True)
        self.launch("demo", (self.data / "demo.json").exists)
        return Demo(self.data / "demo.json")

    def policy(self, change) -> None:
        """Changes the policy while the server is stopped."""
        demo = Demo(self.data / "demo.json")
        policy = export_policy(demo, self.data.parent)
        change(policy)
        apply_policy(demo, self.data.parent, policy)


class Node(Process):
    """One server more on the database of a running one, with a copy of its keys and settings."""

    def __init__(self, demo: Demo, data: Path):
        assert demo.database, "only a PostgreSQL can be shared"
        super().__init__(data, demo.database)
        self.first = demo
        shutil.copytree(demo.path.parent, data)

    def start(self) -> Demo:
        """The same `demo.json`, with the ports and the folder of this server."""
        text = self.first.path.read_text(encoding="utf-8").replace(str(self.first.path.parent), str(self.data))
        for url, port in zip((self.first.https, self.first.mtls), self.ports[:2], strict=True):
            assert url in text
            text = text.replace(url, f"https://localhost:{port}")
        (self.data / "demo.json").write_text(text, encoding="utf-8")
        demo = Demo(self.data / "demo.json", self.database)
        self.launch("serve", lambda: is_up(demo))
        return demo


def is_up(demo: Demo) -> bool:
    try:
        return demo.get(f"{demo.https}/health/ready").status == 200
    except requests.exceptions.ConnectionError:
        return False


def export_policy(demo: Demo, folder: Path) -> dict:
    """The policy of a server, running or not."""
    file = folder / "policy.json"
    demo.run("policy", "export", str(file))
    return json.loads(file.read_text(encoding="utf-8"))


def apply_policy(demo: Demo, folder: Path, policy: dict) -> None:
    """Puts a policy in force; a server that runs takes it in a moment later."""
    file = folder / "policy.json"
    file.write_text(json.dumps(policy), encoding="utf-8")
    demo.run("policy", "apply", str(file), "--ja")


def registered(identity: Identity, **more) -> dict:
    """A certificate as the policy has it."""
    certificate = identity.certificate
    return {
        "emne": certificate.subject.rfc4514_string(),
        "status": "AKTIV",
        "der": identity.b64,
        "gyldig": {
            "fra": certificate.not_valid_before_utc.isoformat().replace("+00:00", "Z"),
            "til": (certificate.not_valid_after_utc + timedelta(seconds=1)).isoformat().replace("+00:00", "Z"),
        },
        **more,
    }
