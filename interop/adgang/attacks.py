"""What nobody should get away with, as one table: the rows are those of the specification's list of attacks.

Each attack changes a message that would otherwise be answered with a token (STS) or carried out (WSP), before it is
signed or after. What must come back stands beside it: a subcode, and with it the neutral sentence; the number of an event;
or `intake` for what is refused before anything is read. `because` is what the access log must say, and None where no
MessageID was read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sts_client import Token, rsa_key_value
from wire import (
    ANONYMOUS,
    DS,
    EXCLUSIVE,
    HMAC_SHA1,
    HMAC_SHA256,
    INCLUSIVE,
    MD5,
    RSA_SHA1,
    SAML,
    SHA1,
    WITH_COMMENTS,
    WSSE,
    WSU,
    Draft,
    Identity,
    Ref,
    bst,
    now,
    replaced,
    reply_to,
    resigned,
    stamp,
    str_direct,
    substituted,
    timestamp,
    wsa,
)

FAILED, INVALID, TOKEN, EXPIRED = (
    "wsse:FailedCheck",
    "wsse:InvalidSecurity",
    "wsse:InvalidSecurityToken",
    "wsu:MessageExpired",
)
INTAKE = "intake"


@dataclass
class Scene:
    """One message about to be attacked."""

    where: str
    draft: Draft
    #: The body the attacker wants to see carried out instead of the one that is signed.
    evil: str
    identity: Identity
    #: Another registered system, and one nobody knows.
    other: Identity
    stranger: Identity
    token: Token | None = None
    #: A token for another service, and one of the other system.
    foreign: Token | None = None
    others_token: Token | None = None


Change = Callable[[Scene], None]


@dataclass(frozen=True)
class Attack:
    """One attack."""

    row: str
    name: str
    change: Change
    sts: str | int | None
    wsp: str | None
    because: str | None = None
    #: What the log of the service says, when it is something else.
    because_wsp: str | None = None

    def expected(self, where: str):
        return self.sts if where == "STS" else self.wsp

    def reason(self, where: str) -> str | None:
        return self.because if where == "STS" or self.because_wsp is None else self.because_wsp


# Ways of changing ----------------------------------------------------------------------------------------------------

BODY = re.compile(r"<s:Body .*?</s:Body>", re.S)
WRAP = '<w:Wrapper xmlns:w="urn:w">{}</w:Wrapper>'


def tamper(change: Callable[[str], str]) -> Change:
    return lambda scene: scene.draft.tamper.append(change)


def fields(**changes) -> Change:
    def apply(scene: Scene):
        for name, value in changes.items():
            setattr(scene.draft, name, value)

    return apply


def header(name: str, text: str, first: bool = False) -> Change:
    def apply(scene: Scene):
        headers = scene.draft.headers
        scene.draft.headers = {name: text, **headers} if first else {**headers, name: text}

    return apply


def security(name: str, text: str | Callable[[Scene], str], first: bool = False) -> Change:
    def apply(scene: Scene):
        value = text if isinstance(text, str) else text(scene)
        parts = scene.draft.security
        scene.draft.security = {name: value, **parts} if first else {**parts, name: value}

    return apply


def http(**headers) -> Change:
    return lambda scene: scene.draft.http.update({k.replace("_", "-"): v for k, v in headers.items()})


def body_moved(place: str, new: str) -> Change:
    """The signed body goes elsewhere, and the evil one comes in its place."""

    def apply(scene: Scene):
        def change(text: str) -> str:
            signed = BODY.search(text).group()
            evil = new.replace("{evil}", scene.evil)
            text = text.replace(signed, evil)
            match place:
                case "header":
                    return text.replace("</s:Header>", WRAP.format(signed) + "</s:Header>")
                case "bare header":
                    return text.replace("</s:Header>", signed + "</s:Header>")
                case "security":
                    return text.replace("</o:Security>", WRAP.format(signed) + "</o:Security>")
                case "object":
                    inner = f'<Object xmlns="{DS}">{signed}</Object></Signature></o:Security>'
                    return text.replace("</Signature></o:Security>", inner)
                case "envelope":
                    return text.replace("</s:Envelope>", WRAP.format(signed) + "</s:Envelope>")
                case "second body":
                    return text.replace("</s:Envelope>", signed + "</s:Envelope>")
                case "inside":
                    return text.replace("</s:Body>", WRAP.format(signed) + "</s:Body>")
            raise ValueError(place)

        scene.draft.tamper.append(change)

    return apply


EVIL = f'<s:Body xmlns:u="{WSU}" u:Id="evil">{{evil}}</s:Body>'
EVIL_SAME_ID = f'<s:Body xmlns:u="{WSU}" u:Id="body">{{evil}}</s:Body>'
EVIL_NO_ID = "<s:Body>{evil}</s:Body>"


def header_moved(name: str, new: str) -> Change:
    """A signed header goes into a wrapper, and another one comes in its place."""

    def apply(scene: Scene):
        old = scene.draft.headers[name]
        scene.draft.tamper.append(lambda text: text.replace(old, new.replace("{text}", name) + WRAP.format(old)))

    return apply


def timestamp_moved(scene: Scene):
    old = scene.draft.security["Timestamp"]
    scene.draft.tamper.append(lambda text: text.replace(old, timestamp(id="ny") + WRAP.format(old)))


def uncovered(id: str) -> Change:
    def apply(scene: Scene):
        before = len(scene.draft.references)
        scene.draft.references = [ref for ref in scene.draft.references if ref.uri != f"#{id}"]
        assert len(scene.draft.references) < before

    return apply


def every_reference(**changes) -> Change:
    def apply(scene: Scene):
        scene.draft.references = [
            Ref(**{"uri": r.uri, "transform": r.transform, **changes}) for r in scene.draft.references
        ]

    return apply


def body_reference(**changes) -> Change:
    def apply(scene: Scene):
        scene.draft.references = [
            Ref(**{"uri": r.uri, **changes}) if r.uri == "#body" else r for r in scene.draft.references
        ]

    return apply


def signed_by(which: str, method: str | None = None) -> Change:
    def apply(scene: Scene):
        scene.draft.signer = getattr(scene, which)
        scene.draft.method = method

    return apply


def key_info(text: str | Callable[[Scene], str]) -> Change:
    return lambda scene: setattr(scene.draft, "key_info", text if isinstance(text, str) else text(scene))


def x509_data(which: str) -> Callable[[Scene], str]:
    return lambda scene: (
        f'<d:X509Data xmlns:d="{DS}"><d:X509Certificate>{getattr(scene, which).b64}' "</d:X509Certificate></d:X509Data>"
    )


def key_value(scene: Scene) -> str:
    inner = rsa_key_value(scene.stranger).replace("ds:", "d:")
    return f'<d:KeyValue xmlns:d="{DS}">{inner}</d:KeyValue>'


def in_body(text: Callable[[Scene], str]) -> Change:
    """An element more in the body, before it is signed."""

    def apply(scene: Scene):
        scene.draft.body = scene.draft.body.replace("><", f">{text(scene)}<", 1)

    return apply


def signature_in(text: str) -> str:
    """The signature of a message; the one of its assertion stands before it."""
    return re.findall(r"<Signature .*?</Signature>", text, re.S)[-1]


def both(*changes: Change) -> Change:
    def apply(scene: Scene):
        for change in changes:
            change(scene)

    return apply


def time(created: float | str = 0, expires: float | str | None = None) -> Change:
    """The timestamp, in seconds from now."""

    def text(value):
        return value if isinstance(value, str) else stamp(now(seconds=value))

    def apply(scene: Scene):
        end = expires if expires is not None else (created + 300 if not isinstance(created, str) else "")
        scene.draft.security["Timestamp"] = timestamp(text(created), text(end))

    return apply


def with_doctype(declarations: str, entity: str = "") -> Change:
    def change(text: str) -> str:
        return f"<!DOCTYPE x [{declarations}]>" + text.replace("</s:Body>", f"{entity}</s:Body>")

    return tamper(change)


def long_transforms(*names: str) -> str:
    return "".join(f'<{{p}}Transform Algorithm="{name}"/>' for name in names)


XSLT = (
    '<{p}Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet version="1.0" '
    'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"/></xsl:stylesheet></{p}Transform>'
)
XPATH = (
    '<{p}Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><{p}XPath>not(ancestor::evil)</{p}XPath>'
    "</{p}Transform>"
)
XPATH2 = (
    '<{p}Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><f:XPath '
    'xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="intersect">//*</f:XPath></{p}Transform>'
)
BOMB = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def fake_assertion(scene: Scene, **changes: str) -> Token:
    """The attacker's own assertion: everything as the STS writes it, signed by a key of the attacker's."""
    text = scene.token.text
    for old, new in changes.items():
        text = text.replace(old, new)
    return Token(scene.stranger, resigned(text, scene.stranger))


def assertion(change: Callable[[Scene, str], str]) -> Change:
    """Another assertion in the message before it is signed, by whoever holds the key."""
    return lambda scene: scene.draft.security.__setitem__("Assertion", change(scene, scene.token.text))


def with_token(which: Callable[[Scene], Token], signer: str | None = None) -> Change:
    """Another token than the right one."""

    def apply(scene: Scene):
        token, old = which(scene), scene.token.id
        scene.draft.security["Assertion"] = token.text
        scene.draft.security["STR"] = scene.draft.security["STR"].replace(old, token.id)
        scene.draft.key_info = scene.draft.key_info.replace(old, token.id)
        scene.draft.signer = getattr(scene, signer) if signer else token.identity

    return apply


def edited(pattern: str, new: str) -> Change:
    """The assertion changed after it was issued."""
    return assertion(lambda scene, text: changed(re.sub(pattern, new, text, count=1, flags=re.S), text))


def changed(new: str, old: str) -> str:
    assert new != old, "the change changes nothing"
    return new


def xsw(make: Callable[[Scene, str, str], str]) -> Change:
    """Signature wrapping of the assertion: the signed one and an evil one of the same make."""

    def apply(scene: Scene):
        signed = scene.token.text
        evil = re.sub(r"<Signature .*?</Signature>", "", signed, count=1, flags=re.S)
        evil = evil.replace(scene.token.id, "_evil").replace(scene.identity.b64, scene.stranger.b64)
        scene.draft.security["Assertion"] = make(scene, signed, evil)
        scene.draft.signer = scene.stranger

    return apply


def inside(outer: str, inner: str, before: str = "<Subject>", wrapper: str = "{}") -> str:
    return outer.replace(before, wrapper.format(inner) + before, 1)


def with_signature_of(signed: str, evil: str, wrapper: str = "{}") -> str:
    """The evil assertion with the good one's signature, which has the good one in an Object."""
    signature = re.search(r"<Signature .*?</Signature>", signed, re.S).group()
    bare = signed.replace(signature, "")
    return evil.replace(
        "</Issuer>", "</Issuer>" + signature.replace("</Signature>", f"<Object>{bare}</Object></Signature>"), 1
    )


EXTENSIONS = '<w:Extensions xmlns:w="urn:w">{}</w:Extensions>'
FUTURE, PAST = "9999-12-31T23:59:59Z", "2020-01-01T00:00:00Z"

#: Attacks on both, on the token service alone, and on services alone.
# fmt: off
ATTACKS = [
    # A1: the assertion
    Attack("A1", "XSW1: the evil assertion first, the signed beside it", xsw(lambda s, a, e: e + a), None, INVALID,
        because_wsp="står flere gange"),
    Attack("A1", "XSW2: the signed assertion first, the evil beside it", xsw(lambda s, a, e: a + e), None, INVALID,
        because_wsp="står flere gange"),
    Attack("A1", "XSW3: the signed assertion in the evil one", xsw(lambda s, a, e: inside(e, a)), None, TOKEN,
        because_wsp="WSP-12"),
    Attack("A1", "XSW4: the evil assertion in the signed one", xsw(lambda s, a, e: inside(a, e)), None, TOKEN,
        because_wsp="WSP-12"),
    Attack("A1", "XSW5: the signed assertion in the evil one's Extensions",
        xsw(lambda s, a, e: inside(e, a, wrapper=EXTENSIONS)), None, TOKEN, because_wsp="WSP-12"),
    Attack("A1", "XSW6: the signed assertion in the evil one's signature",
        xsw(lambda s, a, e: with_signature_of(a, e)), None, TOKEN, because_wsp="WSP-12"),
    Attack("A1", "XSW7: the signed assertion in a wrapper, the evil in the header",
        xsw(lambda s, a, e: WRAP.format(a) + e), None, TOKEN, because_wsp="WSP-12"),
    Attack("A1", "XSW8: the signed assertion under the body",
        both(xsw(lambda s, a, e: e), in_body(lambda s: WRAP.format(s.token.text))),
        None, TOKEN, because_wsp="WSP-12"),
    Attack("A1", "no assertion at all", lambda s: s.draft.security.pop("Assertion") and s.draft.references.pop(),
        None, INVALID, because_wsp="saml:Assertion mangler"),
    # A2: the message
    *(Attack("A2", f"the signed body in: {place}", body_moved(place, EVIL), FAILED, FAILED, "STS-01", "WSP-10")
        for place in ("header", "bare header", "security")),
    Attack("A2", "the signed body in: object", body_moved("object", EVIL), FAILED, FAILED, "STS-01", "WSP-10"),
    Attack("A2", "the signed body in: envelope", body_moved("envelope", EVIL), 103, INVALID),
    Attack("A2", "the signed body in: second body", body_moved("second body", EVIL), 103, INVALID),
    Attack("A2", "the signed body inside the evil one", body_moved("inside", EVIL), 103, INTAKE),
    Attack("A2", "the evil body without id", body_moved("header", EVIL_NO_ID), FAILED, FAILED, "STS-01", "WSP-10"),
    Attack("A2", "a fresh timestamp, the signed one in a wrapper", timestamp_moved, FAILED, FAILED, "STS-01", "WSP-10"),
    Attack("A2", "another MessageID, the signed one in a wrapper",
        header_moved("MessageID", wsa("MessageID", "urn:uuid:5f0c0000-0000-4000-8000-00000000aaaa")), FAILED, FAILED),
    Attack("A2", "another Action, the signed one in a wrapper", header_moved("Action", wsa("Action", "urn:evil")),
        110, INVALID, "STS-110", "SOAPAction er forkert"),
    Attack("A2", "the body changed", tamper(lambda t: re.sub(r"</s:Body>", "<!-- x --> </s:Body>", t)), FAILED,
        FAILED, "digest", "digest"),
    # A3: ids
    Attack("A3", "the id of the body twice", body_moved("header", EVIL_SAME_ID), FAILED, FAILED, "står flere gange",
        "står flere gange"),
    Attack("A3", "the same value as ID of an assertion",
        header("x", f'<x:H xmlns:x="urn:x"><Assertion xmlns="{SAML}" ID="body"/></x:H>'), FAILED, FAILED,
        "står flere gange"),
    Attack("A3", "the same value as Id of a signature part",
        header("x", f'<x:H xmlns:x="urn:x"><Object xmlns="{DS}" Id="body"/></x:H>'), FAILED, FAILED,
        "står flere gange"),
    Attack("A3", "the same value as xml:id", header("x", '<x:H xmlns:x="urn:x" xml:id="body"/>'), FAILED, FAILED,
        "står flere gange"),
    Attack("A3", "a reference to an attribute that only is called Id",
        both(body_reference(instead="//s12:Body"), fields(body_id=None),
             tamper(replaced("<s:Body>", '<s:Body Id="body">'))),
        FAILED, FAILED, "intet element har id"),
    # A4: headers twice
    *(Attack("A4", f"two {name}, the unsigned {where}", header("x", wsa(name, "urn:evil"), first=where == "first"),
        103, INVALID, None, "står flere gange")
        for name in ("To", "Action", "MessageID") for where in ("first", "last")),
    Attack("A4", "two ReplyTo", both(header("x", reply_to(None), first=True), header("y", reply_to(None))), 103,
        INVALID, None, "står flere gange"),
    Attack("A4", "two Timestamps", security("x", timestamp(id="x"), first=True), INVALID, INVALID,
        "wsu:Timestamp står flere gange"),
    Attack("A4", "two Signatures",
        tamper(lambda t: t.replace("</o:Security>", signature_in(t) + "</o:Security>")),
        INVALID, INVALID, "ds:Signature står flere gange"),
    Attack("A4", "two certificates", security("x", lambda s: bst(s.other.b64, "x"), first=True), INVALID, None,
        "wsse:BinarySecurityToken står flere gange"),
    Attack("A4", "two Headers", tamper(replaced("<s:Header>", "<s:Header/><s:Header>")), 103, INVALID),
    # A5: security headers
    Attack("A5", "two Security headers", header("x", f'<o:Security xmlns:o="{WSSE}"/>', first=True), 103, INVALID,
        None, "wsse:Security står flere gange"),
    Attack("A5", "Security for another",
        fields(security_attributes=' s:role="http://www.w3.org/2003/05/soap-envelope/role/next"'), 103, INVALID),
    Attack("A5", "Security for a role of its own", fields(security_attributes=' s:role="urn:en-anden"'), 103, INVALID),
    Attack("A5", "no Security", tamper(substituted(r"<o:Security .*</o:Security>", "")), INVALID, INVALID,
        "wsse:Security mangler", "WSP-02"),
    # A6: signatures that sign nothing
    Attack("A6", "the signature removed",
        tamper(lambda t: t.replace(signature_in(t), "")),
        INVALID, INVALID, "ds:Signature mangler"),
    Attack("A6", "no references", fields(references=[]), FAILED, FAILED, "ingen referencer"),
    Attack("A6", "a reference to the whole document", lambda s: s.draft.references.append(Ref("")), FAILED, FAILED,
        "hele dokumentet"),
    Attack("A6", "a reference by XPointer", lambda s: s.draft.references.append(Ref("#xpointer(/)", instead="/*")),
        FAILED, FAILED, "er ikke et id"),
    Attack("A6", "a reference to a file",
        lambda s: s.draft.references.append(Ref("file:///etc/hostname", instead="/*")), FAILED, FAILED,
        "er ikke et id"),
    Attack("A6", "a reference to nothing", lambda s: s.draft.references.append(Ref("#findes-ikke", instead="/*")),
        FAILED, FAILED, "intet element har id"),
    *(Attack("A6", f"not covered: {id}", uncovered(id), FAILED, FAILED, "ikke dækket")
        for id in ("body", "sec-ts", "action", "msgid", "to")),
    Attack("A6", "not covered: framework", uncovered("lib"), None, FAILED, because_wsp="sbf:Framework er ikke dækket"),
    Attack("A6", "not covered: ReplyTo", uncovered("replyto"), None, FAILED, because_wsp="wsa:ReplyTo er ikke dækket"),
    Attack("A6", "not covered: FaultTo", header("x", reply_to(None).replace("ReplyTo", "FaultTo")), FAILED, FAILED,
        "wsa:FaultTo er ikke dækket"),
    Attack("A6", "not covered: From", header("x", reply_to(None).replace("ReplyTo", "From")), FAILED, FAILED,
        "wsa:From er ikke dækket"),
    Attack("A6", "not covered: RelatesTo", header("x", wsa("RelatesTo", "urn:x")), FAILED, FAILED,
        "wsa:RelatesTo er ikke dækket"),
    Attack("A6", "the token not covered", lambda s: s.draft.references.pop(), None, FAILED,
        because_wsp="tokenet er ikke dækket"),
    Attack("A6", "ReplyTo elsewhere",
        both(lambda s: s.draft.headers.pop("ReplyTo", None),
             header("ReplyTo", reply_to("replyto", "https://ond.example/")),
             lambda s: s.draft.references.append(Ref("#replyto")) if s.where == "STS" else None),
        INVALID, INVALID, "wsa:ReplyTo er forkert"),
    # A7: other keys
    Attack("A7", "signed by another registered system", signed_by("other"), FAILED, FAILED, "STS-01", "WSP-10"),
    Attack("A7", "the attacker's certificate in KeyInfo",
        both(signed_by("stranger"), key_info(x509_data("stranger"))), FAILED, FAILED, "STS-01", "WSP-10"),
    Attack("A7", "the attacker's certificate in KeyInfo, signed rightly", key_info(x509_data("stranger")), INVALID,
        INVALID, "KeyInfo"),
    Attack("A7", "the attacker's bare key in KeyInfo", both(signed_by("stranger"), key_info(key_value)), FAILED,
        FAILED),
    Attack("A7", "KeyInfo by RetrievalMethod",
        key_info('<d:RetrievalMethod xmlns:d="http://www.w3.org/2000/09/xmldsig#" URI="http://127.0.0.1:9/noegle"/>'),
        INVALID, INVALID, "KeyInfo"),
    Attack("A7", "KeyInfo pointing out of the message",
        key_info(str_direct().replace("#sec-binsectoken", "http://127.0.0.1:9/noegle")),
        INVALID, INVALID, "KeyInfo"),
    Attack("A7", "KeyInfo pointing at another part", key_info(str_direct("body")), INVALID, INVALID, "KeyInfo"),
    Attack("A7", "no KeyInfo", key_info(""), INVALID, INVALID, "KeyInfo"),
    Attack("A7", "the attacker's own certificate all the way",
        lambda s: (s.draft.security.__setitem__("BST", bst(s.stranger.b64)), setattr(s.draft, "signer", s.stranger)),
        5607, None, "STS-5607"),
    Attack("A7", "an assertion of the attacker's own",
        with_token(lambda s: fake_assertion(s, **{s.identity.b64: s.stranger.b64})), None, TOKEN,
        because_wsp="ikke er STS"),
    Attack("A7", "an assertion of the attacker's own for the right key",
        with_token(lambda s: fake_assertion(s), "identity"), None, TOKEN, because_wsp="WSP-12"),
    # A8, A9: algorithms
    Attack("A8", "HMAC-SHA1 by the public key", fields(method=HMAC_SHA1), FAILED, FAILED,
        "signaturalgoritme|Signaturalgoritme|hmac"),
    Attack("A8", "HMAC-SHA256 by the public key", fields(method=HMAC_SHA256), FAILED, FAILED, "hmac"),
    Attack("A8", "HMAC of one bit",
        fields(method=HMAC_SHA1, method_content=f'<HMACOutputLength xmlns="{DS}">1</HMACOutputLength>'), FAILED,
        FAILED, "hmac"),
    Attack("A8", "an unknown method", fields(method="urn:none"), FAILED, FAILED, "urn:none"),
    Attack("A9", "rsa-sha1", fields(method=RSA_SHA1), FAILED, FAILED, "rsa-sha1"),
    Attack("A9", "digests by sha1", every_reference(digest=SHA1), FAILED, FAILED, "sha1"),
    Attack("A9", "one digest by md5", body_reference(digest=MD5), FAILED, FAILED, "md5"),
    Attack("A9", "inclusive canonicalization of a part", body_reference(transform=INCLUSIVE), FAILED, FAILED, "c14n"),
    Attack("A9", "inclusive canonicalization of SignedInfo", fields(c14n=INCLUSIVE), FAILED, FAILED, "c14n"),
    Attack("A9", "canonicalization with comments of a part", body_reference(transform=WITH_COMMENTS), FAILED, FAILED,
        "WithComments"),
    Attack("A9", "canonicalization with comments of SignedInfo", fields(c14n=WITH_COMMENTS), FAILED, FAILED,
        "WithComments"),
    Attack("A9", "XSLT", body_reference(transforms=XSLT + long_transforms(EXCLUSIVE)), FAILED, FAILED, "xslt"),
    Attack("A9", "XPath", body_reference(transforms=XPATH + long_transforms(EXCLUSIVE)), FAILED, FAILED, "xpath"),
    Attack("A9", "XPath filter 2", body_reference(transforms=XPATH2 + long_transforms(EXCLUSIVE)), FAILED, FAILED,
        "filter2"),
    Attack("A9", "base64", body_reference(transforms=long_transforms(f"{DS}base64", EXCLUSIVE)), FAILED, FAILED,
        "base64"),
    Attack("A9", "no transforms", body_reference(transforms=""), FAILED, FAILED, "STS-01", "WSP-10"),
    Attack("A9", "three transforms", body_reference(transforms=long_transforms(EXCLUSIVE, EXCLUSIVE, EXCLUSIVE)),
        FAILED, FAILED, "STS-01", "WSP-10"),
    Attack("A9", "seventeen references", lambda s: s.draft.references.extend([Ref("#body")] * 17), FAILED, FAILED,
        "referencer"),
    Attack("A9", "twenty-one prefixes", body_reference(prefixes=" ".join(f"p{n}" for n in range(21))), FAILED, FAILED,
        "STS-01", "WSP-10"),
    # A10: the XML itself
    Attack("A10", "a doctype", with_doctype(""), INTAKE, INTAKE),
    Attack("A10", "an external entity", with_doctype('<!ENTITY f SYSTEM "file:///etc/hostname">', "&f;"), INTAKE,
        INTAKE),
    Attack("A10", "a parameter entity", with_doctype('<!ENTITY % f SYSTEM "http://127.0.0.1:9/x"> %f;'), INTAKE,
        INTAKE),
    Attack("A10", "a billion laughs", with_doctype(BOMB, "&e9;"), INTAKE, INTAKE),
    Attack("A10", "quadratic blow-up", with_doctype(f'<!ENTITY a "{"a" * 50_000}">', "&a;" * 1_000), INTAKE, INTAKE),
    Attack("A10", "an entity nobody declared", tamper(replaced("</s:Body>", "&ukendt;</s:Body>")), INTAKE, INTAKE),
    Attack("A10", "a control character", tamper(replaced("</s:Body>", "&#1;</s:Body>")), INTAKE, INTAKE),
    # A11, A12
    Attack("A11", "a processing instruction in what is signed", tamper(replaced("</s:Body>", "<?x y?></s:Body>")),
        INVALID, INVALID, "instruction"),
    Attack("A11", "a processing instruction in the header", tamper(replaced("</s:Header>", "<?x y?></s:Header>")),
        INVALID, INVALID, "instruction"),
    # A15, A16, A17
    Attack("A15", "a token for another service", with_token(lambda s: s.foreign), None, TOKEN, because_wsp="Audience"),
    Attack("A16", "another system's token by one's own key", with_token(lambda s: s.others_token, "identity"), None,
        FAILED, because_wsp="WSP-10"),
    Attack("A16", "one's own token by another system's key", signed_by("other"), None, FAILED, because_wsp="WSP-10"),
    Attack("A17", "the confirmation made bearer", edited("cm:holder-of-key", "cm:bearer"), None, TOKEN,
        because_wsp="WSP-12"),
    Attack("A17", "a bearer confirmation added",
        edited("<SubjectConfirmation ",
               '<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/><SubjectConfirmation '),
        None, TOKEN, because_wsp="WSP-12"),
    Attack("A17", "the privileges of the token changed",
        edited('Privileges_intermediate"([^>]*)><AttributeValue>....', 'Privileges_intermediate"\\1><AttributeValue>AAAA'),
        None, TOKEN, because_wsp="WSP-12"),
    Attack("A17", "the authority of the token changed", edited(">11223344<", ">22334455<"), None, TOKEN,
        because_wsp="WSP-12"),
    Attack("A17", "the life of the token made longer", edited('NotOnOrAfter="2', 'NotOnOrAfter="3'), None, TOKEN,
        because_wsp="WSP-12"),
    Attack("A17", "the signature of the token removed", edited("<Signature .*?</Signature>", ""), None, TOKEN,
        because_wsp="netop én signatur"),
    Attack("A17", "the holder's certificate changed",
        both(assertion(lambda s, text: changed(text.replace(s.identity.b64, s.other.b64), text)),
             signed_by("other")),
        None, TOKEN, because_wsp="WSP-12"),
    # A29: clocks. The skew is five minutes, the longest life fifteen.
    Attack("A29", "six minutes in the future", time(360), EXPIRED, EXPIRED, "fremtiden"),
    Attack("A29", "just outside the skew in the future", time(330), EXPIRED, EXPIRED, "fremtiden"),
    Attack("A29", "expired six minutes ago", time(-660), EXPIRED, EXPIRED, "udløbet"),
    Attack("A29", "just outside the skew in the past", time(-605), EXPIRED, EXPIRED, "udløbet"),
    Attack("A29", "a life of sixteen minutes", time(0, 960), EXPIRED, EXPIRED, "Expires"),
    Attack("A29", "Expires before Created", time(60, 0), EXPIRED, EXPIRED, "Expires"),
    Attack("A29", "Created alone, eleven minutes ago", time(-660, ""), EXPIRED, EXPIRED, "udløbet"),
    Attack("A29", "the year 9999", time(0, FUTURE), EXPIRED, EXPIRED, "Expires"),
    Attack("A29", "no zone", lambda s: time(stamp(now())[:-1], stamp(now(minutes=5)))(s), INVALID, INVALID,
        "tidsstemplet"),
    Attack("A29", "24:00:00", time("2026-11-25T24:00:00Z", "2026-11-25T24:05:00Z"), INVALID, INVALID, "tidsstemplet"),
    Attack("A29", "a leap second", time("2026-12-31T23:59:60Z", "2027-01-01T00:04:00Z"), INVALID, INVALID,
        "tidsstemplet"),
    Attack("A29", "the thirtieth of February", time("2026-02-30T00:00:00Z", "2026-02-30T00:05:00Z"), INVALID, INVALID,
        "tidsstemplet"),
    Attack("A29", "no Created", time("", 300), INVALID, INVALID, "wsu:Created mangler"),
    Attack("A29", "no Timestamp", lambda s: (s.draft.security.pop("Timestamp"), uncovered("sec-ts")(s)), INVALID,
        INVALID, "wsu:Timestamp mangler"),
    # A45: the transport says something else
    Attack("A45", "another action in the content type",
        fields(content_type='application/soap+xml; charset=utf-8; action="urn:andet"'), INVALID, INVALID, "SOAPAction"),
    Attack("A45", "another SOAPAction", http(SOAPAction='"urn:andet"'), INVALID, INVALID, "SOAPAction"),
    Attack("A45", "another Action than the transport's",
        tamper(replaced('u:Id="action" s:mustUnderstand="1">', 'u:Id="action" s:mustUnderstand="1">urn:x')), 110,
        INVALID, "STS-110", "SOAPAction"),
    Attack("A45", "XOP in what is signed",
        in_body(lambda s: '<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:a"/>'),
        INVALID, INVALID, "XOP"),
    Attack("A45", "To with the path of another service",
        lambda s: s.draft.headers.__setitem__("To", wsa("To", "https://localhost/organisation/adresse/6", "to")),
        INVALID, "wsa:DestinationUnreachable", "wsa:To", "wsa:To"),
    Attack("A45", "To that is no address",
        lambda s: s.draft.headers.__setitem__("To", wsa("To", ANONYMOUS.replace("http://", ""), "to")), INVALID,
        INVALID, "wsa:To"),
    Attack("A45", "a header that insists on being understood",
        header("x", '<x:Ukendt xmlns:x="urn:x" s:mustUnderstand="1"/>'), "MustUnderstand", "MustUnderstand"),
    Attack("A45", "a MessageID that is no URI",
        lambda s: s.draft.headers.__setitem__("MessageID", wsa("MessageID", "ikke en uri", "msgid")), INVALID, INVALID),
    Attack("A45", "no MessageID", lambda s: (s.draft.headers.pop("MessageID"), uncovered("msgid")(s)), INVALID,
        INVALID),
]
# fmt: on
