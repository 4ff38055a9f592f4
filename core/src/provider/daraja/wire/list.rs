use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A list that is written as its only entry when it has just one, and as an array otherwise.
///
/// `ResultParameter` and `ReferenceItem` are like this; a reader that expects an array breaks on
/// the first balance enquiry.
///
/// ```
/// use amana_core::provider::daraja::wire::Collapsing;
/// assert_eq!(serde_json::from_str::<Collapsing<u8>>("7")?, Collapsing(vec![7]));
/// assert_eq!(serde_json::to_string(&Collapsing(vec![7, 8]))?, "[7,8]");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collapsing<T>(pub Vec<T>);

impl<T: Serialize> Serialize for Collapsing<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [only] => only.serialize(serializer),
            all => all.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Collapsing<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let entries = match raw.get().starts_with('[') {
            true => serde_json::from_str(raw.get()),
            false => serde_json::from_str(raw.get()).map(|only| vec![only]),
        };
        entries.map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_entry_stands_alone() {
        for (json, entries) in [("7", vec![7]), ("[7,8]", vec![7, 8]), ("[]", vec![])] {
            let list: Collapsing<u8> = serde_json::from_str(json).unwrap();
            assert_eq!(list.0, entries);
            assert_eq!(serde_json::to_string(&list).unwrap(), json);
        }
        let array: Collapsing<u8> = serde_json::from_str("[7]").unwrap();
        assert_eq!(array.0, [7]);
    }
}
