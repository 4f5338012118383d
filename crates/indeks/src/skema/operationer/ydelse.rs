//! The messages of the three services of the Ydelsesindeks.

use super::super::Indhold::Felter;
use super::super::Ns::{Bi, Oe, Yi};
use super::super::faelles::*;
use super::super::{Element, bevilling, effektuering, el, valg};
use super::{OPERATION, RETNING, blandet};

/// `yi:SoegUdtrykType`, which holds itself.
static YI_UDTRYK: [Element; 2] = [
    el(Yi, "operation", OPERATION),
    Element {
        hoejst: None,
        ..valg(&[
            el(Yi, "SoegBevillingIndeks", bevilling::SOEG).flere(),
            el(Yi, "SoegOekonomiskEffektueringIndeks", effektuering::SOEG).flere(),
            el(Yi, "NOT", Felter(&YI_UDTRYK)).flere(),
            el(Yi, "SoegUdtryk", Felter(&YI_UDTRYK)).flere(),
        ])
    },
];

/// `yi:ImporterYdelseIndeksInput`: each object in two elements of one name.
pub static YI_IMPORTER: Element = el(
    Yi,
    "ImporterYdelseIndeksInput",
    Felter(&[blandet(&[
        el(
            Yi,
            "BevillingIndeks",
            Felter(&[el(
                Bi,
                "BevillingIndeks",
                Felter(&[
                    UUID,
                    Element { mindst: 1, hoejst: None, ..bevilling::REGISTRERING },
                    el(Bi, "UdenNotifikation", BOOLSK),
                ]),
            )
            .en()]),
        )
        .flere(),
        el(
            Yi,
            "OekonomiskEffektueringIndeks",
            Felter(&[el(
                Oe,
                "OekonomiskEffektueringIndeks",
                Felter(&[UUID, Element { mindst: 1, hoejst: None, ..effektuering::REGISTRERING }]),
            )
            .en()]),
        )
        .flere(),
    ])]),
)
.en();

/// `yi:OpdaterYdelseIndeksInput`.
pub static YI_OPDATER: Element = el(
    Yi,
    "OpdaterYdelseIndeksInput",
    Felter(&[blandet(&[
        el(
            Yi,
            "OpdaterBevillingIndeks",
            Felter(&[
                UUID,
                NOTE,
                bevilling::ATTRIBUTTER,
                bevilling::TILSTANDE,
                bevilling::RELATIONER,
                el(Yi, "Tidspunkt", DATO_TID).en(),
                el(Yi, "UdenNotifikation", BOOLSK),
            ]),
        )
        .flere(),
        el(
            Yi,
            "OpdaterOekonomiskEffektueringIndeks",
            Felter(&[
                UUID,
                NOTE,
                effektuering::ATTRIBUTTER,
                effektuering::TILSTANDE,
                effektuering::RELATIONER,
                el(Yi, "Tidspunkt", DATO_TID).en(),
            ]),
        )
        .flere(),
    ])]),
)
.en();

/// `yi:FremsoegYdelseIndeksInput`.
pub static YI_FREMSOEG: Element = el(
    Yi,
    "FremsoegYdelseIndeksInput",
    Felter(&[
        el(Yi, "BevillingUuid", STRENG).flere(),
        el(Yi, "OekonomiskEffektueringUuid", STRENG).flere(),
        el(Yi, "SoegUdtryk", Felter(&YI_UDTRYK)).en(),
        el(
            Yi,
            "Filter",
            Felter(&[blandet(&[
                el(
                    Yi,
                    "BevillingVis",
                    Felter(&[el(
                        Yi,
                        "Vis",
                        kode(&[
                            "egenskaber",
                            "egenskaberlokaludvidelse",
                            "bevilgetydelse",
                            "sag",
                            "part",
                            "aktoer-ejer",
                            "aktoer-ansvarlig",
                            "sikkerhedsprofil",
                        ]),
                    )
                    .en()]),
                )
                .flere(),
                el(
                    Yi,
                    "OekonomiskEffektueringVis",
                    Felter(&[el(
                        Yi,
                        "Vis",
                        kode(&["egenskaber", "aktoer", "oekonomiskeydelseeffektueringer", "itsystem"]),
                    )
                    .en()]),
                )
                .flere(),
                el(Yi, "BevillingInkluder", kode(&["bevilgetydelse"])).flere(),
                el(Yi, "OekonomiskEffektueringInkluder", kode(&["oekonomiskeydelseeffektueringer"])).flere(),
            ])]),
        ),
        el(
            Yi,
            "Sortering",
            Felter(&[blandet(&[
                el(
                    Yi,
                    "BevillingSortering",
                    Felter(&[
                        el(Yi, "Element", kode(&["FuldtNavn", "Ydelsesnavn"])).en(),
                        el(Yi, "Retning", RETNING).en(),
                        el(Yi, "Sekvens", HELTAL).en(),
                    ]),
                )
                .flere(),
                el(
                    Yi,
                    "OekonomiskEffektueringSortering",
                    Felter(&[
                        el(Yi, "Element", kode(&["Dispositionsdato"])).en(),
                        el(Yi, "Retning", RETNING).en(),
                        el(Yi, "Sekvens", HELTAL).en(),
                    ]),
                )
                .flere(),
            ])]),
        ),
    ]),
)
.en();

/// `yi:FremsoegYdelseIndeksOutput`.
pub static YI_FREMSOEG_SVAR: Element = el(
    Yi,
    "FremsoegYdelseIndeksOutput",
    Felter(&[
        STANDARD_RETUR,
        el(
            Yi,
            "Antal",
            Felter(&[
                el(Yi, "Element", kode(&["bevillinger", "ydelser", "effektueringer"])).en(),
                el(Yi, "Antal", HELTAL).en(),
                el(Yi, "Paginering", PAGINERING),
            ]),
        )
        .flere(),
        el(
            Yi,
            "BevillingFiltreretOejebliksbillede",
            Felter(&[el(Bi, "ObjektType", OBJEKT_TYPE).en(), bevilling::REGISTRERING.flere()]),
        )
        .flere(),
        el(
            Yi,
            "OekonomiskEffektueringFiltreretOejebliksbillede",
            Felter(&[el(Oe, "ObjektType", OBJEKT_TYPE).en(), effektuering::REGISTRERING.flere()]),
        )
        .flere(),
    ]),
)
.en();

/// `yi:ImporterYdelseIndeksOutput`.
pub static YI_IMPORTER_SVAR: Element = el(Yi, "ImporterYdelseIndeksOutput", MULTIPLE_OUTPUT).en();
/// `yi:OpdaterYdelseIndeksOutput`.
pub static YI_OPDATER_SVAR: Element = el(Yi, "OpdaterYdelseIndeksOutput", MULTIPLE_OUTPUT).en();
/// `bi:FjernInput`.
pub static BI_FJERN: Element = el(Bi, "FjernInput", UUID_NOTE).en();
/// `bi:FjernOutput`.
pub static BI_FJERN_SVAR: Element = el(Bi, "FjernOutput", BASIC_OUTPUT).en();
/// `oe:FjernInput`.
pub static OE_FJERN: Element = el(Oe, "FjernInput", UUID_NOTE).en();
/// `oe:FjernOutput`.
pub static OE_FJERN_SVAR: Element = el(Oe, "FjernOutput", BASIC_OUTPUT).en();
