//! From the bytes of a message to a call: everything that waits for nothing.

use super::omstaendigheder;
use super::tabel::{self, Operation, Sted};
use crate::fejl::Fault;
use crate::http;
use crate::kuvert::{self, Soap};
use crate::sikkerhed::{self, Maal, Sikret, Tokenlager, laes_sikret};
use app::App;
use axum::http::header;
use axum::http::request::Parts;
use indeks::BYTES_MAX;
use indeks::kald::Kald;
use oio::Cvr;
use std::sync::Arc;
use uuid::Uuid;
use wss::ns::{SOAP11, SOAP12};
use xml::{Limits, Node};

/// Why a message is not a call, and what it is found by in the access log.
pub(super) struct Ikke {
    pub soap: Soap,
    pub fault: Fault,
    pub navn: Option<Uuid>,
    pub transaktion: Uuid,
}

impl Ikke {
    pub(super) fn ny(soap: Soap, fault: Fault) -> Self {
        Self { soap, fault, navn: None, transaktion: Uuid::nil() }
    }
}

/// A message that is a call of an operation here. What is not as its schema demands is the inner result.
pub(super) struct Laest {
    pub soap: Soap,
    pub operation: &'static Operation,
    /// The transaction as the caller wrote it, and as a UUID.
    pub header: String,
    pub transaktion: Uuid,
    /// The authority it names outside a token.
    pub myndighed: Option<Cvr>,
    /// What an answer refers to.
    pub message_id: Option<String>,
    /// How it says it is secured.
    pub sikret: Option<Sikret>,
    pub kald: Result<Kald, indeks::Fejl>,
}

/// What a message is read by.
pub(super) struct Laeser {
    pub app: App,
    pub lager: Arc<Tokenlager>,
    pub sted: Sted,
    pub parts: Arc<Parts>,
    /// The audiences its token may have.
    pub audiences: Vec<String>,
    /// Its transaction, if it names none.
    pub ny: Uuid,
}

impl Laeser {
    /// Guards, parses and verifies a message, and reads what it asks.
    ///
    /// # Errors
    /// When it is no call of an operation of this service.
    pub(super) fn laes(&self, body: &[u8]) -> Result<Laest, Ikke> {
        let uden_navn = |soap, fault| Ikke { transaktion: self.ny, ..Ikke::ny(soap, fault) };
        let document = xml::parse(body, &Limits::of_size(BYTES_MAX))
            .map_err(|fejl| uden_navn(self.sted.tjeneste.soap, Fault::sender(fejl.to_string())))?;
        let soap = kuvert::soap_of(&document);
        let ikke = |fault| Ikke { navn: sikkerhed::kaldenavn(&document), ..uden_navn(soap, fault) };
        self.transport(soap).map_err(ikke)?;
        let (_, rod) = kuvert::indhold(&document).map_err(ikke)?;
        let operation = self.operation(rod).map_err(ikke)?;
        let (header, transaktion) = http::transaktion(self.ny, kuvert::transaktion(&document), 6);
        let myndighed = http::anvenderkontekst(&self.parts.headers).map_err(ikke)?;
        let om = omstaendigheder(&self.parts, myndighed, transaktion);
        // A message that is to be judged must not be one that can be sent on to be stored, or the other way round.
        let her = |path: &str| tabel::find(path) == Some(self.sted);
        let audiences = self.audiences.iter().map(String::as_str).collect();
        let sikret = laes_sikret(&self.app, &self.lager, &Maal { her: &her, audiences }, &document, &om);
        let navne = wss::kaldenavne(&document);
        Ok(Laest {
            soap,
            operation,
            header,
            transaktion,
            myndighed,
            message_id: <[String; 1]>::try_from(navne).ok().map(|[navn]| navn),
            sikret,
            kald: Kald::laes(rod),
        })
    }

    /// The Content-Type of either SOAP is taken for both; it must be UTF-8.
    fn transport(&self, soap: Soap) -> Result<(), Fault> {
        let kind = self.parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        if [SOAP11, SOAP12].into_iter().any(|ns| wss::transport_passer(ns, kind)) {
            return Ok(());
        }
        let tekst = format!("Content-Type passer ikke til beskeden; send {}", soap.content_type());
        Err(Fault::with_status(415, tekst))
    }

    fn operation(&self, rod: Node<'_, '_>) -> Result<&'static Operation, Fault> {
        let tjeneste = self.sted.tjeneste;
        tjeneste.operation(rod).ok_or_else(|| {
            let findes: Vec<&str> = tjeneste.operationer.iter().map(|o| o.navn).collect();
            let tekst = format!(
                "{} ({}) er ikke en operation på {}; her findes {}",
                rod.tag_name().name(),
                rod.tag_name().namespace().unwrap_or_default(),
                tjeneste.navn,
                findes.join(", ")
            );
            Fault { subcode: Some(("wsa", "ActionNotSupported")), ..Fault::sender(tekst) }
        })
    }
}
