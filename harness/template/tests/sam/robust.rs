//! No change to an input makes the transform panic, nor what reads its result.

use proptest::prelude::*;
use source::{Node, Value};

use crate::translator::{inputs, read, stack};

/// How many values a tree has.
fn size(node: &Node) -> usize {
    1 + node.items().iter().map(size).sum::<usize>()
        + node.entries().iter().map(|entry| size(&entry.value)).sum::<usize>()
}

/// Puts a value for the one at a place, counted from the top.
fn change(node: &mut Node, place: &mut usize, value: &Value) {
    if *place == 0 {
        node.value = value.clone();
        *place = usize::MAX;
        return;
    }
    *place -= 1;
    let children: Vec<&mut Node> = match &mut node.value {
        Value::List(items) => items.iter_mut().collect(),
        Value::Map(entries) => entries.iter_mut().map(|entry| &mut entry.value).collect(),
        _ => Vec::new(),
    };
    for child in children {
        if *place == usize::MAX {
            return;
        }
        change(child, place, value);
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(Value::Bool(true)),
        Just(Value::List(Vec::new())),
        Just(Value::Map(Vec::new())),
        "[A-Za-z.:/${}-]{0,12}".prop_map(Value::String),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_change_makes_it_panic(input in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), value in value()) {
        let all = inputs();
        let mut tree = read(&all[input.index(all.len())]);
        let mut place = place.index(size(&tree));
        change(&mut tree, &mut place, &value);
        let (transformed, _) = template::sam::transform(&tree, &stack());
        if let (Some(read), _) = template::read(&transformed) {
            let _ = template::resolve(&read, &stack());
        }
    }
}
