//! Where everything stands: pages, lines, rules; and what each line is a part of.

use crate::skrift::{Linje, Saetter, Stil};
use crate::{Del, Tabel, Udskrift};
use krilla::tagging::{TableHeaderScope, Tag, TagKind};
use std::num::NonZeroU16;

/// A4, in points.
pub const ARK: (f32, f32) = (595.28, 841.89);
/// The margin all around.
pub const KANT: f32 = 56.0;
/// Room between columns.
const SPALTE: f32 = 8.0;
/// Room above and below the text of a row.
const LUFT: f32 = 3.0;
/// The width of names beside their values.
const NAVNE: f32 = 150.0;

const TITEL: Stil = Stil { stoerrelse: 20.0, fed: true };
const OVERSKRIFT: Stil = Stil { stoerrelse: 13.0, fed: true };
const TEKST: Stil = Stil { stoerrelse: 10.5, fed: false };
const NAVN: Stil = Stil { stoerrelse: 10.5, fed: true };
const HOVED: Stil = Stil { stoerrelse: 9.0, fed: true };
const CELLE: Stil = Stil { stoerrelse: 9.0, fed: false };
const FOD: Stil = Stil { stoerrelse: 8.5, fed: false };

/// A line at its place. Without a group it is no part of what the document says.
pub struct Sat {
    pub linje: Linje,
    pub x: f32,
    pub y: f32,
    pub gruppe: Option<usize>,
}

/// A page.
#[derive(Default)]
pub struct Side {
    pub linjer: Vec<Sat>,
    /// Thin rules across, each at its height.
    pub streger: Vec<f32>,
}

/// A node of the document's structure, with what it is in.
pub struct Gruppe {
    pub tag: TagKind,
    pub i: Option<usize>,
}

/// A document laid out.
#[derive(Default)]
pub struct Opsat {
    pub sider: Vec<Side>,
    pub grupper: Vec<Gruppe>,
    /// The headings: what they say, and on which page and how far down they stand. The title is the first.
    pub overskrifter: Vec<(String, usize, f32)>,
}

struct Opsaetning {
    saetter: Saetter,
    ud: Opsat,
    y: f32,
}

/// Lays a document out.
pub fn opsaet(udskrift: &Udskrift) -> Opsat {
    let mut o = Opsaetning { saetter: Saetter::ny(), ud: Opsat::default(), y: 0.0 };
    o.ny_side();
    let bredde = ARK.0 - 2.0 * KANT;
    o.tekst(&udskrift.udsteder, TEKST, bredde, Tag::P.into());
    o.y += 4.0;
    o.overskrift(&udskrift.titel, TITEL, 1);
    o.y += 8.0;
    for del in &udskrift.dele {
        match del {
            Del::Overskrift(tekst) => {
                o.y += 10.0;
                // A heading is not left alone at the foot of a page.
                o.plads(OVERSKRIFT.linje() + 4.0 * TEKST.linje());
                o.overskrift(tekst, OVERSKRIFT, 2);
                o.y += 3.0;
            }
            Del::Afsnit(tekst) => {
                o.tekst(tekst, TEKST, bredde, Tag::P.into());
                o.y += 5.0;
            }
            Del::Felter(felter) => o.felter(felter),
            Del::Tabel(tabel) => o.tabel(tabel),
        }
    }
    o.sidefoedder(&udskrift.sidefod);
    o.ud
}

impl Opsaetning {
    fn bund() -> f32 {
        ARK.1 - KANT - 14.0
    }

    fn ny_side(&mut self) {
        self.ud.sider.push(Side::default());
        self.y = KANT;
    }

    fn plads(&mut self, hoejde: f32) -> bool {
        let ny = self.y + hoejde > Self::bund();
        if ny {
            self.ny_side();
        }
        ny
    }

    fn gruppe(&mut self, tag: TagKind, i: Option<usize>) -> usize {
        self.ud.grupper.push(Gruppe { tag, i });
        self.ud.grupper.len() - 1
    }

    fn saet(&mut self, linje: Linje, x: f32, y: f32, gruppe: Option<usize>) {
        if let Some(side) = self.ud.sider.last_mut() {
            side.linjer.push(Sat { linje, x, y, gruppe });
        }
    }

    fn streg(&mut self) {
        let y = self.y;
        if let Some(side) = self.ud.sider.last_mut() {
            side.streger.push(y);
        }
    }

    fn overskrift(&mut self, tekst: &str, stil: Stil, niveau: u16) {
        let niveau = NonZeroU16::new(niveau).unwrap_or(NonZeroU16::MIN);
        let side = self.ud.sider.len() - 1;
        self.ud.overskrifter.push((tekst.to_owned(), side, self.y));
        self.tekst(tekst, stil, ARK.0 - 2.0 * KANT, Tag::Hn(niveau, Some(tekst.to_owned())).into());
    }

    fn tekst(&mut self, tekst: &str, stil: Stil, bredde: f32, tag: TagKind) {
        let gruppe = self.gruppe(tag, None);
        for linje in self.saetter.linjer(tekst, stil, bredde) {
            self.plads(stil.linje());
            self.saet(linje, KANT, self.y, Some(gruppe));
            self.y += stil.linje();
        }
    }

    fn felter(&mut self, felter: &[(String, String)]) {
        let tabel = self.gruppe(Tag::Table.into(), None);
        let krop = self.gruppe(Tag::TBody.into(), Some(tabel));
        let bredder = [NAVNE, ARK.0 - 2.0 * KANT - NAVNE - SPALTE];
        for (navn, vaerdi) in felter {
            let tr = self.gruppe(Tag::TR.into(), Some(krop));
            let navn_i = self.gruppe(Tag::TH(TableHeaderScope::Row).into(), Some(tr));
            let vaerdi_i = self.gruppe(Tag::TD.into(), Some(tr));
            let celler = vec![
                (self.saetter.linjer(navn, NAVN, bredder[0]), Some(navn_i)),
                (self.saetter.linjer(vaerdi, TEKST, bredder[1]), Some(vaerdi_i)),
            ];
            self.raekke(celler, &bredder, TEKST, None);
        }
        self.y += 6.0;
    }

    fn tabel(&mut self, tabel: &Tabel) {
        let ialt: f32 = tabel.kolonner.iter().map(|(_, vaegt)| f32::from(vaegt.get())).sum();
        let antal = tabel.kolonner.len();
        let mellemrum = SPALTE * (antal.saturating_sub(1)) as f32;
        let plads = ARK.0 - 2.0 * KANT - mellemrum;
        let bredder: Vec<f32> =
            tabel.kolonner.iter().map(|(_, vaegt)| plads * f32::from(vaegt.get()) / ialt).collect();
        let i = self.gruppe(Tag::Table.into(), None);
        let hoved = self.gruppe(Tag::THead.into(), Some(i));
        let krop = self.gruppe(Tag::TBody.into(), Some(i));
        let tr = self.gruppe(Tag::TR.into(), Some(hoved));
        let celler = tabel.kolonner.iter().zip(&bredder);
        let celler = celler.map(|((navn, _), bredde)| {
            let th = self.gruppe(Tag::TH(TableHeaderScope::Column).into(), Some(tr));
            (self.saetter.linjer(navn, HOVED, *bredde), Some(th))
        });
        let celler: Vec<_> = celler.collect();
        self.raekke(celler, &bredder, HOVED, None);
        self.streg();
        for raekke in &tabel.raekker {
            let tr = self.gruppe(Tag::TR.into(), Some(krop));
            let celler = raekke.iter().zip(&bredder).map(|(tekst, bredde)| {
                let td = self.gruppe(Tag::TD.into(), Some(tr));
                (self.saetter.linjer(tekst, CELLE, *bredde), Some(td))
            });
            let celler: Vec<_> = celler.collect();
            self.raekke(celler, &bredder, CELLE, Some(tabel));
            self.streg();
        }
        self.y += 6.0;
    }

    /// One row. It goes whole to the next page when it does not fit, and on over several when it fits on none.
    fn raekke(
        &mut self,
        celler: Vec<(Vec<Linje>, Option<usize>)>,
        bredder: &[f32],
        stil: Stil,
        tabel: Option<&Tabel>,
    ) {
        let hoejst = celler.iter().map(|(linjer, _)| linjer.len()).max().unwrap_or(0);
        let hoejde = hoejst as f32 * stil.linje() + 2.0 * LUFT;
        if hoejde < Self::bund() - 2.0 * KANT && self.plads(hoejde) {
            self.hoved_igen(bredder, tabel);
        }
        let mut celler: Vec<_> =
            celler.into_iter().map(|(linjer, gruppe)| (linjer.into_iter(), gruppe)).collect();
        self.y += LUFT;
        for nr in 0..hoejst {
            if nr > 0 && self.plads(stil.linje()) {
                self.hoved_igen(bredder, tabel);
            }
            let (mut x, y) = (KANT, self.y);
            for ((linjer, gruppe), bredde) in celler.iter_mut().zip(bredder) {
                if let Some(linje) = linjer.next() {
                    self.saet(linje, x, y, *gruppe);
                }
                x += bredde + SPALTE;
            }
            self.y += stil.linje();
        }
        self.y += LUFT;
    }

    /// The head of a table again, at the top of a page: seen, and not read aloud.
    fn hoved_igen(&mut self, bredder: &[f32], tabel: Option<&Tabel>) {
        let Some(tabel) = tabel else { return };
        let celler = tabel.kolonner.iter().zip(bredder);
        let celler = celler.map(|((navn, _), bredde)| (self.saetter.linjer(navn, HOVED, *bredde), None));
        let celler = celler.collect();
        self.raekke(celler, bredder, HOVED, None);
        self.streg();
    }

    fn sidefoedder(&mut self, tekst: &str) {
        let antal = self.ud.sider.len();
        for nr in 0..antal {
            let fod = format!("{tekst} · Side {} af {antal}", nr + 1);
            let linje = self.saetter.linjer(&fod, FOD, ARK.0 - 2.0 * KANT).into_iter().next();
            if let (Some(linje), Some(side)) = (linje, self.ud.sider.get_mut(nr)) {
                side.linjer.push(Sat { linje, x: KANT, y: ARK.1 - KANT, gruppe: None });
            }
        }
    }
}
