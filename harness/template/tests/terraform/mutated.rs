//! No plan makes it panic, however it is changed, and what is read is said alike each time.

use std::sync::LazyLock;

use proptest::prelude::*;
use source::{FileId, Node, Value};

use crate::{cases, page, themes};

/// Changes one node of a tree: takes it away, or puts something else there.
fn change(node: &mut Node, at: &mut usize, with: &Value) {
    if *at == 0 {
        node.value = with.clone();
    }
    *at = at.wrapping_sub(1);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| change(item, at, with)),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| change(&mut entry.value, at, with)),
        _ => {}
    }
}

fn count(node: &Node) -> usize {
    let below = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value));
    1 + below.map(count).sum::<usize>()
}

static ALL: LazyLock<Vec<Node>> = LazyLock::new(|| {
    let texts = themes().into_iter().flat_map(|theme| cases(&theme)).map(|case| case.json);
    texts.filter_map(|text| source::json::read(FileId(0), &text).0).collect()
});

fn values() -> impl Strategy<Value = Value> {
    const TEXTS: &[&str] = &[
        "",
        "{}",
        "{\"Statement\": [{}]}",
        "aws_iam_role.app",
        "module.a",
        "data.aws_iam_policy_document.x.json",
        "[",
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Number("4".to_owned())),
        prop::sample::select(TEXTS).prop_map(|text| Value::String(text.to_owned())),
        Just(Value::List(Vec::new())),
        Just(Value::Map(Vec::new())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_change_makes_it_panic(which in any::<prop::sample::Index>(), changes in prop::collection::vec((any::<prop::sample::Index>(), values()), 1..4)) {
        let mut tree = which.get(&ALL).clone();
        for (at, with) in &changes {
            let mut at = at.index(count(&tree));
            change(&mut tree, &mut at, with);
        }
        let json = template::json(&tree).to_string();
        if template::terraform::read(FileId(0), &json).is_some() {
            prop_assert_eq!(page::of(&json), page::of(&json));
        }
    }

    #[test]
    fn no_cut_makes_it_panic(which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>()) {
        let text = template::json(which.get(&ALL)).to_string();
        let cut: String = text.chars().take(at.index(text.len())).collect();
        let _ = template::terraform::read(FileId(0), &cut);
    }
}
