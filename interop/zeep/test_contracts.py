"""Without a server: the official contracts load, and our examples are complete and valid by them."""

import pytest
from lxml import etree
from zeep import Client

import contracts
from client import body_of, standalone
from contracts import OPERATIONS, SERVICES
from examples import ALLE, KLASSE_7, ids
from messages import ALTID, HISTORIK, TODAY, egenskab_skabelon, ny, registrering, stamp

pytestmark = pytest.mark.offline


@pytest.mark.parametrize("version", OPERATIONS)
def test_the_wsdls_have_the_expected_number_of_operations(version):
    found = [key for key in contracts.every_operation() if SERVICES[key[0]].version == version]
    assert len(found) == OPERATIONS[version]


@pytest.mark.parametrize("service", SERVICES)
def test_the_official_schema_compiles_and_knows_every_body_element(service):
    schema = contracts.schema(service)
    for names in contracts.operations(service).values():
        for name in names:
            assert etree.QName(name).namespace == SERVICES[service].namespace
            schema.validate(etree.Element(name))
            assert "No matching global" not in str(schema.error_log)


@pytest.mark.parametrize("typ", ALLE, ids=ids)
def test_the_full_example_fills_every_element_of_the_contract(typ):
    content = typ.full()
    lists = dict(operation_input(typ, "opret").type.elements)
    for name, liste in content.items():
        assert set(liste) == set(dict(lists[name].type.elements)), name
    egenskab = dict(lists["AttributListe"].type.elements)["Egenskab"]
    for given in content["AttributListe"]["Egenskab"]:
        assert set(given) == set(dict(egenskab.type.elements))


def operation_input(typ, operation: str):
    """The element that holds the lists; version 5 wraps it once more."""
    body = contracts.binding(typ.service)._operations[operation].input.body
    if typ.version == 5:
        return dict(body.type.elements)["OpretInput"]
    return body


@pytest.mark.parametrize("typ", ALLE, ids=ids)
@pytest.mark.parametrize("example", ["minimal", "full"])
def test_requests_made_from_the_examples_are_valid(typ, example):
    content = getattr(typ, example)()
    objekt = {"UUIDIdentifikator": ny(), "Registrering": [registrering(content, Tidspunkt=stamp(TODAY))]}
    requests = {
        "opret": content,
        "importer": {typ.name: objekt},
        "ret": {"UUIDIdentifikator": ny(), "NoteTekst": "note", **content},
        "soeg": {"FoersteResultatReference": 0, **content},
        "laes": {"UUIDIdentifikator": ny(), **ALTID, **HISTORIK},
        "list": {"UUIDIdentifikator": [ny(), ny()], **ALTID},
        "passiver": {"UUIDIdentifikator": ny()},
        "slet": {"UUIDIdentifikator": ny(), "NoteTekst": "note"},
    }
    for operation, arguments in requests.items():
        contracts.schema(typ.service).assertValid(build(typ, operation, arguments))


def build(typ, operation: str, arguments: dict):
    zeep = Client(contracts.document(typ.service), transport=contracts.LocalFiles())
    if typ.version == 5:
        elements = contracts.binding(typ.service)._operations[operation].input.body.type.elements
        (inner,) = [name for name, _ in elements if name.endswith("Input")]
        arguments = {"AuthorityContext": {"MunicipalityCVR": "11223344"}, inner: arguments}
    message = zeep.create_message(
        zeep.service, operation, **arguments, _soapheaders={"header": {"TransactionUUID": ny()}}
    )
    return standalone(body_of(message))


def test_the_illegal_pattern_of_version_7_means_1_to_100():
    for sortering, valid in [("1", True), ("100", True), ("0", False), ("101", False)]:
        content = KLASSE_7.minimal()
        content["AttributListe"]["Egenskab"][0]["Sortering"] = sortering
        assert contracts.schema("Klasse7").validate(build(KLASSE_7, "opret", content)) is valid


def test_a_search_by_key_is_a_valid_request():
    for typ in ALLE:
        contracts.schema(typ.service).assertValid(build(typ, "soeg", egenskab_skabelon(noegle="x*")))
