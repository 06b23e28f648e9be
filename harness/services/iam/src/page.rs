//! Lists in pages: `Marker`, `MaxItems`, `IsTruncated`.

use account::{Page, Part};
use serde_json::{Map, Value, json};

/// A part of a list, as IAM's answers show it.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) items: Vec<(String, Value)>,
    next: Option<String>,
}

/// Cuts a list whose items have ascending keys.
pub(crate) fn cut(page: &Page, all: impl IntoIterator<Item = (String, Value)>) -> Cut {
    let Part { items, next } = page.by_key(all);
    Cut { items, next }
}

impl Cut {
    /// The answer with the items under `name`.
    pub(crate) fn answer(self, name: &str) -> Value {
        let end = self.end();
        let items: Vec<Value> = self.items.into_iter().map(|(_, item)| item).collect();
        let mut answer = Map::new();
        answer.insert(name.to_owned(), items.into());
        answer.extend(end);
        answer.into()
    }

    /// The answer with the items shared out over several lists: each key begins with its list's index.
    pub(crate) fn share(self, names: &[&str]) -> Value {
        let end = self.end();
        let mut lists = vec![Vec::new(); names.len()];
        for (key, item) in self.items {
            if let Some(list) =
                key.chars().next().and_then(|index| index.to_digit(10)).and_then(|at| lists.get_mut(at as usize))
            {
                list.push(item);
            }
        }
        let mut answer: Map<_, _> =
            names.iter().map(|&name| name.to_owned()).zip(lists.into_iter().map(Value::from)).collect();
        answer.extend(end);
        answer.into()
    }

    fn end(&self) -> Map<String, Value> {
        let mut end = Map::new();
        end.insert("IsTruncated".to_owned(), json!(self.next.is_some()));
        if let Some(next) = &self.next {
            end.insert("Marker".to_owned(), json!(next));
        }
        end
    }
}
