"""A CPR number that is sent where none belongs is told to nobody: not by the log, not by the access log (A47).

Each case sends a number of its own, in a call that is refused or in one that is carried out. Needs `FUNDAMENT_PROGRAM`, and
`FUNDAMENT_DEMO_LOG`, the file the server writes its log to.
"""

import dataclasses
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from calls import PLACE, call
from demo import missing
from sts_client import Token
from test_forged import b64, privileges, swapped
from test_forged import forge, sts_key  # noqa: F401 (fixtures)
from test_rest import ask, parameters, use
from wire import WSU, Ref, replaced, substituted, timestamp, wsa

STS6 = "urn:oio:sts:6"


@dataclass
class Case:
    """Everything a case may need; `cpr` is its number."""

    demo: object
    sts: object
    wsp: object
    ky: object
    token: Token
    forge: Callable
    cpr: str

    def rst(self, change=None, **how):
        draft = self.sts.draft(self.ky, **how)
        if change:
            change(draft)
        return self.sts.send(draft)

    def call(self, change=None, what=None, token=None, path=None, **headers):
        what = what or call("Bruger", "soeg")
        draft = self.wsp.draft(token or self.token, what)
        if change:
            change(draft)
        return self.wsp.send(draft, path or what.path, **headers)

    def person(self, cpr: str):
        """A person with this number, to be imported; it stands after the key, as the schema wants it."""
        what = call("Person", "importer", str(uuid4()))
        key = r"(<[\w:]*BrugervendtNoegleTekst[^>]*>[^<]*</[\w:]*BrugervendtNoegleTekst>)"
        number = rf'\1<t:CPR-NummerTekst xmlns:t="{STS6}">{cpr}</t:CPR-NummerTekst>'
        body, count = re.subn(key, number, what.body, count=1)
        assert count == 1
        return dataclasses.replace(what, body=body)


def set_header(name: str, text: str, id: str):
    return lambda draft: draft.headers.__setitem__(name, wsa(name, text, id))


def broken(draft) -> None:
    """The signature no longer fits, so that what is refused is the message and not its words."""
    draft.tamper.append(lambda text: text.replace("</s:Body>", "<!--x--> </s:Body>"))


def both(*changes):
    return lambda draft: [change(draft) for change in changes]


def unknown_header(name: str, must: str = ' s:mustUnderstand="1"'):
    return lambda draft: draft.headers.__setitem__("x", f'<x:{name} xmlns:x="urn:x"{must}/>')


def reference(uri: str):
    return lambda draft: draft.references.append(Ref(uri, instead="/*"))


def replaced_body(old: str, new: str):
    def change(draft) -> None:
        body = draft.body.replace(old, new, 1)
        assert body != draft.body
        draft.body = body

    return change


def in_body(text: str):
    return lambda draft: setattr(draft, "body", draft.body.replace("><", f">{text}<", 1))


def id_twice(cpr: str):
    return lambda draft: draft.headers.__setitem__("x", f'<x:H xmlns:x="urn:x" xmlns:u="{WSU}" u:Id="c{cpr}"/>' * 2)


def digest(cpr: str):
    new = f'DigestMethod Algorithm="urn:{cpr}"'
    return lambda draft: draft.tamper.append(substituted('DigestMethod Algorithm="[^"]*"', new))


def transforms(cpr: str):
    ref = Ref("#body", transforms=f'<{{p}}Transform Algorithm="urn:{cpr}"/>')
    return lambda draft: draft.references.append(ref)


def said(name: str, new: str):
    """The value of an attribute of the token."""
    return swapped(rf'({name}"[^>]*><AttributeValue>)[^<]*', rf"\g<1>{new}")


def cpr_attribute(cpr: str):
    name = "dk:gov:saml:attribute:CprNumberIdentifier"
    text = f'<Attribute Name="{name}"><AttributeValue>{cpr}</AttributeValue></Attribute></AttributeStatement>'
    return swapped("</AttributeStatement>", text)


def scope(cpr: str):
    return privileges(lambda p: p.replace("cvrNumberIdentifier:11223344", f"cprNumberIdentifier:{cpr}"))


def constraint(cpr: str):
    inner = f'<Constraint Name="urn:{cpr}">{cpr}</Constraint>'
    return privileges(lambda p: p.replace("</PrivilegeGroup>", inner + "</PrivilegeGroup>"))


def transaction(text: str):
    def change(draft) -> None:
        draft.headers["RequestHeader"] = re.sub("UUID>[^<]*<", f"UUID>{text}<", draft.headers["RequestHeader"])

    return change


def says(edit: Callable[[str], Callable]):
    """A call with a token by the right key that says something else."""
    return lambda c: c.call(token=c.forge(edit(c.cpr)))


def untokened(c: Case):
    kind = {"Content-Type": "application/soap+xml; charset=utf-8"}
    return c.demo.post(f"{c.demo.mtls}/organisation/person/6", f"<x>{c.cpr}</x>", kind)


PERSON, BRUGER = "/organisation/person/6", "/organisation/bruger/6"
#: Name of the case to what is sent.
CASES: dict[str, Callable[[Case], object]] = {
    # The token service.
    "STS: AppliesTo": lambda c: c.rst(service=f"http://x/{c.cpr}"),
    "STS: AppliesTo with a hyphen": lambda c: c.rst(service=f"http://x/{c.cpr[:6]}-{c.cpr[6:]}"),
    "STS: the claim": lambda c: c.rst(cvr=c.cpr),
    "STS: MessageID": lambda c: c.rst(both(set_header("MessageID", f"urn:cpr:{c.cpr}", "msgid"), broken)),
    "STS: MessageID that is no URI": lambda c: c.rst(set_header("MessageID", f"cpr {c.cpr}", "msgid")),
    "STS: Action": lambda c: c.rst(set_header("Action", f"urn:{c.cpr}", "action")),
    "STS: To": lambda c: c.rst(set_header("To", f"https://localhost/{c.cpr}", "to")),
    "STS: a header that is not understood": lambda c: c.rst(unknown_header(f"h{c.cpr}")),
    "STS: a reference": lambda c: c.rst(reference(f"#cpr-{c.cpr}")),
    "STS: a reference that is no id": lambda c: c.rst(reference(f"cpr:{c.cpr}")),
    "STS: a signature method": lambda c: c.rst(lambda d: setattr(d, "method", f"urn:{c.cpr}")),
    "STS: a transform": lambda c: c.rst(transforms(c.cpr)),
    "STS: a digest method": lambda c: c.rst(digest(c.cpr)),
    "STS: an id twice": lambda c: c.rst(id_twice(c.cpr)),
    "STS: the time": lambda c: c.rst(lambda d: d.security.__setitem__("Timestamp", timestamp(c.cpr))),
    "STS: Lifetime": lambda c: c.rst(lifetime=c.cpr),
    "STS: KeyType": lambda c: c.rst(key_type=f"urn:{c.cpr}"),
    "STS: OnBehalfOf": lambda c: c.rst(obo=f"<x>{c.cpr}</x>"),
    "STS: UseKey": lambda c: c.rst(use_key_text=b64(c.cpr)),
    "STS: Context": lambda c: c.rst(broken, context=c.cpr),
    "STS: the content type": lambda c: c.rst(
        lambda d: setattr(d, "content_type", f'application/soap+xml; charset=utf-8; action="{c.cpr}"')
    ),
    "STS: XML that is none": lambda c: c.rst(lambda d: d.tamper.append(replaced("</s:Body>", f"</c{c.cpr}>"))),
    "STS: the URL": lambda c: c.demo.post(f"{c.sts.url}/{c.cpr}?cpr={c.cpr}", "x", {}),
    # The services.
    "WSP: MessageID": lambda c: c.call(both(set_header("MessageID", f"urn:cpr:{c.cpr}", "msgid"), broken)),
    "WSP: MessageID that is no URI": lambda c: c.call(set_header("MessageID", f"cpr {c.cpr}", "msgid")),
    "WSP: Action": lambda c: c.call(both(set_header("Action", f"urn:{c.cpr}", "action"), broken)),
    "WSP: To": lambda c: c.call(set_header("To", f"https://localhost/{c.cpr}", "to")),
    "WSP: a header that is not understood": lambda c: c.call(unknown_header(f"h{c.cpr}")),
    "WSP: a reference": lambda c: c.call(reference(f"#cpr-{c.cpr}")),
    "WSP: a signature method": lambda c: c.call(lambda d: setattr(d, "method", f"urn:{c.cpr}")),
    "WSP: an id twice": lambda c: c.call(id_twice(c.cpr)),
    "WSP: the transaction": lambda c: c.call(transaction(c.cpr)),
    "WSP: the authority": lambda c: c.call(**{"X-Anvenderkontekst": c.cpr}),
    "WSP: a reference that is no UUID": lambda c: c.call(replaced_body(PLACE, c.cpr), call("Bruger", "laes")),
    "WSP: an unknown element": lambda c: c.call(in_body(f"<c{c.cpr}/>")),
    "WSP: an unknown attribute": lambda c: c.call(in_body(f'<x c{c.cpr}="{c.cpr}"/>')),
    "WSP: a number with a hyphen": lambda c: c.call(what=c.person(f"{c.cpr[:6]}-{c.cpr[6:]}")),
    "WSP: a number that is too long": lambda c: c.call(what=c.person(f"{c.cpr}0")),
    "WSP: a number that is imported": lambda c: c.call(what=c.person(c.cpr)),
    "WSP: the URL": lambda c: c.call(path=f"{PERSON}/{c.cpr}"),
    "WSP: the query": lambda c: c.call(path=f"{BRUGER}?cpr={c.cpr}"),
    "WSP: without a token": untokened,
    # What a token says.
    "token: NameID": says(lambda cpr: swapped("(<NameID[^>]*>)[^<]*", rf"\g<1>Serial={cpr}")),
    "token: the CPR attribute": says(cpr_attribute),
    "token: the authority": says(lambda cpr: said("CvrNumberIdentifier", cpr)),
    "token: the assurance level": says(lambda cpr: said("AssuranceLevel", cpr)),
    "token: Audience": says(lambda cpr: swapped("<Audience>[^<]*", f"<Audience>urn:{cpr}")),
    "token: Issuer": says(lambda cpr: swapped("<Issuer([^>]*)>[^<]*", rf"<Issuer\1>urn:{cpr}")),
    "token: a condition": says(lambda cpr: swapped("</Conditions>", f"<C{cpr}/></Conditions>")),
    "token: IssueInstant": says(lambda cpr: swapped('IssueInstant="[^"]*"', f'IssueInstant="{cpr}"')),
    "token: NotBefore": says(lambda cpr: swapped('NotBefore="[^"]*"', f'NotBefore="{cpr}"')),
    "token: the scope": says(scope),
    "token: a privilege": says(
        lambda cpr: privileges(lambda p: re.sub("<Privilege>[^<]*", f"<Privilege>urn:{cpr}", p))
    ),
    "token: a constraint": says(constraint),
    "token: privileges that are none": says(lambda cpr: privileges(lambda p: f"<c{cpr}>{cpr}</c{cpr}>")),
    # JSON and JWT.
    "JWT: scope": lambda c: ask(c.demo, c.ky, parameters(c.demo, service=f"urn:{c.cpr}")),
    "JWT: a part of scope": lambda c: ask(c.demo, c.ky, parameters(c.demo) | {"scope": f"{c.cpr}:x"}),
    "JWT: the authority": lambda c: ask(c.demo, c.ky, parameters(c.demo, cvr=c.cpr)),
    "JWT: client_id": lambda c: ask(c.demo, c.ky, parameters(c.demo) | {"client_id": c.cpr}),
    "JWT: grant_type": lambda c: ask(c.demo, c.ky, parameters(c.demo) | {"grant_type": c.cpr}),
    "JWT: one that is none": lambda c: use(c.demo, f"{c.cpr}.{b64(c.cpr)}.x", c.ky),
    "JWT: its header": lambda c: use(c.demo, f"{b64(json.dumps({'alg': c.cpr, 'kid': c.cpr}))}.e30.x", c.ky),
}
#: What is carried out, or is nothing the server reads.
ALLOWED = {
    "WSP: the transaction",
    "WSP: a number that is imported",
    "WSP: the query",
    "token: NameID",
    "token: the CPR attribute",
    "JWT: client_id",
}
#: Where the sender is answered in its own words: addressing, or what a fault must name to be of help.
ANSWERED_IN_THE_SENDERS_WORDS = {
    "STS: AppliesTo",
    "STS: AppliesTo with a hyphen",
    "STS: MessageID",
    "WSP: a header that is not understood",
    "WSP: the transaction",
    "WSP: an unknown element",
    "WSP: the URL",
    "token: a constraint",
    "JWT: scope",
    "JWT: a part of scope",
}

NUMBERS = {name: f"010170{1000 + number:04}" for number, name in enumerate(CASES)}


def written(number: str, text: str) -> list[str]:
    """The lines a number stands in, in any way of writing it."""
    ways = (number, f"{number[:6]}-{number[6:]}", f"{number[:6]} {number[6:]}", b64(number).rstrip("="))
    return [line for line in text.splitlines() if any(way in line for way in ways)]


@pytest.fixture(scope="module")
def server_log():
    if fault := missing("FUNDAMENT_DEMO_LOG"):
        pytest.skip(fault)
    file = Path(os.environ["FUNDAMENT_DEMO_LOG"])
    begun = file.stat().st_size
    return lambda: file.read_bytes()[begun:].decode()


@pytest.fixture(scope="module")
def sent(demo, sts, wsp, ky, token, forge, server_log):  # noqa: F811
    """Every case, sent once: the answers."""
    return {name: send(Case(demo, sts, wsp, ky, token, forge, NUMBERS[name])) for name, send in CASES.items()}


@pytest.fixture(scope="module")
def exported(demo, sts, ky, sent) -> str:
    """The access log, when the last of it is written."""
    if fault := missing("FUNDAMENT_PROGRAM"):
        pytest.skip(fault)
    last = sts.draft(ky, service="http://stoettesystemerne.dk/service/findes-ikke/47")
    assert sts.send(last).fault.event == 5002
    assert "findes-ikke/47" in demo.explain(last.message_id, expected="findes-ikke/47")
    return demo.run("log", "export", "--format", "jsonl")


@pytest.mark.parametrize("name", CASES)
def test_it_is_answered_as_it_should_be(sent, name):
    """So that it is known that the case was what it says."""
    answer = sent[name]
    refused = answer.status >= 400 or (b"StatusKode" in answer.content and answer.kode >= 40)
    assert refused == (name not in ALLOWED), f"HTTP {answer.status}: {answer.text[:600]}"


@pytest.mark.parametrize("name", CASES)
def test_the_log_does_not_tell_the_number(sent, server_log, name):
    text = server_log()
    assert "findes-ikke" in text or "afvist" in text, "the log says nothing"
    found = written(NUMBERS[name], text)
    assert not found, f"the log tells it: {found[0]}"


@pytest.mark.parametrize("name", CASES)
def test_the_access_log_does_not_tell_the_number(exported, name):
    found = written(NUMBERS[name], exported)
    assert not found, f"the access log tells it: {found[0]}"


@pytest.mark.parametrize("name", [name for name in CASES if name not in ANSWERED_IN_THE_SENDERS_WORDS])
def test_the_answer_does_not_tell_the_number(sent, name):
    found = written(NUMBERS[name], sent[name].text)
    assert not found, f"the answer tells it: {found[0][:600]}"
