//! Which conditions on tags the scenarios exercise: kind of policy × operators × key × what the request has, as a table in
//! `coverage.txt`. It is compared with what the predictions' traces say, so that coverage never gets less unnoticed.

use std::collections::{BTreeMap, BTreeSet};

use matrix::Results;
use policy::Kind;
use policy::operator::{Operator, Test};
use policy::trace::{ConditionTrace, Element, Flag};

/// The keys of tags, in the table's order. A key that a service has under its own name stands with its like.
const KEYS: [(&str, &[&str]); 9] = [
    ("RequestTag", &["aws:RequestTag"]),
    ("ResourceTag", &["aws:ResourceTag"]),
    ("PrincipalTag", &["aws:PrincipalTag"]),
    ("TagKeys", &["aws:TagKeys"]),
    ("ExistingObjectTag", &["s3:ExistingObjectTag"]),
    ("RequestObjectTag", &["s3:RequestObjectTag"]),
    ("RequestObjectTagKeys", &["s3:RequestObjectTagKeys"]),
    ("CreateAction", &["ec2:CreateAction", "ecs:CreateAction"]),
    ("TransitiveTagKeys", &["sts:TransitiveTagKeys"]),
];

/// The operators by how they take a key that is missing and values that are several.
const FAMILIES: [&str; 9] = [
    "positive",
    "negated",
    "positive IfExists",
    "negated IfExists",
    "Null",
    "ForAllValues",
    "ForAllValues negated",
    "ForAnyValue",
    "ForAnyValue negated",
];

/// What the request has, as a mark: a value that the condition names, none, another, one that differs in letter case only.
const STATES: [char; 4] = ['m', 'a', 'o', 'c'];

/// So many faults are told one by one.
const MOST: usize = 20;

/// One place of the table: kind, operators, key, state; the last three as indexes.
type Slot = (&'static str, usize, usize, usize);

/// The table with a mark for each place that is exercised and a reason's sign for each that is not.
pub(crate) struct Coverage {
    /// The comment above.
    head: Vec<String>,
    places: BTreeMap<Slot, char>,
    reasons: BTreeMap<char, String>,
}

impl Coverage {
    /// Reads the file; what is not as it must be is a message.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let (mut places, mut reasons, mut kind) = (BTreeMap::new(), BTreeMap::new(), None);
        let head = text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let wrong = |what: &str| format!("coverage.txt:{}: {what}: {line}", number + 1);
            if let Some((sign, reason)) = line.split_once(" = ") {
                let sign = sign.parse().map_err(|_| wrong("a reason has one letter or digit before ` = `"))?;
                reasons.insert(sign, reason.to_owned());
                continue;
            }
            if !line.starts_with(' ') {
                let word = line.split_whitespace().next();
                let named = Kind::ALL.into_iter().find(|kind| Some(kind.name()) == word);
                kind = Some(named.ok_or_else(|| wrong("no kind of policy"))?.name());
                continue;
            }
            let kind = kind.ok_or_else(|| wrong("a line of no kind"))?;
            let family = FAMILIES.iter().rposition(|name| line.trim_start().starts_with(&format!("{name}  ")));
            let family = family.ok_or_else(|| wrong("no such operators"))?;
            let marks: Vec<&str> = line.trim_start()[FAMILIES[family].len()..].split_whitespace().collect();
            if marks.len() != KEYS.len() || marks.iter().any(|marks| marks.chars().count() != STATES.len()) {
                return Err(wrong("not four marks for each of the keys"));
            }
            for (key, marks) in marks.iter().enumerate() {
                places.extend(marks.chars().enumerate().map(|(state, mark)| ((kind, family, key, state), mark)));
            }
        }
        Ok(Self { head, places, reasons })
    }

    /// What is wrong with the table beside what is exercised; `None` if nothing is.
    pub(crate) fn faults(&self, exercised: &BTreeSet<Slot>) -> Option<String> {
        let mut faults = Vec::new();
        for place in all_places() {
            let mark = self.places.get(&place).copied().unwrap_or('?');
            let is_exercised = exercised.contains(&place);
            let what = match (mark == STATES[place.3], is_exercised) {
                (false, false) if self.reasons.contains_key(&mark) => continue,
                (true, true) => continue,
                (false, true) => format!("is exercised now: write `{}` for `{mark}`", STATES[place.3]),
                (true, false) => "is exercised no more: give it a scenario again".to_owned(),
                (false, false) => format!("is not exercised, and `{mark}` is no reason below the table"),
            };
            faults
                .push(format!("{}, {}, {}, `{}` {what}", place.0, FAMILIES[place.1], KEYS[place.2].0, STATES[place.3]));
        }
        if faults.is_empty() {
            return None;
        }
        let left = faults.len().saturating_sub(MOST);
        faults.truncate(MOST);
        faults.extend((left > 0).then(|| format!("… and {left} more")));
        let (faults, table) = (faults.join("\n"), self.table(exercised));
        let help = "help: what is exercised now is in the file below; take it over. What is exercised no more is lost: mend that first.";
        Some(format!("harness/tagproof/tests/scenarios/coverage.txt:\n{faults}\n{help}\n\n{table}"))
    }

    /// The file with all that is exercised in it.
    fn table(&self, exercised: &BTreeSet<Slot>) -> String {
        let mut out = format!("{}\n\n", self.head.join("\n"));
        for kind in Kind::ALL {
            let heads: Vec<String> = KEYS.iter().map(|(name, _)| format!("{name:5}")).collect();
            out.push_str(&format!("{:24}{}\n", kind.name(), heads.join(" ")));
            for (family, name) in FAMILIES.iter().enumerate() {
                let cell = |key: usize| -> String {
                    let mark = |state: usize| {
                        let place = (kind.name(), family, key, state);
                        let written = self.places.get(&place).copied().unwrap_or('?');
                        if exercised.contains(&place) { STATES[state] } else { written }
                    };
                    let marks: String = (0..STATES.len()).map(mark).collect();
                    format!("{marks:width$}", width = KEYS[key].0.len().max(5))
                };
                let cells: Vec<String> = (0..KEYS.len()).map(cell).collect();
                out.push_str(format!("  {name:22}{}", cells.join(" ")).trim_end());
                out.push('\n');
            }
        }
        let reasons = self.reasons.iter().map(|(sign, reason)| format!("\n{sign} = {reason}"));
        out + &reasons.collect::<String>() + "\n"
    }
}

fn all_places() -> impl Iterator<Item = Slot> {
    Kind::ALL.into_iter().flat_map(|kind| {
        let families = 0..FAMILIES.len();
        families.flat_map(move |family| {
            let keys = 0..KEYS.len();
            keys.flat_map(move |key| (0..STATES.len()).map(move |state| (kind.name(), family, key, state)))
        })
    })
}

/// The places that the cells of a scenario exercise: conditions that were asked, in the decisions that their outcomes rest on.
pub(crate) fn exercised(results: &Results) -> BTreeSet<Slot> {
    let traces = results.cells.iter().filter_map(|cell| cell.recorded.as_ref()?.decision.trace.as_ref());
    let mut all = BTreeSet::new();
    for policy in traces.flat_map(|trace| &trace.policies) {
        let asked = policy.statements.iter().filter(|one| matches!(one.failed, None | Some(Element::Condition)));
        for condition in asked.flat_map(|statement| &statement.conditions) {
            let (family, key) = (family(condition), key(condition));
            all.extend(family.zip(key).map(|(family, key)| (policy.kind.name(), family, key, state(condition))));
        }
    }
    all
}

fn family(condition: &ConditionTrace) -> Option<usize> {
    let operator = Operator::parse(&condition.operator)?;
    let negated = usize::from(operator.base.negated);
    Some(match operator.set {
        _ if operator.base.test == Test::Null => 4,
        None if operator.if_exists => 2 + negated,
        None => negated,
        Some(policy::operator::Set::All) => 5 + negated,
        Some(policy::operator::Set::Any) => 7 + negated,
    })
}

fn key(condition: &ConditionTrace) -> Option<usize> {
    let name = condition.key.split('/').next().unwrap_or_default();
    KEYS.iter().position(|(_, names)| names.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// A negated condition holds where the values do not match.
fn state(condition: &ConditionTrace) -> usize {
    let negated = Operator::parse(&condition.operator).is_some_and(|operator| operator.base.negated);
    match &condition.context {
        None => 1,
        Some(_) if condition.has(Flag::LetterCase) => 3,
        Some(_) if condition.holds != negated => 0,
        Some(_) => 2,
    }
}
