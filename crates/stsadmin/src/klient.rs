//! Who is calling: an authority's role catalogue, by its certificate.

use crate::problem::Problem;
use administration::Aktoer;
use app::{App, Formaal, PeerCertificate};
use axum::http::StatusCode;
use identity::Certifikat;
use styring::Kald;

/// The call of whoever has this certificate.
///
/// # Errors
/// 401 when nobody has; 403 when it is not valid or not trusted now.
pub(crate) async fn kald(app: &App, peer: Option<PeerCertificate>) -> Result<Kald, Problem> {
    let ukendt = || {
        let tekst = "Kald kræver et klientcertifikat, der er registreret på myndigheden. Jeres Administrator tilføjer \
                     det under Indstillinger › Rollekatalog i Administrationsmodulet.";
        Problem::ny(StatusCode::UNAUTHORIZED, "X-001", tekst)
    };
    let peer = peer.ok_or_else(ukendt)?;
    let politik = app.politik();
    let fundet = politik
        .data()
        .parter
        .iter()
        .find_map(|part| Some((part, part.rollecertifikater.iter().find(|c| c.tommelfinger == peer.0)?)));
    let (part, certifikat) = fundet.ok_or_else(ukendt)?;
    let ugyldigt = || {
        let tekst = "Certifikatet er ikke gyldigt nu, eller det er tilbagekaldt. Registrér et nyt.";
        Problem::ny(StatusCode::FORBIDDEN, "X-004", tekst)
    };
    if !certifikat.gaelder(app.now()) {
        return Err(ugyldigt());
    }
    let laest = Certifikat::af_der(&certifikat.der).map_err(|_| ugyldigt())?;
    if let Err(hvorfor) = app.tillid().kontroller(&laest, Formaal::Udstedelse, app.now()).await {
        tracing::warn!(%hvorfor, part = %part.cvr, "et rollekatalogs certifikat er ikke betroet");
        return Err(ugyldigt());
    }
    Ok(Kald {
        aktoer: Aktoer::rollekatalog(part),
        adresse: String::new(),
        kilde: "rolle-snitflade",
        korrelation: app.new_uuid(),
    })
}
