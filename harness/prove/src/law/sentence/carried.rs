//! The actions whose requests carry some keys together.

use std::sync::LazyLock;

use catalog::{Action, Row};

/// Every action, in lower case, that carries `aws:TagKeys` wherever it carries `aws:RequestTag`.
static TAG_KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let (Some(tag), Some(keys)) = (catalog::key("aws:RequestTag/x"), catalog::key("aws:TagKeys")) else {
        return Vec::new();
    };
    let of_both = tag.carriers().filter(|(_, rows)| rows.iter().all(|row| row.carries(keys)));
    of_both.map(|(action, _)| action.name().to_ascii_lowercase()).collect()
});

pub(super) fn tag_keys() -> impl Iterator<Item = &'static str> {
    TAG_KEYS.iter().map(String::as_str)
}

/// Every action of a service, in lower case, of which each row carries both keys or neither, as far as that is settled.
pub(super) fn together(service: &str, keys: [&str; 2]) -> Vec<String> {
    let [Some(one), Some(other)] = keys.map(catalog::key) else { return Vec::new() };
    let is_same = |row: Row| {
        let is_open = [one, other].into_iter().any(|key| row.left_open(key).is_some());
        !is_open && row.carries(one) == row.carries(other)
    };
    let actions = catalog::service(service).into_iter().flat_map(catalog::Service::actions);
    let together = actions.filter(|action: &Action| action.rows().all(is_same));
    together.map(|action| action.name().to_ascii_lowercase()).collect()
}
