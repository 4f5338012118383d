"""zeep with the official WSDLs, from a token to a signed answer, as os2mo-fkk does it; stock zeep is refused."""

from uuid import uuid4

import pytest
import zeep
from lxml import etree
from zeep.transports import Transport
from zeep.wsse.signature import BinarySignature

import contracts
import verify
from messages import HEADER
from server import TIMEOUT_SECONDS
from sts_client import Token
from test_wsp import COVERED
from wire import SOAP11, SOAP12, STR_TRANSFORM, Draft, Ref, fill, message_id, parsed, reply_to, str_saml, timestamp, wsa
from wsp_client import request_header


class Holder:
    """WS-Security of a zeep client with a token: signs what goes out, and has what comes in verified by others."""

    def __init__(self, demo, token: Token, to: str, by_reference: bool = True):
        self.demo, self.token, self.to, self.by_reference = demo, token, to, by_reference
        self.action = self.sent = None
        self.verified = 0

    def apply(self, envelope, headers):
        """Adds addressing, timestamp, token and signature, and leaves the body as zeep made it."""
        soap = etree.QName(envelope).namespace
        body = envelope.find(f"{{{soap}}}Body")
        transaction = envelope.findtext(f".//{{{HEADER}}}TransactionUUID") or str(uuid4())
        self.sent = message_id()
        draft = Draft(
            self.token.identity,
            etree.tostring(parsed(etree.tostring(body[0]))).decode(),
            soap=soap,
            headers={
                "Action": wsa("Action", self.action, "action"),
                "MessageID": wsa("MessageID", self.sent, "msgid"),
                "ReplyTo": reply_to(),
                "To": wsa("To", self.to, "to"),
                "RequestHeader": request_header(transaction),
            },
            security={
                "Timestamp": timestamp(),
                "Assertion": self.token.text,
                "STR": str_saml(self.token.id, "sec-str"),
            },
            references=[
                *(Ref(f"#{id}") for id in ("body", "action", "msgid", "replyto", "to", "sec-ts")),
                Ref("#sec-str", transform=STR_TRANSFORM) if self.by_reference else Ref("#sec-str"),
            ],
            key_info=str_saml(self.token.id),
        )
        text = fill(draft.text(), draft.references, draft.identity, draft.identity.method)
        return parsed(text), headers

    def verify(self, envelope):
        if envelope.find(".//{*}Body/{*}Fault") is not None:
            return envelope  # Faults of security are not signed; zeep raises them.
        content = etree.tostring(envelope)
        parts = verify.message(content, self.demo.pem("service"), COVERED)
        assert parts["RelatesTo"].text == self.sent
        self.verified += 1
        return envelope


class Action(zeep.Plugin):
    """Tells the action of the WSDL to whoever signs."""

    def __init__(self, holder: Holder):
        self.holder = holder

    def egress(self, envelope, http_headers, operation, binding_options):
        self.holder.action = operation.soapaction
        return envelope, http_headers


def port(demo, service: str, wsse, plugins=(), certificate=None):
    transport = Transport(session=demo.session(certificate), operation_timeout=TIMEOUT_SECONDS)
    client = zeep.Client(contracts.document(service), transport=transport, wsse=wsse, plugins=list(plugins))
    return client.create_service(contracts.binding(service).name.text, demo.mtls + contracts.SERVICES[service].path)


def with_token(demo, service: str, token: Token, certificate=None, by_reference=True):
    holder = Holder(demo, token, demo.mtls + contracts.SERVICES[service].path, by_reference)
    return port(demo, service, holder, [Action(holder)], certificate), holder


@pytest.mark.parametrize("tls", [False, True], ids=["without a client certificate", "with the client certificate"])
def test_zeep_reads_organisation(demo, token, ky, tls):
    bruger, holder = with_token(demo, "Bruger", token, ky if tls else None)
    transaction = str(uuid4())
    found = bruger.soeg(
        MaksimalAntalKvantitet=3,
        AttributListe={},
        TilstandListe={},
        RelationListe={},
        _soapheaders={"header": {"TransactionUUID": transaction}},
    )
    body = found.body if hasattr(found, "body") else found
    assert body.StandardRetur.StatusKode == 20 and holder.verified == 1
    uuids = body.IdListe.UUIDIdentifikator
    assert len(uuids) == 3
    read = bruger.laes(UUIDIdentifikator=uuids[0], _soapheaders={"header": {"TransactionUUID": transaction}})
    assert (read.body if hasattr(read, "body") else read).StandardRetur.StatusKode == 20
    assert holder.verified == 2


def test_zeep_reads_a_hierarchy(demo, token):
    system, holder = with_token(demo, "OrganisationSystem", token)
    answer = system.fremsoegobjekthierarki(
        MaksimalAntalKvantitet=5, _soapheaders={"header": {"TransactionUUID": str(uuid4())}}
    )
    assert answer is not None and holder.verified == 1


def test_zeep_reads_klassifikation_over_soap_1_1(demo, sts, ky):
    token = sts.issue(ky, service=demo.klassifikation)
    klasse, holder = with_token(demo, "Klasse5", token)
    klasse.soeg(
        AuthorityContext={"MunicipalityCVR": demo.cvr["korsbaek"]},
        SoegInput={"MaksimalAntalKvantitet": 3, "AttributListe": {}, "TilstandListe": {}, "RelationListe": {}},
        _soapheaders={"header": {"TransactionUUID": str(uuid4())}},
    )
    assert holder.verified == 1


def test_as_os2mo_fkk_protects_its_token_it_is_refused(demo, token):
    bruger, _ = with_token(demo, "Bruger", token, by_reference=False)
    with pytest.raises(zeep.exceptions.Fault) as refused:
        bruger.laes(UUIDIdentifikator=str(uuid4()), _soapheaders={"header": {"TransactionUUID": str(uuid4())}})
    assert str(refused.value) == "The security token could not be validated"


# Stock zeep ----------------------------------------------------------------------------------------------------------


def test_without_security_zeep_is_refused(demo):
    bruger = port(demo, "Bruger", None)
    with pytest.raises(zeep.exceptions.Fault):
        bruger.laes(UUIDIdentifikator=str(uuid4()), _soapheaders={"header": {"TransactionUUID": str(uuid4())}})


def test_what_stock_zeep_signs_is_not_enough_for_the_services(demo, ky):
    """It signs the body and a timestamp, and sends its certificate: no token."""

    class Stock(BinarySignature):
        def verify(self, envelope):
            return envelope  # The fault is not signed.

    bruger = port(demo, "Bruger", Stock(ky.files[1], ky.files[0]))
    with pytest.raises(zeep.exceptions.Fault):
        bruger.laes(UUIDIdentifikator=str(uuid4()), _soapheaders={"header": {"TransactionUUID": str(uuid4())}})


@pytest.mark.parametrize("soap", [SOAP12, SOAP11], ids=["SOAP 1.2", "SOAP 1.1"])
def test_what_stock_zeep_signs_is_not_enough_for_the_token_service(sts, ky, soap):
    """Body and Timestamp alone: neither To, Action nor MessageID."""
    draft = sts.draft(ky, soap=soap)
    draft.references = [ref for ref in draft.references if ref.uri in ("#body", "#sec-ts")]
    fault = sts.send(draft).fault
    assert fault.reason == "An error occurred when verifying security for the message."
    assert (fault.subcode or fault.code) == "wsse:FailedCheck"
