//! Looking names up with letter case ignored, and without allocating.

/// FNV-1a over the lower-cased bytes, fed piece by piece.
#[derive(Clone, Copy)]
pub(crate) struct Fold(u32);

impl Fold {
    pub(crate) const fn new() -> Self {
        Self(0x811c_9dc5)
    }

    pub(crate) fn of(text: &str) -> Self {
        text.bytes().fold(Self::new(), Self::with)
    }

    pub(crate) fn with(self, byte: u8) -> Self {
        Self((self.0 ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
    }
}

/// Positions in a list, by the folded hash of what stands there. The caller compares the names themselves: two names
/// may share a hash.
#[derive(Default)]
pub(crate) struct Index(Vec<(u32, u16)>);

impl Index {
    pub(crate) fn new(names: impl Iterator<Item = (Fold, u16)>) -> Self {
        let mut entries: Vec<_> = names.map(|(fold, position)| (fold.0, position)).collect();
        entries.sort_unstable();
        Self(entries)
    }

    pub(crate) fn at(&self, fold: Fold) -> impl Iterator<Item = usize> + '_ {
        let start = self.0.partition_point(|&(hash, _)| hash < fold.0);
        self.0.iter().skip(start).take_while(move |&&(hash, _)| hash == fold.0).map(|&(_, position)| position.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Fold, Index};

    #[test]
    fn an_index_finds_every_position_of_a_name_in_any_letter_case() {
        let names = ["b", "A", "B", "c"];
        let index = Index::new((0..).zip(names).map(|(position, name)| (Fold::of(name), position)));
        let found = |name| index.at(Fold::of(name)).collect::<Vec<_>>();
        assert_eq!(found("B"), [0, 2]);
        assert_eq!(found("a"), [1]);
        assert_eq!(found("d"), Vec::<usize>::new());
    }
}
