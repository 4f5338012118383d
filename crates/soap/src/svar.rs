//! Calling the use case and writing its answer.

use crate::afkod::Kald;
use crate::fejl::{OK, status};
use crate::kuvert::{self, Soap};
use crate::ns::prefixer;
use crate::skriv::{self, Skriver};
use crate::tabel::{Emne, Operation, Tjeneste};
use adgang::Caller;
use app::App;
use bytes::Bytes;
use futures_util::{Stream, stream};
use oio::catalog::ObjektType;
use oio::operation::Oejebliksbillede;
use oio::{Fejl, ObjektId};
use registers::Hierarki;
use uuid::Uuid;
use xml::text_into;

/// What every answer is written from.
#[derive(Clone)]
pub(crate) struct Ramme {
    pub app: App,
    pub soap: Soap,
    pub tjeneste: &'static Tjeneste,
    pub operation: &'static Operation,
    /// The transaction as the caller wrote it.
    pub header: String,
    pub transaktion: Uuid,
}

/// An answer: the code, for the log, and the message, whole or piece by piece.
pub(crate) enum Svar {
    Helt(u16, String),
    Stykvis(Box<Hierarki>),
}

/// The object type of a service about one; system services answer by other means.
fn typ_of(tjeneste: &Tjeneste) -> Result<&'static ObjektType, Fejl> {
    match tjeneste.emne {
        Emne::Objekt(typ) => Ok(typ),
        Emne::System(_) | Emne::Administration => {
            Err(Fejl::ugyldig(tjeneste.navn, "har ikke denne operation"))
        }
    }
}

/// Carries out a call.
pub(crate) async fn udfoer(ramme: &Ramme, caller: &Caller, kald: Result<Kald, Fejl>) -> Svar {
    match forsoeg(ramme, caller, kald).await {
        Ok(svar) => svar,
        Err(fejl) => {
            let (kode, text) = status(&fejl, ramme.transaktion);
            Svar::Helt(kode, ramme.besked(kode, &text, |out| ramme.tomt_udfald(out)))
        }
    }
}

async fn forsoeg(ramme: &Ramme, caller: &Caller, kald: Result<Kald, Fejl>) -> Result<Svar, Fejl> {
    let (app, tjeneste) = (&ramme.app, ramme.tjeneste);
    let typ = || typ_of(tjeneste);
    let svar = match kald? {
        Kald::Opret { note, indhold } => {
            let objekt = registers::opret(app, caller, typ()?, note, indhold).await?;
            ramme.ok(|out| skriv::uuid(out, ramme.sd(), "UUIDIdentifikator", objekt.0))
        }
        Kald::Importer { objekt, sendt } => {
            registers::importer(app, caller, typ()?, objekt, sendt).await?;
            ramme.ok(|_| {})
        }
        Kald::Ret { objekt, note, aendring } => {
            registers::ret(app, caller, typ()?, objekt, note, aendring).await?;
            ramme.ok(|_| {})
        }
        Kald::Passiver { objekt, note } => {
            registers::passiver(app, caller, typ()?, objekt, note).await?;
            ramme.ok(|_| {})
        }
        Kald::Slet { objekt, note } => {
            registers::slet(app, caller, typ()?, objekt, note).await?;
            ramme.ok(|_| {})
        }
        Kald::Laes { objekt, filter } => {
            let billede = registers::laes(app, caller, typ()?, objekt, filter).await?;
            ramme.billeder(typ()?, &[billede]).await?
        }
        Kald::List { objekter, filter } => {
            let billeder = registers::list(app, caller, typ()?, objekter, filter).await?;
            ramme.billeder(typ()?, &billeder).await?
        }
        Kald::Soeg { skabelon, foerste, antal } => {
            let ids = registers::soeg(app, caller, typ()?, *skabelon, foerste, antal).await?;
            ramme.id_liste(&ids)
        }
        Kald::Fremsoeg(input) => {
            Svar::Stykvis(Box::new(registers::fremsoeg(app, caller, tjeneste.register, *input).await?))
        }
        Kald::ImporterSystem(objekter) => {
            let udfald = registers::importer_system(app, caller, objekter).await?;
            ramme.unik_retur(&udfald)
        }
        Kald::Anonymiser(valg) => {
            registers::anonymiser(app, caller, valg).await?;
            ramme.ok(|_| {})
        }
        Kald::Fysiskslet { organisation, enhed } => {
            registers::fysiskslet(app, caller, organisation, enhed).await?;
            ramme.ok(|_| {})
        }
    };
    Ok(svar)
}

impl Ramme {
    fn sd(&self) -> &'static str {
        prefixer(self.tjeneste.version).sd
    }

    fn standard_retur(&self, out: &mut String, kode: u16, text: &str) {
        let sd = self.sd();
        out.push_str(&format!("<{sd}:StandardRetur><{sd}:StatusKode>{kode}</{sd}:StatusKode>"));
        text_into(out, sd, "FejlbeskedTekst", text);
        out.push_str(&format!("</{sd}:StandardRetur>"));
    }

    /// A whole message with a StandardRetur and what follows it.
    fn besked(&self, kode: u16, text: &str, rest: impl FnOnce(&mut String)) -> String {
        let mut out = kuvert::begin(self.soap, self.tjeneste, self.operation, &self.header);
        self.standard_retur(&mut out, kode, text);
        rest(&mut out);
        kuvert::end(&mut out, self.tjeneste, self.operation);
        out
    }

    fn ok(&self, rest: impl FnOnce(&mut String)) -> Svar {
        Svar::Helt(OK.0, self.besked(OK.0, OK.1, rest))
    }

    /// The containers a fremsoeg answer must have even when it failed.
    fn tomt_udfald(&self, out: &mut String) {
        if self.operation.udfoer == crate::tabel::Udfoer::Fremsoeg {
            let t = prefixer(self.tjeneste.version).t;
            for typ in registers::lister(self.tjeneste.register) {
                out.push_str(&format!("<{t}:{}/>", beholder(typ)));
            }
        }
    }

    async fn billeder(&self, typ: &'static ObjektType, billeder: &[Oejebliksbillede]) -> Result<Svar, Fejl> {
        let version = self.tjeneste.version;
        let labels = registers::labels(&self.app, skriv::klasser(typ, version, billeder)).await?;
        let skriver = Skriver { typ, version, p: prefixer(version), labels: &labels };
        Ok(self.ok(|out| write_all(out, &skriver, skriver.p.t, billeder)))
    }

    /// An empty result is 44 *and* an empty list: clients page until either.
    fn id_liste(&self, ids: &[ObjektId]) -> Svar {
        let sd = self.sd();
        let (kode, text) = if ids.is_empty() { (44, "Ingen resultater") } else { OK };
        let besked = self.besked(kode, text, |out| {
            if ids.is_empty() {
                out.push_str(&format!("<{sd}:IdListe/>"));
                return;
            }
            out.push_str(&format!("<{sd}:IdListe>"));
            ids.iter().for_each(|id| skriv::uuid(out, sd, "UUIDIdentifikator", id.0));
            out.push_str(&format!("</{sd}:IdListe>"));
        });
        Svar::Helt(kode, besked)
    }

    /// `MultipleOutputType`: one return per object, and no StandardRetur beside them.
    fn unik_retur(&self, udfald: &[(&'static ObjektType, ObjektId, Result<(), Fejl>)]) -> Svar {
        let sd = self.sd();
        let mut out = kuvert::begin(self.soap, self.tjeneste, self.operation, &self.header);
        let mut samlet = OK.0;
        for (typ, objekt, resultat) in udfald {
            let (kode, text) = match resultat {
                Ok(()) => (OK.0, OK.1.to_owned()),
                Err(fejl) => status(fejl, self.transaktion),
            };
            samlet = samlet.max(kode);
            out.push_str(&format!("<{sd}:UnikRetur><{sd}:StatusKode>{kode}</{sd}:StatusKode>"));
            text_into(&mut out, sd, "FejlbeskedTekst", &text);
            text_into(&mut out, sd, "Type", typ.name);
            skriv::uuid(&mut out, sd, "UUIDIdentifikator", objekt.0);
            out.push_str(&format!("</{sd}:UnikRetur>"));
        }
        kuvert::end(&mut out, self.tjeneste, self.operation);
        Svar::Helt(samlet, out)
    }

    /// The pieces of a fremsoeg answer, written as the objects are read.
    pub(crate) fn stykker(self, hierarki: Hierarki) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
        let mut out = kuvert::begin(self.soap, self.tjeneste, self.operation, &self.header);
        self.standard_retur(&mut out, OK.0, OK.1);
        let start = Some((self, hierarki, 0, out));
        stream::unfold(start, |state| async {
            let (ramme, mut hierarki, mut index, mut out) = state?;
            match hierarki.next().await {
                Some(Ok((naeste, billeder))) => {
                    match ramme.stykke(&mut out, &mut index, naeste, &billeder).await {
                        Ok(()) => Some((Ok(Bytes::from(out)), Some((ramme, hierarki, index, String::new())))),
                        Err(fejl) => Some((Err(ramme.afbrudt(&fejl)), None)),
                    }
                }
                Some(Err(fejl)) => Some((Err(ramme.afbrudt(&fejl)), None)),
                None => {
                    ramme.luk_lister(&mut out, &mut index, usize::MAX);
                    kuvert::end(&mut out, ramme.tjeneste, ramme.operation);
                    Some((Ok(Bytes::from(out)), None))
                }
            }
        })
    }

    /// The answer has begun, so the only way left to say that it failed is to break it off.
    fn afbrudt(&self, fejl: &Fejl) -> std::io::Error {
        let (kode, text) = status(fejl, self.transaktion);
        tracing::error!(target: "soap", transaktion = %self.transaktion, kode, "fremsøgning afbrudt: {text}");
        std::io::Error::other(text)
    }

    async fn stykke(
        &self,
        out: &mut String,
        index: &mut usize,
        naeste: usize,
        billeder: &[Oejebliksbillede],
    ) -> Result<(), Fejl> {
        let version = self.tjeneste.version;
        let typ = registers::lister(self.tjeneste.register)[naeste];
        self.luk_lister(out, index, naeste);
        let ydre = prefixer(version);
        if *index == naeste * 2 {
            // The container declares the namespace of what it holds, once.
            let t = crate::tabel::t_ns(typ.register, &typ.slug(), version);
            out.push_str(&format!("<{}:{} xmlns:o=\"{t}\">", ydre.t, beholder(typ)));
            *index += 1;
        }
        let labels = registers::labels(&self.app, skriv::klasser(typ, version, billeder)).await?;
        let skriver = Skriver { typ, version, p: ydre.inside("o"), labels: &labels };
        write_all(out, &skriver, ydre.t, billeder);
        Ok(())
    }

    /// Closes the open list and writes empty ones until list `naeste` is next. `index` counts openings and closings.
    fn luk_lister(&self, out: &mut String, index: &mut usize, naeste: usize) {
        let lister = registers::lister(self.tjeneste.register);
        let t = prefixer(self.tjeneste.version).t;
        while *index / 2 < naeste.min(lister.len()) {
            let navn = beholder(lister[*index / 2]);
            if *index % 2 == 1 {
                out.push_str(&format!("</{t}:{navn}>"));
                *index += 1;
            } else {
                out.push_str(&format!("<{t}:{navn}/>"));
                *index += 2;
            }
        }
    }
}

/// Writes objects one after the other.
fn write_all(out: &mut String, skriver: &Skriver<'_>, ydre: &str, billeder: &[Oejebliksbillede]) {
    let pieces = registers::in_pieces(billeder, |piece| {
        let mut written = String::new();
        piece.iter().for_each(|billede| skriver.billede(&mut written, ydre, billede));
        written
    });
    out.reserve(pieces.iter().map(String::len).sum());
    pieces.iter().for_each(|piece| out.push_str(piece));
}

/// The container of one list in a fremsoeg answer.
pub(crate) fn beholder(typ: &ObjektType) -> &'static str {
    match typ.name {
        "Organisation" => "Organisationer",
        "OrganisationEnhed" => "OrganisationEnheder",
        "OrganisationFunktion" => "OrganisationFunktioner",
        "Bruger" => "Brugere",
        "Interessefaellesskab" => "Interessefaellesskaber",
        "ItSystem" => "ItSystemer",
        "Klassifikation" => "Klassifikationer",
        "Facet" => "Facetter",
        _ => "Klasser",
    }
}
