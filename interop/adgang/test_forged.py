"""Tokens that the token service would never issue, signed by its own key: a service believes no more than it must.

Only a demo lays its keys open; without them everything here is skipped.
"""

import base64
import re
from uuid import uuid4

import pytest

from calls import call
from sts_client import Token
from test_attacks import check_refused, exists
from wire import now, parsed, resigned, stamp

TOKEN, FAILED = "wsse:InvalidSecurityToken", "wsse:FailedCheck"


@pytest.fixture(scope="module")
def sts_key(demo):
    key = demo.own_key("sts")
    if key is None:
        pytest.skip("the keys of the server are not laid open")
    return key


@pytest.fixture(scope="module")
def forge(sts_key, token):
    """The token with another content, properly signed."""

    def make(edit) -> Token:
        text = edit(token.text.replace(token.id, f"_{uuid4()}"))
        return Token(token.identity, resigned(text, sts_key))

    return make


def swapped(pattern: str, new: str, count: int = 1):
    def edit(text: str) -> str:
        result = re.sub(pattern, new, text, count=count, flags=re.S)
        assert result != text, "the edit changes nothing"
        return result

    return edit


def times(begin: float | str, end: float | str):
    """Both pairs of times, in seconds from now."""

    def text(value):
        return value if isinstance(value, str) else stamp(now(seconds=value))

    return lambda xml: swapped(
        r'NotBefore="[^"]*" NotOnOrAfter="[^"]*"', f'NotBefore="{text(begin)}" NotOnOrAfter="{text(end)}"', 0
    )(xml)


def attribute(name: str, value: str):
    return swapped(rf'({name}"[^>]*><AttributeValue>)[^<]*', rf"\g<1>{value}")


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def privileges(change):
    """The privileges of the token, changed."""

    def edit(xml: str) -> str:
        old = re.search(r'Privileges_intermediate"[^>]*><AttributeValue>([^<]*)', xml).group(1)
        plain = base64.b64decode(old).decode()
        new = change(plain)
        assert new != plain, "the change changes nothing"
        return xml.replace(old, b64(new))

    return edit


def groups(inner: str):
    return privileges(lambda plain: re.sub(r"<PrivilegeGroup.*</PrivilegeGroup>", inner, plain, flags=re.S))


AUDIENCE = r"<AudienceRestriction>.*?</AudienceRestriction>"
RESTRICTION = "<AudienceRestriction><Audience>{}</Audience></AudienceRestriction>"
BEARER = '<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/>'
SCOPE = "urn:dk:gov:saml:cvrNumberIdentifier:11223344"
REDIGER = "{rediger}"

#: (row, name) to the edit and what must come back.
REFUSED = {
    ("A13", "an audience with a slash at the end"): (swapped("</Audience>", "/</Audience>"), TOKEN),
    ("A13", "an audience in capitals"): (
        lambda x: re.sub("<Audience>(.*?)</Audience>", lambda m: f"<Audience>{m[1].upper()}</Audience>", x),
        TOKEN,
    ),
    ("A15", "another audience"): (swapped(AUDIENCE, RESTRICTION.format("http://andet.example/service/1")), TOKEN),
    ("A15", "no audience"): (swapped(AUDIENCE, ""), TOKEN),
    ("A15", "a second restriction that is not for us"): (
        swapped(f"({AUDIENCE})", r"\1" + RESTRICTION.format("urn:andet")),
        TOKEN,
    ),
    ("A15", "another recipient"): (swapped('Recipient="[^"]*"', 'Recipient="http://andet.example/service/1"'), TOKEN),
    ("A15", "another issuer"): (swapped("<Issuer([^>]*)>[^<]*", r"<Issuer\1>https://ond.example/runtime"), TOKEN),
    ("A17", "bearer"): (swapped("cm:holder-of-key", "cm:bearer"), TOKEN),
    ("A17", "sender-vouches"): (swapped("cm:holder-of-key", "cm:sender-vouches"), TOKEN),
    ("A17", "a second confirmation, bearer"): (
        swapped("</SubjectConfirmation>", "</SubjectConfirmation>" + BEARER),
        TOKEN,
    ),
    ("A17", "a first confirmation, bearer"): (
        swapped("<SubjectConfirmation ", BEARER + "<SubjectConfirmation "),
        TOKEN,
    ),
    ("A17", "two certificates"): (
        swapped("(</X509Data></KeyInfo></SubjectConfirmationData>)", r"<X509Certificate>AAAA</X509Certificate>\1"),
        TOKEN,
    ),
    ("A17", "no certificate"): (
        swapped(
            r"<KeyInfo [^>]*><X509Data><X509Certificate>[^<]*</X509Certificate></X509Data></KeyInfo></SubjectConfirmationData>",
            "</SubjectConfirmationData>",
        ),
        TOKEN,
    ),
    ("A17", "a condition nobody knows"): (
        swapped("</Conditions>", '<Condition xmlns:x="urn:x" x:type="y"/></Conditions>'),
        TOKEN,
    ),
    ("A17", "assurance level 2"): (attribute("AssuranceLevel", "2"), TOKEN),
    ("A17", "SAML 1.1"): (swapped('Version="2.0"', 'Version="1.1"'), TOKEN),
    ("A20", "no authority"): (swapped(r"<Attribute [^>]*CvrNumberIdentifier.*?</Attribute>", ""), TOKEN),
    ("A20", "an authority of seven digits"): (attribute("CvrNumberIdentifier", "1122334"), TOKEN),
    ("A20", "two authorities"): (
        swapped(
            "<AttributeValue>11223344</AttributeValue>",
            "<AttributeValue>11223344</AttributeValue><AttributeValue>22334455</AttributeValue>",
        ),
        TOKEN,
    ),
    ("A43", "the attribute of the authority twice"): (
        swapped("(<Attribute [^>]*CvrNumberIdentifier.*?</Attribute>)", r"\1\1"),
        TOKEN,
    ),
    ("A29", "valid in six minutes"): (times(360, 3600), TOKEN),
    ("A29", "expired six minutes ago"): (times(-3600, -360), TOKEN),
    ("A29", "just outside the skew"): (times(-3600, -302), TOKEN),
    ("A29", "times without a zone"): (times("2026-01-01T00:00:00", "2036-01-01T00:00:00"), TOKEN),
    ("A29", "24:00:00"): (times("2026-01-01T24:00:00Z", "2036-01-01T24:00:00Z"), TOKEN),
    ("A29", "no end"): (swapped(r' NotOnOrAfter="[^"]*"', "", 0), TOKEN),
    ("A10", "a doctype in the privileges"): (
        privileges(
            lambda p: (
                p.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>')
                if "?>" in p
                else '<!DOCTYPE x [<!ENTITY a "b">]>' + p
            )
        ),
        TOKEN,
    ),
    ("A43", "ten thousand groups"): (
        privileges(lambda p: re.sub(r"(<PrivilegeGroup.*</PrivilegeGroup>)", lambda m: m[1] * 10_000, p, flags=re.S)),
        TOKEN,
    ),
    ("A43", "a list in another namespace"): (
        privileges(lambda p: p.replace("basic_privilege_profile", "other")),
        TOKEN,
    ),
    ("A43", "privileges that are no base64"): (attribute("Privileges_intermediate", "%%%"), TOKEN),
}

#: What leaves the token valid and gives no right: the call is refused for what it asks.
WITHOUT_RIGHT = {
    ("A43", "no privileges"): swapped(r"<Attribute [^>]*Privileges_intermediate.*?</Attribute>", ""),
    ("A43", "no groups"): groups(""),
    ("A43", "a list in a list"): privileges(
        lambda p: re.sub(
            r"(<[\w:]*PrivilegeGroup.*</[\w:]*PrivilegeGroup>)", r"<PrivilegeList>\1</PrivilegeList>", p, flags=re.S
        )
    ),
    ("A43", "a constraint without a name"): privileges(
        lambda p: p.replace("</PrivilegeGroup>", '<Constraint Name="">x</Constraint></PrivilegeGroup>')
    ),
    ("A43", "a scope with a line break"): privileges(lambda p: p.replace(SCOPE, f"{SCOPE}&#10;")),
    ("A43", "the scope of another authority"): privileges(
        lambda p: p.replace(SCOPE, SCOPE.replace("11223344", "22334455"))
    ),
    ("A43", "a scope that is no CVR number"): privileges(
        lambda p: p.replace(SCOPE, SCOPE.replace("cvrNumberIdentifier", "cprNumberIdentifier"))
    ),
    ("A43", "an unknown element in the group"): privileges(
        lambda p: p.replace("</PrivilegeGroup>", "<Ukendt/></PrivilegeGroup>")
    ),
    ("A43", "an unknown attribute on the group"): privileges(
        lambda p: p.replace("<PrivilegeGroup ", '<PrivilegeGroup Ukendt="x" ')
    ),
    ("A44", "a constraint of a type Organisation does not know"): privileges(
        lambda p: p.replace(
            "</PrivilegeGroup>",
            '<Constraint Name="http://sts.kombit.dk/constraints/KLE/1">*</Constraint></PrivilegeGroup>',
        )
    ),
    ("A44", "the privilege in capitals"): privileges(
        lambda p: re.sub(r"<Privilege>(.*?)</Privilege>", lambda m: f"<Privilege>{m[1].upper()}</Privilege>", p)
    ),
    ("A44", "the privilege with a slash at the end"): privileges(lambda p: p.replace("</Privilege>", "/</Privilege>")),
}


def ident(key) -> str:
    return " ".join(key)


def test_a_forged_token_is_believed_when_it_says_nothing_new(wsp, token, forge):
    uuid = str(uuid4())
    assert wsp.call(forge(lambda text: text), call("Bruger", "importer", uuid)).kode == 20
    assert exists(wsp, token, uuid)


@pytest.mark.parametrize("key", REFUSED, ids=ident)
def test_what_a_token_may_not_say(wsp, token, forge, key):
    edit, expected = REFUSED[key]
    uuid = str(uuid4())
    what = call("Bruger", "importer", uuid)
    forged = forge(edit)
    draft = wsp.draft(forged, what)
    check_refused(wsp.send(draft, what.path), "WSP", expected)
    assert not exists(wsp, token, uuid)


@pytest.mark.parametrize("key", WITHOUT_RIGHT, ids=ident)
def test_what_gives_no_right(wsp, token, forge, key):
    uuid = str(uuid4())
    answer = wsp.call(forge(WITHOUT_RIGHT[key]), call("Bruger", "importer", uuid))
    assert answer.kode == 41, answer.text[:600]
    assert not exists(wsp, token, uuid)


@pytest.mark.parametrize("begin,end", [(290, 3600), (-3600, -290)])
def test_times_inside_the_skew(wsp, forge, begin, end):
    assert wsp.call(forge(times(begin, end)), call("Bruger", "soeg")).kode == 20


def test_a_token_for_one_use_is_used_once(wsp, forge):
    once = forge(swapped("</Conditions>", "<OneTimeUse/></Conditions>"))
    what = call("Bruger", "soeg")
    assert wsp.call(once, what).kode == 20
    check_refused(wsp.send(wsp.draft(once, what), what.path), "WSP", FAILED)


READ_ALIKE = {
    "the newer namespace": privileges(lambda p: p.replace("http://itst.dk/", "http://digst.dk/")),
    "indented": privileges(lambda p: p.replace("><", ">\n  <")),
    "with or without a declaration": privileges(
        lambda p: (
            re.sub(r"^<\?xml.*?\?>", "", p) if p.startswith("<?xml") else '<?xml version="1.0" encoding="UTF-8"?>' + p
        )
    ),
    "a byte order mark": privileges(lambda p: "\ufeff" + p),
    "constraints before the privilege": privileges(
        lambda p: re.sub(r"(<Privilege>.*?</Privilege>)((?:<Constraint.*?</Constraint>)+)", r"\2\1", p)
    ),
    "a comment in the scope": privileges(lambda p: p.replace("</Privilege>", "<!-- x --></Privilege>")),
}


@pytest.mark.parametrize("name", READ_ALIKE)
def test_other_ways_of_writing_the_same_privileges(wsp, forge, name):
    uuid = str(uuid4())
    assert wsp.call(forge(READ_ALIKE[name]), call("Bruger", "importer", uuid)).kode == 20


def test_a_token_that_was_remembered_is_not_believed_under_another_roof(wsp, token, forge):
    """The same text inside an element that declares prefixes for it is another assertion than the one known."""
    what = call("Bruger", "soeg")
    forged = forge(lambda text: text)
    assert wsp.call(forged, what).kode == 20
    draft = wsp.draft(forged, what)
    inner = forged.text
    draft.security["Assertion"] = inner.replace("<Assertion ", '<Assertion xmlns:u2="urn:u2" ', 1)
    answer = wsp.send(draft, what.path)
    assert answer.status == 200 or answer.fault.subcode == TOKEN
    assert parsed(inner).get("ID") == forged.id
