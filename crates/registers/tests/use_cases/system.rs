//! The system services: reading everything, importing many, removing a subtree.

use crate::scene::{Scene, aktiv, egenskab, id, period, relation, sendt};
use oio::catalog::klassifikation::{facet, klasse};
use oio::catalog::organisation::{organisationenhed, organisationfunktion};
use oio::catalog::{ADRESSE, BRUGERVENDT_NOEGLE};
use oio::catalog::{
    FACET, KLASSE, KLASSIFIKATION, ORGANISATION, ORGANISATIONENHED, ORGANISATIONFUNKTION, ObjektType,
    Register,
};
use oio::model::{Dynamik, Indhold, Relation};
use oio::operation::{SoegEgenskab, TidsFilter};
use oio::{Fejl, ObjektId};
use registers::{Fremsoegning, fremsoeg, fysiskslet, importer, importer_system, laes};
use std::collections::BTreeMap;

/// How many objects each list of an answer holds.
async fn counts(scene: &Scene, register: Register, input: Fremsoegning) -> BTreeMap<usize, usize> {
    let mut hierarki = fremsoeg(&scene.app, &scene.ky(), register, input).await.expect("an answer");
    let mut counts = BTreeMap::new();
    while let Some(chunk) = hierarki.next().await {
        let (index, billeder) = chunk.expect("a chunk");
        assert!(billeder.iter().all(|b| b.registreringer.len() == 1));
        *counts.entry(index).or_default() += billeder.len();
    }
    counts
}

fn med_noegle(noegle: &str, relationer: Vec<Relation>) -> Indhold {
    Indhold { egenskaber: vec![egenskab(noegle, &[])], relationer, ..Indhold::default() }
}

async fn klassifikation(scene: &Scene) {
    let import = |typ: &'static ObjektType, n, indhold| importer_one(scene, typ, id(n), indhold);
    for (n, navn) in [(1u128, "KLE"), (2, "Kontoplan")] {
        import(&KLASSIFIKATION, n, med_noegle(navn, vec![])).await;
        let facet = vec![relation(facet::FACET_TILHOERER, id(n), period(-100, None))];
        import(&FACET, n * 10, med_noegle(&format!("{navn} facet"), facet)).await;
        for k in 1..=3 {
            let klasse = vec![relation(klasse::FACET, id(n * 10), period(-100, None))];
            import(&KLASSE, n * 100 + k, med_noegle(&format!("{n}.{k}"), klasse)).await;
        }
    }
}

async fn importer_one(scene: &Scene, typ: &'static ObjektType, objekt: ObjektId, indhold: Indhold) {
    importer(&scene.app, &scene.ky(), typ, objekt, sendt(indhold)).await.expect("imported");
}

fn filter(typ: &'static ObjektType, noegle: &str) -> Fremsoegning {
    let soegt =
        SoegEgenskab { felter: vec![(BRUGERVENDT_NOEGLE.navn, noegle.into())], ..SoegEgenskab::default() };
    Fremsoegning { egenskaber: vec![(typ, soegt)], ..Fremsoegning::default() }
}

#[tokio::test]
async fn filters_of_klassifikation_work_downwards() {
    let scene = Scene::new().await;
    klassifikation(&scene).await;
    for (input, expected) in [
        (Fremsoegning::default(), vec![(0, 2), (1, 2), (2, 6)]),
        (filter(&KLASSIFIKATION, "KLE"), vec![(0, 1), (1, 1), (2, 3)]),
        (filter(&FACET, "XXXX"), vec![(0, 2)]),
        (filter(&FACET, "kontoplan*"), vec![(0, 2), (1, 1), (2, 3)]),
        (filter(&KLASSE, "1.2"), vec![(0, 2), (1, 2), (2, 1)]),
    ] {
        let shown = format!("{:?}", input.egenskaber);
        assert_eq!(
            counts(&scene, Register::Klassifikation, input).await,
            BTreeMap::from_iter(expected),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn each_list_is_paged_by_itself_until_all_are_empty() {
    let scene = Scene::new().await;
    klassifikation(&scene).await;
    let mut pages = Vec::new();
    for page in 0..4 {
        let input = Fremsoegning { foerste: Some(page * 2), antal: Some(2), ..Fremsoegning::default() };
        pages.push(counts(&scene, Register::Klassifikation, input).await);
    }
    let page = |lists: &[(usize, usize)]| BTreeMap::from_iter(lists.iter().copied());
    assert_eq!(pages, [page(&[(0, 2), (1, 2), (2, 2)]), page(&[(2, 2)]), page(&[(2, 2)]), page(&[])]);
}

#[tokio::test]
async fn a_bulk_import_tells_how_each_object_went() {
    let scene = Scene::new().await;
    importer_one(&scene, &ORGANISATIONENHED, id(2), med_noegle("Findes", vec![])).await;
    let objekter = vec![
        (&ORGANISATION, id(1), sendt(med_noegle("Korsbæk", vec![]))),
        (&ORGANISATIONENHED, id(2), sendt(med_noegle("Findes", vec![]))),
        (&ORGANISATIONENHED, id(3), sendt(med_noegle("Ny", vec![]))),
    ]
    .into_iter()
    .map(|(typ, objekt, sendt)| (typ as &'static ObjektType, objekt, sendt))
    .collect();
    let udfald = importer_system(&scene.app, &scene.ky(), objekter).await.expect("an answer");
    let went: Vec<bool> = udfald.iter().map(|(_, _, result)| result.is_ok()).collect();
    assert_eq!(went, [true, false, true]);
    assert!(matches!(udfald[1].2, Err(Fejl::Konflikt(_))));
}

fn adresse_relation(til: ObjektId) -> Relation {
    let dynamik = Dynamik { rolle: id(77).0.into(), objekttype: id(78).0.into(), indeks: til.to_string() };
    Relation {
        dynamik: Some(Box::new(dynamik)),
        ..relation(organisationenhed::ADRESSER, til, period(-100, None))
    }
}

#[tokio::test]
async fn a_subtree_is_removed_with_what_only_it_uses() {
    let scene = Scene::new().await;
    let adresse = |tekst: &str| Indhold {
        egenskaber: vec![egenskab("a", &[(oio::catalog::organisation::adresse::ADRESSETEKST.navn, tekst)])],
        ..Indhold::default()
    };
    let (egen, delt) = (id(50), id(51));
    importer_one(&scene, &ADRESSE, egen, adresse("Gågaden 1")).await;
    importer_one(&scene, &ADRESSE, delt, adresse("Gågaden 2")).await;
    // 1 is the root; 2 stands below it, 3 below 2; 4 beside 2.
    for (n, over, adresser) in
        [(1, None, vec![]), (2, Some(1), vec![egen, delt]), (3, Some(2), vec![]), (4, Some(1), vec![delt])]
    {
        let mut relationer = vec![relation(organisationenhed::TILHOERER, id(99), period(-100, None))];
        relationer.extend(over.map(|o| relation(organisationenhed::OVERORDNET, id(o), period(-100, None))));
        relationer.extend(adresser.into_iter().map(adresse_relation));
        let indhold = Indhold { tilstande: aktiv(), ..med_noegle(&format!("E{n}"), relationer) };
        importer_one(&scene, &ORGANISATIONENHED, id(n), indhold).await;
    }
    for (n, enheder) in [(20, vec![3]), (21, vec![4]), (22, vec![3, 4])] {
        let links = enheder
            .iter()
            .map(|e| relation(organisationfunktion::TILKNYTTEDE_ENHEDER, id(*e), period(-100, None)));
        importer_one(&scene, &ORGANISATIONFUNKTION, id(n), med_noegle(&format!("F{n}"), links.collect()))
            .await;
    }
    let wrong = fysiskslet(&scene.app, &scene.ky(), id(98), id(2)).await;
    assert!(matches!(wrong, Err(Fejl::Ugyldig { .. })), "{wrong:?}");
    fysiskslet(&scene.app, &scene.ky(), id(99), id(2)).await.expect("removed");
    for (typ, n, left) in [
        (&ORGANISATIONENHED, 1, true),
        (&ORGANISATIONENHED, 2, false),
        (&ORGANISATIONENHED, 3, false),
        (&ORGANISATIONENHED, 4, true),
        (&ORGANISATIONFUNKTION, 20, false),
        (&ORGANISATIONFUNKTION, 21, true),
        (&ORGANISATIONFUNKTION, 22, true),
        (&ADRESSE, 50, false),
        (&ADRESSE, 51, true),
    ] {
        let found = laes(&scene.app, &scene.ky(), typ, id(n), TidsFilter::default()).await;
        assert_eq!(found.is_ok(), left, "{} {n}", typ.name);
    }
}
