"""Push (section 9): a receiver of the suite's own, and every answer it may give.

All scenes run at once, each with a dueslag of its own and two messages, as the schedule of attempts is a matter of
minutes: what fails once is tried again after ten seconds, what fails twice after thirty more.
"""

import re
import time
from dataclasses import dataclass

import pytest
from lxml import etree

from demo import missing
from envelope import (
    besked_id,
    cvr_urn,
    judge_payload,
    schema,
    signed_payload,
    texts,
    tilladte,
    without_routes,
)
from own import Own, abonnement, dueslag, toml
from own_server import Ca, free_port
from receiver import STS, Answer, Call, Receiver, output

OK = Answer()
AT_ONCE_SECONDS = 5
#: The waits before the second and the third attempt, and how much they may differ; and what a machine takes besides.
SECOND, THIRD, JITTER, SLACK_SECONDS = 10, 30, 0.2, 4
#: How long a receiver may take to answer.
ANSWER_SECONDS = 30
ALL_SECONDS = (SECOND + THIRD) * (1 + JITTER) + SLACK_SECONDS
WRONG_NS = "urn:oio:sts:2.0.0"
DTD = '<!DOCTYPE x [<!ENTITY kode "20">]>'

#: Answers by which a message is delivered, at the first attempt.
DELIVERED = {
    "as the specification writes it": OK,
    "Ok": Answer(body=output(tekst="Ok")),
    "another text": Answer(body=output(tekst="Tak &amp; farvel æøå")),
    "no text": Answer(body=output(tekst=None)),
    "other prefixes": Answer(body=output(sts="ns4:", sd="ns2:")),
    "no prefix": Answer(body=output(sts="", sd="")),
    "a declaration": Answer(body='<?xml version="1.0" encoding="UTF-8"?>\n' + output()),
    "standalone": Answer(body='<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + output()),
    "leading blanks": Answer(body="\n  \t " + output()),
    "leading blanks before a declaration": Answer(body='\r\n  <?xml version="1.0" encoding="UTF-8"?>' + output()),
    "a byte order mark": Answer(body="\ufeff" + output()),
    "blanks in the code": Answer(body=output(kode=" 20\n")),
    "comments": Answer(body="<!-- a -->" + output().replace("20<", "20<!-- b --><") + "<!-- c -->"),
    "text/xml": Answer(content_type="text/xml;charset=UTF-8"),
    "no content type": Answer(content_type=None),
    "in the smallest pieces": Answer(chunked=True),
    "after a while": Answer(seconds=2),
}

#: Answers after which it is tried again, at the head of the queue.
TRANSIENT = {
    "an empty 200": Answer(body=""),
    "an empty 202": Answer(202, body=""),
    "an empty 204": Answer(204, body=""),
    "nonsense": Answer(body="OK"),
    "JSON": Answer(body='{"StatusKode": 20}', content_type="application/json"),
    "HTML": Answer(body="<html><body>20 OK</body></html>", content_type="text/html"),
    "cut XML": Answer(body=output()[:-5]),
    "another namespace": Answer(body=output().replace("urn:oio:sagdok:3.0.0", "urn:oio:sagdok:2.0.0")),
    "an entity": Answer(body=DTD + output(kode="&kode;")),
    "a code that is none": Answer(body=output(kode="tyve")),
    "41": Answer(body=output(41, "Token er udløbet")),
    "50": Answer(body=output(50, "Intern fejl")),
    "53": Answer(body=output(53, "Ikke tilgængelig")),
    "500": Answer(500, body=""),
    "503": Answer(503, body="Service Unavailable", content_type="text/plain"),
    "503 that says 20": Answer(503),
    "408": Answer(408, body=""),
    "429": Answer(429, body=""),
    "404": Answer(404, body=""),
    "405": Answer(405, body=""),
    "410": Answer(410, body=""),
    "moved for good": Answer(301, body="", location="/elsewhere"),
    "moved": Answer(307, body="", location="/elsewhere"),
    "moved, and says 20": Answer(302, location="/elsewhere"),
    "no answer": Answer(drop=True),
    "half an answer": Answer(cut=True),
    "without end": Answer(body=output() + " " * (1 << 20)),
    "too slow": Answer(seconds=ANSWER_SECONDS + 5),
}

#: Answers after which it is tried three times in all, and then in the fejlkø.
PERMANENT = {
    "40": Answer(body=output(40, "Besked kan ikke modtages")),
    "40 with 400": Answer(400, body=output(40, "Besked kan ikke modtages")),
    "40 with 500": Answer(500, body=output(40, "Besked kan ikke modtages")),
    "51": Answer(body=output(51, "Ikke implementeret")),
    "55": Answer(body=output(55, "Version ikke understøttet")),
}

SCENES = {
    **{name: [answer] for name, answer in DELIVERED.items()},
    **{name: [answer, OK] for name, answer in TRANSIENT.items()},
    **{f"permanent {name}": [answer] * 3 + [OK] for name, answer in PERMANENT.items()},
    "permanent, and then not": [PERMANENT["40"], OK],
    "slow and fast": [Answer(seconds=1.5), OK],
}


def path(name: str) -> str:
    return "/besked/" + re.sub(r"\W+", "-", name.lower())


@dataclass
class Scene:
    """A dueslag, its two messages and what its receiver got."""

    receiver: Receiver
    path: str
    dueslag: str
    beskeder: list
    transaktioner: list[str]

    @property
    def ids(self) -> list[str]:
        return [besked.id for besked in self.beskeder]

    def calls(self, count: int, seconds: float) -> list[Call]:
        return self.receiver.wait(self.path, count, seconds)


class Pushed:
    """The server, its receivers and all scenes, begun."""

    def __init__(self, own: Own, folder):
        self.own = own
        bfo = own.distributor()
        own.stop()
        trusted = own.data / "pki" / "ca.pem"
        self.receiver = Receiver(folder, Ca(own.data / "pki"), str(trusted))
        self.untrusted = Receiver(folder, Ca(), str(trusted))
        self.receiver.answers = {path(name): answers for name, answers in SCENES.items()}
        system = bfo.uuid("SAPA")
        urls = {name: self.receiver.url(path(name)) for name in SCENES}
        urls["untrusted"] = self.untrusted.url(path("untrusted"))
        urls["nobody there"] = f"https://localhost:{free_port()}/besked"
        urls["paused"] = self.receiver.url(path("paused"))
        slag = {name: dueslag(system, f"push {name}", url) for name, url in urls.items()}
        slag["paused"]["tilstand"] = "Pauset"
        typer, objekt = [bfo.beskedtype(1)], "Beskedkuvert.Filtreringsdata.ObjektRegistrering.ObjektId.URNIdentifikator"
        abonnementer = [abonnement(d, typer, f"{objekt} = '{urn(name)}'") for name, d in slag.items()]
        own.apply(toml(dueslag=list(slag.values()), abonnementer=abonnementer))
        self.bfo = own.distributor()
        self.identity = self.bfo.ky
        payload = signed_payload(self.identity)
        both = cvr_urn(self.bfo.cvr), cvr_urn("99887766")
        self.scenes = {}
        self.begun = time.monotonic()
        with self.bfo.sender() as sender:
            for name, d in slag.items():
                beskeder = [self.bfo.besked(objekt=urn(name), data=payload, tilladte=both) for _ in range(2)]
                replies = [sender.send(besked) for besked in beskeder]
                assert [reply.kode for reply in replies] == [20, 20]
                transaktioner = [reply.properties.message_id for reply in replies]
                receiver = self.untrusted if name == "untrusted" else self.receiver
                self.scenes[name] = Scene(receiver, path(name), d["uuid"], beskeder, transaktioner)


def urn(name: str) -> str:
    return f"urn:suite:{path(name)[8:]}"


@pytest.fixture(scope="module")
def pushed(tmp_path_factory):
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)
    folder = tmp_path_factory.mktemp("push")
    own = Own(folder)
    pushed = None
    try:
        pushed = Pushed(own, folder)
        status = pushed.bfo.demo.run("besked", "status")
        if "PUSH" not in status:
            pytest.skip("the server pushes nothing")
        yield pushed
    finally:
        own.stop()
        if pushed:
            pushed.receiver.close()
            pushed.untrusted.close()


def got(calls: list[Call]) -> list[str]:
    return [besked_id(call.body) for call in calls]


def attempts(calls: list[Call]) -> list[tuple[str, str]]:
    return [(besked_id(call.body), call.headers["x-leveranceforsoeg"]) for call in calls]


def assert_waited(before: Call, after: Call, seconds: float) -> None:
    """The wait between two attempts, from the end of the first."""
    waited = after.begun - before.ended[0]
    assert seconds * (1 - JITTER) - 0.5 <= waited <= seconds * (1 + JITTER) + SLACK_SECONDS, f"{waited:.1f} s"


# What is sent --------------------------------------------------------------------------------------------------------


def test_the_call(pushed):
    scene = pushed.scenes["as the specification writes it"]
    calls = scene.calls(2, AT_ONCE_SECONDS)
    assert got(calls) == scene.ids
    for call, besked, transaktion in zip(calls, scene.beskeder, scene.transaktioner, strict=True):
        assert re.fullmatch(r"application/xml; ?charset=utf-8", call.headers["content-type"], re.I)
        assert {kind.strip() for kind in call.headers["accept"].split(",")} == {"application/xml", "text/xml"}
        assert call.headers["x-besked-id"] == besked.id
        assert call.headers["x-transaktions-id"] == transaktion
        assert call.headers["x-leveranceforsoeg"] == "1"
        assert call.headers["host"].startswith("localhost:")


def test_the_client_certificate(pushed):
    """Ours, and the same each time."""
    calls = pushed.scenes["as the specification writes it"].calls(2, AT_ONCE_SECONDS)
    assert calls[0].subject and len({call.subject for call in calls}) == 1


def test_what_is_pushed(pushed):
    """The official schema; inside, the message byte for byte, trimmed, and a signature that still holds."""
    scene = pushed.scenes["as the specification writes it"]
    for call, besked in zip(scene.calls(2, AT_ONCE_SECONDS), scene.beskeder, strict=True):
        tree = etree.fromstring(call.body)
        schema("AnvendersystemOperationer").assertValid(tree)
        assert etree.QName(tree) == etree.QName(STS, "ModtagBeskedInput")
        assert tilladte(tree) == [cvr_urn(pushed.bfo.cvr)]
        assert texts(tree, "Leverancerute.LeveranceruteLokalUdvidelse.AntalLeveranceforsoeg") == ["1"]
        inside = re.search(rb"<besked:Beskedkuvert>.*</besked:Haendelsesbesked>", without_routes(call.body), re.S)[0]
        trimmed = (
            "<besked:TilladtModtager><sd:URNIdentifikator>urn:oio:cvr-nr:99887766</sd:URNIdentifikator>"
            "</besked:TilladtModtager>"
        )
        assert inside in besked.text.replace(trimmed, "").encode()
        judge_payload(call.body, pushed.identity)


# Delivered -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DELIVERED)
def test_delivered(pushed, name):
    scene = pushed.scenes[name]
    calls = scene.calls(2, AT_ONCE_SECONDS + 2 * DELIVERED[name].seconds)
    assert attempts(calls) == [(id, "1") for id in scene.ids]


def test_one_at_a_time(pushed):
    """The second is not sent before the first is answered."""
    first, second = pushed.scenes["slow and fast"].calls(2, AT_ONCE_SECONDS)
    assert first.ended[0] <= second.begun + 0.05


def test_many_dueslag_at_once(pushed):
    """One that waits is in no other's way."""
    assert pushed.scenes["as the specification writes it"].calls(2, AT_ONCE_SECONDS)[1].begun < pushed.begun + 10


# Tried again ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRANSIENT)
def test_tried_again(pushed, name):
    """The same message first, ten seconds later; then the next."""
    scene, answer = pushed.scenes[name], TRANSIENT[name]
    calls = scene.calls(3, SECOND * (1 + JITTER) + 2 * SLACK_SECONDS + answer.seconds + AT_ONCE_SECONDS)
    first, second = scene.ids
    assert attempts(calls) == [(first, "1"), (first, "2"), (second, "1")]
    tried = [
        texts(etree.fromstring(call.body), "Leverancerute.LeveranceruteLokalUdvidelse.AntalLeveranceforsoeg")
        for call in calls
    ]
    assert tried == [["1"], ["2"], ["1"]]
    if answer.seconds < ANSWER_SECONDS:
        assert_waited(calls[0], calls[1], SECOND)
    else:
        assert calls[1].begun - calls[0].begun >= ANSWER_SECONDS + SECOND * (1 - JITTER) - 0.5
    assert pushed.bfo.fejlkoe(scene.dueslag, seconds=0) == {}


def test_a_redirect_is_not_followed(pushed):
    for name in ("moved", "moved for good", "moved, and says 20"):
        pushed.scenes[name].calls(3, ALL_SECONDS)
    assert pushed.receiver.to("/elsewhere") == []


def test_permanent_once_and_then_not(pushed):
    scene = pushed.scenes["permanent, and then not"]
    first, second = scene.ids
    calls = scene.calls(3, ALL_SECONDS)
    assert attempts(calls) == [(first, "1"), (first, "2"), (second, "1")]
    assert pushed.bfo.fejlkoe(scene.dueslag, seconds=0) == {}


def test_a_receiver_nobody_vouches_for(pushed):
    """Its certificate is of no known issuer: it gets nothing, and nothing is lost."""
    scene = pushed.scenes["untrusted"]
    assert scene.calls(1, 3) == []
    assert "venter: 2" in status(pushed, scene.dueslag)


def test_a_receiver_that_is_not_there(pushed):
    scene = pushed.scenes["nobody there"]
    told = status(pushed, scene.dueslag)
    assert "venter: 2" in told, told


def test_a_paused_dueslag_keeps_what_comes(pushed):
    scene = pushed.scenes["paused"]
    assert scene.calls(1, 1) == []
    assert "venter: 2" in status(pushed, scene.dueslag)


def status(pushed, dueslag: str) -> str:
    """What the server's own program tells of one dueslag."""
    told = pushed.bfo.demo.run("besked", "status")
    mine, *_ = re.split(r"\n(?=\S)", told[told.index(dueslag) :])
    return mine


# Given up ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PERMANENT)
def test_not_wanted(pushed, name):
    """Three attempts, then the fejlkø with its reason, and on with the next."""
    scene = pushed.scenes[f"permanent {name}"]
    first, second = scene.ids
    calls = scene.calls(4, ALL_SECONDS + AT_ONCE_SECONDS - (time.monotonic() - pushed.begun) + SLACK_SECONDS)
    assert attempts(calls) == [(first, "1"), (first, "2"), (first, "3"), (second, "1")]
    assert_waited(calls[0], calls[1], SECOND)
    assert_waited(calls[1], calls[2], THIRD)
    assert pushed.bfo.fejlkoe(scene.dueslag) == {first: "AfvistAfModtager"}
    told = pushed.bfo.demo.run("besked", "fejl", "list", scene.dueslag)
    answer = PERMANENT[name]
    assert str(answer.status) in told and re.search(r"<sd:StatusKode>(\d+)", answer.body)[1] in told


def test_from_the_fejlkoe_it_comes_again(pushed):
    """Laid back by whoever runs the installation; on SQLite while the server is stopped, so this is the last test."""
    scene = pushed.scenes["permanent 40"]
    first, second = scene.ids
    assert got(scene.calls(4, ALL_SECONDS + AT_ONCE_SECONDS))[-1] == second
    assert first in pushed.bfo.fejlkoe(scene.dueslag)
    pushed.own.stop()
    pushed.bfo.demo.run("besked", "fejl", "retry", scene.dueslag, first)
    pushed.own.start()
    assert got(scene.calls(5, AT_ONCE_SECONDS))[4:] == [first]
    assert pushed.bfo.fejlkoe(scene.dueslag, seconds=0) == {}
