//! An agreement in plain Danish: who gets what about whom, for what, from when.

use crate::besoeg::Besoeg;
use crate::vis::{self, Dato};
use administration::{Aftaleservice, Aftaleversion, JA, Parameterart, Politik, Serviceaftale};
use oio::Cvr;

const SKRIV: [&str; 5] = ["opret", "importer", "ret", "passiver", "slet"];

/// What an agreement gives in one service, in words.
pub struct Serviceord {
    /// Number and name of the service.
    pub navn: String,
    /// What the system may do: one sentence without a subject.
    pub hvad: String,
    /// The roles.
    pub roller: Vec<String>,
    /// The limits.
    pub graenser: Vec<String>,
    /// What of it is confidential.
    pub foelsomt: Vec<&'static str>,
}

/// Number and name of a service.
pub fn servicenavn(politik: &Politik, uuid: uuid::Uuid) -> String {
    politik
        .service(uuid)
        .map_or_else(|| uuid.to_string(), |s| format!("{} {}", s.nummer, s.navn).trim().to_owned())
}

/// One service of an agreement.
pub fn serviceord(politik: &Politik, valgt: &Aftaleservice) -> Serviceord {
    let navn = servicenavn(politik, valgt.service);
    let Some(service) = politik.service(valgt.service) else {
        return Serviceord {
            hvad: format!("bruge {navn}"),
            navn,
            roller: valgt.roller.clone(),
            graenser: Vec::new(),
            foelsomt: Vec::new(),
        };
    };
    let roller: Vec<_> = valgt.roller.iter().filter_map(|uri| service.rolle(uri)).collect();
    let skriver = roller.iter().any(|r| r.operationer.iter().any(|o| SKRIV.contains(&o.as_str())));
    let laeser = roller.iter().any(|r| !r.operationer.is_empty());
    let navne: Vec<String> = roller.iter().map(|r| r.navn.clone()).collect();
    let verbum = match (skriver, laeser) {
        (true, _) => "læse og rette".to_owned(),
        (false, true) => "læse".to_owned(),
        _ if navne.is_empty() => "bruge".to_owned(),
        _ => format!("bruge rollen {} i", navne.join(" og ")),
    };
    let (mut med, mut graenser, mut foelsomt) = (Vec::new(), Vec::new(), Vec::new());
    for (uri, vaerdier) in &valgt.parametre {
        let typ = service.parametre.iter().find(|p| p.uri == *uri);
        let sat = vaerdier.iter().any(|v| v == JA);
        match typ.map(|t| t.art) {
            Some(art) if art.er_flag() && !sat => {}
            Some(Parameterart::SeNavn) => med.push("navne på personer"),
            Some(Parameterart::SeCpr) => {
                med.push("CPR-numre");
                foelsomt.push("CPR-nummer");
            }
            Some(Parameterart::Anonymiser) => med.push("ret til at anonymisere personer"),
            Some(Parameterart::Fysiskslet) => {
                med.push("ret til at slette for altid");
                foelsomt.push("Sletning for altid");
            }
            _ => graenser.push(format!(
                "{}: {}",
                typ.map_or(uri.as_str(), |t| t.navn.as_str()),
                vaerdier.join(", ")
            )),
        }
    }
    let med = if med.is_empty() { String::new() } else { format!(" med {}", med.join(" og ")) };
    Serviceord { hvad: format!("{verbum} {navn}{med}"), navn, roller: navne, graenser, foelsomt }
}

/// The card of an agreement.
pub struct Kort {
    /// Whether it is a trial on invented data.
    pub proeve: bool,
    /// The system.
    pub system: String,
    /// Its supplier.
    pub leverandoer: String,
    /// What it wants to do.
    pub hvad: String,
    /// With whose data.
    pub hos: String,
    /// What for.
    pub til: String,
    /// From when; empty when it is from the approval on.
    pub fra: Dato,
    /// The last day; empty when it is until notice is given.
    pub slut: Dato,
    /// Service by service.
    pub services: Vec<Serviceord>,
}

impl Kort {
    /// The card as one sentence.
    pub fn saetning(&self) -> String {
        let proeve = if self.proeve { "Prøve på opdigtede data: " } else { "" };
        let Self { system, leverandoer, hvad, hos, til, fra, slut, .. } = self;
        let til = if til.is_empty() { String::new() } else { format!(" til dette formål: {til}") };
        let fra =
            if fra.er_tom() { "fra aftalen er godkendt".to_owned() } else { format!("fra {}", fra.tekst) };
        let slut = if slut.er_tom() {
            "til aftalen opsiges".to_owned()
        } else {
            format!("til og med {}", slut.tekst)
        };
        let slut = if slut.starts_with("til aftalen") { format!("og {slut}") } else { slut };
        format!("{proeve}{system} fra {leverandoer} kan {hvad} hos {hos}{til} – {fra} {slut}.")
    }
}

/// The card of a version: as one authority sees it, or all of them.
pub fn kort(k: &Besoeg, aftale: &Serviceaftale, version: &Aftaleversion, myndighed: Option<Cvr>) -> Kort {
    let politik = k.t().app.politik();
    let system = politik.system(aftale.system);
    let services: Vec<Serviceord> = version.services.iter().map(|s| serviceord(&politik, s)).collect();
    let hvad: Vec<&str> = services.iter().map(|s| s.hvad.as_str()).collect();
    let alle: Vec<String> = version.myndigheder.iter().map(|p| k.partsnavn(p.myndighed)).collect();
    let hos = myndighed.map_or_else(|| alle.join(", "), |cvr| k.partsnavn(cvr));
    let part = version.myndigheder.iter().find(|p| Some(p.myndighed) == myndighed);
    let fra = part.and_then(|p| p.gyldig_fra).unwrap_or(version.gyldig.from);
    Kort {
        proeve: aftale.proevetilslutning,
        system: system.map_or_else(String::new, |s| s.navn.clone()),
        leverandoer: system.map_or_else(String::new, |s| k.partsnavn(s.leverandoer)),
        hvad: hvad.join("; "),
        hos,
        til: version.formaal.formaal.clone(),
        fra: vis::dato(fra),
        slut: vis::sidste_dag(version.gyldig.to),
        services,
    }
}

/// When a version holds: from a day or its approval, through a day or until notice is given.
pub fn gyldig(v: &Aftaleversion) -> String {
    let (fra, til) = (vis::dato(v.gyldig.from).tekst, vis::sidste_dag(v.gyldig.to).tekst);
    format!(
        "{} – {}",
        if fra.is_empty() { "godkendelse" } else { &fra },
        if til.is_empty() { "opsigelse" } else { &til }
    )
}

/// A field before and after.
pub struct Forskel {
    /// The field.
    pub felt: &'static str,
    /// What it is now.
    pub foer: String,
    /// What it becomes.
    pub efter: String,
}

impl Forskel {
    /// Whether nothing changes.
    pub fn ens(&self) -> bool {
        self.foer == self.efter
    }
}

/// What is different in two versions, for one authority: which others take part is not its business.
pub fn forskelle(k: &Besoeg, foer: &Aftaleversion, efter: &Aftaleversion) -> Vec<Forskel> {
    let politik = k.t().app.politik();
    let services = |v: &Aftaleversion| {
        v.services.iter().map(|s| serviceord(&politik, s).hvad).collect::<Vec<_>>().join("; ")
    };
    let graenser = |v: &Aftaleversion| {
        v.services.iter().flat_map(|s| serviceord(&politik, s).graenser).collect::<Vec<_>>().join("; ")
    };
    let f = |felt, laes: &dyn Fn(&Aftaleversion) -> String| Forskel {
        felt,
        foer: laes(foer),
        efter: laes(efter),
    };
    vec![
        f("Hvad systemet kan", &services),
        f("Dataafgrænsninger", &graenser),
        f("Gyldig", &gyldig),
        f("Begrundelse", &|v| v.begrundelse.clone()),
        f("Formål", &|v| v.formaal.formaal.clone()),
        f("Hjemmel", &|v| v.formaal.hjemmel.clone()),
        f("Kategorier af personoplysninger", &|v| v.formaal.kategorier.join(", ")),
        f("Databehandleraftale", &|v| v.formaal.databehandleraftale.clone()),
        f("Underdatabehandlere", &|v| v.formaal.underdatabehandlere.clone()),
        f("Behandlingssted", &|v| v.formaal.behandlingssted.clone()),
        f("Kontakt ved drift", &|v| v.formaal.driftskontakt.clone()),
    ]
}

/// What the authority is told besides.
pub fn formaal(version: &Aftaleversion) -> Vec<(&'static str, String)> {
    let f = &version.formaal;
    vec![
        ("Type", f.aftaletype.navn().to_owned()),
        ("Begrundelse", version.begrundelse.clone()),
        ("Formål", f.formaal.clone()),
        ("Hjemmel", f.hjemmel.clone()),
        ("Kategorier af personoplysninger", f.kategorier.join(", ")),
        ("Databehandleraftale", f.databehandleraftale.clone()),
        ("Underdatabehandlere", f.underdatabehandlere.clone()),
        ("Behandlingssted", f.behandlingssted.clone()),
        ("Kontakt ved drift", f.driftskontakt.clone()),
        ("Vilkår accepteret af", f.vilkaar_accepteret_af.clone().unwrap_or_default()),
    ]
}
