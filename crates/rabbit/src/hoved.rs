//! What a copy of a message carries beside its bytes.

use bitemporal::Instant;
use bytes::Bytes;
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::types::{AMQPValue, FieldTable, LongString};
use oio::Cvr;
use store::{Koepost, NyBesked, NyKoepost};
use uuid::Uuid;

const SYSTEM: &str = "x-fundament-system";
const BESKED_ID: &str = "x-fundament-besked-id";
const CVR: &str = "x-fundament-cvr";
const TRANSAKTION: &str = "x-fundament-transaktion";
const MODTAGET: &str = "x-fundament-modtaget";
const PLACERET: &str = "x-fundament-placeret";
const AFTALE: &str = "x-fundament-aftale";
const TILLADTE: &str = "x-fundament-tilladte";
const DUESLAG: &str = "x-fundament-dueslag";
/// How often a quorum queue has taken the message back.
const GENLEVERET: &str = "x-delivery-count";

/// The properties of a copy for one dueslag.
pub(crate) fn egenskaber(ny: &NyBesked, kopi: &NyKoepost, placeret: Instant) -> BasicProperties {
    let mut headers = FieldTable::default();
    let mut tekst = |navn: &str, vaerdi: String| {
        headers.insert(navn.into(), AMQPValue::LongString(LongString::from(vaerdi)));
    };
    let tilladte: Vec<String> = kopi.tilladte.iter().map(Cvr::to_string).collect();
    tekst(SYSTEM, ny.system.to_string());
    tekst(BESKED_ID, ny.besked_id.clone());
    tekst(CVR, ny.cvr.to_string());
    tekst(TRANSAKTION, ny.transaktion.clone());
    tekst(AFTALE, kopi.aftale.to_string());
    tekst(TILLADTE, tilladte.join(","));
    tekst(DUESLAG, kopi.dueslag.to_string());
    headers.insert(MODTAGET.into(), AMQPValue::LongLongInt(ny.modtaget.micros()));
    headers.insert(PLACERET.into(), AMQPValue::LongLongInt(placeret.micros()));
    // Persistent.
    BasicProperties::default().with_delivery_mode(2).with_headers(headers)
}

/// The message in a delivery, under the number it is settled by; `None` when it is none of ours.
/// The bytes move into it.
pub(crate) fn koepost(nr: i64, delivery: &mut Delivery) -> Option<Koepost> {
    let headers = delivery.properties.headers().as_ref()?;
    let tekst = |navn: &str| match headers.inner().get(navn)? {
        AMQPValue::LongString(tekst) => Some(String::from_utf8_lossy(tekst.as_bytes()).into_owned()),
        _ => None,
    };
    let tal = |navn: &str| match headers.inner().get(navn)? {
        AMQPValue::LongLongInt(tal) => Some(*tal),
        AMQPValue::LongInt(tal) => Some(i64::from(*tal)),
        AMQPValue::LongUInt(tal) => Some(i64::from(*tal)),
        _ => None,
    };
    let uuid = |navn: &str| Uuid::try_parse(&tekst(navn)?).ok();
    let tilladte = tekst(TILLADTE)?;
    let tilladte = tilladte.split(',').filter(|del| !del.is_empty());
    let forsoeg = tal(GENLEVERET).unwrap_or(0);
    Some(Koepost {
        plads: nr,
        nr,
        besked_id: tekst(BESKED_ID)?,
        system: uuid(SYSTEM)?,
        cvr: tekst(CVR)?.parse().ok()?,
        transaktion: tekst(TRANSAKTION)?,
        modtaget: Instant::from_micros(tal(MODTAGET)?),
        krop: Bytes::from(std::mem::take(&mut delivery.data)),
        tid: Instant::from_micros(tal(PLACERET)?),
        tilladte: tilladte.map(|del| del.parse().ok()).collect::<Option<Vec<Cvr>>>()?,
        aftale: uuid(AFTALE)?,
        forsoeg: u32::try_from(forsoeg).unwrap_or(u32::MAX),
        genleveret: delivery.redelivered,
    })
}

/// The dueslag a message was placed in.
pub(crate) fn dueslag(delivery: &Delivery) -> Option<Uuid> {
    match delivery.properties.headers().as_ref()?.inner().get(DUESLAG)? {
        AMQPValue::LongString(tekst) => Uuid::try_parse(&String::from_utf8_lossy(tekst.as_bytes())).ok(),
        _ => None,
    }
}
