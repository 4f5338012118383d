//! The evidence: what Datatilsynet asks for when it asks for the control of the log.

use crate::Styringsfejl;
use administration::{Arbejdsbetinget, FOELSOM_VAEGT, Modulfejl, Proeve, Stikproeve, hex, tommelfinger};
use bitemporal::Instant;
use std::num::NonZeroU16;
use udskrift::{Del, Tabel, Udskrift};

/// SHA-256 of everything a stikprøve says, in hexadecimal.
pub(super) fn kontrolsum(s: &Stikproeve) -> Result<String, Styringsfejl> {
    let krop = serde_json::to_vec(s).map_err(oio::Fejl::intern)?;
    Ok(hex(&tommelfinger(&krop)))
}

fn vis(micros: i64, format: &str) -> String {
    oio::tid::zoned(Instant::from_micros(micros)).map_or_else(String::new, |z| z.strftime(format).to_string())
}

fn dag(micros: i64) -> String {
    vis(micros, "%d-%m-%Y")
}

fn tid(micros: i64) -> String {
    vis(micros, "%d-%m-%Y kl. %H.%M")
}

/// The document.
///
/// # Errors
/// T-109 while it is not ended.
pub(super) fn udskrift(s: &Stikproeve, part: &str) -> Result<Udskrift, Styringsfejl> {
    let slut = s
        .slut
        .as_ref()
        .ok_or_else(|| Modulfejl::ny("T-109", "Beviset kan først hentes, når stikprøven er afsluttet."))?;
    let oprettet = oio::tid::zoned(Instant::from_micros(slut.tid))
        .ok_or_else(|| oio::Fejl::intern("a stikprøve that ended beyond all time"))?;
    let (i_alt, foelsomme) = s.grundlag;
    let (fra, til) = s.periode;
    let felter = vec![
        ("Dataansvarlig".to_owned(), format!("{part} (CVR {})", s.part)),
        ("Periode".to_owned(), format!("{} til og med {}", dag(fra), dag(til.saturating_sub(1)))),
        ("Udtrukket blandt".to_owned(), s.laesere.ord().to_owned()),
        ("Læsninger i perioden".to_owned(), format!("{i_alt}, heraf {foelsomme} af oplysninger om personer")),
        ("Udtrukket".to_owned(), format!("{} læsninger {}", s.proever.len(), tid(s.udtrukket))),
        ("Udtrukket af".to_owned(), s.udtrukket_af.1.clone()),
        ("Frist for svar".to_owned(), dag(s.frist.saturating_sub(1))),
        ("Afsluttet".to_owned(), format!("{} af {}", tid(slut.tid), slut.af.1)),
        ("Kontrolsum".to_owned(), kontrolsum(s)?),
    ];
    let mut resultat: Vec<(String, String)> = Arbejdsbetinget::ALLE
        .iter()
        .map(|(svar, ord)| {
            (format!("Arbejdsbetinget: {}", ord.to_lowercase()), s.antal(Some(*svar)).to_string())
        })
        .collect();
    resultat.push(("Ikke besvaret".to_owned(), s.antal(None).to_string()));
    let metode = format!(
        "Læsningerne er udtrukket ved lod blandt {} i perioden. En læsning af oplysninger om personer har \
         {FOELSOM_VAEGT} gange så stor vægt som en anden. For hver er den, der leder arbejdet, spurgt, om læsningen var \
         arbejdsbetinget. Ingen har noteret svar om sin egen læsning. Kontrolsummen er SHA-256 af hele stikprøven og står \
         også i loggen, hvis linjer er kædet sammen.",
        s.laesere.ord()
    );
    Ok(Udskrift {
        titel: format!("Stikprøve: {}", s.navn),
        udsteder: part.to_owned(),
        sidefod: format!("{part} · Stikprøve {}", s.uuid),
        oprettet,
        dele: vec![
            Del::Felter(felter),
            Del::Overskrift("Konklusion".into()),
            Del::Afsnit(slut.konklusion.clone()),
            Del::Overskrift("Resultat".into()),
            Del::Felter(resultat),
            Del::Overskrift("Metode".into()),
            Del::Afsnit(metode),
            Del::Overskrift("Læsninger".into()),
            Del::Tabel(tabel(&s.proever)),
        ],
    })
}

fn tabel(proever: &[Proeve]) -> Tabel {
    let kolonner = [("Nr.", 2), ("Tidspunkt", 5), ("Hvem", 6), ("Hvad", 11), ("Svar", 7)];
    let kolonner = kolonner
        .into_iter()
        .map(|(navn, bredde)| (navn.to_owned(), NonZeroU16::new(bredde).unwrap_or(NonZeroU16::MIN)));
    let raekke = |p: &Proeve| {
        let foelsom = if p.foelsom { "\nOplysninger om personer" } else { "" };
        vec![
            p.nr.to_string(),
            tid(p.tid),
            p.hvem.clone(),
            format!("{}\n{}{foelsom}", p.hvad, p.kilde),
            svar(p),
        ]
    };
    Tabel { kolonner: kolonner.collect(), raekker: proever.iter().map(raekke).collect() }
}

fn svar(p: &Proeve) -> String {
    let Some(s) = &p.svar else { return "Ikke besvaret".into() };
    let mut tekst = format!("{}. {} {}, noteret af {}.", s.svar.ord(), s.spurgt, dag(s.tid), s.noteret_af.1);
    if !s.bemaerkning.is_empty() {
        tekst.push('\n');
        tekst.push_str(&s.bemaerkning);
    }
    tekst
}
