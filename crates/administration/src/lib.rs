//! Who is known and what was agreed: parties, it-systems with their certificates, services, and serviceaftaler.
//!
//! Pure data and the rules that hold among it. [`Politikdata`] is all of it as it is stored and written to policy files;
//! [`Politik`] is the same indexed for deciding. `adgang` decides by it, and the privileges in a token come from it.

mod aftale;
mod apinoegle;
mod attestering;
mod bruger;
mod brugersystemrolle;
mod certifikat;
pub mod dansk;
mod data;
mod delegering;
mod dueslag;
mod fil;
mod foederation;
mod gemt_visning;
mod jobfunktionsrolle;
mod komigang;
pub mod overfoersel;
mod part;
mod plan;
mod politik;
mod privilegium;
pub mod provisionering;
mod service;
mod standard;
mod stikproeve;
mod system;
#[cfg(test)]
mod tests;
pub mod tid;
mod validering;
mod webhook;

pub use aftale::{
    Afslag, Aftaleformaal, Aftalehaendelse, Aftalekommentar, Aftalepart, Aftaleservice, Aftaletilstand,
    Aftaletype, Aftaleversion, Gaeldende, KOMMENTAR_MAX, PROEVETILSLUTNING_DAGE, PROEVETILSLUTNINGER_MAX,
    Serviceaftale, Standardgodkendelse, maa_godkende, overgang, udvidelser,
};
pub use apinoegle::{Apinoegle, NOEGLE_MAANEDER_MAX, Noegletilstand, noegle_udloeber};
pub use attestering::{
    Attest, Attestering, Attesteringsdel, Attesteringsomfang, Attesteringspunkt, Attesteringsslut,
    Attesteringstal, Attesteringstilstand, Attestsvar, PUNKTER_MAX, Punktslut, Punktstatus, Rolleattest,
    Sidst, Systemattest, i_brug, samme as samme_sammensaetning,
};
pub use bruger::{
    Aktoer, Andre, Bruger, Brugertilstand, Emne, Handling, Modulfejl, Modulrolle, Omfang, RETTIGHEDER,
    Rolleregler, Tildeling, Tildelingsart, afslut as afslut_rolle, er_administrator,
    genaabn as genaabn_bruger, maa, maa_give_login, maa_tildele, roller_til, spaer as spaer_bruger,
    tildel as tildel_rolle,
};
pub use brugersystemrolle::{
    Afgraensningsart, Afgraensningskilde, Brugersystemrolle, Dataafgraensningstype, Rolleafgraensning,
    Valgmulighed,
};
pub use certifikat::{Certifikat, Certifikatstatus, Tommelfinger, hex, tommelfinger};
pub use data::{Entitet, Politikdata};
pub use delegering::{
    Delegering, Delegeringshaendelse, Delegeringstilstand, Identiteter, MAANEDER_MAX as DELEGERING_MAANEDER,
    svarer_for, valider_delegering,
};
pub use dueslag::{Abonnement, Dueslag, Dueslagstilstand, Leveringsmaade, OPBEVARING_DAGE_MAX};
pub use fil::{Format, laes, skriv};
pub use foederation::{
    Endepunkt, Endepunktsart, Foederationsaftale, Foederationshaendelse, Foederationstilstand, Idpprofil,
    METADATA_MAX, Metadataforskel, Nsis, Nsisniveau, Samlmetadata, Samlrolle, Underskrift, f302,
    foederationsovergang, laes_metadata,
};
pub use gemt_visning::{
    Gemtevisninger, Gemtvisning, VISNINGER_MAX, VISNINGSFELTER_MAX, VISNINGSNAVN_MAX, VISNINGSVAERDI_MAX,
    Visningsaendring,
};
pub use jobfunktionsrolle::{
    Afgraensningsvaerdi, Domaener, Eksempeldel, Givetrolle, Intetgrund, Jobfunktionsrolle,
    Jobfunktionsrollestatus, Jobfunktionsrolletilstand, Kendte, Modtagersystem, Oversat, Rolleeksempel,
    Rollefund, Sendtrolle, Tilknytning, foelsomt_uden_graense, oversaet, saetninger, udgaaet_indhold,
    valider_jobfunktionsrolle,
};
pub use komigang::{Igangplan, Igangtrin, Kompetence, Trinplan, kompetence};
pub use part::{Part, Partsart};
pub use plan::{Aendring, Plan, Slags};
pub use politik::{Afvisning, Politik};
pub use privilegium::Privilegium;
pub use service::{
    BESKEDFORDELER, JA, OPERATIONER, Parameterart, Parametertype, Rolle, SAGDOKUMENTINDEKS, Service,
    Servicestatus, Servicesystemrolle, YDELSESINDEKS,
};
pub use standard::{
    BESKED_AFSEND, BESKED_MODTAG, Dataafgraensninger, FOELSOMHEDER, KLASSIFIKATION, ORGANISATION,
    SAGDOKUMENTINDEKSET, YDELSESINDEKSET,
};
pub use stikproeve::{
    Arbejdsbetinget, FOELSOM_VAEGT, Laesere, Lodtraekning, PROEVER_MAX, Proeve, Proevesvar, Stikproeve,
    Stikproeveslut, Stikproevetilstand,
};
pub use system::{
    Impersonering, ItSystem, Miljoe, Systemhaendelse, Systemoplysninger, Systemtilstand, Systemtype,
};
pub use validering::{Fund, valider};
pub use webhook::{Webhook, Webhooknoegle, Webhooktilstand};
