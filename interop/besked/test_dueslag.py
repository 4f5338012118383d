"""What a receiver sees of its own dueslag by REST, the server's own way: a filter is tried before it is put in force."""

import json
from uuid import uuid4

import pytest

JSON = {"Content-Type": "application/json"}
PATH = "Beskedkuvert.Filtreringsdata.ObjektRegistrering.ObjektRegistreringId.UUIDIdentifikator"


class Dueslag:
    """The dueslag of the demo's receiver, called with its client certificate."""

    def __init__(self, bfo):
        self.bfo, self.demo = bfo, bfo.demo
        self.base = self.demo.json["mtls"].rstrip("/") + "/beskedfordeler/dueslag"

    def proev(self, identity, dueslag: str | None = None, **asked):
        url = f"{self.base}/{dueslag or self.bfo.queue}/proev"
        return self.demo.post(url, json.dumps(asked), JSON, identity)


@pytest.fixture(scope="module")
def slag(bfo) -> Dueslag:
    return Dueslag(bfo)


@pytest.fixture(scope="module")
def type1(bfo) -> str:
    return bfo.about["beskedtyper"]["TestbeskedType1"]


def test_a_filter_is_tried(bfo, slag, sender, type1):
    """By what was sent before, the newest first."""
    hvad = str(uuid4())
    ids = sender.sent(*(bfo.besked(registrering_id=hvad) for _ in range(3)))
    other = sender.sent(bfo.besked())
    answer = slag.proev(bfo.sapa, beskedtyper=[type1], filter=f"{PATH} = '{hvad}'", eksempler=2)
    assert answer.status == 200, answer.text
    tried = answer.json
    assert (tried["ramt"], tried["hele_perioden"]) == (3, True)
    assert tried["af"] >= 4
    assert [e["besked_id"] for e in tried["eksempler"]] == ids[:0:-1]
    assert {e["beskedtype"] for e in tried["eksempler"]} == {type1}
    assert set(tried["eksempler"][0]) == {"besked_id", "beskedtype", "modtaget"}, "nothing of its content"
    negated = slag.proev(bfo.sapa, beskedtyper=[type1], filter=f"NOT {PATH} = '{hvad}'", eksempler=1).json
    assert [e["besked_id"] for e in negated["eksempler"]] == other
    assert negated["ramt"] + tried["ramt"] == tried["af"]
    bfo.drain(*bfo.pull)


def test_the_command_says_the_same(bfo, slag, sender, type1):
    if not bfo.demo.program:
        pytest.skip("FUNDAMENT_PROGRAM is not set")
    hvad = str(uuid4())
    (id,) = sender.sent(bfo.besked(registrering_id=hvad))
    told = bfo.demo.run(
        "besked", "proev", "--json", "--dueslag", bfo.queue, "--beskedtype", type1, "--filter", f"{PATH} = '{hvad}'"
    )
    told = json.loads(told)
    assert (told["ramt"], [e["besked_id"] for e in told["eksempler"]]) == (1, [id])
    assert told["af_typerne"] == told["ramt"] + told["filtreret"] + told["uden_ret"] + told["uden_indhold"]
    bfo.drain(*bfo.pull)


def test_what_cannot_be_tried(bfo, slag, type1):
    def refused(identity, dueslag=None, **asked) -> tuple[int, str]:
        answer = slag.proev(identity, dueslag, **asked)
        return answer.status, answer.json["fejl"]

    status, why = refused(bfo.sapa, beskedtyper=[type1], filter="Beskedkuvert.Intet = 'x'")
    assert status == 400 and "tegn" in why
    assert refused(bfo.sapa, beskedtyper=[], filter="")[0] == 400
    # Another's dueslag does not exist, and a system that receives nothing has none.
    assert refused(bfo.demo.systems["ksd"], beskedtyper=[type1])[0] == 404
    assert refused(bfo.sapa, str(uuid4()), beskedtyper=[type1])[0] == 404
    assert refused(bfo.ky, beskedtyper=[type1])[0] == 403
