//! From answers to XML, by the catalog, straight into a string.

use crate::ns::Prefixer;
use crate::tid;
use bitemporal::Instant;
use oio::UnikId;
use oio::catalog::{Dynamisk, Field, Kind, ObjektType, RelationType, Tilstandsart};
use oio::model::{Egenskab, Registrering, Relation, Tilstand, Vaerdi, Virkning};
use oio::operation::Oejebliksbillede;
use registers::Opslag;
use uuid::Uuid;
use xml::text_into;

/// What encoding objects of one type in one version must know.
#[derive(Clone, Copy)]
pub struct Skriver<'a> {
    /// The object type.
    pub typ: &'static ObjektType,
    /// The service version.
    pub version: u8,
    /// The prefixes of the answer.
    pub p: Prefixer,
    /// Labels of the classes that roles, types and, from version 7, references point to.
    pub labels: &'a Opslag,
}

fn open(out: &mut String, prefix: &str, name: &str) {
    for part in ["<", prefix, ":", name, ">"] {
        out.push_str(part);
    }
}

fn close(out: &mut String, prefix: &str, name: &str) {
    for part in ["</", prefix, ":", name, ">"] {
        out.push_str(part);
    }
}

fn empty(out: &mut String, prefix: &str, name: &str) {
    for part in ["<", prefix, ":", name, "/>"] {
        out.push_str(part);
    }
}

/// Appends a UUID in lower case.
pub fn uuid(out: &mut String, prefix: &str, name: &str, uuid: Uuid) {
    open(out, prefix, name);
    out.push_str(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    close(out, prefix, name);
}

/// The classes whose labels an answer needs.
pub fn klasser<'o>(
    typ: &'static ObjektType,
    version: u8,
    billeder: impl IntoIterator<Item = &'o Oejebliksbillede>,
) -> Vec<Uuid> {
    let mut klasser = Vec::new();
    let relationer = billeder.into_iter().flat_map(|b| &b.registreringer).flat_map(|r| &r.indhold.relationer);
    for relation in relationer {
        let dynamisk = typ.relation(relation.navn).and_then(|t| t.dynamisk_i(version)).is_some();
        if let Some(dynamik) = relation.dynamik.as_ref().filter(|_| dynamisk) {
            klasser.extend([&dynamik.rolle, &dynamik.objekttype].into_iter().filter_map(UnikId::uuid));
        }
        if version >= 7 {
            klasser.extend(relation.uuid());
        }
    }
    klasser.sort_unstable();
    klasser.dedup();
    klasser
}

impl Skriver<'_> {
    /// `FiltreretOejebliksbillede`, in the namespace of the prefix `ydre`.
    pub fn billede(&self, out: &mut String, ydre: &str, billede: &Oejebliksbillede) {
        let (p, t) = (&self.p, self.p.t);
        open(out, ydre, "FiltreretOejebliksbillede");
        let id_element = if self.version >= 7 { "ObjektID" } else { "ObjektType" };
        open(out, t, id_element);
        uuid(out, p.sd, "UUIDIdentifikator", billede.objekt.0);
        close(out, t, id_element);
        if self.version >= 7 {
            open(out, t, "DataEjer");
            text_into(out, p.sd, "CVR", &billede.ejer.to_string());
            close(out, t, "DataEjer");
        }
        for registrering in &billede.registreringer {
            self.registrering(out, registrering);
        }
        close(out, ydre, "FiltreretOejebliksbillede");
    }

    /// `Registrering`.
    pub fn registrering(&self, out: &mut String, registrering: &Registrering) {
        let (sd, t) = (self.p.sd, self.p.t);
        open(out, t, "Registrering");
        if let Some(note) = registrering.note.as_ref().filter(|n| !n.is_empty()) {
            text_into(out, sd, "NoteTekst", note);
        }
        open(out, sd, "Tidspunkt");
        tid::write(out, registrering.tidspunkt);
        close(out, sd, "Tidspunkt");
        text_into(out, sd, "LivscyklusKode", registrering.livscyklus.as_str());
        if let Some(bruger) = &registrering.bruger_ref {
            self.unik_id(out, "BrugerRef", bruger, None);
        }
        let indhold = &registrering.indhold;
        self.list(
            out,
            "AttributListe",
            indhold.lokal.attributter.as_deref(),
            &indhold.egenskaber,
            Self::egenskab,
        );
        self.list(
            out,
            "TilstandListe",
            indhold.lokal.tilstande.as_deref(),
            &indhold.tilstande,
            Self::tilstand,
        );
        self.relationer(out, registrering);
        close(out, t, "Registrering");
    }

    fn list<T>(
        &self,
        out: &mut String,
        name: &str,
        lokal: Option<&str>,
        items: &[T],
        write: fn(&Self, &mut String, &T),
    ) {
        let lokal = lokal.filter(|_| self.typ.lokal_udvidelse.contains(&self.version));
        if items.is_empty() && lokal.is_none() {
            return empty(out, self.p.t, name);
        }
        open(out, self.p.t, name);
        items.iter().for_each(|item| write(self, out, item));
        if let Some(lokal) = lokal {
            open(out, self.p.sd, "LokalUdvidelse");
            out.push_str(lokal);
            close(out, self.p.sd, "LokalUdvidelse");
        }
        close(out, self.p.t, name);
    }

    fn relationer(&self, out: &mut String, registrering: &Registrering) {
        let indhold = &registrering.indhold;
        // Stored in the catalog's order, so what this version does not have is only left out.
        let known: Vec<(&RelationType, &Relation)> = indhold
            .relationer
            .iter()
            .filter_map(|r| Some((self.typ.relation(r.navn).filter(|t| t.i_version(self.version))?, r)))
            .collect();
        self.list(
            out,
            "RelationListe",
            indhold.lokal.relationer.as_deref(),
            &known,
            |s, out, (typ, relation)| {
                s.relation(out, typ, relation);
            },
        );
    }

    fn egenskab(&self, out: &mut String, egenskab: &Egenskab) {
        open(out, self.p.t, "Egenskab");
        self.virkning(out, &egenskab.virkning);
        for felt in self.typ.egenskaber_i(self.version) {
            if let Some(vaerdi) = egenskab.get(felt.navn) {
                self.vaerdi(out, felt, vaerdi);
            }
        }
        close(out, self.p.t, "Egenskab");
    }

    fn vaerdi(&self, out: &mut String, felt: &Field, vaerdi: &Vaerdi) {
        match vaerdi {
            Vaerdi::Tekst(text) => self.felt(out, felt, text),
            Vaerdi::Tekster(texts) => texts.iter().for_each(|text| self.felt(out, felt, text)),
            Vaerdi::Grupper(grupper) => {
                let inner = if let Kind::Grupper(inner) = felt.kind { inner } else { &[] };
                for gruppe in grupper {
                    open(out, self.p.of_field(felt.ns), felt.navn.as_str());
                    for (navn, text) in gruppe {
                        if let Some(felt) = inner.iter().find(|f| f.navn == *navn) {
                            self.felt(out, felt, text);
                        }
                    }
                    close(out, self.p.of_field(felt.ns), felt.navn.as_str());
                }
            }
        }
    }

    /// One text, cut where this version cannot hold all of it.
    fn felt(&self, out: &mut String, felt: &Field, text: &str) {
        if text.is_empty() {
            return;
        }
        let cut = felt
            .max_i(self.version)
            .and_then(|max| text.char_indices().nth(max))
            .map_or(text.len(), |(at, _)| at);
        text_into(out, self.p.of_field(felt.ns), felt.navn.as_str(), &text[..cut]);
    }

    fn tilstand(&self, out: &mut String, tilstand: &Tilstand) {
        let Some(art) = self.typ.tilstand else { return };
        let (outer, inner, element) = match art {
            Tilstandsart::Gyldighed => (self.p.of, self.p.of, "GyldighedStatusKode"),
            Tilstandsart::Publiceret => (self.p.t, self.p.sd, "ErPubliceretIndikator"),
        };
        open(out, outer, art.element());
        self.virkning(out, &tilstand.virkning);
        text_into(out, inner, element, tilstand.kode.as_str());
        close(out, outer, art.element());
    }

    fn relation(&self, out: &mut String, typ: &RelationType, relation: &Relation) {
        let sd = self.p.sd;
        open(out, sd, relation.navn.as_str());
        self.virkning(out, &relation.virkning);
        if let Some(reference) = &relation.reference {
            let label = if self.version >= 7 { self.label(reference) } else { None };
            self.unik_id(out, "ReferenceID", reference, label);
        }
        if let Some(kode) = relation.aktoer_type.filter(|_| self.version == 5) {
            text_into(out, sd, "AktoerTypeKode", kode.as_str());
        }
        if let (Some(art), Some(dynamik)) = (typ.dynamisk_i(self.version), &relation.dynamik) {
            self.unik_id(out, "Rolle", &dynamik.rolle, self.label(&dynamik.rolle));
            self.unik_id(out, "Type", &dynamik.objekttype, self.label(&dynamik.objekttype));
            match (art, Uuid::try_parse(&dynamik.indeks)) {
                (Dynamisk::Fri, _) => text_into(out, sd, "Indeks", &dynamik.indeks),
                (Dynamisk::KunUuid, Ok(indeks)) => {
                    open(out, sd, "Indeks");
                    uuid(out, sd, "UUIDIdentifikator", indeks);
                    close(out, sd, "Indeks");
                }
                (Dynamisk::KunUuid, Err(_)) => empty(out, sd, "Indeks"),
            }
        }
        close(out, sd, relation.navn.as_str());
    }

    fn label(&self, id: &UnikId) -> Option<&str> {
        id.uuid().and_then(|uuid| self.labels.get(uuid))
    }

    fn unik_id(&self, out: &mut String, name: &str, id: &UnikId, label: Option<&str>) {
        let sd = self.p.sd;
        open(out, sd, name);
        match id {
            UnikId::Uuid(id) => uuid(out, sd, "UUIDIdentifikator", *id),
            UnikId::Urn(urn) => text_into(out, sd, "URNIdentifikator", urn),
        }
        if let Some(label) = label {
            text_into(out, sd, "Label", label);
        }
        close(out, sd, name);
    }

    /// Both bounds, always: clients read the second without asking whether it is there.
    fn virkning(&self, out: &mut String, virkning: &Virkning) {
        let sd = self.p.sd;
        open(out, sd, "Virkning");
        for (name, instant) in [("FraTidspunkt", virkning.period.from), ("TilTidspunkt", virkning.period.to)]
        {
            open(out, sd, name);
            self.tidspunkt(out, instant);
            close(out, sd, name);
        }
        if let Some(aktoer) = &virkning.aktoer_ref {
            self.unik_id(out, "AktoerRef", aktoer, None);
        }
        if let Some(kode) = virkning.aktoer_type {
            text_into(out, sd, "AktoerTypeKode", kode.as_str());
        }
        if let Some(note) = virkning.note.as_ref().filter(|n| !n.is_empty()) {
            text_into(out, sd, "NoteTekst", note);
        }
        close(out, sd, "Virkning");
    }

    fn tidspunkt(&self, out: &mut String, instant: Instant) {
        let sd = self.p.sd;
        let before = out.len();
        open(out, sd, "TidsstempelDatoTid");
        if tid::write(out, instant) {
            return close(out, sd, "TidsstempelDatoTid");
        }
        out.truncate(before);
        text_into(out, sd, "GraenseIndikator", "true");
    }
}
