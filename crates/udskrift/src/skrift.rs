//! Text becomes lines of glyphs.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{FontContext, FontFamily, FontWeight, LayoutContext, LineHeight, StyleProperty};
use skrifa::{FontRef, MetadataProvider};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// The family all text is set in.
const FAMILIE: &str = "Libertinus Serif";
/// How high a line is, in sizes of its text.
pub const LINJEHOEJDE: f32 = 1.35;

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stil {
    /// Size in points.
    pub stoerrelse: f32,
    /// Whether it is bold.
    pub fed: bool,
}

impl Stil {
    /// Height of a line in points.
    pub fn linje(self) -> f32 {
        self.stoerrelse * LINJEHOEJDE
    }
}

/// A line, ready to be drawn.
pub struct Linje {
    /// The text the glyphs are ranges of.
    pub tekst: Arc<str>,
    /// The runs, from left to right.
    pub loeb: Vec<Loeb>,
    /// From the top of the line to where the letters stand, in points.
    pub grund: f32,
}

/// Glyphs of one font beside each other.
pub struct Loeb {
    /// From the left of the line, in points.
    pub x: f32,
    /// The font.
    pub font: Font,
    /// Its size in points.
    pub stoerrelse: f32,
    /// The glyphs.
    pub glyffer: Vec<KrillaGlyph>,
}

/// What sets text.
pub struct Saetter {
    skrifter: FontContext,
    opstilling: LayoutContext<[u8; 4]>,
    fonte: HashMap<u64, Font>,
    /// The font that says which letters there are.
    bogstaver: Option<&'static [u8]>,
}

impl Saetter {
    /// With the fonts that come with the program, and no others.
    pub fn ny() -> Self {
        let valg = CollectionOptions { shared: false, system_fonts: false };
        let mut skrifter =
            FontContext { collection: Collection::new(valg), source_cache: SourceCache::default() };
        let mut bogstaver = None;
        for data in typst_assets::fonts() {
            let Ok(font) = FontRef::new(data) else { continue };
            let navne = font.localized_strings(skrifa::string::StringId::FAMILY_NAME);
            let hedder = navne.map(|n| n.to_string()).any(|n| n == FAMILIE);
            if hedder {
                bogstaver = bogstaver.or(Some(data));
                skrifter.collection.register_fonts(Blob::new(Arc::new(data)), None);
            }
        }
        Self { skrifter, opstilling: LayoutContext::new(), fonte: HashMap::new(), bogstaver }
    }

    /// The text with what cannot be shown replaced, and without what is not text.
    fn renset(&self, tekst: &str) -> String {
        let kort = self.bogstaver.and_then(|data| FontRef::new(data).ok());
        let har = |c: char| kort.as_ref().is_some_and(|f| f.charmap().map(c).is_some());
        tekst
            .chars()
            .filter(|c| *c == '\n' || !c.is_control())
            .map(|c| if c == '\n' || har(c) { c } else { '?' })
            .collect()
    }

    /// The text as lines no wider than `bredde` points; at least one.
    pub fn linjer(&mut self, tekst: &str, stil: Stil, bredde: f32) -> Vec<Linje> {
        let renset = self.renset(tekst);
        let tekst: Arc<str> = if renset.trim().is_empty() { "–".into() } else { renset.into() };
        let mut bygger = self.opstilling.ranged_builder(&mut self.skrifter, &tekst, 1.0, false);
        bygger.push_default(StyleProperty::FontFamily(FontFamily::Single(parley::FontFamilyName::Named(
            Cow::Borrowed(FAMILIE),
        ))));
        bygger.push_default(StyleProperty::FontSize(stil.stoerrelse));
        bygger.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(LINJEHOEJDE)));
        bygger.push_default(StyleProperty::OverflowWrap(parley::OverflowWrap::Anywhere));
        let vaegt = if stil.fed { FontWeight::BOLD } else { FontWeight::NORMAL };
        bygger.push_default(StyleProperty::FontWeight(vaegt));
        let mut layout = bygger.build(&*tekst);
        layout.break_all_lines(Some(bredde));
        let mut linjer = Vec::new();
        let mut top = 0.0;
        for linje in layout.lines() {
            let grund = linje.metrics().baseline - top;
            top += stil.linje();
            let mut x = 0.0;
            let mut loeb = Vec::new();
            for run in linje.runs() {
                let data = run.font().clone();
                let (blob, id) = data.data.into_raw_parts();
                let font = match self.fonte.get(&id) {
                    Some(font) => font.clone(),
                    None => {
                        let Some(font) = Font::new(blob.into(), data.index) else { continue };
                        self.fonte.insert(id, font.clone());
                        font
                    }
                };
                let (fra, stoerrelse) = (x, run.font_size());
                let mut glyffer: Vec<KrillaGlyph> = Vec::new();
                for klynge in run.visual_clusters() {
                    if klynge.is_ligature_continuation() {
                        if let Some(glyf) = glyffer.last_mut() {
                            glyf.text_range.end = klynge.text_range().end;
                        }
                        continue;
                    }
                    for glyf in klynge.glyphs() {
                        let [frem, dx, dy] = [glyf.advance, glyf.x, glyf.y].map(|m| m / stoerrelse);
                        let id = GlyphId::new(glyf.id);
                        glyffer.push(KrillaGlyph::new(id, frem, dx, dy, 0.0, klynge.text_range(), None));
                        x += glyf.advance;
                    }
                }
                if !glyffer.is_empty() {
                    loeb.push(Loeb { x: fra, font, stoerrelse, glyffer });
                }
            }
            linjer.push(Linje { tekst: tekst.clone(), loeb, grund });
        }
        linjer
    }
}
