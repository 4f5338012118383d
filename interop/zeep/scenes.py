"""What several tests set up and read: objects with relations, classifications, and hierarchies page by page."""

from client import items
from examples import TYPE
from messages import dag, ny, registrering, relation, virkning

ORGANISATIONSLISTER = ("Organisationer", "OrganisationEnheder", "OrganisationFunktioner", "Brugere",
                       "Interessefaellesskaber", "ItSystemer")
KLASSIFIKATIONSLISTER = ("Klassifikationer", "Facetter", "Klasser")
EXCLUDE = {"BrugervendtNoegleTekst": "EXCLUDE!"}
#: Templates that leave every list of OrganisationSystem empty.
INGEN = {f"{navn}SoegEgenskab": EXCLUDE for navn in (
    "Organisation", "OrganisationEnhed", "OrganisationFunktion", "Bruger", "Interessefaellesskab", "ItSystem")}


def imported(ky, navn: str, relationer: dict | None = None, noegle: str | None = None, **felter) -> str:
    """Imports a minimal object with relations and attributes of the test's own; gives its UUID."""
    typ, uuid = TYPE[navn], ny()
    content = typ.minimal(noegle, fra=dag(-30))
    content["AttributListe"]["Egenskab"][0].update(felter)
    content["RelationListe"] = relationer or {}
    assert ky[navn].importer(uuid, registrering(content)).kode == 20
    return uuid


def peger(uuid: str) -> dict:
    """A relation that began a month ago."""
    return relation(uuid, virkning(dag(-30), None))


def objekter(answer, liste: str) -> dict:
    """UUID to the one Registrering, for one list of a hierarchy."""
    result = {}
    for objekt in items(answer.body, liste, "FiltreretOejebliksbillede"):
        (only,) = objekt.Registrering
        assert objekt.ObjektType.UUIDIdentifikator not in result
        result[objekt.ObjektType.UUIDIdentifikator] = only
    return result


def pages(port, lister, stop: str | None, size: int, **search) -> dict[str, dict]:
    """Reads a hierarchy page by page until the list `stop`, or each when None, is empty; every page says 20."""
    found = {liste: {} for liste in lister}
    for page in range(1000):
        answer = port.call("fremsoegobjekthierarki", FoersteResultatReference=page * size,
                           MaksimalAntalKvantitet=size, **search)
        assert answer.kode == 20
        for liste in lister:
            here = objekter(answer, liste)
            assert len(here) <= size
            assert not here.keys() & found[liste].keys(), "pages overlap"
            found[liste] |= here
        if not any(objekter(answer, liste) for liste in ([stop] if stop else lister)):
            return found
    raise AssertionError("the hierarchy does not end")


def unik_retur(answer) -> list[tuple[str, str, int]]:
    """(type, UUID, code) of each object of a bulk import; such an answer has no StandardRetur."""
    assert not items(answer.body, "StandardRetur")
    return [(retur.Type, retur.UUIDIdentifikator, retur.StatusKode) for retur in items(answer.body, "UnikRetur")]


def klassifikation(uuids: dict, noegle: str) -> dict:
    """An import of one classification with two facets and three classes, by UUIDs per list."""
    def objekt(navn, uuid, noegle, **relationer):
        content = TYPE[navn].minimal(noegle, fra=dag(-30))
        content["RelationListe"] = {name: peger(target) for name, target in relationer.items()}
        return {"UUIDIdentifikator": uuid, "Registrering": [registrering(content)]}

    (top,), facetter, klasser = uuids.values()
    return {
        "Klassifikation": objekt("Klassifikation", top, noegle),
        "FacetterInput": {"Facet": [objekt("Facet", uuid, f"{noegle}-{i}", FacetTilhoerer=top)
                                    for i, uuid in enumerate(facetter)]},
        "KlasserInput": {"Klasse": [objekt("Klasse", uuid, f"{noegle}-{i}", Facet=facetter[i % 2])
                                    for i, uuid in enumerate(klasser)]},
    }


def nyt_traee(ky, version: str) -> tuple[dict, str]:
    """Imports a fresh classification; gives its UUIDs per list and its key."""
    uuids = {"Klassifikationer": [ny()], "Facetter": [ny(), ny()], "Klasser": [ny(), ny(), ny()]}
    noegle = f"træ-{ny()}"
    answer = ky[f"KlassifikationSystem{version}"].call("import", **klassifikation(uuids, noegle))
    types = ["Klassifikation"] + ["Facet"] * 2 + ["Klasse"] * 3
    expected = zip(types, [uuid for liste in uuids.values() for uuid in liste])
    assert unik_retur(answer) == [(*key, 20) for key in expected]
    return uuids, noegle
