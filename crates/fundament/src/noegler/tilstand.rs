//! Which key is in force when: the file `noegler.json`, and what follows from it and the time.

use bitemporal::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// How long a key that is out of use is still trusted: longer than anything it signed is valid.
pub const OVERLAP: i64 = 24 * 3_600 * 1_000_000;

/// What a key is for. Each use has keys of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Brug {
    /// Assertioner og STS'ens svar
    Sts,
    /// Tjenesternes svar
    Service,
    /// JWT
    Jwt,
}

impl Brug {
    /// All of them.
    pub const ALLE: [Self; 3] = [Self::Sts, Self::Service, Self::Jwt];

    /// Its name in file names and on the command line.
    pub const fn navn(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Service => "service",
            Self::Jwt => "jwt",
        }
    }
}

impl fmt::Display for Brug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.navn())
    }
}

/// What a key is at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tilstand {
    /// Published, and not used yet.
    Kommende,
    /// Signs.
    IBrug,
    /// Signs no more, but what it signed is trusted.
    Udgaaet,
    /// Not trusted any more.
    Glemt,
}

impl fmt::Display for Tilstand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kommende => "kommende",
            Self::IBrug => "i brug",
            Self::Udgaaet => "udgået",
            Self::Glemt => "glemt",
        })
    }
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// What it is for.
    pub brug: Brug,
    /// Its number among the keys of that use, from 1.
    pub nr: u32,
    /// When it begins to sign, unless a later one has begun.
    #[serde(serialize_with = "skriv", deserialize_with = "laes")]
    pub fra: Instant,
    /// Until when it is trusted; without an end while nothing is to follow it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "maaske")]
    pub betroet_til: Option<Instant>,
}

impl Post {
    /// The name of its files, without their kind.
    pub fn navn(&self) -> String {
        format!("{}-{}", self.brug, self.nr)
    }
}

fn skriv<S: Serializer>(instant: &Instant, to: S) -> Result<S::Ok, S::Error> {
    administration::tid::skriv(*instant).serialize(to)
}

fn laes<'d, D: Deserializer<'d>>(from: D) -> Result<Instant, D::Error> {
    administration::tid::laes(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

mod maaske {
    use super::{Deserialize, Deserializer, Instant, Serializer};

    pub(super) fn serialize<S: Serializer>(instant: &Option<Instant>, to: S) -> Result<S::Ok, S::Error> {
        match instant {
            Some(instant) => super::skriv(instant, to),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Instant>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|t| administration::tid::laes(&t).map_err(serde::de::Error::custom)).transpose()
    }
}

/// All keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oversigt {
    /// By use and number.
    pub noegler: Vec<Post>,
}

impl Oversigt {
    fn af(&self, brug: Brug) -> impl Iterator<Item = &Post> {
        self.noegler.iter().filter(move |p| p.brug == brug)
    }

    /// The key that signs.
    pub fn i_brug(&self, brug: Brug, nu: Instant) -> Option<&Post> {
        self.af(brug).filter(|p| p.fra <= nu).max_by_key(|p| (p.fra, p.nr))
    }

    /// The key that is to sign next.
    pub fn kommende(&self, brug: Brug, nu: Instant) -> Option<&Post> {
        self.af(brug).filter(|p| p.fra > nu).min_by_key(|p| (p.fra, p.nr))
    }

    /// What a key is.
    pub fn tilstand(&self, post: &Post, nu: Instant) -> Tilstand {
        if post.fra > nu {
            Tilstand::Kommende
        } else if self.i_brug(post.brug, nu) == Some(post) {
            Tilstand::IBrug
        } else if post.betroet_til.is_some_and(|til| til > nu) {
            Tilstand::Udgaaet
        } else {
            Tilstand::Glemt
        }
    }

    /// The next number of a use.
    pub fn naeste_nr(&self, brug: Brug) -> u32 {
        self.af(brug).map(|p| p.nr).max().unwrap_or(0) + 1
    }

    /// Adds a key that signs from `fra`. Those before it are trusted for a day more, or no more at all.
    pub fn tilfoej(&mut self, brug: Brug, fra: Instant, mistillid: bool) -> Post {
        let post = Post { brug, nr: self.naeste_nr(brug), fra, betroet_til: None };
        self.afloes(brug, fra, mistillid);
        self.noegler.push(post.clone());
        self.noegler.sort_by_key(|p| (p.brug, p.nr));
        post
    }

    /// Lets the next key sign from `nu` on. Gives its number; `None` when there is none.
    pub fn fremskynd(&mut self, brug: Brug, nu: Instant, mistillid: bool) -> Option<u32> {
        let nr = self.kommende(brug, nu)?.nr;
        self.afloes(brug, nu, mistillid);
        for post in self.noegler.iter_mut().filter(|p| p.brug == brug && p.nr == nr) {
            post.fra = nu;
            post.betroet_til = None;
        }
        Some(nr)
    }

    /// Limits the trust in the keys that are replaced at `fra`.
    fn afloes(&mut self, brug: Brug, fra: Instant, mistillid: bool) {
        let til = if mistillid { fra } else { Instant::from_micros(fra.micros().saturating_add(OVERLAP)) };
        for post in self.noegler.iter_mut().filter(|p| p.brug == brug) {
            post.betroet_til = Some(post.betroet_til.map_or(til, |planlagt| planlagt.min(til)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Brug, OVERLAP, Oversigt, Tilstand};
    use bitemporal::Instant;

    const DAG: i64 = OVERLAP;

    fn dag(n: i64) -> Instant {
        Instant::from_micros(n * DAG)
    }

    /// What each key of the STS is on a day.
    #[track_caller]
    fn check(oversigt: &Oversigt, dagen: i64, expected: &[Tilstand]) {
        let nu = dag(dagen);
        let fundet: Vec<_> = oversigt.noegler.iter().map(|p| oversigt.tilstand(p, nu)).collect();
        assert_eq!(fundet, expected, "day {dagen}");
    }

    use Tilstand::{Glemt, IBrug, Kommende, Udgaaet};

    #[test]
    fn a_key_is_published_then_used_then_trusted_then_forgotten() {
        let mut oversigt = Oversigt::default();
        oversigt.tilfoej(Brug::Sts, dag(0), false);
        check(&oversigt, 1000, &[IBrug]);
        oversigt.tilfoej(Brug::Sts, dag(30), false);
        check(&oversigt, 29, &[IBrug, Kommende]);
        check(&oversigt, 30, &[Udgaaet, IBrug]);
        check(&oversigt, 31, &[Glemt, IBrug]);
        assert_eq!(oversigt.i_brug(Brug::Sts, dag(30)).map(|p| p.nr), Some(2));
        assert_eq!(oversigt.i_brug(Brug::Jwt, dag(30)), None, "each use has its own");
    }

    #[test]
    fn the_next_key_can_be_brought_forward() {
        let mut oversigt = Oversigt::default();
        assert_eq!(oversigt.fremskynd(Brug::Sts, dag(0), false), None);
        oversigt.tilfoej(Brug::Sts, dag(0), false);
        oversigt.tilfoej(Brug::Sts, dag(30), false);
        assert_eq!(oversigt.fremskynd(Brug::Sts, dag(5), false), Some(2));
        check(&oversigt, 5, &[Udgaaet, IBrug]);
        check(&oversigt, 6, &[Glemt, IBrug]);
        oversigt.tilfoej(Brug::Sts, dag(40), false);
        check(&oversigt, 39, &[Glemt, IBrug, Kommende]);
        check(&oversigt, 41, &[Glemt, Glemt, IBrug]);
    }

    #[test]
    fn a_key_that_has_been_stolen_is_not_trusted_at_once() {
        let mut oversigt = Oversigt::default();
        oversigt.tilfoej(Brug::Sts, dag(0), false);
        oversigt.tilfoej(Brug::Sts, dag(5), true);
        check(&oversigt, 5, &[Glemt, IBrug]);
        oversigt.tilfoej(Brug::Sts, dag(30), false);
        assert_eq!(oversigt.fremskynd(Brug::Sts, dag(10), true), Some(3));
        check(&oversigt, 10, &[Glemt, Glemt, IBrug]);
        check(&oversigt, 100, &[Glemt, Glemt, IBrug]);
    }

    #[test]
    fn the_file_can_be_read_back() {
        let mut oversigt = Oversigt::default();
        oversigt.tilfoej(Brug::Jwt, dag(20_000), false);
        oversigt.tilfoej(Brug::Jwt, dag(20_030), false);
        oversigt.tilfoej(Brug::Sts, dag(20_000), false);
        let json = serde_json::to_string(&oversigt).expect("written");
        assert_eq!(serde_json::from_str::<Oversigt>(&json).expect("read"), oversigt, "{json}");
        assert!(serde_json::from_str::<Oversigt>(r#"{"noegler":[],"x":1}"#).is_err());
    }
}
