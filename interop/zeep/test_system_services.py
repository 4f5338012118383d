"""The operations that are not about one object: hierarchies, imports in bulk, anonymiser and fysiskslet."""

import random

import pytest

from client import items
from examples import TYPE
from messages import ALTID, HISTORIK, LEDERROLLE, dag, dynamisk, egenskab_skabelon, nu, ny, registrering, virkning
from scenes import (
    INGEN, KLASSIFIKATIONSLISTER, ORGANISATIONSLISTER, imported, klassifikation, nyt_traee, objekter, pages, peger,
    unik_retur,
)

OE = TYPE["OrganisationEnhed"]


# OrganisationSystem --------------------------------------------------------------------------------------------------

def test_the_hierarchy_has_every_object_once(ky):
    organisation = ky.demo.korsbaek["organisation"]
    rod = imported(ky, "OrganisationEnhed", {"Tilhoerer": peger(organisation)})
    barn = imported(ky, "OrganisationEnhed", {"Tilhoerer": peger(organisation), "Overordnet": peger(rod)})
    bruger = imported(ky, "Bruger", {"Tilhoerer": peger(organisation)})
    funktion = imported(ky, "OrganisationFunktion", {"TilknyttedeBrugere": [peger(bruger)],
                                                     "TilknyttedeEnheder": [peger(barn)]})
    faellesskab, system = imported(ky, "Interessefaellesskab"), imported(ky, "ItSystem")
    found = pages(ky["OrganisationSystem"], ORGANISATIONSLISTER, None, 200)
    for uuid, liste in [(organisation, "Organisationer"), (rod, "OrganisationEnheder"), (barn, "OrganisationEnheder"),
                        (bruger, "Brugere"), (funktion, "OrganisationFunktioner"),
                        (faellesskab, "Interessefaellesskaber"), (system, "ItSystemer")]:
        assert uuid in found[liste]
    relationer = found["OrganisationEnheder"][barn].RelationListe
    assert relationer.Overordnet.ReferenceID.UUIDIdentifikator == rod
    assert relationer.Tilhoerer.ReferenceID.UUIDIdentifikator == organisation


def test_each_list_of_the_hierarchy_is_filtered_by_its_own_template(ky):
    noegle = OE.noegle()
    enhed, _ = imported(ky, "OrganisationEnhed", noegle=noegle), imported(ky, "OrganisationEnhed")
    bruger, _ = imported(ky, "Bruger", BrugerNavn=noegle), imported(ky, "Bruger")
    only = INGEN | {"OrganisationEnhedSoegEgenskab": {"BrugervendtNoegleTekst": noegle},
                    "BrugerSoegEgenskab": {"BrugerNavn": f"*{noegle[1:]}"}}
    answer = ky["OrganisationSystem"].call("fremsoegobjekthierarki", **only)
    assert answer.kode == 20
    expected = {liste: set() for liste in ORGANISATIONSLISTER} | {"OrganisationEnheder": {enhed}, "Brugere": {bruger}}
    assert {liste: set(objekter(answer, liste)) for liste in ORGANISATIONSLISTER} == expected


def test_the_hierarchy_leaves_out_what_is_passivated(ky):
    noegle = OE.noegle()
    enhed = imported(ky, "OrganisationEnhed", noegle=noegle)
    search = INGEN | {"OrganisationEnhedSoegEgenskab": {"BrugervendtNoegleTekst": noegle}}
    system = ky["OrganisationSystem"]
    assert objekter(system.call("fremsoegobjekthierarki", **search), "OrganisationEnheder").keys() == {enhed}
    assert ky["OrganisationEnhed"].passiver(enhed).kode == 20
    assert objekter(system.call("fremsoegobjekthierarki", **search), "OrganisationEnheder") == {}


def objekt(navn: str, uuid: str) -> dict:
    return {"UUIDIdentifikator": uuid, "Registrering": [registrering(TYPE[navn].full())]}


def test_an_organisation_is_imported_with_its_units(ky):
    organisation, enheder = ny(), [ny(), ny(), ny()]

    def importer():
        return unik_retur(ky["OrganisationSystem"].call(
            "import", Organisation=objekt("Organisation", organisation),
            OrganisationEnhederInput={"OrganisationEnhed": [objekt("OrganisationEnhed", uuid) for uuid in enheder]}))

    expected = [("Organisation", organisation), *(("OrganisationEnhed", uuid) for uuid in enheder)]
    assert importer() == [(*key, 20) for key in expected]
    assert ky["OrganisationEnhed"].list(enheder).kode == 20
    assert importer() == [(*key, 49) for key in expected], "live objects are not overwritten"

    assert ky["OrganisationEnhed"].passiver(enheder[1]).kode == 20
    assert [kode for _, _, kode in importer()] == [49, 49, 20, 49], "one object's fate is not another's"


# anonymiser ----------------------------------------------------------------------------------------------------------

def fiktivt_cpr() -> str:
    """Ten digits that cannot be a CPR number: nobody is born on the 99th."""
    return f"99{random.randrange(10**8):08}"


@pytest.mark.parametrize("valg", ["PersonUUID", "PersonCPR"])
def test_anonymiser_reaches_every_registrering(ky, valg):
    cpr, navn = fiktivt_cpr(), f"Fiktiv {ny()}"
    person = imported(ky, "Person", NavnTekst=navn, noegle=f"p-{ny()}", **{"CPR-NummerTekst": cpr})
    bruger = imported(ky, "Bruger", {"TilknyttedePersoner": [peger(person)]}, noegle=f"b-{ny()}", BrugerNavn=navn)
    egenskab = TYPE["Person"].egenskab(ny(), virkning(dag(0), None))
    egenskab |= {"NavnTekst": f"{navn} 2", "CPR-NummerTekst": cpr}
    assert ky["Person"].ret(person, {"AttributListe": {"Egenskab": [egenskab]}}).kode == 20
    whom = {"PersonUUID": person, "PersonCPR": cpr}[valg]
    assert ky["OrganisationSystem"].call("anonymiser", **{valg: whom}).kode == 20

    for service, uuid in (("Person", person), ("Bruger", bruger)):
        answer = ky[service].laes(uuid, **ALTID, **HISTORIK)
        assert answer.registreringer
        text = "".join(answer.xml.itertext())
        assert navn not in text and cpr not in text, service
    egenskaber = [e for r in ky["Person"].historie(person) for e in items(r, "AttributListe", "Egenskab")]
    assert all(e["CPR-NummerTekst"] is None and e.NavnTekst for e in egenskaber)
    assert ky["Person"].soeg(egenskab_skabelon(**{"CPR-NummerTekst": cpr})).kode == 44


def test_anonymiser_leaves_a_user_alone_who_is_also_someone_else(ky):
    person, anden = imported(ky, "Person"), imported(ky, "Person")
    bruger = imported(ky, "Bruger", {"TilknyttedePersoner": [peger(person), peger(anden)]}, BrugerNavn="delt")
    assert ky["OrganisationSystem"].call("anonymiser", PersonUUID=person).kode == 20
    assert ky["Bruger"].laes(bruger).registrering.AttributListe.Egenskab[0].BrugerNavn == "delt"


def test_anonymiser_of_nobody_is_not_found(ky):
    assert ky["OrganisationSystem"].call("anonymiser", PersonUUID=ny()).kode == 44
    assert ky["OrganisationSystem"].call("anonymiser", PersonCPR=fiktivt_cpr()).kode == 44


# OrganisationAdministration ------------------------------------------------------------------------------------------

def test_fysiskslet_removes_a_subtree_and_what_only_it_used(ky):
    organisation = imported(ky, "Organisation")
    egen, delt = imported(ky, "Adresse"), imported(ky, "Adresse")

    def adresser(*uuids):
        return [dynamisk(uuid, ny(), ny(), uuid, virkning(dag(-30), None)) for uuid in uuids]

    def enhed(**relationer):
        return imported(ky, "OrganisationEnhed", {"Tilhoerer": peger(organisation), **relationer})

    bliver = enhed(Adresser=adresser(delt))
    rod = enhed(Adresser=adresser(egen, delt))
    barn = enhed(Overordnet=peger(rod))
    kun_her = imported(ky, "OrganisationFunktion", {"Funktionstype": peger(LEDERROLLE),
                                                    "TilknyttedeEnheder": [peger(barn)]})
    ogsaa_der = imported(ky, "OrganisationFunktion", {"TilknyttedeEnheder": [peger(barn), peger(bliver)]})

    def fysiskslet(organisation, enhed):
        return ky["OrganisationAdministration"].call("fysiskslet", OrganisationUUID=organisation,
                                                     OrganisationEnhedUUID=enhed).kode

    assert fysiskslet(ny(), rod) in (40, 44), "the unit belongs to another organisation"
    assert fysiskslet(organisation, ny()) in (40, 44)
    assert ky["OrganisationEnhed"].laes(rod).kode == 20

    assert fysiskslet(organisation, rod) == 20
    gone = [("OrganisationEnhed", rod), ("OrganisationEnhed", barn), ("OrganisationFunktion", kun_her),
            ("Adresse", egen)]
    kept = [("OrganisationEnhed", bliver), ("OrganisationFunktion", ogsaa_der), ("Adresse", delt),
            ("Organisation", organisation)]
    for service, uuid in gone:
        assert ky[service].laes(uuid, **ALTID, **HISTORIK).kode == 44, f"{service} has left a trace"
    for service, uuid in kept:
        assert ky[service].laes(uuid).kode == 20, service


# KlassifikationSystem, versions 6 and 5 -------------------------------------------------------------------------------

versioner = pytest.mark.parametrize("version", ["", "5"])


def fremsoeg(ky, version: str, **search) -> dict[str, set]:
    found = pages(ky[f"KlassifikationSystem{version}"], KLASSIFIKATIONSLISTER, "Klasser", 5000, **search)
    return {liste: set(items) for liste, items in found.items()}


@versioner
def test_filters_work_downwards_only(ky, version):
    uuids, noegle = nyt_traee(ky, version)
    (top,), facetter, klasser = uuids.values()
    key = {"BrugervendtNoegleTekst": noegle}
    assert fremsoeg(ky, version, KlassifikationSoegEgenskab=key) == {k: set(v) for k, v in uuids.items()}

    under = fremsoeg(ky, version, FacetSoegEgenskab={"BrugervendtNoegleTekst": f"{noegle}-1"})
    assert top in under["Klassifikationer"], "a lower filter does not restrict an upper list"
    assert under["Facetter"] == {facetter[1]}
    assert under["Klasser"] == {klasser[1]}

    under = fremsoeg(ky, version, KlassifikationSoegEgenskab=key,
                     KlasseSoegEgenskab={"BrugervendtNoegleTekst": f"{noegle}-2"})
    assert under == {"Klassifikationer": {top}, "Facetter": set(facetter), "Klasser": {klasser[2]}}


@versioner
def test_a_classification_that_exists_is_not_overwritten(ky, version):
    uuids, noegle = nyt_traee(ky, version)
    again = ky[f"KlassifikationSystem{version}"].call("import", **klassifikation(uuids, noegle))
    assert {kode for _, _, kode in unik_retur(again)} == {49}


@versioner
def test_classes_are_paged(ky, version):
    uuids, noegle = nyt_traee(ky, version)
    key = {"KlassifikationSoegEgenskab": {"BrugervendtNoegleTekst": noegle}}
    found = pages(ky[f"KlassifikationSystem{version}"], ("Klasser",), "Klasser", 2, **key)
    assert set(found["Klasser"]) == set(uuids["Klasser"])
    search = {"SoegVirkning": virkning(None, nu()), **key}
    assert fremsoeg(ky, version, **search)["Klasser"] == set(uuids["Klasser"])
