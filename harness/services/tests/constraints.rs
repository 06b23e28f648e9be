//! Every constraint of AWS's API models on what an operation takes: an input that breaks it is answered by the service's own
//! error, which names the member, and nothing is asked or done.

use account::operation::OperationRow;
use model::{Member, MemberLocation, Model, Shape, ShapeId, ShapeKind, Structure};
use serde_json::{Map, Value, json};
use testkit::Kit;

/// The code of each service's error, as its pages list it, beside its name. S3 answers with another for each constraint:
/// its own tests have them.
/// docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
/// docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html#API_RunTask_Errors
/// docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html#API_CreateLogGroup_Errors
const CODES: [(&str, &str); 4] = [
    ("iam", "ValidationError"),
    ("sts", "ValidationError"),
    ("ecs", "InvalidParameterException"),
    ("logs", "InvalidParameterException"),
];

/// Texts, one of which fits what a shape asks for.
const GOOD: [&str; 7] =
    ["a", "aaaaaaaaaaaaaaaaaaaa", "arn:aws:iam::123456789012:role/a", "/", "v1", "123456", "123456789012"];

/// Characters, one of which a pattern does not know.
const ODD: [char; 6] = ['#', ' ', 'é', ':', '\0', '\u{1f600}'];

/// The input that breaks a constraint, the member that breaks it, and how.
struct Case {
    input: Value,
    place: String,
    constraint: String,
}

struct Cases {
    model: &'static Model,
    all: Vec<Case>,
    /// Constraints that nothing here breaks.
    unbroken: Vec<String>,
}

type Wrap<'w> = &'w dyn Fn(Value) -> Value;

#[test]
fn each_constraint_of_a_model_is_answered_with_the_services_own_error() {
    let mut count = 0;
    for (service, code) in CODES {
        let mut kit = Kit::new(services::ALL);
        let before = format!("{:?}", kit.world);
        for row in services::operations().filter(|row| row.service() == service) {
            for Case { input, place, constraint } in cases(row) {
                count += 1;
                let what = format!("{} {place} {constraint}", row.name);
                let fault = kit.as_root(row.name, input).expect_err(&what);
                assert_eq!((&*fault.code, fault.status), (code, 400), "{what}: {fault}");
                let told = fault.message.matches(" at '").count();
                let of_member = fault.message.matches(&format!(" at '{place}' failed to satisfy constraint")).count();
                assert!(told == of_member && fault.message.contains(&constraint), "{what}: {fault}");
                assert!(kit.decisions.is_empty(), "{what} was asked for");
            }
        }
        assert_eq!(format!("{:?}", kit.world), before, "something was done");
    }
    assert!(count > 1_500, "only {count} constraints");
}

/// The bucket and the object are there, so that nothing but the constraint is in the way.
#[test]
fn each_constraint_of_s3s_models_is_answered_and_nothing_is_done() {
    let mut kit = Kit::new(services::ALL);
    kit.setup("s3:CreateBucket", json!({ "Bucket": "b-1" }));
    kit.setup("s3:PutObject", json!({ "Bucket": "b-1", "Key": "a" }));
    let before = format!("{:?}", kit.world);
    let mut count = 0;
    for row in services::operations().filter(|row| row.service().starts_with("s3")) {
        for Case { mut input, place, constraint } in cases(row) {
            for (member, name) in [("Bucket", "b-1"), ("CopySource", "b-1/a"), ("ResourceArn", "arn:aws:s3:::b-1")] {
                if input[member].is_string() && !place.eq_ignore_ascii_case(member) {
                    input[member] = name.into();
                }
            }
            count += 1;
            let what = format!("{} {place} {constraint}", row.name);
            let fault = kit.as_root(row.name, input).expect_err(&what);
            assert_eq!(fault.status, 400, "{what}: {fault}");
            assert_eq!(format!("{:?}", kit.world), before, "{what} was done");
        }
    }
    assert!(count > 400, "only {count} constraints");
}

#[test]
fn each_service_but_s3_has_an_error_for_them() {
    let with: Vec<_> = services::ALL.iter().filter(|service| service.validation_error().is_some()).collect();
    let mut named: Vec<_> = with.iter().map(|service| service.name()).collect();
    named.sort_unstable();
    let mut codes = CODES.map(|(service, _)| service);
    codes.sort_unstable();
    assert_eq!(named, codes);
}

/// Each constraint on what an operation takes, broken alone.
fn cases(row: &OperationRow) -> Vec<Case> {
    let input = |model: &'static Model| Some((model, model.input(model.operation(row.operation())?)?));
    let Some((model, input)) = model::of(row.service()).and_then(input) else { return Vec::new() };
    let mut cases = Cases { model, all: Vec::new(), unbroken: Vec::new() };
    cases.of_structure(input, &|input| input, "", 0);
    assert!(cases.unbroken.is_empty(), "{}: {:?}", row.name, cases.unbroken);
    cases.all
}

impl Cases {
    fn add(&mut self, input: Value, place: &str, constraint: impl Into<String>) {
        self.all.push(Case { input, place: place.to_owned(), constraint: constraint.into() });
    }

    fn of_structure(&mut self, structure: &Structure, wrap: Wrap<'_>, place: &str, depth: usize) {
        let base = self.good_structure(structure);
        for (name, member) in &structure.members {
            let inner = below(place, name);
            if member.is_required {
                let mut without = base.clone();
                without.remove(name);
                self.add(wrap(without.into()), &inner, "Member must not be null");
            }
            let with = |value: Value| {
                let mut members = if structure.is_union { Map::new() } else { base.clone() };
                members.insert(name.clone(), value);
                wrap(members.into())
            };
            self.of_value(member.shape, &with, &inner, depth + 1);
        }
    }

    /// Structures of ECS hold each other; six deep is deeper than any constraint of theirs.
    fn of_value(&mut self, id: ShapeId, wrap: Wrap<'_>, place: &str, depth: usize) {
        let shape = self.model.shape(id);
        if depth > 6 {
            return;
        }
        let other = if matches!(shape.kind, ShapeKind::String | ShapeKind::Blob) { json!(1) } else { json!("text") };
        if !matches!(shape.kind, ShapeKind::Timestamp(_)) {
            self.add(wrap(other), place, "Member must be ");
        }
        match &shape.kind {
            ShapeKind::Structure(structure) => {
                if structure.is_union {
                    self.add(wrap(json!({})), place, "Member must have exactly one of");
                }
                self.of_structure(structure, wrap, place, depth);
            }
            ShapeKind::List(list) => {
                let item = self.good(list.item.shape);
                self.of_lengths(shape, &|length| vec![item.clone(); length].into(), wrap, place);
                let one = |value: Value| wrap(json!([value]));
                if matches!(self.model.shape(list.item.shape).kind, ShapeKind::String) {
                    self.of_text(list.item.shape, &one, place);
                } else {
                    self.of_value(list.item.shape, &one, &format!("{place}.1.member"), depth + 1);
                }
            }
            ShapeKind::Map(map) => {
                let value = self.good(map.value.shape);
                let entries = |length: usize| (0..length).map(|at| (format!("k{at}"), value.clone()));
                self.of_lengths(shape, &|length| Value::Object(entries(length).collect()), wrap, place);
                let first = shape.limits.min.map_or(0, |min| min as usize).saturating_sub(1);
                let with = |key: &str, value: Value| {
                    let mut all: Map<_, _> = entries(first).collect();
                    all.insert(key.to_owned(), value);
                    wrap(all.into())
                };
                self.of_text(map.key.shape, &|key| with(key.as_str().unwrap_or_default(), value.clone()), place);
                self.of_text(map.value.shape, &|value| with("k", value), place);
            }
            ShapeKind::String => self.of_text(id, wrap, place),
            ShapeKind::Integer | ShapeKind::Float => {
                if let Some(min) = shape.limits.min {
                    self.add(wrap(json!(min as i64 - 1)), place, "Member must have value greater than");
                }
                if let Some(max) = shape.limits.max {
                    self.add(wrap(json!(max as i64 + 1)), place, "Member must have value less than");
                }
            }
            ShapeKind::Boolean | ShapeKind::Blob | ShapeKind::Timestamp(_) => {}
        }
    }

    fn of_lengths(&mut self, shape: &Shape, make: &dyn Fn(usize) -> Value, wrap: Wrap<'_>, place: &str) {
        if let Some(min) = shape.limits.min.filter(|min| *min > 0.0) {
            self.add(wrap(make(min as usize - 1)), place, "Member must have length greater than");
        }
        if let Some(max) = shape.limits.max {
            self.add(wrap(make(max as usize + 1)), place, "Member must have length less than");
        }
    }

    fn of_text(&mut self, id: ShapeId, wrap: Wrap<'_>, place: &str) {
        let shape = self.model.shape(id);
        if !shape.limits.values.is_empty() {
            return self.add(wrap(json!("of none")), place, "enum value set");
        }
        self.of_lengths(shape, &|length| json!("a".repeat(length)), wrap, place);
        if shape.limits.pattern.is_some() {
            let length = shape.limits.min.map_or(1, |min| (min as usize).max(1));
            let texts = ODD.map(|odd| json!(odd.to_string().repeat(length)));
            match texts.into_iter().find(|text| !self.fits(id, text)) {
                Some(text) => self.add(wrap(text), place, "regular expression pattern"),
                None => self.unbroken.push(format!("{place}: {}", shape.name)),
            }
        }
    }

    /// A value that satisfies all that its shape asks for, and no more than that.
    fn good(&self, id: ShapeId) -> Value {
        let shape = self.model.shape(id);
        let least = shape.limits.min.map_or(0, |min| min as usize);
        match &shape.kind {
            ShapeKind::Structure(structure) => self.good_structure(structure).into(),
            ShapeKind::List(list) => vec![self.good(list.item.shape); least].into(),
            ShapeKind::Map(map) => {
                (0..least).map(|at| (format!("k{at}"), self.good(map.value.shape))).collect::<Map<_, _>>().into()
            }
            ShapeKind::Boolean => json!(true),
            ShapeKind::Integer | ShapeKind::Float => json!(least.max(1)),
            ShapeKind::Timestamp(_) => json!("2026-11-30T00:00:00Z"),
            ShapeKind::Blob => json!(""),
            ShapeKind::String => {
                let texts = shape.limits.values.iter().map(String::as_str).chain(GOOD).map(Value::from);
                texts.into_iter().find(|text| self.fits(id, text)).unwrap_or_default()
            }
        }
    }

    fn good_structure(&self, structure: &Structure) -> Map<String, Value> {
        let of_union = structure.members.iter().filter(|_| structure.is_union).take(1);
        let needed = structure.members.iter().filter(|(_, member)| member.is_required).chain(of_union);
        needed.map(|(name, member)| (name.clone(), self.good(member.shape))).collect()
    }

    fn fits(&self, shape: ShapeId, value: &Value) -> bool {
        let member = Member {
            shape,
            is_required: false,
            place: MemberLocation::Body,
            wire_name: None,
            query_name: None,
            is_flattened: false,
            is_attribute: false,
            namespace: None,
        };
        let mut structure = Structure::default();
        structure.members.insert("x".to_owned(), member);
        protocol::breaches(self.model, &structure, &Map::from_iter([("x".to_owned(), value.clone())])).is_empty()
    }
}

/// As AWS's errors name a member of a structure.
fn below(place: &str, name: &str) -> String {
    let (first, rest) = name.split_at(1);
    let name = format!("{}{rest}", first.to_ascii_lowercase());
    if place.is_empty() { name } else { format!("{place}.{name}") }
}
