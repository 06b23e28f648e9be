//! `EventInvokeConfig`: where the results of asynchronous calls go, and what the function's role needs for it.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventinvokeconfiguration.html

use source::{Entry, Node};

use super::Transform;
use super::build::{At, set};
use super::code;
use super::intrinsic::{choice, is_no_value};
use super::resource::{Made, Resource};

/// What the destinations of a function need.
#[derive(Default)]
pub(super) struct Destinations {
    pub(super) policies: Vec<Node>,
    pub(super) made: Vec<Made>,
}

/// Where results go.
struct Destination {
    arn: Node,
    /// The queue or topic that is made for it, if one is.
    made: Option<Made>,
}

impl<'a> Transform<'a> {
    pub(super) fn destinations(&mut self, resource: Resource<'a>, alias: Option<&Made>) -> Destinations {
        let Some(config) = resource.entry("EventInvokeConfig") else { return Destinations::default() };
        let at = At(config.key_span);
        let id = format!("{}EventInvokeConfig", resource.id);
        let mut all = Destinations::default();
        let mut configured = Vec::new();
        for name in ["OnSuccess", "OnFailure"] {
            let part = config.value.get("DestinationConfig").and_then(|destinations| destinations.get(name));
            let Some(part) = part.filter(|part| !part.entries().is_empty()) else { continue };
            let part = &self.parameters.resolved(part);
            let Some(kind) = part.get("Type").and_then(Node::text) else { continue };
            let Some(destination) = self.destination(resource, part, kind, &format!("{id}{name}")) else { continue };
            let name_of_policy = format!("{id}{name}");
            all.policies.extend(send(At(part.span), kind, destination.arn.clone(), &name_of_policy));
            configured.push((name, at.map([("Destination", destination.arn)])));
            if let Some(made) = destination.made {
                self.name_made(resource, std::slice::from_ref(&made));
                all.made.push(made);
            }
        }
        let mut made = Made { at, ..resource.makes(id, "AWS::Lambda::EventInvokeConfig") };
        made.properties = super::resource::kept(config.value.entries(), &["DestinationConfig"]);
        let qualifier = alias.and_then(|alias| alias.get("Name").cloned()).unwrap_or_else(|| at.text("$LATEST"));
        made.set("FunctionName", at.reference(resource.id));
        made.set("Qualifier", qualifier);
        made.set("DestinationConfig", at.map(configured));
        all.made.push(made);
        all
    }

    /// A queue or a topic that is given, or one that is made.
    fn destination(&mut self, resource: Resource<'a>, part: &Node, kind: &str, id: &str) -> Option<Destination> {
        let at = At(part.span);
        let given = part.get("Destination");
        let under = given.and_then(|given| self.condition_of_made(at, given, id));
        let Some(given) = given.filter(|_| under.is_none()) else {
            let of_type = match kind {
                "SQS" => "AWS::SQS::Queue",
                "SNS" => "AWS::SNS::Topic",
                _ => return None,
            };
            let suffix = if kind == "SQS" { "Queue" } else { "Topic" };
            let mut made = Made { at, ..resource.makes(format!("{id}{suffix}"), of_type) };
            let arn = if kind == "SQS" { made.arn() } else { made.reference() };
            let Some((condition, otherwise)) = under else { return Some(Destination { arn, made: Some(made) }) };
            let both = match resource.condition() {
                Some(own) => self.both(at, resource.id, own, &condition),
                None => condition.clone(),
            };
            made.set_attribute("Condition", at.text(both));
            let arn = at.choose(&condition, arn, otherwise);
            return Some(Destination { arn, made: Some(made) });
        };
        Some(Destination { arn: given.clone(), made: None })
    }

    /// The condition under which a destination is made, and what it is else: of `Fn::If` with `AWS::NoValue`.
    fn condition_of_made(&mut self, at: At, given: &Node, id: &str) -> Option<(String, Node)> {
        let choice = choice(given)?;
        match (is_no_value(choice.then), is_no_value(choice.otherwise)) {
            (true, false) => Some((choice.condition.to_owned(), choice.otherwise.clone())),
            (false, true) => {
                let of = id.strip_suffix("OnSuccess").or_else(|| id.strip_suffix("OnFailure")).unwrap_or(id);
                let name = code::with_hash(&format!("NOT{}", choice.condition), of);
                let test = at.map([("Condition", at.text(choice.condition))]);
                set(&mut self.conditions, at.entry(&*name, at.map([("Fn::Not", at.list([test]))])));
                Some((name, choice.then.clone()))
            }
            _ => None,
        }
    }

    /// A condition that holds where two do.
    fn both(&mut self, at: At, id: &str, one: &str, other: &str) -> String {
        let name = code::with_hash(&format!("{one}AND{other}"), id);
        let test = |name: &str| at.map([("Condition", at.text(name))]);
        let both: Entry = at.entry(&*name, at.map([("Fn::And", at.list([test(one), test(other)]))]));
        set(&mut self.conditions, both);
        name
    }
}

/// The inline policy to send somewhere; `None` for what needs none.
pub(super) fn send(at: At, kind: &str, arn: Node, name: &str) -> Option<Node> {
    let inline = |suffix: &str, statements: Vec<Node>| Some(at.inline_of(format!("{name}{suffix}"), statements));
    match kind {
        "SQS" => inline("SQSPolicy", vec![at.allow(at.text("sqs:SendMessage"), arn)]),
        "SNS" => inline("SNSPolicy", vec![at.allow(at.text("sns:publish"), arn)]),
        "EventBridge" => inline("EventBridgePolicy", vec![at.allow(at.text("events:PutEvents"), arn)]),
        "Lambda" => inline("LambdaPolicy", vec![at.allow(at.text("lambda:InvokeFunction"), arn)]),
        "S3" | "S3Bucket" => {
            let objects = at.map([("Fn::Join", at.list([at.text("/"), at.list([arn.clone(), at.text("*")])]))]);
            inline(
                "S3Policy",
                vec![at.allow(at.text("s3:PutObject"), objects), at.allow(at.text("s3:ListBucket"), arn)],
            )
        }
        _ => None,
    }
}
