//! A hash for names, taken when a policy is compiled and compared when it is asked.

/// The hash of a name in lower case. It is worked out eight bytes at a time. It need not withstand anybody who looks for
/// collisions: names are compared as well.
pub(crate) fn hash_lower(name: &str) -> u64 {
    if name.is_ascii() { of_bytes(name.as_bytes()) } else { of_bytes(name.to_lowercase().as_bytes()) }
}

/// Letters of ASCII count as lower case.
fn of_bytes(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mix = |hash: u64, word: &[u8; 8]| {
        (hash.rotate_left(23) ^ lower(u64::from_le_bytes(*word))).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    mix(words.iter().fold(bytes.len() as u64, mix), &last)
}

/// Eight characters of ASCII in lower case, without a branch. Each sum carries into the eighth bit of its byte: from `A`
/// on, and from behind `Z` on.
const fn lower(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let bits = word & (0x7f * ONES);
    let is_upper = ((bits + (0x80 - b'A' as u64) * ONES) ^ (bits + (0x7f - b'Z' as u64) * ONES)) & (0x80 * ONES);
    word | is_upper >> 2
}

#[cfg(test)]
mod tests {
    use super::{hash_lower, lower};

    #[test]
    fn names_that_are_alike_have_hashes_that_are_not() {
        let names = ["", "a", "a\0", "aws:tagkeys", "aws:principaltag/a", "aws:principaltag/b", "aws:principaltag/ab"];
        for one in names {
            let same: Vec<_> = names.into_iter().filter(|other| hash_lower(other) == hash_lower(one)).collect();
            assert_eq!(same, [one]);
        }
    }

    #[test]
    fn each_character_has_its_lower_case() {
        for byte in 0..=127_u8 {
            let word = u64::from_le_bytes([byte; 8]);
            assert_eq!(lower(word).to_le_bytes(), [byte.to_ascii_lowercase(); 8], "{byte}");
        }
    }

    #[test]
    fn letter_case_does_not_count() {
        for (one, other) in
            [("aws:TagKeys", "AWS:tagkeys"), ("aws:PrincipalTag/ÄRZTE", "aws:principaltag/ärzte"), ("İ", "i̇")]
        {
            assert_eq!(hash_lower(one), hash_lower(other), "{one}");
        }
    }
}
