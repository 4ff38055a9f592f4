//! The sandbox's only source of chance: a seeded generator whose position is part of the journal.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// Capitals and digits, the alphabet of most providers' receipts.
const ALPHANUMERIC: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A ChaCha generator with 8 rounds, known by its seed and how many words were taken from it.
///
/// Two generators with the same seed and position give the same values on every machine, so the
/// journal records the position and not the values.
#[derive(Debug, Clone)]
pub struct Random {
    generator: ChaCha8Rng,
}

impl Random {
    /// The generator of this seed, after `position` words of 32 bits.
    pub fn at(seed: u64, position: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_word_pos(u128::from(position));
        Self { generator }
    }

    /// How many words of 32 bits were taken.
    pub fn position(&self) -> u64 {
        u64::try_from(self.generator.get_word_pos()).unwrap_or(u64::MAX)
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// A whole number from 0 up to but not including `bound`; 0 if the bound is 0.
    ///
    /// The product method without rejection: the bias is below 2⁻³² for any bound used here.
    pub fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.bits()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// Whether an event of this many chances in a million happens; always one draw.
    pub fn chance(&mut self, per_million: u32) -> bool {
        self.below(1_000_000) < u64::from(per_million)
    }

    /// So many bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.generator.fill_bytes(&mut bytes);
        bytes
    }

    /// So many lower-case hexadecimal digits.
    pub fn hex(&mut self, digits: usize) -> String {
        self.text(digits, b"0123456789abcdef")
    }

    /// So many capitals and digits.
    pub fn alphanumeric(&mut self, length: usize) -> String {
        self.text(length, ALPHANUMERIC)
    }

    /// So many decimal digits, the first of which may be zero.
    pub fn digits(&mut self, length: usize) -> String {
        self.text(length, b"0123456789")
    }

    /// A random (version 4) UUID in its usual lower-case form.
    pub fn uuid(&mut self) -> String {
        let mut bytes = self.bytes::<16>();
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let text = hex::encode(bytes);
        let (a, rest) = text.split_at(8);
        let (b, rest) = rest.split_at(4);
        let (c, rest) = rest.split_at(4);
        let (d, e) = rest.split_at(4);
        format!("{a}-{b}-{c}-{d}-{e}")
    }

    /// So many characters of this alphabet.
    pub fn text(&mut self, length: usize, alphabet: &[u8]) -> String {
        (0..length)
            .map(|_| {
                let index = self.below(alphabet.len() as u64);
                char::from(alphabet[usize::try_from(index).unwrap_or(0)])
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resumes_at_its_position() {
        let mut first = Random::at(7, 0);
        let _ = first.alphanumeric(10);
        let mut second = Random::at(7, first.position());
        assert_eq!(first.uuid(), second.uuid());
        assert_eq!(first.position(), second.position());
        assert_ne!(Random::at(7, 0).bits(), Random::at(8, 0).bits());
    }

    #[test]
    fn is_the_same_on_every_machine() {
        let mut random = Random::at(1, 0);
        assert_eq!(random.alphanumeric(10), "E2L7APG5VP");
        assert!((0..1_000).all(|_| random.below(6) < 6));
        assert!(!(0..1_000).any(|_| random.chance(0)));
        assert!((0..1_000).all(|_| random.chance(1_000_000)));
    }
}
