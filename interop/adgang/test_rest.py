"""JWTs and JSON: three ways of asking, verified by authlib with the published keys, used over mutual TLS; and attacks."""

import base64
import hashlib
import json
import time
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
from authlib.jose import JsonWebKey, JsonWebToken
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

import verify
from calls import call
from sts_client import Token
from test_attacks import exists
from test_sts import check_assertion
from wire import b64, hmac_of, parsed, self_signed

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
SOAP = {"Content-Type": "application/soap+xml; charset=utf-8"}


def parameters(demo, service=None, cvr=None, **more) -> dict[str, str]:
    service, cvr = service or demo.organisation, cvr or demo.cvr["korsbaek"]
    scope = f"entityid:{service},anvenderkontekst:{cvr}" + "".join(f",{k}:{v}" for k, v in more.items())
    return {"grant_type": "client_credentials", "client_id": service, "scope": scope}


def form(values: dict[str, str]) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())


def ask(demo, identity, values=None, how="form", **headers):
    values = parameters(demo) if values is None else values
    url = demo.json["oauth"]
    match how:
        case "form":
            return demo.post(url, form(values), FORM | headers, identity)
        case "query":
            return demo.post(f"{url}?{form(values)}", "", headers, identity)
        case "json":
            return demo.post(url, json.dumps(values), JSON | headers, identity)
        case "both":
            return demo.post(f"{url}?{form(values)}", form(values), FORM | headers, identity)
        case "different":
            return demo.post(f"{url}?{form(values)}", form(values | {"client_id": "anden"}), FORM | headers, identity)
    raise ValueError(how)


@pytest.fixture(scope="module")
def jwt(demo, ky) -> str:
    return ask(demo, ky).json["access_token"]


def claims_of(demo, token: str) -> dict:
    """By authlib, with the published keys and nothing else."""
    keys = JsonWebKey.import_key_set(demo.get(demo.sts["certs"]).json)
    options = {
        "iss": {"essential": True, "value": demo.json["jwt_issuer"]},
        "exp": {"essential": True},
        "aud": {"essential": True, "value": demo.organisation},
    }
    claims = JsonWebToken(["RS256", "PS256"]).decode(token, keys, claims_options=options)
    claims.validate()
    return dict(claims)


def header_of(token: str) -> dict:
    return json.loads(unb64url(token.split(".")[0]))


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# Getting one ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["form", "query", "json", "both"])
def test_a_jwt_is_issued_however_it_is_asked_for(demo, ky, schemas, how):
    answer = ask(demo, ky, how=how)
    assert answer.status == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json
    assert body["token_type"] == "Holder-of-key" and float(body["expires_in"]) == 3600
    claims = claims_of(demo, body["access_token"])
    assert claims["cvr"] == demo.cvr["korsbaek"] and claims["spec_ver"] == "1.0"
    assert claims["cnf"] == {"x5t#S256": b64url(hashlib.sha256(ky.der).digest())}
    assert claims["exp"] - claims["iat"] == 3600 and claims["nbf"] == claims["iat"] and claims["jti"]
    assert abs(claims["iat"] - time.time()) < 60
    assert verify.bpp(claims["priv"], schemas)
    header = header_of(body["access_token"])
    assert header["typ"] == "JWT" and header["alg"] == "RS256" and {"kid", "x5t"} <= set(header)


@pytest.mark.parametrize(
    "change,status,error",
    [
        ({"client_id": ""}, 400, "invalid_request"),
        ({"scope": ""}, 400, "invalid_request"),
        ({"scope": "entityid:x"}, 400, "invalid_request"),
        ({"scope": "entityid:x,anvenderkontekst:11223344,ukendt:y"}, 400, "invalid_scope"),
        ({"scope": "entityid:x,entityid:y,anvenderkontekst:11223344"}, 400, "invalid_scope"),
        ({"scope": "entityid:http://findes.ikke/1,anvenderkontekst:11223344"}, 400, "invalid_scope"),
        ({"scope": "entityid:x,anvenderkontekst:1122334"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
    ],
    ids=lambda v: str(v)[:60],
)
def test_what_is_not_issued(demo, ky, change, status, error):
    answer = ask(demo, ky, parameters(demo) | change)
    assert (answer.status, answer.json["error"]) == (status, error), answer.text


def test_a_parameter_given_twice_must_agree(demo, ky):
    answer = ask(demo, ky, how="different")
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_without_an_agreement_there_is_none(demo, ksd):
    answer = ask(demo, ksd, parameters(demo, cvr=demo.cvr["nabokoebing"]))
    assert (answer.status, answer.json["error"]) == (400, "unauthorized_client")


def test_without_a_certificate_there_is_none(demo):
    answer = ask(demo, None)
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")
    assert "access_token" not in answer.text


def test_an_unregistered_certificate_gets_none(demo, tmp_path):
    answer = ask(demo, on_disk(self_signed(), tmp_path))
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


def on_disk(identity, folder):
    """The same with files, as TLS wants it."""
    files = folder / f"{identity.name}.pem", folder / f"{identity.name}.key"
    files[0].write_bytes(identity.certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        identity.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return type(identity)(identity.name, identity.certificate, identity.key, tuple(map(str, files)))


# Using one -----------------------------------------------------------------------------------------------------------


def use(demo, token, identity, uuid=None, scheme="Bearer", operation="importer", service="Bruger", **headers):
    """A plain call with a JWT."""
    what = call(service, operation, uuid or str(uuid4()))
    content = f'<s:Envelope xmlns:s="{what.soap}"><s:Body>{what.body}</s:Body></s:Envelope>'
    auth = {"Authorization": f"{scheme} {token}"} if token is not None else {}
    return demo.post(demo.mtls + what.path, content, SOAP | auth | headers, identity)


@pytest.mark.parametrize("scheme", ["Bearer", "Holder-of-key", "bearer", "HOLDER-OF-KEY"])
def test_a_jwt_is_taken_in_either_scheme(demo, wsp, token, ky, jwt, scheme):
    uuid = str(uuid4())
    answer = use(demo, jwt, ky, uuid, scheme)
    assert answer.kode == 20
    assert exists(wsp, token, uuid)


def refused_jwt(demo, answer) -> None:
    assert answer.status == 401, f"HTTP {answer.status}: {answer.text[:400]}"
    assert answer.fault.reason == "The security token could not be validated"


def test_a_refused_jwt_is_told_as_http_tells_it(demo, ky):
    answer = use(demo, "ikke.et.token", ky)
    assert answer.status == 401
    assert 'error="invalid_token"' in answer.headers.get("WWW-Authenticate", "")


@pytest.mark.parametrize("who", ["ksd", "nobody", "a stranger"])
def test_a_jwt_is_bound_to_its_certificate(demo, wsp, token, jwt, tmp_path, who):
    """A16."""
    identity = {"nobody": None}.get(who) or (on_disk(self_signed(), tmp_path) if who == "a stranger" else None)
    identity = demo.systems[who] if who == "ksd" else identity
    uuid = str(uuid4())
    refused_jwt(demo, use(demo, jwt, identity, uuid))
    assert not exists(wsp, token, uuid)


def test_a_jwt_for_another_service_is_refused(demo, wsp, token, ky):
    """A15."""
    other = ask(demo, ky, parameters(demo, service=demo.klassifikation)).json["access_token"]
    uuid = str(uuid4())
    refused_jwt(demo, use(demo, other, ky, uuid))
    assert not exists(wsp, token, uuid)


def test_a_system_that_may_only_read_cannot_write_by_jwt(demo, wsp, token, ksd):
    uuid = str(uuid4())
    own = ask(demo, ksd).json["access_token"]
    assert use(demo, own, ksd, uuid).kode == 41
    assert not exists(wsp, token, uuid)


# A18: what is no JWT of ours -----------------------------------------------------------------------------------------


def part(value) -> str:
    return b64url(value if isinstance(value, bytes) else json.dumps(value).encode())


def by(key, header, claims) -> str:
    data = f"{part(header)}.{part(claims)}"
    return f"{data}.{b64url(key.sign(data.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def by_hmac(secret: bytes, header, claims) -> str:
    data = f"{part(header)}.{part(claims)}"
    return f"{data}.{b64url(hmac_of(secret, data.encode(), 'sha256'))}"


def public_forms(jwks: dict) -> list[bytes]:
    """What a careless verifier might take for a secret."""
    certificate, *_ = jwks["keys"][0]["x5c"]
    der = base64.b64decode(certificate)
    key = x509.load_der_x509_certificate(der).public_key()
    forms = [
        (e, f)
        for e in (serialization.Encoding.PEM, serialization.Encoding.DER)
        for f in (serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1)
    ]
    return [der, certificate.encode(), *(key.public_bytes(e, f) for e, f in forms)]


def without_trust(demo, jwt: str) -> dict[str, str]:
    """Tokens made by somebody who has seen one, and has no key."""
    header, claims = header_of(jwt), json.loads(unb64url(jwt.split(".")[1]))
    head, body, signature = jwt.split(".")
    stranger = self_signed()
    jwks = demo.get(demo.sts["certs"]).json
    numbers = stranger.key.public_key().public_numbers()
    own = {"kty": "RSA", "n": b64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")), "e": "AQAB"}
    x5c = [b64(stranger.der)]
    tokens = {f"alg {alg}": f"{part(header | {'alg': alg})}.{body}." for alg in ("none", "None", "nOnE", "NONE", "")}
    tokens |= {
        f"alg none with the old signature {n}": f"{part(header | {'alg': 'none'})}.{body}.{signature}" for n in (1,)
    }
    tokens |= {
        f"HS256 by the public key, form {n}": by_hmac(secret, header | {"alg": "HS256"}, claims)
        for n, secret in enumerate(public_forms(jwks))
    }
    tokens |= {
        "the key of a stranger": by(stranger.key, header, claims),
        "jwk": by(stranger.key, header | {"jwk": own}, claims),
        "jku": by(stranger.key, header | {"jku": "http://127.0.0.1:9/jwks"}, claims),
        "x5u": by(stranger.key, header | {"x5u": "http://127.0.0.1:9/cert"}, claims),
        "x5c": by(stranger.key, header | {"x5c": x5c}, claims),
        "kid with a path": by(stranger.key, header | {"kid": "../../../../dev/null"}, claims),
        "kid with SQL": by(stranger.key, header | {"kid": "' OR 1=1 --"}, claims),
        "kid of another type": by(stranger.key, header | {"kid": {"a": 1}}, claims),
        "no kid": by(stranger.key, {k: v for k, v in header.items() if k != "kid"}, claims),
        "other claims under the old signature": f"{head}.{part(claims | {'cvr': '22334455'})}.{signature}",
        "no signature": f"{head}.{body}.",
        "two parts": f"{head}.{body}",
        "five parts": f"{head}.{body}.{signature}.{signature}.{signature}",
        "padding": f"{head}=.{body}.{signature}",
        "no JSON": f"{part(b'x')}.{body}.{signature}",
        "nothing": "",
        "words": "ikke et token",
        "half a mebibyte": f"{head}.{'A' * 16_000}.{signature}",
    }
    return tokens


NAMES = [
    "alg none",
    "alg None",
    "alg nOnE",
    "alg NONE",
    "alg ",
    "alg none with the old signature 1",
    *(f"HS256 by the public key, form {n}" for n in range(6)),
    "the key of a stranger",
    "jwk",
    "jku",
    "x5u",
    "x5c",
    "kid with a path",
    "kid with SQL",
    "kid of another type",
    "no kid",
    "other claims under the old signature",
    "no signature",
    "two parts",
    "five parts",
    "padding",
    "no JSON",
    "words",
    "half a mebibyte",
]


@pytest.fixture(scope="module")
def untrusted(demo, jwt):
    return without_trust(demo, jwt)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_not_signed_by_the_token_service_is_refused(demo, wsp, token, ky, untrusted, name):
    uuid = str(uuid4())
    refused_jwt(demo, use(demo, untrusted[name], ky, uuid))
    assert not exists(wsp, token, uuid)


#: Headers and claims that are refused though the signature is the token service's own.
TRUSTED = {
    "crit": ({"crit": ["urn:x"]}, {}),
    "crit b64": ({"crit": ["b64"], "b64": False}, {}),
    "jku": ({"jku": "http://127.0.0.1:9/jwks"}, {}),
    "x5u": ({"x5u": "http://127.0.0.1:9/c"}, {}),
    "jwk": ({"jwk": {"kty": "RSA"}}, {}),
    "zip": ({"zip": "DEF"}, {}),
    "another typ": ({"typ": "id+jwt"}, {}),
    "another issuer": ({}, {"iss": "https://ond.example/runtime/"}),
    "an issuer without the slash": ({}, {"iss": lambda v: v.rstrip("/")}),
    "no audience": ({}, {"aud": None}),
    "another audience": ({}, {"aud": "urn:andet"}),
    "an audience with a slash at the end": ({}, {"aud": lambda v: v + "/"}),
    "expired two minutes ago": ({}, {"exp": lambda v: int(time.time()) - 120}),
    "valid in two minutes": ({}, {"nbf": lambda v: int(time.time()) + 120}),
    "no end": ({}, {"exp": None}),
    "an end in words": ({}, {"exp": "i morgen"}),
    "no cnf": ({}, {"cnf": None}),
    "another cnf": ({}, {"cnf": {"x5t#S256": b64url(bytes(32))}}),
    "an empty cnf": ({}, {"cnf": {}}),
    "a cnf by jkt": ({}, {"cnf": {"jkt": b64url(bytes(32))}}),
    "no authority": ({}, {"cvr": None}),
    "an authority of seven digits": ({}, {"cvr": "1122334"}),
    "an authority as a number": ({}, {"cvr": 11223344}),
    "privileges that are no base64": ({}, {"priv": "%%%"}),
}


@pytest.fixture(scope="module")
def jwt_key(demo):
    key = demo.own_key("jwt")
    if key is None:
        pytest.skip("the keys of the server are not laid open")
    return key.key


def with_changes(old: dict, changes: dict) -> dict:
    new = dict(old)
    for name, value in changes.items():
        if value is None:
            new.pop(name, None)
        else:
            new[name] = value(old[name]) if callable(value) else value
    return new


def test_a_jwt_by_the_right_key_is_believed(demo, ky, jwt, jwt_key):
    forged = by(jwt_key, header_of(jwt), json.loads(unb64url(jwt.split(".")[1])))
    assert use(demo, forged, ky).kode == 20


@pytest.mark.parametrize("name", TRUSTED)
def test_what_a_jwt_may_not_say(demo, wsp, token, ky, jwt, jwt_key, name):
    header, claims = TRUSTED[name]
    forged = by(
        jwt_key, with_changes(header_of(jwt), header), with_changes(json.loads(unb64url(jwt.split(".")[1])), claims)
    )
    uuid = str(uuid4())
    refused_jwt(demo, use(demo, forged, ky, uuid))
    assert not exists(wsp, token, uuid)


@pytest.mark.parametrize("name", ["cvr", "aud", "cnf"])
def test_a_claim_that_stands_twice(demo, wsp, token, ky, jwt, jwt_key, name):
    claims = unb64url(jwt.split(".")[1]).decode()
    value = json.dumps(json.loads(claims)[name])
    twice = claims[:-1] + f',"{name}":{value}}}'
    uuid = str(uuid4())
    refused_jwt(demo, use(demo, by(jwt_key, header_of(jwt), twice.encode()), ky, uuid))
    assert not exists(wsp, token, uuid)


# OIO-IDWS-REST: an assertion for a JWT -------------------------------------------------------------------------------


def exchange(demo, assertion: str, identity):
    content = f"saml-token={quote(b64(assertion.encode()), safe='')}"
    return demo.post(f"{demo.mtls}/token", content, FORM, identity)


def test_an_assertion_is_exchanged(demo, ky, token):
    answer = exchange(demo, token.text, ky)
    assert answer.status == 200, answer.text
    body = answer.json
    assert body["token_type"] in ("Holder-of-key", "Bearer") and 0 < body["expires_in"] < 3600
    assert use(demo, body["access_token"], ky).kode == 20


@pytest.mark.parametrize("name", ["another certificate", "no certificate", "an assertion that was changed", "words"])
def test_what_is_not_exchanged(demo, ky, ksd, token, name):
    changed = token.text.replace(">11223344<", ">22334455<")
    assertion, identity = {
        "another certificate": (token.text, ksd),
        "no certificate": (token.text, None),
        "an assertion that was changed": (changed, ky),
        "words": ("ikke en assertion", ky),
    }[name]
    answer = exchange(demo, assertion, identity)
    assert answer.status == 401 and "access_token" not in answer.text
    assert "WWW-Authenticate" in answer.headers


# WS-Trust as JSON ----------------------------------------------------------------------------------------------------


def issue(demo, identity, use_key=None, obo=None, service=None, cvr=None, extra=None, **headers):
    wst = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
    body = (
        {
            "TokenType": "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0",
            "RequestType": f"{wst}/Issue",
            "KeyType": f"{wst}/PublicKey",
            "AppliesTo": {"EndpointReference": {"Address": service or demo.organisation}},
            "Anvenderkontekst": {"Cvr": cvr or demo.cvr["korsbaek"]},
            "UseKey": use_key or (identity and identity.b64) or "",
        }
        | ({"OnBehalfOf": obo} if obo else {})
        | (extra or {})
    )
    return demo.post(f"{demo.mtls}/runtime/api/rest/wstrust/v1/issue", json.dumps(body), JSON | headers, identity)


def test_an_assertion_as_json(demo, wsp, ky, schemas):
    answer = issue(demo, ky)
    assert answer.status == 200, answer.text
    text = base64.b64decode(answer.json["RequestedSecurityToken"]["Assertion"]).decode()
    verify.assertion(text, demo.pem("sts"))
    check_assertion(demo, text, ky, schemas, demo.organisation, demo.cvr["korsbaek"])
    conditions = parsed(text).find("{*}Conditions")
    assert answer.json["Lifetime"] == conditions.get("NotOnOrAfter")
    assert wsp.call(Token(ky, text), call("Bruger", "soeg")).kode == 20


def test_the_microsoft_names_are_understood(demo, ky):
    extra = {
        "RequestType": "http://schemas.microsoft.com/idfx/requesttype/issue",
        "KeyType": "http://schemas.microsoft.com/idfx/keytype/asymmetric",
    }
    assert issue(demo, ky, extra=extra).status == 200


@pytest.mark.parametrize(
    "name,status",
    [
        ("no certificate", 401),
        ("another UseKey", 400),
        ("no UseKey", 400),
        ("no authority", 400),
        ("no service", 400),
        ("an unknown service", 400),
        ("no agreement", 400),
        ("bearer", 400),
        ("no JSON", 400),
    ],
)
def test_what_is_not_issued_as_json(demo, ky, ksd, name, status):
    ways = {
        "no certificate": lambda: issue(demo, None, use_key=ky.b64),
        "another UseKey": lambda: issue(demo, ky, use_key=ksd.b64),
        "no UseKey": lambda: issue(demo, ky, extra={"UseKey": ""}),
        "no authority": lambda: issue(demo, ky, extra={"Anvenderkontekst": None}),
        "no service": lambda: issue(demo, ky, extra={"AppliesTo": {}}),
        "an unknown service": lambda: issue(demo, ky, service="http://findes.ikke/1"),
        "no agreement": lambda: issue(demo, ksd, cvr=demo.cvr["nabokoebing"]),
        "bearer": lambda: issue(demo, ky, extra={"KeyType": "http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer"}),
        "no JSON": lambda: demo.post(f"{demo.mtls}/runtime/api/rest/wstrust/v1/issue", "{", JSON, ky),
    }
    answer = ways[name]()
    assert answer.status == status, answer.text
    assert isinstance(answer.json["code"], int) and answer.json["message"] and "Assertion" not in answer.text


def test_the_log_finds_a_refusal_by_its_transaction(demo, ksd, explain):
    transaction = str(uuid4())
    assert issue(demo, ksd, cvr=demo.cvr["nabokoebing"], TransactionId=transaction).status == 400
    told = explain(transaction, expected=demo.cvr["nabokoebing"])
    assert "AFVIST" in told and "KSD" in told


# A39: headers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "X-Client-Cert",
        "X-SSL-Client-Cert",
        "X-Forwarded-Client-Cert",
        "SSL-Client-Cert",
        "X-ARR-ClientCert",
        "Client-Cert",
        "X-Forwarded-Tls-Client-Cert",
    ],
)
def test_a_certificate_in_a_header_is_nobody(demo, wsp, token, ky, jwt, name):
    pem = quote(ky.certificate.public_bytes(serialization.Encoding.PEM).decode())
    assert ask(demo, None, **{name: pem}).status == 401
    uuid = str(uuid4())
    refused_jwt(demo, use(demo, jwt, None, uuid, **{name: pem}))
    assert not exists(wsp, token, uuid)


@pytest.mark.parametrize(
    "value", ["a\r\nX-Indsat: ja", "a\nX-Indsat: ja", "<b>&amp;", "x" * 10_000, "æøå", "' OR 1=1 --", ""]
)
def test_a_transaction_id_cannot_add_headers(demo, ksd, value):
    """Sent on a bare connection, since no client would send it."""
    content = form(parameters(demo, cvr=demo.cvr["nabokoebing"]))
    parts = urlsplit(demo.json["oauth"])
    request = (
        f"POST {parts.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM['Content-Type']}\r\n"
        f"TransactionId: {value}\r\nConnection: close\r\nContent-Length: {len(content)}\r\n\r\n{content}"
    )
    with demo.socket(demo.json["oauth"], ksd) as connection:
        connection.sendall(request.encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    head = answer.split(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.1 4") and b"x-indsat" not in head
    assert b"access_token" not in answer
