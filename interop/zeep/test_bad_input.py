"""What nobody should send: each is refused with the right word, the server still answers, and nothing has changed."""

from datetime import datetime, timedelta, timezone

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from client import Sts
from contracts import SERVICES
from examples import TYPE
from messages import (
    ALTID, HISTORIK, SAGDOK, SOAP12, body, canonical, dag, egenskab_skabelon, envelope, nu, ny, registrering,
    uuid_element,
)

BRUGER = SERVICES["Bruger"].path
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def control(ky) -> str:
    """An object that no test of this module may change."""
    uuid = ny()
    assert ky["Bruger"].importer(uuid, registrering(TYPE["Bruger"].full())).kode == 20
    return uuid


@pytest.fixture(autouse=True)
def nothing_changes(ky, control):
    """Before and after each test the server answers, and says the same about the control object and its history."""
    def everything():
        answer = ky["Bruger"].laes(control, **ALTID, **HISTORIK)
        assert answer.kode == 20
        return canonical(answer.xml)

    before = everything()
    yield
    assert everything() == before


# What is not XML, or too much of it ----------------------------------------------------------------------------------

DYBDE = 1000
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def with_doctype(declarations: str, entity: str, uuid: str) -> bytes:
    """A read with an entity in it."""
    content = body("Bruger", "LaesInput", uuid_element(uuid) + f"<sd:NoteTekst>&{entity};</sd:NoteTekst>")
    return f"<!DOCTYPE x [{declarations}]>".encode() + envelope(content)


#: Bytes that are no SOAP request at all.
IKKE_SOAP = {
    "nothing": b"",
    "text": "Hej".encode(),
    "json": b'{"LaesInput": {}}',
    "half an envelope": envelope("<x/>")[:-20],
    "crossed tags": envelope("<a><b></a></b>"),
    "invalid UTF-8": envelope("<x/>").replace(b"<x/>", b"<x>\xff\xfe</x>"),
    "a forbidden control character": envelope("<x/>").replace(b"<x/>", b"<x>&#1;</x>"),
    "an undeclared prefix": envelope("<p:LaesInput/>"),
    "the same attribute twice": envelope('<x a="1" a="2"/>'),
    "two roots": envelope("<x/>") + b"<x/>",
    "no envelope": b"<x/>",
    "an envelope of no known version": envelope("<x/>", soap="urn:soap:99"),
    "an empty body": envelope(""),
    "an envelope without body": f'<s:Envelope xmlns:s="{SOAP12}"/>'.encode(),
    "nesting a thousand deep": envelope("<x>" * DYBDE + "</x>" * DYBDE),
    "nesting a hundred thousand deep": envelope("<x>" * 100 * DYBDE + "</x>" * 100 * DYBDE),
    "an entity bomb": with_doctype(f'<!ENTITY e0 "ha">{ENTITIES}', "e9", ny()),
    "a file as an entity": with_doctype('<!ENTITY f SYSTEM "file:///etc/passwd">', "f", ny()),
    "an address as an entity": with_doctype('<!ENTITY f SYSTEM "http://127.0.0.1:1/x">', "f", ny()),
    "a doctype and nothing more": b"<!DOCTYPE Envelope>" + envelope("<x/>"),
    "ten thousand attributes": envelope("<x " + " ".join(f'a{n}="1"' for n in range(10_000)) + "/>"),
    "an unknown operation": envelope(body("Bruger", "UkendtInput", "")),
    "an output as input": envelope(body("Bruger", "LaesOutput", "")),
    "an operation of another service": envelope(body("Adresse", "LaesInput", uuid_element(ny()))),
    "an operation in no namespace": envelope(f"<LaesInput>{ny()}</LaesInput>"),
    "two operations": envelope(body("Bruger", "LaesInput", uuid_element(ny())) * 2),
}


@pytest.mark.parametrize("name", IKKE_SOAP)
def test_what_is_no_request_is_a_fault(ky, name):
    answer = ky.post(BRUGER, IKKE_SOAP[name])
    answer.assert_fault()
    assert b"root:" not in answer.content, "a file of the server was read"


def over_the_limit(excess: int) -> bytes:
    """A read so many bytes over the default limit of 10 MiB."""
    content = envelope(body("Bruger", "LaesInput", uuid_element(ny()) + "<!--{}-->"))
    return content.replace(b"{}", b"x" * (10 * MIB + excess - len(content) + 2))


@pytest.fixture
def expendable(ky) -> Sts:
    """The first system on a connection of its own, which the server may hang up on."""
    return Sts(ky.demo, ky.seen, ky.session.cert)


def test_a_body_just_over_the_limit_is_refused(expendable):
    answer = expendable.post(BRUGER, over_the_limit(1))
    assert answer.status == 413
    answer.assert_fault()


def test_a_body_far_over_the_limit_is_refused(expendable):
    try:
        answer = expendable.post(BRUGER, over_the_limit(30 * MIB))
    except requests.exceptions.ConnectionError:
        return  # hung up on while sending
    assert answer.status == 413


def test_a_large_body_within_the_limit_is_answered(ky):
    content = envelope(body("Bruger", "LaesInput", uuid_element(ny()) + f"<!--{'x' * 9 * MIB}-->"))
    answer = ky.post(BRUGER, content)
    assert (answer.status, answer.kode) == (200, 44)


@pytest.mark.parametrize("path", ["/", "/organisation/ukendt/6", "/organisation/bruger/99", "/../etc/passwd"])
def test_an_unknown_path_is_refused(ky, path):
    assert 400 <= ky.post(path, envelope(body("Bruger", "LaesInput", uuid_element(ny())))).status < 500


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_an_unknown_method_is_refused(ky, method):
    answer = ky.session.request(method, ky.demo.mtls + BRUGER, timeout=30)
    assert 400 <= answer.status_code < 500


# What is a request, but wrong ----------------------------------------------------------------------------------------

RIGTIG = (
    "<Bruger><sd:UUIDIdentifikator>{uuid}</sd:UUIDIdentifikator><Registrering>"
    "<sd:NoteTekst>note</sd:NoteTekst><sd:Tidspunkt>{nu}</sd:Tidspunkt><sd:LivscyklusKode>Importeret</sd:LivscyklusKode>"
    "<AttributListe><Egenskab><sd:Virkning>"
    "<sd:FraTidspunkt><sd:TidsstempelDatoTid>2024-01-01T00:00:00.000+01:00</sd:TidsstempelDatoTid></sd:FraTidspunkt>"
    "<sd:TilTidspunkt><sd:GraenseIndikator>true</sd:GraenseIndikator></sd:TilTidspunkt>"
    "<sd:AktoerRef><sd:UUIDIdentifikator>{aktoer}</sd:UUIDIdentifikator></sd:AktoerRef>"
    "<sd:AktoerTypeKode>Organisation</sd:AktoerTypeKode></sd:Virkning>"
    "<sd:BrugervendtNoegleTekst>noegle</sd:BrugervendtNoegleTekst><sd:BrugerNavn>navn</sd:BrugerNavn></Egenskab>"
    "</AttributListe>"
    "<TilstandListe><f:Gyldighed><f:GyldighedStatusKode>Aktiv</f:GyldighedStatusKode></f:Gyldighed></TilstandListe>"
    "<RelationListe><sd:Adresser><sd:ReferenceID><sd:UUIDIdentifikator>{aktoer}</sd:UUIDIdentifikator></sd:ReferenceID>"
    "<sd:Rolle><sd:UUIDIdentifikator>{aktoer}</sd:UUIDIdentifikator></sd:Rolle>"
    "<sd:Type><sd:UUIDIdentifikator>{aktoer}</sd:UUIDIdentifikator></sd:Type><sd:Indeks>1</sd:Indeks></sd:Adresser>"
    "<sd:Tilhoerer><sd:ReferenceID><sd:URNIdentifikator>urn:x</sd:URNIdentifikator></sd:ReferenceID></sd:Tilhoerer>"
    "</RelationListe></Registrering></Bruger>"
)
DATO = "2024-01-01T00:00:00.000+01:00"
EGENSKAB = RIGTIG[RIGTIG.index("<Egenskab>"):RIGTIG.index("</AttributListe>")]
TILSTANDE = RIGTIG[RIGTIG.index("<TilstandListe>"):RIGTIG.index("<RelationListe>")]
ADRESSE = RIGTIG[RIGTIG.index("<sd:Adresser>"):RIGTIG.index("<sd:Tilhoerer>")]
TILHOERER = RIGTIG[RIGTIG.index("<sd:Tilhoerer>"):RIGTIG.index("</RelationListe>")]
NAVN = "<sd:BrugerNavn>navn</sd:BrugerNavn>"
NOEGLE = "<sd:BrugervendtNoegleTekst>noegle</sd:BrugervendtNoegleTekst>"
PERSONER = "<sd:TilknyttedePersoner><sd:ReferenceID><sd:URNIdentifikator>urn:p</sd:URNIdentifikator></sd:ReferenceID>" \
           "</sd:TilknyttedePersoner>"

#: name, what is replaced in the right message, by what, and the code of the answer.
FORKERT = [
    ("unknown element", NAVN, f"{NAVN}<sd:Ukendt>1</sd:Ukendt>", 40),
    ("unknown element in an unknown namespace", NAVN, f'{NAVN}<u:Ukendt xmlns:u="urn:ukendt"/>', 40),
    ("known element of another type", NAVN, f"{NAVN}<sd:EnhedNavn>navn</sd:EnhedNavn>", 40),
    ("element in the wrong namespace", NAVN, "<BrugerNavn>navn</BrugerNavn>", 40),
    ("elements in the wrong order", NOEGLE + NAVN, NAVN + NOEGLE, 40),
    ("a field twice", NAVN, NAVN + NAVN, 40),
    ("a field with elements inside", ">navn<", "><sd:BrugerNavn>navn</sd:BrugerNavn><", 40),
    ("a missing list", TILSTANDE, "", 40),
    ("text between elements", "<AttributListe>", "<AttributListe>tekst", 40),
    ("mandatory field missing", NOEGLE, "", 40),
    ("mandatory field empty", ">noegle<", "><", 40),
    ("key of 51 letters", ">noegle<", f">{'ø' * 51}<", 40),
    ("note of 1025 letters", ">note<", f">{'ø' * 1025}<", 40),
    ("URN of 256 letters", ">urn:x<", f">urn:{'x' * 252}<", 40),
    ("unknown GyldighedStatusKode", ">Aktiv<", ">Måske<", 40),
    ("unknown LivscyklusKode", ">Importeret<", ">Rettet<", 40),
    ("unknown AktoerTypeKode", ">Organisation<", ">Kommune<", 40),
    ("not a UUID", "{aktoer}", "ikke-en-uuid", 40),
    ("GraenseIndikator false", ">true<", ">false<", 40),
    ("both ends of a choice", "<sd:GraenseIndikator>",
     f"<sd:TidsstempelDatoTid>{DATO}</sd:TidsstempelDatoTid><sd:GraenseIndikator>", 40),
    ("month 13 and day 45", DATO, "2024-13-45T00:00:00.000+01:00", 40),
    ("30 February", DATO, "2024-02-30T00:00:00.000+01:00", 40),
    ("hour 25", DATO, "2024-01-01T25:00:00.000+01:00", 40),
    ("year 99999", DATO, "99999-01-01T00:00:00.000+01:00", 40),
    ("year ten to the thirtieth", DATO, f"1{'0' * 30}-01-01T00:00:00.000+01:00", 40),
    ("not a date", DATO, "i går", 40),
    ("an empty date", DATO, "", 40),
    ("Fra after Til", "<sd:GraenseIndikator>true</sd:GraenseIndikator>",
     "<sd:TidsstempelDatoTid>2023-12-31T00:00:00.000+01:00</sd:TidsstempelDatoTid>", 47),
    ("two attribute records at once", EGENSKAB, EGENSKAB + EGENSKAB.replace("noegle", "anden"), 47),
    ("registered tomorrow", "{nu}", nu(days=1), 45),
    ("the same address twice", ADRESSE, ADRESSE + ADRESSE.replace(
        "<sd:ReferenceID>", f"<sd:Virkning><sd:FraTidspunkt><sd:TidsstempelDatoTid>{DATO}</sd:TidsstempelDatoTid>"
        "</sd:FraTidspunkt></sd:Virkning><sd:ReferenceID>"), 40),
    ("two of a relation there is one of", TILHOERER, TILHOERER + TILHOERER.replace("urn:x", "urn:y"), 40),
    ("a relation without reference",
     "<sd:ReferenceID><sd:URNIdentifikator>urn:x</sd:URNIdentifikator></sd:ReferenceID>", "", 40),
    ("a relation of another type", TILHOERER, "<sd:Overordnet><sd:ReferenceID><sd:URNIdentifikator>urn:x"
     "</sd:URNIdentifikator></sd:ReferenceID></sd:Overordnet>" + TILHOERER, 40),
    ("relations in the wrong order", TILHOERER, PERSONER + TILHOERER, 40),
    ("a dynamic relation without Rolle",
     "<sd:Rolle><sd:UUIDIdentifikator>{aktoer}</sd:UUIDIdentifikator></sd:Rolle>", "", 40),
    ("an object of another type", "Bruger>", "Adresse>", 40),
]


def importer(ky, content: str):
    return ky.raw("Bruger", body("Bruger", "ImportInput", content).replace(
        "<ImportInput ", '<ImportInput xmlns:f="http://stoettesystemerne.dk/organisation/6/" '), header=ny())


def filled(content: str, uuid: str) -> str:
    for name, value in {"{uuid}": uuid, "{aktoer}": ny(), "{nu}": nu(seconds=-2)}.items():
        content = content.replace(name, value)
    return content


def test_the_right_message_is_accepted(ky):
    """Otherwise the wrong ones below would prove nothing."""
    uuid = ny()
    assert importer(ky, filled(RIGTIG, uuid)).kode == 20
    assert ky["Bruger"].laes(uuid).kode == 20


@pytest.mark.parametrize("name, right, wrong, kode", FORKERT, ids=[row[0] for row in FORKERT])
def test_a_wrong_message_is_refused_and_leaves_nothing(ky, name, right, wrong, kode):
    assert right in RIGTIG
    uuid = ny()
    answer = importer(ky, filled(RIGTIG.replace(right, wrong), uuid))
    assert (answer.status, answer.kode) == (200, kode), answer.tekst
    assert len(answer.tekst) > 10, "the text says what is wrong"
    assert ky["Bruger"].laes(uuid).kode == 44


GRAENSE = "<sd:{0}><sd:TidsstempelDatoTid>{1}</sd:TidsstempelDatoTid></sd:{0}>"

#: body element, content (with the control object's UUID), code.
FORKERTE_LAESNINGER = [
    ("LaesInput", "", 40),
    ("LaesInput", uuid_element("ikke-en-uuid"), 40),
    ("LaesInput", uuid_element("{control}") * 2, 40),
    ("LaesInput", uuid_element("{control}") + "<sd:Ukendt/>", 40),
    ("LaesInput", uuid_element("{control}") + "<sd:VirkningFraFilter/>", 40),
    ("LaesInput", uuid_element("{control}") + GRAENSE.format("VirkningFraFilter", "2024-13-45T00:00:00Z"), 40),
    ("LaesInput", uuid_element("{control}") + GRAENSE.format("VirkningFraFilter", dag(1))
     + GRAENSE.format("VirkningTilFilter", dag(0)), 47),
    ("LaesInput", uuid_element("{control}") + GRAENSE.format("RegistreringFraFilter", dag(0))
     + GRAENSE.format("RegistreringTilFilter", dag(-1)), 47),
    ("LaesInput", uuid_element("{unknown}"), 44),
    ("RetInput", uuid_element("{unknown}"), 44),
    ("RetInput", uuid_element("{control}") + "<AttributListe><Egenskab/></AttributListe>", 40),
    ("PassiverInput", uuid_element("{unknown}"), 44),
    ("SletInput", uuid_element("{unknown}"), 44),
    ("PassiverInput", "", 40),
    ("SletInput", uuid_element("{control}") + f"<sd:NoteTekst>{'x' * 1025}</sd:NoteTekst>", 40),
    ("ListInput", "".join(uuid_element(ny()) for _ in range(501)), 40),
    ("SoegInput", "<sd:FoersteResultatReference>-1</sd:FoersteResultatReference>", 40),
    ("SoegInput", "<sd:FoersteResultatReference>abc</sd:FoersteResultatReference>", 40),
    ("SoegInput", "<sd:MaksimalAntalKvantitet>1.5</sd:MaksimalAntalKvantitet>", 40),
    ("SoegInput", "<AttributListe><Egenskab><sd:Ukendt>1</sd:Ukendt></Egenskab></AttributListe>", 40),
    ("SoegInput", "<AttributListe/><Ukendt/>", 40),
]


@pytest.mark.parametrize("name, content, kode", FORKERTE_LAESNINGER)
def test_a_wrong_call_is_refused(ky, control, name, content, kode):
    filled = content.replace("{control}", control).replace("{unknown}", ny())
    answer = ky.raw("Bruger", body("Bruger", name, filled), header=ny())
    assert (answer.status, answer.kode) == (200, kode), answer.tekst


def test_a_search_is_not_an_injection(ky):
    for text in ("' OR 1=1 --", '"; DROP TABLE objekt; --', "%", "_", "\\", "***x***"):
        assert ky["Bruger"].soeg(egenskab_skabelon(noegle=f"{text}{ny()[:8]}")).kode == 44


# Who may not ---------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def self_signed(tmp_path_factory) -> tuple[str, str]:
    """A certificate nobody issued, in the name of a system that exists."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "KY")])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("self-signed")
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return str(folder / "certificate.pem"), str(folder / "key.pem")


@pytest.mark.parametrize("who", ["self-signed", "nobody"])
def test_an_unknown_certificate_is_refused(demo, seen, control, self_signed, who):
    stranger = Sts(demo, seen, self_signed if who == "self-signed" else None)
    try:
        answer = stranger.post(BRUGER, envelope(body("Bruger", "LaesInput", uuid_element(control))))
    except (requests.exceptions.SSLError, requests.exceptions.ConnectionError):
        return  # refused in the handshake
    assert answer.status in (401, 403, 500)
    answer.assert_fault()
    assert control.encode() not in answer.content


def read_only(others: list[Sts], control: str) -> Sts:
    """A system of the demo that sees Korsbæk's objects and may not write them."""
    for system in others:
        if system["Bruger"].laes(control).kode == 20 and system["Bruger"].slet(control).kode == 41:
            return system
    raise AssertionError("the demo has no system that may read Korsbæk and not write it")


def test_a_system_whose_agreement_lacks_rediger_may_not_write(others, control):
    system, typ, uuid = read_only(others, control), TYPE["Bruger"], ny()
    port = system["Bruger"]
    answers = [
        port.importer(uuid, registrering(typ.minimal())), port.opret(typ.minimal()), port.ret(control, typ.minimal()),
        port.passiver(control), port.slet(control), system["OrganisationSystem"].call("anonymiser", PersonUUID=ny()),
        system["OrganisationAdministration"].call("fysiskslet", OrganisationUUID=ny(), OrganisationEnhedUUID=ny()),
        system["Klasse"].opret(TYPE["Klasse"].minimal()),
    ]
    assert [answer.kode for answer in answers] == [41] * len(answers)
    assert all(len(answer.tekst) > 20 for answer in answers), "a refusal explains itself"
    assert port.laes(uuid).kode == 44


def test_another_municipality_does_not_exist(ky):
    port, organisation = ky["Organisation"], ky.demo.nabokoebing["organisation"]
    typ = TYPE["Organisation"]
    assert port.laes(organisation).kode == 44
    assert port.laes(organisation, **ALTID, **HISTORIK).kode == 44
    assert port.list([organisation]).kode == 44
    writes = [port.ret(organisation, typ.minimal()), port.passiver(organisation), port.slet(organisation),
              port.importer(organisation, registrering(typ.minimal()))]
    assert {answer.kode for answer in writes} <= {41, 44}
    offset, found = 0, []
    while (page := port.soeg({"AttributListe": {}, "TilstandListe": {}, "RelationListe": {}},
                             FoersteResultatReference=offset)).kode == 20:
        found += page.ids
        offset += 500
    assert ky.demo.korsbaek["organisation"] in found and organisation not in found


def test_a_fault_is_soap_1_1_where_the_request_was(ky):
    answer = ky.post(SERVICES["Klasse5"].path, envelope("<Ukendt/>", soap="http://schemas.xmlsoap.org/soap/envelope/"),
                     content_type="text/xml; charset=utf-8")
    answer.assert_fault()
    assert etree.QName(answer.body).namespace == "http://schemas.xmlsoap.org/soap/envelope/"
    assert answer.body.findtext("faultstring")


def test_an_answer_has_the_content_type_of_its_protocol(ky):
    answer = ky.post(BRUGER, envelope(body("Bruger", "LaesInput", uuid_element(ny()))))
    assert answer.content_type.startswith("application/soap+xml")
    assert f'xmlns:ns2="{SAGDOK}"'.encode() in answer.content
