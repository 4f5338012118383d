//! What stands in the access log of a message that was refused, and under which reference.

use super::Omstaendigheder;
use crate::fejl::Fault;
use crate::kuvert;
use app::App;
use store::LogPost;
use uuid::Uuid;
use xml::Document;

/// Most characters of a reason that quotes what was sent.
const GRUND_TEGN_MAX: usize = 500;

/// A message that is not taken as a call, for the access log: under the name it gives itself ([`kaldenavn`]), else a new one.
///
/// # Errors
/// The fault that goes out instead, when the log cannot be written.
pub(crate) async fn log_ikke_modtaget(
    app: &App,
    navn: Option<Uuid>,
    om: &Omstaendigheder<'_>,
    fault: &Fault,
) -> Result<(), Fault> {
    let kode = if fault.must_understand { "WSP-08" } else { "WSP-01" };
    let reference = navn.unwrap_or(om.transaktion);
    let grund: String = fault.reason.chars().take(GRUND_TEGN_MAX).collect();
    log(app, om, reference, paa_forbindelsen(app, om), &format!("{kode}: {grund}")).await
}

/// The reference of a message by its id; by the transaction it names when it has none or several.
pub(crate) fn kaldenavn(document: &Document<'_>) -> Option<Uuid> {
    let navne = wss::kaldenavne(document);
    let navn = match navne.as_slice() {
        [eneste] => Some(eneste.clone()),
        andre => kuvert::transaktion(document).or_else(|| andre.first().cloned()),
    };
    navn.map(|navn| app::reference(&navn))
}

/// The system whose certificate the connection has.
pub(super) fn paa_forbindelsen(app: &App, om: &Omstaendigheder<'_>) -> Option<Uuid> {
    om.peer.and_then(|p| app.politik().certifikat(&p.0).map(|(s, _)| s.uuid))
}

/// Writes a refusal to the access log. Without the line nothing goes on.
pub(super) async fn log(
    app: &App,
    om: &Omstaendigheder<'_>,
    reference: Uuid,
    system: Option<Uuid>,
    regel: &str,
) -> Result<(), Fault> {
    // A reason may quote what was sent.
    let regel = oio::logtekst(regel);
    tracing::info!(target: "soap", %reference, sti = om.path, udfald = "afvist", "{regel}");
    let post = LogPost {
        tid: app.now(),
        transaktion: reference,
        system,
        myndighed: om.myndighed,
        aftale: None,
        operation: "adgang",
        objekttype: "Token",
        udfald: "afvist",
        regel,
    };
    app.store().log_afvist(post).await.map_err(|cause| {
        tracing::error!(target: "soap", %cause, "adgangsloggen kan ikke skrives");
        Fault { status: 503, subcode: None, ..Fault::sender("adgangsloggen kan ikke skrives; prøv igen") }
    })
}
