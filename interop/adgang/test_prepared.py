"""Certificates that are registered and still may not be used; acting for others by permission; and provisioning.

On a server of the suite's own, prepared for it: needs `FUNDAMENT_PROGRAM`. There a client certificate alone is enough
for a call, so that it can be seen that a message which is secured wrongly does not get by as one that is not secured at all.
"""

import base64
import hashlib
import json
import re
import time
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from cryptography.x509 import ocsp

import verify
from calls import call
from demo import missing
from own_server import Answers, Ca, Own, registered
from server import Demo
from sts_client import Sts, Token
from attacks import ATTACKS
from test_attacks import check_refused, exists, scene_of
from test_obo import OBO_TEXTS
from test_rest import ask, b64url, by, header_of, issue, parameters, unb64url, use
from test_sts import check_answer, check_assertion
from wire import Identity, now, resigned, self_signed, stamp
from wsp_client import Wsp

TOKEN, FAILED = "wsse:InvalidSecurityToken", "wsse:FailedCheck"
PROVISIONING = "/admin/api/kmodel"


@dataclass
class World:
    """The prepared server."""

    own: Own
    demo: Demo
    sts: Sts
    wsp: Wsp
    certificates: dict[str, Identity]
    answers: Answers


def prepare(own: Own, ca: Ca, answers: Answers) -> dict[str, Identity]:
    """The certificates of KSD beside its own one, and the lists and answers about them."""
    folder = own.data.parent / "certificates"
    folder.mkdir()
    other = Ca()
    dead = f"http://127.0.0.1:{own.ports[0] ^ 1}/ingen"

    def make(name, by=ca, **how):
        return by.issue(name, folder, **how)

    made = [
        make("second"),
        make("expired", days=(-30, -1)),
        make("future", days=(1, 30)),
        make("activated tomorrow"),
        make("blocked"),
        make("of another ca", by=other),
        make("not for signing", signs=False),
        make("weak", bits=1024),
        make("revoked by list", crl=answers.url("/crl")),
        make("good by list", crl=answers.url("/crl")),
        make("stale list", crl=answers.url("/stale")),
        make("list of another ca", crl=answers.url("/foreign")),
        make("list unreachable", crl=dead),
        make("answer unreachable", responder=dead),
        make("revoked by answer", responder=answers.url("/ocsp/revoked")),
        make("good by answer", responder=answers.url("/ocsp/good")),
        make("answer about another", responder=answers.url("/ocsp/another")),
        make("answer of another ca", responder=answers.url("/ocsp/foreign")),
        make("stale answer", responder=answers.url("/ocsp/stale")),
        make("answer that is none", responder=answers.url("/ocsp/none")),
        make("drift", cvr="19435075"),
    ]
    found = {identity.name: identity for identity in made}
    answers.content |= {
        "/crl": ca.crl(found["revoked by list"]),
        "/stale": ca.crl(days=(-30, -1)),
        "/foreign": other.crl(),
        "/ocsp/revoked": ca.ocsp(found["revoked by answer"], ocsp.OCSPCertStatus.REVOKED),
        "/ocsp/good": ca.ocsp(found["good by answer"]),
        "/ocsp/another": ca.ocsp(found["good by answer"]),
        "/ocsp/foreign": other.ocsp(found["answer of another ca"]),
        "/ocsp/stale": ca.ocsp(found["stale answer"], hours=(-72, -48)),
        "/ocsp/none": b"ikke et svar",
    }
    return found


def policy_with(certificates: dict[str, Identity], refused: list[str]):
    def change(policy: dict) -> None:
        systems = {system["navn"]: system for system in policy["systemer"]}
        systems["SAPA"]["can_impersonate"] = True
        more = {
            "activated tomorrow": {"aktivering": {"fra": stamp(now(days=1)), "til": stamp(now(days=9))}},
            "blocked": {"status": "TILBAGEKALDT"},
        }
        for name, identity in certificates.items():
            if name != "drift" and name not in refused:
                systems["KSD"]["certifikater"].append(registered(identity, **more.get(name, {})))
        drift = {k: v for k, v in systems["KY"].items() if k not in ("impersonering", "certifikater")}
        policy["systemer"].append(
            drift
            | {
                "uuid": str(uuid4()),
                "navn": "Drift",
                "leverandoer": "19435075",
                "certifikater": [registered(certificates["drift"])],
            }
        )

    return change


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)
    own = Own(tmp_path_factory.mktemp("own") / "data")
    answers = Answers()
    try:
        own.start()
        own.stop()
        certificates = prepare(own, Ca(own.data / "pki"), answers)
        own.policy(policy_with(certificates, []))
        demo = own.start()
        yield World(own, demo, Sts(demo), Wsp(demo), certificates, answers)
    finally:
        own.stop()
        answers.close()


@pytest.fixture(scope="module")
def drift(world) -> Identity:
    return world.certificates["drift"]


# A34, A35 ------------------------------------------------------------------------------------------------------------

ACCEPTED = ["second", "good by list", "good by answer"]
#: What comes back, and what the log says.
UNUSABLE = {
    "expired": (TOKEN, "gyldighed|udløb"),
    "future": (TOKEN, "gyldighed|endnu"),
    "activated tomorrow": (5607, "5607"),
    "blocked": (5607, "5607"),
    "of another ca": (TOKEN, "udsteder|kæde|tillid"),
    "not for signing": (TOKEN, "sign|nøgle"),
    "weak": ("any", ""),
    "revoked by list": (TOKEN, "spærret"),
    "stale list": (TOKEN, "spærret"),
    "list of another ca": (TOKEN, "spærret"),
    "list unreachable": (TOKEN, "ingen kan oplyse"),
    "answer unreachable": (TOKEN, "ingen kan oplyse"),
    "revoked by answer": (TOKEN, "spærret"),
    "answer about another": (TOKEN, "spærret"),
    "answer of another ca": (TOKEN, "spærret"),
    "stale answer": (TOKEN, "spærret"),
    "answer that is none": (TOKEN, "spærret"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_more_certificates_of_one_system(world, name):
    token = world.sts.issue(world.certificates[name])
    assert world.wsp.call(token, call("Bruger", "soeg")).kode == 20


def test_a_token_may_be_for_another_certificate_of_the_same_system(world):
    ksd, second = world.demo.systems["ksd"], world.certificates["second"]
    text = world.sts.issue(ksd, use_key_of=second).text
    assert second.b64 in text and ksd.b64 not in text
    assert world.wsp.call(Token(second, text), call("Bruger", "soeg")).kode == 20


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_registered_certificate_that_may_not_be_used(world, name):
    expected, reason = UNUSABLE[name]
    identity = world.certificates[name]
    draft = world.sts.draft(identity)
    answer = world.sts.send(draft)
    assert "Assertion" not in answer.text
    if expected != "any":
        check_refused(answer, "STS", expected)
    told = world.demo.explain(draft.message_id, expected=reason)
    assert "AFVIST" in told and re.search(reason, told, re.I), told


@pytest.mark.parametrize("name", ["expired", "activated tomorrow", "revoked by list", "of another ca"])
def test_it_may_not_be_used_over_tls_either(world, name):
    answer = ask(world.demo, world.certificates[name])
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("name", ["expired", "activated tomorrow", "blocked", "revoked by list", "of another ca"])
def test_a_token_bound_to_it_may_not_be_used(world, name):
    """The token was issued while the certificate could be used: here by the service's own key."""
    ksd, identity = world.demo.systems["ksd"], world.certificates[name]
    key = world.demo.own_key("sts")
    good = world.sts.issue(ksd)
    forged = Token(identity, resigned(good.text.replace(ksd.b64, identity.b64), key))
    what = call("Bruger", "soeg")
    answer = world.wsp.send(world.wsp.draft(forged, what), what.path)
    assert answer.fault.subcode in ("wsse:FailedAuthentication", TOKEN)
    assert answer.fault.reason == "The security token could not be validated"


@pytest.mark.parametrize("name", ["expired", "activated tomorrow", "blocked", "revoked by list", "of another ca"])
def test_a_jwt_bound_to_it_may_not_be_used(world, name):
    ksd, identity = world.demo.systems["ksd"], world.certificates[name]
    jwt = ask(world.demo, ksd).json["access_token"]
    claims = json.loads(unb64url(jwt.split(".")[1]))
    claims["cnf"] = {"x5t#S256": b64url(hashlib.sha256(identity.der).digest())}
    forged = by(world.demo.own_key("jwt").key, header_of(jwt), claims)
    assert use(world.demo, forged, identity, operation="soeg").status == 401


ALONE = ["expired", "activated tomorrow", "blocked", "revoked by list", "revoked by answer", "of another ca"]


@pytest.mark.parametrize("name", ["ky", *ALONE])
def test_nor_alone_where_a_certificate_is_enough(world, name):
    identity = world.demo.systems.get(name) or world.certificates[name]
    answer = use(world.demo, None, identity, operation="soeg", **{"X-Anvenderkontekst": world.demo.cvr["korsbaek"]})
    if name == "ky":
        assert answer.kode == 20
    else:
        assert answer.fault.subcode.startswith("wsse:")


# Where a certificate is enough, what is secured must be secured rightly ----------------------------------------------


@pytest.fixture(scope="module")
def shared(world):
    demo, sts = world.demo, world.sts
    ksd = demo.systems["ksd"]
    return dict(
        other=ksd,
        stranger=self_signed(),
        others_token=sts.issue(ksd),
        foreign=sts.issue(demo.systems["ky"], service=demo.klassifikation),
    )


@pytest.fixture(scope="module")
def token(world) -> Token:
    return world.sts.issue(world.demo.systems["ky"])


BROKEN = [attack for attack in ATTACKS if attack.wsp and attack.name != "no Security"]


@pytest.mark.parametrize("attack", BROKEN, ids=lambda a: f"{a.row} {a.name}")
def test_the_certificate_does_not_make_up_for_it(world, token, shared, attack):
    scene, send, uuid = scene_of("WSP", world.demo, world.sts, world.wsp, token, **shared)
    attack.change(scene)
    answer = send(scene.draft, by=token.identity)
    assert not exists(world.wsp, token, uuid), "the attacked message was carried out"
    check_refused(answer, "WSP", attack.wsp)


def test_a_jwt_that_is_refused_is_not_made_up_for(world, token):
    uuid = str(uuid4())
    assert use(world.demo, "ikke.et.token", token.identity, uuid).status == 401
    assert not exists(world.wsp, token, uuid)


# A38: a body that never ends -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_a_body_that_never_ends_is_given_up(world, where):
    """Only a few bytes of what was promised: no longer than the server's own limit, here five seconds."""
    url = world.demo.sts["wstrust"] if where == "STS" else f"{world.demo.mtls}/organisation/bruger/6"
    with world.demo.socket(url) as connection:
        connection.settimeout(30)
        connection.sendall(
            f"POST {urlsplit(url).path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml"
            "\r\nContent-Length: 1000\r\n\r\n<".encode()
        )
        begun = time.monotonic()
        answer = connection.recv(4096)
        assert time.monotonic() - begun < 15
        assert not answer or answer.split()[1] in (b"400", b"408", b"500", b"503"), answer[:200]


# A32: by permission --------------------------------------------------------------------------------------------------


def test_by_anothers_token(world, schemas):
    demo, sts = world.demo, world.sts
    ksd, sapa = demo.systems["ksd"], demo.systems["sapa"]
    shown = sts.issue(ksd)
    for act_as in (False, True):
        draft = sts.draft(sapa, obo=shown.text, act_as=act_as)
        text, _ = check_answer(demo, draft, sts.send(draft))
        check_assertion(demo, text, sapa, schemas, demo.organisation, demo.cvr["korsbaek"], life=None, party=ksd)
        end = verify.parsed(text).find("{*}Conditions").get("NotOnOrAfter")
        assert verify.moment(end) <= verify.moment(shown.xml.find("{*}Conditions").get("NotOnOrAfter"))
    assert world.wsp.call(Token(sapa, text), call("Bruger", "soeg")).kode == 20


def test_by_anothers_token_as_json(world):
    demo = world.demo
    shown = world.sts.issue(demo.systems["ksd"])
    answer = issue(demo, demo.systems["sapa"], obo=base64.b64encode(shown.text.encode()).decode())
    assert answer.status == 200, answer.text
    verify.assertion(base64.b64decode(answer.json["RequestedSecurityToken"]["Assertion"]).decode(), demo.pem("sts"))


def test_the_new_token_lives_no_longer_than_the_one_shown(world):
    demo, sts = world.demo, world.sts
    shown = sts.issue(demo.systems["ksd"], lifetime=stamp(now(minutes=10)))
    token = sts.issue(demo.systems["sapa"], obo=shown.text)
    assert token.xml.find("{*}Conditions").get("NotOnOrAfter") == shown.xml.find("{*}Conditions").get("NotOnOrAfter")


def test_not_over_another(world):
    demo, sts = world.demo, world.sts
    first = sts.issue(demo.systems["sapa"], obo=sts.issue(demo.systems["ksd"]).text)
    draft = sts.draft(demo.systems["sapa"], obo=first.text)
    assert sts.send(draft).fault.event == 5050
    assert "på vegne af en anden" in demo.explain(draft.message_id, expected="på vegne af en anden")


def test_not_by_a_system_without_permission(world):
    demo, sts = world.demo, world.sts
    draft = sts.draft(demo.systems["ky"], obo=sts.issue(demo.systems["ksd"]).text)
    assert sts.send(draft).fault.event == 5050
    assert "OBO-01" in demo.explain(draft.message_id, expected="OBO-01")


@pytest.mark.parametrize("name", OBO_TEXTS)
def test_a_token_that_proves_nothing(world, name):
    content = OBO_TEXTS[name](world.sts.issue(world.demo.systems["ksd"]), world.demo.own_key("sts"))
    answer = world.sts.send(world.sts.draft(world.demo.systems["sapa"], obo=content))
    assert answer.fault.event == 5050, answer.fault


# A37: provisioning ---------------------------------------------------------------------------------------------------


def provisioning(world, path: str, identity, method="GET", body=None):
    session = world.demo.session(identity)
    return session.request(
        method,
        f"{world.demo.mtls}{PROVISIONING}{path}",
        timeout=30,
        data=None if body is None else json.dumps(body),
        headers={"Content-Type": "application/json"},
    )


def path_id(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def test_the_operator_may_read(world, drift):
    answer = provisioning(world, "/Anvendersystemer", drift)
    assert answer.status_code == 200 and len(answer.json()) >= 3


@pytest.mark.parametrize("who,status", [("ky", 403), ("ksd", 403), ("sapa", 403), (None, 401)])
@pytest.mark.parametrize(
    "method,path",
    [
        ("GET", "/Anvendersystemer"),
        ("GET", "/Service"),
        ("GET", "/Servicesystemroller"),
        ("PUT", "/Anvendersystemer/{ky}/CanImpersonate/true"),
        ("PUT", "/Anvendersystemer/{ky}/OcesCertifikater"),
        ("DELETE", "/Anvendersystemer/{ky}"),
        ("POST", "/Anvendersystemer"),
    ],
)
def test_nobody_else_may(world, drift, who, status, method, path):
    before = provisioning(world, "/Anvendersystemer", drift).json()
    path = path.replace("{ky}", path_id(id_of(world, "ky")))
    answer = provisioning(world, path, who and world.demo.systems[who], method, [])
    assert answer.status_code == status, answer.text
    assert provisioning(world, "/Anvendersystemer", drift).json() == before


def id_of(world, name: str) -> str:
    """The id of a system, as a JWT tells it."""
    jwt = ask(world.demo, world.demo.systems[name]).json["access_token"]
    return json.loads(unb64url(jwt.split(".")[1]))["sub"]


@pytest.mark.parametrize("identifier", ["../../x", "..", "a/../b", "a\\b", "\x00", "a\nb", "", " "])
def test_an_id_cannot_leave_its_place(world, drift, identifier):
    answer = provisioning(world, f"/Anvendersystemer/{path_id(identifier)}", drift)
    assert answer.status_code in (400, 404) or identifier == "", answer.text


@pytest.mark.parametrize("segment", ["%%%", "...", "a b", "=", "%2e%2e", "%00"])
def test_an_id_that_is_no_base64(world, drift, segment):
    assert provisioning(world, f"/Anvendersystemer/{segment}", drift).status_code in (400, 404)


def test_can_impersonate_is_not_set_by_the_way(world, drift):
    """Mass assignment: what is sent along with a system does not give it more than the call is for."""
    ksd = path_id(id_of(world, "ksd"))
    before = provisioning(world, f"/Anvendersystemer/{ksd}", drift)
    assert before.status_code == 200
    system = before.json()
    for name in ("isOperator", "Driftsoperatør", "arter"):
        answer = provisioning(world, f"/Anvendersystemer/{ksd}", drift, "PUT", system | {name: True})
        assert answer.status_code in (200, 400), answer.text
    demo, sts = world.demo, world.sts
    shown = sts.issue(demo.systems["ky"])
    assert sts.send(sts.draft(demo.systems["ksd"], obo=shown.text)).fault.event == 5050


# A47: the log of the server ------------------------------------------------------------------------------------------


def test_the_log_holds_no_secrets_and_no_lines_of_others(world, token):
    """What is sent may be named in the log, on its own line, without what commands a terminal."""
    demo, sts = world.demo, world.sts
    ky, mark = demo.systems["ky"], f"mark-{uuid4()}"
    evil = f"http://x/{mark}&#10;FALSK linje&#13;FALSK igen&#x9b;31m&#x202e;"
    assert sts.send(sts.draft(ky, service=evil)).fault.event == 5002
    plain = f"http://x/{mark}\nFALSK linje\rFALSK igen\x9b31m\u202e"
    for answer in (
        ask(demo, ky, parameters(demo, service=plain)),
        issue(demo, ky, service=plain),
        ask(demo, ky, {**parameters(demo), "scope": f"{mark}\nFALSK:x"}),
    ):
        assert answer.status == 400
    what = call("Bruger", "soeg")
    for change in ({"method": f"urn:{mark}&#10;FALSK"}, {"c14n": f"urn:{mark}&#10;FALSK"}):
        draft = world.wsp.draft(token, what)
        for name, value in change.items():
            setattr(draft, name, value)
        assert world.wsp.send(draft, what.path).fault.subcode == FAILED
        draft = sts.draft(ky)
        for name, value in change.items():
            setattr(draft, name, value)
        assert sts.send(draft).fault.subcode == FAILED
    log = world.own.log_file.read_text(encoding="utf-8")
    assert mark in log, "the log says nothing of it"
    lines = [line for line in log.replace("\r", "\n").splitlines() if line.startswith("FALSK")]
    assert not lines, lines[:3]
    assert not re.search("[\x9b\u202e]", log)
    for secret in ("<Assertion", "BinarySecurityToken", "eyJ", token.identity.b64[:40], "PRIVATE KEY"):
        assert secret not in log, f"the log holds {secret}"
