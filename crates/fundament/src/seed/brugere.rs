//! The people of the demo: somebody in every role of the Administrationsmodul.

use super::{DRIFT, KORSBAEK, MATADOR_DATA, NABOKOEBING, tal};
use crate::admin;
use administration::Modulrolle;
use anyhow::Result;
use app::App;
use login::Login;
use serde_json::{Value, json};

/// What all of them enter with. The demo is for the machine it runs on.
pub const ADGANGSKODE: &str = "Korsbæk-1935-demo";

/// Name, e-mail, party and roles.
const BRUGERE: [(&str, &str, &str, &[Modulrolle]); 11] = [
    ("Agnes Jensen", "agnes@korsbaek.example", KORSBAEK, &[Modulrolle::Administrator]),
    ("Ulrik Brandt", "ulrik@korsbaek.example", KORSBAEK, &[Modulrolle::Brugeradministrator]),
    ("Gunnar Holm", "gunnar@korsbaek.example", KORSBAEK, &[Modulrolle::Godkender]),
    (
        "Grethe Lund",
        "grethe@korsbaek.example",
        KORSBAEK,
        &[Modulrolle::Godkender, Modulrolle::Systemansvarlig],
    ),
    ("Jens Møller", "jens@korsbaek.example", KORSBAEK, &[Modulrolle::Jobfunktionsrolleadministrator]),
    ("Lone Krag", "lone@korsbaek.example", KORSBAEK, &[Modulrolle::Logansvarlig]),
    ("Dorte Poulsen", "dorte@korsbaek.example", KORSBAEK, &[Modulrolle::Dpo, Modulrolle::Laeseadgang]),
    (
        "Nanna Friis",
        "nanna@nabokoebing.example",
        NABOKOEBING,
        &[Modulrolle::Administrator, Modulrolle::Jobfunktionsrolleadministrator],
    ),
    ("Laura Winther", "laura@matador.example", MATADOR_DATA.1, &[Modulrolle::Leverandoeradministrator]),
    ("Tage Olsen", "tage@matador.example", MATADOR_DATA.1, &[Modulrolle::TekniskKontakt]),
    ("Ole Banke", "ole@jernbanen.example", DRIFT.1, &[Modulrolle::Driftsoperatoer]),
];

/// Makes those that are missing.
pub async fn run(app: &App, login: &Login) -> Result<()> {
    for (navn, email, cvr, roller) in BRUGERE {
        admin::demobruger(app, login, (navn, email, tal(cvr)), roller, ADGANGSKODE).await?;
    }
    Ok(())
}

/// What `demo.json` says of them.
pub fn demo_json() -> Vec<Value> {
    let en = |(navn, email, cvr, roller): &(&str, &str, &str, &[Modulrolle])| {
        let roller: Vec<&str> = roller.iter().map(|r| r.kode()).collect();
        json!({"name": navn, "username": email, "password": ADGANGSKODE, "cvr": cvr, "roles": roller})
    };
    BRUGERE.iter().map(en).collect()
}
