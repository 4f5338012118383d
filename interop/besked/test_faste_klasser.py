"""Our own beskedtyper, objekttyper and handlinger under the UUIDs an installation gives them in a file (Q11)."""

import os
import subprocess
from uuid import uuid4

import pytest

from own import Own

NAMES = ("organisation.OrganisationEnhed", "objekt.OrganisationEnhed", "handling.Opstaaet", "handling.Importeret")
FILE = "faste.csv"
SETTINGS = f'[besked]\nfaste_klasser = "{FILE}"\n'
UNIT = "enhed_id;navn;overordnet_id;enhedstype;gyldig_fra\n{id};{id};;Afdeling;2020-01-01\n"


@pytest.fixture
def own(tmp_path):
    if not os.environ.get("FUNDAMENT_PROGRAM"):
        pytest.skip("FUNDAMENT_PROGRAM is not set")
    own = Own(tmp_path, SETTINGS)
    try:
        yield own
    finally:
        own.stop()


def given(own: Own, *rows: tuple[str, str]) -> None:
    own.data.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{name};{uuid}\n" for name, uuid in rows)
    (own.data / FILE).write_text("navn;uuid\n" + lines, encoding="utf-8")


def bodies(consumer, sent: str):
    """What is delivered, but for what the test sent itself."""
    while True:
        delivery = consumer.next()
        if delivery.id != sent:
            yield delivery.body.decode()


def test_events_agreements_and_the_demo_follow(own):
    uuids = {name: str(uuid4()) for name in NAMES}
    given(own, *uuids.items())
    bfo = own.distributor()
    assert bfo.about["beskedtyper"][NAMES[0]] == uuids[NAMES[0]]
    queue = next(d["uuid"] for d in bfo.about["dueslag"] if uuids[NAMES[0]] in d["beskedtyper"])
    own.stop()
    folder = own.data.parent / "organisation"
    folder.mkdir()
    (folder / "enheder.csv").write_text(UNIT.format(id=f"e{uuid4()}"), encoding="utf-8")
    bfo.demo.run("import", "organisation", str(folder), "--cvr", bfo.cvr)
    bfo = own.distributor()
    with bfo.sender() as sender:
        # A beskedtype is accepted when Klassifikation has its class.
        (sent,) = sender.sent(bfo.besked(beskedtype=uuids[NAMES[0]]))
    with bfo.receiver() as receiver:
        consumer = receiver.consume(queue, auto_ack=True)
        got = next(body for body in bodies(consumer, sent) if uuids[NAMES[0]] in body)
    assert uuids[NAMES[1]] in got
    assert any(uuids[name] in got for name in NAMES[2:])


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("organisation.Enhed", str(uuid4()))], "vælg en af"),
        ([(NAMES[0], "nej")], "er ikke et UUID"),
        ([(NAMES[0], str(uuid4()))] * 2, "står også i linje 2"),
        ([("Person", str(uuid4()))], "kan ikke få et andet UUID"),
    ],
    ids=["unknown", "no UUID", "twice", "official"],
)
def test_a_wrong_file_stops_the_server(own, rows, why):
    given(own, *rows)
    command = [os.environ["FUNDAMENT_PROGRAM"], "demo", "--data", str(own.data)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0
    assert FILE in ended.stderr and "linje" in ended.stderr and why in ended.stderr, ended.stderr
    assert not (own.data / "fundament.sqlite").exists(), "it stops before anything is made"
