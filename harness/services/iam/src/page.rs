//! Lists in pages: `Marker`, `MaxItems`, `IsTruncated`.

use serde_json::{Map, Value, json};

/// Which part of a list is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) marker: Option<String>,
    pub(crate) size: usize,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub(crate) struct Cut {
    pub(crate) items: Vec<(String, Value)>,
    next: Option<String>,
}

impl Page {
    /// Cuts a list whose items have ascending keys. The marker is the last key given out, so that a page stays right
    /// when items come or go in between.
    pub(crate) fn cut(&self, all: impl IntoIterator<Item = (String, Value)>) -> Cut {
        let after = |key: &str| self.marker.as_deref().is_none_or(|marker| key > marker);
        let mut rest = all.into_iter().filter(|(key, _)| after(key));
        let items: Vec<_> = rest.by_ref().take(self.size).collect();
        let next = rest.next().and_then(|_| items.last().map(|(key, _)| key.clone()));
        Cut { items, next }
    }
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
