"""The words of the standard as Python values: times, virkninger, references, envelopes, and how to compare them."""

import re
from datetime import datetime, timedelta, timezone
from uuid import uuid4
from zoneinfo import ZoneInfo

from lxml import etree

from contracts import SERVICES

SAGDOK = "urn:oio:sagdok:3.0.0"
STS = "urn:oio:sts:6"
FAELLES = "http://stoettesystemerne.dk/organisation/6/"
HEADER = "http://kombit.dk/xml/schemas/RequestHeader/1/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SD = f"{{{SAGDOK}}}"

#: A namespace of local extensions that no schema describes.
UKENDT_NAVNERUM = "urn:korsbaek:udvidelse"

#: KLE's published UUIDs, and roles and types that clients know by heart.
KLE_EMNEPLAN = "00000c7e-face-4001-8000-000000000000"
ENHEDSROLLE = "02e61900-33e0-407f-a2a7-22f70221f003"
LEDERROLLE = "46c73630-f7ad-4000-9624-c06131cde671"
BRUGER_ADRESSE = "71a08d28-3af7-4bb4-9964-bc2b76b93d64"
BRUGER_EMAIL = "5d13e891-162a-456b-abf2-fd9b864df96d"
ENHED_ADRESSE = "9b33c0a0-a566-4ec0-8200-325cb1e5bb9a"
ENHED_POST = "80b610c6-314b-485a-a014-a9a1d7070bc4"
KLASSE_TYPE = "9870b51e-3bc0-4f98-8827-eba991dd89a9"

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
TODAY = datetime.now(COPENHAGEN).replace(hour=0, minute=0, second=0, microsecond=0)

#: Says that an element is to be left out, where None means "for ever".
OMITTED = object()


def ny() -> str:
    """A fresh UUID."""
    return str(uuid4())


# Times ---------------------------------------------------------------------------------------------------------------

def stamp(moment: datetime) -> str:
    """A moment as clients write it: Danish offset and milliseconds."""
    return moment.astimezone(COPENHAGEN).isoformat(timespec="milliseconds")


def dag(offset: int) -> str:
    """Danish midnight, so many days from today."""
    day = TODAY.date() + timedelta(days=offset)
    return stamp(datetime(day.year, day.month, day.day, tzinfo=COPENHAGEN))


def nu(**delta) -> str:
    """This moment, or one so far from it."""
    return stamp(datetime.now(COPENHAGEN) + timedelta(**delta))


def tid(moment: str | None) -> dict:
    """TidspunktType: a moment, or None for the end of time in that direction."""
    return {"GraenseIndikator": True} if moment is None else {"TidsstempelDatoTid": moment}


def virkning(fra=OMITTED, til=OMITTED, aktoer=OMITTED, kode="Organisation", note=None) -> dict:
    """A Virkning. What is omitted is not sent; None is without limit."""
    result = {}
    if fra is not OMITTED:
        result["FraTidspunkt"] = tid(fra)
    if til is not OMITTED:
        result["TilTidspunkt"] = tid(til)
    if aktoer is not OMITTED:
        result |= {"AktoerRef": unik_id(aktoer), "AktoerTypeKode": kode}
    if note is not None:
        result["NoteTekst"] = note
    return result


def virkning_filter(fra: str | None, til: str | None) -> dict:
    return {"VirkningFraFilter": tid(fra), "VirkningTilFilter": tid(til)}


def registrering_filter(fra: str | None, til: str | None) -> dict:
    return {"RegistreringFraFilter": tid(fra), "RegistreringTilFilter": tid(til)}


#: Filters that leave nothing out.
ALTID = virkning_filter(None, None)
HISTORIK = registrering_filter(None, None)


# References ----------------------------------------------------------------------------------------------------------

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def unik_id(text: str) -> dict:
    """UnikIdType: a UUID where it looks like one, else a URN."""
    return {"UUIDIdentifikator" if UUID.fullmatch(text) else "URNIdentifikator": text}


def relation(reference: str, virk: dict | None = None) -> dict:
    """A plain relation."""
    return ({"Virkning": virk} if virk is not None else {}) | {"ReferenceID": unik_id(reference)}


def dynamisk(reference: str, rolle: str, objekttype: str, indeks: str, virk: dict | None = None) -> dict:
    """A relation with Rolle, Type and Indeks."""
    return relation(reference, virk) | {"Rolle": unik_id(rolle), "Type": unik_id(objekttype), "Indeks": indeks}


def egenskab_skabelon(**felter) -> dict:
    """The three lists of a search on attributes only; `noegle` is the BrugervendtNoegleTekst."""
    if "noegle" in felter:
        felter["BrugervendtNoegleTekst"] = felter.pop("noegle")
    return {"AttributListe": {"Egenskab": [felter]}, "TilstandListe": {}, "RelationListe": {}}


def relation_skabelon(**relationer) -> dict:
    """The three lists of a search on relations only."""
    skabelon = {navn: relation(ref) if isinstance(ref, str) else ref for navn, ref in relationer.items()}
    return {"AttributListe": {}, "TilstandListe": {}, "RelationListe": skabelon}


def registrering(lister: dict, **meta) -> dict:
    """A Registrering of three lists; meta is NoteTekst, Tidspunkt, LivscyklusKode, BrugerRef."""
    return meta | lister


# Raw XML -------------------------------------------------------------------------------------------------------------

def envelope(body: str, header: str | None = None, soap: str = SOAP12) -> bytes:
    """A hand-written envelope with the RequestHeader of this transaction, or without one."""
    head = f'<h:RequestHeader xmlns:h="{HEADER}"><h:TransactionUUID>{header}</h:TransactionUUID></h:RequestHeader>'
    head = f"<s:Header>{head}</s:Header>" if header else ""
    return f'<s:Envelope xmlns:s="{soap}">{head}<s:Body>{body}</s:Body></s:Envelope>'.encode()


def body(service: str, name: str, content: str) -> str:
    """A hand-written body: `sd` is the common namespace, `sts` that of version 6, none the service's own."""
    return f'<{name} xmlns="{SERVICES[service].namespace}" xmlns:sd="{SAGDOK}" xmlns:sts="{STS}">{content}</{name}>'


def uuid_element(uuid: str) -> str:
    return f"<sd:UUIDIdentifikator>{uuid}</sd:UUIDIdentifikator>"


def reference(name: str, uuid: str) -> str:
    return f"<sd:{name}><sd:ReferenceID>{uuid_element(uuid)}</sd:ReferenceID></sd:{name}>"


def local_name(element) -> str:
    return etree.QName(element).localname


# Comparing -----------------------------------------------------------------------------------------------------------

LISTER = ("AttributListe", "TilstandListe", "RelationListe")


def lister(registrering_element) -> dict:
    """What a Registrering holds, in a form where equal means the same: order, labels and time zones aside."""
    children = {local_name(child): child for child in registrering_element}
    return {navn: sorted(canonical(item) for item in children[navn]) for navn in LISTER}


def canonical(element) -> tuple:
    """An element as nested tuples; labels are the server's own and left out."""
    children = tuple(canonical(c) for c in element if isinstance(c.tag, str) and c.tag != f"{SD}Label")
    text = "" if children else plain(element.tag, element.text or "")
    return element.tag, tuple(sorted(element.attrib.items())), text, children


def plain(tag: str, text: str) -> str:
    """A text without the freedom its type has: moments in UTC, UUIDs in lower case."""
    match tag:
        case "{urn:oio:sagdok:3.0.0}TidsstempelDatoTid" | "{urn:oio:sagdok:3.0.0}Tidspunkt":
            return datetime.fromisoformat(text).astimezone(timezone.utc).isoformat()
        case "{urn:oio:sagdok:3.0.0}UUIDIdentifikator":
            return text.lower()
    return text
