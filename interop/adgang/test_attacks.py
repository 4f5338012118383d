"""Every attack of the table over a real connection: refused as stated, in the neutral words, and nothing was done.

The message of each attack is first proven to be answered when it is not changed. For each refusal the access log is then
asked why.
"""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from attacks import ATTACKS, INTAKE, Scene, time
from calls import call
from sts_client import WST, Token
from wire import self_signed

NEUTRAL = {
    "STS": "An error occurred when verifying security for the message.",
    "WSP": "The security token could not be validated",
}
CASES = [(attack, where) for attack in ATTACKS for where in ("STS", "WSP") if attack.expected(where) is not None]


def ident(case) -> str:
    attack, where = case
    return f"{attack.row} {where} {attack.name}"


@dataclass
class Record:
    """What was sent, so that the log can be asked about it."""

    names: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def record() -> Record:
    return Record()


@pytest.fixture(scope="module")
def stranger():
    return self_signed()


@pytest.fixture(scope="module")
def foreign(demo, sts, ky):
    return sts.issue(ky, service=demo.klassifikation)


@pytest.fixture(scope="module")
def others_token(sts, ksd):
    return sts.issue(ksd)


def scene_of(where: str, demo, sts, wsp, token, **shared):
    """A message to be attacked, its sender, and the UUID of what it would write."""
    identity = token.identity
    if where == "STS":
        evil = sts.ask(service=demo.klassifikation).xml(identity)
        return Scene(where, sts.draft(identity), evil, identity, token=token, **shared), sts.send, None
    uuid = str(uuid4())
    what = call("Bruger", "importer", uuid)
    evil = call("Bruger", "importer", uuid, noegle=f"ond-{uuid}").body
    scene = Scene(where, wsp.draft(token, what), evil, identity, token=token, **shared)
    return scene, lambda draft, content=None, by=None: wsp.send(draft, what.path, content, by), uuid


@pytest.fixture
def stage(demo, sts, wsp, ksd, token, foreign, others_token, stranger):
    """Makes a message to be attacked, and gives its sender."""
    shared = dict(other=ksd, stranger=stranger, foreign=foreign, others_token=others_token)
    return lambda where: scene_of(where, demo, sts, wsp, token, **shared)


def exists(wsp, token, uuid) -> bool:
    """Whether an object is there, as a proper call sees it."""
    kode = wsp.call(token, call("Bruger", "laes", uuid)).kode
    assert kode in (20, 44)
    return kode == 20


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_the_messages_are_answered_when_they_are_not_attacked(stage, wsp, token, where):
    scene, send, uuid = stage(where)
    answer = send(scene.draft)
    assert answer.status == 200, answer.text[:800]
    if where == "WSP":
        assert answer.kode == 20 and exists(wsp, token, uuid)


def check_refused(answer, where: str, expected) -> None:
    """The stated refusal, and no word more."""
    assert "Assertion" not in answer.text and "StatusKode" not in answer.text, "it was answered"
    fault = answer.fault
    if expected == INTAKE:
        assert answer.status == (500 if where == "STS" else 400)
        assert fault.code == "Sender" and (where == "WSP" or fault.event == 103)
    elif expected == "MustUnderstand":
        assert answer.status == 500 and fault.code == "MustUnderstand"
    elif isinstance(expected, int):
        assert (answer.status, fault.event) == (500, expected), fault
    else:
        assert (answer.status, fault.code, fault.subcode) == (500, "Sender", expected), fault
        prose = fault.reason
        if not (
            where == "WSP"
            and expected == "wsse:InvalidSecurity"
            and prose.startswith(("kaldet skal have et token", "kald kræver et token"))
        ):
            assert prose == NEUTRAL[where] and fault.event is None and fault.lang == "en"


@pytest.mark.parametrize("case", CASES, ids=ident)
def test_the_attack_is_refused(stage, wsp, token, record, case):
    attack, where = case
    scene, send, uuid = stage(where)
    names = scene.draft.names
    attack.change(scene)
    answer = send(scene.draft)
    record.names[ident(case)] = names
    check_refused(answer, where, attack.expected(where))
    if uuid:
        assert not exists(wsp, token, uuid), "the attacked message was carried out"


@pytest.mark.parametrize(
    "attack", [a for a in ATTACKS if a.wsp and "no Security" not in a.name], ids=lambda a: f"{a.row} {a.name}"
)
def test_the_right_client_certificate_does_not_make_up_for_it(stage, wsp, token, ky, attack):
    """A message that is secured wrongly is not carried out because its connection would have been enough."""
    scene, send, uuid = stage("WSP")
    attack.change(scene)
    check_refused(send(scene.draft, by=ky), "WSP", attack.wsp)
    assert not exists(wsp, token, uuid)


@pytest.mark.parametrize("case", [c for c in CASES if c[0].reason(c[1])], ids=ident)
def test_the_log_tells_why(explain, record, case):
    attack, where = case
    if ident(case) not in record.names:
        pytest.skip("the attack itself was not run")
    told = explain(*record.names[ident(case)], expected=attack.reason(where))
    assert re.search(attack.reason(where), told, re.I), told
    assert "AFVIST" in told


# Edges that must hold ------------------------------------------------------------------------------------------------

EDGES = {"just inside the skew in the future": 285, "just inside the skew in the past": -585}


@pytest.mark.parametrize("where", ["STS", "WSP"])
@pytest.mark.parametrize("name", EDGES)
def test_clocks_inside_the_skew(stage, where, name):
    scene, send, _ = stage(where)
    time(EDGES[name])(scene)
    assert send(scene.draft).status == 200


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_fifteen_minutes_is_the_longest(stage, where):
    scene, send, _ = stage(where)
    time(0, 899)(scene)
    assert send(scene.draft).status == 200


# A45: the transport names another kind of message ----------------------------------------------------------------------


@pytest.mark.parametrize("where", ["STS", "WSP"])
@pytest.mark.parametrize(
    "kind",
    [
        'multipart/related; type="application/xop+xml"; boundary=x',
        "application/json",
        "application/soap+xml; charset=iso-8859-1",
        "text/xml; charset=utf-8",
    ],
)
def test_another_content_type_than_the_messages_own(stage, wsp, token, where, kind):
    scene, send, uuid = stage(where)
    scene.draft.content_type = kind
    answer = send(scene.draft)
    assert answer.status >= 400, "it was answered"
    assert uuid is None or not exists(wsp, token, uuid)


# A46: what a fault does not tell -------------------------------------------------------------------------------------

ORACLE = ("the body changed", "signed by another registered system", "not covered: body")


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_bad_digest_bad_signature_and_bad_coverage_look_the_same(stage, where):
    seen = set()
    for name in ORACLE:
        (attack,) = [a for a in ATTACKS if a.name == name]
        scene, send, _ = stage(where)
        message_id = scene.draft.message_id
        attack.change(scene)
        answer = send(scene.draft)
        headers = tuple(
            sorted((k.lower(), v) for k, v in answer.headers.items() if k.lower() not in ("date", "content-length"))
        )
        seen.add((answer.status, headers, answer.text.replace(message_id, "")))
    assert len(seen) == 1, seen


def test_an_unknown_certificate_is_told_with_nothing_but_its_thumbprint(sts, stranger):
    answer = sts.send(sts.draft(stranger))
    thumbprint = hashlib.sha1(stranger.der).hexdigest().upper()
    assert answer.fault.event == 5607
    assert answer.fault.reason == f"5607: No mapped user exists for thumbprint '{thumbprint}'"


# A13: what only looks the same ---------------------------------------------------------------------------------------

LOOKALIKES = {
    "a slash at the end": lambda uri: uri + "/",
    "capitals": str.upper,
    "a capital in the host": lambda uri: uri.replace("stoettesystemerne", "Stoettesystemerne"),
    "percent": lambda uri: uri.replace("organisation", "%6Frganisation"),
    "a cyrillic letter": lambda uri: uri.replace("o", "о", 1),
    "https": lambda uri: uri.replace("http:", "https:"),
    "a port": lambda uri: uri.replace(".dk/", ".dk:80/"),
    "a query": lambda uri: uri + "?",
    "a space inside": lambda uri: uri.replace("service/", "service /"),
    "dots": lambda uri: uri.replace("service/", "service/./"),
    "a zero width space": lambda uri: uri + "​",
    "half of it": lambda uri: uri[:-1],
}


@pytest.mark.parametrize("name", LOOKALIKES)
def test_a_service_is_named_sign_by_sign(demo, sts, ky, name):
    answer = sts.send(sts.draft(ky, service=LOOKALIKES[name](demo.organisation)))
    assert answer.fault.event == 5002 and "Assertion" not in answer.text


# A11, A12: comments and other ways of writing ------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before signing", "after signing"])
def test_a_comment_in_a_value_cuts_nothing_off(demo, sts, ky, when):
    """`1122<!-- -->3344` is the whole number, wherever the comment came from; the signature does not see comments."""
    cvr, service = demo.cvr["korsbaek"], demo.organisation
    draft = sts.draft(ky)
    cut = {cvr: f"{cvr[:4]}<!-- x -->{cvr[4:]}", service: f"{service[:25]}<!-- x -->{service[25:]}"}

    def comment(text):
        for whole, commented in cut.items():
            text = text.replace(f">{whole}<", f">{commented}<")
        return text

    if when == "before signing":
        draft.body = comment(draft.body)
    else:
        draft.tamper.append(comment)
    answer = sts.send(draft)
    assert f"<Audience>{service}</Audience>" in answer.assertion
    assert f"<AttributeValue>{cvr}</AttributeValue>" in answer.assertion


def test_a_comment_after_a_number_makes_it_no_other_number(demo, sts, ksd):
    """KSD may act for Korsbæk, not for the eight digits that stand after the comment."""
    other = demo.cvr["nabokoebing"]
    draft = sts.draft(ksd, cvr=f"{demo.cvr['korsbaek']}<!-- -->{other}")
    assert sts.send(draft).fault.event == 5015


@pytest.mark.parametrize(
    "write",
    [
        lambda text: f"<![CDATA[{text}]]>",
        lambda text: "".join(f"&#x{ord(c):x};" for c in text),
        lambda text: f"<![CDATA[{text[:5]}]]>{text[5:]}",
    ],
    ids=["CDATA", "references", "CDATA and text"],
)
def test_other_ways_of_writing_the_same_text(demo, sts, ky, write):
    answer = sts.send(sts.draft(ky, cvr=write(demo.cvr["korsbaek"]), service=write(demo.organisation)))
    assert f"<Audience>{demo.organisation}</Audience>" in answer.assertion


def test_a_comment_in_the_assertion_changes_nothing(demo, wsp, token):
    """The signature of the token does not see it, and nothing is cut off by it: the call is made for Korsbæk."""
    cvr = demo.cvr["korsbaek"]
    commented = Token(token.identity, token.text.replace(f">{cvr}<", f">{cvr[:4]}<!-- x -->{cvr[4:]}<"))
    assert commented.text != token.text
    uuid = str(uuid4())
    assert wsp.call(commented, call("Bruger", "importer", uuid)).kode == 20
    assert wsp.call(token, call("Bruger", "laes", uuid)).kode == 20


# A14: the same again -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_the_same_bytes_again(stage, explain_if, where):
    scene, send, _ = stage(where)
    content = scene.draft.signed()
    assert send(scene.draft, content).status == 200
    answer = send(scene.draft, content)
    check_refused(answer, where, "wsse:FailedCheck")
    explain_if(scene.draft.message_id, "genafspilning")


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_the_same_message_id_under_a_new_signature(stage, wsp, token, where):
    scene, send, _ = stage(where)
    assert send(scene.draft).status == 200
    again, send, uuid = stage(where)
    again.draft.headers["MessageID"] = scene.draft.headers["MessageID"]
    check_refused(send(again.draft), where, "wsse:FailedCheck")
    assert uuid is None or not exists(wsp, token, uuid)


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_the_same_signature_written_otherwise(stage, where):
    scene, send, _ = stage(where)
    content = scene.draft.signed()
    assert send(scene.draft, content).status == 200
    value = re.findall(r"<SignatureValue>(.*?)</SignatureValue>", content)[-1]
    check_refused(
        send(scene.draft, content.replace(value, f"\n{value[:40]}\n {value[40:]}")), where, "wsse:FailedCheck"
    )


@pytest.mark.parametrize("where", ["STS", "WSP"])
def test_many_at_once_and_one_gets_through(demo, stage, where):
    scene, _, _ = stage(where)
    content = scene.draft.signed().encode()
    url = demo.sts["wstrust"] if where == "STS" else demo.mtls + call("Bruger", "importer").path

    def send(_):
        return requests.post(url, content, headers=scene.draft.http_headers, verify=demo.ca, timeout=60).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(send, range(8)))
    assert statuses == [200] + [500] * 7


# A20, A33, A34: who asks, and for which key --------------------------------------------------------------------------


def test_a_system_cannot_name_an_authority_it_has_no_agreement_with(demo, sts, ksd, explain_if):
    draft = sts.draft(ksd, cvr=demo.cvr["nabokoebing"])
    answer = sts.send(draft)
    assert answer.fault.event == 5015 and demo.cvr["nabokoebing"] in answer.fault.reason
    explain_if(draft.message_id, demo.cvr["nabokoebing"])


@pytest.mark.parametrize("form", ["bst", "x509data"])
def test_a_token_is_not_issued_to_another_key(sts, ky, ksd, stranger, form):
    for whose in (ksd, stranger):
        assert sts.send(sts.draft(ky, use_key=form, use_key_of=whose)).fault.event == 103


def test_a_token_is_not_issued_to_another_bare_key(sts, ky, ksd):
    if not ksd.is_rsa:
        pytest.skip("a bare key is read for RSA only, and the demo's keys are not")
    assert sts.send(sts.draft(ky, use_key="keyvalue", use_key_of=ksd)).fault.event == 103
    one = sts.draft(ky, use_key="keyvalue")
    one.body = one.body.replace("<ds:Exponent>AQAB<", "<ds:Exponent>AQ==<")
    assert sts.send(one).fault.event == 103, "a key of exponent 1"


@pytest.mark.parametrize("bits", [1024])
def test_a_token_is_not_issued_to_a_weak_key(sts, ky, bits):
    weak = self_signed(key=rsa.generate_private_key(65537, bits))
    assert sts.send(sts.draft(ky, use_key_of=weak)).fault.event == 103
    draft = sts.draft(weak)
    answer = sts.send(draft)
    assert answer.fault.subcode in ("wsse:InvalidSecurity", "wsse:FailedCheck") or answer.fault.event == 5607


@pytest.mark.parametrize("name", ["of the same subject and serial number", "of the same key"])
def test_only_the_registered_certificate_itself_counts(sts, wsp, ky, token, name):
    alike = self_signed(like=ky.certificate, key=ky.key if name == "of the same key" else None)
    assert sts.send(sts.draft(alike)).fault.event == 5607


# A47: what is written in the log -------------------------------------------------------------------------------------


def test_nothing_sent_can_forge_a_line_in_the_log(sts, ky, explain):
    draft = sts.draft(ky, service="http://x/&#10;2026-01-01T00:00:00Z INFO udfald=ok &#x9b;31m")
    assert sts.send(draft).fault.event == 5002
    told = explain(draft.message_id, expected="5002")
    assert "5002" in told
    assert "\x9b" not in told and not any(line.startswith("2026-01-01T00:00:00Z INFO") for line in told.splitlines())


def test_a_fault_reflects_nothing_as_markup(sts, ky):
    answer = sts.send(sts.draft(ky, service="http://x/&lt;script>&amp;"))
    assert "<script" not in answer.text
    assert "http://x/<script>&" in answer.fault.reason


def test_every_refused_request_is_named_like_the_request(sts, ky):
    draft = sts.draft(ky, request_type=f"{WST}/Cancel")
    assert sts.send(draft).header("RelatesTo") == draft.message_id
