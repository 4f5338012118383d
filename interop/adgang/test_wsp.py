"""The services take a token from every client, and sign their answers as the strictest client demands."""

import base64
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

import verify
from calls import call
from wire import ANONYMOUS, SOAP11, WSSE, WSU, Ref, now, reply_to
from wsp_client import HEADER

COVERED = {"Body", "Action", "MessageID", "RelatesTo", "To", "Timestamp", "BinarySecurityToken"}


def check_answer(demo, draft, answer, kode=None):
    """The signed answer as the strictest client checks it."""
    assert answer.status == 200, answer.text[:800]
    pem = demo.pem("service")
    parts = verify.message(answer.content, pem, COVERED)
    assert parts["RelatesTo"].text == draft.message_id
    assert parts["To"].text == ANONYMOUS
    assert parts["Action"].text == f"{draft.action}Response"
    assert parts["MessageID"].text != draft.message_id and parts["MessageID"].text.startswith("urn:uuid:")
    der = x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)
    assert base64.b64decode(parts["BinarySecurityToken"].text) == der
    created, expires = (verify.moment(parts["Timestamp"].findtext(f"{{{WSU}}}{n}")) for n in ("Created", "Expires"))
    assert expires - created == timedelta(minutes=5) and abs(now() - created) < timedelta(minutes=1)
    security = parts["Timestamp"].getparent()
    reference = security.find(f".//{{{WSSE}}}SecurityTokenReference/{{{WSSE}}}Reference")
    assert reference.get("URI") == f"#{parts['BinarySecurityToken'].get(f'{{{WSU}}}Id')}"
    if kode is not None:
        assert answer.kode == kode


def sent(wsp, token, what, client, **how):
    draft = wsp.draft(token, what, client, **how)
    return draft, wsp.send(draft, what.path)


@pytest.mark.parametrize("client", ["dotnet", "cxf"])
def test_an_object_is_written_read_changed_and_found(demo, wsp, token, client):
    uuid = str(uuid4())
    first, second = f"adgang-{uuid}", f"ny-{uuid}"
    # What is done, with which key, what comes back, and which key is read then.
    steps = [
        ("laes", None, 44, None), ("importer", first, 20, None), ("laes", None, 20, first), ("ret", second, 20, None),
        ("laes", None, 20, second), ("soeg", None, 20, None),
    ]
    for operation, noegle, kode, read in steps:
        draft, answer = sent(wsp, token, call("Bruger", operation, uuid, noegle=noegle), client)
        check_answer(demo, draft, answer, kode)
        assert read is None or answer.body.findtext(".//{*}BrugervendtNoegleTekst") == read


@pytest.mark.parametrize("client", ["dotnet", "cxf"])
def test_a_hierarchy(demo, wsp, token, client):
    draft, answer = sent(wsp, token, call("OrganisationSystem", "fremsoegobjekthierarki"), client)
    check_answer(demo, draft, answer)
    assert len([n for n in answer.envelope.iter("{*}FiltreretOejebliksbillede")]) > 0


@pytest.mark.parametrize("client", ["dotnet", "cxf"])
def test_klassifikation_version_5_over_soap_1_1(demo, sts, wsp, ky, client):
    token = sts.issue(ky, service=demo.klassifikation)
    what = call("Klasse5", "soeg", cvr=demo.cvr["korsbaek"])
    assert what.soap == SOAP11
    draft, answer = sent(wsp, token, what, client)
    check_answer(demo, draft, answer, 20)


def test_the_transaction_comes_back(demo, wsp, token):
    transaction = str(uuid4())
    draft, answer = sent(wsp, token, call("Bruger", "soeg"), "dotnet", transaction=transaction)
    check_answer(demo, draft, answer, 20)
    assert answer.envelope.findtext(f".//{{{HEADER}}}TransactionUUID") == transaction


def test_a_token_by_a_connection_with_its_own_certificate(demo, wsp, token, ky):
    what = call("Bruger", "soeg")
    draft = wsp.draft(token, what)
    check_answer(demo, draft, wsp.send(draft, what.path, by=ky), 20)


def test_a_token_by_a_connection_with_another_certificate_is_refused(wsp, token, ksd):
    """A16."""
    what = call("Bruger", "soeg")
    assert wsp.send(wsp.draft(token, what), what.path, by=ksd).fault.subcode == "wsse:FailedCheck"


def test_what_is_said_beside_the_token_gives_no_more_than_the_token(demo, sts, wsp, sapa, token):
    """A token for Nabokøbing changes nothing of Korsbæk's, whatever a header says."""
    uuid = str(uuid4())
    assert wsp.call(token, call("Bruger", "importer", uuid)).kode == 20
    own = sts.issue(sapa, cvr=demo.cvr["nabokoebing"])
    what = call("Bruger", "ret", uuid)
    answer = wsp.send(wsp.draft(own, what), what.path, **{"X-Anvenderkontekst": demo.cvr["korsbaek"]})
    assert answer.fault.subcode == "wsse:InvalidSecurityToken"
    assert wsp.call(own, what).kode == 41


def test_a_token_may_be_used_many_times(demo, wsp, token):
    for _ in range(3):
        draft, answer = sent(wsp, token, call("Bruger", "soeg"), "dotnet")
        check_answer(demo, draft, answer, 20)


def test_a_token_that_only_is_named_is_refused(wsp, token):
    what = call("Bruger", "laes", str(uuid4()))
    answer = wsp.send(wsp.draft(token, what, "os2mo"), what.path)
    assert answer.fault.subcode == "wsse:FailedCheck"


def test_the_request_header_need_not_be_signed(demo, wsp, token):
    what = call("Bruger", "soeg")
    draft = wsp.draft(token, what)
    other = str(uuid4())
    before = draft.headers["RequestHeader"]
    draft.tamper.append(
        lambda text: text.replace(
            before, before[: before.index("UUID>") + 5] + other + before[before.index("</h:Tr") :]
        )
    )
    check_answer(demo, draft, wsp.send(draft, what.path), 20)


def test_without_framework_or_reply_to(demo, wsp, token):
    what = call("Bruger", "soeg")
    draft = wsp.draft(token, what)
    del draft.headers["Framework"], draft.headers["ReplyTo"]
    draft.references = [ref for ref in draft.references if ref.uri not in ("#lib", "#replyto")]
    check_answer(demo, draft, wsp.send(draft, what.path), 20)


@pytest.mark.parametrize("header", ["FaultTo"])
def test_more_addressing_when_it_is_signed(demo, wsp, token, header):
    what = call("Bruger", "soeg")
    draft = wsp.draft(token, what)
    draft.headers[header] = reply_to("more").replace("ReplyTo", header)
    draft.references.append(Ref("#more"))
    check_answer(demo, draft, wsp.send(draft, what.path), 20)


# What an agreement allows --------------------------------------------------------------------------------------------


def test_a_system_that_may_only_read_cannot_write(demo, sts, wsp, ksd, token):
    uuid = str(uuid4())
    own = sts.issue(ksd)
    what = call("Bruger", "importer", uuid)
    draft, answer = sent(wsp, own, what, "dotnet")
    check_answer(demo, draft, answer, 41)
    assert wsp.call(token, call("Bruger", "laes", uuid)).kode == 44
    assert wsp.call(own, call("Bruger", "soeg")).kode == 20


def test_a_token_for_another_authority_cannot_write_for_the_first(demo, sts, wsp, sapa, token):
    uuid = str(uuid4())
    assert wsp.call(token, call("Bruger", "importer", uuid)).kode == 20
    own = sts.issue(sapa, cvr=demo.cvr["nabokoebing"])
    before = wsp.call(token, call("Bruger", "laes", uuid)).body
    assert wsp.call(own, call("Bruger", "ret", uuid)).kode == 41
    after = wsp.call(token, call("Bruger", "laes", uuid)).body
    assert [n.text for n in after.iter()] == [n.text for n in before.iter()]


# Without a token -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("certificate", [False, True], ids=["no certificate", "a certificate alone"])
def test_without_a_token_there_is_no_answer(demo, wsp, ky, token, certificate):
    uuid = str(uuid4())
    what = call("Bruger", "importer", uuid)
    content = f'<s:Envelope xmlns:s="{what.soap}"><s:Body>{what.body}</s:Body></s:Envelope>'
    headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
    answer = demo.post(demo.mtls + what.path, content, headers, ky if certificate else None)
    if certificate and "*" in demo.json.get("kun_certifikat", []):
        pytest.skip("the demo lets a certificate alone be enough")
    assert answer.fault.subcode == "wsse:InvalidSecurity"
    assert wsp.call(token, call("Bruger", "laes", uuid)).kode == 44
