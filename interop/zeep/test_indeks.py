"""The nine operations of the indexes through zeep: by the official WSDLs and by our own, over both versions of SOAP."""

from collections import Counter

import pytest
from lxml import etree
from zeep import Client
from zeep.wsdl import Document

import indeks
from client import Sts, body_of, standalone
from contracts import keep_one_import_per_namespace
from indeks import OURS, STRICT, WSDLS, Indeks, Verden, search
from messages import SOAP11, SOAP12, envelope, ny
from signatures import signatures

SDI_NS, YI_NS = "urn:oio:sts:sagdok:sagdokumentindeks:6", "urn:oio:sts:ydelse:ydelseindeks:6"
LIBERTY = (
    '<sbf:Framework xmlns:sbf="urn:liberty:sb:2006-08" xmlns:p="urn:liberty:sb:profile" version="2.0" '
    'p:profile="urn:liberty:sb:profile:basic" s:mustUnderstand="1"/>'
)
KIND = {SOAP11: "text/xml; charset=utf-8", SOAP12: "application/soap+xml; charset=utf-8"}
#: How SagDokumentIndeks is called: the WSDL, and whether it is the one we publish.
SAGER = [("SagDokumentIndeks", False), ("SagDokumentIndeks over SOAP 1.2", False), ("SagDokumentIndeks", True)]
WHOSE = ["official", "official over SOAP 1.2", "ours"]


@pytest.fixture(scope="module")
def kaldt() -> Counter:
    """How often each operation of each WSDL succeeded."""
    return Counter()


@pytest.fixture
def verden(demo) -> Verden:
    return Verden(demo.systems[0]["uuid"], demo.korsbaek["cvr"])


def sag(uuid: str):
    return search("FremsoegSagDokumentIndeksInput", SDI_NS, f"<q:SagUuid>{uuid}</q:SagUuid>")


# Without a server ----------------------------------------------------------------------------------------------------


@pytest.mark.offline
@pytest.mark.parametrize("name", WSDLS)
def test_the_official_wsdls_load_and_their_schemas_compile(name):
    operations = indeks.port_of(indeks.document(name)).binding._operations
    assert len(operations) == WSDLS[name].operations
    for operation in operations.values():
        for element in (operation.input.body, operation.output.body):
            indeks.schema(name).validate(etree.Element(element.qname.text))
            assert "No matching global" not in str(indeks.schema(name).error_log)


@pytest.mark.offline
@pytest.mark.parametrize("name", WSDLS)
def test_zeep_writes_the_examples_as_they_are(name):
    client = Client(indeks.document(name), transport=indeks.LocalFiles(), settings=STRICT)
    calls = {o.input.body.qname.text for o in indeks.port_of(indeks.document(name)).binding._operations.values()}
    done = set()
    for file in sorted((indeks.folder() / "examples-own").glob("*_input.xml")):
        message = etree.parse(file).getroot()
        if message.tag not in calls:
            continue
        operation, content = indeks.arguments(indeks.document(name), message)
        header = {"header": {"TransactionUUID": ny()}}
        written = body_of(client.create_message(client.service, operation, **content, _soapheaders=header))
        assert plain(written) == plain(message), file.name
        done.add(message.tag)
    assert done == calls


def plain(element) -> tuple:
    """Names and texts; moments without the freedom their form has."""
    children = tuple(plain(child) for child in element if isinstance(child.tag, str))
    text = "" if children else (element.text or "").strip().replace(".000+", "+")
    return element.tag, text, children


# Our own descriptions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OURS)
def test_our_wsdl_says_the_same_as_the_official_one(ky, name):
    for path in WSDLS[name].paths:
        for url in (f"{ky.demo.mtls}{path}", f"{ky.demo.mtls}{path}/validering"):
            ours = Document(f"{url}?wsdl", indeks.Published(ky), settings=STRICT)
            (our_service,), (their_service,) = ours.services.values(), indeks.document(name).services.values()
            assert our_service.name == their_service.name
            our_port, their_port = indeks.port_of(ours), indeks.port_of(indeks.document(name))
            assert our_port.name == their_port.name
            assert our_port.binding_options["address"] == url
            assert our_port.binding.name == their_port.binding.name
            assert type(our_port.binding) is type(their_port.binding)
            assert signatures(our_port.binding) == signatures(their_port.binding)


@pytest.mark.parametrize("name", OURS)
def test_what_we_publish_lets_every_example_through(ky, name, tmp_path):
    """By libxml2, which reads the schemas as strictly as anybody: extensions included."""
    url = f"{ky.demo.mtls}{WSDLS[name].paths[0]}"
    types = etree.fromstring(ky.session.get(f"{url}?wsdl").content).find(".//{http://www.w3.org/2001/XMLSchema}schema")
    for node in types:
        text = ky.session.get(node.get("schemaLocation")).text.replace(f"{url}?xsd=", "")
        (tmp_path / node.get("schemaLocation").split("=")[1]).write_text(text, encoding="utf-8")
        node.set("schemaLocation", node.get("schemaLocation").split("=")[1])
    keep_one_import_per_namespace(types)
    schema = etree.XMLSchema(etree.fromstring(etree.tostring(types), base_url=f"{tmp_path}/types"))
    operations = indeks.port_of(indeks.document(name)).binding._operations.values()
    tags = {part.body.qname.text for o in operations for part in (o.input, o.output)}
    seen = 0
    for file in sorted((indeks.folder() / "examples-own").glob("*put*.xml")):
        message = etree.parse(file)
        if message.getroot().tag in tags:
            schema.assertValid(message)
            seen += 1
    assert seen >= len(tags)


# The operations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "ours"), SAGER, ids=WHOSE)
def test_a_case_from_import_to_removal(ky, verden, kaldt, name, ours):
    sdi = Indeks(ky, name, ours, kaldt)
    sag_id, dokument_id = verden.ids["sag"], verden.ids["dokument"]
    assert sdi.send(verden("sdi_importer_input")).retur == {dokument_id: 20, sag_id: 20}
    # What comes again is known; what is other is refused.
    assert sdi.send(verden("sdi_importer_input")).retur == {dokument_id: 20, sag_id: 20}
    andet = etree.fromstring(verden.text("sdi_importer_input", Kontanthjælp="Andet"))
    assert sdi.send(andet).retur[sag_id] == 49

    assert sdi.send(verden("sdi_opdater_input")).retur == {sag_id: 20}
    assert sdi.send(verden("sdi_opdater_relation_input")).retur == {sag_id: 20}

    found = sdi.send(sag(sag_id))
    assert (found.koder[0], found.antal["sager"]) == ("20", 1)
    (registrering,) = found.objects("SagFiltreretOejebliksbillede")[sag_id]
    assert [f.FremdriftStatusKode for f in registrering.TilstandListe.Fremdrift][-1] == "Afgjort"
    assert registrering.StsTidspunkt is not None
    by_party = sdi.send(verden("sdi_fremsoeg_input"))
    assert by_party.koder[0] == "20" and by_party.antal["sager"] >= 1

    removed = sdi.send(verden("sdi_fjern_input"))
    assert removed.koder and set(removed.koder) == {"20"}
    gone = sdi.send(sag(sag_id))
    assert (gone.koder, gone.antal, gone.xml.findall(f"{{{SDI_NS}}}Antal")) == (["44"], {}, [])


@pytest.mark.parametrize("ours", [False, True], ids=["official", "ours"])
def test_a_grant_and_its_payment_from_import_to_removal(ky, verden, kaldt, ours):
    yi, bi, oe = (Indeks(ky, name, ours, kaldt) for name in OURS[1:])
    bevilling, effektuering = verden.ids["bevilling"], verden.ids["effektuering"]
    assert yi.send(verden("yi_importer_input")).retur == {bevilling: 20, effektuering: 20}
    assert yi.send(verden("yi_opdater_input")).retur == {effektuering: 20}
    begge = search(
        "FremsoegYdelseIndeksInput",
        YI_NS,
        f"<q:BevillingUuid>{bevilling}</q:BevillingUuid>"
        f"<q:OekonomiskEffektueringUuid>{effektuering}</q:OekonomiskEffektueringUuid><q:SoegUdtryk/>",
    )
    found = yi.send(begge)
    assert found.koder[0] == "20"
    assert list(found.objects("BevillingFiltreretOejebliksbillede")) == [bevilling]
    (betaling,) = found.objects("OekonomiskEffektueringFiltreretOejebliksbillede")[effektuering]
    assert betaling.AttributListe.Egenskaber[-1].BeloebUdbetalt == "4321.00"
    by_party = yi.send(verden("yi_fremsoeg_input"))
    assert by_party.koder[0] == "20" and by_party.antal["bevillinger"] >= 1

    assert oe.send(verden("oe_fjern_input")).koder == ["20"]
    assert bi.send(verden("bi_fjern_input")).koder == ["20"]
    assert bi.send(verden("bi_fjern_input")).koder == ["44"]
    assert yi.send(begge).koder == ["44"]


# What stands around a message ----------------------------------------------------------------------------------------


def konvolut(body: str, soap: str, headers: str = "", transaction: str = "t-1") -> bytes:
    """An envelope with a RequestHeader and more headers, as the sample clients send it."""
    return envelope(body, transaction, soap).replace(b"</s:Header>", f"{headers}</s:Header>".encode(), 1)


@pytest.mark.parametrize("path", [p for name in OURS for p in WSDLS[name].paths])
@pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["1.1", "1.2"])
@pytest.mark.parametrize("kind", KIND.values(), ids=["text/xml", "soap+xml"])
def test_the_envelope_says_which_soap_it_is(ky, verden, path, soap, kind):
    example = {
        "/ydelseindeks/6": "yi_fremsoeg_input",
        "/bevillingindeks/6": "bi_fjern_input",
        "/oekonomiskeffektueringindeks/6": "oe_fjern_input",
    }.get(path, "sdi_fremsoeg_input")
    answer = ky.post(path, konvolut(verden.text(example), soap, LIBERTY), kind)
    assert (answer.status, answer.content_type) == (200, KIND[soap])
    assert etree.QName(answer.envelope).namespace == soap
    assert answer.transaction == "t-1"
    assert answer.body.find(".//{*}StatusKode") is not None


def test_an_answer_says_what_it_answers(ky, verden):
    """WS-Addressing of an answer that is not signed; the default action, as the WSDL names none."""
    wsa = "http://www.w3.org/2005/08/addressing"
    headers = f'<a:MessageID xmlns:a="{wsa}">urn:uuid:1</a:MessageID>'
    answer = ky.post("/bevillingindeks/6", konvolut(verden.text("bi_fjern_input"), SOAP12, headers))
    action = "http://stoettesystemerne.dk/ydelsesindeks/BevillingPortType/fjernResponse"
    assert answer.envelope.findtext(f".//{{{wsa}}}Action") == action
    assert answer.envelope.findtext(f".//{{{wsa}}}RelatesTo") == "urn:uuid:1"


def sdi(ky, body: str, soap: str = SOAP11, path: str = indeks.SDI[0]):
    return ky.post(path, konvolut(body, soap), KIND[soap])


@pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["1.1", "1.2"])
def test_what_the_schema_forbids_is_a_fault_that_names_the_place(ky, verden, soap):
    text = verden.text("sdi_opdater_input", Afgjort="Lukket")
    answer = sdi(ky, text, soap)
    answer.assert_fault()
    assert answer.status == (500 if soap == SOAP11 else 400)
    place = "/sdi:OpdaterSagDokumentIndeksInput/sdi:OpdaterSagIndeks[1]/sag:TilstandListe/sag:Fremdrift[2]/"
    said = etree.tostring(answer.body, encoding="unicode")
    assert place + "sag:FremdriftStatusKode" in said and "Lukket" not in said


@pytest.mark.parametrize(
    "body",
    [
        f'<OpretInput xmlns="{SDI_NS}"/>',
        '<FjernInput xmlns="urn:oio:sts:ydelse:bevillingindeks:6"/>',
        f'<ImporterSagDokumentIndeksOutput xmlns="{SDI_NS}"/>',
        f'<ImporterSagDokumentIndeksInput xmlns="{YI_NS}"/>',
        "",
        f'<ImporterSagDokumentIndeksInput xmlns="{SDI_NS}"/>' * 2,
    ],
    ids=["of no service", "of another service", "an answer", "another namespace", "nothing", "two"],
)
def test_what_is_no_operation_here_is_a_fault(ky, body):
    sdi(ky, body).assert_fault()


def test_a_header_that_must_be_understood_and_is_not_is_a_fault(ky, verden):
    headers = '<x xmlns="urn:x" s:mustUnderstand="1"/>'
    answer = ky.post(indeks.SDI[0], konvolut(verden.text("sdi_fjern_input"), SOAP11, headers), KIND[SOAP11])
    answer.assert_fault()
    assert b"MustUnderstand" in answer.content


def test_other_content_types_are_refused(ky, verden):
    for kind in ("application/json", "text/xml; charset=iso-8859-1", "multipart/related"):
        assert ky.post(indeks.SDI[0], konvolut(verden.text("sdi_fjern_input"), SOAP11), kind).status == 415


def test_a_call_has_limits(ky, verden):
    """Too many objects are told in the answer; too many bytes are not read."""
    one = f"<q:SagUuid><sd:UUIDIdentifikator>{ny()}</sd:UUIDIdentifikator></q:SagUuid>"
    many = etree.tostring(search("FjernSagDokumentIndeksInput", SDI_NS, one * 1001), encoding="unicode")
    answer = sdi(ky, many)
    assert answer.kode == 40 and "1000" in answer.tekst
    text = verden.text("sdi_importer_input")
    start = text.index("<sdi:SagIndeks>")
    objekt = text[start : text.index("</sdi:SagIndeks>") + len("</sdi:SagIndeks>")]
    answer = sdi(ky, text.replace(objekt, objekt * 1001))
    assert answer.kode == 40 and "1000" in answer.tekst
    assert sdi(ky, text.replace(objekt, objekt * ((20 << 20) // len(objekt.encode()) + 1))).status == 413


# Validation ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False], ids=["with a certificate", "without"])
def test_a_message_can_be_judged_and_is_stored_nowhere(demo, seen, ky, verden, known):
    who = ky if known else Sts(demo, seen, None)
    for path in indeks.SDI:
        answer = sdi(who, verden.text("sdi_importer_input"), path=f"{path}/validering")
        assert answer.status == 200, answer.content
        indeks.schema("SagDokumentIndeks").assertValid(standalone(answer.body))
    forkert = verden.text("sdi_importer_input", **{"<sag:Titel>Kontanthjælp</sag:Titel>": ""})
    answer = sdi(who, forkert, path=f"{indeks.SDI[0]}/validering")
    returns = [tuple(child.text for child in retur) for retur in answer.body.findall("{*}UnikRetur")]
    assert any(r[0] == "40" and "S-01" in r[2] and r[-1] == verden.ids["sag"] for r in returns), returns
    assert sdi(ky, etree.tostring(sag(verden.ids["sag"]), encoding="unicode")).kode == 44


def test_without_a_certificate_nothing_else_is_answered(demo, seen, verden):
    sdi(Sts(demo, seen, None), verden.text("sdi_importer_input")).assert_fault()


# Last of all ---------------------------------------------------------------------------------------------------------


def test_every_operation_succeeded_by_every_wsdl(kaldt):
    for name in WSDLS:
        for operation in indeks.port_of(indeks.document(name)).binding._operations:
            assert kaldt[name, operation] > 0, f"{name}: {operation} never succeeded"
