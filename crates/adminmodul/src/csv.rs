//! Lists as CSV that spreadsheets open: `;` between cells, a mark of UTF-8 first, and no cell that is run as a formula.

use crate::fil::hentes;
use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};

/// Rows as a file of this name.
pub fn svar(navn: &str, hoved: &[&str], raekker: impl IntoIterator<Item = Vec<String>>) -> Response {
    let mut ud = String::from("\u{feff}");
    linje(&mut ud, hoved.iter().copied());
    for raekke in raekker {
        linje(&mut ud, raekke.iter().map(String::as_str));
    }
    som_fil(navn, Body::from(ud))
}

/// The same of rows that come a page at a time.
pub fn loebende<F: std::error::Error + Send + Sync + 'static>(
    navn: &str,
    hoved: &[&str],
    sider: impl Stream<Item = Result<Vec<Vec<String>>, F>> + Send + 'static,
) -> Response {
    let mut top = String::from("\u{feff}");
    linje(&mut top, hoved.iter().copied());
    let resten = sider.map_ok(|raekker| {
        let mut ud = String::new();
        for raekke in raekker {
            linje(&mut ud, raekke.iter().map(String::as_str));
        }
        Bytes::from(ud)
    });
    som_fil(navn, Body::from_stream(stream::iter([Ok(Bytes::from(top))]).chain(resten)))
}

fn som_fil(navn: &str, krop: Body) -> Response {
    hentes(&format!("{navn}.csv"), "text/csv; charset=utf-8", krop)
}

fn linje<'c>(ud: &mut String, celler: impl Iterator<Item = &'c str>) {
    for (nr, celle) in celler.enumerate() {
        if nr > 0 {
            ud.push(';');
        }
        ud.push_str(&felt(celle));
    }
    ud.push_str("\r\n");
}

/// A cell: quoted when it must be, and never a formula.
fn felt(tekst: &str) -> String {
    let farlig = tekst.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let tekst = if farlig { format!("'{tekst}") } else { tekst.to_owned() };
    if tekst.contains([';', '"', '\n', '\r', ',']) {
        format!("\"{}\"", tekst.replace('"', "\"\""))
    } else {
        tekst
    }
}

#[cfg(test)]
mod tests {
    use super::felt;

    #[test]
    fn cells_are_quoted_and_never_run() {
        for (ind, ud) in [
            ("KY", "KY"),
            ("a;b", "\"a;b\""),
            ("sig \"hej\"", "\"sig \"\"hej\"\"\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+45", "'+45"),
            ("-2;x", "\"'-2;x\""),
        ] {
            assert_eq!(felt(ind), ud);
        }
    }
}
