//! Which cards a name means, and what was probably meant by a name that AWS does not have.

use catalog::{Action, Key};
use policy::plain;

use super::Card;

/// The cards of a name: of a key, of an action, or, where AWS gives both one name, of both. The name of a key with a
/// placeholder may end before it: `aws:RequestTag`. Letter case does not count.
///
/// # Errors
/// AWS has no key and no action of this name: what may be meant.
pub fn cards(name: &str) -> Result<Vec<Card>, String> {
    let action = catalog::action(name).map(Card::Action);
    let found: Vec<_> = action.into_iter().chain(key(name).map(Card::Key)).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let said = format!("AWS has no condition key and no action `{}`", plain(name));
    Err(format!("{said}\nhelp: {}", meant(name)))
}

fn key(name: &str) -> Option<Key> {
    let bare = name.trim_end_matches(SEPARATORS);
    let is_family = |key: &Key| family(key.pattern()).is_some_and(|head| head.eq_ignore_ascii_case(bare));
    catalog::key(name).or_else(|| catalog::keys().find(is_family))
}

/// What stands before a placeholder, and before what separates the two.
const SEPARATORS: [char; 4] = ['/', ':', '.', '-'];

/// What stands before the placeholder that a pattern ends in: `aws:RequestTag` of `aws:RequestTag/${TagKey}`.
fn family(pattern: &str) -> Option<&str> {
    let (head, placeholder) = pattern.split_once("${")?;
    let ends = placeholder.find('}') == Some(placeholder.len() - 1);
    ends.then(|| head.trim_end_matches(SEPARATORS))
}

fn meant(name: &str) -> String {
    let Some((prefix, _)) = name.split_once(':') else { return without_prefix(name) };
    if let Some(operation) = catalog::operation(name).filter(|operation| !operation.actions().is_empty()) {
        let names: Vec<_> = operation.actions().iter().map(|action| format!("`{}`", action.name())).collect();
        let (name, names) = (operation.name(), names.join(" and "));
        return format!("`{name}` is an operation; AWS checks it as {names}: name that action");
    }
    let near = source::suggest(name, catalog::actions_of(prefix).map(Action::name));
    let near = near.map(|near| format!("did you mean `{near}`?")).or_else(|| lint::meant_key(name));
    near.unwrap_or_else(|| WHAT.to_owned())
}

const WHAT: &str = "name a key such as aws:RequestTag or aws:RequestTag/team, or an action such as ec2:RunInstances";

/// What is called so in some service.
fn without_prefix(name: &str) -> String {
    const MOST: usize = 6;
    let is_it = |full: &str| full.split_once(':').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(name));
    let actions = catalog::expand("*").map(Action::name).filter(|full| is_it(full));
    let keys = catalog::keys().map(Key::pattern).map(|pattern| family(pattern).unwrap_or(pattern));
    let mut found: Vec<_> = keys.filter(|full| is_it(full)).chain(actions).collect();
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    let listed = found.iter().map(|full| format!("`{full}`")).collect::<Vec<_>>().join(", ");
    match (found.len(), more) {
        (0, _) => WHAT.to_owned(),
        (_, 0) => format!("write the service before the name: {listed}"),
        (_, more) => format!("write the service before the name: {listed} or {more} more"),
    }
}
