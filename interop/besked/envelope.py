"""Messages as a sender writes them, and what the official schemas and two judges of signatures say of them."""

import os
import re
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from uuid import uuid4

import xmlsec
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier

BESKED, SD, STS = "urn:oio:besked:kuvert:1.0", "urn:oio:sagdok:3.0.0", "urn:oio:sts:1.0.0"
NS = {"besked": BESKED, "sd": SD, "sts": STS}
PERSON = "ce7fcf97-a8a2-447a-8690-d38aa0f6e23c"
FOEDSEL = "1e5bb089-5445-44f8-9b65-bc854053f423"
DOEDSFALD = "298aa424-0a16-4a5a-956c-2bdab17fd11f"
FORTROLIG = "44f4108b-26d4-46de-a90f-35e35b55b8d8"
IKKE_FORTROLIG = "1d81c472-0808-44cc-963d-f5ef0170ae1d"
KLE = "urn:oio:kle:32.01.01"
LIMIT_BYTES = 1024 * 1024
EKSEMPEL = '<t:Eksempel xmlns:t="urn:example:test">vilkårligt XML-indhold</t:Eksempel>'


@cache
def schema(name: str) -> etree.XMLSchema:
    folder = Path(os.environ["FUNDAMENT_CONTRACTS"]).resolve() / "beskedfordeler" / "xsd"
    return etree.XMLSchema(etree.parse(folder / f"{name}.xsd"))


def parsed(content: bytes):
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def valid(content: bytes, name: str = "Beskedkuvert"):
    """The document; not following the official schema is an error."""
    tree = parsed(content)
    schema(name).assertValid(tree)
    return tree


def cvr_urn(cvr: str) -> str:
    return f"urn:oio:cvr-nr:{cvr}"


def stamp() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def unik(value: str) -> str:
    kind = "URNIdentifikator" if value.lower().startswith("urn:") else "UUIDIdentifikator"
    return f"<sd:{kind}>{value}</sd:{kind}>"


def part(name: str, value: str | None) -> str:
    """An element of the envelope that holds an id."""
    return "" if value is None else f"<besked:{name}>{unik(value)}</besked:{name}>"


def tid(name: str, moment: str) -> str:
    """An element of the envelope that holds a time."""
    return f"<besked:{name}><sd:TidsstempelDatoTid>{moment}</sd:TidsstempelDatoTid></besked:{name}>"


@dataclass
class Besked:
    """A message not written yet. What is None is left out."""

    beskedtype: str
    ansvarlig: str | None
    myndighed: str | None
    tilladte: tuple[str, ...] = ()
    id: str = ""
    version: str = "1.0"
    registrering_id: str = ""
    objekt: str = "urn:oio:cpr-nr:0101010001"
    objekt_type: str = PERSON
    objekt_handling: str = FOEDSEL
    emne: str | None = KLE
    foelsomhed: str | None = IKKE_FORTROLIG
    #: Related objects: id, type, role.
    relaterede: tuple[tuple[str, str, str | None], ...] = ()
    #: XML after the first ObjektRegistrering.
    mere: str = ""
    #: XML in ObjektRegistrering, last.
    udvidelse: str = ""
    #: XML in Leveranceinformation: before Sikkerhedsklassificering, and after it.
    kilde: str = ""
    ruter: str = ""
    #: XML after Leveranceinformation.
    hale: str = ""
    data: str = EKSEMPEL
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>\n'
    dannet: str = ""

    def __post_init__(self):
        self.id = self.id or str(uuid4())
        self.registrering_id = self.registrering_id or str(uuid4())
        self.dannet = self.dannet or stamp()

    @property
    def text(self) -> str:
        relaterede = "".join(
            f"<besked:RelateretObjekt>{part('ObjektId', id)}{part('ObjektType', type)}{part('ObjektRolle', rolle)}"
            "</besked:RelateretObjekt>"
            for id, type, rolle in self.relaterede
        )
        return (
            f'{self.declaration}<besked:Haendelsesbesked xmlns:besked="{BESKED}" xmlns:sd="{SD}">'
            f"{part('BeskedId', self.id)}<besked:BeskedVersion>{self.version}</besked:BeskedVersion>"
            "<besked:Beskedkuvert><besked:Filtreringsdata>"
            f"{part('Beskedtype', self.beskedtype)}{part('BeskedAnsvarligAktoer', self.ansvarlig)}"
            f"{''.join(part('TilladtModtager', value) for value in self.tilladte)}{relaterede}"
            f"{self.registrering()}{self.mere}</besked:Filtreringsdata>"
            f"<besked:Leveranceinformation>{tid('Dannelsestidspunkt', self.dannet)}{self.kilde}"
            f"{part('Sikkerhedsklassificering', self.foelsomhed)}{self.ruter}</besked:Leveranceinformation>{self.hale}"
            f"</besked:Beskedkuvert><besked:Beskeddata>{self.data}</besked:Beskeddata></besked:Haendelsesbesked>"
        )

    def registrering(self, **changes) -> str:
        """An ObjektRegistrering as this message's, or with other values."""
        b = replace(self, **changes) if changes else self
        return (
            f"<besked:ObjektRegistrering>{part('ObjektRegistreringId', b.registrering_id)}"
            f"{tid('Registreringstidspunkt', b.dannet)}{part('ObjektAnsvarligMyndighed', b.myndighed)}"
            f"{part('ObjektId', b.objekt)}{part('ObjektType', b.objekt_type)}"
            f"{part('ObjektHandling', b.objekt_handling)}{part('OpgaveEmne', b.emne)}{b.udvidelse}"
            "</besked:ObjektRegistrering>"
        )

    @property
    def body(self) -> bytes:
        return self.text.encode()

    def of_size(self, size: int) -> bytes:
        """The body padded in its payload to exactly this many bytes."""
        mark = "</besked:Beskeddata>"
        room = size - len(self.body) - len("<!---->")
        assert room >= 0
        body = self.text.replace(mark, f"<!--{'x' * room}-->{mark}").encode()
        assert len(body) == size
        return body


def besked_id(content: bytes) -> str:
    """The BeskedId, without reading the rest."""
    return re.search(rb"BeskedId>(?:\s|<!--.*?-->)*<(?:\w+:)?U\w+>([^<]*)", content, re.S)[1].decode()


def texts(tree, path: str) -> list[str]:
    """The values at a path of the envelope, as a filter writes it."""
    return [node.text for node in tree.findall(".//" + "/".join(f"{{*}}{name}" for name in path.split(".")))]


def tilladte(tree) -> list[str]:
    return texts(tree, "Filtreringsdata.TilladtModtager.URNIdentifikator")


ROUTE = re.compile(rb"<(\w+:)?Leveranceruter\b.*?</\1?Leveranceruter>|<(\w+:)?Leveranceruter/>", re.S)


def without_routes(content: bytes) -> bytes:
    """A message without the log of its hops, as bytes."""
    return ROUTE.sub(b"", content, count=1)


# Signatures ----------------------------------------------------------------------------------------------------------

ID = "sag-1"


def signed_payload(identity) -> str:
    """A payload signed by libxmlsec, with the habits that suffer when a document is written anew."""
    text = (
        f'<t:Sag xmlns:t="urn:example:test" xmlns:ubrugt="urn:example:ubrugt" Id="{ID}"  b="2"\ta=\'1\'>\n'
        "  <!-- kommentar --><t:Tekst>æøå &#233; &amp; <![CDATA[<rå>]]></t:Tekst><t:Tom></t:Tom>\r\n</t:Sag>"
    )
    # A carriage return would be a line feed to every reader; what is sent is what is signed.
    tree = etree.fromstring(text, etree.XMLParser(strip_cdata=False))
    method = xmlsec.Transform.RSA_SHA256 if identity.is_rsa else xmlsec.Transform.ECDSA_SHA256
    signature = xmlsec.template.create(tree, xmlsec.Transform.EXCL_C14N, method, ns="ds")
    reference = xmlsec.template.add_reference(signature, xmlsec.Transform.SHA256, uri=f"#{ID}")
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
    tree.append(signature)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(identity.files[1], xmlsec.KeyFormat.PEM)
    context.register_id(tree, "Id")
    context.sign(signature)
    value = etree.tostring(tree, encoding="unicode")
    end = value.index("<ds:Signature")
    # The text as it was written, the signature after it.
    return text[: text.rindex("</t:Sag>")] + value[end:]


def judge_payload(content: bytes, identity) -> None:
    """Verifies the signature inside a delivered message where it stands, and taken out of it."""
    tree = etree.fromstring(content, etree.XMLParser(strip_cdata=False, resolve_entities=False))
    (payload,) = tree.xpath("//*[@Id=$id]", id=ID)
    signature = xmlsec.tree.find_node(payload, xmlsec.Node.SIGNATURE)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(identity.files[0], xmlsec.KeyFormat.CERT_PEM)
    context.register_id(payload, "Id")
    context.verify(signature)
    alone = re.search(rb"<t:Sag .*</t:Sag>", content, re.S)[0]
    pem = Path(identity.files[0]).read_text(encoding="ascii")
    config = SignatureConfiguration(expect_references=1, require_x509=True)
    XMLVerifier().verify(alone, x509_cert=pem, id_attribute="Id", expect_config=config)
