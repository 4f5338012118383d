"""What the settings of an installation open for: a token that is only named, and the key type of a template in circulation.

On a server of the suite's own with both settings on: needs `FUNDAMENT_PROGRAM`. With them off, as they are by default,
the same messages are sent to the server under test and refused.
"""

import re
from uuid import uuid4

import pytest

from attacks import ATTACKS, Attack
from calls import call
from demo import missing
from own_server import Own
from server import Demo
from sts_client import WST, Sts, Token
from test_attacks import check_refused, exists, scene_of
from test_sts import check_assertion
from test_wsp import check_answer
from wire import STR_TRANSFORM, parsed, resigned, self_signed, str_saml
from wsp_client import Wsp

TOKEN, FAILED, INVALID = "wsse:InvalidSecurityToken", "wsse:FailedCheck", "wsse:InvalidSecurity"
ORGANISATION = "http://stoettesystemerne.dk/service/organisation/3"
#: As strict as the server under test, but for what is tested here.
SETTINGS = f"""kun_certifikat = []
tillidsankre = ["pki/ca.pem"]
token_uden_str = true
symmetrisk_noegletype = ["{ORGANISATION}"]
"""


class OpenWsp(Wsp):
    """Calls as os2mo-fkk does, unless told otherwise."""

    def draft(self, token, call, client="os2mo", transaction=None):
        return super().draft(token, call, client, transaction)


class Open:
    """The server with the settings on, and its clients."""

    def __init__(self, demo: Demo):
        self.demo, self.sts, self.wsp = demo, Sts(demo), OpenWsp(demo)
        self.ky, self.ksd = demo.systems["ky"], demo.systems["ksd"]
        self.token = self.sts.issue(self.ky)


@pytest.fixture(scope="module")
def open_server(tmp_path_factory) -> Open:
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)
    own = Own(tmp_path_factory.mktemp("open") / "data", SETTINGS)
    try:
        yield Open(own.start())
    finally:
        own.stop()


# Variant c: the token only named ------------------------------------------------------------------------------------


def test_a_token_that_only_is_named_is_taken_where_the_setting_says_so(open_server):
    s, uuid = open_server, str(uuid4())
    for operation, kode in (("laes", 44), ("importer", 20), ("laes", 20)):
        what = call("Bruger", operation, uuid)
        draft = s.wsp.draft(s.token, what)
        covering = [ref for ref in draft.references if ref.transform == STR_TRANSFORM or ref.uri == f"#{s.token.id}"]
        assert not covering, "the token is covered"
        check_answer(s.demo, draft, s.wsp.send(draft, what.path), kode)


@pytest.mark.parametrize("client", ["dotnet", "cxf"])
def test_a_token_that_is_covered_is_taken_as_before(open_server, client):
    s, what = open_server, call("Bruger", "soeg")
    draft = s.wsp.draft(s.token, what, client)
    check_answer(s.demo, draft, s.wsp.send(draft, what.path), 20)


def test_it_is_refused_where_it_does_not(wsp, token, explain_if):
    uuid = str(uuid4())
    what = call("Bruger", "importer", uuid)
    draft = wsp.draft(token, what, "os2mo")
    check_refused(wsp.send(draft, what.path), "WSP", FAILED)
    assert not exists(wsp, token, uuid)
    explain_if(draft.message_id, "WSP-15")


def unnamed(scene) -> None:
    """Nothing of the signature tells of the token any more."""
    before = len(scene.draft.references)
    scene.draft.references = [ref for ref in scene.draft.references if ref.uri != "#sec-str"]
    assert len(scene.draft.references) == before - 1


def named_elsewhere(scene) -> None:
    """What is signed names another token than the one that follows."""
    scene.draft.security["STR"] = str_saml(f"_{uuid4()}", "sec-str")


def reference_turned(scene) -> None:
    """What names the token is changed after it was signed."""
    old = scene.draft.security["STR"]
    scene.draft.tamper.append(lambda text: text.replace(old, old.replace(scene.token.id, f"_{uuid4()}")))


def key_info_turned(scene) -> None:
    scene.draft.key_info = str_saml(f"_{uuid4()}")


def token_put_in(which):
    """Another token instead of the one named, after all was signed."""

    def change(scene) -> None:
        old, new = scene.token.text, getattr(scene, which).text
        scene.draft.tamper.append(lambda text: text.replace(old, new.replace(parsed(new).get("ID"), scene.token.id)))

    return change


def another_token_as_it_is(which):
    """As `token_put_in`, with everything that names it changed along."""

    def change(scene) -> None:
        old, new = scene.token, getattr(scene, which)
        scene.draft.tamper.append(lambda text: text.replace(old.text, new.text).replace(old.id, new.id))

    return change


def two_tokens(scene) -> None:
    old = scene.token.text
    scene.draft.tamper.append(lambda text: text.replace(old, scene.foreign.text + old))


def edited(pattern: str, new: str):
    def change(scene) -> None:
        def tamper(text: str) -> str:
            token = scene.token.text
            other = re.sub(pattern, new, token, count=1, flags=re.S)
            assert other != token
            return text.replace(token, other)

        scene.draft.tamper.append(tamper)

    return change


def forged(scene) -> None:
    """A token of the attacker's own make and key, with the right id."""
    old = scene.token.text
    scene.draft.tamper.append(lambda text: text.replace(old, resigned(old, scene.stranger)))


def forged_for_the_attacker(scene) -> None:
    """The same, and the message signed by the key it now names."""
    text = resigned(scene.token.text.replace(scene.identity.b64, scene.stranger.b64), scene.stranger)
    scene.draft.security["Assertion"], scene.draft.signer = text, scene.stranger


def signed_by_another(scene) -> None:
    scene.draft.signer = scene.other


def body_turned(scene) -> None:
    old = scene.draft.body
    scene.draft.tamper.append(lambda text: text.replace(old, scene.evil))


def not_covered(uri: str):
    def change(scene) -> None:
        before = len(scene.draft.references)
        scene.draft.references = [ref for ref in scene.draft.references if ref.uri != uri]
        assert len(scene.draft.references) < before

    return change


#: The tampering that an uncovered token is open to, and what must come back.
TAMPERING = {
    "nothing names the token": (unnamed, FAILED),
    "another token is named": (named_elsewhere, FAILED),
    "the name is changed after": (reference_turned, FAILED),
    "KeyInfo names another token": (key_info_turned, INVALID),
    "a token for another service under its name": (token_put_in("foreign"), TOKEN),
    "another system's token under its name": (token_put_in("others_token"), TOKEN),
    "a token for another service": (another_token_as_it_is("foreign"), TOKEN),
    "another system's token": (another_token_as_it_is("others_token"), FAILED),
    "a second token": (two_tokens, INVALID),
    "the privileges changed": (
        edited('Privileges_intermediate"([^>]*)><AttributeValue>....', 'Privileges_intermediate"\\1><AttributeValue>AAAA'),
        TOKEN,
    ),
    "the authority changed": (edited(">11223344<", ">22334455<"), TOKEN),
    "the life made longer": (edited('NotOnOrAfter="2', 'NotOnOrAfter="3'), TOKEN),
    "the confirmation made bearer": (edited("cm:holder-of-key", "cm:bearer"), TOKEN),
    "the signature of the token removed": (edited("<Signature .*?</Signature>", ""), TOKEN),
    "a token of the attacker's own": (forged, TOKEN),
    "a token of the attacker's own for the attacker's key": (forged_for_the_attacker, TOKEN),
    "the message signed by another system": (signed_by_another, FAILED),
    "another body": (body_turned, FAILED),
    "the body not covered": (not_covered("#body"), FAILED),
    "the address not covered": (not_covered("#to"), FAILED),
    "the action not covered": (not_covered("#action"), FAILED),
    "the MessageID not covered": (not_covered("#msgid"), FAILED),
    "the timestamp not covered": (not_covered("#sec-ts"), FAILED),
}


@pytest.fixture(scope="module")
def shared(open_server):
    s = open_server
    return dict(
        other=s.ksd,
        stranger=self_signed(),
        foreign=s.sts.issue(s.ky, service=s.demo.klassifikation),
        others_token=s.sts.issue(s.ksd),
    )


def attacked(open_server, shared, change, expected) -> None:
    s = open_server
    scene, send, uuid = scene_of("WSP", s.demo, s.sts, s.wsp, s.token, **shared)
    change(scene)
    check_refused(send(scene.draft), "WSP", expected)
    assert not exists(s.wsp, s.token, uuid), "the tampered message was carried out"


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_is_refused_all_the_same(open_server, shared, name):
    change, expected = TAMPERING[name]
    attacked(open_server, shared, change, expected)


def of_the_rest(attack: Attack) -> bool:
    """The attacks of the table that do not need the token covered, or the framework header that os2mo-fkk leaves out."""
    return attack.wsp is not None and attack.name not in ("the token not covered", "not covered: framework")


@pytest.mark.parametrize("attack", [a for a in ATTACKS if of_the_rest(a)], ids=lambda a: f"{a.row} {a.name}")
def test_the_setting_opens_for_nothing_else(open_server, shared, attack):
    attacked(open_server, shared, attack.change, attack.wsp)


def test_the_same_message_twice(open_server):
    s, what = open_server, call("Bruger", "soeg")
    draft = s.wsp.draft(s.token, what)
    content = draft.signed()
    assert s.wsp.send(draft, what.path, content).kode == 20
    check_refused(s.wsp.send(draft, what.path, content), "WSP", FAILED)


# The key type of the template ---------------------------------------------------------------------------------------

SYMMETRIC = f"{WST}/Symmetric"
#: What no setting opens for: only what stands in the template is told to be an error in it.
OTHERS = [f"{WST}/SymmetricKey", f"{WST}/Bearer", f"{WST}/symmetric", f"{SYMMETRIC}/", "urn:symmetric", ""]


@pytest.mark.parametrize("client", ["dotnet", "cxf", "os2mo"])
def test_the_symmetric_key_of_the_template_gives_an_ordinary_token(open_server, schemas, client):
    s = open_server
    draft = s.sts.draft(s.ky, client, key_type=SYMMETRIC)
    answer = s.sts.send(draft)
    text = answer.assertion
    check_assertion(s.demo, text, s.ky, schemas, ORGANISATION, s.demo.cvr["korsbaek"])
    response = answer.body[0]
    assert {n.text for n in response.iter(f"{{{WST}}}KeyType")} <= {f"{WST}/PublicKey"}, "it tells of another key"
    for name in ("RequestedProofToken", "Entropy", "BinarySecret"):
        assert response.find(f".//{{{WST}}}{name}") is None, f"{name} was sent"
    assert s.wsp.call(Token(s.ky, text), call("Bruger", "soeg")).kode == 20


def test_the_other_key_type_is_taken_as_before(open_server, schemas):
    s = open_server
    token = s.sts.issue(s.ky)
    check_assertion(s.demo, token.text, s.ky, schemas, ORGANISATION, s.demo.cvr["korsbaek"])


@pytest.mark.parametrize("service", ["klassifikation", "organisation by its other name"])
def test_only_for_the_services_named(open_server, service):
    s = open_server
    name = {"klassifikation": s.demo.klassifikation}.get(service, "http://entityid.kombit.dk/service/organisation/7")
    assert s.sts.send(s.sts.draft(s.ky, service=name)).status == 200
    draft = s.sts.draft(s.ky, service=name, key_type=SYMMETRIC)
    assert s.sts.send(draft).fault.event == 110
    assert "KeyType" in s.demo.explain(draft.message_id, expected="KeyType")


@pytest.mark.parametrize("key_type", OTHERS)
def test_no_other_key_type(open_server, key_type):
    s = open_server
    assert s.sts.send(s.sts.draft(s.ky, key_type=key_type)).fault.event == 110


def test_it_does_not_give_a_token_to_another_key(open_server):
    s = open_server
    answer = s.sts.send(s.sts.draft(s.ky, key_type=SYMMETRIC, use_key_of=s.ksd))
    assert answer.status == 500 and "Assertion" not in answer.text


def test_it_does_not_make_up_for_what_is_not_signed(open_server):
    s = open_server
    draft = s.sts.draft(s.ky)
    draft.tamper.append(lambda text: text.replace(f"{WST}/PublicKey", SYMMETRIC))
    check_refused(s.sts.send(draft), "STS", FAILED)


@pytest.mark.parametrize("client", ["dotnet", "cxf", "os2mo"])
def test_it_is_refused_where_no_service_is_named(sts, ky, client, explain_if):
    draft = sts.draft(ky, client, key_type=SYMMETRIC)
    fault = sts.send(draft).fault
    assert fault.event == 110 and "KeyType" in fault.reason
    explain_if(draft.message_id, "KeyType")
