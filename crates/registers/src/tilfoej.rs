//! From a registrering to the write set that records it.

use oio::catalog::ObjektType;
use oio::model::{Indhold, Registrering};
use oio::{Cvr, Fejl, ObjektId, krop, noegle};
use store::{Gemt, Noegle, NyRegistrering, Tilfoejelse};

/// An object as it stands: who owns it, and its current registrering.
pub(crate) struct Stand {
    pub ejer: Cvr,
    pub registrering: Registrering,
}

impl Stand {
    /// Decodes what the store returned.
    pub(crate) fn of(gemt: &Gemt) -> Result<Self, Fejl> {
        Ok(Self { ejer: gemt.ejer, registrering: krop::decode(&gemt.krop).map_err(Fejl::intern)? })
    }
}

/// The write set that adds `nye` to an object. `nye` is ascending and not empty.
pub(crate) fn tilfoej(
    typ: &'static ObjektType,
    objekt: ObjektId,
    ejer: Cvr,
    foer: Option<&Registrering>,
    nye: &[Registrering],
    handling: &'static str,
) -> Tilfoejelse {
    let gamle = foer.map(|r| noegler(typ, r)).unwrap_or_default();
    let efter = nye.last().map(|r| noegler(typ, r)).unwrap_or_default();
    let (vaek, til) = forskel(gamle, efter);
    Tilfoejelse {
        objekt,
        objekttype: typ.name,
        ejer,
        foer: foer.map(|r| r.tidspunkt),
        registreringer: nye
            .iter()
            .map(|r| NyRegistrering {
                tidspunkt: r.tidspunkt,
                livscyklus: r.livscyklus,
                krop: krop::encode(r),
            })
            .collect(),
        noegler_vaek: vaek,
        noegler_til: til,
        handling,
    }
}

/// The search keys of a registrering: none unless the object is live, so that searches need not ask.
pub(crate) fn noegler(typ: &'static ObjektType, registrering: &Registrering) -> Vec<Noegle> {
    if !registrering.livscyklus.is_live() {
        return Vec::new();
    }
    noegler_af(typ, &registrering.indhold)
}

fn noegler_af(typ: &'static ObjektType, indhold: &Indhold) -> Vec<Noegle> {
    noegle::noegler(typ, indhold)
        .into_iter()
        .map(|n| Noegle { felt: n.felt.0, vaerdi: n.vaerdi, fra: n.fra.micros(), til: n.til.micros() })
        .collect()
}

/// What must go and what must come. Both lists are sorted and without repetition.
fn forskel(gamle: Vec<Noegle>, nye: Vec<Noegle>) -> (Vec<Noegle>, Vec<Noegle>) {
    let mut vaek = Vec::new();
    let mut til = Vec::new();
    let (mut a, mut b) = (gamle.into_iter().peekable(), nye.into_iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if x == y => {
                a.next();
                b.next();
            }
            (Some(x), Some(y)) if x < y => vaek.extend(a.next()),
            (Some(_), None) => vaek.extend(a.next()),
            (_, Some(_)) => til.extend(b.next()),
            (None, None) => return (vaek, til),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Noegle, forskel};

    fn keys(text: &str) -> Vec<Noegle> {
        text.split_whitespace().map(|v| Noegle { felt: 1, vaerdi: v.into(), fra: 0, til: 9 }).collect()
    }

    #[track_caller]
    fn check(gamle: &str, nye: &str, vaek: &str, til: &str) {
        assert_eq!(forskel(keys(gamle), keys(nye)), (keys(vaek), keys(til)));
    }

    #[test]
    fn only_what_differs_is_written() {
        check("a b c", "a c d", "b", "d");
        check("", "a b", "", "a b");
        check("a b", "", "a b", "");
        check("a", "a", "", "");
        check("b", "a", "b", "a");
    }
}
