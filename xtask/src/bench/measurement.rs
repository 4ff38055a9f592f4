//! What a benchmark answers.

use serde_json::json;

/// A value, and the peer's in the same unit.
pub struct Measurement {
    /// Ours.
    pub value: f64,
    /// `"bytes"`, `"operations/s"`.
    pub unit: &'static str,
    /// What it is compared with, and its value.
    pub peer: Option<(&'static str, f64)>,
}

impl Measurement {
    /// Ours divided by the peer's.
    #[expect(clippy::float_arithmetic, reason = "a measurement is no money")]
    fn ratio(&self) -> Option<f64> {
        self.peer.map(|(_, value)| self.value / value)
    }

    /// `{"name","value","unit","peer","peer_value","ratio"}` on one line.
    pub fn to_json(&self, name: &str) -> String {
        json!({
            "name": name,
            "value": self.value,
            "unit": self.unit,
            "peer": self.peer.map(|(peer, _)| peer),
            "peer_value": self.peer.map(|(_, value)| value),
            "ratio": self.ratio(),
        })
        .to_string()
    }

    /// The same for people.
    pub fn to_line(&self, name: &str) -> String {
        let mut line = format!("{name}: {:.0} {}", self.value, self.unit);
        if let (Some((peer, value)), Some(ratio)) = (self.peer, self.ratio()) {
            line.push_str(&format!(" ({ratio:.2}x of {peer}, {value:.0})"));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_one_object_with_every_field() {
        let mut measurement = Measurement {
            value: 30.0,
            unit: "bytes",
            peer: Some(("limit", 120.0)),
        };
        let object: serde_json::Value =
            serde_json::from_str(&measurement.to_json("wasm-size")).unwrap();
        assert_eq!(
            object,
            json!({
                "name": "wasm-size", "value": 30.0, "unit": "bytes",
                "peer": "limit", "peer_value": 120.0, "ratio": 0.25,
            })
        );
        assert_eq!(
            measurement.to_line("wasm-size"),
            "wasm-size: 30 bytes (0.25x of limit, 120)"
        );
        measurement.peer = None;
        assert!(measurement.to_json("x").contains("\"ratio\":null"));
    }
}
