//! How much of something is shown, so that a card fits one screen of 24 lines.

/// Characters of a list beside a label: one line.
const LIST: usize = 60;

/// Shows the beginning of lists, or all of them, and remembers whether something was left out.
pub(super) struct Room {
    all: bool,
    is_cut: bool,
}

impl Room {
    pub(super) const fn new(all: bool) -> Self {
        Self { all, is_cut: false }
    }

    /// Items with commas between them: `a, b and 12 more`.
    pub(super) fn text(&mut self, items: impl IntoIterator<Item = String>) -> String {
        self.text_of(LIST, items)
    }

    /// The same in so many characters; the first item is always there.
    pub(super) fn text_of(&mut self, most: usize, items: impl IntoIterator<Item = String>) -> String {
        let mut shown = String::new();
        let mut items = items.into_iter();
        while let Some(item) = items.next() {
            if !self.all && !shown.is_empty() && shown.len() + item.len() > most {
                self.is_cut = true;
                return format!("{shown} and {} more", 1 + items.count());
            }
            if !shown.is_empty() {
                shown.push_str(", ");
            }
            shown.push_str(&item);
        }
        shown
    }

    /// The first so many of some things, and how many are left out.
    pub(super) fn first<T>(&mut self, most: usize, mut items: Vec<T>) -> (Vec<T>, usize) {
        let more = if self.all { 0 } else { items.len().saturating_sub(most) };
        items.truncate(items.len() - more);
        self.is_cut |= more > 0;
        (items, more)
    }

    /// Whether everything is wanted; if not, something is left out here.
    pub(super) fn wants_all(&mut self) -> bool {
        self.is_cut |= !self.all;
        self.all
    }

    /// Whether something is left out.
    pub(super) const fn is_cut(&self) -> bool {
        self.is_cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_where_it_gets_long() {
        let items = || ["one", "two", "three"].map(str::to_owned);
        let mut room = Room::new(false);
        assert_eq!((room.text_of(20, items()), room.is_cut), ("one, two, three".to_owned(), false));
        assert_eq!((room.text_of(5, items()), room.is_cut), ("one and 2 more".to_owned(), true));
        assert_eq!(Room::new(true).text_of(1, items()), "one, two, three");
        assert_eq!(Room::new(false).first(2, vec![1, 2, 3]), (vec![1, 2], 1));
        assert_eq!(Room::new(true).first(2, vec![1, 2, 3]), (vec![1, 2, 3], 0));
    }
}
