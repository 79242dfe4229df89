//! The lists of a bundle as the parser meets them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Section, Walk};
use crate::Kind;
use crate::problem::{Place, escaped, pointer};

/// The whole bundle.
pub(super) struct Top<'w, 's>(pub(super) &'w mut Walk<'s>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with companies, findings and customers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let walk = self.0;
        while let Some(key) = map.next_key::<String>()? {
            walk.enter(format!("/{}", escaped(&key)));
            let kind = match key.as_str() {
                "companies" => Kind::Companies,
                "findings" => Kind::Findings,
                "customers" => Kind::Customers,
                _ => {
                    walk.sink.problem(walk.here.clone(), "is not a known key".to_owned());
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if walk.sections.iter().any(|section| section.kind == kind) {
                walk.sink.problem(walk.here.clone(), "occurs twice".to_owned());
            }
            let start = map.next_value_seed(Rows {
                walk: &mut *walk,
                kind,
                owner: 0,
            })?;
            walk.sections.push(Section {
                kind,
                start,
                end: walk.byte.get(),
            });
            walk.enter("");
        }
        Ok(())
    }
}

/// A list of rows. Gives the byte at which it starts.
pub(super) struct Rows<'w, 's> {
    pub(super) walk: &'w mut Walk<'s>,
    pub(super) kind: Kind,
    pub(super) owner: u32,
}

impl<'de> DeserializeSeed<'de> for Rows<'_, '_> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        // The parser has taken everything up to the colon and nothing after it.
        let start = self.walk.byte.get();
        deserializer.deserialize_seq(self)?;
        Ok(start)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Rows { walk, kind, owner } = self;
        for index in 0.. {
            let place = Place { kind, owner, index };
            if kind == Kind::Customers {
                let Some(()) = seq.next_element_seed(OneCustomer {
                    walk: &mut *walk,
                    place,
                })?
                else {
                    break;
                };
            } else {
                let Some(raw) = seq.next_element::<Box<RawValue>>()? else {
                    break;
                };
                walk.hand_on(place, raw.get())?;
            }
        }
        Ok(())
    }
}

/// A customer, whose lists are walked through like those of the top level.
struct OneCustomer<'w, 's> {
    walk: &'w mut Walk<'s>,
    place: Place,
}

impl<'de> DeserializeSeed<'de> for OneCustomer<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.walk.row = Some(self.place);
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneCustomer<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let OneCustomer { walk, place } = self;
        let (mut own, mut seen) = (String::from("{"), Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            let Some(kind) = Kind::owned(&key) else {
                let value: Box<RawValue> = map.next_value()?;
                let key = serde_json::to_string(&key).map_err(A::Error::custom)?;
                own.extend([if own.len() > 1 { "," } else { "" }, &key, ":", value.get()]);
                continue;
            };
            if seen.contains(&kind) {
                walk.sink
                    .problem(pointer(place, kind.name(), false), "occurs twice".to_owned());
            }
            seen.push(kind);
            walk.enter(pointer(place, kind.name(), false));
            if walk.sink.wants(kind) {
                map.next_value_seed(Rows {
                    walk: &mut *walk,
                    kind,
                    owner: place.index,
                })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            walk.row = Some(place);
        }
        own.push('}');
        if walk.sink.wants(Kind::Customers) {
            walk.hand_on(place, &own)
        } else {
            Ok(())
        }
    }
}
