//! Lists in pages.

/// Which part of a list is wanted.
#[derive(Clone, Debug)]
pub struct Page {
    /// What the answer with the part before gave to go on with.
    pub token: Option<String>,
    /// The most items of the part.
    pub size: usize,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Part<T> {
    /// The items.
    pub items: Vec<T>,
    /// What asks for the next part, if there is one.
    pub next: Option<String>,
}

impl Page {
    /// A size that is asked for: 1 to `most`, and `most` unless asked for otherwise. `None`: no such size.
    #[must_use]
    pub fn size(asked: Option<i64>, most: usize) -> Option<usize> {
        let Some(asked) = asked else { return Some(most) };
        usize::try_from(asked).ok().filter(|size| (1..=most).contains(size))
    }

    /// A part of a list whose items have ascending keys. The token is the last key given out, so that a part stays right
    /// when items come or go in between.
    pub fn by_key<T>(&self, all: impl IntoIterator<Item = (String, T)>) -> Part<(String, T)> {
        let after = |key: &str| self.token.as_deref().is_none_or(|token| key > token);
        let mut rest = all.into_iter().filter(|(key, _)| after(key));
        let items: Vec<_> = rest.by_ref().take(self.size).collect();
        let next = rest.next().and_then(|_| items.last().map(|(key, _)| key.clone()));
        Part { items, next }
    }

    /// A part of a list without keys. The token is the place in the list: it changes little between two parts. `None`: the
    /// token is none.
    pub fn by_position<T>(&self, all: impl IntoIterator<Item = T>) -> Option<Part<T>> {
        let start = self.token.as_deref().map_or(Ok(0), str::parse::<usize>).ok()?;
        let mut rest = all.into_iter().skip(start);
        let items: Vec<_> = rest.by_ref().take(self.size).collect();
        let next = rest.next().map(|_| start.saturating_add(items.len()).to_string());
        Some(Part { items, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(token: Option<&str>, size: usize) -> Page {
        Page { token: token.map(str::to_owned), size }
    }

    #[test]
    fn by_key_a_part_goes_on_after_the_last_key() {
        let all = ["a", "c", "e"].map(|key| (key.to_owned(), ()));
        let check = |token, size, expected: &[&str], next: Option<&str>| {
            let part = page(token, size).by_key(all.clone());
            let keys: Vec<_> = part.items.iter().map(|(key, ())| key.as_str()).collect();
            assert_eq!((keys.as_slice(), part.next.as_deref()), (expected, next), "{token:?} {size}");
        };
        check(None, 2, &["a", "c"], Some("c"));
        check(Some("c"), 2, &["e"], None);
        // `b` went meanwhile.
        check(Some("b"), 1, &["c"], Some("c"));
        check(None, 3, &["a", "c", "e"], None);
        check(Some("z"), 3, &[], None);
    }

    #[test]
    fn by_position_a_part_goes_on_at_a_place() {
        let check = |token, size, expected: Option<(&[u8], Option<&str>)>| {
            let part = page(token, size).by_position([1, 2, 3]);
            let part = part.as_ref().map(|part| (part.items.as_slice(), part.next.as_deref()));
            assert_eq!(part, expected, "{token:?} {size}");
        };
        check(None, 2, Some((&[1, 2], Some("2"))));
        check(Some("2"), 2, Some((&[3], None)));
        check(Some("9"), 2, Some((&[], None)));
        check(Some("x"), 2, None);
        check(Some("18446744073709551615"), 2, Some((&[], None)));
    }

    #[test]
    fn a_size_has_bounds() {
        let sizes = [None, Some(1), Some(50), Some(0), Some(51), Some(-1)].map(|asked| Page::size(asked, 50));
        assert_eq!(sizes, [Some(50), Some(1), Some(50), None, None, None]);
    }
}
