//! The settings of notices.

use serde::Deserialize;

/// Settings under `[adviser]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adviserconfig {
    /// Most mails in an hour to the people and the mailbox of one party; the rest wait.
    pub mails_pr_part_i_timen: u64,
    /// Most mails in an hour in all.
    pub mails_i_timen: u64,
    /// How long after a failure a mail is tried again the first time, in seconds; twice as long after each further one.
    pub proev_igen_sekunder: u32,
    /// Longest time the mail server may take to answer, in seconds.
    pub svartid_sekunder: u32,
    /// How many months notices are kept.
    pub opbevaring_maaneder: u32,
}

impl Default for Adviserconfig {
    fn default() -> Self {
        Self {
            mails_pr_part_i_timen: 300,
            mails_i_timen: 3_000,
            proev_igen_sekunder: 60,
            svartid_sekunder: 30,
            opbevaring_maaneder: 13,
        }
    }
}

impl Adviserconfig {
    /// What is wrong with the settings, in words for whoever wrote them.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn kontroller(&self) -> Result<(), String> {
        if self.mails_pr_part_i_timen == 0 || self.mails_i_timen == 0 {
            return Err("adviser: grænserne for mails skal være mindst 1; uden --smtp sendes ingen".into());
        }
        if !(1..=3_600).contains(&self.proev_igen_sekunder) {
            return Err("adviser.proev_igen_sekunder skal være fra 1 til 3600".into());
        }
        if !(1..=300).contains(&self.svartid_sekunder) {
            return Err("adviser.svartid_sekunder skal være fra 1 til 300".into());
        }
        if !(1..=120).contains(&self.opbevaring_maaneder) {
            return Err("adviser.opbevaring_maaneder skal være fra 1 til 120".into());
        }
        Ok(())
    }
}
