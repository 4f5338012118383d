//! What a version gives beyond another: read from what is agreed, whatever the registers do with it.

use super::{Aftaleservice, Aftaleversion};
use crate::service::{Parametertype, Service};
use std::collections::BTreeSet;

/// What is wider in `efter` than in `foer`, in Danish; nothing when it gives the same or less to the same for the same.
/// Where it cannot be said that values are fewer, they count as more.
#[must_use]
pub fn udvidelser(services: &[Service], foer: &Aftaleversion, efter: &Aftaleversion) -> Vec<String> {
    let mut ud = Vec::new();
    let kender = |cvr| foer.myndigheder.iter().any(|p| p.myndighed == cvr);
    if efter.myndigheder.iter().any(|p| !kender(p.myndighed)) {
        ud.push("flere myndigheder".to_owned());
    }
    if efter.gyldig.to > foer.gyldig.to {
        ud.push("en senere slutdato".to_owned());
    }
    let (f, e) = (&foer.formaal, &efter.formaal);
    for (navn, ens) in [
        ("en anden type aftale", f.aftaletype == e.aftaletype),
        ("et andet formål", f.formaal == e.formaal),
        ("en anden hjemmel", f.hjemmel == e.hjemmel),
        ("en anden databehandleraftale", f.databehandleraftale == e.databehandleraftale),
        ("andre underdatabehandlere", f.underdatabehandlere == e.underdatabehandlere),
        ("et andet behandlingssted", f.behandlingssted == e.behandlingssted),
        ("flere kategorier af personoplysninger", e.kategorier.iter().all(|k| f.kategorier.contains(k))),
    ] {
        if !ens {
            ud.push(navn.to_owned());
        }
    }
    for ny in &efter.services {
        let service = services.iter().find(|s| s.uuid == ny.service);
        if !foer.services.iter().any(|gammel| rummer(service, gammel, ny)) {
            let navn = service.map_or_else(|| ny.service.to_string(), |s| s.navn.clone());
            ud.push(format!("mere i servicen {navn}"));
        }
    }
    ud
}

/// Whether what was agreed in a service covers what is asked for.
fn rummer(service: Option<&Service>, gammel: &Aftaleservice, ny: &Aftaleservice) -> bool {
    let typer: BTreeSet<&String> = gammel.parametre.keys().chain(ny.parametre.keys()).collect();
    gammel.service == ny.service
        && gammel.udstedt_kontekst == ny.udstedt_kontekst
        && ny.roller.iter().all(|r| gammel.roller.contains(r))
        && typer.into_iter().all(|uri| {
            let typ = service.and_then(|s| s.parametre.iter().find(|p| p.uri == *uri));
            smallere(typ, gammel.parametre.get(uri), ny.parametre.get(uri))
        })
}

/// Whether the values of a limit give no more than those before.
fn smallere(typ: Option<&Parametertype>, foer: Option<&Vec<String>>, efter: Option<&Vec<String>>) -> bool {
    let Some(typ) = typ else { return foer == efter };
    let dele = |alle: Option<&Vec<String>>| -> BTreeSet<String> {
        let alle = alle.into_iter().flatten();
        let dele =
            alle.flat_map(|v| if typ.art.er_liste() { v.split(',').collect() } else { vec![v.as_str()] });
        dele.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).collect()
    };
    let (foer, efter) = (dele(foer), dele(efter));
    if typ.art.er_flag() {
        // A flag opens; without it, it is closed.
        return efter.is_subset(&foer);
    }
    match (foer.is_empty(), efter.is_empty()) {
        (true, true) => true,
        // A limit that was not there takes away, unless nothing is given without it.
        (true, false) => !typ.kraevet,
        (false, true) => typ.kraevet,
        (false, false) => efter.is_subset(&foer),
    }
}

#[cfg(test)]
mod tests {
    use super::udvidelser;
    use crate::service::{Parameterart, Parametertype};
    use crate::{
        Aftalepart, Aftaletilstand, Aftaleversion, Dataafgraensninger, Rolle, Service, Serviceaftale,
    };
    use bitemporal::{Instant, Period};
    use oio::Cvr;
    use uuid::Uuid;

    const KLE: &str = "urn:kle";
    const KRAEVET: &str = "urn:kraevet";
    const SECPR: &str = "urn:secpr";

    fn service() -> Service {
        let mut s = Service::organisation();
        let typ = |uri: &str, art, kraevet| Parametertype {
            uri: uri.into(),
            navn: uri.into(),
            art,
            kraevet,
            vaerdier: Vec::new(),
            beskrivelse: None,
        };
        s.parametre.push(typ(KLE, Parameterart::Kle, false));
        s.parametre.push(typ(KRAEVET, Parameterart::Multi, true));
        s.parametre.push(typ(SECPR, Parameterart::SeCpr, false));
        s
    }

    fn version(saet: &[(&str, &str)]) -> Aftaleversion {
        let s = service();
        let ingen = Dataafgraensninger::default();
        let roller = [Rolle::Udstil];
        let mut a = Serviceaftale::aktiv(Uuid::nil(), "A", Uuid::nil(), Cvr::KOMBIT, &s, &roller, ingen);
        let mut v = a.versioner.remove(0);
        for (uri, vaerdi) in saet {
            v.services[0].parametre.insert((*uri).into(), vec![(*vaerdi).into()]);
        }
        v
    }

    #[track_caller]
    fn check(foer: &[(&str, &str)], efter: &[(&str, &str)], bredere: bool) {
        let fundet = udvidelser(&[service()], &version(foer), &version(efter));
        assert_eq!(!fundet.is_empty(), bredere, "{foer:?} → {efter:?}: {fundet:?}");
    }

    #[test]
    fn limits_narrow_and_flags_open() {
        check(&[], &[], false);
        check(&[], &[(KLE, "27.*")], false);
        check(&[(KLE, "27.*")], &[], true);
        check(&[(KLE, "27.*, 32.*")], &[(KLE, "32.*")], false);
        check(&[(KLE, "32.*")], &[(KLE, "27.*,32.*")], true);
        check(&[], &[(SECPR, "Ja")], true);
        check(&[(SECPR, "Ja")], &[], false);
        check(&[], &[(KRAEVET, "a")], true);
        check(&[(KRAEVET, "a")], &[], false);
        check(&[("urn:ukendt", "a")], &[], true);
        check(&[], &[("urn:ukendt", "a")], true);
    }

    #[test]
    fn parties_time_purpose_services_and_roles() {
        let foer = version(&[]);
        type Aendr = fn(&mut Aftaleversion);
        let bredere: [(&str, Aendr); 8] = [
            ("flere myndigheder", |v| {
                let ny = "11223344".parse().expect("a CVR number");
                v.myndigheder.push(Aftalepart::ny(ny, Aftaletilstand::Kladde));
            }),
            ("mere i servicen", |v| v.services[0].roller.push("urn:rolle".into())),
            ("mere i servicen", |v| v.services[0].service = Uuid::from_u128(9)),
            ("mere i servicen", |v| v.services[0].udstedt_kontekst = Some(Cvr::KOMBIT)),
            ("et andet formål", |v| v.formaal.formaal = "Andet".into()),
            ("en anden hjemmel", |v| v.formaal.hjemmel = "Anden".into()),
            ("flere kategorier", |v| v.formaal.kategorier.push("Helbred".into())),
            ("et andet behandlingssted", |v| v.formaal.behandlingssted = "USA".into()),
        ];
        for (hvad, aendr) in bredere {
            let mut efter = foer.clone();
            aendr(&mut efter);
            let fundet = udvidelser(&[service()], &foer, &efter);
            assert!(fundet.len() == 1 && fundet[0].starts_with(hvad), "{hvad}: {fundet:?}");
        }
        let smallere: [Aendr; 4] = [
            |v| v.services.clear(),
            |v| v.services[0].roller.clear(),
            |v| v.gyldig = Period { from: v.gyldig.from, to: Instant::from_micros(9) },
            |v| v.formaal.driftskontakt = "drift@matador.example".into(),
        ];
        for aendr in smallere {
            let mut efter = foer.clone();
            aendr(&mut efter);
            assert!(udvidelser(&[service()], &foer, &efter).is_empty());
        }
        let mut kort = foer.clone();
        kort.gyldig.to = Instant::from_micros(9);
        assert_eq!(udvidelser(&[service()], &kort, &foer), ["en senere slutdato"]);
    }
}
