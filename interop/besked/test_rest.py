"""Sending for those who have no AMQP: one message in one POST, with the same checks and the same answers (section 4.5).

The interface is the server's own; `demo.json` tells where it is.
"""

import json
from uuid import uuid4

import pytest
from lxml import etree

from envelope import LIMIT_BYTES, SD, Besked, cvr_urn, schema, without_routes
from vaerdiliste import BF

XML = {"Content-Type": "application/xml; charset=UTF-8"}


class Rest:
    """A system that sends by REST, with a JWT."""

    def __init__(self, bfo):
        self.bfo, self.demo, self.url = bfo, bfo.demo, bfo.about["rest_afsend"]
        self.token = self.jwt(bfo.ky, "afsend")

    def jwt(self, identity, role: str) -> str:
        service = self.bfo.about["audiences"][role]
        scope = f"entityid:{service},anvenderkontekst:{self.bfo.cvr}"
        asked = json.dumps({"grant_type": "client_credentials", "client_id": service, "scope": scope})
        answer = self.demo.post(self.demo.json["oauth"], asked, {"Content-Type": "application/json"}, identity)
        assert answer.status == 200, answer.text
        return answer.json["access_token"]

    def send(self, body: bytes | Besked, token: str | None = "", identity="ky", **headers) -> tuple[int, str]:
        """The code and the text of the answer, which follows the schema."""
        body = body.body if isinstance(body, Besked) else body
        if token is not None:
            headers["Authorization"] = f"Holder-of-key {token or self.token}"
        identity = identity and self.demo.systems[identity]
        answer = self.demo.post(self.url, body, XML | headers, identity)
        tree = etree.fromstring(answer.content)
        schema("BeskedfordelerOperationer" if tree.tag.startswith(f"{{{BF}}}") else "1.1/SagDokObjekt").assertValid(
            tree
        )
        # The code of HTTP is that of the answer with a zero in the middle.
        kode = int(tree.findtext(f".//{{{SD}}}StatusKode"))
        assert answer.status == 200 or answer.status == (kode // 10) * 100 + kode % 10, (answer.status, kode)
        return kode, tree.findtext(f".//{{{SD}}}FejlbeskedTekst") or ""


@pytest.fixture(scope="module")
def rest(bfo) -> Rest:
    if "rest_afsend" not in bfo.about:
        pytest.skip("the server takes no messages by REST: demo.json says nothing of `rest_afsend`")
    return Rest(bfo)


@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "wrapped"])
def test_a_message_is_accepted(bfo, receiver, rest, wrapped):
    besked, transaktion = bfo.besked(declaration=""), str(uuid4())
    text = besked.text
    if wrapped:
        text = f'<?xml version="1.0"?>\n<bf:AfsendBeskedInput xmlns:bf="{BF}">\n  {text}\n</bf:AfsendBeskedInput>'
    assert rest.send(text.encode(), **{"X-Transaktions-Id": transaktion}) == (20, "OK")
    delivery = receiver.get(bfo.queue, auto_ack=True)
    assert delivery.properties.message_id == transaktion
    assert without_routes(delivery.body).strip() == besked.body


def test_what_the_wrapper_declares(bfo, receiver, rest):
    """The prefixes of the message are the wrapper's."""
    text = bfo.besked(declaration="").text
    declared = ' xmlns:besked="urn:oio:besked:kuvert:1.0" xmlns:sd="urn:oio:sagdok:3.0.0"'
    assert declared in text
    text = f'<bf:AfsendBeskedInput xmlns:bf="{BF}"{declared}>{text.replace(declared, "")}</bf:AfsendBeskedInput>'
    assert rest.send(text.encode()) == (20, "OK")
    assert receiver.get(bfo.queue, auto_ack=True)


def test_the_same_message_by_both_ways(bfo, receiver, rest, sender):
    besked = bfo.besked()
    assert rest.send(besked)[0] == sender.send(besked).kode == 20
    assert [delivery.id for delivery in bfo.drain(bfo.queue)] == [besked.id]


def test_the_same_refusals(bfo, receiver, rest, sender):
    """A1–A9, with the words of the other way."""
    other = str(uuid4())
    wrong = {
        "A1": bfo.besked().of_size(LIMIT_BYTES + 1),
        "A3": b"<x/>",
        "A4": bfo.besked(id="ikke-et-uuid").body,
        "A5": bfo.besked(version="2.0").body,
        "A6": bfo.besked(beskedtype=other).body,
        "A7": bfo.besked(ansvarlig=other).body,
        "A8": bfo.besked(myndighed=cvr_urn(bfo.demo.cvr["nabokoebing"])).body,
        "A9": bfo.besked(foelsomhed=other).body,
    }
    replies = {name: sender.send(body) for name, body in wrong.items()}
    assert {name: rest.send(body) for name, body in wrong.items()} == {
        name: (reply.kode, reply.tekst) for name, reply in replies.items()
    }
    assert {reply.kode for reply in replies.values()} == {40, 43, 55}
    assert receiver.get(bfo.queue) is None


def test_without_a_good_token(bfo, receiver, rest):
    """And a token is of no use to another."""
    besked = bfo.besked()
    wrong = {
        "none": rest.send(besked, token=None)[0],
        "nonsense": rest.send(besked, token="a.b.c")[0],
        "changed": rest.send(besked, token=rest.token[:-6] + "AAAAAA")[0],
        "of receiving": rest.send(besked, token=rest.jwt(bfo.sapa, "modtag"), identity="sapa")[0],
        "another's": rest.send(besked, identity="sapa")[0],
        "an assertion": rest.send(besked, token=bfo.afsend.replace("\n", ""))[0],
    }
    assert wrong == dict.fromkeys(wrong, 41)
    assert receiver.get(bfo.queue) is None
