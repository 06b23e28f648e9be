//! The names AWS makes up: access key ids, unique ids, task ids.

/// Where random bytes come from. The one source of chance in this crate.
pub trait Ids {
    /// Fills `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);

    /// Which of several worlds behind one listener this is. It becomes part of each access key id, so that the
    /// listener finds the world from the key alone. Below 32,768.
    fn realm(&self) -> u16 {
        0
    }
}

/// Ids that follow from a seed: for tests and predictions.
#[derive(Clone, Debug)]
pub struct Seeded(pub u64);

impl Ids for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

impl Seeded {
    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE62: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// An access key id: `AKIA` for a long-term key, `ASIA` for a session's, then the realm, then chance.
pub fn access_key(ids: &mut dyn Ids, prefix: &str) -> String {
    let realm = ids.realm();
    let digit = |shift: u16| char::from(BASE32[usize::from((realm >> shift) & 31)]);
    format!("{prefix}{}{}{}{}", digit(10), digit(5), digit(0), pick(ids, 13, BASE32))
}

/// The realm that an access key id of [`access_key`] names; `None` for a key made elsewhere.
#[must_use]
pub fn realm(access_key: &str) -> Option<u16> {
    let digits = access_key.strip_prefix("AKIA").or_else(|| access_key.strip_prefix("ASIA"))?.as_bytes();
    if digits.len() != 16 {
        return None;
    }
    digits[..3].iter().try_fold(0, |realm, byte| {
        let digit = BASE32.iter().position(|known| known == byte)?;
        Some(realm << 5 | digit as u16)
    })
}

/// A unique id such as `AROA…` (role), `AIDA…` (user), `AGPA…` (group), `ANPA…` (policy), `AIPA…` (instance profile).
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
pub fn unique(ids: &mut dyn Ids, prefix: &str) -> String {
    format!("{prefix}{}", pick(ids, 17, BASE32))
}

/// A secret access key: 40 characters.
pub fn secret(ids: &mut dyn Ids) -> String {
    pick(ids, 40, BASE62)
}

/// A session token. AWS gives no length and asks that none be assumed.
pub fn token(ids: &mut dyn Ids) -> String {
    format!("IQoJb3JpZ2luX2Vj{}", pick(ids, 200, BASE62))
}

/// 32 hexadecimal digits: a task id, a version id, an upload id.
pub fn hex32(ids: &mut dyn Ids) -> String {
    let mut bytes = [0; 16];
    ids.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pick(ids: &mut dyn Ids, length: usize, alphabet: &[u8]) -> String {
    let mut bytes = vec![0; length];
    ids.fill(&mut bytes);
    bytes.iter().map(|&byte| char::from(alphabet[usize::from(byte) % alphabet.len()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct InRealm(u16);

    impl Ids for InRealm {
        fn fill(&mut self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
        fn realm(&self) -> u16 {
            self.0
        }
    }

    #[test]
    fn an_access_key_names_its_realm() {
        for number in [0, 1, 31, 32, 1_000, 32_767] {
            let key = access_key(&mut InRealm(number), "AKIA");
            assert_eq!(key.len(), 20, "{key}");
            assert_eq!(realm(&key), Some(number), "{key}");
        }
        assert_eq!(realm("test"), None);
        assert_eq!(realm("AKIAIOSFODNN7EXAMPLE"), realm("ASIAIOSFODNN7EXAMPLE"));
    }

    #[test]
    fn a_seed_gives_the_same_ids_again() {
        let ids = |seed| secret(&mut Seeded(seed));
        assert_eq!(ids(1), ids(1));
        assert_ne!(ids(1), ids(2));
    }
}
