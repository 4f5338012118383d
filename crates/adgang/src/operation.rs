//! What can be asked for.

/// Every operation that is authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the standard's own operations")]
pub enum Operation {
    Opret,
    Importer,
    Ret,
    Passiver,
    Slet,
    Laes,
    List,
    Soeg,
    Fremsoeg,
    Anonymiser,
    Fysiskslet,
    Opdater,
    FremsoegIndeks,
    Fjern,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 14] = [
        Self::Opret,
        Self::Importer,
        Self::Ret,
        Self::Passiver,
        Self::Slet,
        Self::Laes,
        Self::List,
        Self::Soeg,
        Self::Fremsoeg,
        Self::Anonymiser,
        Self::Fysiskslet,
        Self::Opdater,
        Self::FremsoegIndeks,
        Self::Fjern,
    ];

    /// The operation's name in the standard.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opret => "opret",
            Self::Importer => "importer",
            Self::Ret => "ret",
            Self::Passiver => "passiver",
            Self::Slet => "slet",
            Self::Laes => "laes",
            Self::List => "list",
            Self::Soeg => "soeg",
            Self::Fremsoeg => "fremsoegobjekthierarki",
            Self::Anonymiser => "anonymiser",
            Self::Fysiskslet => "fysiskslet",
            Self::Opdater => "opdater",
            Self::FremsoegIndeks => "fremsoeg",
            Self::Fjern => "fjern",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Operation;

    #[test]
    fn roles_can_name_every_operation() {
        assert_eq!(Operation::ALL.map(Operation::as_str), administration::OPERATIONER);
    }
}
