//! Registreringer as messages carry them.

use app::App;
use beskedfordeler::Beskeddata;
use oio::catalog::ObjektType;
use oio::model::Registrering;
use oio::{Fejl, ObjektId};
use std::future::Future;
use std::pin::Pin;

/// Writes them as the SOAP services do.
pub struct Registreringsdata;

impl Beskeddata for Registreringsdata {
    fn skriv<'a>(
        &'a self,
        app: &'a App,
        typ: &'static ObjektType,
        objekt: ObjektId,
        registrering: &'a Registrering,
    ) -> Pin<Box<dyn Future<Output = Result<String, Fejl>> + Send + 'a>> {
        Box::pin(soap::haendelse::registreringbesked(app, typ, objekt, registrering))
    }
}
