//! How many failures an address may have before it must wait. In memory, on each server for itself.

use bitemporal::Instant;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Failures within [`VINDUE`].
const FEJL_MAX: u32 = 30;
/// For how long they count.
const VINDUE: i64 = 15 * 60 * 1_000_000;
/// Addresses remembered.
const ADRESSER_MAX: usize = 10_000;

/// Counts failures by address.
#[derive(Default)]
pub(crate) struct Begraenser(Mutex<HashMap<IpAddr, (i64, u32)>>);

/// Who has one address of IPv6 has the 2⁶⁴ around it.
fn noegle(adresse: IpAddr) -> IpAddr {
    match adresse {
        IpAddr::V4(_) => adresse,
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
    }
}

impl Begraenser {
    fn laas(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, (i64, u32)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the address may try.
    pub(crate) fn maa(&self, adresse: Option<IpAddr>, nu: Instant) -> bool {
        let Some(adresse) = adresse else { return true };
        let alle = self.laas();
        alle.get(&noegle(adresse)).is_none_or(|(fra, fejl)| nu.micros() - fra >= VINDUE || *fejl < FEJL_MAX)
    }

    /// Counts a failure; gives whether it was the last that was allowed.
    pub(crate) fn fejl(&self, adresse: Option<IpAddr>, nu: Instant) -> bool {
        let Some(adresse) = adresse else { return false };
        let mut alle = self.laas();
        let noegle = noegle(adresse);
        if alle.len() >= ADRESSER_MAX && !alle.contains_key(&noegle) {
            alle.retain(|_, (fra, _)| nu.micros() - *fra < VINDUE);
            let en = alle.keys().next().copied().filter(|_| alle.len() >= ADRESSER_MAX);
            en.map(|en| alle.remove(&en));
        }
        let (fra, fejl) = alle.entry(noegle).or_insert((nu.micros(), 0));
        if nu.micros() - *fra >= VINDUE {
            (*fra, *fejl) = (nu.micros(), 0);
        }
        *fejl = fejl.saturating_add(1);
        *fejl == FEJL_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::{ADRESSER_MAX, Begraenser, FEJL_MAX, VINDUE};
    use bitemporal::Instant;
    use std::net::{IpAddr, Ipv4Addr};

    fn at(micros: i64) -> Instant {
        Instant::from_micros(micros)
    }

    #[test]
    fn an_address_waits_and_may_try_again() {
        let begraenser = Begraenser::default();
        let her: Option<IpAddr> = Some("2001:db8::1".parse().unwrap());
        let nabo = Some("2001:db8::ffff:1".parse().unwrap());
        let anden = Some("2001:db8:0:1::1".parse().unwrap());
        for nr in 1..=FEJL_MAX {
            assert!(begraenser.maa(her, at(1)));
            assert_eq!(begraenser.fejl(her, at(1)), nr == FEJL_MAX);
        }
        assert!(!begraenser.maa(her, at(VINDUE)) && !begraenser.maa(nabo, at(VINDUE)));
        assert!(begraenser.maa(anden, at(2)) && begraenser.maa(None, at(2)));
        assert!(begraenser.maa(her, at(VINDUE + 1)));
        assert!(!begraenser.fejl(her, at(VINDUE + 1)), "counted from one again");
    }

    #[test]
    fn no_more_are_remembered_than_there_is_room_for() {
        let begraenser = Begraenser::default();
        for n in 0..u32::try_from(ADRESSER_MAX).unwrap() + 500 {
            begraenser.fejl(Some(IpAddr::V4(Ipv4Addr::from(n))), at(1));
        }
        assert_eq!(begraenser.laas().len(), ADRESSER_MAX);
        begraenser.fejl(Some(IpAddr::V4(Ipv4Addr::from(u32::MAX))), at(VINDUE + 1));
        assert_eq!(begraenser.laas().len(), 1, "what no longer counts goes first");
    }
}
