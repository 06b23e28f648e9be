//! The engine's operators against those of [iam-rs](https://docs.rs/iam-rs), case by case. Where the two differ, a table
//! says on what grounds the engine is as it is, and no difference is left over.

mod differences;

use iam_rs::{Arn, Context, ContextValue, Decision, IAMPolicy, IAMRequest, PolicyEvaluator, Principal, PrincipalId};
use policy::undocumented::ROWS;
use serde_json::{Value, json};

use crate::engine;
use crate::generate::OPERATORS;
use differences::{DIFFERENCES, Difference};

const KEY: &str = "x:Key";

/// One operator, the values a policy wants, and what the request has.
#[derive(Clone, Debug)]
pub struct Probe {
    pub operator: String,
    pub wanted: Vec<&'static str>,
    pub found: Option<Value>,
}

/// What the other crate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theirs {
    Holds,
    Fails,
    /// It does not know the operator.
    Unknown,
    /// It ends with an error.
    Error,
}

impl Probe {
    pub fn base(&self) -> &str {
        let base = self.operator.rsplit(':').next().unwrap();
        base.strip_suffix("IfExists").unwrap_or(base)
    }

    pub fn has_set(&self) -> bool {
        self.operator.contains(':')
    }

    /// The request's values, as far as it has the key.
    pub fn values(&self) -> Vec<&str> {
        match &self.found {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            Some(value) => value.as_str().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The request's values, if they are a list.
    pub fn list(&self) -> Option<&Vec<Value>> {
        self.found.as_ref().and_then(Value::as_array)
    }

    fn ours(&self) -> bool {
        let mut case = json!({
            "principal": "arn:aws:iam::111122223333:user/ann",
            "action": "s3:GetObject",
            "resource": "arn:aws:s3:::b/k",
            "context": {"aws:username": "ann"},
            "policies": {"identity": [self.policy()]},
        });
        if let Some(found) = &self.found {
            case["context"][KEY] = found.clone();
        }
        engine::answer(&case).decision == "Allowed"
    }

    fn theirs(&self) -> Theirs {
        let Ok(policy) = serde_json::from_value::<IAMPolicy>(self.policy()) else { return Theirs::Unknown };
        let mut context = Context::new().with_string("aws:username", "ann");
        match &self.found {
            Some(Value::Array(_)) => {
                let values = self.values().iter().map(ToString::to_string).collect();
                context.insert(KEY.to_owned(), ContextValue::StringList(values));
            }
            Some(Value::String(text)) => {
                // It wants Booleans typed, in the context and in the policy.
                let value = match text.parse() {
                    Ok(value) if self.base() == "Bool" => ContextValue::Boolean(value),
                    _ => ContextValue::String(text.clone()),
                };
                context.insert(KEY.to_owned(), value);
            }
            _ => {}
        }
        let caller = Principal::Aws(PrincipalId::String("arn:aws:iam::111122223333:user/ann".to_owned()));
        let request =
            IAMRequest::new_with_context(caller, "s3:GetObject", Arn::parse("arn:aws:s3:::b/k").unwrap(), context);
        match PolicyEvaluator::with_policies(vec![policy]).evaluate(&request).map(|result| result.decision) {
            Ok(Decision::Allow) => Theirs::Holds,
            Ok(_) => Theirs::Fails,
            Err(_) => Theirs::Error,
        }
    }

    fn policy(&self) -> Value {
        let wanted = match self.wanted.as_slice() {
            [one] if self.base() == "Bool" => one.parse::<bool>().map_or_else(|_| json!(one), Value::from),
            [one] => json!(one),
            all => json!(all),
        };
        json!({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {&self.operator: {KEY: wanted}}}],
        })
    }
}

/// Wanted and found values for the operators of [`OPERATORS`], in its order.
const VALUES: [(&[&str], &[&str]); 7] = [
    (&["ann", "ANN", "a*", "a?n", "", "äö", "${aws:username}", "${*}"], &["ann", "a*", "", "ÄÖ", "bo"]),
    (&["5", "05", "5.0", "five", "9007199254740992", "1e1"], &["5", "4.5", "10", "", "9007199254740993"]),
    (
        &["2020-01-01T00:00:00Z", "1577836800", "2020-01-01", "2020", "now"],
        &["2020-01-01T01:00:00+01:00", "1577836800", "1577836799.5", "2020-01-01T00:00Z", "now"],
    ),
    (&["true", "TRUE", "yes"], &["true", "false", "True"]),
    (&["QQ==", "QQ", "?"], &["QQ==", "qq==", "QUE=", "-"]),
    (&["203.0.113.0/24", "203.0.113.7", "::/0", "host"], &["203.0.113.7", "2001:db8::1", "203.0.113.0/25", "host"]),
    (
        &["arn:aws:sns:*:1:a", "arn:aws:sns:us-east-1:1:a", "arn:aws:*", "arn:aws:sns:us-east-1:1:${aws:username}"],
        &["arn:aws:sns:us-east-1:1:a", "arn:aws:sns:us-east-1:2:x:1:a", "arn:aws:sns:us-east-1:1:ann", "a"],
    ),
];

/// Every operator with every addition, on a missing key, on each value alone and in sets.
fn probes() -> Vec<Probe> {
    let mut probes = Vec::new();
    for (family, (wanted, found)) in OPERATORS.iter().zip(VALUES) {
        let wanted: Vec<Vec<&str>> =
            wanted.iter().map(|one| vec![*one]).chain([vec![wanted[0], wanted[1]], Vec::new()]).collect();
        let mut values = vec![None, Some(json!([])), Some(json!([""])), Some(json!([found[0], found[1]]))];
        values.extend(found.iter().flat_map(|one| [Some(json!(one)), Some(json!([one]))]));
        for base in *family {
            for (set, end) in
                ["", "ForAnyValue:", "ForAllValues:"].iter().flat_map(|set| [(set, ""), (set, "IfExists")])
            {
                let operator = format!("{set}{base}{end}");
                for (wanted, found) in wanted.iter().flat_map(|wanted| values.iter().map(move |found| (wanted, found)))
                {
                    probes.push(Probe { operator: operator.clone(), wanted: wanted.clone(), found: found.clone() });
                }
            }
        }
    }
    for (wanted, found) in ["true", "false"]
        .iter()
        .flat_map(|wanted| [None, Some(json!("")), Some(json!([]))].map(|found| (wanted, found)))
    {
        probes.push(Probe { operator: "Null".to_owned(), wanted: vec![wanted], found });
    }
    probes
}

#[test]
fn every_difference_from_iam_rs_has_its_reason() {
    let (mut alike, mut unexplained) = (0, Vec::new());
    let mut used = vec![0; DIFFERENCES.len()];
    for probe in probes() {
        let (ours, theirs) = (probe.ours(), probe.theirs());
        if theirs == (if ours { Theirs::Holds } else { Theirs::Fails }) {
            alike += 1;
            continue;
        }
        match DIFFERENCES.iter().position(|difference| (difference.explains)(&probe, ours, theirs)) {
            Some(at) => used[at] += 1,
            None => unexplained.push(format!("{probe:?}: ours {ours}, theirs {theirs:?}")),
        }
    }
    let count = unexplained.len();
    unexplained.truncate(40);
    assert!(count == 0, "{count} differences, {alike} alike:\n{}", unexplained.join("\n"));
    assert!(alike > 5_000, "{alike} alike");
    let stale: Vec<_> =
        DIFFERENCES.iter().zip(used).filter(|(_, used)| *used == 0).map(|(stale, _)| stale.what).collect();
    assert!(stale.is_empty(), "no longer differences: {stale:?}");
    for Difference { what, see, .. } in DIFFERENCES {
        assert!(see.starts_with("https://") || ROWS.iter().any(|row| row.id == *see), "{what}: {see}");
    }
}
