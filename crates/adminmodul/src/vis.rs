//! How things are shown: dates in Danish time, states as tags, numbers as Danes write them.

use administration::{
    Aftaletilstand, Brugertilstand, Certifikat, Certifikatstatus, Servicestatus, Systemtilstand,
};
use bitemporal::Instant;
use styring::opgaver::Opgavestatus;

/// A day, or a moment, as people read it and as browsers do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dato {
    /// For `datetime`.
    pub iso: String,
    /// For people.
    pub tekst: String,
}

impl Dato {
    /// Whether there is none.
    pub fn er_tom(&self) -> bool {
        self.tekst.is_empty()
    }
}

/// A day; empty for the infinities.
pub fn dato(tid: Instant) -> Dato {
    oio::tid::zoned(tid).map_or_else(Dato::default, |z| Dato {
        iso: z.strftime("%Y-%m-%d").to_string(),
        tekst: z.strftime("%d-%m-%Y").to_string(),
    })
}

/// The last day of what ends at a moment: the day before when it ends as a day begins.
pub fn sidste_dag(slut: Instant) -> Dato {
    if slut.is_finite() { dato(Instant::from_micros(slut.micros() - 1)) } else { Dato::default() }
}

/// When the day after a day begins: where what holds that day through ends.
pub fn dagen_efter(dag: Instant) -> Instant {
    let naeste = oio::tid::zoned(dag).and_then(|z| z.date().tomorrow().ok());
    naeste.and_then(oio::tid::midnight).unwrap_or(dag)
}

/// When something ends that is told to end on a day: at once when that is today, else when the day is over. A day that is
/// past stays so, to be told of.
pub fn slut(nu: Instant, dag: Instant) -> Option<Instant> {
    match dag.cmp(&oio::tid::day_of(nu)) {
        std::cmp::Ordering::Less => Some(dag),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(dagen_efter(dag)),
    }
}

/// A moment read from a day in a form; what is stored, when that is shown as the same day: it may be a moment in it.
pub fn behold(skrevet: Instant, gemt: Instant, vist: fn(Instant) -> Dato) -> Instant {
    if vist(skrevet) == vist(gemt) { gemt } else { skrevet }
}

/// A day that may be missing.
pub fn maaske(tid: Option<Instant>) -> Dato {
    tid.map_or_else(Dato::default, dato)
}

/// A moment.
pub fn tid(tid: Instant) -> Dato {
    oio::tid::zoned(tid).map_or_else(Dato::default, |z| Dato {
        iso: z.strftime("%Y-%m-%dT%H:%M").to_string(),
        tekst: z.strftime("%d-%m-%Y kl. %H.%M").to_string(),
    })
}

/// A moment, to the second.
pub fn sekund(tid: Instant) -> Dato {
    oio::tid::zoned(tid).map_or_else(Dato::default, |z| Dato {
        iso: z.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        tekst: z.strftime("%d-%m-%Y kl. %H.%M.%S").to_string(),
    })
}

/// A day as it is typed: dd-mm-åååå, or as browsers write it.
pub fn laes_dato(tekst: &str) -> Option<Instant> {
    let led: Vec<&str> = tekst.trim().split(['-', '/', '.']).collect();
    let [a, b, c] = led.as_slice() else { return None };
    let (aar, maaned, dag) = if a.len() == 4 { (a, b, c) } else { (c, b, a) };
    if aar.len() != 4 {
        return None;
    }
    let dag = jiff::civil::Date::new(aar.parse().ok()?, maaned.parse().ok()?, dag.parse().ok()?).ok()?;
    oio::tid::midnight(dag)
}

/// Whole days from now to a moment; negative when it is past.
pub fn dage_til(nu: Instant, tid: Instant) -> i64 {
    (oio::tid::day_of(tid).micros() - oio::tid::day_of(nu).micros() + 43_200_000_000)
        .div_euclid(86_400_000_000)
}

/// How far away a moment is, in words.
pub fn om_dage(nu: Instant, tid: Instant) -> String {
    match dage_til(nu, tid) {
        0 => "i dag".to_owned(),
        1 => "i morgen".to_owned(),
        -1 => "i går".to_owned(),
        n if n > 0 => format!("om {n} dage"),
        n => format!("for {} dage siden", -n),
    }
}

/// A word with its number.
pub fn antal(n: usize, en: &str, flere: &str) -> String {
    if n == 1 { format!("1 {en}") } else { format!("{n} {flere}") }
}

/// A state: its tone and its word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// `draft`, `wait`, `info`, `ok`, `warn`, `stop`, or nothing.
    pub tone: &'static str,
    /// The word.
    pub navn: String,
}

/// A state of the standard as people read it: the first letter large.
pub fn stort(navn: &str) -> String {
    begynd_stort(&navn.to_lowercase())
}

/// A sentence that begins with a large letter, and is else as it was.
pub fn begynd_stort(tekst: &str) -> String {
    let mut tegn = tekst.chars();
    tegn.next().map_or_else(String::new, |f| f.to_uppercase().chain(tegn).collect())
}

/// The tag of an agreement.
pub fn aftaletag(t: Aftaletilstand) -> Tag {
    use Aftaletilstand as T;
    let tone = match t {
        T::Kladde => "draft",
        T::Anmodet => "wait",
        T::Godkendt => "info",
        T::Aktiv => "ok",
        T::Returneret | T::Opsagt | T::Hvilende => "warn",
        T::Afvist | T::Spaerret => "stop",
        _ => "",
    };
    Tag { tone, navn: stort(&t.to_string()) }
}

/// The tag of an it-system.
pub fn systemtag(t: Systemtilstand) -> Tag {
    use Systemtilstand as T;
    let tone = match t {
        T::Kladde => "draft",
        T::Registreret => "info",
        T::Tilsluttet => "ok",
        T::UnderLukning => "warn",
        T::Spaerret => "stop",
        T::Lukket => "",
    };
    Tag { tone, navn: stort(&t.to_string()) }
}

/// The tag of a user.
pub fn brugertag(t: Brugertilstand) -> Tag {
    use Brugertilstand as T;
    let tone = match t {
        T::Inviteret => "draft",
        T::Aktiv => "ok",
        T::Spaerret => "stop",
        T::Ophoert => "",
    };
    Tag { tone, navn: stort(&t.to_string()) }
}

/// The tag of a task.
pub fn opgavetag(t: Opgavestatus) -> Tag {
    let tone = match t {
        Opgavestatus::Aaben => "info",
        Opgavestatus::IGang => "wait",
        Opgavestatus::Udfoert => "ok",
        Opgavestatus::Bortfaldet => "",
    };
    Tag { tone, navn: stort(&t.to_string()) }
}

/// The tag of a service.
pub fn servicetag(t: Servicestatus) -> Tag {
    let (tone, navn) = match t {
        Servicestatus::Kommende => ("info", "Kommende"),
        Servicestatus::IDrift => ("ok", "I drift"),
        Servicestatus::Udfases => ("warn", "Udfases"),
        Servicestatus::Lukket => ("", "Lukket"),
    };
    Tag { tone, navn: navn.to_owned() }
}

/// The tag of a certificate.
pub fn certifikattag(c: &Certifikat, nu: Instant) -> Tag {
    let (tone, navn) = match c.status {
        Certifikatstatus::Tilbagekaldt => ("stop", "Tilbagekaldt"),
        _ if c.gyldig.to <= nu => ("", "Udløbet"),
        Certifikatstatus::Uploadet => ("info", "Uploadet"),
        Certifikatstatus::Aktiv if c.aktivering.from > nu => ("info", "Uploadet"),
        Certifikatstatus::Aktiv if dage_til(nu, c.gyldig.to) <= 30 => ("warn", "Udløber snart"),
        Certifikatstatus::Aktiv => ("ok", "Aktiv"),
    };
    Tag { tone, navn: navn.to_owned() }
}

/// The common name of a distinguished name, or all of it.
pub fn cn(emne: &str) -> String {
    let cn = emne.split(',').find_map(|led| led.trim().strip_prefix("CN="));
    cn.unwrap_or(emne).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{cn, dagen_efter, dato, laes_dato, sidste_dag, stort, tid};
    use bitemporal::Instant;

    #[test]
    fn dates_are_danish() {
        let jul = laes_dato("24-12-2026").expect("a day");
        assert_eq!((dato(jul).tekst.as_str(), dato(jul).iso.as_str()), ("24-12-2026", "2026-12-24"));
        assert_eq!(tid(jul).tekst, "24-12-2026 kl. 00.00");
        assert_eq!(laes_dato("2026-12-24"), Some(jul));
        assert!(["", "31-02-2026", "1-1-26", "i dag", "24-12-2026-1"].iter().all(|t| laes_dato(t).is_none()));
        assert!(dato(Instant::POS_INFINITY).er_tom());
    }

    #[test]
    fn an_end_is_the_last_day() {
        // The clock is changed on two of them: a day is not always 24 hours.
        for dag in ["31-12-2026", "28-03-2027", "31-10-2027"] {
            let slut = dagen_efter(laes_dato(dag).expect("a day"));
            assert_eq!(tid(slut).tekst.split_once(' ').expect("a time").1, "kl. 00.00");
            assert_eq!(sidste_dag(slut).tekst, dag);
        }
        let midt = laes_dato("24-12-2026").expect("a day").micros() + 3_600_000_000;
        assert_eq!(sidste_dag(Instant::from_micros(midt)).tekst, "24-12-2026");
        assert!(sidste_dag(Instant::POS_INFINITY).er_tom());
    }

    #[test]
    fn names_are_shortened() {
        assert_eq!(
            (stort("SPÆRRET").as_str(), stort("UNDER LUKNING").as_str()),
            ("Spærret", "Under lukning")
        );
        assert_eq!(cn("SERIALNUMBER=1,CN=KY test,C=DK"), "KY test");
    }
}
