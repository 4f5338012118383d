"""The server under test: what `demo.json` tells of it, its answers, its access log and its memory."""

import json
import os
import re
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import requests
from lxml import etree

import demo
from wire import SOAP11, SOAP12, WSA, Identity, parsed

TIMEOUT_SECONDS = 60
LOG_SECONDS = 5
ASSERTION = re.compile(r'<Assertion xmlns="urn:oasis:names:tc:SAML:2\.0:assertion".*?</Assertion>', re.S)


@dataclass(frozen=True)
class Fault:
    """A SOAP fault, of either version."""

    code: str
    subcode: str | None
    reason: str
    event: int | None
    lang: str | None


@dataclass(frozen=True)
class Answer:
    """An HTTP answer as it came."""

    status: int
    content: bytes
    headers: dict

    @property
    def text(self) -> str:
        return self.content.decode()

    @cached_property
    def envelope(self):
        return parsed(self.content)

    @property
    def soap(self) -> str:
        return etree.QName(self.envelope).namespace

    @property
    def body(self):
        return self.envelope.find(f"{{{self.soap}}}Body")[0]

    def header(self, name: str) -> str | None:
        return self.envelope.findtext(f"{{{self.soap}}}Header/{{{WSA}}}{name}")

    @property
    def json(self) -> dict:
        return json.loads(self.content)

    @property
    def kode(self) -> int:
        """The StatusKode of a service's answer."""
        assert self.status == 200, f"HTTP {self.status}: {self.text[:800]}"
        kode, *_ = [node.text for node in self.body.iter("{*}StatusKode")]
        return int(kode)

    @property
    def assertion(self) -> str:
        """The issued assertion, byte for byte."""
        assert self.status == 200, f"HTTP {self.status}: {self.text[:800]}"
        return ASSERTION.search(self.text).group()

    @cached_property
    def fault(self) -> Fault:
        assert self.status >= 400, f"HTTP {self.status}: not refused: {self.text[:300]}"
        fault = self.body
        assert etree.QName(fault).localname == "Fault", self.text[:800]
        event = fault.findtext(".//{https://sts.kombit.dk/fault}EventId")
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        if self.soap == SOAP11:
            text = fault.find("faultstring")
            return Fault(fault.findtext("faultcode"), None, text.text, int(event) if event else None, text.get(lang))
        s = f"{{{SOAP12}}}"
        text = fault.find(f"{s}Reason/{s}Text")
        return Fault(
            fault.findtext(f"{s}Code/{s}Value").split(":")[1],
            fault.findtext(f"{s}Code/{s}Subcode/{s}Value"),
            text.text,
            int(event) if event else None,
            text.get(lang),
        )


class Demo(demo.Demo):
    """A running server; `database` when its data is elsewhere than in its folder."""

    def __init__(self, path: Path, database: str | None = None):
        super().__init__(path)
        self.database = database
        self.sessions: dict[tuple, requests.Session] = {}

    @property
    def https(self) -> str:
        return self.json["https"].rstrip("/")

    @property
    def sts(self) -> dict:
        return self.json["sts"]

    @cached_property
    def systems(self) -> dict[str, Identity]:
        """By name in lower case."""
        return {
            system["name"].lower(): Identity.of_files(
                system["name"].lower(), self.file(system["certificate"]), self.file(system["key"])
            )
            for system in self.json["systems"]
        }

    @cached_property
    def cvr(self) -> dict[str, str]:
        korsbaek, nabo, *_ = self.json["authorities"]
        return {"korsbaek": korsbaek["cvr"], "nabokoebing": nabo["cvr"]}

    @property
    def organisation(self) -> str:
        return self.json["services"]["organisation"]

    @property
    def klassifikation(self) -> str:
        return self.json["services"]["klassifikation"]

    def pem(self, where: str) -> str:
        """A certificate of the server, whether `demo.json` holds it or names its file."""
        value = self.sts["certificate"] if where == "sts" else self.json["service_certificate"]
        return value if value.startswith("-----") else Path(self.file(value)).read_text(encoding="ascii")

    def own_key(self, use: str) -> Identity | None:
        """A key of the server itself, where its folder lies open as that of a demo does."""
        folder = self.path.parent / "keys"
        files, passphrase = sorted(folder.glob(f"{use}-*.p12")), folder / "passphrase"
        if not files or not passphrase.exists():
            return None
        return Identity.of_p12(use, files[0], passphrase.read_text(encoding="ascii").strip())

    def session(self, identity: Identity | None = None) -> requests.Session:
        """A connection kept open, by this client certificate or by none."""
        files = identity and identity.files
        if files not in self.sessions:
            session = requests.Session()
            session.trust_env = False
            session.verify, session.cert = self.ca, files
            self.sessions[files] = session
        return self.sessions[files]

    def post(self, url: str, content: str | bytes, headers: dict, identity: Identity | None = None) -> Answer:
        content = content.encode() if isinstance(content, str) else content
        answer = self.session(identity).post(
            url, content, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
        return Answer(answer.status_code, answer.content, answer.headers)

    def get(self, url: str, identity: Identity | None = None, **headers) -> Answer:
        answer = self.session(identity).get(url, headers=headers, timeout=TIMEOUT_SECONDS)
        return Answer(answer.status_code, answer.content, answer.headers)

    def socket(self, url: str, identity: Identity | None = None) -> ssl.SSLSocket:
        """A bare connection, for what no HTTP client would send."""
        context = ssl.create_default_context(cafile=self.ca)
        if identity:
            context.load_cert_chain(*identity.files)
        parts = urlsplit(url)
        raw = socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_SECONDS)
        return context.wrap_socket(raw, server_hostname=parts.hostname)

    # What only the machine the server runs on can tell -----------------------------------------------------------

    @property
    def program(self) -> str | None:
        """The server's own program, for `explain`."""
        return os.environ.get("FUNDAMENT_PROGRAM")

    def explain(self, *references: str, expected: str = "") -> str:
        """What the access log says of a message, by any of its names. Refusals are written a moment later."""
        deadline = time.monotonic() + LOG_SECONDS
        while True:
            told = "".join(self._explain(reference) for reference in references)
            if re.search(expected, told, re.I) and "Transaktion " in told or time.monotonic() > deadline:
                return told
            time.sleep(0.1)

    def _explain(self, reference: str) -> str:
        result = self._command("explain", reference)
        return result.stdout + result.stderr

    def run(self, *arguments: str) -> str:
        """What the server's own program answers about its data; a failure is an error."""
        result = self._command(*arguments)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def _command(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [self.program, *arguments, "--data", str(self.path.parent)]
        command += ["--database", self.database] if self.database else []
        return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)

    @cached_property
    def pid(self) -> int | None:
        """The process that listens on the port of the services."""
        port = f":{urlsplit(self.mtls).port:04X}"
        inodes = set()
        for table in ("/proc/net/tcp", "/proc/net/tcp6"):
            for line in Path(table).read_text().splitlines()[1:] if Path(table).exists() else []:
                columns = line.split()
                if columns[1].endswith(port) and columns[3] == "0A":
                    inodes.add(f"socket:[{columns[9]}]")
        for entry in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                if os.readlink(entry) in inodes:
                    return int(entry.parts[2])
            except OSError:
                continue
        return None

    def memory(self) -> int | None:
        """Bytes of memory the server has in use."""
        status = Path(f"/proc/{self.pid}/status") if self.pid else None
        if not status or not status.exists():
            return None
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read_text()).group(1)) * 1024
