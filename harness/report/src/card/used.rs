//! Where policies use a condition key, or the keys of an action's requests: statement by statement, row by row.

use catalog::{Action, ResourceType, Row};
use lint::Use;
use serde_json::{Value, json};

use super::key::{NOWHERE, id};
use super::room::Room;
use super::{Card, is_without, row_name};

/// Uses, and actions of one use, on one screen.
const MOST: usize = 3;
/// Characters of a list of actions or rows.
const LIST: usize = 60;

/// A use of a condition key, with the place where it stands.
pub struct Used {
    /// File, line and column.
    pub place: String,
    /// What stands there.
    pub one: Use,
}

/// The actions of a use by where their requests can carry the key.
#[derive(Default)]
struct Sorted {
    /// On all of their rows.
    everywhere: Vec<String>,
    /// On none.
    nowhere: Vec<String>,
    /// On some.
    apart: Vec<Split>,
    /// No row is of the statement's resources.
    never: Vec<String>,
    /// The rows of the undocumented table that this rests on.
    open: Vec<String>,
}

/// An action whose rows differ.
struct Split {
    action: Action,
    carrying: Vec<Row>,
    lacking: Vec<Row>,
}

pub(super) fn lines(card: Card, used: &[Used], room: &mut Room) -> Vec<String> {
    let meant = meant(card, used);
    if meant.is_empty() {
        return vec![match card {
            Card::Key(_) => "Used      by no statement".to_owned(),
            Card::Action(_) => "Used      no statement about it uses a condition key".to_owned(),
        }];
    }
    let times = if meant.len() == 1 { "once".to_owned() } else { format!("{} times", meant.len()) };
    let mut lines = vec![format!("Used      {times}; ✓ a request can carry the key there, ✗ no request does")];
    let (shown, more) = room.first(MOST, meant);
    for used in shown {
        lines.push(head(used));
        lines.extend(on_rows(card, &used.one, room));
    }
    lines.extend((more > 0).then(|| format!("  … and {more} more")));
    lines
}

pub(super) fn json(card: Card, used: &[Used]) -> Value {
    let row = |one: &Use, row: Row| {
        json!({
            "resourceType": row.resource_type().map(ResourceType::name),
            "required": row.is_required(),
            "carries": one.is_carried(row) && !is_without(one.key, row.action()),
            "undocumented": one.left_open(row).map(id),
        })
    };
    let of_action = |one: &Use, action: Action| {
        let rows: Vec<_> = one.rows(action).into_iter().map(|of| row(one, of)).collect();
        json!({"action": action.name(), "rows": rows})
    };
    let all = meant(card, used).into_iter().map(|Used { place, one }| {
        json!({
            "place": place,
            "kind": one.kind.name(),
            "statement": one.statement,
            "denies": one.denies,
            "operator": one.operator,
            "key": one.name,
            "holdsWithoutKey": one.holds_without,
            "everyRequest": one.key.is_of_every_request(),
            "actions": actions(card, one).map(|action| of_action(one, action)).collect::<Vec<_>>(),
        })
    });
    all.collect()
}

fn meant(card: Card, used: &[Used]) -> Vec<&Used> {
    let is_meant = |used: &&Used| match card {
        Card::Key(key) => used.one.key == key,
        Card::Action(action) => used.one.actions().any(|one| one == action),
    };
    used.iter().filter(is_meant).collect()
}

fn head(Used { place, one }: &Used) -> String {
    let does = match one.denies {
        Some(true) => "Deny",
        Some(false) => "Allow",
        None => "no Effect",
    };
    let how = one.operator.as_deref().unwrap_or("variable");
    format!("  {place}  {how} {}, statement {} ({does}, {})", one.name, one.statement, one.kind.words())
}

/// The actions of a use that a card is about.
fn actions(card: Card, one: &Use) -> Box<dyn Iterator<Item = Action> + '_> {
    match card {
        Card::Key(_) => one.actions(),
        Card::Action(action) => Box::new(std::iter::once(action)),
    }
}

fn on_rows(card: Card, one: &Use, room: &mut Room) -> Vec<String> {
    if !one.key.is_of_every_request() && one.key.carriers().next().is_none() {
        return vec![format!("    - {NOWHERE}")];
    }
    let missing = match (&one.operator, one.holds_without) {
        (None, _) => "the variable has no value",
        (Some(_), true) => "the condition holds",
        (Some(_), false) => "the condition fails",
    };
    if one.key.is_of_every_request() {
        let without = actions(card, one).filter(|action| is_without(one.key, *action));
        let without = room.text_of(LIST, without.map(|action| action.name().to_owned()));
        let any = "    ✓ any request, whatever the action and the row".to_owned();
        return match without.is_empty() {
            true => vec![any],
            false => vec![any + ", but for those below", format!("    ✗ {without}: {missing}")],
        };
    }
    let Sorted { everywhere, nowhere, apart, never, open } = Sorted::new(one, actions(card, one));
    let mut lines = Vec::new();
    let (shown, more) = room.first(MOST, apart);
    for Split { action, carrying, lacking } in shown {
        lines.push(format!("    ✓ {}", with_rows(action, &carrying)));
        lines.push(format!("    ✗ {}: {missing}", with_rows(action, &lacking)));
    }
    lines.extend((more > 0).then(|| format!("    … and {more} more that carry it on some rows only")));
    let mut list = |mark: &str, names: Vec<String>, end: &str| {
        lines.extend((!names.is_empty()).then(|| format!("    {mark} {}{end}", room.text_of(LIST, names))));
    };
    list("✓", everywhere, "");
    list("✗", nowhere, &format!(": {missing}"));
    list("-", never, ": never about the resources of the statement");
    list("-", open, ": AWS leaves open some of the rows with ✗");
    lines
}

impl Sorted {
    fn new(one: &Use, actions: impl Iterator<Item = Action>) -> Self {
        let mut sorted = Self::default();
        for action in actions {
            let (carrying, lacking): (Vec<Row>, Vec<Row>) =
                one.rows(action).into_iter().partition(|row| one.is_carried(*row));
            sorted.open.extend(lacking.iter().filter_map(|row| one.left_open(*row)).map(|case| id(case).to_owned()));
            match (carrying.is_empty(), lacking.is_empty()) {
                (true, true) => sorted.never.push(action.name().to_owned()),
                (false, true) => sorted.everywhere.push(with_rows(action, &carrying)),
                (true, false) => sorted.nowhere.push(with_rows(action, &lacking)),
                (false, false) => sorted.apart.push(Split { action, carrying, lacking }),
            }
        }
        sorted.open.sort_unstable();
        sorted.open.dedup();
        sorted
    }
}

/// `ec2:RunInstances on instance*, volume`; without rows of an action that has no resource types.
fn with_rows(action: Action, rows: &[Row]) -> String {
    match rows {
        [row] if row.resource_type().is_none() => action.name().to_owned(),
        rows => {
            format!("{} on {}", action.name(), rows.iter().map(|row| row_name(*row)).collect::<Vec<_>>().join(", "))
        }
    }
}
