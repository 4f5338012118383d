"""The filters of section 7, each with whether it lets one message through, and those that are none."""

from envelope import DOEDSFALD, FOEDSEL, FORTROLIG, PERSON, part, tid

PROCES = "5f1c0f52-2b1d-4b6e-8d7c-0d2f6a9c1005"
ROLLE = "5f1c0f52-2b1d-4b6e-8d7c-0d2f6a9c1002"
KILDE = "5f1c0f52-2b1d-4b6e-8d7c-0d2f6a9c1001"
ANDEN_TYPE = "5f1c0f52-2b1d-4b6e-8d7c-0d2f6a9c1009"
ELSEWHERE = "00000000-0000-4000-8000-00000000f00d"

B = "Beskedkuvert"
F = f"{B}.Filtreringsdata"
R = f"{F}.ObjektRegistrering"
L = f"{B}.Leveranceinformation"
#: Two registrations: a birth in 32.01.01 of 0101010001, a death in 32.24.04 of 0101010002.
HANDLING, ID, EMNE = (
    f"{R}.ObjektHandling.UUIDIdentifikator",
    f"{R}.ObjektId.URNIdentifikator",
    f"{R}.OpgaveEmne.URNIdentifikator",
)
FOEDT, DOED = "urn:oio:cpr-nr:0101010001", "urn:oio:cpr-nr:0101010002"
#: The related ones: 0101010000 as a person in a role, and an organisation in none.
RELATERET = f"{F}.RelateretObjekt.ObjektId.URNIdentifikator"
PAAROERENDE, FIRMA = "urn:oio:cpr-nr:0101010000", "urn:oio:cvr-nr:55667788"
REGISTRERET = f"{R}.Registreringstidspunkt.TidsstempelDatoTid"
GYLDIG_FRA = f"{B}.GyldighedFra.TidsstempelDatoTid"
GYLDIG_TIL = f"{B}.GyldighedTil.GraenseIndikator"


def message(bfo):
    """The message all filters are held against."""
    besked = bfo.besked(
        objekt=FOEDT,
        objekt_handling=FOEDSEL,
        emne="urn:oio:kle:32.01.01",
        foelsomhed=FORTROLIG,
        dannet="2025-03-03T09:15:00.000+01:00",
        relaterede=((PAAROERENDE, PERSON, ROLLE), (FIRMA, ANDEN_TYPE, None)),
        kilde=f"{part('Kildesystem', KILDE)}"
        "<besked:KildesystemIPAdresse>192.0.2.10</besked:KildesystemIPAdresse>",
        hale=f"{tid('GyldighedFra', '2025-03-03T09:15:00')}"
        "<besked:GyldighedTil><sd:GraenseIndikator>true</sd:GraenseIndikator></besked:GyldighedTil>",
    )
    besked.mere = besked.registrering(
        registrering_id=ELSEWHERE, objekt=DOED, objekt_handling=DOEDSFALD, emne="urn:oio:kle:32.24.04"
    )
    besked.mere += part("TvaergaaendeProces", PROCES.upper())
    return besked


#: Filter, and whether it is true of the message.
FILTERS = {
    "": True,
    "   ": True,
    # Equality, and the absent.
    f"{F}.BeskedAnsvarligAktoer.UUIDIdentifikator = '96514e13-afdd-44d6-95a8-adc2ca19b127'": False,
    f"{HANDLING} = '{FOEDSEL}'": True,
    f"{HANDLING} = '{DOEDSFALD}'": True,
    f"{HANDLING} = '{ELSEWHERE}'": False,
    f"{HANDLING} != '{ELSEWHERE}'": True,
    f"{HANDLING} != '{FOEDSEL}'": False,
    f"{L}.TransaktionsId.UUIDIdentifikator = '{ELSEWHERE}'": False,
    f"{L}.TransaktionsId.UUIDIdentifikator != '{ELSEWHERE}'": False,
    f"NOT ({L}.TransaktionsId.UUIDIdentifikator = '{ELSEWHERE}')": True,
    f"NOT {L}.TransaktionsId.UUIDIdentifikator = '{ELSEWHERE}'": True,
    f"{L}.KildesystemIPAdresse = '192.0.2.10'": True,
    f"{L}.Sikkerhedsklassificering.UUIDIdentifikator = '{FORTROLIG}'": True,
    # Case: of UUIDs, of the beginning of URNs, and not of the rest.
    f"{F}.TvaergaaendeProces.UUIDIdentifikator = '{PROCES}'": True,
    f"{HANDLING} = '{FOEDSEL.upper()}'": True,
    f"{ID} = 'URN:OIO:cpr-nr:0101010001'": True,
    f"{ID} = 'urn:oio:CPR-NR:0101010001'": False,
    f"{ID} = '0101010001'": False,
    # Sets.
    f"{ID} IN ('{ELSEWHERE}', '{DOED}')": True,
    f"{ID} IN ('urn:oio:cpr-nr:0101010009')": False,
    f"{ID} NOT IN ('urn:oio:cpr-nr:0101010009')": True,
    f"{ID} NOT IN ('{DOED}', 'urn:oio:cpr-nr:0101010009')": False,
    f"{L}.TransaktionsId.UUIDIdentifikator NOT IN ('{ELSEWHERE}')": False,
    # Patterns.
    f"{EMNE} LIKE 'urn:oio:kle:32.%'": True,
    f"{EMNE} LIKE 'urn:oio:kle:32.24.%'": True,
    f"{EMNE} LIKE 'urn:oio:kle:33.%'": False,
    f"{EMNE} LIKE 'urn:oio:kle:32.__.01'": True,
    f"{EMNE} LIKE '%'": True,
    f"{EMNE} LIKE 'urn:oio:kle:32'": False,
    f"{EMNE} NOT LIKE 'urn:oio:kle:33.%'": True,
    f"{EMNE} NOT LIKE 'urn:oio:kle:32.01.%'": False,
    f"{RELATERET} LIKE 'urn:oio:cpr-nr:01__0%'": True,
    # Times: as moments, and in Danish time where no zone is said.
    f"{REGISTRERET} = '2025-03-03T08:15:00Z'": True,
    f"{REGISTRERET} < '2025-03-03T09:15:00.001+01:00'": True,
    f"{REGISTRERET} < '2025-03-03T08:15:00Z'": False,
    f"{REGISTRERET} <= '2025-03-03T08:15:00Z'": True,
    f"{REGISTRERET} > '2025-03-03T08:14:59Z'": True,
    f"{REGISTRERET} >= '2025-03-03T08:15:00.0001Z'": False,
    f"{REGISTRERET} >= '2025-03-03T09:15:00'": True,
    f"{GYLDIG_FRA} <= '2025-03-03T08:15:00Z'": True,
    f"{GYLDIG_FRA} > '2025-03-03T08:15:00Z'": False,
    f"{GYLDIG_TIL} = 'true'": True,
    f"{GYLDIG_TIL} = 'false'": False,
    f"{B}.GyldighedTil.TidsstempelDatoTid > '2025-01-01T00:00:00Z'": False,
    # Whether something is there.
    f"{F}.RelateretObjekt EXISTS": True,
    f"{F}.RelateretObjekt.ObjektRolle EXISTS": True,
    f"{F}.RelateretObjekt.ObjektRolle.URNIdentifikator EXISTS": False,
    f"{L}.TransaktionsId EXISTS": False,
    f"NOT {L}.TransaktionsId EXISTS": True,
    f"{B}.Modtagerhandling EXISTS": False,
    # And, or, not.
    f"{HANDLING} = '{FOEDSEL}' AND {ID} = '{DOED}'": True,
    f"{HANDLING} = '{ELSEWHERE}' AND {ID} = '{DOED}' OR {ID} = '{FOEDT}'": True,
    f"{ID} = '{FOEDT}' OR {ID} = '{DOED}' AND {HANDLING} = '{ELSEWHERE}'": True,
    f"({ID} = '{FOEDT}' OR {ID} = '{DOED}') AND {HANDLING} = '{ELSEWHERE}'": False,
    f"NOT {ID} = '{ELSEWHERE}' AND {HANDLING} = '{FOEDSEL}'": True,
    f"NOT ({ID} = '{FOEDT}' OR {HANDLING} = '{ELSEWHERE}')": False,
    f"not {ID} = '{ELSEWHERE}' and ({HANDLING} = '{FOEDSEL}' or {HANDLING} = '{ELSEWHERE}')": True,
    f"IKKE {ID} = '{ELSEWHERE}' OG ({HANDLING} = '{FOEDSEL}' ELLER {HANDLING} = '{ELSEWHERE}')": True,
    f"{ID} in ('{FOEDT}') AND {EMNE} like 'urn:oio:kle:32.%' AND {F}.RelateretObjekt exists": True,
    f"((({ID}='{FOEDT}')))": True,
    f"{ID}\n  =\t'{FOEDT}'\n": True,
    # The same instance.
    f"ANY {R} (ObjektHandling.UUIDIdentifikator = '{FOEDSEL}' AND ObjektId.URNIdentifikator = '{FOEDT}')": True,
    f"ANY {R} (ObjektHandling.UUIDIdentifikator = '{FOEDSEL}' AND ObjektId.URNIdentifikator = '{DOED}')": False,
    f"ANY {R} (ObjektHandling.UUIDIdentifikator = '{DOEDSFALD}' AND OpgaveEmne.URNIdentifikator LIKE '%:32.24%')": True,
    f"any {R} (ObjektHandling.UUIDIdentifikator != '{FOEDSEL}')": True,
    f"NOT ANY {R} (ObjektId.URNIdentifikator = '{DOED}')": False,
    f"ANY {F}.RelateretObjekt (ObjektRolle.UUIDIdentifikator EXISTS AND ObjektId.URNIdentifikator = '{FIRMA}')": False,
    f"ANY {F}.RelateretObjekt (NOT ObjektRolle EXISTS AND ObjektId.URNIdentifikator = '{FIRMA}')": True,
    f"ANY {B}.Modtagerhandling (Handling EXISTS)": False,
    # What can be said in a text.
    f"{L}.KildesystemIPAdresse = '192''0'": False,
    f"{L}.KildesystemIPAdresse != 'æøå 😀'": True,
}

#: What is no filter, and must not come into force.
NO_FILTERS = [
    "x",
    "= 'x'",
    f"{ID} =",
    f"{ID} = x",
    f'{ID} = "x"',
    f"{ID} = 'x",
    f"{ID} = 'x' AND",
    f"({ID} = 'x'",
    f"{ID} = 'x')",
    f"{ID} = 'x' {ID} = 'y'",
    f"{ID} IN ()",
    f"{ID} IN ('x',)",
    f"{ID} LIKE",
    f"{ID} < 'x'",
    f"{REGISTRERET} < 'i morgen'",
    f"{REGISTRERET} LIKE '2025%'",
    f"{F}.Ukendt = 'x'",
    f"{F}.ObjektId.URNIdentifikator = 'x'",
    "Filtreringsdata.Beskedtype.UUIDIdentifikator = 'x'",
    "Beskeddata.Eksempel = 'x'",
    f"{B}.Beskeddata EXISTS",
    "BeskedId.UUIDIdentifikator = 'x'",
    f"{R}.ObjektRegistreringLokalUdvidelse.Noget = 'x'",
    f"ANY {R} ({HANDLING} = 'x')",
    f"ANY {R} ()",
    f"{ID} IN VAERDILISTE 'ikke-en-uuid'",
    f"{HANDLING} = 'x'; DROP TABLE",
    "(" * 500 + f"{ID} = 'x'" + ")" * 500,
]
