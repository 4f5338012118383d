//! What a message must have to pass a filter: how the index finds the filters it need not try.

use super::{Proeve, Udtryk};
use crate::skema::Sted;

pub(super) type Maengde = Vec<(Sted, Box<str>)>;

pub(super) fn af(udtryk: &Udtryk) -> Vec<Maengde> {
    match udtryk {
        Udtryk::Proev(vej, Proeve::En(vaerdier)) => {
            vec![vaerdier.iter().map(|v| (vej.sted, v.clone())).collect()]
        }
        Udtryk::Og(dele) => dele.iter().flat_map(af).collect(),
        // One of each part together, when every part has one.
        Udtryk::Eller(dele) => {
            let mut samlet = Maengde::new();
            for del in dele {
                match af(del).into_iter().min_by_key(Vec::len) {
                    Some(maengde) => samlet.extend(maengde),
                    None => return Vec::new(),
                }
            }
            vec![samlet]
        }
        Udtryk::Nogen(_, inde) => af(inde),
        Udtryk::Sand | Udtryk::Ikke(_) | Udtryk::Proev(..) => Vec::new(),
    }
}
