"""The token service answers every client as it demands, and the token has exactly the form of the specification."""

import base64
import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography import x509
from lxml import etree
from signxml.exceptions import InvalidDigest, InvalidSignature

import verify
from sts_client import CLIENTS, WST, key_identifiers, signed_by_xmlsec, subject_key_identifier
from wire import (
    ANONYMOUS,
    DS,
    SAML,
    SOAP11,
    SOAP12,
    WSA,
    WSSE,
    WSU,
    X509SKI,
    Ref,
    now,
    parsed,
    reply_to,
    stamp,
    timestamp,
    wsa,
)

COVERED = {"Body", "Action", "RelatesTo", "Timestamp"}
BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
X509_SUBJECT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
MINUTES_480 = timedelta(minutes=480)
SECOND = timedelta(seconds=1)


def name_id(certificate: x509.Certificate) -> str:
    """The subject as the token writes it: the names in reverse."""
    keywords = {"2.5.4.3": "CN", "2.5.4.5": "SERIALNUMBER", "2.5.4.6": "C", "2.5.4.10": "O", "2.5.4.11": "OU"}
    return ", ".join(
        " + ".join(f"{keywords.get(a.oid.dotted_string, f'OID.{a.oid.dotted_string}')}={a.value}" for a in rdn)
        for rdn in reversed(certificate.subject.rdns)
    )


def check_answer(demo, draft, answer):
    """The answer as the strictest client checks it; gives the assertion."""
    assert answer.status == 200, answer.text[:800]
    assert answer.headers["Content-Type"].startswith("application/soap+xml" if draft.soap == SOAP12 else "text/xml")
    pem = demo.pem("sts")
    parts = verify.message(answer.content, pem, COVERED)
    assert parts["RelatesTo"].text == draft.message_id
    assert parts["Action"].text == f"{WST}/RSTRC/IssueFinal"
    security = parts["Timestamp"].getparent()
    identifier = security.find(
        f"{{{DS}}}Signature/{{{DS}}}KeyInfo/{{{WSSE}}}SecurityTokenReference/{{{WSSE}}}KeyIdentifier"
    )
    assert identifier.get("ValueType") == X509SKI
    ski = subject_key_identifier(x509.load_pem_x509_certificate(pem.encode()))
    assert base64.b64decode(identifier.text) == ski
    assert security.find(f"{{{WSSE}}}BinarySecurityToken") is None, "the certificate itself is not sent"
    created, expires = (verify.moment(parts["Timestamp"].findtext(f"{{{WSU}}}{n}")) for n in ("Created", "Expires"))
    assert expires - created == timedelta(minutes=5) and abs(now() - created) < timedelta(minutes=1)
    (collection,) = parts["Body"]
    assert collection.tag == f"{{{WST}}}RequestSecurityTokenResponseCollection"
    (response,) = collection
    names = [etree.QName(child).localname for child in response]
    assert names == [
        "Lifetime",
        "AppliesTo",
        "RequestedSecurityToken",
        "RequestedAttachedReference",
        "RequestedUnattachedReference",
        "TokenType",
        "RequestType",
        "KeyType",
    ]
    text = answer.assertion
    verify.assertion(text, pem)
    for name in ("RequestedAttachedReference", "RequestedUnattachedReference"):
        reference = response.find(f"{{{WST}}}{name}/{{{WSSE}}}SecurityTokenReference/{{{WSSE}}}KeyIdentifier")
        assert reference.text == parsed(text).get("ID")
    return text, response


def check_assertion(demo, text, identity, schemas, service, cvr, life=MINUTES_480, party=None):
    """Exactly the form of the specification: element order, names, lifetimes, privileges."""
    tree = parsed(text)
    saml = f"{{{SAML}}}"
    assert text.startswith(f'<Assertion xmlns="{SAML}" ID="_')
    data = ("SubjectConfirmationData", [("KeyInfo", [("X509Data", ["X509Certificate"])])])
    confirmation = ("SubjectConfirmation", (["NameID"] if party else []) + [data])
    attributes = ("AttributeStatement", [("Attribute", ["AttributeValue"])] * 5)
    expected = [
        "Issuer",
        "Signature",
        ("Subject", ["NameID", confirmation]),
        ("Conditions", [("AudienceRestriction", ["Audience"])]),
        attributes,
        ("AuthnStatement", [("AuthnContext", ["AuthnContextClassRef"])]),
    ]
    shape = [("Signature" if isinstance(e, tuple) and e[0] == "Signature" else e) for e in verify.shape(tree)]
    assert shape == expected
    assert tree.get("Version") == "2.0" and set(tree.attrib) == {"ID", "IssueInstant", "Version"}
    issuer = tree.find(f"{saml}Issuer")
    assert (issuer.text, issuer.get("Format")) == (demo.sts["entity_id"], ENTITY)
    subject = tree.find(f"{saml}Subject")
    name, confirmation = subject
    assert (name.text, name.get("Format")) == (name_id((party or identity).certificate), X509_SUBJECT)
    if party:
        assert (confirmation[0].text, confirmation[0].get("Format")) == (name_id(identity.certificate), ENTITY)
    assert confirmation.get("Method") == "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
    data = confirmation.find(f"{saml}SubjectConfirmationData")
    assert data.get("{http://www.w3.org/2001/XMLSchema-instance}type") == "KeyInfoConfirmationDataType"
    assert data.get("Recipient") == service
    assert data.findtext(f".//{{{DS}}}X509Certificate") == identity.b64
    conditions = tree.find(f"{saml}Conditions")
    begin, end = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
    assert (data.get("NotBefore"), data.get("NotOnOrAfter")) == (begin, end)
    assert tree.get("IssueInstant") == begin == tree.find(f"{saml}AuthnStatement").get("AuthnInstant")
    if life is not None:
        assert abs(verify.moment(end) - verify.moment(begin) - life) < SECOND
    assert conditions.findtext(f"{saml}AudienceRestriction/{saml}Audience") == service
    values = {}
    for attribute in tree.find(f"{saml}AttributeStatement"):
        assert attribute.get("NameFormat") == BASIC
        values[attribute.get("Name").removeprefix("dk:gov:saml:attribute:")] = attribute[0].text
    assert list(values) == [
        "CvrNumberIdentifier",
        "AssuranceLevel",
        "SpecVer",
        "KombitSpecVer",
        "Privileges_intermediate",
    ]
    assert list(values.values())[:4] == [cvr, "3", "DK-SAML-2.0", "1.0"]
    assert tree.findtext(f".//{saml}AuthnContextClassRef") == "urn:oasis:names:tc:SAML:2.0:ac:classes:X509"
    groups = verify.bpp(values["Privileges_intermediate"], schemas)
    assert groups
    for scope, privileges, _ in groups:
        assert scope == f"urn:dk:gov:saml:cvrNumberIdentifier:{cvr}"
        (privilege,) = privileges
        assert re.match(r"https?://", privilege)
    return groups


@pytest.mark.parametrize("soap", [SOAP12, SOAP11], ids=["SOAP 1.2", "SOAP 1.1"])
@pytest.mark.parametrize("client", CLIENTS)
def test_each_client_gets_a_token(demo, sts, ky, schemas, client, soap):
    draft = sts.draft(ky, client, soap=soap)
    answer = sts.send(draft, signed_by_xmlsec(draft) if client == "os2mo" else None)
    text, _ = check_answer(demo, draft, answer)
    check_assertion(demo, text, ky, schemas, demo.organisation, demo.cvr["korsbaek"])


def test_the_judges_refuse_what_was_changed(demo, sts, ky):
    """An answer with another time in it, and an assertion for another authority: neither judge lets it pass."""
    content, pem = sts.send(sts.draft(ky)).content, demo.pem("sts")
    moved = re.sub(rb"Created>2", b"Created>3", content, count=1)
    other = parsed(content).findtext(".//{*}Assertion/{*}Issuer")
    assertion = sts.issue(ky).text.replace(other, other + "/")
    for judge, changed, arguments in [
        (verify.by_xmlsec1, moved, (pem, verify.MESSAGE)),
        (verify.by_signxml, moved, (pem, f"./{{{SOAP12}}}Header/{{{WSSE}}}Security/", 4)),
        (verify.by_xmlsec1, assertion.encode(), (pem, verify.ENVELOPED)),
        (verify.by_signxml, assertion.encode(), (pem, "./", 1)),
        (verify.by_xmlsec1, content, (demo.pem("service"), verify.MESSAGE)),
    ]:
        with pytest.raises((AssertionError, InvalidDigest, InvalidSignature)):
            judge(changed, *arguments)


@pytest.mark.parametrize("name", ["ky", "ksd", "sapa"])
@pytest.mark.parametrize("service", ["organisation", "klassifikation"])
def test_each_system_gets_the_privileges_of_its_agreement(demo, sts, schemas, name, service):
    identity, uri = demo.systems[name], getattr(demo, service)
    draft = sts.draft(identity, service=uri)
    text, _ = check_answer(demo, draft, sts.send(draft))
    groups = check_assertion(demo, text, identity, schemas, uri, demo.cvr["korsbaek"])
    if service == "organisation":
        flags = {name.rsplit("/", 2)[-2].lower() for _, _, constraints in groups for name, _ in constraints}
        assert ("senavn" in flags) == (name != "ksd"), f"the flags of {name}: {flags}"


# What real clients do differently ------------------------------------------------------------------------------------


def ask(**how):
    return lambda draft, sts, identity: setattr(draft, "body", sts.ask(**how).xml(identity))


def header(name, text):
    return lambda draft, sts, identity: draft.headers.__setitem__(name, text)


def change(**fields):
    def apply(draft, sts, identity):
        for name, value in fields.items():
            setattr(draft, name, value)

    return apply


def with_reply_to(signed):
    def apply(draft, sts, identity):
        draft.headers["ReplyTo"] = reply_to("replyto" if signed else None)
        if signed:
            draft.references.append(Ref("#replyto"))

    return apply


def other_host(draft, sts, identity):
    path = sts.url.split("/", 3)[3]
    draft.headers["To"] = wsa("To", f"https://echo.example:8443/{path}", "to", must=True)


def named_by(way):
    def apply(draft, sts, identity):
        ways = key_identifiers(identity)
        if way not in ways:
            pytest.skip("the certificates of the demo have no subject key identifier")
        draft.key_info = ways[way]

    return apply


def signature_first(draft, sts, identity):
    draft.security = {"Signature": "", **draft.security}


def ids_of_any_kind(draft, sts, identity):
    draft.headers["MessageID"] = wsa("MessageID", draft.message_id, "_Æ.1-ø")
    draft.references = [Ref("#_Æ.1-ø") if ref.uri == "#msgid" else ref for ref in draft.references]


def bare_key(draft, sts, identity):
    if not identity.is_rsa:
        pytest.skip("a bare key is read for RSA only, and the demo's keys are not")
    ask(use_key="keyvalue")(draft, sts, identity)


EXTRA = (
    f'<wst:Issuer><wsa:Address xmlns:wsa="{WSA}">{ANONYMOUS}</wsa:Address></wst:Issuer>'
    f"<wst:CanonicalizationAlgorithm>urn:c</wst:CanonicalizationAlgorithm><wst:KeySize>256</wst:KeySize>"
    "<wst:EncryptionAlgorithm>urn:e</wst:EncryptionAlgorithm>"
    "<wst:Entropy><wst:BinarySecret>AAAA</wst:BinarySecret></wst:Entropy><wst:Ukendt>x</wst:Ukendt>"
)

TOLERATED = {
    "T1 Value in no namespace": ask(value=""),
    "T2 Optional left out": ask(optional=""),
    "T2 elements in another order": ask(
        order=[
            "extra",
            "OnBehalfOf",
            "Lifetime",
            "UseKey",
            "Claims",
            "AppliesTo",
            "KeyType",
            "RequestType",
            "TokenType",
        ]
    ),
    "T3 the certificate not signed": lambda d, s, i: d.references.__delitem__(5),
    "T4 ReplyTo anonymous and signed": with_reply_to(True),
    "T4 ReplyTo anonymous and not signed": with_reply_to(False),
    "T5 To with another host": other_host,
    "T6 the signature first": signature_first,
    "T6 the timestamp after the certificate": lambda d, s, i: d.security.__setitem__(
        "Timestamp", d.security.pop("Timestamp")
    ),
    "T7 ds as prefix": change(ds="ds"),
    "T7 any id": ids_of_any_kind,
    "T8 what nobody needs": ask(extra=EXTRA),
    "T9 without the framework header": lambda d, s, i: (d.headers.pop("Framework"), d.references.remove(Ref("#lib"))),
    "T9 the framework header not signed": lambda d, s, i: d.references.remove(Ref("#lib")),
    "T10 an unknown header": header("Ukendt", '<x:Ukendt xmlns:x="urn:x">x</x:Ukendt>'),
    "T11 UseKey as X509Data": ask(use_key="x509data"),
    "T11 UseKey absent": ask(use_key="none"),
    "T11 UseKey as a bare key": bare_key,
    "T12 white space": ask(space="\n      "),
    "TokenType absent": ask(token_type=None),
    "MessageID as uuid:": lambda d, s, i: d.headers.__setitem__(
        "MessageID", d.headers["MessageID"].replace("urn:uuid:", "uuid:")
    ),
    "the certificate by its thumbprint": named_by("thumbprint"),
    "the certificate by its subject key": named_by("subject key"),
    "the certificate by issuer and serial": named_by("issuer and serial"),
    "Created alone": lambda d, s, i: d.security.__setitem__("Timestamp", timestamp(expires="")),
    "ten minutes": lambda d, s, i: d.security.__setitem__("Timestamp", timestamp(expires=stamp(now(minutes=10)))),
    "times of seven fractional digits": lambda d, s, i: d.security.__setitem__(
        "Timestamp", timestamp(stamp(now())[:-1] + "4567Z", stamp(now(minutes=5))[:-5] + "Z")
    ),
    "base64 in lines": lambda d, s, i: d.security.__setitem__(
        "BST", d.security["BST"].replace(i.b64, "\n".join(re.findall(".{1,64}", i.b64)))
    ),
}


@pytest.mark.parametrize("name", TOLERATED)
def test_what_real_clients_do_differently(demo, sts, ky, schemas, name):
    draft = sts.draft(ky)
    TOLERATED[name](draft, sts, ky)
    text, _ = check_answer(demo, draft, sts.send(draft))
    check_assertion(demo, text, ky, schemas, demo.organisation, demo.cvr["korsbaek"])


def test_context_is_echoed(sts, ky):
    answer = sts.send(sts.draft(ky, context="sag 7 &amp; 8"))
    response = answer.body[0]
    assert response.get("Context") == "sag 7 & 8"


@pytest.mark.parametrize("minutes,expected", [(1, 1), (60, 60), (480, 480), (600, 480), (100_000, 480)])
def test_a_lifetime_is_honoured_up_to_the_longest(demo, sts, ky, schemas, minutes, expected):
    asked = now(minutes=minutes)
    answer = sts.send(sts.draft(ky, lifetime=stamp(asked)))
    text = answer.assertion
    check_assertion(demo, text, ky, schemas, demo.organisation, demo.cvr["korsbaek"], life=None)
    conditions = parsed(text).find(f"{{{SAML}}}Conditions")
    life = verify.moment(conditions.get("NotOnOrAfter")) - verify.moment(conditions.get("NotBefore"))
    assert abs(life - timedelta(minutes=expected)) < 5 * SECOND
    lifetime = answer.body[0].find(f"{{{WST}}}Lifetime/{{{WSU}}}Expires").text
    assert lifetime == conditions.get("NotOnOrAfter")


# Refusals that say why -----------------------------------------------------------------------------------------------

FAULTS = {
    # name: (what is asked, event, subcode, part of the text)
    "an unknown service": (
        dict(service="http://stoettesystemerne.dk/service/findes-ikke/1"),
        5002,
        "wst:InvalidScope",
        "Path resolution: no connection 'http://stoettesystemerne.dk/service/findes-ikke/1' found",
    ),
    "no claim": (dict(claims=""), 5015, "wst:BadRequest", "must contain a CVR claim"),
    "an authority without an agreement": (dict(cvr="99999999"), 5015, "wst:BadRequest", ""),
    "a CVR number of seven digits": (dict(cvr="1122334"), 5015, "wst:BadRequest", ""),
    "Renew": (dict(request_type=f"{WST}/Renew"), 110, "wst:InvalidRequest", ""),
    "Validate": (dict(request_type=f"{WST}/Validate"), 110, "wst:InvalidRequest", ""),
    "a bearer key": (dict(key_type=f"{WST}/Bearer"), 110, "wst:InvalidRequest", ""),
    "a SAML 1.1 token": (
        dict(token_type="http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1"),
        110,
        "wst:InvalidRequest",
        "",
    ),
    "WS-Trust of 2005": (dict(wst="http://schemas.xmlsoap.org/ws/2005/02/trust"), 110, "wst:InvalidRequest", ""),
    "a lifetime that is over": (dict(lifetime="2020-01-01T00:00:00Z"), 103, "wst:InvalidRequest", ""),
}


@pytest.mark.parametrize("soap", [SOAP12, SOAP11], ids=["SOAP 1.2", "SOAP 1.1"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_refusal_says_why_as_clients_know_it(sts, ky, name, soap):
    how, event, subcode, text = FAULTS[name]
    draft = sts.draft(ky, soap=soap, **how)
    answer = sts.send(draft)
    fault = answer.fault
    assert answer.status == 500
    assert fault.event == event and fault.reason.startswith(f"{event}: ") and text in fault.reason
    if soap == SOAP12:
        assert (fault.code, fault.subcode, fault.lang) == ("Sender", subcode, "en")
    else:
        assert fault.code == str(event), "old clients read the number as the code"
    assert answer.header("RelatesTo") == draft.message_id
    assert answer.header("Action") == f"{WST}/RST/Fault"
    assert answer.envelope.find(f".//{{{WSSE}}}Security") is None, "faults are not signed"


@pytest.mark.parametrize("action", [f"{WST}/RST/Validate", f"{WST}/RST/Renew", f"{WST}/RST/Cancel"])
def test_only_issue_is_offered(sts, ky, action):
    draft = sts.draft(ky)
    draft.headers["Action"] = wsa("Action", action, "action", must=True)
    assert sts.send(draft).fault.event == 110


# What is published ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["?wsdl", "?singleWsdl"])
def test_the_description(demo, query):
    answer = demo.get(demo.sts["mex"].split("?")[0] + query)
    assert answer.status == 200
    tree = parsed(answer.content)
    assert tree.get("targetNamespace") == "http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice"
    operations = {n.get("name") for n in tree.iter("{http://schemas.xmlsoap.org/wsdl/}operation")}
    assert operations == {"Trust13Issue"}
    assert any(n.get("location") == demo.sts["wstrust"] for n in tree.iter("{*}address"))


def test_the_keys(demo):
    jwks = demo.get(demo.sts["certs"]).json
    pem = x509.load_pem_x509_certificate(demo.pem("sts").encode())
    der = base64.b64encode(pem.public_bytes(serialization.Encoding.DER)).decode()
    certificates = [c for key in jwks["keys"] for c in key["x5c"]]
    for key in jwks["keys"]:
        assert {"kid", "x5t", "x5t#S256", "x5c", "use", "kty"} <= set(key) and key["use"] == "sig"
        assert not {"d", "p", "q"} & set(key), "a private key is published"
    as_pem = demo.get(demo.sts["certs"] + "?format=pem")
    assert der in certificates or demo.pem("sts").replace("\n", "") in as_pem.text.replace("\n", "")
