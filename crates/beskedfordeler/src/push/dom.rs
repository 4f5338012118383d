//! What follows from an attempt.

use besked::{Udfald, naeste_forsoeg};
use std::time::Duration;
use store::Fejlaarsag;

/// Attempts before a message that will never be taken goes to the fejlkø.
const AFVIST_MAX: u32 = 3;
/// How long a wrong address is tried.
const KONFIGURATION_MAX: Duration = Duration::from_secs(24 * 3_600);

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dom {
    /// The receiver has it.
    Leveret,
    /// To the fejlkø, and on with the next.
    Fejlkoe(Fejlaarsag),
    /// To the fejlkø, and nothing more is sent until somebody says so.
    Opgiv,
    /// Again after this time; the queue stands still.
    Vent(Duration),
}

/// Judges the attempt number `forsoeg` of a message whose first failure was `siden` ago. `jitter` is from −1 to 1.
pub(super) fn doem(udfald: Udfald, forsoeg: u32, siden: Duration, jitter: f64) -> Dom {
    let vent = || naeste_forsoeg(forsoeg, jitter).map_or(Dom::Opgiv, Dom::Vent);
    match udfald {
        Udfald::Leveret => Dom::Leveret,
        Udfald::Permanent if forsoeg >= AFVIST_MAX => Dom::Fejlkoe(Fejlaarsag::AfvistAfModtager),
        Udfald::Konfiguration if siden >= KONFIGURATION_MAX => Dom::Fejlkoe(Fejlaarsag::LeveringOpgivet),
        Udfald::Permanent | Udfald::Konfiguration | Udfald::Midlertidig => vent(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Dom, doem};
    use besked::Udfald;
    use std::time::Duration;
    use store::Fejlaarsag;

    const DAG: Duration = Duration::from_secs(24 * 3_600);

    #[test]
    fn each_outcome_leads_where_the_specification_says() {
        let sekunder = |s| Dom::Vent(Duration::from_secs(s));
        for (udfald, forsoeg, siden, ventet) in [
            (Udfald::Leveret, 1, Duration::ZERO, Dom::Leveret),
            (Udfald::Permanent, 1, Duration::ZERO, sekunder(10)),
            (Udfald::Permanent, 2, Duration::ZERO, sekunder(30)),
            (Udfald::Permanent, 3, Duration::ZERO, Dom::Fejlkoe(Fejlaarsag::AfvistAfModtager)),
            (Udfald::Midlertidig, 1, Duration::ZERO, sekunder(10)),
            (Udfald::Midlertidig, 5, DAG, sekunder(1_800)),
            (Udfald::Midlertidig, 6, DAG, sekunder(3_600)),
            (Udfald::Midlertidig, 90, 3 * DAG, Dom::Opgiv),
            (Udfald::Konfiguration, 6, DAG / 2, sekunder(3_600)),
            (Udfald::Konfiguration, 30, DAG, Dom::Fejlkoe(Fejlaarsag::LeveringOpgivet)),
        ] {
            assert_eq!(doem(udfald, forsoeg, siden, 0.0), ventet, "{udfald:?} {forsoeg}");
        }
    }
}
