//! What each option of a scenario writes into its policies, in Markdown: statements to read and to paste.

use indexmap::IndexMap;
use matrix::{OptionPolicy, Prepared};
use serde_json::Value;
use source::{escaped, escaped_lines};

/// Of one option so many lines of JSON are shown, and of all options together.
const MOST_OF_ONE: usize = 45;
const MOST: usize = 220;
/// The columns of a README.
const COLUMNS: usize = 120;

/// First the statements that most options have and not all, once. Then for each option its others that not all have, or the
/// statement under test where there are none; options with the same ones share them. What is too long is named and left out.
#[must_use]
pub fn policies(prepared: &Prepared) -> String {
    let all = Options((0..prepared.options().count()).map(|at| prepared.option_policies(at)).collect());
    let names: Vec<&str> = prepared.options().collect();
    let mut groups: IndexMap<Vec<ShownPolicy>, Vec<&str>> = IndexMap::new();
    for (at, name) in names.iter().enumerate() {
        groups.entry(all.parts(at)).or_default().push(name);
    }
    let mut out = all.shared(&names);
    let (mut left_out, mut lines) = (Vec::new(), 0);
    for (parts, names) in groups {
        let length: usize = parts.iter().map(|part| part.json.lines().count()).sum();
        if length > MOST_OF_ONE || lines + length > MOST {
            left_out.extend(names);
            continue;
        }
        lines += length;
        out.push(shown(&names, &parts));
    }
    if !left_out.is_empty() {
        let names = quoted(&left_out);
        out.push(folded(&format!("Left out for their length: {names}. [scenario.yaml](scenario.yaml) has them.")));
    }
    escaped_lines(&out.join("\n\n")).into_owned()
}

/// What is shown of one policy of an option.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ShownPolicy {
    policy: String,
    json: String,
}

impl ShownPolicy {
    fn new(policy: &OptionPolicy, value: &Value) -> Self {
        Self { policy: policy.name.clone(), json: json(value) }
    }
}

/// The policies of each option.
struct Options<'a>(Vec<&'a [OptionPolicy]>);

impl Options<'_> {
    fn parts(&self, at: usize) -> Vec<ShownPolicy> {
        let own = self.0[at];
        let parts: Vec<_> = own.iter().filter_map(|policy| self.part(policy)).collect();
        if !parts.is_empty()
            || own.iter().any(|policy| policy.statements().iter().any(|one| self.is_shared(policy, one)))
        {
            return parts;
        }
        let tested = own.iter().find_map(|policy| Some((policy, policy.statements().get(policy.under_test?)?)));
        tested.map(|(policy, statement)| ShownPolicy::new(policy, statement)).into_iter().collect()
    }

    /// The statements of a policy that are this option's own, or all of it where its version is not the usual one.
    fn part(&self, policy: &OptionPolicy) -> Option<ShownPolicy> {
        let same = |all: &&[OptionPolicy]| all.iter().find(|other| other.name == policy.name).cloned();
        let others: Vec<_> = self.0.iter().filter_map(same).collect();
        let version = |one: &OptionPolicy| one.document.get("Version").cloned();
        let alike = others.iter().filter(|other| version(other) == version(policy)).count();
        if alike * 2 <= others.len() {
            return Some(ShownPolicy::new(policy, &policy.document));
        }
        let is_own = |one: &&Value| self.having(policy, one) < self.0.len() && !self.is_shared(policy, one);
        let own: Vec<Value> = policy.statements().iter().filter(is_own).cloned().collect();
        match &own[..] {
            [] => None,
            [one] => Some(ShownPolicy::new(policy, one)),
            _ => Some(ShownPolicy::new(policy, &Value::Array(own))),
        }
    }

    /// The statements that most options have and not all, each with those that have it not.
    fn shared(&self, names: &[&str]) -> Vec<String> {
        let statements = self.0.iter().copied().flatten().flat_map(|policy| {
            let shared = policy.statements().iter().filter(|one| self.is_shared(policy, one));
            shared.map(move |one| (ShownPolicy::new(policy, one), (policy, one)))
        });
        let each: IndexMap<ShownPolicy, (&OptionPolicy, &Value)> = statements.collect();
        let told = |(part, (policy, one)): (ShownPolicy, (&OptionPolicy, &Value))| {
            let without = self.0.iter().zip(names).filter(|(all, _)| !has(all, policy, one));
            let without: Vec<&str> = without.map(|(_, name)| *name).collect();
            folded(&format!("All but {} have in `{}`:", quoted(&without), part.policy)) + &block(&part.json)
        };
        each.into_iter().map(told).collect()
    }

    /// Whether so many options have it that it is shown once for all of them.
    fn is_shared(&self, policy: &OptionPolicy, statement: &Value) -> bool {
        let having = self.having(policy, statement);
        having > 2 && having * 2 > self.0.len() && having < self.0.len()
    }

    fn having(&self, policy: &OptionPolicy, statement: &Value) -> usize {
        self.0.iter().filter(|all| has(all, policy, statement)).count()
    }
}

fn has(all: &[OptionPolicy], policy: &OptionPolicy, statement: &Value) -> bool {
    all.iter().any(|other| other.name == policy.name && other.statements().contains(statement))
}

fn shown(names: &[&str], parts: &[ShownPolicy]) -> String {
    let names = quoted(names);
    match parts {
        [] => {
            folded(&format!("{names}: no statement of its own; [scenario.yaml](scenario.yaml) says what else differs."))
        }
        [one] => folded(&format!("{names}, in `{}`:", one.policy)) + &block(&one.json),
        all => {
            let each = all.iter().map(|part| folded(&format!("In `{}`:", part.policy)) + &block(&part.json));
            folded(&format!("{names}:")) + "\n\n" + &each.collect::<Vec<_>>().join("\n\n")
        }
    }
}

fn block(json: &str) -> String {
    format!("\n\n```json\n{json}\n```")
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{}`", escaped(name))).collect::<Vec<_>>().join(", ")
}

fn folded(text: &str) -> String {
    crate::reasons::fold_at(COLUMNS, text).join("\n")
}

/// As people write it: an element a line, and what fits on a line on one.
pub(crate) fn json(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0, 0, true);
    out
}

/// `column` is where the value begins; `is_open`: it is written with a line for each of its parts.
fn write(out: &mut String, value: &Value, indent: usize, column: usize, is_open: bool) {
    let line = on_a_line(value);
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(key, one)| (format!("{}: ", Value::from(&**key)), one)).collect()
        }
        Value::Array(items) => items.iter().map(|one| (String::new(), one)).collect(),
        _ => Vec::new(),
    };
    if parts.is_empty() || (!is_open && column + line.chars().count() < COLUMNS) {
        out.push_str(&line);
        return;
    }
    let is_list = value.is_array();
    out.push(if is_list { '[' } else { '{' });
    let inner = indent + 2;
    for (at, (head, one)) in parts.iter().enumerate() {
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        out.push_str(&format!("{:inner$}{head}", ""));
        // Statements in a list have their lines as well.
        let is_statement = one.get("Effect").is_some();
        write(out, one, inner, inner + head.chars().count(), is_statement);
    }
    out.push_str(&format!("\n{:indent$}{}", "", if is_list { ']' } else { '}' }));
}

fn on_a_line(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Object(members) => {
            let member = |(key, one): (&String, &Value)| format!("{}: {}", Value::from(&**key), on_a_line(one));
            format!("{{{}}}", joined(members.iter().map(member).collect()))
        }
        Value::Array(items) => format!("[{}]", joined(items.iter().map(on_a_line).collect())),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_statement_has_a_line_for_each_element() {
        let statement = json!({"Effect": "Deny", "Action": ["a:B", "a:C"], "Condition": {"Null": {"k": "true"}}});
        let expected = "{\n  \"Effect\": \"Deny\",\n  \"Action\": [\"a:B\", \"a:C\"],\n  \"Condition\": {\"Null\": {\"k\": \"true\"}}\n}";
        assert_eq!(super::json(&statement), expected);
        let long = json!({"Action": ["a".repeat(60), "b".repeat(60)]});
        let (a, b) = ("a".repeat(60), "b".repeat(60));
        assert_eq!(super::json(&long), format!("{{\n  \"Action\": [\n    \"{a}\",\n    \"{b}\"\n  ]\n}}"));
        assert_eq!(super::json(&json!([statement])), format!("[\n  {}\n]", expected.replace('\n', "\n  ")));
    }
}
