"""On behalf of another: normal, by the other's token; and proxy, by the other's certificate."""

import base64
import hashlib
import re
from uuid import uuid4

import pytest

import verify
from calls import call
from sts_client import Token
from test_rest import ask, claims_of, issue, parameters
from test_sts import check_answer, check_assertion
from wire import bst, now, resigned, self_signed, stamp

REFUSED = 5050


@pytest.fixture(scope="module")
def ksd_token(sts, ksd) -> Token:
    return sts.issue(ksd)


# Proxy ---------------------------------------------------------------------------------------------------------------


def proxy(represented, certificate=None) -> str:
    return bst(certificate or represented.b64, None)


def test_sapa_acts_as_ksd_for_korsbaek(demo, sts, wsp, sapa, ksd, schemas):
    draft = sts.draft(sapa, obo=proxy(ksd))
    text, _ = check_answer(demo, draft, sts.send(draft))
    groups = check_assertion(demo, text, sapa, schemas, demo.organisation, demo.cvr["korsbaek"], party=ksd)
    own, _ = check_answer(demo, (d := sts.draft(ksd)), sts.send(d))
    assert groups == check_assertion(
        demo, own, ksd, schemas, demo.organisation, demo.cvr["korsbaek"]
    ), "the privileges are those of the represented system"
    token = Token(sapa, text)
    assert wsp.call(token, call("Bruger", "soeg")).kode == 20
    uuid = str(uuid4())
    assert wsp.call(token, call("Bruger", "importer", uuid)).kode == 41


def test_the_represented_system_cannot_use_the_token_itself(sts, wsp, sapa, ksd):
    token = sts.issue(sapa, obo=proxy(ksd))
    what = call("Bruger", "soeg")
    assert wsp.send(wsp.draft(Token(ksd, token.text), what), what.path).fault.subcode == "wsse:FailedCheck"


def test_proxy_as_json(demo, sapa, ksd, schemas):
    answer = issue(demo, sapa, obo=ksd.b64)
    assert answer.status == 200, answer.text
    text = base64.b64decode(answer.json["RequestedSecurityToken"]["Assertion"]).decode()
    verify.assertion(text, demo.pem("sts"))
    check_assertion(demo, text, sapa, schemas, demo.organisation, demo.cvr["korsbaek"], party=ksd)


def test_proxy_as_jwt(demo, sapa, ksd):
    thumbprint = hashlib.sha1(ksd.der).hexdigest()
    answer = ask(demo, sapa, parameters(demo, onbehalfof=thumbprint))
    assert answer.status == 200, answer.text
    claims = claims_of(demo, answer.json["access_token"])
    alone = claims_of(demo, ask(demo, ksd).json["access_token"])
    assert claims["sub"] == alone["sub"] and claims["act"]["sub"] != claims["sub"]
    assert claims["priv"] == alone["priv"]


REFUSED_PROXY = {
    # name: (who asks, for whom, the authority)
    "without permission": ("ksd", "sapa", "korsbaek"),
    "without permission, a stronger system": ("ksd", "ky", "korsbaek"),
    "for another system than the permission names": ("sapa", "ky", "korsbaek"),
    "for another authority than the permission names": ("sapa", "ksd", "nabokoebing"),
}


@pytest.mark.parametrize("name", REFUSED_PROXY)
def test_proxy_is_refused(demo, sts, name, explain_if):
    """A32."""
    caller, represented, authority = REFUSED_PROXY[name]
    draft = sts.draft(demo.systems[caller], obo=proxy(demo.systems[represented]), cvr=demo.cvr[authority])
    answer = sts.send(draft)
    assert answer.fault.event == REFUSED and "Assertion" not in answer.text
    explain_if(draft.message_id, "OBO-03")
    assert issue(demo, demo.systems[caller], obo=demo.systems[represented].b64, cvr=demo.cvr[authority]).status == 400


@pytest.mark.parametrize("certificate", ["", "AAAA", "a stranger's"])
def test_proxy_by_a_certificate_nobody_knows(sts, sapa, certificate):
    text = self_signed().b64 if certificate == "a stranger's" else certificate
    assert sts.send(sts.draft(sapa, obo=bst(text, None))).fault.event == REFUSED


# Normal --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("caller", ["ky", "ksd", "sapa"])
def test_without_permission_no_token_helps(demo, sts, ksd_token, caller):
    """A32: nobody in the demo has CanImpersonate. What follows from having it is in test_prepared.py."""
    assert sts.send(sts.draft(demo.systems[caller], obo=ksd_token.text)).fault.event == REFUSED


OBO_TEXTS = {
    "nothing": lambda t, k: "",
    "words": lambda t, k: "<x xmlns='urn:x'/>",
    "two tokens": lambda t, k: t.text + bst(t.identity.b64, None),
    "a changed token": lambda t, k: t.text.replace(">11223344<", ">22334455<"),
    "a token without a signature": lambda t, k: t.text[: t.text.index("<Signature")]
    + t.text[t.text.index("</Signature>") + 12 :],
    "a token of another issuer": lambda t, k: resigned(t.text, self_signed()),
    "an expired token": lambda t, k: k
    and resigned(re.sub(r'NotOnOrAfter="[^"]*"', f'NotOnOrAfter="{stamp(now(minutes=-10))}"', t.text), k),
    "a token of the same key and another issuer's name": lambda t, k: k
    and resigned(re.sub(r"(<Issuer[^>]*>)[^<]*", r"\1https://ond.example/runtime", t.text), k),
    "a token for another service": lambda t, k: k
    and resigned(t.text.replace("service/organisation/3", "service/andet/1"), k),
}


@pytest.mark.parametrize("name", OBO_TEXTS)
def test_a_token_that_proves_nothing(demo, sts, sapa, ksd_token, name):
    """A32."""
    content = OBO_TEXTS[name](ksd_token, demo.own_key("sts"))
    if content is None:
        pytest.skip("the keys of the server are not laid open")
    answer = sts.send(sts.draft(sapa, obo=content))
    assert answer.fault.event == REFUSED, answer.fault
