//! `Sammenlign med rolle …`: two jobfunktionsroller side by side: what each gives in sentences, and by brugersystemrolle and
//! limit. What differs is told in words.

use super::{Rad as Rollerad, STI, er_foelsom, graenser, med_kendte, navne, saetninger, tag};
use crate::besoeg::{Besoeg, Svar, side};
use crate::fejl::Sidefejl;
use crate::felter::Felt;
use crate::liste::{PR_SIDE, Sider, forbi};
use crate::ramme::Ramme;
use crate::vis::{self, Tag};
use administration::Jobfunktionsrolle;
use askama::Template;
use std::collections::{BTreeMap, BTreeSet};
use styring::jobfunktionsroller::{self, Rollesoegning};
use styring::rollekrav;
use styring::vaerdier::Navne;
use uuid::Uuid;

/// What a role that is not there, or no limit, is told as.
const IKKE: &str = "Ikke med";
const UDEN: &str = "Uden afgrænsning";

/// A line of the comparison.
#[derive(Debug, PartialEq, Eq)]
struct Rad {
    hvad: String,
    foerste: String,
    anden: String,
    forskel: Tag,
}

impl Rad {
    fn ny(hvad: impl Into<String>, foerste: impl Into<String>, anden: impl Into<String>) -> Self {
        let (hvad, foerste, anden) = (hvad.into(), foerste.into(), anden.into());
        let er = |tekst: &str| tekst != IKKE && tekst != "Nej";
        let (tone, navn) = match (er(&foerste), er(&anden)) {
            _ if foerste == anden => ("", "Ens"),
            (true, false) => ("info", "Kun i 1"),
            (false, true) => ("info", "Kun i 2"),
            _ => ("warn", "Forskellig"),
        };
        Self { hvad, foerste, anden, forskel: Tag { tone, navn: navn.into() } }
    }

    fn er_ens(&self) -> bool {
        self.foerste == self.anden
    }
}

/// A role of a business system in one of the roles: its name, and the values of each limit.
#[derive(Debug, Default, PartialEq, Eq)]
struct Del {
    navn: String,
    graenser: BTreeMap<String, BTreeSet<String>>,
}

impl Del {
    fn i_ord(&self) -> String {
        let ord = self.graenser.iter().map(|(navn, vaerdier)| format!("{navn}: {}", samlet(vaerdier)));
        let ord = ord.collect::<Vec<_>>().join("; ");
        if ord.is_empty() { UDEN.to_owned() } else { ord }
    }
}

fn samlet(vaerdier: &BTreeSet<String>) -> String {
    vaerdier.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

type Dele = BTreeMap<Uuid, Del>;

fn dele(k: &Besoeg, rolle: &Jobfunktionsrolle, navne: &Navne) -> Dele {
    let mut ud = Dele::new();
    for t in &rolle.tilknytninger {
        let del = ud.entry(t.rolle).or_default();
        del.navn = med_kendte(k, |kendte| {
            let kendt = kendte.rolle(t.rolle).map(|(s, b)| format!("{} · {}", s.navn, b.navn));
            kendt.unwrap_or_else(|| "En rolle, der ikke længere findes".to_owned())
        });
        for (hvad, til) in graenser(k, t, navne) {
            del.graenser.entry(hvad).or_default().insert(til);
        }
    }
    ud
}

/// By brugersystemrolle and limit, by name.
fn rader(foerste: &Dele, anden: &Dele) -> Vec<Rad> {
    let roller: BTreeSet<Uuid> = foerste.keys().chain(anden.keys()).copied().collect();
    let mut ud = Vec::new();
    for uuid in roller {
        match (foerste.get(&uuid), anden.get(&uuid)) {
            (Some(a), Some(b)) => {
                let graenser: BTreeSet<&String> = a.graenser.keys().chain(b.graenser.keys()).collect();
                if graenser.is_empty() {
                    ud.push(Rad::ny(&a.navn, UDEN, UDEN));
                }
                let ord = |d: &Del, g: &String| d.graenser.get(g).map_or_else(|| UDEN.to_owned(), samlet);
                ud.extend(
                    graenser.into_iter().map(|g| Rad::ny(format!("{}: {g}", a.navn), ord(a, g), ord(b, g))),
                );
            }
            (a, b) => {
                let navn = a.or(b).map_or("", |d| d.navn.as_str());
                let ord = |d: Option<&Del>| d.map_or_else(|| IKKE.to_owned(), Del::i_ord);
                ud.push(Rad::ny(navn, ord(a), ord(b)));
            }
        }
    }
    ud.sort_by(|a, b| a.hvad.cmp(&b.hvad));
    ud
}

/// Every sentence of either, those of the first first.
fn saetningsrader(foerste: &[String], anden: &[String]) -> Vec<Rad> {
    let ja = |alle: &[String], s: &String| if alle.contains(s) { "Ja" } else { "Nej" };
    let nye = anden.iter().filter(|s| !foerste.contains(s));
    foerste.iter().chain(nye).map(|s| Rad::ny(s, ja(foerste, s), ja(anden, s))).collect()
}

/// One of the two.
struct Rolle {
    navn: String,
    sti: String,
}

#[derive(Template)]
#[template(path = "jobfunktionsroller/sammenlign.html")]
struct Side {
    ramme: Ramme,
    foerste: Rolle,
    anden: Rolle,
    saetninger: Vec<Rad>,
    dele: Vec<Rad>,
    oplysninger: Vec<Rad>,
    forskelle: usize,
    /// The same with the two changed round.
    byt: String,
    vaelg: String,
}

#[derive(Template)]
#[template(path = "jobfunktionsroller/sammenlign_vaelg.html")]
struct Vaelg {
    ramme: Ramme,
    navn: String,
    a: Uuid,
    q: Felt,
    rader: Vec<Rollerad>,
    sider: Sider,
}

async fn hent(k: &Besoeg, uuid: Uuid) -> Result<Jobfunktionsrolle, Sidefejl> {
    let rolle = jobfunktionsroller::hent(&k.t().app, &k.kald, uuid).await?.post;
    let set = ("jobfunktionsrolle", rolle.uuid, rolle.navn.as_str());
    styring::log::set_hos(&k.t().app, &k.kald, set, [rolle.myndighed]).await?;
    Ok(rolle)
}

async fn oplysninger(k: &Besoeg, a: &Jobfunktionsrolle, b: &Jobfunktionsrolle) -> Result<Vec<Rad>, Sidefejl> {
    let tilstande = rollekrav::tilstande(&k.t().app, &k.kald, &[a, b]).await?;
    let tilstand = |nr: usize| tilstande.get(nr).map_or_else(String::new, |t| tag(*t).navn);
    let en = |hvad: &str, af: &dyn Fn(&Jobfunktionsrolle) -> String| Rad::ny(hvad, af(a), af(b));
    let ellers = |tekst: String, ellers: &str| if tekst.is_empty() { ellers.to_owned() } else { tekst };
    Ok(vec![
        Rad::ny("Tilstand", tilstand(0), tilstand(1)),
        en("Følsomme oplysninger", &|r| if er_foelsom(k, r) { "Ja" } else { "Nej" }.into()),
        en("Aktiv fra", &|r| ellers(vis::dato(r.gyldig.from).tekst, "Ingen startdato")),
        en("Aktiv til og med", &|r| ellers(vis::sidste_dag(r.gyldig.to).tekst, "Ingen slutdato")),
        en("Beskrivelse", &|r| ellers(r.beskrivelse.clone(), "–")),
    ])
}

/// The comparison, or the roles to choose the other one among.
pub async fn vis(k: Besoeg) -> Svar {
    let q = &k.f.query;
    let a: Uuid = q.som("a").ok_or_else(|| administration::Modulfejl::findes_ikke("Jobfunktionsrollen"))?;
    let foerste = hent(&k, a).await?;
    let ramme = k
        .ramme("Sammenlign jobfunktionsroller", STI)
        .await
        .under(STI, "Jobfunktionsroller")
        .under(format!("{STI}/{a}"), foerste.navn.clone());
    let Some(b) = q.som::<Uuid>("b") else { return vaelg(&k, ramme, foerste).await };
    let anden = hent(&k, b).await?;
    let navne = navne(&k, &[&foerste, &anden]).await?;
    let af = |r: &Jobfunktionsrolle| Rolle { navn: r.navn.clone(), sti: format!("{STI}/{}", r.uuid) };
    let saetninger = saetningsrader(&saetninger(&k, &foerste, &navne), &saetninger(&k, &anden, &navne));
    let dele = rader(&dele(&k, &foerste, &navne), &dele(&k, &anden, &navne));
    side(&Side {
        ramme,
        forskelle: saetninger.iter().chain(&dele).filter(|r| !r.er_ens()).count(),
        saetninger,
        dele,
        oplysninger: oplysninger(&k, &foerste, &anden).await?,
        foerste: af(&foerste),
        anden: af(&anden),
        byt: format!("{STI}/sammenlign?a={b}&b={a}"),
        vaelg: format!("{STI}/sammenlign?a={a}"),
    })
}

async fn vaelg(k: &Besoeg, ramme: Ramme, foerste: Jobfunktionsrolle) -> Svar {
    let q = &k.f.query;
    let s = Rollesoegning {
        tekst: q.valgt("q").map(str::to_owned),
        forbi: forbi(q) as u64,
        antal: PR_SIDE as u64,
        ..Rollesoegning::default()
    };
    let (fundne, alle) = jobfunktionsroller::list(&k.t().app, &k.kald, &s).await?;
    let andre = fundne.iter().map(|g| &g.post).filter(|r| r.uuid != foerste.uuid);
    let roller: Vec<&Jobfunktionsrolle> = andre.collect();
    let navne = navne(k, &roller).await?;
    let mut rader = super::rader(k, &roller, &navne).await?;
    for (rad, rolle) in rader.iter_mut().zip(&roller) {
        rad.sti = format!("{STI}/sammenlign?a={}&b={}", foerste.uuid, rolle.uuid);
    }
    side(&Vaelg {
        ramme,
        a: foerste.uuid,
        navn: foerste.navn,
        q: Felt::ny("q", "Navn, beskrivelse eller EntityId", q.tekst("q")),
        rader,
        sider: Sider::ny(q, usize::try_from(alle).unwrap_or(usize::MAX)),
    })
}

#[cfg(test)]
mod tests {
    use super::{Del, Dele, rader, saetningsrader};
    use uuid::Uuid;

    fn del(navn: &str, graenser: &[(&str, &[&str])]) -> Del {
        let en = |(navn, vaerdier): &(&str, &[&str])| {
            ((*navn).to_owned(), vaerdier.iter().map(|v| (*v).to_owned()).collect())
        };
        Del { navn: navn.into(), graenser: graenser.iter().map(en).collect() }
    }

    fn dele(alle: Vec<Del>) -> Dele {
        alle.into_iter().enumerate().map(|(nr, d)| (Uuid::from_u128(nr as u128), d)).collect()
    }

    #[test]
    fn what_differs_is_told_in_words() {
        let a = dele(vec![
            del("KY · Se", &[("KLE", &["32.*", "27.*"]), ("Enhed", &["Øst"])]),
            del("KY · Ret", &[]),
            del("KY · Luk", &[("KLE", &["32.*"])]),
        ]);
        let b = dele(vec![
            del("KY · Se", &[("KLE", &["27.*", "32.*"]), ("Farve", &["rød"])]),
            del("KY · Ret", &[]),
        ]);
        let fundet: Vec<[String; 4]> =
            rader(&a, &b).into_iter().map(|r| [r.hvad, r.foerste, r.anden, r.forskel.navn]).collect();
        assert_eq!(
            fundet,
            [
                ["KY · Luk", "KLE: 32.*", "Ikke med", "Kun i 1"],
                ["KY · Ret", "Uden afgrænsning", "Uden afgrænsning", "Ens"],
                ["KY · Se: Enhed", "Øst", "Uden afgrænsning", "Forskellig"],
                ["KY · Se: Farve", "Uden afgrænsning", "rød", "Forskellig"],
                ["KY · Se: KLE", "27.*, 32.*", "27.*, 32.*", "Ens"],
            ]
        );
    }

    #[test]
    fn every_sentence_stands_once() {
        let (a, b) = (["x".to_owned(), "y".to_owned()], ["y".to_owned(), "z".to_owned()]);
        let fundet: Vec<_> = saetningsrader(&a, &b).into_iter().map(|r| (r.hvad, r.forskel.navn)).collect();
        let ventet = [("x", "Kun i 1"), ("y", "Ens"), ("z", "Kun i 2")];
        assert_eq!(fundet, ventet.map(|(s, f)| (s.to_owned(), f.to_owned())));
    }
}
