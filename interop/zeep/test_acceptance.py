"""What known clients send and expect, replayed: one test per client, and one per liberty they take with the schema."""

import re
from datetime import datetime

import pytest
from lxml import etree
from zeep.transports import Transport
from zeep.wsdl import Document

import contracts
from client import items
from contracts import SERVICES
from examples import TYPE
from messages import (
    ALTID, BRUGER_ADRESSE, BRUGER_EMAIL, ENHED_ADRESSE, ENHED_POST, ENHEDSROLLE, KLE_EMNEPLAN, LEDERROLLE, SAGDOK,
    SOAP12, body, dag, dynamisk, egenskab_skabelon, envelope, nu, ny, reference, registrering, relation,
    relation_skabelon, tid, uuid_element, virkning, virkning_filter,
)
from scenes import (
    EXCLUDE, KLASSIFIKATIONSLISTER, ORGANISATIONSLISTER, imported, nyt_traee, objekter, pages, peger,
)
from signatures import signatures




# 1-3: OS2sync --------------------------------------------------------------------------------------------------------

def os2sync_virkning(organisation: str, fra: str) -> dict:
    """OS2sync never sends TilTidspunkt on what is open."""
    return virkning(fra, aktoer=organisation)


def os2sync_objects(organisation: str, fra: str) -> list[tuple[str, str, dict]]:
    """Service, UUID and lists of five objects that belong together, in the order OS2sync writes them."""
    adresse, person, bruger, enhed, funktion = (ny() for _ in range(5))
    virk = os2sync_virkning(organisation, fra)

    def peger_paa(uuid):
        return relation(uuid, virk)

    def adresser(rolle, objekttype):
        return [dynamisk(adresse, rolle, objekttype, ny(), virk)]

    relationer = {
        "Adresse": {}, "Person": {},
        "Bruger": {"Adresser": adresser(BRUGER_EMAIL, BRUGER_ADRESSE), "Tilhoerer": peger_paa(organisation),
                   "TilknyttedePersoner": [peger_paa(person)]},
        "OrganisationEnhed": {"Adresser": adresser(ENHED_POST, ENHED_ADRESSE), "Tilhoerer": peger_paa(organisation),
                              # The unit's type is sent as a URN that holds a UUID.
                              "Enhedstype": {"Virkning": virk, "ReferenceID": {"URNIdentifikator": ny()}}},
        "OrganisationFunktion": {"Funktionstype": peger_paa(ENHEDSROLLE), "TilknyttedeBrugere": [peger_paa(bruger)],
                                 "TilknyttedeEnheder": [peger_paa(enhed)],
                                 "TilknyttedeOrganisationer": [peger_paa(organisation)]},
    }
    result = []
    for (navn, relationliste), uuid in zip(relationer.items(), (adresse, person, bruger, enhed, funktion)):
        typ = TYPE[navn]
        result.append((navn, uuid, {
            "AttributListe": {"Egenskab": [typ.egenskab(typ.noegle(), virk)]},
            "TilstandListe": typ.tilstande((True, virk)),
            "RelationListe": relationliste,
        }))
    return result


def test_1_os2sync_imports_ends_repairs_and_meets_the_codes_it_knows(ky):
    organisation = ky.demo.korsbaek["organisation"]
    for navn, uuid, content in os2sync_objects(organisation, dag(-30)):
        port = ky[navn]
        sent = registrering(content, LivscyklusKode="Importeret", BrugerRef={"UUIDIdentifikator": organisation})
        assert port.importer(uuid, sent).kode == 20, navn

        read = port.laes(uuid).registrering
        assert read.BrugerRef.UUIDIdentifikator == organisation
        (egenskab,) = read.AttributListe.Egenskab
        assert egenskab.Virkning.TilTidspunkt.GraenseIndikator is True
        assert egenskab.Virkning.AktoerRef.UUIDIdentifikator == organisation

        ending = os2sync_ending(navn, content, organisation)
        assert port.ret(uuid, ending).kode == 20
        recorded = len(port.historie(uuid))
        assert port.ret(uuid, ending).kode == 20
        assert len(port.historie(uuid)) == recorded == 2, "an identical ret records nothing"

        assert port.passiver(uuid).kode == 20
        assert port.laes(uuid).registrering.LivscyklusKode == "Passiveret"
        assert port.ret(uuid, ending).kode == 49
        assert port.importer(uuid, sent).kode == 20
        assert port.laes(uuid).registrering.LivscyklusKode == "Importeret"
        assert port.importer(uuid, sent).kode == 49
        assert port.laes(ny()).kode == 44


def os2sync_ending(navn: str, content: dict, organisation: str) -> dict:
    """The ret that ends today what has a Gyldighed, with its relations; else one that changes the attributes."""
    typ = TYPE[navn]
    if typ.tilstand is None:
        return {"AttributListe": {"Egenskab": [typ.egenskab(typ.noegle(), os2sync_virkning(organisation, dag(0)))]}}
    ended = virkning(dag(-30), dag(0), organisation)
    relationer = {}
    for name, given in content["RelationListe"].items():
        items = [item | {"Virkning": ended} for item in (given if isinstance(given, list) else [given])]
        relationer[name] = items if isinstance(given, list) else items[0]
    tilstande = typ.tilstande((True, ended), (False, os2sync_virkning(organisation, dag(0))))
    return {"TilstandListe": tilstande, "RelationListe": relationer}


def test_2_os2sync_reads_the_hierarchy_until_there_are_no_more_units(ky):
    organisation = ky.demo.korsbaek["organisation"]
    enhed = imported(ky, "OrganisationEnhed", {"Tilhoerer": peger(organisation)})
    found = pages(ky["OrganisationSystem"], ORGANISATIONSLISTER, "OrganisationEnheder", 500)
    assert found["OrganisationEnheder"][enhed].RelationListe.Tilhoerer.ReferenceID.UUIDIdentifikator == organisation


def test_3_os2sync_plans_a_position_and_takes_it_back(ky):
    port, uuid, bruger = ky["OrganisationFunktion"], ny(), ny()
    begins = dag(30)
    content = TYPE["OrganisationFunktion"].minimal(fra=dag(0))
    content["RelationListe"] = {"TilknyttedeBrugere": [relation(bruger, virkning(begins))]}
    assert port.importer(uuid, registrering(content)).kode == 20
    assert not items(port.laes(uuid).registrering, "RelationListe")

    def future() -> list:
        (objekt,) = port.list([uuid], **virkning_filter(nu(), None)).objekter
        return items(objekt.Registrering[0], "RelationListe", "TilknyttedeBrugere")

    (planned,) = future()
    assert planned.ReferenceID.UUIDIdentifikator == bruger
    search = relation_skabelon(TilknyttedeBrugere=relation(bruger, virkning(nu(), None)))
    assert port.soeg(search).ids == [uuid]
    assert port.soeg(relation_skabelon(TilknyttedeBrugere=bruger)).kode == 44

    cancelled = relation(bruger, virkning(begins, begins))
    assert port.ret(uuid, {"RelationListe": {"TilknyttedeBrugere": [cancelled]}}).kode == 20
    for left in future():
        assert left.Virkning.FraTidspunkt == left.Virkning.TilTidspunkt, "it is never in effect"
    for moment in (begins, dag(31), dag(400)):
        read = port.laes(uuid, **virkning_filter(moment, moment)).registrering
        assert not items(read, "RelationListe", "TilknyttedeBrugere")
    assert port.soeg(search).kode == 44


# 4: KITOS ------------------------------------------------------------------------------------------------------------

def test_4_kitos_finds_the_municipality_and_reads_its_tree(ky):
    cvr, organisation = ky.demo.korsbaek["cvr"], ky.demo.korsbaek["organisation"]
    (virksomhed,) = ky["Virksomhed"].soeg(egenskab_skabelon(**{"CVR-NummerTekst": cvr})).ids
    assert ky["Organisation"].soeg(relation_skabelon(Virksomhed=virksomhed)).ids == [organisation]

    answer = ky.raw("Organisation", body("Organisation", "LaesInput", uuid_element(organisation)))
    assert answer.kode == 20
    assert answer.transaction, "a call without RequestHeader is answered with one"
    (rod,) = answer.body.findall(f".//{{{SAGDOK}}}Overordnet/{{{SAGDOK}}}ReferenceID/{{{SAGDOK}}}UUIDIdentifikator")

    found = pages(ky["OrganisationSystem"], ORGANISATIONSLISTER, "OrganisationEnheder", 500,
                  BrugerSoegEgenskab=EXCLUDE, OrganisationFunktionSoegEgenskab=EXCLUDE)
    assert rod.text in found["OrganisationEnheder"]
    assert found["Brugere"] == found["OrganisationFunktioner"] == {}


# 5: itk-dev ----------------------------------------------------------------------------------------------------------

def itk_dev(raw) -> etree._Element:
    """The client removes the colons of all prefixes and looks elements up by what is left."""
    text = re.sub(r"(</?)(\w+):([^>]*>)", r"\1\2\3", raw.content.decode())
    return etree.fromstring(re.sub(r"<\?xml[^>]*\?>", "", text).encode())


def named(document, *path: str) -> list:
    """Elements by these names, one inside the other, whatever lies between."""
    steps = "".join(f"//*[local-name()='{step}']" for step in path)
    return document.xpath(steps)


def test_5_itk_dev_reads_by_literal_prefixes(ky):
    organisation = ky.demo.korsbaek["organisation"]
    adresse = imported(ky, "Adresse", AdresseTekst="fiktiv@korsbaek.example")
    person = imported(ky, "Person", NavnTekst="Fiktiv Person")
    rolle = dynamisk(adresse, BRUGER_EMAIL, BRUGER_ADRESSE, "1", virkning(dag(-30), None))
    bruger = imported(ky, "Bruger", {"Adresser": [rolle], "Tilhoerer": peger(organisation),
                                     "TilknyttedePersoner": [peger(person)]})

    def laes(service, uuid):
        raw = ky.raw(service, body(service, "LaesInput", uuid_element(uuid)), header=ny())
        for literal in (b"<soap:Envelope", b"<soap:Body", b"<ns3:LaesOutput", b"<ns2:StatusKode>20</ns2:StatusKode>"):
            assert literal in raw.content, literal
        return raw, itk_dev(raw)

    raw, document = laes("Bruger", bruger)
    (found,) = named(document, "soapBody", "ns3LaesOutput", "ns2TilknyttedePersoner", "ns2UUIDIdentifikator")
    assert found.text == person
    (found,) = named(document, "ns2Adresser", "ns2Rolle", "ns2Label")
    assert found.text == "Email_bruger"
    (found,) = named(document, "ns2Adresser", "ns2ReferenceID", "ns2UUIDIdentifikator")
    assert found.text == adresse

    raw, document = laes("Person", person)
    assert b"<ns3:NavnTekst>Fiktiv Person</ns3:NavnTekst>" in raw.content
    assert [e.text for e in named(document, "ns3Egenskab", "ns3NavnTekst")] == ["Fiktiv Person"]
    raw, document = laes("Adresse", adresse)
    assert b"<ns4:AdresseTekst>fiktiv@korsbaek.example</ns4:AdresseTekst>" in raw.content
    assert named(document, "ns3Egenskab", "ns4AdresseTekst")


def test_5_itk_dev_pages_through_active_users_until_the_list_is_empty(ky):
    wanted = {imported(ky, "Bruger") for _ in range(3)}
    gyldighed = '<TilstandListe><f:Gyldighed xmlns:f="http://stoettesystemerne.dk/organisation/6/">' \
                "<f:GyldighedStatusKode>Aktiv</f:GyldighedStatusKode></f:Gyldighed></TilstandListe>"
    found, offset = [], 0
    while True:
        paging = (f"<sd:FoersteResultatReference>{offset}</sd:FoersteResultatReference>"
                  "<sd:MaksimalAntalKvantitet>100</sd:MaksimalAntalKvantitet>")
        page = ky.raw("Bruger", body("Bruger", "SoegInput", paging + gyldighed), header=ny())
        assert b"IdListe" in page.content, "the client asks the IdListe for its children without looking"
        if not page.ids:
            assert page.kode == 44
            break
        found += page.ids
        offset += 100
    assert len(found) == len(set(found)) and wanted <= set(found)


def test_5_itk_dev_climbs_to_the_leader(ky):
    top = imported(ky, "OrganisationEnhed")
    enhed = imported(ky, "OrganisationEnhed", {"Overordnet": peger(top)})
    leder = imported(ky, "Bruger")
    imported(ky, "OrganisationFunktion", {"Funktionstype": peger(LEDERROLLE), "TilknyttedeBrugere": [peger(leder)],
                                          "TilknyttedeEnheder": [peger(top)]})

    def soeg(unit):
        relationer = reference("Funktionstype", LEDERROLLE) + reference("TilknyttedeEnheder", unit)
        content = f"<RelationListe>{relationer}</RelationListe>"
        return ky.raw("OrganisationFunktion", body("OrganisationFunktion", "SoegInput", content), header=ny()).ids

    def laes(service, uuid, *path):
        raw = ky.raw(service, body(service, "LaesInput", uuid_element(uuid)), header=ny())
        return named(itk_dev(raw), *path, "ns2UUIDIdentifikator")[0].text

    climbed = []
    while not soeg(enhed):
        climbed.append(enhed)
        enhed = laes("OrganisationEnhed", enhed, "ns2Overordnet")
    assert (len(climbed), enhed) == (1, top)
    (funktion,) = soeg(enhed)
    assert laes("OrganisationFunktion", funktion, "ns2TilknyttedeBrugere") == leder


# 6: os2mo-fkk --------------------------------------------------------------------------------------------------------

def test_6_os2mo_fkk_follows_the_changes_of_kle(ky):
    started = nu(seconds=-1)
    typ, port = TYPE["Klasse"], ky["Klasse"]
    klasser = {ny(): f"85.15.{n:02}" for n in range(3)} | {ny(): "84.15.02"}
    for uuid, nummer in klasser.items():
        content = typ.minimal(nummer, fra=dag(-400))
        old, new = content["AttributListe"]["Egenskab"][0], typ.egenskab(nummer, virkning(dag(-10), None))
        old["Virkning"] = virkning(dag(-400), dag(-10))
        content["AttributListe"]["Egenskab"] = [old, new]
        content["RelationListe"] = {"Facet": relation(KLE_EMNEPLAN, virkning(dag(-400), None))}
        assert port.importer(uuid, registrering(content)).kode == 20

    def soeg(offset):
        content = (
            f"<sd:FoersteResultatReference>{offset}</sd:FoersteResultatReference>"
            "<sd:MaksimalAntalKvantitet>500</sd:MaksimalAntalKvantitet>"
            f"<sd:SoegRegistrering><sd:FraTidspunkt><sd:TidsstempelDatoTid>{started}</sd:TidsstempelDatoTid>"
            "</sd:FraTidspunkt></sd:SoegRegistrering>"
            '<AttributListe><Egenskab xmlns=""><sd:BrugervendtNoegleTekst>85*</sd:BrugervendtNoegleTekst></Egenskab>'
            f"</AttributListe><TilstandListe/><RelationListe>{reference('Facet', KLE_EMNEPLAN)}</RelationListe>"
        )
        return ky.raw("Klasse7", body("Klasse7", "SoegInput", content), header=ny())

    found, offset = [], 0
    while (page := soeg(offset)).kode != 44:
        assert page.kode == 20
        found += page.ids
        offset += 500
    assert {uuid for uuid, nummer in klasser.items() if nummer.startswith("85")} <= set(found)
    assert not {uuid for uuid, nummer in klasser.items() if nummer.startswith("84")} & set(found)

    for uuid in klasser:
        assert len(ky["Klasse7"].laes(uuid, **ALTID).registrering.AttributListe.Egenskab) == 2
        assert port.slet(uuid).kode == 20
    assert ky["Klasse7"].laes(ny(), **ALTID).kode == 44
    ky.post(SERVICES["Klasse7"].path, envelope("<Ukendt/>")).assert_fault()


# 7: OS2syncKlassifikation and an ESDH client --------------------------------------------------------------------------

@pytest.mark.parametrize("version", ["", "5"])
def test_7_classifications_are_read_without_what_is_below_them(ky, version):
    uuids, _ = nyt_traee(ky, version)
    answer = ky[f"KlassifikationSystem{version}"].call(
        "fremsoegobjekthierarki", FacetSoegEgenskab={"BrugervendtNoegleTekst": "XXXX"}, MaksimalAntalKvantitet=5000)
    assert answer.kode == 20
    assert set(uuids["Klassifikationer"]) <= objekter(answer, "Klassifikationer").keys()
    assert objekter(answer, "Facetter") == objekter(answer, "Klasser") == {}


def test_7_an_esdh_client_reads_kle(ky):
    found = pages(ky["KlassifikationSystem"], KLASSIFIKATIONSLISTER, "Klasser", 5000,
                  KlassifikationSoegEgenskab={"BrugervendtNoegleTekst": "KLE"}, SoegVirkning=virkning(None, nu()))
    kle, facetter = found["Klassifikationer"], found["Facetter"]
    assert {k.AttributListe.Egenskab[-1].BrugervendtNoegleTekst for k in kle.values()} == {"KLE"}
    assert all(f.RelationListe.FacetTilhoerer.ReferenceID.UUIDIdentifikator in kle for f in facetter.values())
    assert all(k.RelationListe.Facet.ReferenceID.UUIDIdentifikator in facetter for k in found["Klasser"].values())


# 9: our own WSDLs ----------------------------------------------------------------------------------------------------

class Loopback(Transport):
    """Loads what the server under test publishes, with the system's certificate, and nothing else."""

    def __init__(self, ky):
        super().__init__(session=ky.session)
        self.base = ky.demo.mtls

    def load(self, url):
        assert url.startswith(self.base + "/"), f"our WSDL points to {url}"
        answer = self.session.get(url, timeout=30)
        assert answer.status_code == 200, f"{url}: HTTP {answer.status_code}"
        return answer.content


@pytest.mark.parametrize("service", SERVICES)
def test_9_our_wsdl_says_the_same_as_the_official_one(ky, service):
    url = ky.demo.mtls + SERVICES[service].path
    ours = Document(f"{url}?wsdl", Loopback(ky))
    (our_service,), (their_service,) = ours.services.values(), contracts.document(service).services.values()
    assert our_service.name == their_service.name
    (our_port,), (their_port,) = our_service.ports.values(), their_service.ports.values()
    assert our_port.name == their_port.name
    assert our_port.binding_options["address"].rstrip("/") == url
    assert our_port.binding.name == their_port.binding.name
    assert type(our_port.binding) is type(their_port.binding)
    assert signatures(our_port.binding) == signatures(their_port.binding)


# The liberties clients take ------------------------------------------------------------------------------------------

NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'

#: What the three lists of a search may look like; `{felt}` is the key searched for.
SOEG_FORMER = {
    "as the schema says": "<AttributListe><Egenskab>{felt}</Egenskab></AttributListe><TilstandListe/><RelationListe/>",
    "only the list that is used": "<AttributListe><Egenskab>{felt}</Egenskab></AttributListe>",
    "nil lists": "<AttributListe><Egenskab>{felt}</Egenskab></AttributListe>"
                 f"<TilstandListe {NIL}/><RelationListe {NIL}/>",
    "Egenskab in no namespace": '<AttributListe><Egenskab xmlns="">{felt}</Egenskab></AttributListe>'
                                "<TilstandListe/><RelationListe/>",
    "lists with spaces": "<AttributListe> <Egenskab> {felt} </Egenskab> </AttributListe>"
                         "<TilstandListe> </TilstandListe><RelationListe>\n</RelationListe>",
}


@pytest.mark.parametrize("form", SOEG_FORMER)
def test_a_search_may_be_written_in_many_ways(ky, form):
    noegle = f"fri-{ny()}"
    bruger = imported(ky, "Bruger", noegle=noegle)
    content = SOEG_FORMER[form].format(felt=f"<sd:BrugervendtNoegleTekst>{noegle}</sd:BrugervendtNoegleTekst>")
    answer = ky.raw("Bruger", body("Bruger", "SoegInput", content))
    assert (answer.kode, answer.ids) == (20, [bruger])


def test_an_egenskab_without_children_restricts_nothing(ky):
    tilhoerer = ny()
    bruger = imported(ky, "Bruger", {"Tilhoerer": peger(tilhoerer)})
    relationer = f"<RelationListe>{reference('Tilhoerer', tilhoerer)}</RelationListe>"
    lists = f"<AttributListe><Egenskab/></AttributListe><TilstandListe/>{relationer}"
    assert ky.raw("Bruger", body("Bruger", "SoegInput", lists)).ids == [bruger]


def test_a_list_of_nothing_finds_nothing(ky):
    assert ky.raw("Bruger", body("Bruger", "ListInput", "")).kode == 44


def test_spaces_around_a_uuid_and_capital_letters_do_not_matter(ky):
    bruger = imported(ky, "Bruger")
    answer = ky.raw("Bruger", body("Bruger", "LaesInput", uuid_element(f"\n   {bruger.upper()} ")))
    assert answer.kode == 20


@pytest.mark.parametrize("stored, searched", [("URNIdentifikator", "UUIDIdentifikator"),
                                              ("UUIDIdentifikator", "URNIdentifikator")])
def test_a_uuid_inside_a_urn_is_the_same_reference(ky, stored, searched):
    enhedstype = ny()
    stored_as = {"Virkning": virkning(dag(-30), None), "ReferenceID": {stored: enhedstype}}
    enhed = imported(ky, "OrganisationEnhed", {"Enhedstype": stored_as})
    search = relation_skabelon(Enhedstype={"ReferenceID": {searched: enhedstype}})
    assert ky["OrganisationEnhed"].soeg(search).ids == [enhed]
    read = ky["OrganisationEnhed"].laes(enhed).registrering.RelationListe.Enhedstype.ReferenceID
    assert read[stored] == enhedstype, "what is stored is echoed as it was sent"


#: Other paths by which clients reach the same service.
STIER = [
    ("Bruger", "/organisation/bruger/6/"), ("Bruger", "/organisation/bruger_6"),
    ("OrganisationEnhed", "/organisation/organisationsenhed/6"),
    ("OrganisationEnhed", "/organisation/organisationsenhed/6/"),
    ("Klasse", "/klasse_6/"), ("Klasse", "/klasse/6"), ("Klasse7", "/klasse_7"), ("Klasse7", "/klasse/7/"),
]


@pytest.mark.parametrize("service, path", STIER)
def test_a_service_answers_at_the_paths_clients_use(ky, service, path):
    assert ky.raw(service, body(service, "LaesInput", uuid_element(ny())), path=path).kode == 44


def test_the_misspelt_path_of_organisationsystem_works(ky):
    answer = ky.raw("OrganisationSystem", body("OrganisationSystem", "FremsoegObjekthierarkiInput", ""),
                    path="/organisation/organisationssystem/6")
    assert answer.kode == 20


def test_the_liberty_framework_header_is_understood_and_ignored(ky):
    framework = ('<sbf:Framework xmlns:sbf="urn:liberty:sb" xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
                 's:mustUnderstand="true" version="2.0"/>')
    content = body("Bruger", "LaesInput", uuid_element(ny()))
    message = f'<s:Envelope xmlns:s="{SOAP12}"><s:Header>{framework}</s:Header><s:Body>{content}</s:Body></s:Envelope>'
    assert ky.post(SERVICES["Bruger"].path, message.encode()).kode == 44


def test_a_read_of_now_and_later_shows_what_begins_later(ky):
    enhed = imported(ky, "OrganisationEnhed", {"Overordnet": relation(ny(), virkning(dag(7), None))})
    port = ky["OrganisationEnhed"]
    assert not items(port.laes(enhed).registrering, "RelationListe", "Overordnet")
    later = port.laes(enhed, VirkningFraFilter=tid(nu()), VirkningTilFilter=tid(None)).registrering
    assert later.RelationListe.Overordnet.Virkning.FraTidspunkt.TidsstempelDatoTid == datetime.fromisoformat(dag(7))
