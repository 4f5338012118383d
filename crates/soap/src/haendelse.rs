//! A registrering as the content of a message: `RegistreringBesked` of version 6.

use crate::ns::{self, OF, SD};
use crate::skriv::{self, Skriver};
use crate::tabel::t_ns;
use app::App;
use oio::catalog::ObjektType;
use oio::model::Registrering;
use oio::operation::Oejebliksbillede;
use oio::{Cvr, Fejl, ObjektId};

/// The version whose form the messages have.
const VERSION: u8 = 6;
/// The types whose id stands in `ObjektID`, in a namespace of their own.
const MED_OBJEKTID: [&str; 3] = ["Adresse", "Organisation", "OrganisationEnhed"];

/// Writes `RegistreringBesked`, with every namespace it uses declared on it.
///
/// # Errors
/// [`Fejl::Intern`] when the store fails.
pub async fn registreringbesked(
    app: &App,
    typ: &'static ObjektType,
    objekt: ObjektId,
    registrering: &Registrering,
) -> Result<String, Fejl> {
    let billede = Oejebliksbillede { objekt, ejer: Cvr::KOMBIT, registreringer: vec![registrering.clone()] };
    let labels = registers::labels(app, skriv::klasser(typ, VERSION, [&billede])).await?;
    let p = ns::prefixer(VERSION);
    let skriver = Skriver { typ, version: VERSION, p, labels: &labels };
    let mut ud = String::with_capacity(4096);
    for del in ["<", p.t, ":RegistreringBesked"] {
        ud.push_str(del);
    }
    let t = t_ns(typ.register, &typ.slug(), VERSION);
    for (prefix, ns) in [(p.sd, SD), (p.t, t.as_str()), (p.sts, ns::sts(VERSION)), (p.of, OF)] {
        for del in [" xmlns:", prefix, "=\"", ns, "\""] {
            ud.push_str(del);
        }
    }
    ud.push('>');
    let egen = MED_OBJEKTID.contains(&typ.name);
    let omslag = |ud: &mut String, tegn: &str| {
        if egen {
            for del in [tegn, p.t, ":ObjektID>"] {
                ud.push_str(del);
            }
        }
    };
    omslag(&mut ud, "<");
    skriv::uuid(&mut ud, p.sd, "UUIDIdentifikator", objekt.0);
    omslag(&mut ud, "</");
    skriver.registrering(&mut ud, registrering);
    for del in ["</", p.t, ":RegistreringBesked>"] {
        ud.push_str(del);
    }
    Ok(ud)
}
