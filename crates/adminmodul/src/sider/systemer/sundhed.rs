//! `Sundhed`: how an it-system is doing, and whether the receivers of its messages can be reached.

use crate::besoeg::{Besoeg, Svar};
use crate::fejl::Sidefejl;
use crate::meddelelse::Meddelelse;
use crate::vis::{self, Dato, Tag};
use administration::{Dueslagstilstand, Emne, Handling, ItSystem, Modulfejl};
use styring::systemer::{self, Callback};

/// A line of what is known: what, how good it is, and in words.
pub struct Linje {
    pub(super) navn: &'static str,
    pub(super) tag: Tag,
    pub(super) tekst: String,
    /// Where more is told.
    pub(super) link: Option<(String, &'static str)>,
}

/// Calls on a day.
pub struct Dag {
    pub(super) dag: Dato,
    pub(super) kald: u64,
    pub(super) afvist: u64,
}

/// A dueslag messages are pushed from.
pub struct Callbackrad {
    pub(super) navn: String,
    pub(super) vaert: String,
    pub(super) tag: Tag,
    pub(super) tekst: String,
    /// Where it is tried, by who may.
    pub(super) test: Option<String>,
}

/// All of it.
pub struct Sundhedsvisning {
    pub(super) linjer: Vec<Linje>,
    pub(super) dage: Vec<Dag>,
    pub(super) callback: Vec<Callbackrad>,
}

fn tag(tone: &'static str, navn: &str) -> Tag {
    Tag { tone, navn: navn.into() }
}

fn kald(s: &systemer::Sundhed) -> Linje {
    let (tag, tekst) = match s.sidste_kald {
        Some(tid) => {
            (tag("ok", "Kalder"), format!("Sidste kald, der blev tilladt: {}.", vis::tid(tid).tekst))
        }
        None => (tag("", "Ingen kald"), "Der er ikke tilladt nogen kald de seneste 90 dage.".to_owned()),
    };
    Linje { navn: "Sidste kald", tag, tekst, link: None }
}

fn afvisning(k: &Besoeg, s: &systemer::Sundhed) -> Linje {
    let navn = "Sidste afvisning";
    let Some(a) = &s.sidste_afvisning else {
        let tekst = "Ingen kald er afvist de seneste 90 dage.".to_owned();
        return Linje { navn, tag: tag("ok", "Ingen"), tekst, link: None };
    };
    let nyere = s.sidste_kald.is_some_and(|k| k > a.tid);
    let tekst = format!(
        "{}: {} for {}. Reference {}.",
        vis::tid(a.tid).tekst,
        vis::begynd_stort(&a.hvad),
        k.partsnavn(a.myndighed),
        a.reference
    );
    let tag = if nyere { tag("info", "Kald tilladt siden") } else { tag("stop", "Afvises") };
    let kan = k.kald.aktoer.kan(Emne::Afvisning, Handling::Se);
    let link = kan.then(|| (format!("/admin/forklar?reference={}", a.reference), "Forklar afvisningen"));
    Linje { navn, tag, tekst, link }
}

/// How near the end of something is.
fn frist(k: &Besoeg, slut: bitemporal::Instant, hvad: &str) -> (Tag, String) {
    let (om, dag) = (vis::om_dage(k.nu(), slut), vis::sidste_dag(slut).tekst);
    match vis::dage_til(k.nu(), slut) {
        _ if slut <= k.nu() => (tag("stop", "Udløbet"), format!("{hvad} udløb {dag}. Registrér et nyt.")),
        dage if dage <= 30 => {
            (tag("wait", "Udløber snart"), format!("{hvad} udløber {dag} ({om}). Registrér et nyt inden."))
        }
        _ => (tag("ok", "Gyldigt"), format!("{hvad} udløber {dag} ({om}).")),
    }
}

fn certifikat(k: &Besoeg, s: &systemer::Sundhed) -> Option<Linje> {
    let navn = "Certifikat";
    let (tag, tekst) = match &s.certifikat {
        Some((emne, slut)) => frist(k, *slut, &format!("Certifikatet {}", vis::cn(emne))),
        None if s.kalder => {
            (tag("stop", "Mangler"), "Uden et certifikat kan systemet ikke kalde.".to_owned())
        }
        None => return None,
    };
    Some(Linje { navn, tag, tekst, link: None })
}

fn metadata(k: &Besoeg, s: &systemer::Sundhed, hent: Option<String>) -> Option<Linje> {
    let navn = "SAML-metadata";
    let link = hent.map(|sti| (sti, "Hent metadata igen"));
    let (til, certifikat) = s.metadata?;
    if let Some(til) = til.filter(|t| *t <= k.nu()) {
        let tekst = format!("Metadata gjaldt til {} (validUntil). Hent dem igen.", vis::dato(til).tekst);
        return Some(Linje { navn, tag: tag("stop", "Udløbet"), tekst, link });
    }
    let (tag, tekst) = match certifikat {
        Some(slut) => frist(k, slut, "Signeringscertifikatet i metadata"),
        None => (tag("ok", "Gyldigt"), "Metadata har intet signeringscertifikat at udløbe.".to_owned()),
    };
    Some(Linje { navn, tag, tekst, link })
}

fn callback(c: &Callback, test: Option<String>) -> Callbackrad {
    let fejl = c.fejl.clone().unwrap_or_default();
    let (tag, tekst) = match (c.tilstand, c.opgivet, c.forsoeg) {
        (Dueslagstilstand::Nedlagt, ..) => (tag("", "Nedlagt"), "Dueslaget tager ikke imod.".to_owned()),
        (_, true, _) => (
            tag("stop", "Opgivet"),
            format!(
                "Leveringen er opgivet: {fejl}. Få modtageren i gang, og bed driftsoperatøren om at genoptage."
            ),
        ),
        (_, _, Some(n)) => (tag("wait", "Svarer ikke"), format!("{n} forsøg i træk er mislykket: {fejl}.")),
        (Dueslagstilstand::Pauset, ..) => (tag("", "Pauset"), "Beskeder bliver liggende.".to_owned()),
        _ => {
            (tag("ok", "Ingen fejl"), "Intet forsøg er mislykket siden det seneste, der lykkedes.".to_owned())
        }
    };
    Callbackrad { navn: c.navn.clone(), vaert: c.vaert.clone(), tag, tekst, test }
}

/// How a system is doing, for who may see it.
pub(super) async fn hent(k: &Besoeg, s: &ItSystem) -> Result<Sundhedsvisning, Sidefejl> {
    let fundet = systemer::sundhed(&k.t().app, &k.kald, s.uuid).await?;
    let sti = format!("/admin/it-systemer/{}", s.uuid);
    let maa = s.leverandoer == k.kald.part()
        && k.kald.aktoer.kraev_system(Emne::Endepunkt, Handling::Ret, s.uuid).is_ok();
    let kan_hente = styring::foederation::maa_hente(&k.kald, &k.politik, s.uuid).is_ok();
    let hentesti = if s.er_idp() {
        format!("/admin/foederation/idp/{}/hent", s.uuid)
    } else {
        format!("{sti}/hent-metadata")
    };
    let mut linjer = vec![kald(&fundet), afvisning(k, &fundet)];
    linjer.extend(certifikat(k, &fundet));
    linjer.extend(metadata(k, &fundet, kan_hente.then_some(hentesti)));
    Ok(Sundhedsvisning {
        linjer,
        dage: fundet
            .dage
            .iter()
            .rev()
            .map(|d| Dag { dag: vis::dato(d.dag), kald: d.kald, afvist: d.afvist })
            .collect(),
        callback: fundet
            .callback
            .iter()
            .map(|c| callback(c, maa.then(|| format!("{sti}/dueslag/{}/test", c.uuid))))
            .collect(),
    })
}

/// Tries whether the receiver of a dueslag can be reached, and tells.
pub async fn test(k: Besoeg) -> Svar {
    let (uuid, dueslag) = (k.f.uuid("id")?, k.f.uuid("dueslag")?);
    let svar = systemer::test_callback(&k.t().app, &k.kald, uuid, dueslag).await;
    let svar = match svar {
        Ok(svar) => svar,
        Err(fejl) => match fejl.med_kode("K-102") {
            Some(Modulfejl { tekst, .. }) => {
                let m = Meddelelse { godt: false, tekst: tekst.clone() };
                return k.videre_med(&format!("/admin/it-systemer/{uuid}?fane=sundhed"), &m);
            }
            None => return Err(fejl.into()),
        },
    };
    let status = svar.http.map_or_else(|| "intet svar".into(), |h| format!("HTTP {h}"));
    let udloeber = svar.certifikat_udloeber.map_or_else(String::new, |t| {
        format!(" Modtagerens certifikat udløber {}.", vis::sidste_dag(t).tekst)
    });
    let ms = svar.millisekunder;
    let tekst = if svar.ok {
        format!("Callback-endpoint svarer ({status}, {ms} ms).{udloeber}")
    } else {
        format!(
            "Callback-endpoint svarede ikke ({status}, {ms} ms). Beskeder vil hobe sig op. {} (K-101)",
            vis::begynd_stort(&svar.tekst)
        )
    };
    k.videre_med(&format!("/admin/it-systemer/{uuid}?fane=sundhed"), &Meddelelse { godt: svar.ok, tekst })
}
