//! What a form or an address sends, read once: urlencoded, or in parts when a file is among it.

use crate::fejl::Sidefejl;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use bitemporal::Instant;
use std::collections::BTreeSet;
use std::str::FromStr;

/// Most bytes of a form.
pub const KROP_MAX: usize = 512 * 1024;
/// Most fields of a form.
const FELTER_MAX: usize = 2_000;

/// The fields of a form, in the order sent.
#[derive(Debug, Clone, Default)]
pub struct Formular {
    felter: Vec<(String, String)>,
    filer: Vec<(String, Bytes)>,
}

impl Formular {
    /// The fields after `?` in an address.
    pub fn af_query(query: &str) -> Self {
        let felter = form_urlencoded::parse(query.as_bytes())
            .take(FELTER_MAX)
            .map(|(n, v)| (n.into_owned(), v.into_owned()));
        Self { felter: felter.collect(), filer: Vec::new() }
    }

    /// The fields of a body.
    pub async fn af_krop(hoveder: &HeaderMap, krop: Bytes) -> Result<Self, Sidefejl> {
        let slags = hoveder.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !slags.starts_with("multipart/form-data") {
            let tekst = std::str::from_utf8(&krop).map_err(|_| Sidefejl::ulaeselig())?;
            return Ok(Self::af_query(tekst));
        }
        let mut request = Request::new(Body::from(krop));
        *request.headers_mut() = hoveder.clone();
        let mut dele = Multipart::from_request(request, &()).await.map_err(|_| Sidefejl::ulaeselig())?;
        let mut ud = Self::default();
        while let Some(del) = dele.next_field().await.map_err(|_| Sidefejl::ulaeselig())? {
            if ud.felter.len() + ud.filer.len() >= FELTER_MAX {
                return Err(Sidefejl::ulaeselig());
            }
            let navn = del.name().unwrap_or_default().to_owned();
            let fil = del.file_name().is_some();
            let bytes = del.bytes().await.map_err(|_| Sidefejl::ulaeselig())?;
            if fil {
                ud.filer.push((navn, bytes));
            } else {
                let tekst = String::from_utf8(bytes.to_vec()).map_err(|_| Sidefejl::ulaeselig())?;
                ud.felter.push((navn, tekst));
            }
        }
        Ok(ud)
    }

    /// A field; empty when it was not sent.
    pub fn tekst(&self, navn: &str) -> &str {
        self.felter.iter().find(|(n, _)| n == navn).map_or("", |(_, v)| v.as_str())
    }

    /// A field that is not empty.
    pub fn valgt(&self, navn: &str) -> Option<&str> {
        Some(self.tekst(navn).trim()).filter(|v| !v.is_empty())
    }

    /// Whether a field was sent at all, as a ticked box is.
    pub fn har(&self, navn: &str) -> bool {
        self.felter.iter().any(|(n, _)| n == navn)
    }

    /// All values of a field.
    pub fn alle<'f>(&'f self, navn: &'f str) -> impl Iterator<Item = &'f str> {
        self.felter.iter().filter(move |(n, _)| n == navn).map(|(_, v)| v.as_str())
    }

    /// All values of a field that are what they should be.
    pub fn saet<T: FromStr + Ord>(&self, navn: &str) -> BTreeSet<T> {
        self.alle(navn).filter_map(|v| v.trim().parse().ok()).collect()
    }

    /// A field as something else.
    pub fn som<T: FromStr>(&self, navn: &str) -> Option<T> {
        self.tekst(navn).trim().parse().ok()
    }

    /// A file, or the text pasted instead of it.
    pub fn fil_eller_tekst(&self, fil: &str, tekst: &str) -> Vec<u8> {
        let sendt = self.filer.iter().find(|(n, b)| n == fil && !b.is_empty());
        sendt.map_or_else(|| self.tekst(tekst).as_bytes().to_vec(), |(_, bytes)| bytes.to_vec())
    }

    /// A field as a day: `None` when it is empty.
    ///
    /// # Errors
    /// That it is no day.
    pub fn dag(&self, navn: &'static str) -> Result<Option<Instant>, administration::Modulfejl> {
        let Some(tekst) = self.valgt(navn) else { return Ok(None) };
        let dag = crate::vis::laes_dato(tekst);
        dag.map(Some).ok_or_else(|| {
            administration::Modulfejl::felt(navn, "A-018", "Datoen forstås ikke. Skriv den som dd-mm-åååå.")
        })
    }

    /// A field with the last day of something as the moment it ends: when the day after begins.
    ///
    /// # Errors
    /// As [`Formular::dag`].
    pub fn slutdag(&self, navn: &'static str) -> Result<Option<Instant>, administration::Modulfejl> {
        Ok(self.dag(navn)?.map(crate::vis::dagen_efter))
    }

    /// The same without a field.
    pub fn uden(&self, navn: &str) -> Self {
        let felter = self.felter.iter().filter(|(n, _)| n != navn).cloned();
        Self { felter: felter.collect(), filer: self.filer.clone() }
    }

    /// The same fields as a query, with one of them changed.
    pub fn query_med(&self, navn: &str, vaerdi: &str) -> String {
        let mut ud = form_urlencoded::Serializer::new(String::new());
        for (n, v) in self.felter.iter().filter(|(n, v)| n != navn && !v.is_empty()) {
            ud.append_pair(n, v);
        }
        if !vaerdi.is_empty() {
            ud.append_pair(navn, vaerdi);
        }
        ud.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Formular;

    #[test]
    fn fields_are_read_and_written() {
        let f = Formular::af_query("navn=K%C3%A6ld&valgt=a&valgt=b&side=2&tom=");
        assert_eq!(
            (f.tekst("navn"), f.valgt("tom"), f.har("tom"), f.har("andet")),
            ("Kæld", None, true, false)
        );
        assert_eq!(f.alle("valgt").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(f.query_med("side", "3"), "navn=K%C3%A6ld&valgt=a&valgt=b&side=3");
        assert!(f.dag("navn").is_err());
    }
}
