//! Points in time as the messages write them: Danish, with the offset that holds on the day.

/// Seconds of a day at which Danish clocks go forward, and back.
const FREM: i32 = 2 * 3600;
const TILBAGE: i32 = 3 * 3600;

/// A point in Danish time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stund {
    /// Days since 1970-01-01.
    pub dag: i32,
    /// Seconds of the day.
    pub sek: i32,
}

impl Stund {
    /// The start of a day.
    pub const fn dag(dag: i32) -> Self {
        Self { dag, sek: 0 }
    }

    /// Year, month and day.
    pub const fn dato(self) -> (i32, i32, i32) {
        // The civil calendar in years that begin in March, so that the leap day is the last.
        let z = self.dag + 719_468;
        let era = z.div_euclid(146_097);
        let i_era = z.rem_euclid(146_097);
        let aar = (i_era - i_era / 1460 + i_era / 36_524 - i_era / 146_096) / 365;
        let i_aar = i_era - (365 * aar + aar / 4 - aar / 100);
        let m = (5 * i_aar + 2) / 153;
        let maaned = if m < 10 { m + 3 } else { m - 9 };
        (aar + era * 400 + if maaned <= 2 { 1 } else { 0 }, maaned, i_aar - (153 * m + 2) / 5 + 1)
    }

    /// The first day of the month that lies so many months after this one.
    pub const fn maaned(self, efter: i32) -> Self {
        let (aar, maaned, _) = self.dato();
        let i_alt = aar * 12 + (maaned - 1) + efter;
        Self::dag(dage(i_alt.div_euclid(12), i_alt.rem_euclid(12) + 1, 1))
    }

    /// So many days later, at the same time of day, and on a working day.
    pub const fn arbejdsdag(self, dage: i32) -> Self {
        let dag = self.dag + dage;
        let ugedag = (dag + 3).rem_euclid(7);
        Self { dag: if ugedag > 4 { dag + 7 - ugedag } else { dag }, sek: self.sek }
    }

    /// As `xs:dateTime`.
    pub fn tekst(self) -> String {
        let (aar, maaned, dag) = self.dato();
        let (time, minut, sekund) = (self.sek / 3600, self.sek / 60 % 60, self.sek % 60);
        let offset = if self.er_sommer(aar) { 2 } else { 1 };
        format!("{aar:04}-{maaned:02}-{dag:02}T{time:02}:{minut:02}:{sekund:02}.000+{offset:02}:00")
    }

    /// As `xs:date`.
    pub fn dato_tekst(self) -> String {
        let (aar, maaned, dag) = self.dato();
        format!("{aar:04}-{maaned:02}-{dag:02}")
    }

    const fn er_sommer(self, aar: i32) -> bool {
        let (marts, oktober) = (sidste_soendag(aar, 3), sidste_soendag(aar, 10));
        let fra = self.dag > marts || (self.dag == marts && self.sek >= FREM);
        fra && (self.dag < oktober || (self.dag == oktober && self.sek < TILBAGE))
    }
}

/// Days since 1970-01-01.
const fn dage(aar: i32, maaned: i32, dag: i32) -> i32 {
    let aar = if maaned <= 2 { aar - 1 } else { aar };
    let era = aar.div_euclid(400);
    let i_era = aar.rem_euclid(400);
    let m = if maaned > 2 { maaned - 3 } else { maaned + 9 };
    era * 146_097 + i_era * 365 + i_era / 4 - i_era / 100 + (153 * m + 2) / 5 + dag - 1 - 719_468
}

/// The last Sunday of a month that has 31 days.
const fn sidste_soendag(aar: i32, maaned: i32) -> i32 {
    let sidste = dage(aar, maaned, 31);
    sidste - (sidste + 4).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::Stund;

    #[test]
    fn every_day_is_written_as_jiff_writes_it() {
        let mut dag = jiff::civil::date(2014, 1, 1);
        for nr in 16_071..20_900 {
            for sek in [0, 3 * 3600, 8 * 3600 + 61] {
                let stund = Stund { dag: nr, sek };
                let tekst = stund.tekst();
                let instant = indeks::form::tid(&tekst).expect("a time");
                assert_eq!(indeks::form::skriv_tid(instant).as_deref(), Some(tekst.as_str()));
            }
            assert_eq!(Stund::dag(nr).dato_tekst(), dag.to_string());
            assert_eq!(Stund::dag(nr).maaned(13).dato().2, 1);
            dag = dag.tomorrow().expect("a day");
        }
    }
}
