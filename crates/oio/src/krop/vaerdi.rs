//! Reading a field's value: which shape it has, its first token tells. The derived way would copy every value first.

use crate::catalog::Navn;
use crate::model::Vaerdi;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use std::fmt;

impl<'de> Deserialize<'de> for Vaerdi {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(VaerdiVisitor)
    }
}

struct VaerdiVisitor;

impl<'de> Visitor<'de> for VaerdiVisitor {
    type Value = Vaerdi;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a list of texts or groups")
    }

    fn visit_str<E>(self, text: &str) -> Result<Vaerdi, E> {
        Ok(Vaerdi::Tekst(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Vaerdi, E> {
        Ok(Vaerdi::Tekst(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vaerdi, A::Error> {
        match items.next_element()? {
            None => Ok(Vaerdi::Tekster(Vec::new())),
            Some(Item::Tekst(first)) => rest(first, items).map(Vaerdi::Tekster),
            Some(Item::Gruppe(first)) => rest(first, items).map(Vaerdi::Grupper),
        }
    }
}

/// The first item and those after it, all of its shape.
fn rest<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(first: T, mut items: A) -> Result<Vec<T>, A::Error> {
    let mut all = vec![first];
    while let Some(item) = items.next_element()? {
        all.push(item);
    }
    Ok(all)
}

/// The first item of a list, which tells the shape of all.
enum Item {
    Tekst(String),
    Gruppe(Vec<(Navn, String)>),
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a group")
    }

    fn visit_str<E>(self, text: &str) -> Result<Item, E> {
        Ok(Item::Tekst(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut fields: A) -> Result<Item, A::Error> {
        let mut gruppe = Vec::new();
        while let Some(field) = fields.next_element()? {
            gruppe.push(field);
        }
        Ok(Item::Gruppe(gruppe))
    }
}
