//! A hash for names, taken when a policy is compiled and compared when it is asked.

/// Eight bytes at a time. It need not withstand anybody who looks for collisions: names are compared as well.
pub(crate) fn hash(text: &str) -> u64 {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mix = |hash: u64, word: &[u8; 8]| {
        (hash.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    };
    mix(words.iter().fold(text.len() as u64, mix), &last)
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn names_that_are_alike_have_hashes_that_are_not() {
        let names = ["", "a", "a\0", "aws:tagkeys", "aws:principaltag/a", "aws:principaltag/b", "aws:principaltag/ab"];
        for one in names {
            let same: Vec<_> = names.into_iter().filter(|other| hash(other) == hash(one)).collect();
            assert_eq!(same, [one]);
        }
    }
}
