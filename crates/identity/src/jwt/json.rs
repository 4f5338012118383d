//! JSON in which no name stands twice: of two claims of one name, one reader would see the first, another the last.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// A value without duplicate names, at any depth.
pub(super) struct Entydig(Value);

/// Reads an object.
pub(crate) fn objekt(bytes: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice::<Entydig>(bytes).ok()?.0 {
        Value::Object(objekt) => Some(objekt),
        _ => None,
    }
}

impl<'d> Deserialize<'d> for Entydig {
    fn deserialize<D: Deserializer<'d>>(fra: D) -> Result<Self, D::Error> {
        fra.deserialize_any(Besoegende).map(Self)
    }
}

struct Besoegende;

impl<'d> Visitor<'d> for Besoegende {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON uden gentagne navne")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(Number::from_f64(v).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::String(v.to_owned()))
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut fra: A) -> Result<Value, A::Error> {
        let mut ud = Vec::new();
        while let Some(Entydig(vaerdi)) = fra.next_element()? {
            ud.push(vaerdi);
        }
        Ok(Value::Array(ud))
    }

    fn visit_map<A: MapAccess<'d>>(self, mut fra: A) -> Result<Value, A::Error> {
        let mut ud = Map::new();
        while let Some(navn) = fra.next_key::<String>()? {
            let Entydig(vaerdi) = fra.next_value()?;
            if ud.insert(navn, vaerdi).is_some() {
                return Err(A::Error::custom("et navn står to gange"));
            }
        }
        Ok(Value::Object(ud))
    }
}
