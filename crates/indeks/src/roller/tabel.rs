//! The table of roles.

use super::Antal::{En, Flere, HoejstEn};
use super::Form::{self, Begge, Tom, Urn, Uuid};
use super::Indekskrav::{self, Frit, Ja, Nej};
use super::{Antal, Rolle};
use crate::skema::Art::{self, Bevilling, Dokument, Effektuering, Sag};

const fn r(
    art: Art,
    afsnit: &'static str,
    navn: &'static str,
    antal: Antal,
    indeks: Indekskrav,
    form: Form,
) -> Rolle {
    Rolle { art, afsnit, navn, antal, indeks, form, kendt: None }
}

impl Rolle {
    const fn kendt(self, uuid: u128) -> Self {
        Self { kendt: Some(uuid), ..self }
    }
}

const MASTER: u128 = 0x251c_24fd_57b0_4afc_9d73_b063_d195_7eb3;
const AFSENDER: u128 = 0x1b3c_6a6d_e977_4491_9bf8_b41e_e699_9f39;
const YDELSE: &str = "OekonomiskYdelseEffektueringRelation";

/// Every role, by object type and relation.
pub static ROLLER: [Rolle; 64] = [
    r(Sag, "Sagsaktoer", "Ejer", En, Nej, Begge).kendt(0x9e97_9b84_b846_4472_8622_5800_7dc6_3c7e),
    r(Sag, "Sagsaktoer", "Ansvarlig", En, Nej, Begge).kendt(0xa126_3342_d348_44ba_a566_233f_37c4_cb67),
    r(Sag, "Sagsaktoer", "Primær behandler", HoejstEn, Nej, Begge)
        .kendt(0xbf1f_93ed_9441_4af4_835b_baeb_201f_3076),
    r(Sag, "Sagsaktoer", "Andre behandlere", Flere, Ja, Begge),
    r(Sag, "Sagsaktoer", "Udlånt til", HoejstEn, Nej, Begge),
    r(Sag, "Sagsaktoer", "Bopælskommune", HoejstEn, Nej, Begge),
    r(Sag, "Sagspart", "Primær part", HoejstEn, Nej, Urn).kendt(0xd839_f26a_d4d1_4441_b2d6_3dbb_b12a_9404),
    r(Sag, "Sagspart", "Sekundær part", Flere, Ja, Urn),
    r(Sag, "Sagspart", "Ydelsesmodtager", HoejstEn, Nej, Urn),
    r(Sag, "Sagsklasse", "Primær klasse", En, Nej, Uuid).kendt(0xa86c_6581_ec85_412d_a655_31a1_f1d5_b14f),
    r(Sag, "Sagsklasse", "Handlingsklasse", En, Nej, Uuid).kendt(0x05ef_7011_11a7_4e4c_a46b_3de6_aa45_7fc3),
    r(Sag, "Sagsklasse", "Opgaveklasse", HoejstEn, Nej, Begge),
    r(Sag, "Sagsklasse", "Kontoklasse", HoejstEn, Nej, Begge),
    r(Sag, "Sagsklasse", "Sikkerhedsklasse", HoejstEn, Nej, Begge),
    r(Sag, "Sagsklasse", "Følsomhedsklasse", HoejstEn, Nej, Begge),
    r(Sag, "Sagsklasse", "Indsatsklasse", HoejstEn, Nej, Begge),
    r(Sag, "Sagsklasse", "Ydelsesklasse", HoejstEn, Nej, Begge),
    r(Sag, "Sagsklasse", "Kontroltemaklasse", Flere, Ja, Uuid),
    r(Sag, "Sagsklasse", "Visningsklasse", Flere, Ja, Uuid),
    r(Sag, "Sagsklasse", "Afgørelsesklasse", HoejstEn, Ja, Uuid),
    r(Sag, "Sagsrelation", "Oversag", HoejstEn, Nej, Uuid),
    r(Sag, "Sagsrelation", "Præcedens", HoejstEn, Nej, Uuid),
    r(Sag, "Sagsrelation", "Andre sager", Flere, Ja, Uuid),
    r(Sag, "Sagsgenstande", "Afgiftsobjekt", HoejstEn, Nej, Urn),
    r(Sag, "Sagsgenstande", "Ejendomsskat", HoejstEn, Nej, Urn),
    r(Sag, "Sagsgenstande", "Byggeri", Flere, Ja, Urn),
    r(Sag, "Sagsgenstande", "Fredning", Flere, Ja, Urn),
    r(Sag, "Journalpost", "Tilakteret", Flere, Ja, Uuid),
    r(Sag, "Journalpost", "Vedlagt", Flere, Ja, Uuid),
    r(Sag, "Journalpost", "Journalnotat", Flere, Ja, Tom),
    r(Sag, "SagsitsystemRelation", "Master", En, Nej, Uuid).kendt(MASTER),
    r(Sag, "SagsitsystemRelation", "Afsender", En, Nej, Uuid).kendt(AFSENDER),
    r(Sag, "Sikkerhedsprofil", "Adgang", Flere, Ja, Uuid),
    r(Dokument, "Dokumentrelation", "Besvarelser", Flere, Ja, Uuid),
    r(Dokument, "Dokumentrelation", "Udgangspunkter", Flere, Ja, Uuid),
    r(Dokument, "Dokumentrelation", "Kommentarer", Flere, Ja, Uuid),
    r(Dokument, "Dokumentrelation", "Bilag", Flere, Ja, Uuid),
    r(Dokument, "Dokumentrelation", "Andre dokumenter", Flere, Ja, Uuid),
    r(Dokument, "Dokumentrelation", "NyRevision", HoejstEn, Nej, Uuid),
    r(Dokument, "Dokumentaktoer", "Ejer", En, Nej, Begge),
    r(Dokument, "Dokumentaktoer", "Ansvarlig", En, Nej, Begge),
    r(Dokument, "Dokumentaktoer", "Primær behandler", HoejstEn, Nej, Begge),
    r(Dokument, "Dokumentaktoer", "Fordelt til", HoejstEn, Nej, Begge),
    r(Dokument, "Dokumentaktoer", "Andre behandlere", Flere, Ja, Begge),
    r(Dokument, "Dokumentpart", "Parter", Flere, Ja, Urn),
    r(Dokument, "Dokumentpart", "Kopiparter", Flere, Ja, Urn),
    r(Dokument, "Dokumentklasse", "Primær klasse", En, Nej, Uuid),
    r(Dokument, "Dokumentklasse", "Andre klasser", Flere, Ja, Begge),
    r(Dokument, "Dokumentklasse", "Visningsklasse", Flere, Ja, Uuid),
    r(Dokument, "DokumentitsystemRelation", "Master", En, Nej, Uuid).kendt(MASTER),
    r(Dokument, "DokumentitsystemRelation", "Afsender", En, Nej, Uuid).kendt(AFSENDER),
    r(Dokument, "Sikkerhedsprofil", "Adgang", Flere, Ja, Uuid),
    r(Bevilling, "Bevillingssag", "Bevillingssag", HoejstEn, Frit, Uuid)
        .kendt(0x3123_7487_787a_424f_8819_56aa_edf0_0643),
    r(Bevilling, "Bevillingspart", "Ydelsesmodtager", Flere, Frit, Urn)
        .kendt(0x93af_57a7_7658_4fac_98da_9e5a_c7a7_d9a5),
    r(Bevilling, "Bevillingspart", "Bevillingsmodtager", Flere, Frit, Urn)
        .kendt(0x3102_fa7e_f56e_4510_b0d4_1650_c590_dc3b),
    r(Bevilling, "Bevillingsaktoer", "Ejer", En, Frit, Begge)
        .kendt(0xabdf_4d3e_f113_4282_b13e_6cd3_2a82_621c),
    r(Bevilling, "Bevillingsaktoer", "Ansvarlig", En, Frit, Begge)
        .kendt(0xfbe1_016a_170a_4dea_8652_2813_c1a5_66c0),
    r(Bevilling, "Sikkerhedsprofil", "Adgang", Flere, Frit, Uuid)
        .kendt(0x4bec_dcec_c8bd_44a4_ac0b_5a01_6298_6840),
    r(Effektuering, YDELSE, "Ydelseseffektuering", Flere, Frit, Begge)
        .kendt(0xccc9_d91b_9a4c_4ada_9be4_795c_a068_e89d),
    r(Effektuering, "Aktoer", "Ejer", En, Frit, Begge).kendt(0xa918_24c4_da1d_47f9_bce2_5d65_9787_9415),
    r(Effektuering, "Aktoer", "Udbetalende enhed", HoejstEn, Frit, Begge)
        .kendt(0xa1ff_36be_b3fb_4e1f_aac0_9d33_1307_0ecb),
    r(Effektuering, "ItSystem", "Master", En, Frit, Uuid).kendt(MASTER),
    r(Effektuering, "ItSystem", "Afsender", En, Frit, Uuid).kendt(AFSENDER),
    r(Effektuering, "OekonomiskEffektueringPart", "Effektueringsmodtager", Flere, Frit, Urn)
        .kendt(0x68d4_b903_acae_4f2f_aafc_45bd_999e_d81f),
];
