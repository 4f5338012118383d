"""A server of the suite's own, with dueslag, agreements and settings as no demo has them."""

import json
import signal
from pathlib import Path
from uuid import uuid4

import own_server
from clients import Distributor
from own_server import free_port
from server import Demo

#: As strict as the server under test.
SETTINGS = 'kun_certifikat = []\ntillidsankre = ["pki/ca.pem"]\npolitik_sekunder = 1\n'

#: What the server says of a port that is taken, and how often another is tried.
TAKEN, TRIES = "Address already in use", 4


def toml(**tables: list[dict]) -> str:
    """Tables of strings, numbers and lists of them, as TOML; what is None is left out."""
    lines = []
    for name, rows in tables.items():
        for row in rows:
            lines.append(f"[[{name}]]")
            lines += [
                f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items() if value is not None
            ]
    return "\n".join(lines) + "\n"


def dueslag(system: str, navn: str, url: str | None = None, **more) -> dict:
    """A dueslag of a system, given by its UUID; one with a URL is pushed."""
    return {"uuid": str(uuid4()), "navn": navn, "system": system, "maade": "PUSH" if url else "PULL", "url": url} | more


def abonnement(dueslag: dict, beskedtyper: list[str], filter: str | None = None, **more) -> dict:
    named = {"uuid": str(uuid4()), "navn": f"{dueslag['navn']} {uuid4()}", "dueslag": dueslag["uuid"]}
    return named | {"beskedtyper": beskedtyper, "filter": filter} | more


class Messages(own_server.Process):
    """A server that distributes messages."""

    @property
    def amqps(self) -> int:
        return self.ports[2]

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


class Own(Messages, own_server.Own):
    """A demo of the suite's own."""

    def __init__(self, folder: Path, settings: str = ""):
        super().__init__(folder / "data", SETTINGS + settings)

    def start(self) -> Demo:
        """On other ports where somebody else took those that were free."""
        for _ in range(TRIES):
            try:
                return super().start()
            except AssertionError as fault:
                if TAKEN not in str(fault):
                    raise
                self.ports = free_port(), free_port(), free_port()
        raise AssertionError("no port stays free")

    def distributor(self) -> Distributor:
        """Starts it."""
        return Distributor(self.start())

    def apply(self, text: str, suffix: str = "toml") -> None:
        """Adds to the policy of the stopped server."""
        file = self.data.parent / f"policy.{suffix}"
        file.write_text(text, encoding="utf-8")
        Demo(self.data / "demo.json").run("policy", "apply", str(file), "--ja")

    def prepared(self, **tables: list[dict]) -> Distributor:
        """Starts it with these in its policy beside what a demo has."""
        self.start()
        self.stop()
        self.apply(toml(**tables))
        return self.distributor()


class Node(Messages, own_server.Node):
    """One server more on the database of a running one."""

    def distributor(self) -> Distributor:
        self.start()
        file = self.data / "demo.json"
        told = json.loads(file.read_text(encoding="utf-8")) | {"amqps": f"amqps://localhost:{self.amqps}"}
        file.write_text(json.dumps(told), encoding="utf-8")
        return Distributor(Demo(file, self.database))


def apply(demo: Demo, folder: Path, text: str) -> None:
    """Adds to the policy of a running server, which takes it in a moment later; not on SQLite."""
    file = folder / f"policy-{uuid4()}.toml"
    file.write_text(text, encoding="utf-8")
    demo.run("policy", "apply", str(file), "--ja")
