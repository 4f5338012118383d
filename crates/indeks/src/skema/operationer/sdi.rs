//! The messages of the Sags- og Dokumentindeks.

use super::super::Indhold::Felter;
use super::super::Ns::{Di, Sag, Sdi};
use super::super::faelles::*;
use super::super::{Element, dokument, el, sag, valg};
use super::{OPERATION, RETNING, blandet};

/// `sdi:SoegUdtrykType`, which holds itself.
static SDI_UDTRYK: [Element; 2] = [
    el(Sdi, "operation", OPERATION),
    Element {
        hoejst: None,
        ..valg(&[
            el(Sdi, "SoegDokument", dokument::SOEG).flere(),
            el(Sdi, "SoegSag", sag::SOEG).flere(),
            el(Sdi, "NOT", Felter(&SDI_UDTRYK)).flere(),
            el(Sdi, "SoegUdtryk", Felter(&SDI_UDTRYK)).flere(),
            el(Sdi, "SoegSagsloeseDokumenter", dokument::SOEG).flere(),
        ])
    },
];

/// `sdi:ImporterSagDokumentIndeksInput`.
pub static SDI_IMPORTER: Element = el(
    Sdi,
    "ImporterSagDokumentIndeksInput",
    Felter(&[blandet(&[
        el(
            Sdi,
            "DokumentIndeks",
            Felter(&[UUID, Element { mindst: 1, hoejst: None, ..dokument::REGISTRERING }]),
        )
        .flere(),
        el(
            Sdi,
            "SagIndeks",
            Felter(&[
                UUID,
                Element { mindst: 1, hoejst: None, ..sag::REGISTRERING },
                el(Sag, "UdenNotifikation", BOOLSK),
            ]),
        )
        .flere(),
    ])]),
)
.en();

/// `sdi:OpdaterSagDokumentIndeksInput`.
pub static SDI_OPDATER: Element = el(
    Sdi,
    "OpdaterSagDokumentIndeksInput",
    Felter(&[blandet(&[
        el(
            Sdi,
            "OpdaterDokumentIndeks",
            Felter(&[
                UUID,
                NOTE,
                dokument::ATTRIBUTTER,
                dokument::TILSTANDE,
                dokument::RELATIONER,
                el(Sdi, "Tidspunkt", DATO_TID).en(),
            ]),
        )
        .flere(),
        el(
            Sdi,
            "OpdaterSagIndeks",
            Felter(&[
                UUID,
                NOTE,
                sag::ATTRIBUTTER,
                sag::TILSTANDE,
                sag::RELATIONER,
                el(Sdi, "Tidspunkt", DATO_TID).en(),
                el(Sdi, "UdenNotifikation", BOOLSK),
            ]),
        )
        .flere(),
    ])]),
)
.en();

/// `sdi:FremsoegSagDokumentIndeksInput`.
pub static SDI_FREMSOEG: Element = el(
    Sdi,
    "FremsoegSagDokumentIndeksInput",
    Felter(&[
        el(Sdi, "SagUuid", STRENG).flere(),
        el(Sdi, "DokumentUuid", STRENG).flere(),
        el(Sdi, "SoegUdtryk", Felter(&SDI_UDTRYK)),
        el(
            Sdi,
            "Filter",
            Felter(&[blandet(&[
                el(
                    Sdi,
                    "DokumentVis",
                    Felter(&[el(
                        Sdi,
                        "Vis",
                        kode(&[
                            "egenskaber",
                            "fremdrift",
                            "dokument",
                            "klasse",
                            "aktoer",
                            "part",
                            "itsystem",
                            "sikkerhedsprofil",
                        ]),
                    )
                    .en()]),
                )
                .flere(),
                el(
                    Sdi,
                    "SagVis",
                    Felter(&[el(
                        Sdi,
                        "Vis",
                        kode(&[
                            "egenskaber",
                            "fremdrift",
                            "sagsklasse",
                            "sagsaktoer",
                            "sagspart",
                            "sagsrelation",
                            "sagsgenstand",
                            "journalpost",
                            "journalpost-journalnote",
                            "itsystem",
                            "sikkerhedsprofil",
                        ]),
                    )
                    .en()]),
                )
                .flere(),
                el(Sdi, "DokumentInkluder", kode(&["dokument"])).flere(),
                el(Sdi, "SagInkluder", kode(&["sagsrelation", "journalpost"])).flere(),
            ])]),
        ),
        el(
            Sdi,
            "Sortering",
            Felter(&[blandet(&[
                el(
                    Sdi,
                    "SagSortering",
                    Felter(&[
                        el(
                            Sdi,
                            "Element",
                            kode(&[
                                "Bruger",
                                "StsRegistreringstidspunkt",
                                "Registreringstidspunkt",
                                "BrugervendtNoegle",
                                "ItSystem-Systemnavn",
                                "Fremdrift",
                                "Titel",
                                "Foelsomhed",
                                "Sagklasse-BrugervendtNoegle",
                                "Livscyklus",
                            ]),
                        )
                        .en(),
                        el(Sdi, "Retning", RETNING).en(),
                        el(Sdi, "Prioritet", HELTAL).en(),
                    ]),
                )
                .flere(),
                el(
                    Sdi,
                    "DokumentSortering",
                    Felter(&[
                        el(
                            Sdi,
                            "Element",
                            kode(&[
                                "Bruger",
                                "StsRegistreringstidspunkt",
                                "Registreringstidspunkt",
                                "BrugervendtNoegle",
                                "ItSystem-Systemnavn",
                                "Fremdrift",
                                "Titel",
                                "Foelsomhed",
                                "Major",
                                "Minor",
                            ]),
                        )
                        .en(),
                        el(Sdi, "Retning", RETNING).en(),
                        el(Sdi, "Prioritet", HELTAL).en(),
                    ]),
                )
                .flere(),
            ])]),
        ),
    ]),
)
.en();

/// `sdi:FremsoegSagDokumentIndeksOutput`.
pub static SDI_FREMSOEG_SVAR: Element = el(
    Sdi,
    "FremsoegSagDokumentIndeksOutput",
    Felter(&[
        STANDARD_RETUR,
        el(
            Sdi,
            "Antal",
            Felter(&[
                el(Sdi, "Element", kode(&["sager", "dokumenter", "journalnotater"])).en(),
                el(Sdi, "Antal", HELTAL).en(),
                el(Sdi, "Paginering", PAGINERING),
            ]),
        )
        .flere(),
        el(
            Sdi,
            "SagFiltreretOejebliksbillede",
            Felter(&[el(Sag, "ObjektType", OBJEKT_TYPE).en(), sag::REGISTRERING.flere()]),
        )
        .flere(),
        el(
            Sdi,
            "DokumentFiltreretOejebliksbillede",
            Felter(&[el(Di, "ObjektType", OBJEKT_TYPE).en(), dokument::REGISTRERING.flere()]),
        )
        .flere(),
    ]),
)
.en();

/// `sdi:FjernSagDokumentIndeksInput`.
pub static SDI_FJERN: Element = el(
    Sdi,
    "FjernSagDokumentIndeksInput",
    Felter(&[
        valg(&[el(Sdi, "SagUuid", UNIK_ID).flere()]),
        el(Sdi, "SoegUdtryk", Felter(&SDI_UDTRYK)),
        el(Sdi, "EfterladSagsloeseDokumenter", BOOLSK),
        el(Sdi, "FjernOgsaaYdelse", BOOLSK),
    ]),
)
.en();

/// `sdi:ImporterSagDokumentIndeksOutput`.
pub static SDI_IMPORTER_SVAR: Element = el(Sdi, "ImporterSagDokumentIndeksOutput", MULTIPLE_OUTPUT).en();
/// `sdi:OpdaterSagDokumentIndeksOutput`.
pub static SDI_OPDATER_SVAR: Element = el(Sdi, "OpdaterSagDokumentIndeksOutput", MULTIPLE_OUTPUT).en();
/// `sdi:FjernSagDokumentIndeksOutput`.
pub static SDI_FJERN_SVAR: Element = el(Sdi, "FjernSagDokumentIndeksOutput", MULTIPLE_OUTPUT).en();
