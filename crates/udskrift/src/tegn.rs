//! What was laid out becomes PDF.

use crate::opsaet::{ARK, KANT, Opsat, Sat, Side};
use crate::{Udskrift, Udskriftsfejl};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};

/// Draws it.
pub fn tegn(udskrift: &Udskrift, opsat: Opsat) -> Result<Vec<u8>, Udskriftsfejl> {
    let nej = |fejl: &dyn std::fmt::Debug| Udskriftsfejl::Skrivning(format!("{fejl:?}"));
    let standard = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|fejl| nej(&fejl))?;
    let mut pdf = Document::new_with(SerializeSettings { configuration: standard, ..Default::default() });
    let mut indhold: Vec<Vec<Identifier>> = opsat.grupper.iter().map(|_| Vec::new()).collect();
    for side in &opsat.sider {
        let ark = PageSettings::from_wh(ARK.0, ARK.1)
            .ok_or_else(|| Udskriftsfejl::Skrivning("the size of the page".into()))?;
        let mut blad = pdf.start_page_with(ark);
        let mut flade = blad.surface();
        tegn_side(&mut flade, side, &mut indhold);
        flade.finish();
        blad.finish();
    }
    pdf.set_outline(indholdsfortegnelse(&opsat));
    pdf.set_tag_tree(trae(&opsat, indhold));
    pdf.set_metadata(metadata(udskrift));
    pdf.finish().map_err(|fejl| nej(&fejl))
}

fn tegn_side(flade: &mut Surface<'_>, side: &Side, indhold: &mut [Vec<Identifier>]) {
    for sat in &side.linjer {
        let tag = match sat.gruppe {
            Some(_) => ContentTag::Span(SpanTag::empty()),
            None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
        };
        let id = flade.start_tagged(tag);
        tegn_linje(flade, sat);
        flade.end_tagged();
        if let Some(i) = sat.gruppe.and_then(|nr| indhold.get_mut(nr)) {
            i.push(id);
        }
    }
    flade.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    flade.set_fill(None);
    flade.set_stroke(Some(Stroke {
        paint: rgb::Color::new(150, 150, 150).into(),
        width: 0.5,
        ..Stroke::default()
    }));
    for y in &side.streger {
        let mut streg = PathBuilder::new();
        streg.move_to(KANT, *y);
        streg.line_to(ARK.0 - KANT, *y);
        if let Some(streg) = streg.finish() {
            flade.draw_path(&streg);
        }
    }
    flade.set_stroke(None);
    flade.end_tagged();
}

fn tegn_linje(flade: &mut Surface<'_>, sat: &Sat) {
    for loeb in &sat.linje.loeb {
        let hvor = Point::from_xy(sat.x + loeb.x, sat.y + sat.linje.grund);
        flade.draw_glyphs(hvor, &loeb.glyffer, loeb.font.clone(), &sat.linje.tekst, loeb.stoerrelse, false);
    }
}

/// The structure of the document, for those who have it read aloud.
fn trae(opsat: &Opsat, indhold: Vec<Vec<Identifier>>) -> TagTree {
    let mut grupper: Vec<Option<TagGroup>> = Vec::with_capacity(indhold.len());
    for (gruppe, ids) in opsat.grupper.iter().zip(indhold) {
        let boern = ids.into_iter().map(Node::from).collect();
        grupper.push(Some(TagGroup::with_children(gruppe.tag.clone(), boern)));
    }
    let mut trae = TagTree::new().with_lang(Some("da-DK".into()));
    let mut rod = Vec::new();
    let mut boern: Vec<Vec<TagGroup>> = opsat.grupper.iter().map(|_| Vec::new()).collect();
    // A group comes after the one it is in.
    for nr in (0..grupper.len()).rev() {
        let Some(mut gruppe) = grupper[nr].take() else { continue };
        for barn in std::mem::take(&mut boern[nr]).into_iter().rev() {
            gruppe.push(barn);
        }
        match opsat.grupper[nr].i {
            Some(i) => boern[i].push(gruppe),
            None => rod.push(gruppe),
        }
    }
    for gruppe in rod.into_iter().rev() {
        trae.push(gruppe);
    }
    trae
}

fn indholdsfortegnelse(opsat: &Opsat) -> Outline {
    let mut fortegnelse = Outline::new();
    for (tekst, side, y) in &opsat.overskrifter {
        let hvor = XyzDestination::new(*side, Point::from_xy(KANT, *y));
        fortegnelse.push_child(OutlineNode::new(tekst.clone(), hvor));
    }
    fortegnelse
}

fn metadata(udskrift: &Udskrift) -> Metadata {
    let t = &udskrift.oprettet;
    // The types say what cannot be: every one of them is in range, and never below zero.
    let tal = |n: i8| n.unsigned_abs();
    let tid = DateTime::new(t.year().unsigned_abs())
        .month(tal(t.month()))
        .day(tal(t.day()))
        .hour(tal(t.hour()))
        .minute(tal(t.minute()))
        .second(tal(t.second()))
        .utc_offset_hour(i8::try_from(t.offset().seconds() / 3_600).unwrap_or(0))
        .utc_offset_minute(0);
    Metadata::new()
        .title(udskrift.titel.clone())
        .authors(vec![udskrift.udsteder.clone()])
        .creator("Fundament".into())
        .language("da-DK".into())
        .creation_date(tid)
}
