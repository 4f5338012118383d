"""Whether the receiver of a PUSH dueslag can be reached, told without sending it a message (K-101)."""

import re

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from demo import missing
from own import Own, dueslag
from own_server import Ca, free_port
from receiver import Receiver


class Tried:
    """A server with one PUSH dueslag for each kind of receiver."""

    def __init__(self, own: Own, folder):
        bfo = own.distributor()
        pki, other, stranger = own.data / "pki", Ca(), folder / "stranger.pem"
        trusted = str(pki / "ca.pem")
        stranger.write_bytes(other.certificate.public_bytes(Encoding.PEM))
        self.receivers = {
            "good": Receiver(folder, Ca(pki), trusted),
            "of another issuer": Receiver(folder, other, trusted),
            "whose certificate is old": Receiver(folder, Ca(pki), trusted, days=(-9, -2)),
            "with another name": Receiver(folder, Ca(pki), trusted, host="modtager.example"),
            "that trusts another issuer": Receiver(folder, Ca(pki), str(stranger)),
        }
        urls = {name: receiver.url("/besked/modtag") for name, receiver in self.receivers.items()} | {
            "that is away": f"https://localhost:{free_port()}/besked/modtag",
        }
        system = bfo.uuid(bfo.about["modtager"])
        self.slag = {name: dueslag(system, name, url) for name, url in urls.items()}
        own.stop()
        self.bfo = own.prepared(dueslag=list(self.slag.values()))

    def told(self, name: str) -> tuple[int, str]:
        result = self.bfo.demo._command("besked", "proev-callback", self.slag[name]["uuid"])
        return result.returncode, result.stdout + result.stderr


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)
    folder = tmp_path_factory.mktemp("callback")
    own = Own(folder)
    tried = None
    try:
        tried = Tried(own, folder)
        yield tried
    finally:
        own.stop()
        for receiver in tried.receivers.values() if tried else []:
            receiver.close()


def test_a_receiver_that_answers(tried):
    """It knows no OPTIONS, and says so: that is an answer. It has been sent nothing."""
    code, told = tried.told("good")
    assert code == 0, told
    assert "virker" in told and re.search(r"HTTP 501 efter \d+ ms", told), told
    assert re.search(r"certifikat udløber \d{4}-\d\d-\d\d", told), told
    assert tried.receivers["good"].calls == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("of another issuer", "vi ikke stoler på"),
        ("that trusts another issuer", "vores klientcertifikat"),
        ("that is away", "ingen forbindelse"),
        ("whose certificate is old", "er udløbet"),
        ("with another name", "et andet navn"),
    ],
)
def test_a_receiver_that_cannot_be_reached(tried, name, why):
    code, told = tried.told(name)
    assert code == 1 and why in told and "intet svar" in told, told
    assert "/besked/modtag" not in told, "an address may hold a secret"


def test_what_is_no_push(tried):
    result = tried.bfo.demo._command("besked", "proev-callback", tried.bfo.queue)
    assert result.returncode != 0 and "ikke et PUSH-dueslag" in result.stderr
