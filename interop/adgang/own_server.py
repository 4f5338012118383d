"""A server of the suite's own, whose agreements and certificates can be prepared as no demo has them."""

import json
import os
import socket
import subprocess
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

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


class Own:
    """The server, and what was prepared in it."""

    def __init__(self, data: Path):
        self.data = data
        self.program = os.environ["FUNDAMENT_PROGRAM"]
        self.process: subprocess.Popen | None = None
        data.mkdir(parents=True)
        (data / "fundament.toml").write_text(SETTINGS)
        self.ports = free_port(), free_port()

    def start(self) -> Demo:
        (self.data / "demo.json").unlink(missing_ok=True)
        addresses = [f"127.0.0.1:{port}" for port in self.ports]
        log = (self.data.parent / "own.log").open("ab")
        self.process = subprocess.Popen(
            [self.program, "demo", "--data", str(self.data), "--https", addresses[0], "--mtls", addresses[1]],
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        deadline = time.monotonic() + START_SECONDS
        while not (self.data / "demo.json").exists():
            assert self.process.poll() is None and time.monotonic() < deadline, "the suite's own server did not start"
            time.sleep(0.05)
        return Demo(self.data / "demo.json")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(30)

    def policy(self, change) -> None:
        """Changes the policy while the server is stopped."""
        file = self.data.parent / "policy.json"
        self._run("policy", "export", str(file))
        policy = json.loads(file.read_text(encoding="utf-8"))
        change(policy)
        file.write_text(json.dumps(policy), encoding="utf-8")
        self._run("policy", "apply", str(file), "--ja")

    def _run(self, *arguments: str) -> None:
        result = subprocess.run([self.program, *arguments, "--data", str(self.data)], capture_output=True, text=True)
        assert result.returncode == 0, result.stdout + result.stderr


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
