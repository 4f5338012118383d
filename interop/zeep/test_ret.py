"""What `ret` does to stored periods: the same table for attributes, states and both kinds of relation.

Time is counted in days; day 50 is today. `20..50=a` is the value a from day 20 until day 50; `*` is for ever.
"""

import re
from datetime import datetime

import pytest

from client import items
from examples import TYPE
from messages import ALTID, TODAY, dag, ny, registrering, relation, virkning, virkning_filter

TYP = TYPE["OrganisationEnhed"]
IDAG = 50
LISTE = {"Egenskab": "AttributListe", "Gyldighed": "TilstandListe"}

#: kind, stored, sent, what is stored afterwards.
RETTELSER = [
    ("Egenskab", "20..*=a", "50..*=b", "20..50=a 50..*=b"),
    ("Egenskab", "20..50=a 50..*=b", "50..*=c", "20..50=a 50..*=c"),
    ("Egenskab", "20..*=a", "30..40=b", "20..30=a 30..40=b 40..*=a"),
    ("Egenskab", "20..40=a 40..*=b", "30..50=c", "20..30=a 30..50=c 50..*=b"),
    ("Gyldighed", "20..*=Aktiv", "20..50=Aktiv 50..*=Inaktiv", "20..50=Aktiv 50..*=Inaktiv"),
    ("Gyldighed", "20..*=Aktiv", "50..*=Inaktiv", "20..50=Aktiv 50..*=Inaktiv"),
    ("Gyldighed", "20..40=Aktiv 40..*=Inaktiv", "40..50=Inaktiv 50..*=Aktiv",
     "20..40=Aktiv 40..50=Inaktiv 50..*=Aktiv"),
    ("Overordnet", "20..*=p", "50..*=q", "20..50=p 50..*=q"),
    ("Overordnet", "20..*=p", "20..50=p", "20..50=p"),
    ("TilknyttedeFunktioner", "20..*=x 20..30=y 60..*=z", "20..50=x", "20..50=x 20..30=y 60..*=z"),
    ("TilknyttedeFunktioner", "60..*=z", "60..60=z", ""),
    ("TilknyttedeFunktioner", "20..*=x 20..*=w", "20..*=x", "20..*=x"),
    ("TilknyttedeFunktioner", "20..*=x", "20..*=x 50..*=w", "20..*=x 50..*=w"),
]


class Stykker:
    """Translates between the notation of the table and the lists of an OrganisationEnhed."""

    def __init__(self, kind: str):
        self.kind = kind
        self.references = {letter: ny() for letter in "pqxyzw"}

    def parse(self, text: str) -> list[tuple[str, dict]]:
        found = re.findall(r"(\d+)\.\.(\d+|\*)=(\w+)", text)
        return [(value, virkning(day(fra), None if til == "*" else day(til))) for fra, til, value in found]

    def lister(self, text: str) -> dict:
        pieces = self.parse(text)
        match self.kind:
            case "Egenskab":
                return {"AttributListe": {"Egenskab": [TYP.egenskab(value, virk) for value, virk in pieces]}}
            case "Gyldighed":
                return {"TilstandListe": TYP.tilstande(*((value == "Aktiv", virk) for value, virk in pieces))}
        relationer = [relation(self.references[value], virk) for value, virk in pieces]
        return {"RelationListe": {self.kind: relationer[0] if self.kind == "Overordnet" else relationer}}

    def read(self, registrering) -> set[str]:
        """The pieces of one Registrering that are ever in effect."""
        pieces = {self.piece(item) for item in items(registrering, LISTE.get(self.kind, "RelationListe"), self.kind)}
        return {piece for piece in pieces if not re.match(r"(\d+)\.\.\1=", piece)}

    def piece(self, item) -> str:
        names = {uuid: letter for letter, uuid in self.references.items()}
        match self.kind:
            case "Egenskab":
                value = item.BrugervendtNoegleTekst
            case "Gyldighed":
                value = item.GyldighedStatusKode
            case _:
                value = names[item.ReferenceID.UUIDIdentifikator]
        return f"{number(item.Virkning.FraTidspunkt)}..{number(item.Virkning.TilTidspunkt)}={value}"


def day(number_text: str) -> str:
    return dag(int(number_text) - IDAG)


def number(tidspunkt) -> str:
    moment: datetime | None = tidspunkt.TidsstempelDatoTid
    return "*" if moment is None else str((moment.astimezone(TODAY.tzinfo).date() - TODAY.date()).days + IDAG)


@pytest.mark.parametrize("kind, stored, sent, expected", RETTELSER)
def test_ret(ky, kind, stored, sent, expected):
    port, uuid, stykker = ky["OrganisationEnhed"], ny(), Stykker(kind)
    base = TYP.minimal(fra=day("20"))
    assert port.importer(uuid, registrering(base | stykker.lister(stored))).kode == 20
    other_lists = port.laes(uuid, **ALTID).lister

    assert port.ret(uuid, stykker.lister(sent)).kode == 20
    assert in_effect(port, uuid, stykker, " ".join([stored, sent])) == set(expected.split())
    changed = LISTE.get(kind, "RelationListe")
    after = port.laes(uuid, **ALTID).lister
    assert {k: v for k, v in after.items() if k != changed} == {k: v for k, v in other_lists.items() if k != changed}

    registreringer = len(port.historie(uuid))
    assert port.ret(uuid, stykker.lister(sent)).kode == 20
    assert len(port.historie(uuid)) == registreringer, "sending the same again records nothing"


def in_effect(port, uuid: str, stykker: Stykker, bounds: str) -> set[str]:
    """What is in effect at some instant around the bounds. The wire shows a 0..1 relation once per read."""
    if stykker.kind != "Overordnet":
        return stykker.read(port.laes(uuid, **ALTID).registrering)
    days = {int(n) for n in re.findall(r"\d+", bounds)}
    found = set()
    for n in {d + step for d in days for step in (-1, 0)}:
        found |= stykker.read(port.laes(uuid, **virkning_filter(day(str(n)), day(str(n)))).registrering)
    return found


def test_an_import_of_several_lives_needs_every_registrering_to_be_right(ky):
    """All or nothing: the second registrering breaks a rule, so neither is kept."""
    port, uuid = ky["OrganisationEnhed"], ny()
    wrong = TYP.minimal()
    wrong["AttributListe"]["Egenskab"] = []
    assert port.importer(uuid, registrering(TYP.minimal()), registrering(wrong)).kode == 40
    assert port.laes(uuid).kode == 44


def test_a_ret_keeps_relations_of_types_it_does_not_mention(ky):
    port, uuid = ky["OrganisationEnhed"], ny()
    full = TYP.full()
    assert port.importer(uuid, registrering(full)).kode == 20
    before = port.laes(uuid, **ALTID).lister["RelationListe"]
    added = relation(ny(), virkning(dag(0), None))
    kept = full["RelationListe"]["Ansatte"]
    assert port.ret(uuid, {"RelationListe": {"Ansatte": [*kept, added]}}).kode == 20
    after = port.laes(uuid, **ALTID).lister["RelationListe"]
    assert [item for item in after if item not in before] and all(item in after for item in before)
    assert len(after) == len(before) + 1
