"""What we signed, verified by xmlsec1 and signxml; what signxml signed, verified by us; and what was changed, refused.

    python verify.py FOLDER     # where signed_samples and verify_samples have been built
"""

import datetime
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLSigner, XMLVerifier
from signxml.exceptions import InvalidInput, SignXMLException

IDS = [
    ("ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"),
    ("Id", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd:Timestamp"),
    ("Id", "http://www.w3.org/2005/08/addressing:To"),
    ("Id", "http://www.w3.org/2003/05/soap-envelope:Body"),
]
# The signature of the message is the one that no assertion holds.
OUTER = "//*[local-name()='Signature'][not(ancestor::*[local-name()='Assertion'])]"
INNER = "//*[local-name()='Assertion']/*[local-name()='Signature']"


def certificate(key):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sample")])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def by_xmlsec1(path, pem, where):
    command = ["xmlsec1", "--verify", "--pubkey-cert-pem", str(pem), "--trusted-pem", str(pem), "--node-xpath", where]
    for attribute, element in IDS:
        command += [f"--id-attr:{attribute}", element]
    return subprocess.run([*command, str(path)], capture_output=True).returncode == 0


def by_signxml(path, pem, references):
    configuration = SignatureConfiguration(expect_references=references)
    try:
        found = XMLVerifier().verify(path.read_bytes(), x509_cert=pem.read_text(), expect_config=configuration)
    except (SignXMLException, InvalidInput) as error:
        return error
    return len(found if isinstance(found, list) else [found]) == references


EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
METHODS = {
    "RSA-2048": [
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1,
    ],
    "P-256": [SignatureMethod.ECDSA_SHA256, SignatureMethod.ECDSA_SHA384],
    "P-384": [SignatureMethod.ECDSA_SHA256, SignatureMethod.ECDSA_SHA384],
}
# Nothing in it is canonical.
DOCUMENT = """<?xml version='1.0'?><!-- c -->
<p:Assertion xmlns:p='urn:oasis:names:tc:SAML:2.0:assertion' xmlns='urn:d' xmlns:u='urn:unused' b="2" ID = '_1' a='&#9;'
><p:Issuer/><c xmlns=''>S&#248;n<!-- x --><![CDATA[<>]]>
</c><d/></p:Assertion>
"""


def signed_by_signxml(key, pem, method, digest, uri):
    signer = XMLSigner(signature_algorithm=method, digest_algorithm=digest, c14n_algorithm=EXCLUSIVE)
    root = signer.sign(etree.fromstring(DOCUMENT.encode()), key=key, cert=pem.decode(), reference_uri=uri)
    return etree.tostring(root)


def verify_others(program, kind, key, pem, folder):
    """Counts the signatures of others that we verify, and that we refuse when changed."""
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "key.spki").write_bytes(spki)
    expected = {}
    for method in METHODS[kind]:
        for digest in [DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512]:
            for uri in ["_1", None]:
                signed = signed_by_signxml(key, pem, method, digest, uri)
                name = folder / f"{method.name}-{digest.name}-{uri}.xml"
                name.write_bytes(signed)
                expected[str(name)] = "verified"
                changed = folder / f"changed-{name.name}"
                changed.write_bytes(signed.replace(b"<d/>", b'<d e="1"/>'))
                expected[str(changed)] = "refused"
    output = subprocess.run([program, folder / "key.spki", *expected], check=True, capture_output=True, text=True).stdout
    lines = output.splitlines()
    assert len(lines) == len(expected)
    for line, (name, outcome) in zip(lines, expected.items()):
        assert line.startswith(f"{outcome} {name}"), f"expected {outcome}: {line}"
        assert outcome == "verified" or "digest passer ikke" in line, line
    return len(lines)


def main():
    programs = Path(sys.argv[1]).resolve()
    if not shutil.which("xmlsec1"):
        sys.exit("needs xmlsec1: apt-get install xmlsec1")
    keys = {
        "RSA-2048": rsa.generate_private_key(65537, 2048),
        "P-256": ec.generate_private_key(ec.SECP256R1()),
        "P-384": ec.generate_private_key(ec.SECP384R1()),
    }
    checks = 0
    for kind, key in keys.items():
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            pkcs8 = key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            (folder / "key.pk8").write_bytes(pkcs8)
            pem = folder / "certificate.pem"
            pem.write_bytes(certificate(key))
            checks += verify_others(programs / "verify_samples", kind, key, pem.read_bytes(), folder)
            if kind == "P-384":
                continue  # We do not sign with it.
            subprocess.run([programs / "signed_samples", folder / "key.pk8", folder], check=True)
            for name, where, references in [
                ("assertion.xml", INNER, 1),
                ("message.xml", INNER, 1),
                ("message.xml", OUTER, 4),
                ("message-prefixed.xml", OUTER, 3),
            ]:
                path = folder / name
                changed = folder / f"changed-{name}"
                changed.write_bytes(path.read_bytes().replace("Søn".encode(), "Son".encode()))
                assert changed.read_bytes() != path.read_bytes()
                what = f"{kind}, {name}, {references} references"
                assert by_xmlsec1(path, pem, where), f"xmlsec1 refuses: {what}"
                assert not by_xmlsec1(changed, pem, where), f"xmlsec1 accepts what was changed: {what}"
                checks += 2
                # signxml takes the first signature it finds, so it is not asked about the message that has two.
                if name != "message.xml":
                    result = by_signxml(path, pem, references)
                    assert result is True, f"signxml refuses: {what}: {result}"
                    assert by_signxml(changed, pem, references) is not True, f"signxml accepts: {what}"
                    checks += 2
    print(f"{checks} checks by xmlsec1 and signxml agree with us")


if __name__ == "__main__":
    main()
