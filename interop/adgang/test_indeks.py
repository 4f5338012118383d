"""The indexes with tokens: KOMBIT's Java and .NET sample clients as messages, and zeep with the official WSDLs.

The Java client sends SOAP 1.1 to SagDokumentIndeks with the Content-Type of SOAP 1.2, the .NET client SOAP 1.1 with a Liberty
header; to the Ydelsesindeks both send SOAP 1.2 without one.
"""

from collections import Counter

import pytest
from lxml import etree

import indeks
import verify
from calls import Call
from client import Seen, Sts
from indeks import WSDLS, Indeks, Verden
from test_wsp import COVERED
from test_zeep import Action, Holder
from wire import SOAP11, SOAP12

SAMPLES = {"java": "cxf", "dotnet": "dotnet"}
SOAP_KIND = "application/soap+xml; charset=utf-8"
SDI, YDI = "sagdokumentindeks", "ydelsesindeks"
#: Of each message: its service, the WSDL, the last of its soapAction, and its answer's action.
CALLS = {
    "sdi_importer_input": (SDI, "SagDokumentIndeks", "sagdokumentindeks/importer", "SagDokumentIndeks", "importer"),
    "sdi_opdater_input": (SDI, "SagDokumentIndeks", "sagdokumentindeks/opdater", "SagDokumentIndeks", "opdater"),
    "sdi_fremsoeg_input": (SDI, "SagDokumentIndeks", "sagdokumentindeks/fremsoeg", "SagDokumentIndeks", "fremsoeg"),
    "sdi_fjern_input": (SDI, "SagDokumentIndeks", "sagdokumentindeks/fjern", "SagDokumentIndeks", "fjern"),
    "yi_importer_input": (YDI, "YdelseIndeks", "ydelseindeks/importer", "YdelseIndeks", "importer"),
    "yi_opdater_input": (YDI, "YdelseIndeks", "ydelseindeks/opdater", "YdelseIndeks", "opdater"),
    "yi_fremsoeg_input": (YDI, "YdelseIndeks", "ydelseindeks/fremsoeg", "YdelseIndeks", "fremsoeg"),
    "oe_fjern_input": (
        YDI,
        "OekonomiskEffektueringIndeks",
        "ydelseindeks/oekonomiskEffektuering/fjern",
        "OekonomiskEffektuering",
        "fjern",
    ),
    "bi_fjern_input": (YDI, "BevillingIndeks", "ydelseindeks/bevillingindeks/fjern", "Bevilling", "fjern"),
}
NAMESPACE = {
    SDI: "http://stoettesystemerne.dk/sagsogdokumentindeks",
    YDI: "http://stoettesystemerne.dk/ydelsesindeks",
}


@pytest.fixture
def tokens(demo, sts, ky):
    """Tokens of KY for both indexes."""
    return {navn: sts.issue(ky, service=demo.json["services"][navn]) for navn in (SDI, YDI)}


@pytest.fixture
def verden(demo):
    ky = next(system for system in demo.json["systems"] if system["name"] == "KY")
    return Verden(ky["uuid"], demo.cvr["korsbaek"])


def kald(verden, name: str, path: str | None = None) -> Call:
    service, wsdl, action, *_ = CALLS[name]
    soap = SOAP11 if service == SDI else SOAP12
    body = etree.tostring(verden(name)).decode()
    return Call(path or WSDLS[wsdl].paths[0], f"http://kombit.dk/sts/{action}", body, soap)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_sample_clients_call_every_operation(demo, wsp, tokens, verden, sample):
    for name, (service, wsdl, _, porttype, operation) in CALLS.items():
        what = kald(verden, name)
        draft = wsp.draft(tokens[service], what, SAMPLES[sample])
        if service == YDI:
            draft.headers.pop("Framework", None)
            draft.references = [ref for ref in draft.references if ref.uri != "#lib"]
        elif sample == "java":
            draft.content_type = SOAP_KIND
        answer = wsp.send(draft, what.path)
        assert answer.status == 200, f"{name}: {answer.text[:800]}"
        assert answer.soap == what.soap
        assert answer.headers["Content-Type"] == (SOAP_KIND if service == YDI else "text/xml; charset=utf-8")
        parts = verify.message(answer.content, demo.pem("service"), COVERED)
        assert parts["RelatesTo"].text == draft.message_id
        assert parts["Action"].text == f"{NAMESPACE[service]}/{porttype}PortType/{operation}Response"
        indeks.schema(wsdl).assertValid(etree.fromstring(etree.tostring(answer.body, with_tail=False)))
        assert {node.text for node in answer.body.iter("{*}StatusKode")} == {"20"}, f"{name}: {answer.text[:3000]}"


@pytest.mark.parametrize("name", WSDLS)
def test_zeep_by_the_official_wsdl_with_a_token(demo, tokens, verden, name):
    """Signed as the policy of the WSDL demands, and the answer verified by others; whatever SOAP the WSDL binds."""
    service = SDI if name.startswith("Sag") else YDI
    holder = Holder(demo, tokens[service], demo.mtls + WSDLS[name].paths[-1])
    sts = Sts(demo, Seen(), None)
    port = Indeks(sts, name, False, Counter(), WSDLS[name].paths[-1], holder, [Action(holder)])
    messages = [message for message, call in CALLS.items() if call[1] in name]
    if service == YDI and name != "YdelseIndeks":
        first = Holder(demo, tokens[service], demo.mtls + WSDLS["YdelseIndeks"].paths[0])
        Indeks(sts, "YdelseIndeks", False, Counter(), None, first, [Action(first)]).send(verden("yi_importer_input"))
    if name == "BevillingIndeks":
        messages.insert(0, "bi_fjern_input")
    for number, message in enumerate(messages, 1):
        answer = port.send(verden(message))
        assert holder.verified == number
        assert set(answer.koder) <= {"20", "44"}, f"{message}: {etree.tostring(answer.xml)[:2000]}"


def refused(answer) -> str:
    assert answer.fault.reason == "The security token could not be validated"
    return answer.fault.subcode or answer.fault.code


def test_a_token_is_for_one_index(demo, sts, wsp, ky, tokens, verden):
    organisation = sts.issue(ky)
    for token, name in [(tokens[YDI], "sdi_fremsoeg_input"), (tokens[SDI], "yi_fremsoeg_input"), (organisation, "bi_fjern_input")]:
        what = kald(verden, name)
        assert refused(wsp.call(token, what)).endswith(("InvalidSecurityToken", "Client"))


def test_who_may_only_read_changes_nothing(demo, sts, wsp, sapa, tokens, verden):
    laeser = sts.issue(sapa, service=demo.json["services"][SDI])
    answer = wsp.call(laeser, kald(verden, "sdi_importer_input"))
    assert answer.kode == 43
    uuid = verden.ids["sag"]
    text = f'<q:FremsoegSagDokumentIndeksInput xmlns:q="urn:oio:sts:sagdok:sagdokumentindeks:6"><q:SagUuid>{uuid}</q:SagUuid></q:FremsoegSagDokumentIndeksInput>'
    what = kald(verden, "sdi_fremsoeg_input")
    soeg = Call(what.path, what.action, text, what.soap)
    assert wsp.call(laeser, soeg).kode == 44
    # What KY sends, SAPA reads and does not remove.
    assert wsp.call(tokens[SDI], kald(verden, "sdi_importer_input")).kode == 20
    assert wsp.call(laeser, soeg).kode == 20
    assert wsp.call(laeser, kald(verden, "sdi_fjern_input")).kode == 43
    assert wsp.call(tokens[SDI], soeg).kode == 20


def test_another_authoritys_cases_are_not_there(demo, sts, wsp, sapa, tokens, verden):
    assert wsp.call(tokens[SDI], kald(verden, "sdi_importer_input")).kode == 20
    nabo = sts.issue(sapa, cvr=demo.cvr["nabokoebing"], service=demo.json["services"][SDI])
    uuid = verden.ids["sag"]
    text = f'<q:FremsoegSagDokumentIndeksInput xmlns:q="urn:oio:sts:sagdok:sagdokumentindeks:6"><q:SagUuid>{uuid}</q:SagUuid></q:FremsoegSagDokumentIndeksInput>'
    what = kald(verden, "sdi_fremsoeg_input")
    assert wsp.call(nabo, Call(what.path, what.action, text, what.soap)).kode == 44


def test_what_is_signed_to_be_judged_cannot_be_stored(wsp, tokens, verden):
    judged = kald(verden, "sdi_importer_input", f"{indeks.SDI[0]}/validering")
    draft = wsp.draft(tokens[SDI], judged)
    signed = draft.signed()
    refused(wsp.send(draft, indeks.SDI[0], signed))
    assert wsp.send(draft, judged.path, signed).status == 200
    refused(wsp.send(draft, judged.path, signed))
    # A message that says it is secured must be so, also where no token is needed.
    broken = wsp.draft(tokens[SDI], judged).signed().replace("Kontanthj", "Kontanthx", 1)
    refused(wsp.send(draft, judged.path, broken))


def test_the_older_path_is_the_same_service(wsp, tokens, verden):
    draft = wsp.draft(tokens[SDI], kald(verden, "sdi_fremsoeg_input"))
    assert wsp.send(draft, indeks.SDI[1]).status == 200


def test_what_the_schema_forbids_is_told_and_logged(wsp, tokens, verden, explain_if):
    text = etree.tostring(verden("sdi_opdater_input")).decode().replace(">Afgjort<", ">Lukket<")
    what = kald(verden, "sdi_opdater_input")
    draft = wsp.draft(tokens[SDI], Call(what.path, what.action, text, what.soap))
    answer = wsp.send(draft, what.path)
    place = "/sdi:OpdaterSagDokumentIndeksInput/sdi:OpdaterSagIndeks[1]/sag:TilstandListe/sag:Fremdrift[2]"
    assert answer.status == 500 and place in answer.fault.reason and "Lukket" not in answer.text
    explain_if(draft.message_id, "sag:FremdriftStatusKode")


def test_without_a_token_nothing_is_answered(wsp, tokens, verden, ky):
    what = kald(verden, "sdi_fremsoeg_input")
    text = f'<s:Envelope xmlns:s="{SOAP11}"><s:Body>{what.body}</s:Body></s:Envelope>'
    for by in (None, ky):
        answer = wsp.demo.post(wsp.demo.mtls + what.path, text, {"Content-Type": "text/xml; charset=utf-8"}, by)
        assert answer.status == 500 and "token" in answer.fault.reason
