"""Two judges who know nothing of the server or of each other: the program xmlsec1, and signxml."""

import base64
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier

from wire import DS, SAML, SOAP11, SOAP12, WSSE, WSU, by_id, parsed

MESSAGE = "/*/*[local-name()='Header']/*[local-name()='Security']/*[local-name()='Signature']"
ENVELOPED = "/*[local-name()='Assertion']/*[local-name()='Signature']"


def by_xmlsec1(content: bytes, pem: str, where: str) -> None:
    """Verifies one signature with one key; raises what the program says."""
    program = shutil.which("xmlsec1")
    assert program, "xmlsec1 is not installed"
    tree = parsed(content)
    names = {
        ("ID" if "ID" in n.attrib else "Id", etree.QName(n))
        for n in tree.iter("*")
        if f"{{{WSU}}}Id" in n.attrib or (etree.QName(n).namespace == SAML and "ID" in n.attrib)
    }
    public = (
        x509.load_pem_x509_certificate(pem.encode())
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    with tempfile.TemporaryDirectory() as folder:
        message, key = Path(folder, "message.xml"), Path(folder, "key.pem")
        message.write_bytes(content)
        key.write_bytes(public)
        command = [program, "--verify", "--pubkey-pem", str(key), "--node-xpath", where]
        for attribute, name in sorted(names, key=str):
            command += [f"--id-attr:{attribute}", f"{name.namespace}:{name.localname}"]
        result = subprocess.run([*command, str(message)], capture_output=True, text=True)
    assert result.returncode == 0, f"xmlsec1 refuses: {result.stdout}{result.stderr}"


def by_signxml(content: bytes, pem: str, location: str, references: int) -> list:
    """Verifies one signature with one certificate; gives what it says is signed."""
    config = SignatureConfiguration(expect_references=references, location=location, require_x509=True)
    found = XMLVerifier().verify(content, x509_cert=pem, expect_config=config)
    return [result.signed_xml for result in (found if isinstance(found, list) else [found])]


def message(content: bytes, pem: str, expected: set[str]) -> dict[str, object]:
    """A signed answer: both judges, and that exactly the expected parts are covered, each where it is read.

    Gives the parts by name.
    """
    tree = parsed(content)
    soap = etree.QName(tree).namespace
    assert soap in (SOAP11, SOAP12)
    (signature,) = tree.xpath(MESSAGE)
    security = signature.getparent()
    uris = [r.get("URI") for r in signature.iter(f"{{{DS}}}Reference")]
    assert len(uris) == len(set(uris))
    ids = tree.xpath("//@wsu:Id | //saml:*/@ID", namespaces={"wsu": WSU, "saml": SAML})
    assert len(ids) == len(set(ids)), "an id stands twice"
    covered = {etree.QName(node).localname: node for node in (by_id(tree, uri[1:]) for uri in uris)}
    assert set(covered) == expected, f"covered: {sorted(covered)}"
    for name, node in covered.items():
        parent = node.getparent()
        place = {"Body": tree, "Timestamp": security, "BinarySecurityToken": security}.get(name)
        assert parent is (tree.find(f"{{{soap}}}Header") if place is None else place), f"{name} stands elsewhere"
    by_xmlsec1(content, pem, MESSAGE)
    location = f"./{{{soap}}}Header/{{{WSSE}}}Security/"
    signed = by_signxml(content, pem, location, len(uris))
    assert {etree.QName(node).localname for node in signed} == expected
    return covered


def assertion(text: str, pem: str) -> None:
    """An assertion by itself: both judges, and that its signature covers it whole."""
    tree = parsed(text)
    (signature,) = tree.xpath(ENVELOPED)
    (reference,) = signature.iter(f"{{{DS}}}Reference")
    assert reference.get("URI") == f"#{tree.get('ID')}"
    by_xmlsec1(text.encode(), pem, ENVELOPED)
    (signed,) = by_signxml(text.encode(), pem, "./", 1)
    assert signed.tag == f"{{{SAML}}}Assertion"


def moment(text: str) -> datetime:
    assert text.endswith("Z"), f"{text} is not in UTC"
    return datetime.fromisoformat(text)


def bpp(encoded: str, schemas: Path) -> list[tuple[str, list[str], list[tuple[str, str]]]]:
    """The privileges: valid by the official schema; scope, privileges and constraints of each group."""
    content = base64.b64decode(encoded, validate=True)
    tree = parsed(content)
    old, new = "http://itst.dk/oiosaml/basic_privilege_profile", "http://digst.dk/oiosaml/basic_privilege_profile"
    assert tree.tag == f"{{{old}}}PrivilegeList"
    if tree.find(".//Constraint") is None:
        etree.XMLSchema(etree.parse(schemas / "BasicPrivilegeProfileSchema_v101.xsd")).assertValid(tree)
    # Version 1.1 has the content of 1.2 and the namespace of 1.0.1.
    schema = (schemas / "BasicPrivilegeProfileSchema_v12.xsd").read_bytes().replace(new.encode(), old.encode())
    etree.XMLSchema(etree.fromstring(schema)).assertValid(tree)
    return [
        (
            g.get("Scope"),
            [p.text for p in g.findall("Privilege")],
            [(c.get("Name"), c.text) for c in g.findall("Constraint")],
        )
        for g in tree
    ]


def shape(node) -> list:
    """The names of an element's children, and of theirs."""
    return [
        (etree.QName(child).localname, shape(child)) if len(child) else etree.QName(child).localname
        for child in node
        if isinstance(child.tag, str)
    ]
