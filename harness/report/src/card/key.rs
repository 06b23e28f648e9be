//! The card of a condition key.

use catalog::{Action, Key, ResourceType, Row, Service, TagSet, ValueType};
use policy::undocumented::{Case, ROWS};
use serde_json::{Value, json};

use super::room::Room;
use super::{Beside, OF_RESOURCE_ACCOUNT, is_without, row_name, short, traps};

/// So many actions are listed without being asked for, and at most on one screen.
const FEW: usize = 5;
/// So many traps are told on one screen.
const TRAPS: usize = 2;
/// Characters of the rows of one action.
const OF_ACTION: usize = 24;

/// Where AWS says when a request has a key that no action lists.
const GLOBAL: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html";
/// The same of keys that identity providers bring.
const PROVIDERS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html";
/// Where AWS lists keys by action and row.
const REFERENCE: &str = "https://docs.aws.amazon.com/service-authorization/latest/reference/\
                         reference_policies_actions-resources-contextkeys.html";

/// An action with the rows on which its requests can carry the key.
type Carrier = (Action, Vec<Row>);

pub(super) fn lines(key: Key, beside: &Beside<'_>, room: &mut Room) -> Vec<String> {
    let several =
        if key.is_multivalued() { "several values; conditions need ForAllValues or ForAnyValue" } else { "one value" };
    let mut lines = vec![format!("Type      {}, {several}", type_name(key))];
    lines.extend(same(key));
    let carriers: Vec<Carrier> = key.carriers().collect();
    lines.push(format!("Carried   {}", when(key, &carriers)));
    let service = beside.service.or_else(|| only_service(&carriers));
    lines.extend(services(&carriers, service, room));
    lines.extend(actions(key, &carriers, service, room));
    lines.extend(left_open(key, &carriers, service, room));
    let (told, more) = room.first(TRAPS, traps::of(key));
    let traps = told.iter().flat_map(|trap| [format!("Trap      {}", trap.says), format!("          {}", trap.page)]);
    lines.extend(traps);
    lines.extend((more > 0).then(|| format!("          … and {more} more")));
    lines.push(format!("Page      {}", page(key)));
    lines
}

pub(super) fn json(key: Key, service: Option<Service>) -> Value {
    let is_wanted = |(action, _): &Carrier| service.is_none_or(|service| action.service() == service);
    let action = |(action, on): Carrier| {
        let row = |row: Row| {
            json!({
                "resourceType": row.resource_type().map(ResourceType::name),
                "required": row.is_required(),
                "carries": on.contains(&row),
                "undocumented": row.left_open(key).map(id),
            })
        };
        json!({"action": action.name(), "rows": action.rows().map(row).collect::<Vec<_>>()})
    };
    let without = catalog::expand("*").filter(|action| key.is_of_every_request() && is_without(key, *action));
    let traps = traps::of(key).into_iter().map(|trap| json!({"says": trap.says, "see": trap.page}));
    json!({
        "key": key.pattern(),
        "type": type_name(key),
        "multivalued": key.is_multivalued(),
        "everyRequest": key.is_of_every_request(),
        "everyRequestBut": without.map(Action::name).collect::<Vec<_>>(),
        "actions": key.carriers().filter(is_wanted).map(action).collect::<Vec<_>>(),
        "traps": traps.collect::<Vec<_>>(),
        "see": page(key),
    })
}

/// As AWS's reference writes it.
const fn name_of(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::String => "String",
        ValueType::Arn => "ARN",
        ValueType::Bool => "Bool",
        ValueType::Numeric => "Numeric",
        ValueType::Date => "Date",
        ValueType::IpAddress => "IPAddress",
        ValueType::Binary => "Binary",
    }
}

fn type_name(key: Key) -> &'static str {
    name_of(key.value_type())
}

/// The other name of the tags that it tells of.
fn same(key: Key) -> Option<String> {
    let head = short(key.pattern());
    let (set, _) = catalog::tag(key.pattern())?;
    let is_twin = matches!(set, TagSet::Request | TagSet::Resource) && head != set.head();
    is_twin.then(|| format!("Also      {}, with the same value wherever AWS lists both", set.head()))
}

/// What there is to say of a key that AWS lists for no action.
pub(super) const NOWHERE: &str = "AWS lists the key, but for no action; here no request carries it";

fn when(key: Key, carriers: &[Carrier]) -> String {
    if key.is_of_every_request() {
        let endpoint = if key.is_of_endpoint() { " that come through a VPC endpoint" } else { "" };
        let but = if OF_RESOURCE_ACCOUNT.contains(&key.pattern()) { " but a few" } else { "" };
        return format!("in requests for any action{but}{endpoint}; the page says for which callers and calls");
    }
    let services = by_service(carriers).len();
    let (actions, endpoint) = (carriers.len(), if key.is_of_endpoint() { " through a VPC endpoint" } else { "" });
    match actions {
        0 => NOWHERE.to_owned(),
        1 => format!("by requests{endpoint} for 1 action"),
        _ if services == 1 => format!("by requests{endpoint} for {actions} actions of 1 service"),
        _ => {
            format!("by requests{endpoint} for {actions} actions of {services} services, on rows that list it")
        }
    }
}

fn only_service(carriers: &[Carrier]) -> Option<Service> {
    let service = carriers.first()?.0.service();
    carriers.iter().all(|(action, _)| action.service() == service).then_some(service)
}

/// How many actions of each service carry it, most first.
fn by_service(carriers: &[Carrier]) -> Vec<(&'static str, usize)> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for (action, _) in carriers {
        let prefix = action.service().prefix();
        match counts.last_mut() {
            Some((last, count)) if *last == prefix => *count += 1,
            _ => counts.push((prefix, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn services(carriers: &[Carrier], chosen: Option<Service>, room: &mut Room) -> Option<String> {
    if chosen.is_some() || carriers.len() <= FEW {
        return None;
    }
    let counts = by_service(carriers).into_iter().map(|(prefix, count)| format!("{prefix} {count}"));
    Some(format!("Services  {}", room.text(counts)))
}

fn actions(key: Key, carriers: &[Carrier], chosen: Option<Service>, room: &mut Room) -> Vec<String> {
    let is_chosen = |(action, _): &&Carrier| chosen.is_none_or(|service| action.service() == service);
    let listed: Vec<&Carrier> = carriers.iter().filter(is_chosen).collect();
    match chosen {
        None if carriers.is_empty() => return Vec::new(),
        // Lists of thousands are for those who ask for them.
        None if carriers.len() > FEW && !room.wants_all() => {
            return vec!["          `--service PREFIX` lists the actions of one service with their rows".to_owned()];
        }
        Some(service) if listed.is_empty() && !key.is_of_every_request() => {
            return vec![format!("Actions   no request to {} carries it", service.name())];
        }
        Some(service) if key.is_of_every_request() => {
            let without = service.actions().filter(|action| is_without(key, *action));
            let without = room.text(without.map(|action| action.name().to_owned()));
            let but = if without.is_empty() { String::new() } else { format!(" but {without}") };
            return vec![format!("Actions   all of {}{but}", service.name())];
        }
        _ if listed.is_empty() => return Vec::new(),
        _ => {}
    }
    let (shown, more) = room.first(FEW, listed);
    let mut lines = vec!["Actions   with their rows; * marks what every call needs".to_owned()];
    lines.extend(shown.into_iter().map(|(action, on)| format!("  {}{}", action.name(), rows(*action, on, room))));
    lines.extend((more > 0).then(|| format!("  … and {more} more")));
    lines
}

/// ` on instance*, volume; not on image*`
fn rows(action: Action, on: &[Row], room: &mut Room) -> String {
    let mut names = |rows: Vec<Row>| room.text_of(OF_ACTION, rows.into_iter().map(row_name));
    let others: Vec<Row> = action.rows().filter(|row| !on.contains(row)).collect();
    let carrying = names(on.to_vec());
    match others.is_empty() {
        true => format!(" on {carrying}"),
        false => format!(" on {carrying}; not on {}", names(others)),
    }
}

/// What AWS's documentation leaves open about the key, with the actions that this is about.
fn left_open(key: Key, carriers: &[Carrier], chosen: Option<Service>, room: &mut Room) -> Vec<String> {
    let mut cases: Vec<(Case, Vec<String>)> = Vec::new();
    let services = by_service(carriers);
    let services = services.iter().filter_map(|(prefix, _)| catalog::service(prefix));
    let services = services.filter(|service| chosen.is_none_or(|chosen| *service == chosen));
    for row in services.flat_map(Service::actions).flat_map(Action::rows) {
        let Some(case) = row.left_open(key) else { continue };
        let name = row.action().name().to_owned();
        match cases.iter_mut().find(|(known, _)| *known == case) {
            Some((_, names)) if names.last() == Some(&name) => {}
            Some((_, names)) => names.push(name),
            None => cases.push((case, vec![name])),
        }
    }
    let line = |(case, names): (Case, Vec<String>)| match room.wants_all() {
        true => ROWS.get(case as usize).map(|row| format!("Open      {row}: {}", names.join(", "))),
        false => Some(format!("Open      AWS leaves open {} ({})", room.text_of(OF_ACTION, names), id(case))),
    };
    cases.into_iter().filter_map(line).collect()
}

pub(super) fn id(case: Case) -> &'static str {
    ROWS.get(case as usize).map_or("", |row| row.id)
}

/// Where AWS says when requests have a key.
#[must_use]
pub fn page(key: Key) -> &'static str {
    let is_global = key.pattern().starts_with("aws:");
    // Their prefixes are the domains of identity providers.
    let is_of_provider = key.pattern().split(':').next().is_some_and(|prefix| prefix.contains(['.', '$']));
    match () {
        () if is_of_provider || key.pattern().starts_with("saml:") => PROVIDERS,
        () if is_global || key.is_of_every_request() => GLOBAL,
        () => REFERENCE,
    }
}
