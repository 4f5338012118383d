"""A server of one's own, and somebody who clicks in it."""

import json
import os
import re
import signal
import subprocess
import time
from html import unescape
from pathlib import Path

import requests
from smtp import free_port

START_SECONDS = 120
#: Everything that takes its time, as fast as it can be set.
SETTINGS = "[adviser]\nproev_igen_sekunder = 1\nsvartid_sekunder = {svartid}\n{mere}\n"


class Program:
    """A demo on ports and in a folder of its own, that hands mail to a server."""

    def __init__(self, folder: Path, smtp: str | None, ca: Path | None = None, svartid: int = 5, mere: str = ""):
        self.data, self.smtp, self.ca = folder / "data", smtp, ca
        self.database: str | None = None
        self.password: str | None = None
        self.ports = [free_port() for _ in range(3)]
        self.process: subprocess.Popen | None = None
        self.data.mkdir(parents=True)
        (self.data / "fundament.toml").write_text(SETTINGS.format(svartid=svartid, mere=mere))

    @property
    def log(self) -> str:
        return (self.data.parent / "log").read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        return f"https://localhost:{self.ports[0]}"

    def command(self, command: str) -> list[str]:
        arguments = [os.environ["FUNDAMENT_PROGRAM"], command, "--data", str(self.data)]
        for flag, port in zip(("--https", "--mtls", "--amqps"), self.ports, strict=True):
            arguments += [flag, f"127.0.0.1:{port}"]
        if self.database:
            arguments += ["--database", self.database]
        if self.smtp:
            arguments += ["--smtp", self.smtp, "--mail-fra", "Fundament <fundament@korsbaek.example>"]
        if self.password:
            file = self.data / "smtp-adgangskode"
            file.write_text(self.password + "\n")
            arguments += ["--smtp-adgangskode", str(file)]
        return arguments

    def start(self, command: str = "demo") -> "Program":
        environment = os.environ | ({"SSL_CERT_FILE": str(self.ca)} if self.ca else {})
        with (self.data.parent / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(command), stdout=subprocess.DEVNULL, stderr=log, env=environment
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            assert self.process.poll() is None, f"the server ended:\n{self.log}"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        return self

    def is_up(self) -> bool:
        try:
            return self.get("/health/ready").status_code == 200
        except (requests.exceptions.RequestException, OSError):
            return False

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, verify=str(self.data / "pki/ca.pem"), timeout=5)

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def metric(self, name: str) -> int:
        return int(float(re.search(rf"^fundament_{name} (\S+)$", self.get("/metrics").text, re.MULTILINE).group(1)))

    def person(self, email: str) -> "Person":
        users = json.loads((self.data / "demo.json").read_text())["users"]
        password = next(user["password"] for user in users if user["username"] == email)
        return Person(self, email, password)


class Person:
    """Somebody who is logged in."""

    def __init__(self, server: Program, email: str, password: str):
        self.url, self.session = server.url, requests.Session()
        self.session.verify, self.session.trust_env = str(server.data / "pki/ca.pem"), False
        token = self.hidden(self.get("/admin/login"), "csrf")
        form = {"csrf": token, "email": email, "adgangskode": password}
        answer = self.session.post(f"{self.url}/admin/login", form, allow_redirects=False, timeout=30)
        assert answer.status_code == 303, answer.text
        self.csrf = self.hidden(self.get("/admin"), "csrf")

    @staticmethod
    def hidden(page: str, name: str) -> str:
        return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)

    def get(self, path: str) -> str:
        answer = self.session.get(self.url + path, timeout=30)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return unescape(answer.text)

    def post(self, path: str, **form) -> str:
        headers = {"Origin": self.url}
        answer = self.session.post(self.url + path, {"csrf": self.csrf} | form, headers=headers, timeout=30)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return unescape(answer.text)

    def invite(self, email: str, name: str | None = None) -> None:
        """Makes a user, who is sent a letter about it."""
        self.post("/admin/brugere", navn=name or email.split("@")[0], email=email, telefon="")

    def choose(self, group: str, rhythm: str) -> None:
        self.post("/admin/adviser/valg", **{group: rhythm})
