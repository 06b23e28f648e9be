//! The index of a folder of scenarios: by condition key, by operator, by service.

use std::collections::{BTreeMap, BTreeSet};

use matrix::Prepared;
use policy::operator::Operator;
use serde_json::Value;
use source::escaped;

/// The sections of the index by name, each a table in Markdown. Keys, with those in policy variables, and operators are those of
/// the statements that a scenario is about; services are those of the actions that it asks.
#[must_use]
pub fn index(all: &[Prepared]) -> [(&'static str, String); 3] {
    let (mut keys, mut operators, mut services) = (Rows::default(), Rows::default(), Rows::default());
    for prepared in all {
        for statement in prepared.subjects() {
            for (operator, tests) in members(&statement["Condition"]) {
                let spelt =
                    Operator::parse(operator).map_or_else(|| operator.to_owned(), |operator| operator.to_string());
                operators.add(&spelt, prepared);
                members(tests).for_each(|(name, _)| keys.add(&key(name), prepared));
            }
            let mut in_variables = BTreeSet::new();
            variables(statement, &mut in_variables);
            in_variables.iter().for_each(|name| keys.add(name, prepared));
        }
        prepared.services().for_each(|service| services.add(service, prepared));
    }
    let heads = [("by key", "Key", keys), ("by operator", "Operator", operators), ("by service", "Service", services)];
    heads.map(|(section, head, rows)| (section, rows.table(head)))
}

/// Names of scenarios by what they are found under.
#[derive(Default)]
struct Rows(BTreeMap<String, BTreeSet<String>>);

impl Rows {
    fn add(&mut self, under: &str, prepared: &Prepared) {
        self.0.entry(under.to_owned()).or_default().insert(prepared.name.clone());
    }

    fn table(&self, head: &str) -> String {
        let row = |(under, names): (&String, &BTreeSet<String>)| {
            let links: Vec<_> = names.iter().map(|name| format!("[{0}]({0})", escaped(name))).collect();
            format!("| `{}` | {} |\n", escaped(under), links.join(", "))
        };
        let rows: String = self.0.iter().map(row).collect();
        format!("| {head} | Scenarios |\n|---|---|\n{}", rows.trim_end())
    }
}

/// A key without the part that the policy chooses: `aws:RequestTag`. One that AWS does not have stays as it is written.
fn key(written: &str) -> String {
    let Some(known) = catalog::key(written) else { return written.to_owned() };
    known.pattern().split("/${").next().unwrap_or_default().to_owned()
}

/// The keys that stand in policy variables: `${aws:PrincipalTag/team}`, `${aws:PrincipalTag/team, 'none'}`.
fn variables(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.extend(lint::variables(text).filter(|name| catalog::key(name).is_some()).map(key));
        }
        Value::Array(items) => items.iter().for_each(|item| variables(item, found)),
        Value::Object(members) => members.values().for_each(|one| variables(one, found)),
        _ => {}
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
