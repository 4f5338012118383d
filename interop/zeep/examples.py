"""The 13 object types as tables of data: which attributes and relations each has, and examples made from them.

A *minimal* example holds what the usage rules demand; a *full* one holds every attribute and every relation of the
contract. `test_contracts.py` proves the tables complete.
"""

import random
from dataclasses import dataclass, replace

from lxml import etree

from messages import BRUGER_ADRESSE, BRUGER_EMAIL, HEADER, dag, dynamisk, ny, relation, virkning

#: What XML and databases stumble over.
SVAER = "Ærø & Østers <Å> \"citat\" 'apostrof' €uro 𝄞"
AKTOERTYPER = ("Organisation", "OrganisationEnhed", "OrganisationFunktion", "Bruger", "ItSystem",
               "Interessefaellesskab")


def unik_noegle() -> str:
    """A BrugervendtNoegle nobody else has, as long as one may be, with letters of two bytes."""
    return f"nøgle-{ny()}".ljust(50, "æ")


def unikt_cvr() -> str:
    """Eight digits that look like a CVR number and are nobody's."""
    return str(random.randrange(50_000_000, 100_000_000))


@dataclass(frozen=True)
class Field:
    """One text attribute: its longest length and a value."""

    name: str
    value: object
    max: int | None = None


@dataclass(frozen=True)
class Objekttype:
    """An object type as one version of one service describes it."""

    name: str
    service: str
    mandatory: tuple[Field, ...]
    optional: tuple[Field, ...]
    tilstand: str | None
    en: tuple[str, ...] = ()
    mange: tuple[str, ...] = ()
    dynamiske: tuple[str, ...] = ()
    lokal: bool = False
    noegle: object = unik_noegle
    version: int = 6

    def egenskab(self, noegle: str, virk: dict | None, full: bool = False) -> dict:
        """One Egenskab with its Virkning."""
        fields = self.mandatory + (self.optional if full else ())
        result = {"Virkning": virk} if virk is not None else {}
        result["BrugervendtNoegleTekst"] = noegle
        for field in fields:
            result[field.name] = noegle if field.value is NOEGLE else field.value
        return result

    def tilstande(self, *pieces: tuple[bool, dict | None]) -> dict:
        """A TilstandListe: (in use?, Virkning) for each piece."""
        if self.tilstand is None:
            return {}
        return {self.tilstand: [({"Virkning": virk} if virk else {}) | self.kode(on) for on, virk in pieces]}

    def kode(self, on: bool) -> dict:
        """What says that an object is in use, or not."""
        if self.tilstand == "Gyldighed":
            return {"GyldighedStatusKode": "Aktiv" if on else "Inaktiv"}
        return {"ErPubliceretIndikator": on}

    def minimal(self, noegle: str | None = None, fra: str | None = None) -> dict:
        """What a careful client must send: from today, or `fra`, and for ever."""
        virk = virkning(fra or dag(0), None)
        return {
            "AttributListe": {"Egenskab": [self.egenskab(noegle or self.noegle(), virk)]},
            "TilstandListe": self.tilstande((True, virk)),
            "RelationListe": {},
        }

    def full(self, noegle: str | None = None) -> dict:
        """Everything the contract has room for, in several periods."""
        noegle = noegle or self.noegle()
        before = virkning(None, dag(-900), ny(), "Bruger", note="Første linje\r\nAnden linje")
        now = virkning(dag(-900), None, ny(), "Organisation", note=SVAER)
        lists = {
            "AttributListe": {"Egenskab": [self.egenskab(noegle, before, full=True),
                                           self.egenskab(noegle, now, full=True)]},
            "TilstandListe": self.tilstande((False, before), (True, now)),
            "RelationListe": self._relationer(),
        }
        if self.lokal:
            for name, liste in lists.items():
                texts = (f"{name} {SVAER}", "nummer to") if self.version == 6 else (ny(), ny())
                liste["LokalUdvidelse"] = {"_value_1": [udvidelse(text) for text in texts]}
        return lists

    def _relationer(self) -> dict:
        """One of each 0..1 relation, three of each other: now, past and future, by UUID and by URN."""
        periods = (virkning(dag(-900), None), virkning(dag(-900), dag(-30)), virkning(dag(30), dag(60)))
        result = {}
        for i, name in enumerate(self.en):
            kode = AKTOERTYPER[i % len(AKTOERTYPER)]
            result[name] = relation(ny(), virkning(dag(-900), None, ny(), kode, note=f"{name}: {SVAER}"))
        for name in self.mange:
            references = (ny(), f"urn:korsbaek:{name}:{ny()}", ny())
            result[name] = [relation(ref, virk) for ref, virk in zip(references, periods)]
        for name in self.dynamiske:
            result[name] = [self._dynamisk(name, i, virk) for i, virk in enumerate(periods, start=1)]
        return result

    def _dynamisk(self, name: str, nummer: int, virk: dict) -> dict:
        if self.version == 7:
            return dynamisk(ny(), ny(), ny(), None, virk) | {"Indeks": {"UUIDIdentifikator": ny()}}
        if name == "Adresser" and self.name == "Bruger" and nummer == 1:
            return dynamisk(ny(), BRUGER_EMAIL, BRUGER_ADRESSE, "1", virk)
        return dynamisk(ny(), ny(), ny(), str(nummer), virk)


def udvidelse(text: str):
    """An element of another namespace that the official schemas know, so that strict validation can pass."""
    element = etree.Element(f"{{{HEADER}}}RequestHeader")
    etree.SubElement(element, f"{{{HEADER}}}TransactionUUID").text = text
    return element


#: Stands for the object's own BrugervendtNoegle in a table of fields.
NOEGLE = object()

AKTOER = {"tilstand": "Gyldighed", "lokal": True, "dynamiske": ("Adresser",)}
KLASSE = {"tilstand": "PubliceretStatus"}
TILKNYTTEDE = {
    navn: f"Tilknyttede{navn}" for navn in ("Brugere", "Enheder", "Funktioner", "Interessefaellesskaber",
                                            "Organisationer", "Personer", "ItSystemer", "Opgaver")
}


def tilknyttede(*navne: str, uden: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The named Tilknyttede… relations; all when none is named."""
    return tuple(TILKNYTTEDE[navn] for navn in navne or TILKNYTTEDE if navn not in uden)


RETSKILDE = Field("RetskildeTekst", f"Lov om prøver / § 1 / {SVAER}", 4096)
BESKRIVELSE = Field("BeskrivelseTekst", f"En beskrivelse\nover to linjer. {SVAER}", 10_000)
OPHAVSRET = Field("OphavsretTekst", "Korsbæk Kommune", 4096)
TITEL = Field("TitelTekst", f"En titel: {SVAER}", 300)
SOEGEORD = Field("Soegeord", [
    {"SoegeordIdentifikator": "hjælp", "BeskrivelseTekst": SVAER, "SoegeordKategoriTekst": "1"},
    {"SoegeordIdentifikator": "støtte"},
])

TYPER_6 = (
    Objekttype("Adresse", "Adresse", (Field("AdresseTekst", "Hjulmagervej 29, 4260 Korsbæk", 200),), (), None),
    Objekttype("Person", "Person", (Field("NavnTekst", f"Fiktiv Person {SVAER}", 100),),
               (Field("CPR-NummerTekst", "9900000000"),), None),
    Objekttype("Myndighed", "Myndighed", (Field("MyndighedsKode", "9999"),),
               (Field("CVR-NummerTekst", "99999999"), Field("NavnTekst", SVAER, 200)), None),
    Objekttype("Virksomhed", "Virksomhed", (),
               (Field("CVR-NummerTekst", NOEGLE), Field("SE-NummerTekst", "99999998"),
                Field("P-NummerTekst", "9999999999"), Field("NavnTekst", SVAER, 200)), None, noegle=unikt_cvr),
    Objekttype("Bruger", "Bruger", (Field("BrugerNavn", f"bruger {SVAER}", 200),),
               (Field("BrugerTypeTekst", "Ekstern", 50),), **AKTOER,
               en=("Tilhoerer",), mange=("BrugerTyper", *tilknyttede(uden=("Brugere",)))),
    Objekttype("Interessefaellesskab", "Interessefaellesskab", (),
               (Field("InteressefaellesskabNavn", SVAER, 200), Field("InteressefaellesskabTypeTekst", "Forening", 50)),
               **AKTOER, en=("Branche", "Interessefaellesskabstype", "Overordnet", "Tilhoerer"), mange=tilknyttede()),
    Objekttype("ItSystem", "ItSystem", (Field("ItSystemNavn", f"system {SVAER}", 200),),
               (Field("ItSystemTypeTekst", "Fagsystem", 50), Field("KonfigurationReference", ["nul", "et"])),
               **AKTOER, mange=("SystemTyper", "Tilhoerer", *tilknyttede())),
    Objekttype("Organisation", "Organisation", (Field("OrganisationNavn", f"organisation {SVAER}", 200),), (),
               **AKTOER, en=("Branche", "Organisationstype", "Myndighed", "Myndighedstype", "Overordnet",
                             "Produktionsenhed", "Skatteenhed", "Tilhoerer", "Virksomhed", "Virksomhedstype"),
               mange=("Ansatte", *tilknyttede())),
    replace(
        Objekttype("OrganisationEnhed", "OrganisationEnhed", (Field("EnhedNavn", f"enhed {SVAER}", 200),), (),
                   **AKTOER, en=("Branche", "Enhedstype", "Overordnet", "Produktionsenhed", "Skatteenhed", "Tilhoerer"),
                   mange=("Ansatte", *tilknyttede(uden=("Opgaver",)))),
        dynamiske=("Adresser", "Opgaver")),
    Objekttype("OrganisationFunktion", "OrganisationFunktion", (), (Field("FunktionNavn", f"rolle {SVAER}", 200),),
               **AKTOER, en=("Funktionstype",), mange=tilknyttede(uden=("Funktioner",))),
    Objekttype("Klassifikation", "Klassifikation", (),
               (TITEL, BESKRIVELSE, Field("KaldenavnTekst", "kaldenavn", 50), OPHAVSRET), **KLASSE,
               en=("Ansvarlig", "Ejer")),
    Objekttype("Facet", "Facet", (),
               (TITEL, BESKRIVELSE, Field("OpbygningTekst", "nn.nn.nn", 1024), OPHAVSRET,
                Field("PlanIdentifikator", "42"), Field("SupplementTekst", "supplement", 1024), RETSKILDE), **KLASSE,
               en=("Ansvarlig", "Ejer", "FacetTilhoerer"), mange=("Redaktoerer",)),
    Objekttype("Klasse", "Klasse", (),
               (BESKRIVELSE, Field("EksempelTekst", "eksempel", 4096), Field("OmfangTekst", "omfang", 1024), TITEL,
                RETSKILDE, Field("AendringsnotatTekst", "notat", 1024), SOEGEORD), **KLASSE,
               en=("Ansvarlig", "Ejer", "Facet", "OverordnetKlasse"),
               mange=("Erstatter", "LovligeKombinationer", "Mapninger", "Redaktoerer", "Sideordnede", "Tilfoejelser")),
)
TYPE = {typ.name: typ for typ in TYPER_6}

#: Version 7 of Klasse: a sort order, and mapninger with a role.
KLASSE_7 = replace(
    TYPE["Klasse"], service="Klasse7", version=7,
    optional=(*TYPE["Klasse"].optional, Field("Sortering", "42")),
    mange=("Redaktoerer",), dynamiske=("Mapninger",),
)
#: Version 5 has the fields and relations of version 6, shorter texts and local extensions.
SHORTER = {"TitelTekst": 100, "BeskrivelseTekst": 4096}
TYPER_5 = tuple(
    replace(TYPE[name], service=f"{name}5", version=5, lokal=True,
            optional=tuple(replace(f, max=SHORTER.get(f.name, f.max)) for f in TYPE[name].optional))
    for name in ("Klassifikation", "Facet", "Klasse")
)
ALLE = (*TYPER_6, KLASSE_7, *TYPER_5)


def ids(typ: Objekttype) -> str:
    """The name of a type in a test's name."""
    return typ.service
