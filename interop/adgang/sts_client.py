"""Clients of the token service: each message as its client builds it, after the specification.

`os2mo` signs by xmlsec and not the certificate it sends; `cxf` names prefixes and signs all there is; `dotnet` sends the
framework header and signs the certificate too.
"""

import hashlib
from dataclasses import dataclass, field

import xmlsec
from cryptography import x509
from lxml import etree

from server import Answer, Demo
from wire import (
    ACTIVITY_ID,
    DS,
    FRAMEWORK,
    SAML_V2,
    SOAP12,
    THUMBPRINT,
    WSA,
    WSSE,
    WSU,
    X509SKI,
    Draft,
    Identity,
    Ref,
    b64,
    bst,
    message_id,
    parsed,
    reply_to,
    str_direct,
    str_key_identifier,
    timestamp,
    wsa,
)

WST = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
WST14 = "http://docs.oasis-open.org/ws-sx/ws-trust/200802"
WSP = "http://schemas.xmlsoap.org/ws/2004/09/policy"
AUTH = "http://docs.oasis-open.org/wsfed/authorization/200706"
ISSUE = f"{WST}/RST/Issue"
CVR = "dk:gov:saml:attribute:CvrNumberIdentifier"


@dataclass
class Ask:
    """What is asked for, and how it is written."""

    service: str
    cvr: str
    token_type: str | None = SAML_V2
    request_type: str = f"{WST}/Issue"
    key_type: str = f"{WST}/PublicKey"
    #: `bst`, `x509data`, `keyvalue` or `none`; whose it is, when not the sender's.
    use_key: str = "bst"
    use_key_of: Identity | None = None
    use_key_text: str | None = None
    #: The namespace of Value: `auth:`, or none.
    value: str = "auth:"
    optional: str = ' Optional="false"'
    #: Around every text value.
    space: str = ""
    context: str | None = None
    lifetime: str | None = None
    #: The content of OnBehalfOf, or the whole of another element.
    obo: str | None = None
    act_as: bool = False
    extra: str = ""
    claims: str | None = None
    order: list[str] = field(
        default_factory=lambda: [
            "TokenType",
            "RequestType",
            "KeyType",
            "AppliesTo",
            "Claims",
            "UseKey",
            "Lifetime",
            "OnBehalfOf",
            "extra",
        ]
    )
    wst: str = WST

    def xml(self, identity: Identity) -> str:
        pad = self.space
        parts = {
            "TokenType": f"<wst:TokenType>{pad}{self.token_type}{pad}</wst:TokenType>" if self.token_type else "",
            "RequestType": f"<wst:RequestType>{pad}{self.request_type}{pad}</wst:RequestType>",
            "KeyType": f"<wst:KeyType>{pad}{self.key_type}{pad}</wst:KeyType>",
            "AppliesTo": f'<wsp:AppliesTo xmlns:wsp="{WSP}"><wsa:EndpointReference xmlns:wsa="{WSA}"><wsa:Address>{pad}'
            f"{self.service}{pad}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>",
            "Claims": self.claims if self.claims is not None else self._claims(),
            "UseKey": self._use_key(self.use_key_of or identity),
            "Lifetime": (
                f'<wst:Lifetime><wsu:Expires xmlns:wsu="{WSU}">{self.lifetime}</wsu:Expires></wst:Lifetime>'
                if self.lifetime
                else ""
            ),
            "OnBehalfOf": self._obo(),
            "extra": self.extra,
        }
        context = f' Context="{self.context}"' if self.context else ""
        inner = "".join(parts[name] for name in self.order)
        return f'<wst:RequestSecurityToken xmlns:wst="{self.wst}"{context}>{inner}</wst:RequestSecurityToken>'

    def _claims(self) -> str:
        return (
            f'<wst:Claims Dialect="{AUTH}/authclaims" xmlns:auth="{AUTH}"><auth:ClaimType Uri="{CVR}"'
            f"{self.optional}><{self.value}Value>{self.space}{self.cvr}{self.space}</{self.value}Value>"
            "</auth:ClaimType></wst:Claims>"
        )

    def _use_key(self, whose: Identity) -> str:
        certificate = self.use_key_text or whose.b64
        match self.use_key:
            case "none":
                return ""
            case "bst":
                inner = bst(certificate, None)
            case "x509data":
                inner = (
                    f'<ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data><ds:X509Certificate>{certificate}'
                    "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
                )
            case "keyvalue":
                inner = f'<ds:KeyInfo xmlns:ds="{DS}"><ds:KeyValue>{rsa_key_value(whose)}</ds:KeyValue></ds:KeyInfo>'
        return f"<wst:UseKey>{inner}</wst:UseKey>"

    def _obo(self) -> str:
        if self.obo is None:
            return ""
        if self.act_as:
            return f'<tr:ActAs xmlns:tr="{WST14}">{self.obo}</tr:ActAs>'
        return f"<wst:OnBehalfOf>{self.obo}</wst:OnBehalfOf>"


def rsa_key_value(identity: Identity) -> str:
    numbers = identity.key.public_key().public_numbers()
    modulus, exponent = (b64(n.to_bytes((n.bit_length() + 7) // 8, "big")) for n in (numbers.n, numbers.e))
    return f"<ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>{exponent}</ds:Exponent></ds:RSAKeyValue>"


def refs(*ids: str, prefixes: str = "") -> list[Ref]:
    return [Ref(f"#{id}", prefixes=prefixes) for id in ids]


# The clients ---------------------------------------------------------------------------------------------------------


def dotnet(identity: Identity, to: str, ask: Ask, soap: str = SOAP12) -> Draft:
    """OIOIDWS for .NET: everything signed, also the certificate; the framework header insists on being understood."""
    return Draft(
        identity,
        ask.xml(identity),
        soap=soap,
        headers={
            "Action": wsa("Action", ISSUE, "action", must=True),
            "MessageID": wsa("MessageID", message_id(), "msgid"),
            "To": wsa("To", to, "to", must=True),
            "Framework": FRAMEWORK.replace("{must}", ' s:mustUnderstand="1"'),
            "ActivityId": ACTIVITY_ID,
        },
        security={"Timestamp": timestamp(), "BST": bst(identity.b64)},
        references=refs("action", "msgid", "to", "lib", "sec-ts", "sec-binsectoken", "body"),
        key_info=str_direct(),
    )


def cxf(identity: Identity, to: str, ask: Ask, soap: str = SOAP12) -> Draft:
    """Apache CXF as in KOMBIT's Java samples: lists of prefixes, ReplyTo, an id on everything, Value in no namespace."""
    ask.value, ask.optional = "", ""
    return Draft(
        identity,
        ask.xml(identity),
        soap=soap,
        ds="ds",
        body_id="_b1c6a9",
        prefixes={"s": "soap", "o": "wsse", "u": "wsu", "a": "wsa"},
        headers={
            "Security": "",
            "Action": wsa("Action", ISSUE, "_5f5a1c"),
            "MessageID": wsa("MessageID", message_id(), "_d2f0aa"),
            "To": wsa("To", to, "_a11b30"),
            "ReplyTo": reply_to("_77cd01"),
        },
        security={"BST": bst(identity.b64, "X509-5a7e"), "Timestamp": timestamp(id="TS-5a7d")},
        references=[
            Ref("#_5f5a1c", prefixes="soap"),
            Ref("#_d2f0aa", prefixes="soap"),
            Ref("#_a11b30", prefixes="soap"),
            Ref("#_77cd01", prefixes="soap"),
            Ref("#TS-5a7d", prefixes="wsse soap"),
            Ref("#X509-5a7e", prefixes="soap"),
            Ref("#_b1c6a9"),
        ],
        c14n_prefixes="soap",
        key_info=str_direct("X509-5a7e"),
    )


def os2mo(identity: Identity, to: str, ask: Ask, soap: str = SOAP12) -> Draft:
    """os2mo-fkk, without its signature: what is sent along to prove who signs is not itself signed."""
    return Draft(
        identity,
        ask.xml(identity),
        soap=soap,
        ds="ds",
        headers={
            "Action": wsa("Action", ISSUE, "id-action", must=True),
            "MessageID": wsa("MessageID", message_id(), "id-messageid"),
            "To": wsa("To", to, "id-to", must=True),
        },
        security={"BST": bst(identity.b64, "id-bst"), "Timestamp": timestamp(id="id-ts")},
        references=refs("body", "id-to", "id-action", "id-messageid", "id-ts"),
        key_info=str_direct("id-bst"),
    )


def signed_by_xmlsec(draft: Draft) -> str:
    """The message signed by libxmlsec, as os2mo-fkk does it: nothing of the signature is ours."""
    envelope = etree.fromstring(draft.text(signature=""))
    security = envelope.find(f".//{{{WSSE}}}Security")
    method = xmlsec.Transform.RSA_SHA256 if draft.identity.is_rsa else xmlsec.Transform.ECDSA_SHA256
    signature = xmlsec.template.create(envelope, xmlsec.Transform.EXCL_C14N, method, ns="ds")
    for ref in draft.references:
        reference = xmlsec.template.add_reference(signature, xmlsec.Transform.SHA256, uri=ref.uri)
        xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    key_info = xmlsec.template.ensure_key_info(signature)
    key_info.append(etree.fromstring(draft.key_info))
    security.append(signature)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(draft.identity.files[1], xmlsec.KeyFormat.PEM)
    for node in envelope.iter():
        if isinstance(node.tag, str) and f"{{{WSU}}}Id" in node.attrib:
            context.register_id(node, "Id", WSU)
    context.sign(signature)
    return etree.tostring(envelope, encoding="unicode")


CLIENTS = {"os2mo": os2mo, "cxf": cxf, "dotnet": dotnet}


def key_identifiers(identity: Identity) -> dict[str, str]:
    """The other ways of naming the certificate that is sent along."""
    certificate = identity.certificate
    issuer = certificate.issuer.rfc4514_string()
    ways = {
        "thumbprint": str_key_identifier(THUMBPRINT, b64(hashlib.sha1(identity.der).digest())),
        "issuer and serial": f'<o:SecurityTokenReference xmlns:o="{WSSE}"><ds:X509Data xmlns:ds="{DS}">'
        f"<ds:X509IssuerSerial><ds:X509IssuerName>{issuer}</ds:X509IssuerName><ds:X509SerialNumber>"
        f"{certificate.serial_number}</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>"
        "</o:SecurityTokenReference>",
    }
    ski = subject_key_identifier(certificate)
    return ways | ({"subject key": str_key_identifier(X509SKI, b64(ski))} if ski else {})


def subject_key_identifier(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


@dataclass(frozen=True)
class Token:
    """An issued assertion and whose it is."""

    identity: Identity
    text: str

    @property
    def id(self) -> str:
        return parsed(self.text).get("ID")

    @property
    def xml(self):
        return parsed(self.text)


class Sts:
    """The token service of a server."""

    def __init__(self, demo: Demo):
        self.demo = demo
        self.url = demo.sts["wstrust"]

    def ask(self, service: str | None = None, cvr: str | None = None, **how) -> Ask:
        return Ask(service or self.demo.organisation, cvr or self.demo.cvr["korsbaek"], **how)

    def draft(self, identity: Identity, client: str = "dotnet", soap: str = SOAP12, **ask) -> Draft:
        return CLIENTS[client](identity, self.url, self.ask(**ask), soap)

    def send(self, draft: Draft, content: str | bytes | None = None, **headers) -> Answer:
        content = draft.signed() if content is None else content
        return self.demo.post(self.url, content, {**draft.http_headers, **headers})

    def issue(self, identity: Identity, client: str = "dotnet", **ask) -> Token:
        """A token; not getting one is an error."""
        return Token(identity, self.send(self.draft(identity, client, **ask)).assertion)
