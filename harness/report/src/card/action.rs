//! The card of an action.

use catalog::{Access, Action, Catalog, DependentAction, Key, On, Operation, ResourceType, Row, TagSet};
use policy::Vocabulary;
use policy::facts::{self, Fact, Rule};
use policy::wildcard::matches_action;
use serde_json::{Value, json};

use super::key::id;
use super::room::Room;
use super::{row_name, short};

/// Rows on one screen.
const MOST_ROWS: usize = 4;
/// Rows that are shown with the forms of their ARNs.
const FEW_ROWS: usize = 2;
/// Further actions on one screen.
const MOST_ASKED: usize = 2;
/// Characters of a list of keys.
const OF_ROW: usize = 60;
/// Characters of a list in one of them.
const OF_NEED: usize = 40;
/// Facts on one screen.
const MOST: usize = 2;

pub(super) fn lines(action: Action, room: &mut Room) -> Vec<String> {
    let mut lines = vec![format!("Access    {}", access(action.access()))];
    let operation = catalog::operation(action.name());
    lines.push(format!("Tags      {}", tags(action, operation.as_ref(), room)));
    lines.extend(operation.iter().flat_map(|operation| asks(operation, room)));
    let (facts, more) = room.first(MOST, facts(action));
    lines.extend(facts.iter().map(|fact| format!("Fact      {}: {}", fact.id, fact.page)));
    lines.extend((more > 0).then(|| format!("          … and {more} more")));
    lines.extend(rows(action, room));
    lines
}

pub(super) fn json(action: Action) -> Value {
    let operation = catalog::operation(action.name());
    let dependent = |dependent: &DependentAction| {
        json!({
            "action": dependent.action.name(),
            "or": dependent.or.map(Action::name),
            "when": dependent.when,
            "passedToService": dependent.passed_to,
            "words": words(dependent, &mut Room::new(true)),
        })
    };
    let row = |row: Row| {
        json!({
            "resourceType": row.resource_type().map(ResourceType::name),
            "required": row.is_required(),
            "arns": row.resource_type().map(|of| of.arns().collect::<Vec<_>>()),
            "keys": row.keys().map(Key::pattern).collect::<Vec<_>>(),
            "undocumented": row.unsettled().map(|(key, case)| json!({"key": key, "id": id(case)})).collect::<Vec<_>>(),
        })
    };
    let known = operation.as_ref().filter(|one| one.is_known());
    json!({
        "action": action.name(),
        "service": action.service().name(),
        "access": access(action.access()),
        "tagMembers": operation.as_ref().map(Operation::tag_members),
        "asksBesides": known.map(|one| one.needs().iter().map(dependent).collect::<Vec<_>>()),
        "facts": facts(action).iter().map(|fact| json!({"id": fact.id, "see": fact.page})).collect::<Vec<_>>(),
        "rows": action.rows().map(row).collect::<Vec<_>>(),
    })
}

/// As AWS's reference writes it.
const fn access(access: Access) -> &'static str {
    match access {
        Access::List => "List",
        Access::Read => "Read",
        Access::Write => "Write",
        Access::Tagging => "Tagging",
        Access::PermissionsManagement => "Permissions management",
    }
}

/// What the call passes of tags.
fn tags(action: Action, operation: Option<&Operation>, room: &mut Room) -> String {
    let carries = |name: &str| catalog::key(name).is_some_and(|key| !action.never_carries(key));
    let names = TagSet::PASSED.into_iter().flat_map(|set| [Some(set.head()), set.keys()]).flatten();
    let listed: Vec<_> = names.filter(|name| carries(name) || carries(&format!("{name}/x"))).collect();
    let members: Vec<_> = operation.map(Operation::tag_members).unwrap_or_default().to_vec();
    let by = match members.is_empty() {
        true => String::new(),
        false => format!(" ({})", room.text_of(40, members.iter().map(|member| (*member).to_owned()))),
    };
    match (&listed[..], members.is_empty()) {
        ([], true) => "AWS lists none that a call passes".to_owned(),
        ([], false) => format!("a call can pass tags{by}, and AWS lists no key that holds them"),
        (["aws:TagKeys"], _) => format!("a call names tags{by}, without their values: aws:TagKeys"),
        _ => format!("a call can pass tags{by}: {}", listed.join(", ")),
    }
}

/// The other actions that AWS asks, or may ask, about the call.
fn asks(operation: &Operation, room: &mut Room) -> Vec<String> {
    if !operation.is_known() {
        return vec!["Asks      nobody here knows which other actions AWS asks about calls to this service".to_owned()];
    }
    // What depends on tags and the like comes first.
    let mut needs: Vec<&DependentAction> = operation.needs().iter().collect();
    needs.sort_by_key(|dependent| dependent.when.is_empty());
    let (needs, more) = room.first(MOST_ASKED, needs);
    let needs: Vec<_> = needs.into_iter().map(|dependent| words(dependent, room)).collect();
    let label = |(at, dependent): (usize, String)| {
        format!("{}{dependent}", if at == 0 { "Asks      also " } else { "          " })
    };
    let mut lines: Vec<_> = needs.into_iter().enumerate().map(label).collect();
    lines.extend((more > 0).then(|| format!("          … and {more} more")));
    if lines.is_empty() {
        lines.push("Asks      no other action, as far as AWS's pages say".to_owned());
    }
    lines
}

fn words(dependent: &DependentAction, room: &mut Room) -> String {
    let or = dependent.or.map(|other| format!(" or {}", other.name())).unwrap_or_default();
    let on = match &dependent.on {
        On::Own if dependent.action.name() == "iam:PassRole" => " on each role that the call names".to_owned(),
        On::Own => String::new(),
        On::Same => " on the same resource".to_owned(),
        On::Types(types) => {
            let types = room.text_of(OF_NEED, types.iter().map(|name| (*name).to_owned()));
            format!(" on {}{types}", if dependent.is_on_new { "the new " } else { "" })
        }
    };
    let to = if dependent.passed_to.is_empty() {
        String::new()
    } else {
        format!(", to {}", dependent.passed_to.join(" or "))
    };
    let when = match dependent.when[..] {
        [] if matches!(dependent.on, On::Own) && dependent.action.name() != "iam:PassRole" => {
            "; AWS does not say when".to_owned()
        }
        [] => String::new(),
        [key] => format!(", if the call has {key}"),
        ref keys => {
            format!(", if the call has one of {}", room.text_of(OF_NEED, keys.iter().map(|key| (*key).to_owned())))
        }
    };
    let unlisted = if dependent.is_listed { "" } else { " (pass-role-that-no-page-lists)" };
    format!("{}{or}{on}{to}{when}{unlisted}", dependent.action.name())
}

/// What AWS documents about the action alone.
fn facts(action: Action) -> Vec<&'static Fact> {
    let covers = |names: &[&str]| names.iter().any(|name| matches_action(name, action.name()));
    let is_about = |fact: &&Fact| fact.rule != Rule::OfAws && covers(fact.actions) && !covers(fact.except);
    facts::rows().filter(is_about).collect()
}

fn rows(action: Action, room: &mut Room) -> Vec<String> {
    let mut rows: Vec<Row> = action.rows().collect();
    let count = rows.len();
    rows.sort_by_key(|row| !row.is_required());
    if let [row] = rows[..]
        && row.resource_type().is_none()
    {
        return vec![
            "Rows      no resource type: Resource has to be \"*\"".to_owned(),
            format!("          {}", keys(row, room)),
        ];
    }
    let (shown, more) = room.first(MOST_ROWS, rows);
    let types = if count == 1 { "1 resource type".to_owned() } else { format!("{count} resource types") };
    let mut lines = vec![format!("Rows      {types}; * marks what every call needs")];
    // The forms of many resources fill the screen.
    let with_arns = count <= FEW_ROWS || room.wants_all();
    for row in shown {
        let arns = row.resource_type().into_iter().flat_map(ResourceType::arns).map(str::to_owned);
        lines.push(format!("  {}: {}", row_name(row), keys(row, room)));
        lines.extend(with_arns.then(|| format!("      {}", room.text_of(OF_ROW, arns))));
        lines.extend(left_open(row).map(|open| format!("      {open}")));
    }
    lines.extend((more > 0).then(|| format!("  … and {more} more")));
    lines
}

/// The keys that a request on the row can carry: those of tags first.
fn keys(row: Row, room: &mut Room) -> String {
    let is_of_tags = |key: &Key| key.pattern().ends_with("/${TagKey}") || Catalog.tags_of(key.pattern()).is_some();
    let (tags, others): (Vec<Key>, Vec<Key>) = row.keys().partition(is_of_tags);
    if tags.is_empty() && others.is_empty() {
        return "carries no key but those of every request".to_owned();
    }
    let but = if tags.is_empty() { "no tags, but " } else { "" };
    let names = tags.iter().chain(&others).map(|key| short(key.pattern()).to_owned());
    format!("carries {but}{}", room.text_of(OF_ROW, names))
}

/// The keys of which AWS's pages leave open whether a request on the row has them, with the rows of the table that say so.
fn left_open(row: Row) -> Option<String> {
    let open: Vec<_> = row.unsettled().collect();
    let keys: Vec<_> = open.iter().map(|(key, _)| key.trim_end_matches('/')).collect();
    let mut ids: Vec<_> = open.iter().map(|(_, case)| id(*case)).collect();
    ids.dedup();
    (!open.is_empty()).then(|| format!("AWS leaves open whether it carries {} ({})", keys.join(", "), ids.join(", ")))
}
