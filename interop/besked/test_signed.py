"""The SOAP service called with a SAML token and a signed message, as the other services are (Q15)."""

from uuid import uuid4

import pytest
import verify
from calls import Call
from lxml import etree
from requests.exceptions import ConnectionError as NoConnection
from wire import SOAP11, replaced
from wsp_client import CLIENTS, Wsp

from vaerdiliste import ACTION, SD, VL, body_of, checked

#: What the signature of an answer covers.
COVERED = {"Body", "Action", "MessageID", "RelatesTo", "To", "Timestamp", "BinarySecurityToken"}
PATH = "/sts-bf-soap/StsbeskedfordelerImpl"


def soeg(navn: str) -> Call:
    body = (
        f'<vl:SoegInput xmlns:vl="{VL}"><vl:SoegObjekt><vl:SoegAttributListe><vl:SoegEgenskab><vl:Vaerdiliste>'
        f"<vl:Navn>{navn}</vl:Navn></vl:Vaerdiliste></vl:SoegEgenskab></vl:SoegAttributListe></vl:SoegObjekt></vl:SoegInput>"
    )
    return Call(PATH, f"{ACTION}vaerdiliste/soeg", body, SOAP11)


def opret(navn: str, bfo) -> Call:
    tid = "<sd:{0}><sd:{1}>{2}</sd:{1}></sd:{0}>".format
    virkning = (
        tid("FraTidspunkt", "TidsstempelDatoTid", "2025-03-01T00:00:00+01:00")
        + tid("TilTidspunkt", "GraenseIndikator", "true")
        + tid("AktoerRef", "UUIDIdentifikator", bfo.uuid(bfo.about["modtager"]))
    )
    body = (
        f'<vl:OpretInput xmlns:vl="{VL}" xmlns:sd="{SD}"><vl:AttributListe><vl:Egenskab><vl:Vaerdiliste>'
        f"<vl:Navn>{navn}</vl:Navn><vl:Vaerdi>urn:oio:cpr-nr:0101010001</vl:Vaerdi></vl:Vaerdiliste><sd:Virkning>{virkning}"
        "<sd:AktoerTypeKode>ItSystem</sd:AktoerTypeKode></sd:Virkning></vl:Egenskab></vl:AttributListe>"
        "<vl:TilstandListe/><vl:RelationListe/></vl:OpretInput>"
    )
    return Call(PATH, f"{ACTION}vaerdiliste/opret", body, SOAP11)


@pytest.fixture(scope="module")
def wsp(bfo) -> Wsp:
    return Wsp(bfo.demo)


@pytest.fixture(scope="module")
def token(bfo):
    return bfo.sts.issue(bfo.sapa, service=bfo.about["audiences"]["modtag"], cvr=bfo.cvr)


def kode(answer) -> int:
    assert answer.status == 200, answer.text
    return int(checked(body_of(answer.envelope)).findtext(f".//{{{SD}}}StatusKode"))


@pytest.mark.parametrize("client", ["dotnet", "cxf"])
def test_a_signed_call(bfo, wsp, token, client):
    """Without a client certificate; the answer is signed over body, addresses and time, and tells of the same list."""
    navn = f"signeret {uuid4()}"
    assert kode(wsp.call(token, opret(navn, bfo), client)) == 20
    draft = wsp.draft(token, soeg(navn), client)
    answer = wsp.send(draft, PATH)
    assert kode(answer) == 20
    assert len(answer.body.findall(f".//{{{SD}}}UUIDIdentifikator")) == 1
    parts = verify.message(
        answer.content, bfo.demo.pem("service"), COVERED
    )
    assert etree.QName(parts["Body"][0]).localname == "SoegOutput"
    assert answer.header("RelatesTo") == draft.message_id
    # The same system by its certificate has the same lists.
    plain = bfo.demo.post(
        bfo.demo.mtls + PATH,
        f'<s:Envelope xmlns:s="{SOAP11}"><s:Body>{soeg(navn).body}</s:Body></s:Envelope>',
        {"Content-Type": "text/xml"},
        bfo.sapa,
    )
    assert kode(plain) == 20


def test_on_the_connection_of_its_holder(bfo, wsp, token):
    assert kode(wsp.call(token, soeg(f"findes ikke {uuid4()}"), by=bfo.sapa)) == 44


def test_another_system_does_not_see_the_list(bfo, wsp, token):
    navn = f"sapas {uuid4()}"
    assert kode(wsp.call(token, opret(navn, bfo))) == 20
    ksd = bfo.sts.issue(bfo.demo.systems["ksd"], service=bfo.about["audiences"]["modtag"], cvr=bfo.cvr)
    assert kode(wsp.call(ksd, soeg(navn))) == 44


def refused(answer) -> str:
    fault = answer.fault
    assert fault.reason == "The security token could not be validated", "nothing is told of why"
    return fault.code


def test_what_is_refused(bfo, wsp, token):
    """Every call comes over the connection of a system whose certificate alone would do: a message that says it is
    secured must be."""
    call = soeg("x")

    def sent(draft, by=bfo.sapa, content=None, path=PATH) -> str:
        return refused(wsp.send(draft, path, content, by=by))

    once = wsp.draft(token, call)
    text = once.signed()
    assert kode(wsp.send(once, PATH, text)) == 44
    sent(once, content=text)  # again
    assert "WSP-20" in bfo.demo.explain(once.message_id, expected="WSP-20")
    changed = wsp.draft(token, call)
    changed.tamper = [replaced("<vl:Navn>x<", "<vl:Navn>y<")]
    sent(changed)
    sent(wsp.draft(token, call), by=bfo.ky)
    for identity, audience in [(bfo.ky, bfo.about["audiences"]["afsend"]), (bfo.sapa, bfo.demo.organisation)]:
        other = bfo.sts.issue(identity, service=audience, cvr=bfo.cvr)
        sent(wsp.draft(other, call), by=None)
    elsewhere = CLIENTS["dotnet"](token, bfo.demo.mtls + "/andetsteds", call, str(uuid4()))
    sent(elsewhere)
    unsigned = wsp.draft(token, call)
    sent(unsigned, content=unsigned.text(""))
    uncovered = wsp.draft(token, call)
    uncovered.references = [ref for ref in uncovered.references if ref.uri != "#body"]
    sent(uncovered)


def test_nobody(bfo, wsp):
    """Neither token nor certificate, however large the call is."""
    envelope = f'<s:Envelope xmlns:s="{SOAP11}"><s:Body>{soeg("x").body}</s:Body></s:Envelope>'
    answer = bfo.demo.post(bfo.demo.mtls + PATH, envelope, {"Content-Type": "text/xml"})
    assert "klientcertifikat" in answer.fault.reason
    large = envelope.replace(">x<", ">" + "x" * (11 << 20) + "<")
    try:
        assert bfo.demo.post(bfo.demo.mtls + PATH, large, {"Content-Type": "text/xml"}).status == 413
    except NoConnection:
        pass  # The server was done before the client was.
