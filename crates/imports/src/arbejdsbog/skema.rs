//! The tabs and columns of the workbook, as data.

/// What a cell holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// An id of the workbook's own, at most 100 characters.
    Id,
    /// The id of a row of another tab.
    Peger(&'static str),
    /// Such ids, separated by `,`, `|` or blanks.
    PegerListe(&'static str),
    /// Free text of at most so many characters.
    Tekst(usize),
    /// A UUID.
    Uuid,
    /// A date.
    Dato,
    /// ja or nej.
    JaNej,
    /// One of a list: what may be written (folded), and what it is called here.
    Kode(&'static [(&'static str, &'static str)]),
    /// A KLE number.
    Kle,
    /// KLE numbers, separated by `,`, `|` or blanks.
    KleListe,
    /// A CPR number.
    Cpr,
    /// An EAN number: 13 digits with a check digit.
    Ean,
    /// So many digits.
    Cifre(usize),
    /// An e-mail address.
    Email,
}

/// A column.
#[derive(Debug)]
pub(super) struct Kolonne {
    /// Its name as we write it.
    pub(super) navn: &'static str,
    /// Other names it may have, folded.
    pub(super) alias: &'static [&'static str],
    /// Whether the column must be there.
    pub(super) med: bool,
    /// Whether every cell of it must be filled.
    pub(super) kraevet: bool,
    /// What its cells hold.
    pub(super) form: Form,
}

/// A tab, or the file of that name.
#[derive(Debug)]
pub(super) struct Fane {
    /// Its name as we write it.
    pub(super) navn: &'static str,
    /// Other names it may have, folded.
    pub(super) alias: &'static [&'static str],
    /// Its columns.
    pub(super) kolonner: &'static [Kolonne],
    /// The columns by which two rows are the same row. If the first is empty, the others alone.
    pub(super) noegle: &'static [&'static str],
    /// The columns whose rows a later edition replaces together.
    pub(super) gruppe: &'static [&'static str],
}

const fn maa(navn: &'static str, alias: &'static [&'static str], form: Form) -> Kolonne {
    Kolonne { navn, alias, med: false, kraevet: false, form }
}

const fn skal(navn: &'static str, alias: &'static [&'static str], form: Form) -> Kolonne {
    Kolonne { med: true, kraevet: true, ..maa(navn, alias, form) }
}

const UUID: Kolonne = maa("uuid", &[], Form::Uuid);
const FRA: Kolonne = maa("gyldig_fra", &["valid_from", "from", "fra", "startdato"], Form::Dato);
const TIL: Kolonne = maa("gyldig_til", &["valid_to", "to", "til", "slutdato"], Form::Dato);
const BEMAERKNING: Kolonne = maa("bemærkning", &["remark", "note", "bemaerkninger"], Form::Tekst(500));
const ENHED: Kolonne = skal("enhed_id", &["unit_id"], Form::Peger("enheder"));
const BETJENER: Kolonne =
    skal("betjener_enhed_id", &["serves_unit_id", "betjener"], Form::PegerListe("enheder"));

/// The roles an address may have: what may be written, folded, and what we write.
const ROLLER: &[(&str, &str)] = &[
    ("adressepost", "AdressePost"),
    ("post", "AdressePost"),
    ("adressepostretur", "AdressePostRetur"),
    ("postretur", "AdressePostRetur"),
    ("adressehenvendelsessted", "AdresseHenvendelsesSted"),
    ("contactplace", "AdresseHenvendelsesSted"),
    ("email", "Email"),
    ("emailbemaerkninger", "EmailBemærkninger"),
    ("emailremarks", "EmailBemærkninger"),
    ("telefon", "Telefon"),
    ("phone", "Telefon"),
    ("mobiltelefon", "Telefon"),
    ("fastnettelefon", "FastnetTelefon"),
    ("landline", "FastnetTelefon"),
    ("ean", "EAN"),
    ("url", "URL"),
    ("los_adresse", "LOS-Adresse"),
    ("adresselokation", "AdresseLokation"),
    ("location", "AdresseLokation"),
    ("lokation", "AdresseLokation"),
    ("aabningstidtelefon", "ÅbningstidTelefon"),
    ("phoneopenhours", "ÅbningstidTelefon"),
    ("aabningstidhenvendelse", "ÅbningstidHenvendelse"),
    ("openhours", "ÅbningstidHenvendelse"),
    ("foa", "FOA"),
    ("fmkid", "FMK-ID"),
    ("fmk_id", "FMK-ID"),
];

/// Every tab.
pub(super) static FANER: [Fane; 11] = [
    Fane {
        navn: "enheder",
        alias: &["units", "enhed", "orgunits"],
        kolonner: &[
            skal("enhed_id", &["unit_id", "id"], Form::Id),
            UUID,
            skal("navn", &["name", "enhedsnavn"], Form::Tekst(200)),
            Kolonne {
                med: true,
                ..maa("overordnet_id", &["parent_id", "overordnet"], Form::Peger("enheder"))
            },
            maa(
                "enhedstype",
                &["unit_type", "type"],
                Form::Kode(&[("afdeling", "Afdeling"), ("department", "Afdeling"), ("team", "Team")]),
            ),
            maa("niveau", &["level"], Form::Tekst(50)),
            FRA,
            TIL,
            maa("p_nummer", &["pnumber", "pnr", "p_number"], Form::Cifre(10)),
            maa("ean", &["gln"], Form::Ean),
            maa("se_nummer", &["se_number"], Form::Cifre(8)),
            maa("los_kaldenavn_kort", &["los_short_name"], Form::Tekst(15)),
            maa("los_id", &[], Form::Tekst(50)),
            maa("omkostningssted", &["cost_center"], Form::Tekst(50)),
            maa("udbetalende_enhed_id", &["payout_unit_id"], Form::Peger("enheder")),
            maa("dtr_id", &[], Form::Tekst(50)),
            maa("sor", &["sor_id"], Form::Tekst(50)),
            BEMAERKNING,
        ],
        noegle: &["enhed_id"],
        gruppe: &["enhed_id"],
    },
    Fane {
        navn: "brugere",
        alias: &["users", "bruger"],
        kolonner: &[
            skal("bruger_id", &["user_id", "id"], Form::Id),
            UUID,
            skal("brugernavn", &["username", "userid"], Form::Tekst(200)),
            skal("navn", &["name"], Form::Tekst(100)),
            maa("cpr", &["cpr_nummer"], Form::Cpr),
            maa("email", &["e_mail", "mail"], Form::Email),
            maa("telefon", &["phone", "mobil"], Form::Tekst(50)),
            maa("fastnet", &["landline"], Form::Tekst(50)),
            maa("lokation", &["location"], Form::Tekst(200)),
            maa("racf_id", &["racf"], Form::Tekst(50)),
            maa("robot", &["is_robot"], Form::JaNej),
            FRA,
            TIL,
            BEMAERKNING,
        ],
        noegle: &["bruger_id"],
        gruppe: &["bruger_id"],
    },
    Fane {
        navn: "adresser",
        alias: &["addresses", "adresse"],
        kolonner: &[
            skal(
                "ejer_type",
                &["owner_type"],
                Form::Kode(&[
                    ("enhed", "enhed"),
                    ("unit", "enhed"),
                    ("bruger", "bruger"),
                    ("user", "bruger"),
                ]),
            ),
            skal("ejer_id", &["owner_id"], Form::Id),
            skal("rolle", &["role"], Form::Kode(ROLLER)),
            skal("værdi", &["value"], Form::Tekst(200)),
            maa("dar_uuid", &["dar"], Form::Uuid),
            maa("synlighed", &["visibility"], Form::Tekst(50)),
            FRA,
            TIL,
            BEMAERKNING,
        ],
        noegle: &["ejer_type", "ejer_id", "rolle", "værdi"],
        gruppe: &["ejer_type", "ejer_id", "rolle"],
    },
    Fane {
        navn: "ansættelser",
        alias: &["employments", "positions", "ansaettelse"],
        kolonner: &[
            maa("ansættelse_id", &["employment_id"], Form::Id),
            skal("bruger_id", &["user_id"], Form::Peger("brugere")),
            ENHED,
            skal("stilling", &["title", "position"], Form::Tekst(200)),
            maa("ansættelsestype", &["employment_type"], Form::Tekst(50)),
            maa("primær", &["primary"], Form::JaNej),
            FRA,
            TIL,
            BEMAERKNING,
        ],
        noegle: &["ansættelse_id", "bruger_id", "enhed_id"],
        gruppe: &["ansættelse_id", "bruger_id", "enhed_id"],
    },
    Fane {
        navn: "ledere",
        alias: &["managers", "leaders", "leder"],
        kolonner: &[
            ENHED,
            maa("bruger_id", &["user_id"], Form::Peger("brugere")),
            maa("ledertype", &["manager_type"], Form::Tekst(100)),
            maa("lederniveau", &["manager_level"], Form::Tekst(50)),
            maa("ansvar", &["responsibility"], Form::Tekst(200)),
            FRA,
            TIL,
            BEMAERKNING,
        ],
        noegle: &["enhed_id", "bruger_id", "ledertype", "gyldig_fra"],
        gruppe: &["enhed_id"],
    },
    Fane {
        navn: "stedfortrædere",
        alias: &["deputies", "stedfortraeder"],
        kolonner: &[
            skal("leder_bruger_id", &["manager_user_id"], Form::Peger("brugere")),
            skal("stedfortræder_bruger_id", &["deputy_user_id"], Form::Peger("brugere")),
            maa("enhed_id", &["unit_id"], Form::Peger("enheder")),
            FRA,
            TIL,
            BEMAERKNING,
        ],
        noegle: &["leder_bruger_id", "stedfortræder_bruger_id", "enhed_id"],
        gruppe: &["leder_bruger_id", "stedfortræder_bruger_id", "enhed_id"],
    },
    Fane {
        navn: "kle",
        alias: &["tasks", "opgaver"],
        kolonner: &[
            ENHED,
            skal("kle", &["task"], Form::Kle),
            skal(
                "aspekt",
                &["aspect"],
                Form::Kode(&[
                    ("ansvarlig", "ansvarlig"),
                    ("responsible", "ansvarlig"),
                    ("udfoerende", "udførende"),
                    ("performing", "udførende"),
                    ("indsigt", "indsigt"),
                    ("insight", "indsigt"),
                ]),
            ),
            maa("nedarves", &["inherit"], Form::JaNej),
            BEMAERKNING,
        ],
        noegle: &["enhed_id", "kle", "aspekt"],
        gruppe: &["enhed_id", "kle", "aspekt"],
    },
    Fane {
        navn: "henvendelsessteder",
        alias: &["contact_places", "henvendelsessted"],
        kolonner: &[
            skal("funktion_id", &["function_id"], Form::Id),
            maa("navn", &["name"], Form::Tekst(200)),
            ENHED,
            skal("kle", &["tasks"], Form::KleListe),
            BETJENER,
            BEMAERKNING,
        ],
        noegle: &["funktion_id"],
        gruppe: &["funktion_id"],
    },
    Fane {
        navn: "udbetalende_enheder",
        alias: &["payout_units", "udbetalende_enhed"],
        kolonner: &[
            skal("funktion_id", &["function_id"], Form::Id),
            maa("navn", &["name"], Form::Tekst(200)),
            ENHED,
            skal("los_kaldenavn_kort", &["los_short_name"], Form::Tekst(15)),
            BETJENER,
            BEMAERKNING,
        ],
        noegle: &["funktion_id"],
        gruppe: &["funktion_id"],
    },
    Fane {
        navn: "it_systemer",
        alias: &["it_systems", "itsystemer"],
        kolonner: &[ENHED, skal("it_system_uuid", &["it_system"], Form::Uuid), BEMAERKNING],
        noegle: &["enhed_id", "it_system_uuid"],
        gruppe: &["enhed_id", "it_system_uuid"],
    },
    Fane {
        navn: "organisationskobling",
        alias: &["organisation_links", "organisationskoblinger"],
        kolonner: &[
            skal("fra_enhed_id", &["from_unit_id"], Form::Peger("enheder")),
            skal("til_enhed_id", &["to_unit_id"], Form::Peger("enheder")),
            maa("type", &["kobling"], Form::Tekst(100)),
            FRA,
            TIL,
            BEMAERKNING,
        ],
        noegle: &["fra_enhed_id", "til_enhed_id", "type"],
        gruppe: &["fra_enhed_id", "til_enhed_id", "type"],
    },
];

impl Fane {
    /// The place of a tab among [`FANER`].
    pub(super) fn plads(navn: &str) -> usize {
        FANER.iter().position(|f| f.navn == navn).expect("a tab of the workbook")
    }

    /// The tab with this name or alias.
    pub(super) fn find(navn: &str) -> Option<usize> {
        let foldet = crate::tekst::fold(navn);
        FANER.iter().position(|f| crate::tekst::fold(f.navn) == foldet || f.alias.contains(&foldet.as_str()))
    }

    /// The place of a column.
    pub(super) fn kolonne(&self, navn: &str) -> usize {
        self.kolonner.iter().position(|k| k.navn == navn).expect("a column of the tab")
    }

    /// The place of the column with this header.
    pub(super) fn find_kolonne(&self, hoved: &str) -> Option<usize> {
        let foldet = crate::tekst::fold(hoved);
        self.kolonner
            .iter()
            .position(|k| crate::tekst::fold(k.navn) == foldet || k.alias.contains(&foldet.as_str()))
    }
}
