"""The eight operations on every object type, in every version of every service: 17 types, one set of tests."""

from datetime import datetime

import pytest

from client import items
from examples import ALLE, KLASSE_7, TYPE, TYPER_6, Objekttype, ids
from messages import (
    ALTID, BRUGER_ADRESSE, BRUGER_EMAIL, HISTORIK, UKENDT_NAVNERUM, body, dag, dynamisk, egenskab_skabelon, lister,
    local_name, nu, ny, registrering, registrering_filter, relation, uuid_element, virkning, virkning_filter,
)

alle_typer = pytest.mark.parametrize("typ", ALLE, ids=ids)


def sent(answer) -> dict:
    """The lists of the request, to be compared with what is read."""
    element = next(answer.sent.iter("{*}Registrering"), None)
    if element is None:
        (attributliste,) = answer.sent.iter("{*}AttributListe")
        element = [child for child in attributliste.getparent() if child.tag.endswith("Liste")]
    return lister(element)


# Writing and reading back --------------------------------------------------------------------------------------------

@alle_typer
def test_what_is_imported_is_read_back_in_full(ky, typ):
    port, uuid = ky[typ.service], ny()
    meta = {"NoteTekst": "Indlæst", "Tidspunkt": nu(seconds=-5), "BrugerRef": {"UUIDIdentifikator": ny()}}
    imported = port.importer(uuid, registrering(typ.full(), LivscyklusKode="Opstaaet", **meta))
    assert (imported.kode, imported.tekst) == (20, "OK")

    read = port.laes(uuid, **ALTID)
    assert (read.kode, read.tekst) == (20, "OK")
    assert read.lister == sent(imported)
    assert read.registrering.LivscyklusKode == "Importeret"
    assert read.registrering.NoteTekst == "Indlæst"
    assert read.registrering.BrugerRef.UUIDIdentifikator == meta["BrugerRef"]["UUIDIdentifikator"]
    assert read.registrering.Tidspunkt == datetime.fromisoformat(meta["Tidspunkt"])


@alle_typer
def test_opret_chooses_a_uuid_and_keeps_everything(ky, typ):
    port = ky[typ.service]
    created = port.opret(typ.full(), NoteTekst="Oprettet")
    assert created.kode == 20
    read = port.laes(created.body.UUIDIdentifikator, **ALTID)
    assert read.lister == sent(created)
    assert read.registrering.LivscyklusKode == "Opstaaet"
    assert read.registrering.NoteTekst == "Oprettet"
    assert "=" in read.registrering.BrugerRef.URNIdentifikator, "BrugerRef is not the caller's distinguished name"


@alle_typer
def test_a_read_without_filters_shows_what_is_in_effect_now(ky, typ):
    port, uuid = ky[typ.service], ny()
    assert port.importer(uuid, registrering(typ.full())).kode == 20
    registrering_nu = port.laes(uuid).registrering
    (egenskab,) = registrering_nu.AttributListe.Egenskab
    assert egenskab.Virkning.TilTidspunkt.GraenseIndikator is True
    if typ.tilstand:
        (tilstand,) = registrering_nu.TilstandListe[typ.tilstand]
        assert typ.kode(True).items() <= dict(tilstand.__values__).items()
    for navn in typ.mange + typ.dynamiske:
        assert len(items(registrering_nu, "RelationListe", navn)) == 1, f"{navn}: past and future ones are not hidden"


@alle_typer
def test_a_read_in_the_past_shows_what_was_in_effect_then(ky, typ):
    port, uuid = ky[typ.service], ny()
    assert port.importer(uuid, registrering(typ.full())).kode == 20
    for moment, relationer in [(dag(-1000), 0), (dag(-100), 2), (dag(45), 2)]:
        then = port.laes(uuid, **virkning_filter(moment, moment)).registrering
        assert len(items(then, "AttributListe", "Egenskab")) == 1
        for navn in typ.mange + typ.dynamiske:
            assert len(items(then, "RelationListe", navn)) == relationer, (navn, moment)


@alle_typer
def test_ret_overwrites_the_period_it_names_and_nothing_else(ky, typ):
    port, uuid, noegle = ky[typ.service], ny(), typ.noegle()
    first = port.importer(uuid, registrering(typ.minimal(fra=dag(-30))))
    egenskab = typ.egenskab(noegle, virkning(dag(0), None))
    assert port.ret(uuid, {"AttributListe": {"Egenskab": [egenskab]}}, NoteTekst="Rettet").kode == 20

    before, after = port.laes(uuid, **ALTID).registrering.AttributListe.Egenskab
    assert before.Virkning.TilTidspunkt.TidsstempelDatoTid == after.Virkning.FraTidspunkt.TidsstempelDatoTid
    assert after.BrugervendtNoegleTekst == noegle
    read = port.laes(uuid, **ALTID)
    assert read.registrering.LivscyklusKode == "Importeret"
    assert read.registrering.NoteTekst == "Rettet"
    assert read.lister["TilstandListe"] == sent(first)["TilstandListe"]
    assert [r.LivscyklusKode for r in port.historie(uuid)] == ["Importeret", "Importeret"]


@alle_typer
def test_ret_without_change_records_nothing(ky, typ):
    port, uuid = ky[typ.service], ny()
    content = typ.full()
    assert port.importer(uuid, registrering(content)).kode == 20
    before = port.laes(uuid, **ALTID).lister
    for unchanged in (content, {"AttributListe": {}, "TilstandListe": {}, "RelationListe": {}}, {}):
        assert port.ret(uuid, unchanged).kode == 20
    assert port.laes(uuid, **ALTID).lister == before
    assert len(port.historie(uuid)) == 1


@alle_typer
def test_every_registrering_of_the_past_can_be_read(ky, typ):
    port, uuid = ky[typ.service], ny()
    noegler = [typ.noegle() for _ in range(3)]
    old, new = (registrering(typ.minimal(noegle), Tidspunkt=moment)
                for noegle, moment in zip(noegler, (nu(days=-20), nu(days=-10))))
    assert port.importer(uuid, new, old).kode == 20, "registreringer may come in any order"
    egenskab = typ.egenskab(noegler[2], virkning(dag(0), None))
    assert port.ret(uuid, {"AttributListe": {"Egenskab": [egenskab]}}).kode == 20

    def read(fra, til):
        found = port.laes(uuid, **ALTID, **registrering_filter(fra, til)).registreringer
        return [r.AttributListe.Egenskab[-1].BrugervendtNoegleTekst for r in found]

    assert read(None, None) == noegler
    assert read(nu(days=-15), nu(days=-15)) == noegler[:1]
    assert read(nu(days=-15), nu(days=-5)) == noegler[:2]
    assert read(nu(days=-5), nu()) == noegler[1:]
    assert read(None, nu(days=-30)) == []


@alle_typer
def test_list_keeps_the_order_and_drops_the_unknown(ky, typ):
    port, uuids = ky[typ.service], [ny(), ny(), ny()]
    for uuid in uuids:
        assert port.importer(uuid, registrering(typ.minimal())).kode == 20
    wanted = [uuids[2], ny(), uuids[0], uuids[1]]
    answer = port.list(wanted, **ALTID)
    assert answer.kode == 20
    assert [objekt_id(objekt) for objekt in answer.objekter] == [uuids[2], uuids[0], uuids[1]]
    assert port.list([ny(), ny()]).kode == 44


def objekt_id(objekt) -> str:
    """The identifier of a FiltreretOejebliksbillede, which version 7 calls something else."""
    return (objekt["ObjektID"] if "ObjektID" in objekt else objekt["ObjektType"]).UUIDIdentifikator


# Searching -----------------------------------------------------------------------------------------------------------

@alle_typer
def test_soeg_finds_by_key_state_and_relation(ky, typ):
    port, uuid, noegle = ky[typ.service], ny(), typ.noegle()
    content = typ.full(noegle)
    assert port.importer(uuid, registrering(content)).kode == 20
    key = egenskab_skabelon(noegle=noegle)
    searches = [
        key,
        egenskab_skabelon(noegle=noegle.upper()),
        egenskab_skabelon(noegle=f"*{noegle[1:]}"),
        egenskab_skabelon(noegle=f"{noegle[:-1]}*"),
    ]
    if typ.tilstand:
        searches.append(key | {"TilstandListe": {typ.tilstand: [typ.kode(True)]}})
    for navn in typ.en + typ.mange + typ.dynamiske:
        given = content["RelationListe"][navn]
        item = dict(given[0] if isinstance(given, list) else given)
        item.pop("Virkning")
        searches.append({"AttributListe": {}, "TilstandListe": {}, "RelationListe": {navn: item}})
    for search in searches:
        found = port.soeg(search)
        assert (found.kode, found.ids) == (20, [uuid]), search


@alle_typer
def test_soeg_does_not_find_what_does_not_match(ky, typ):
    port, uuid, noegle = ky[typ.service], ny(), typ.noegle()
    content = typ.full(noegle)
    assert port.importer(uuid, registrering(content)).kode == 20
    key = egenskab_skabelon(noegle=noegle)
    searches = [
        egenskab_skabelon(noegle=ny()),
        egenskab_skabelon(noegle=noegle[:-1]),
        egenskab_skabelon(noegle=noegle[:-1] + "%"),
        egenskab_skabelon(noegle=noegle[:-1] + "_"),
    ]
    if typ.tilstand:
        searches.append(key | {"TilstandListe": {typ.tilstand: [typ.kode(False)]}})
    for navn in typ.mange + typ.dynamiske:
        past = dict(content["RelationListe"][navn][1])
        past.pop("Virkning")
        searches.append(key | {"RelationListe": {navn: past}})
    for search in searches:
        found = port.soeg(search)
        assert (found.kode, found.ids) == (44, []), search
        assert len(list(found.xml.iter("{*}IdListe"))) == 1, "an empty result still has an IdListe"


@alle_typer
def test_soeg_looks_at_the_period_it_is_told(ky, typ):
    port, uuid, noegle = ky[typ.service], ny(), typ.noegle()
    assert port.importer(uuid, registrering(typ.minimal(noegle, fra=dag(30)))).kode == 20
    key = egenskab_skabelon(noegle=noegle)
    assert port.soeg(key).kode == 44
    assert port.soeg(key, SoegVirkning=virkning(dag(31), dag(32))).ids == [uuid]
    assert port.soeg(key, SoegVirkning=virkning(nu(), None)).ids == [uuid]
    assert port.soeg(key, SoegVirkning=virkning(None, dag(10))).kode == 44


@alle_typer
def test_soeg_pages_are_complete_and_do_not_overlap(ky, typ):
    port = ky[typ.service]
    started = nu(seconds=-1)
    uuids = sorted(ny() for _ in range(5))
    for uuid in uuids:
        assert port.importer(uuid, registrering(typ.minimal())).kode == 20
    alt = {"AttributListe": {}, "TilstandListe": {}, "RelationListe": {}}
    pages, offset = [], 0
    while True:
        page = port.soeg(alt, FoersteResultatReference=offset, MaksimalAntalKvantitet=2,
                         SoegRegistrering={"FraTidspunkt": {"TidsstempelDatoTid": started}})
        if page.kode == 44:
            assert page.ids == []
            break
        assert 1 <= len(page.ids) <= 2
        pages += page.ids
        offset += 2
    assert len(pages) == len(set(pages))
    assert set(uuids) <= set(pages)


# The life of an object ------------------------------------------------------------------------------------------------

#: State before: operation → (StatusKode, LivscyklusKode afterwards or None where there is nothing to read).
LIV = {
    "ukendt": {"importer": (20, "Importeret"), "ret": (44, None), "passiver": (44, None), "slet": (44, None),
               "laes": (44, None), "list": (44, None), "soeg": (44, None)},
    "levende": {"importer": (49, "Importeret"), "ret": (20, "Importeret"), "passiver": (20, "Passiveret"),
                "slet": (20, None), "laes": (20, "Importeret"), "list": (20, "Importeret"),
                "soeg": (20, "Importeret")},
    "passiveret": {"importer": (20, "Importeret"), "ret": (49, "Passiveret"), "passiver": (20, "Passiveret"),
                   "slet": (20, None), "laes": (20, "Passiveret"), "list": (20, "Passiveret"),
                   "soeg": (44, "Passiveret")},
    "slettet": {"importer": (20, "Importeret"), "ret": (49, None), "passiver": (49, None), "slet": (44, None),
                "laes": (44, None), "list": (44, None), "soeg": (44, None)},
}
#: How an imported object comes into a state, and the codes of its registreringer then.
VEJ = {"levende": ((), ["Importeret"]), "passiveret": (("passiver",), ["Importeret", "Passiveret"]),
       "slettet": (("slet",), ["Importeret", "Slettet"])}


@alle_typer
@pytest.mark.parametrize("tilstand", LIV)
def test_the_life_of_an_object(ky, typ: Objekttype, tilstand):
    port = ky[typ.service]
    for operation, (kode, bagefter) in LIV[tilstand].items():
        uuid, noegle = ny(), typ.noegle()
        if tilstand != "ukendt":
            assert port.importer(uuid, registrering(typ.minimal(noegle, fra=dag(-10)))).kode == 20
            for step in VEJ[tilstand][0]:
                assert getattr(port, step)(uuid).kode == 20
        answer = perform(port, typ, operation, uuid, noegle)
        assert answer.kode == kode, (tilstand, operation, answer.tekst)
        assert answer.tekst
        read = port.laes(uuid)
        assert (read.registrering.LivscyklusKode if read.kode == 20 else None) == bagefter, (tilstand, operation)


def perform(port, typ: Objekttype, operation: str, uuid: str, noegle: str):
    """One operation on an object that has, or would have, this key."""
    match operation:
        case "importer":
            return port.importer(uuid, registrering(typ.minimal(noegle)))
        case "ret":
            egenskab = typ.egenskab(typ.noegle(), virkning(dag(0), None))
            return port.ret(uuid, {"AttributListe": {"Egenskab": [egenskab]}})
        case "passiver" | "slet":
            return getattr(port, operation)(uuid, NoteTekst="En note")
        case "list":
            return port.list([uuid])
        case "soeg":
            return port.soeg(egenskab_skabelon(noegle=noegle))
    return port.laes(uuid)


@alle_typer
@pytest.mark.parametrize("tilstand", VEJ)
def test_history_survives(ky, typ, tilstand):
    port, uuid = ky[typ.service], ny()
    assert port.importer(uuid, registrering(typ.full())).kode == 20
    for step in VEJ[tilstand][0]:
        assert getattr(port, step)(uuid).kode == 20
        getattr(port, step)(uuid)
    historie = port.laes(uuid, **ALTID, **HISTORIK).registreringer
    assert [r.LivscyklusKode for r in historie] == VEJ[tilstand][1], "passiver and slet twice record one registrering"
    assert len(historie[0].AttributListe.Egenskab) == 2
    if tilstand == "passiveret":
        assert len(historie[1].AttributListe.Egenskab) == 2, "passiver copies the content"
    if tilstand == "slettet":
        assert not items(historie[1], "AttributListe"), "slet empties the lists"


@alle_typer
def test_what_is_passivated_is_found_when_asked_for(ky, typ):
    port, uuid, noegle = ky[typ.service], ny(), typ.noegle()
    assert port.importer(uuid, registrering(typ.minimal(noegle))).kode == 20
    assert port.passiver(uuid).kode == 20
    key = egenskab_skabelon(noegle=noegle)
    assert port.soeg(key).kode == 44
    assert port.soeg(key, SoegRegistrering={"LivscyklusKode": "Passiveret"}).ids == [uuid]


# Fields --------------------------------------------------------------------------------------------------------------

LAENGDER = [(typ, f) for typ in ALLE for f in typ.mandatory + typ.optional if f.max]


@pytest.mark.parametrize("typ, field", LAENGDER, ids=[f"{t.service}-{f.name}" for t, f in LAENGDER])
def test_the_longest_text_is_kept_and_one_letter_more_is_refused(ky, typ, field):
    port = ky[typ.service]

    def content(length: int) -> dict:
        lists = typ.minimal()
        lists["AttributListe"]["Egenskab"][0][field.name] = "å" * length
        return registrering(lists)

    uuid = ny()
    assert port.importer(uuid, content(field.max)).kode == 20
    (egenskab,) = port.laes(uuid).registrering.AttributListe.Egenskab
    assert egenskab[field.name] == "å" * field.max

    refused = ny()
    answer = port.importer(refused, content(field.max + 1), check_request=False)
    assert answer.kode == 40 and field.name in answer.tekst
    assert port.laes(refused).kode == 44


#: What the usage rules demand; version and register decide nothing here.
PLIGTIGE = [(typ, navn) for typ, navne in {
    "Adresse": ("BrugervendtNoegleTekst", "AdresseTekst"), "Person": ("BrugervendtNoegleTekst", "NavnTekst"),
    "Virksomhed": (), "Bruger": ("BrugervendtNoegleTekst",), "Interessefaellesskab": ("BrugervendtNoegleTekst",),
    "ItSystem": ("BrugervendtNoegleTekst",), "Organisation": ("BrugervendtNoegleTekst",),
    "OrganisationEnhed": ("BrugervendtNoegleTekst",), "OrganisationFunktion": ("BrugervendtNoegleTekst",),
}.items() for navn in navne]


@pytest.mark.parametrize("navn, felt", PLIGTIGE)
def test_a_mandatory_field_must_be_there_on_import_and_on_ret(ky, navn, felt):
    typ, port, uuid = TYPE[navn], ky[navn], ny()
    lists = typ.minimal()
    del lists["AttributListe"]["Egenskab"][0][felt]
    answer = port.importer(uuid, registrering(lists))
    assert answer.kode == 40 and felt in answer.tekst
    assert port.laes(uuid).kode == 44

    assert port.importer(uuid, registrering(typ.minimal())).kode == 20
    assert port.ret(uuid, {"AttributListe": lists["AttributListe"]}).kode == 40
    assert len(port.historie(uuid)) == 1


def test_an_address_role_comes_back_with_its_label(ky):
    typ, port, uuid = TYPE["Bruger"], ky["Bruger"], ny()
    lists = typ.minimal()
    lists["RelationListe"] = {"Adresser": [dynamisk(ny(), BRUGER_EMAIL, BRUGER_ADRESSE, "1", virkning(dag(0), None))]}
    lists["RelationListe"]["Adresser"][0]["Rolle"]["Label"] = "Noget klienten selv fandt på"
    assert port.importer(uuid, registrering(lists)).kode == 20
    (adresse,) = port.laes(uuid).registrering.RelationListe.Adresser
    assert adresse.Rolle.Label == "Email_bruger"


@pytest.mark.parametrize("navn", [typ.name for typ in TYPER_6 if typ.lokal])
def test_a_local_extension_is_echoed_as_it_came(ky, navn):
    """Of a namespace nobody has a schema for, so not for zeep, and not for validation either."""
    uuid, navnet = ny(), navnefelt(TYPE[navn])
    egenskab = f"<sd:BrugervendtNoegleTekst>udvidet</sd:BrugervendtNoegleTekst><sd:{navnet}>navn</sd:{navnet}>"
    extension = f'<k:Udvidelse xmlns:k="{UKENDT_NAVNERUM}" art="fri"><k:Et>1</k:Et><k:To/></k:Udvidelse>'
    content = (
        f"<{navn}>{uuid_element(uuid)}<Registrering><AttributListe><Egenskab>{egenskab}</Egenskab>"
        f"<sd:LokalUdvidelse>{extension}</sd:LokalUdvidelse></AttributListe><TilstandListe/><RelationListe/>"
        f"</Registrering></{navn}>"
    )
    assert ky.raw(navn, body(navn, "ImportInput", content), header=ny()).kode == 20
    read = ky.raw(navn, body(navn, "LaesInput", uuid_element(uuid)))
    (found,) = read.body.iter(f"{{{UKENDT_NAVNERUM}}}Udvidelse")
    assert dict(found.attrib) == {"art": "fri"}
    assert [(local_name(child), child.text) for child in found] == [("Et", "1"), ("To", None)]
    assert ky[navn].slet(uuid).kode == 20


def navnefelt(typ: Objekttype) -> str:
    """The element that holds the name of an aktør."""
    return next(f.name for f in typ.mandatory + typ.optional if f.name.endswith("Navn"))


# Across versions -----------------------------------------------------------------------------------------------------

def test_one_klasse_is_the_same_in_versions_5_6_and_7(ky):
    typ, uuid, noegle = TYPE["Klasse"], ny(), TYPE["Klasse"].noegle()
    mapning = ny()
    lists = typ.minimal(noegle)
    lists["AttributListe"]["Egenskab"][0]["TitelTekst"] = "Den samme"
    lists["RelationListe"] = {"Mapninger": [relation(mapning, virkning(dag(0), None))]}
    assert ky["Klasse"].importer(uuid, registrering(lists)).kode == 20
    for service in ("Klasse5", "Klasse", "Klasse7"):
        assert ky[service].soeg(egenskab_skabelon(noegle=noegle)).ids == [uuid]
        read = ky[service].laes(uuid).registrering
        assert read.AttributListe.Egenskab[0].TitelTekst == "Den samme"
        assert read.RelationListe.Mapninger[0].ReferenceID.UUIDIdentifikator == mapning
    (objekt,) = ky["Klasse7"].laes(uuid).objekter
    assert objekt.DataEjer.CVR == ky.demo.korsbaek["cvr"]
    (mapninger,) = objekt.Registrering[0].RelationListe.Mapninger
    assert (mapninger.Rolle.Label, mapninger.Type.Label) == ("Mapning", "Klasse")


def test_version_7_searches_by_owner(ky):
    port, uuid, noegle = ky["Klasse7"], ny(), KLASSE_7.noegle()
    assert port.importer(uuid, registrering(KLASSE_7.minimal(noegle))).kode == 20
    key = egenskab_skabelon(noegle=noegle)
    assert port.soeg(key, DataEjer={"CVR": ky.demo.korsbaek["cvr"]}).ids == [uuid]
    assert port.soeg(key, DataEjer={"CVR": ky.demo.nabokoebing["cvr"]}).kode == 44


def test_version_6_does_not_take_away_what_only_version_7_has(ky):
    uuid, lists = ny(), KLASSE_7.minimal()
    lists["AttributListe"]["Egenskab"][0]["Sortering"] = "7"
    assert ky["Klasse7"].importer(uuid, registrering(lists)).kode == 20
    facet = relation(ny(), virkning(dag(0), None))
    assert ky["Klasse"].ret(uuid, {"RelationListe": {"Facet": facet}}).kode == 20
    assert ky["Klasse7"].laes(uuid).registrering.AttributListe.Egenskab[0].Sortering == "7"
