"""Messages as bytes: envelopes put together by hand, and signatures made over them by lxml and cryptography.

A `Draft` is a message that is not signed yet. Everything in it can be changed, also into what nobody should send.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import pkcs12
from lxml import etree

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
ANONYMOUS = f"{WSA}/anonymous"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
WSSE = f"{_WSS}-wssecurity-secext-1.0.xsd"
WSU = f"{_WSS}-wssecurity-utility-1.0.xsd"
WSSE11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
DS = "http://www.w3.org/2000/09/xmldsig#"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SBF = "urn:liberty:sb:2006-08"
X509V3 = f"{_WSS}-x509-token-profile-1.0#X509v3"
X509SKI = f"{_WSS}-x509-token-profile-1.0#X509SubjectKeyIdentifier"
THUMBPRINT = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1"
BASE64 = f"{_WSS}-soap-message-security-1.0#Base64Binary"
STR_TRANSFORM = f"{_WSS}-soap-message-security-1.0#STR-Transform"
SAML_V2 = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0"
SAML_ID = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID"

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
WITH_COMMENTS = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"
ENVELOPED = f"{DS}enveloped-signature"
SHA1, MD5 = f"{DS}sha1", "http://www.w3.org/2001/04/xmldsig-more#md5"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA1 = f"{DS}rsa-sha1"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
HMAC_SHA1 = f"{DS}hmac-sha1"
HMAC_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"

PREFIXES = {
    "wsa": WSA,
    "wsse": WSSE,
    "wsu": WSU,
    "ds": DS,
    "saml": SAML,
    "wsse11": WSSE11,
    "s12": SOAP12,
    "s11": SOAP11,
}


def message_id() -> str:
    return f"urn:uuid:{uuid4()}"


def stamp(moment: datetime) -> str:
    """A moment as WS-Security writes it."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def now(**delta) -> datetime:
    return datetime.now(timezone.utc) + timedelta(**delta)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def parsed(content: str | bytes):
    """A document as it stands: nothing is fetched, expanded or dropped."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False, huge_tree=True)
    return etree.fromstring(content.encode() if isinstance(content, str) else content, parser)


# Whose key -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    name: str
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    files: tuple[str, str] | None = None

    @classmethod
    def of_files(cls, name: str, certificate: str, key: str) -> "Identity":
        pem = x509.load_pem_x509_certificate(Path(certificate).read_bytes())
        secret = serialization.load_pem_private_key(Path(key).read_bytes(), None)
        return cls(name, pem, secret, (certificate, key))

    @classmethod
    def of_p12(cls, name: str, file: Path, passphrase: str) -> "Identity":
        key, certificate, _ = pkcs12.load_key_and_certificates(file.read_bytes(), passphrase.encode())
        return cls(name, certificate, key)

    @cached_property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @cached_property
    def b64(self) -> str:
        return b64(self.der)

    @property
    def is_rsa(self) -> bool:
        return isinstance(self.key, rsa.RSAPrivateKey)

    @property
    def method(self) -> str:
        """The signature method of its kind of key."""
        return RSA_SHA256 if self.is_rsa else ECDSA_SHA256

    def sign(self, method: str, data: bytes) -> bytes:
        """A signature value by any method, also one that must be refused."""
        if method in (HMAC_SHA1, HMAC_SHA256):
            secret = self.certificate.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return hmac_of(secret, data, "sha1" if method == HMAC_SHA1 else "sha256")
        digest = hashes.SHA1() if method == RSA_SHA1 else hashes.SHA256()
        if self.is_rsa:
            return self.key.sign(data, padding.PKCS1v15(), digest)
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(digest)))
        size = (self.key.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def hmac_of(secret: bytes, data: bytes, digest: str) -> bytes:
    return hmac.new(secret, data, digest).digest()


def self_signed(like: x509.Certificate | None = None, key=None, days=(-1, 30), name="Fremmed System") -> Identity:
    """A certificate nobody issued: with the subject of another one, or of its own."""
    key = key or rsa.generate_private_key(65537, 3072)
    subject = (
        like.subject
        if like
        else x509.Name(
            [
                x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
                x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, f"UI:DK-O:G:{uuid4()}"),
                x509.NameAttribute(x509.ObjectIdentifier("2.5.4.97"), "NTRDK-33445566"),
                x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Matador Data A/S"),
                x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "DK"),
            ]
        )
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(like.issuer if like else subject)
        .public_key(key.public_key())
        .serial_number(like.serial_number if like else x509.random_serial_number())
        .not_valid_before(now(days=days[0]))
        .not_valid_after(now(days=days[1]))
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Identity(name, builder.sign(key, hashes.SHA256()), key)


# Signatures ----------------------------------------------------------------------------------------------------------


def canonical(node, prefixes: str = "", algorithm: str = EXCLUSIVE) -> bytes:
    """The canonical form of an element where it stands."""
    alone = etree.fromstring(etree.tostring(node, with_tail=False), etree.XMLParser(strip_cdata=False))
    return etree.tostring(
        alone,
        method="c14n",
        exclusive=algorithm.startswith(EXCLUSIVE),
        with_comments=algorithm == WITH_COMMENTS,
        inclusive_ns_prefixes=prefixes.split() or None if algorithm.startswith(EXCLUSIVE) else None,
    )


def by_id(tree, value: str):
    """The first element with this id."""
    found = tree.xpath("//*[@wsu:Id=$v] | //saml:*[@ID=$v] | //ds:*[@Id=$v]", v=value, namespaces=PREFIXES)
    return found[0]


def digest_of(algorithm: str, data: bytes) -> str:
    name = {SHA1: "sha1", MD5: "md5", SHA256: "sha256"}.get(algorithm) or algorithm.rsplit("#", 1)[1].replace("-", "_")
    return b64(hashlib.new(name, data).digest())


@dataclass(frozen=True)
class Ref:
    """One reference of a signature."""

    uri: str
    transform: str = EXCLUSIVE
    prefixes: str = ""
    digest: str = SHA256
    #: An XPath to another element than the one the URI names, to be digested instead.
    instead: str | None = None
    #: Written instead of the transforms.
    transforms: str | None = None

    def content(self, tree) -> bytes:
        node = (
            tree.xpath(self.instead, namespaces=PREFIXES)[0]
            if self.instead
            else by_id(tree, self.uri[1:]) if self.uri.startswith("#") else tree
        )
        if self.transform == STR_TRANSFORM:
            # The token that the reference names takes its place (WS-Security 1.1, 8.3).
            node = by_id(tree, node.findtext(f"{{{WSSE}}}KeyIdentifier").strip())
            return canonical(node)
        return canonical(node, self.prefixes, self.transform)

    def text(self, p: str, number: int) -> str:
        if self.transforms is not None:
            inner = self.transforms.replace("{p}", p)
        elif self.transform == STR_TRANSFORM:
            inner = (
                f'<{p}Transform Algorithm="{STR_TRANSFORM}"><o:TransformationParameters xmlns:o="{WSSE}">'
                f'<{p}CanonicalizationMethod Algorithm="{EXCLUSIVE}"/></o:TransformationParameters></{p}Transform>'
            )
        else:
            inner = f'<{p}Transform Algorithm="{self.transform}"{inclusive(self.prefixes, f"{p}Transform")}'
        return (
            f'<{p}Reference URI="{self.uri}"><{p}Transforms>{inner}</{p}Transforms>'
            f'<{p}DigestMethod Algorithm="{self.digest}"/><{p}DigestValue>@DIGEST{number}@</{p}DigestValue>'
            f"</{p}Reference>"
        )


def inclusive(prefixes: str, name: str) -> str:
    """The end of an element that may hold a list of prefixes."""
    if not prefixes:
        return "/>"
    return f'><ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{prefixes}"/></{name}>'


@dataclass
class Draft:
    """A message that is not signed yet; the order of its parts is the order in the dicts."""

    identity: Identity
    body: str
    headers: dict[str, str] = field(default_factory=dict)
    security: dict[str, str] = field(default_factory=dict)
    references: list[Ref] = field(default_factory=list)
    key_info: str = ""
    soap: str = SOAP12
    body_id: str = "body"
    #: Prefix of the signature; none is the default namespace.
    ds: str = ""
    method: str | None = None
    method_content: str = ""
    c14n: str = EXCLUSIVE
    c14n_prefixes: str = ""
    envelope: str = ""
    security_attributes: str = ""
    #: More parts after the body.
    after_body: str = ""
    #: Other names than s, o, u and a for the prefixes, as a client of another make has them.
    prefixes: dict[str, str] = field(default_factory=dict)
    #: Who signs instead of the one who should.
    signer: Identity | None = None
    content_type: str | None = None
    http: dict[str, str] = field(default_factory=dict)
    #: What is changed when all is signed.
    tamper: list[Callable[[str], str]] = field(default_factory=list)

    def copy(self, **changes) -> "Draft":
        return replace(
            self,
            headers=dict(self.headers),
            security=dict(self.security),
            references=list(self.references),
            http=dict(self.http),
            tamper=list(self.tamper),
            **changes,
        )

    @property
    def message_id(self) -> str:
        return self.said("MessageID")

    @property
    def names(self) -> list[str]:
        """What the message is found by in a log: its MessageID and its transaction."""
        return [name for name in (self.message_id, self.said("RequestHeader")) if name]

    @property
    def action(self) -> str:
        return self.said("Action")

    def said(self, name: str) -> str:
        """The text of a header; none where it is left out."""
        holder = parsed(f'<x xmlns:s="{self.soap}">{self.headers.get(name, "")}</x>')
        return "".join(holder.itertext()).strip()

    def signature(self) -> str:
        p, method = (f"{self.ds}:" if self.ds else ""), self.method or (self.signer or self.identity).method
        declared = f'xmlns:{self.ds}="{DS}"' if self.ds else f'xmlns="{DS}"'
        references = "".join(ref.text(p, number) for number, ref in enumerate(self.references))
        key_info = f"<{p}KeyInfo>{self.key_info}</{p}KeyInfo>" if self.key_info else ""
        end = f">{self.method_content}</{p}SignatureMethod>" if self.method_content else "/>"
        return (
            f"<{p}Signature {declared}><{p}SignedInfo>"
            f'<{p}CanonicalizationMethod Algorithm="{self.c14n}"'
            f'{inclusive(self.c14n_prefixes, f"{p}CanonicalizationMethod")}'
            f'<{p}SignatureMethod Algorithm="{method}"{end}{references}</{p}SignedInfo>'
            f"<{p}SignatureValue>@SIGNATURE@</{p}SignatureValue>{key_info}</{p}Signature>"
        )

    def text(self, signature: str | None = None) -> str:
        """The message; where the dict says `Signature` stands the signature, else last."""
        signature = self.signature() if signature is None else signature
        parts = dict(self.security)
        parts.setdefault("Signature", "")
        parts["Signature"] = signature
        must = "true" if self.soap == SOAP12 else "1"
        security = (
            f'<o:Security xmlns:o="{WSSE}" s:mustUnderstand="{must}"{self.security_attributes}>'
            f'{"".join(parts.values())}</o:Security>'
        )
        headers = dict(self.headers)
        headers.setdefault("Security", "")
        headers["Security"] = headers["Security"].replace("{Security}", security) or security
        body_id = f' xmlns:u="{WSU}" u:Id="{self.body_id}"' if self.body_id else ""
        return self.renamed(
            f'<s:Envelope xmlns:s="{self.soap}"{self.envelope}><s:Header>{"".join(headers.values())}</s:Header>'
            f"<s:Body{body_id}>{self.body}</s:Body>{self.after_body}</s:Envelope>"
        )

    def renamed(self, text: str) -> str:
        """The message with the prefixes of its client; an assertion is left as it was issued."""
        if not self.prefixes:
            return text
        name = re.compile(rf"((?:</?|xmlns:|\s))({'|'.join(self.prefixes)})(?=[:=])")
        parts = re.split(r"(<Assertion .*?</Assertion>)", text, flags=re.S)
        return "".join(
            part if part.startswith("<Assertion ") else name.sub(lambda m: m[1] + self.prefixes[m[2]], part)
            for part in parts
        )

    def signed(self) -> str:
        text = fill(
            self.text(),
            self.references,
            self.signer or self.identity,
            self.method or (self.signer or self.identity).method,
            self.c14n,
            self.c14n_prefixes,
        )
        for change in self.tamper:
            changed = change(text)
            assert changed != text, "the change changes nothing"
            text = changed
        return text

    @property
    def http_headers(self) -> dict[str, str]:
        if self.soap == SOAP12:
            kind = f'application/soap+xml; charset=utf-8; action="{self.action}"'
            return {"Content-Type": self.content_type or kind, **self.http}
        return {
            "Content-Type": self.content_type or "text/xml; charset=utf-8",
            "SOAPAction": f'"{self.action}"',
            **self.http,
        }


def fill(text: str, references: list[Ref], identity: Identity, method: str, c14n=EXCLUSIVE, prefixes="") -> str:
    """Puts digests and signature value where they are missing; not another byte changes."""
    tree = parsed(text)
    for number, ref in enumerate(references):
        text = text.replace(f"@DIGEST{number}@", digest_of(ref.digest, ref.content(tree)))
    tree = parsed(text)
    (value,) = tree.xpath("//ds:SignatureValue[.='@SIGNATURE@']", namespaces=PREFIXES)
    signed_info = value.getparent().find(f"{{{DS}}}SignedInfo")
    algorithm = c14n if c14n in (INCLUSIVE, WITH_COMMENTS) else EXCLUSIVE
    return text.replace("@SIGNATURE@", b64(identity.sign(method, canonical(signed_info, prefixes, algorithm))))


def resigned(assertion: str, identity: Identity) -> str:
    """An assertion with another content, signed anew, as the token service signs."""
    signature = re.search(r"<Signature .*?</Signature>", assertion, re.S).group()
    digest = digest_of(SHA256, canonical(parsed(assertion.replace(signature, ""))))
    uri = parsed(assertion).get("ID")
    again = re.sub(r' URI=".*?"', f' URI="#{uri}"', signature, count=1)
    again = re.sub(r"<DigestValue>.*?</DigestValue>", f"<DigestValue>{digest}</DigestValue>", again)
    again = re.sub(r"<SignatureValue>.*?</SignatureValue>", "<SignatureValue>@SIGNATURE@</SignatureValue>", again)
    again = re.sub(
        r"<X509Certificate>.*?</X509Certificate>", f"<X509Certificate>{identity.b64}</X509Certificate>", again
    )
    return fill(assertion.replace(signature, again), [], identity, identity.method)


# Parts of messages ---------------------------------------------------------------------------------------------------


def wsa(name: str, text: str, id: str | None = None, must: bool = False, soap: str = SOAP12) -> str:
    attributes = (f' xmlns:u="{WSU}" u:Id="{id}"' if id else "") + (' s:mustUnderstand="1"' if must else "")
    return f'<a:{name} xmlns:a="{WSA}"{attributes}>{text}</a:{name}>'


def reply_to(id: str | None = "replyto", address: str = ANONYMOUS) -> str:
    return wsa("ReplyTo", f"<a:Address>{address}</a:Address>", id)


def timestamp(created: str | None = None, expires: str | None = None, id: str = "sec-ts") -> str:
    """A timestamp of five minutes from now, unless told otherwise; an empty text leaves a time out."""
    created = stamp(now()) if created is None else created
    expires = stamp(now(minutes=5)) if expires is None else expires
    inner = (f"<u:Created>{created}</u:Created>" if created else "") + (
        f"<u:Expires>{expires}</u:Expires>" if expires else ""
    )
    return f'<u:Timestamp xmlns:u="{WSU}" u:Id="{id}">{inner}</u:Timestamp>'


def bst(certificate: str, id: str | None = "sec-binsectoken") -> str:
    ident = f' xmlns:u="{WSU}" u:Id="{id}"' if id else ""
    return (
        f'<o:BinarySecurityToken xmlns:o="{WSSE}"{ident} ValueType="{X509V3}" EncodingType="{BASE64}">'
        f"{certificate}</o:BinarySecurityToken>"
    )


def str_direct(id: str = "sec-binsectoken") -> str:
    return (
        f'<o:SecurityTokenReference xmlns:o="{WSSE}"><o:Reference URI="#{id}" ValueType="{X509V3}"/>'
        "</o:SecurityTokenReference>"
    )


def str_key_identifier(kind: str, value: str) -> str:
    return (
        f'<o:SecurityTokenReference xmlns:o="{WSSE}"><o:KeyIdentifier ValueType="{kind}" EncodingType="{BASE64}">'
        f"{value}</o:KeyIdentifier></o:SecurityTokenReference>"
    )


def str_saml(assertion_id: str, id: str | None = None, attribute: str = "k:TokenType") -> str:
    ident = f' xmlns:u="{WSU}" u:Id="{id}"' if id else ""
    return (
        f'<o:SecurityTokenReference xmlns:o="{WSSE}" xmlns:k="{WSSE11}"{ident} {attribute}="{SAML_V2}">'
        f'<o:KeyIdentifier ValueType="{SAML_ID}">{assertion_id}</o:KeyIdentifier></o:SecurityTokenReference>'
    )


FRAMEWORK = (
    f'<sbf:Framework xmlns:sbf="{SBF}" xmlns:sbfprofile="urn:liberty:sb:profile" xmlns:u="{WSU}" '
    'u:Id="lib" version="2.0" sbfprofile:profile="urn:liberty:sb:profile:basic"{must}/>'
)
ACTIVITY_ID = (
    '<ActivityId xmlns="http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics" '
    'CorrelationId="4b2f1d0e-6f1c-4a55-9a41-3f0d7c1e2b33">00000000-0000-0000-0000-000000000000</ActivityId>'
)


def replaced(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    """A change of a text in a message."""
    return lambda text: text.replace(old, new, count)


def substituted(pattern: str, new: str, count: int = 1) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, new, text, count=count, flags=re.S)
