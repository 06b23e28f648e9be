//! What starts a function: the permission that the service needs, and what is made beside it.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html

use source::{Finding, Node, Value};

use super::Transform;
use super::build::{At, length};
use super::code;
use super::function::Target;
use super::implicit;
use super::intrinsic::{named, named_or_text};
use super::resource::{Event, Made, Resource};
use crate::shape::shown;

const PAGE: &str = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/\
                    sam-property-function-eventsource.html";

/// The types of events that a function takes.
const TYPES: [&str; 19] = [
    "AlexaSkill",
    "Api",
    "CloudWatchEvent",
    "CloudWatchLogs",
    "Cognito",
    "DocumentDB",
    "DynamoDB",
    "EventBridgeRule",
    "HttpApi",
    "IoTRule",
    "Kinesis",
    "MQ",
    "MSK",
    "S3",
    "SNS",
    "SQS",
    "Schedule",
    "ScheduleV2",
    "SelfManagedKafka",
];

/// SAM looks at events by path, and by name where there is none; the order of a role's policies follows.
pub(super) fn order(event: Event<'_>) -> &str {
    let is_default = event.of_type() == "HttpApi" && event.text("Method").is_none();
    event.text("Path").unwrap_or(if is_default { "$default" } else { event.name })
}

/// What a permission says beside the function and the service.
#[derive(Default)]
struct Says {
    /// What the permission's id begins with, if not with the event's.
    id: Option<String>,
    /// What it ends in.
    suffix: String,
    arn: Option<Node>,
    account: Option<Node>,
    token: Option<Node>,
}

impl<'a> Transform<'a> {
    pub(super) fn event(&mut self, event: Event<'a>, target: &Target, role: &mut Made) -> Vec<Made> {
        match event.of_type() {
            "AlexaSkill" => {
                let says = Says { token: event.get("SkillId").cloned(), ..Says::default() };
                vec![permission(event, target, "alexa-appkit.amazon.com", says)]
            }
            "Api" => self.api_event(event, target).into_iter().collect(),
            "HttpApi" => self.http_api_event(event, target).into_iter().collect(),
            "CloudWatchEvent" | "EventBridgeRule" | "Schedule" => rule(event, target),
            "CloudWatchLogs" => self.logs(event, target),
            "Cognito" => cognito(event, target),
            "IoTRule" => self.iot_rule(event, target),
            "S3" => self.bucket(event, target),
            "SNS" => self.topic(event, target, role),
            "ScheduleV2" => {
                let policy = |at: At, id: &str| super::destination::send(at, "Lambda", target.arn.clone(), id);
                schedule(event, &target.arn, policy)
            }
            "DocumentDB" | "DynamoDB" | "Kinesis" | "MQ" | "MSK" | "SQS" | "SelfManagedKafka" => {
                self.pull(event, target, role)
            }
            other => {
                self.unknown_event(event, other, &TYPES);
                Vec::new()
            }
        }
    }

    pub(super) fn unknown_event(&mut self, event: Event<'_>, of_type: &str, known: &[&'static str]) {
        let message = match of_type {
            "" => format!("the event `{}` has no `Type`", shown(event.name)),
            _ => format!("`{}` is no type of event that starts this", shown(of_type)),
        };
        let span = event.node.get("Type").map_or(event.at.0, |node| node.span);
        self.report(Finding::error("SAM_EVENT", span, message).see(PAGE).suggest(of_type, known.iter().copied()));
    }

    /// An ARN of the stack's region and account, with what the service puts at its end.
    fn arn(&self, service: &str, end: &str) -> String {
        format!("arn:{}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{end}", self.inputs.partition)
    }

    fn api_event(&mut self, event: Event<'a>, target: &Target) -> Option<Made> {
        if event.properties().is_empty() {
            return None;
        }
        let at = event.at;
        let (api, stage) = self.stage_of(event);
        let (path, method) = (event.text("Path")?, event.text("Method")?);
        let end = format!("${{__ApiId__}}/${{__Stage__}}/{}{}", verb(method), pattern(trimmed(path)));
        let values = [("__ApiId__", api.clone()), ("__Stage__", at.text("*"))];
        let arn = at.sub_with(self.arn("execute-api", &end), values);
        self.event_policy(event, &api, &stage, path);
        let says = Says { suffix: stage, arn: Some(arn), ..Says::default() };
        Some(permission(event, target, "apigateway.amazonaws.com", says))
    }

    /// The API of an event, and the stage after which its permission is named.
    pub(super) fn stage_of(&self, event: Event<'a>) -> (Node, String) {
        let Some(given) = event.get("RestApiId") else {
            return (event.at.reference(implicit::REST), "Prod".to_owned());
        };
        let stage = match named_or_text(given).and_then(|id| self.find(id)) {
            None => "AllStages",
            Some(api) => match api.get("StageName").map(|name| &name.value) {
                Some(Value::String(name)) => name,
                _ => "Stage",
            },
        };
        (given.clone(), stage.to_owned())
    }

    fn http_api_event(&mut self, event: Event<'a>, target: &Target) -> Option<Made> {
        let at = event.at;
        let given = event.get("ApiId");
        let api = given.cloned().unwrap_or_else(|| at.reference(implicit::HTTP));
        let (path, method) = match (event.text("Path"), event.text("Method")) {
            (None, None) => ("$default", "any"),
            (path, method) => (path.unwrap_or_default(), method.unwrap_or_default()),
        };
        let id = named_or_text(&api).unwrap_or_default().to_owned();
        let is_written = self.find(&id).is_some_and(|api| is_default_written(api, event.of.id));
        let default = (id, event.of.id.to_owned());
        let is_default = trimmed(path) == "$default";
        if !is_default && (is_written || self.defaults.contains(&default)) {
            // The permission for the default route is for all.
            return None;
        }
        let path = if is_default { String::new() } else { pattern(trimmed(path)) };
        let end = match (verb(method).as_str(), path.as_str()) {
            ("*", "/$default") => "/$default".to_owned(),
            (verb, path) => format!("/{verb}{path}"),
        };
        if is_default && verb(method) == "*" {
            self.defaults.insert(default);
        }
        let text = format!(
            "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{__ApiId__}}/${{__Stage__}}{end}"
        );
        let arn = at.sub_with(text, [("__ApiId__", api), ("__Stage__", at.text("*"))]);
        let says = Says { arn: Some(arn), ..Says::default() };
        Some(permission(event, target, "apigateway.amazonaws.com", says))
    }

    fn logs(&self, event: Event<'a>, target: &Target) -> Vec<Made> {
        let at = event.at;
        let group = event.get("LogGroupName").cloned().unwrap_or_else(|| at.text(""));
        let text = self.arn("logs", "log-group:${__LogGroupName__}:*");
        let arn = at.sub_with(text, [("__LogGroupName__", group)]);
        let says = Says { arn: Some(arn), ..Says::default() };
        let permission = permission(event, target, "logs.amazonaws.com", says);
        let mut filter = event
            .makes_with(event.id(), "AWS::Logs::SubscriptionFilter", &[])
            .with("DestinationArn", target.arn.clone());
        filter.set_attribute("DependsOn", at.list([at.text(&*permission.id)]));
        vec![permission, filter]
    }

    fn iot_rule(&self, event: Event<'a>, target: &Target) -> Vec<Made> {
        let at = event.at;
        let text = self.arn("iot", "rule/${RuleName}");
        let arn = at.sub_with(text, [("RuleName", at.reference(&event.id()))]);
        let account = at.sub("${AWS::AccountId}");
        let says = Says { arn: Some(arn), account: Some(account), ..Says::default() };
        let action = at.map([("Lambda", at.map([("FunctionArn", target.arn.clone())]))]);
        let mut payload = super::resource::kept(event.properties(), &[]);
        payload.push(at.entry("Actions", at.list([action])));
        let rule = event
            .makes(event.id(), "AWS::IoT::TopicRule")
            .with("TopicRulePayload", Node::new(Value::Map(payload), at.0));
        vec![permission(event, target, "iot.amazonaws.com", says), rule]
    }

    /// A bucket waits for its permission. Where that stands under a condition, a tag makes it wait.
    fn bucket(&mut self, event: Event<'a>, target: &Target) -> Vec<Made> {
        let at = event.at;
        let says = Says { account: Some(at.reference("AWS::AccountId")), ..Says::default() };
        let permission = permission(event, target, "s3.amazonaws.com", says);
        if let Some(bucket) = event.get("Bucket").and_then(named) {
            if let Some(condition) = permission.condition() {
                let waits = at.choose(condition, permission.reference(), at.text("no dependency"));
                let tag = at.tag(&format!("sam:ConditionalDependsOn:{}", permission.id), waits);
                self.bucket_tags.push((bucket, tag));
            }
            let all = self.propagated(event.of);
            if self.spend(all.map_or(0, length), at) {
                self.tags_of_buckets.insert(bucket, all);
            }
        }
        vec![permission]
    }

    fn topic(&mut self, event: Event<'a>, target: &Target, role: &mut Made) -> Vec<Made> {
        let at = event.at;
        let topic = event.get("Topic").cloned().unwrap_or_else(|| at.text(""));
        let subscribe = |protocol: &str, endpoint: Node| {
            event
                .makes_with(event.id(), "AWS::SNS::Subscription", &["Topic", "SqsSubscription"])
                .with("Protocol", at.text(protocol))
                .with("Endpoint", endpoint)
                .with("TopicArn", topic.clone())
        };
        let queued = event.get("SqsSubscription").filter(|node| {
            !matches!(node.value, Value::Bool(false)) && (node.text().is_some() || !node.entries().is_empty())
        });
        let Some(queued) = queued else {
            let says = Says { arn: Some(topic.clone()), ..Says::default() };
            let permission = permission(event, target, "sns.amazonaws.com", says);
            return vec![permission, subscribe("lambda", target.arn.clone())];
        };
        let id = event.id();
        let mut made = Vec::new();
        let (arn, url, policy) = match (queued.get("QueueArn"), queued.get("QueueUrl")) {
            (Some(arn), Some(url)) => {
                let id = queued.get("QueuePolicyLogicalId").and_then(Node::text).map(str::to_owned);
                (arn.clone(), url.clone(), id)
            }
            _ => {
                let mut queue = event.makes(format!("{id}Queue"), "AWS::SQS::Queue");
                if self.is_fifo(&topic) {
                    queue.set("FifoQueue", at.yes());
                }
                let values = (queue.arn(), queue.reference(), None);
                made.push(queue);
                values
            }
        };
        let principal = at.text("*");
        let policy = policy.unwrap_or_else(|| format!("{id}QueuePolicy"));
        made.push(queue_policy(event, policy, principal, &arn, topic.clone()).with("Queues", at.list([url])));
        made.push(subscribe("sqs", arn.clone()));
        made.push(self.mapping(event, &format!("{id}EventSourceMapping"), target).with("EventSourceArn", arn));
        let policy = self.managed(at, "service-role/AWSLambdaSQSQueueExecutionRole");
        super::role::attach(role, policy);
        made
    }

    fn is_fifo(&self, topic: &Node) -> bool {
        let found = named(topic).and_then(|id| self.find(id));
        let fifo = found.and_then(|topic| topic.get("FifoTopic"));
        fifo.is_some_and(|fifo| self.parameters.text(fifo).as_deref() == Some("true"))
    }
}

/// Whether an API's definition has a default route that calls a function.
fn is_default_written(api: Resource<'_>, function: &str) -> bool {
    let route = api.get("DefinitionBody").and_then(|body| {
        let route = body.get("paths")?.get("$default")?.get("x-amazon-apigateway-any-method")?;
        route.get("x-amazon-apigateway-integration")?.get("uri")?.get("Fn::Sub")?.text()
    });
    route.is_some_and(|uri| uri.contains(&format!("${{{function}.Arn}}")))
}

/// The permission of a service to invoke the function.
fn permission(event: Event<'_>, target: &Target, service: &str, says: Says) -> Made {
    let at = event.at;
    let prefix = format!("{}Permission", says.id.unwrap_or_else(|| event.id()));
    event
        .makes(code::suffixed(&prefix, &says.suffix), "AWS::Lambda::Permission")
        .with("Action", at.text("lambda:InvokeFunction"))
        .with("FunctionName", target.name.clone())
        .with("Principal", at.text(service))
        .with_some("SourceArn", says.arn.as_ref())
        .with_some("SourceAccount", says.account.as_ref())
        .with_some("EventSourceToken", says.token.as_ref())
}

/// A rule of EventBridge, and a queue for what it cannot deliver.
fn rule(event: Event<'_>, target: &Target) -> Vec<Made> {
    let at = event.at;
    let (rule, mut made) = rule_for(event, at.map([("Arn", target.arn.clone())]));
    let says = Says { arn: Some(rule.arn()), ..Says::default() };
    made.push(permission(event, target, "events.amazonaws.com", says));
    made.insert(0, rule);
    made
}

/// The rule of an event with its target, and the queue of the rule.
pub(super) fn rule_for(event: Event<'_>, target: Node) -> (Made, Vec<Made>) {
    const OF_TARGET: [&str; 12] = [
        "DeadLetterConfig",
        "Enabled",
        "Input",
        "InputPath",
        "InputTransformer",
        "Name",
        "Pattern",
        "RetryPolicy",
        "RoleArn",
        "RuleName",
        "Schedule",
        "Target",
    ];
    let at = event.at;
    let name = if event.of_type() == "Schedule" { "Name" } else { "RuleName" };
    let rule = event
        .makes_with(event.id(), "AWS::Events::Rule", &OF_TARGET)
        .with_some("ScheduleExpression", event.get("Schedule"))
        .with_some("EventPattern", event.get("Pattern"))
        .with_some("Name", event.get(name));
    let (queue, made) = dead_letter_queue(event, Some(&rule));
    let mut target = target;
    if let (Value::Map(parts), Some(queue)) = (&mut target.value, queue) {
        parts.push(at.entry("DeadLetterConfig", at.map([("Arn", queue)])));
    }
    (rule.with("Targets", at.list([target])), made)
}

/// The ARN of the queue for what cannot be delivered, and the queue if one is made; a rule of EventBridge may send to it
/// by the queue's own policy.
fn dead_letter_queue(event: Event<'_>, rule: Option<&Made>) -> (Option<Node>, Vec<Made>) {
    let Some(config) = event.get("DeadLetterConfig") else { return (None, Vec::new()) };
    if let Some(arn) = config.get("Arn") {
        return (Some(arn.clone()), Vec::new());
    }
    let at = event.at;
    let id = config.get("QueueLogicalId").and_then(Node::text).map(str::to_owned);
    let queue = event.makes(id.unwrap_or_else(|| format!("{}Queue", event.id())), "AWS::SQS::Queue");
    let arn = queue.arn();
    let policy = rule.map(|rule| {
        let principal = at.map([("Service", at.text("events.amazonaws.com"))]);
        queue_policy(event, format!("{}QueuePolicy", event.id()), principal, &arn, rule.arn())
            .with("Queues", at.list([queue.reference()]))
    });
    (Some(arn), [queue].into_iter().chain(policy).collect())
}

/// The policy of a queue to which a topic or a rule may send.
fn queue_policy(event: Event<'_>, id: String, principal: Node, queue: &Node, from: Node) -> Made {
    let at = event.at;
    let test = at.map([("ArnEquals", at.map([("aws:SourceArn", from)]))]);
    let statement = at.map([
        ("Action", at.text("sqs:SendMessage")),
        ("Effect", at.text("Allow")),
        ("Principal", principal),
        ("Resource", queue.clone()),
        ("Condition", test),
    ]);
    event.makes(id, "AWS::SQS::QueuePolicy").with("PolicyDocument", at.document([statement]))
}

fn cognito(event: Event<'_>, target: &Target) -> Vec<Made> {
    let arn = event.get("UserPool").and_then(named).map(|pool| event.at.get_att(pool, "Arn"));
    // Its name is that of what is started, whatever the event is called.
    let started = named(&target.name).unwrap_or(event.of.id);
    let says = Says { id: Some(format!("{started}Cognito")), arn, ..Says::default() };
    vec![permission(event, target, "cognito-idp.amazonaws.com", says)]
}

/// A schedule of EventBridge Scheduler, and the role with which it starts its target.
pub(super) fn schedule(event: Event<'_>, target: &Node, policy: impl Fn(At, &str) -> Option<Node>) -> Vec<Made> {
    const OF_TARGET: [&str; 6] =
        ["DeadLetterConfig", "Input", "OmitName", "PermissionsBoundary", "RetryPolicy", "RoleArn"];
    let at = event.at;
    let id = event.id();
    let mut schedule = event.makes_with(id.clone(), "AWS::Scheduler::Schedule", &OF_TARGET);
    if event.text("OmitName") != Some("true") && schedule.get("Name").is_none() {
        schedule.set("Name", at.text(&*id));
    }
    let (queue, mut made) = dead_letter_queue(event, None);
    let role_arn = match event.get("RoleArn") {
        Some(given) => given.clone(),
        None => {
            let mut role = event
                .makes(format!("{id}Role"), "AWS::IAM::Role")
                .with("AssumeRolePolicyDocument", at.trust("scheduler.amazonaws.com"));
            policy(at, &id).into_iter().for_each(|policy| role.add("Policies", policy));
            let send = queue.as_ref().and_then(|queue| super::destination::send(at, "SQS", queue.clone(), &id));
            send.into_iter().for_each(|policy| role.add("Policies", policy));
            let role = role.with_some("PermissionsBoundary", event.get("PermissionsBoundary"));
            let arn = role.arn();
            made.push(role);
            arn
        }
    };
    let mut parts = vec![("Arn", target.clone()), ("RoleArn", role_arn)];
    parts.extend(queue.map(|queue| ("DeadLetterConfig", at.map([("Arn", queue)]))));
    made.insert(0, schedule.with("Target", at.map(parts)));
    made
}

/// A method as an ARN has it.
pub(super) fn verb(method: &str) -> String {
    match method.to_lowercase().as_str() {
        "any" | "x-amazon-apigateway-any-method" => "*".to_owned(),
        _ => method.to_uppercase(),
    }
}

/// API Gateway removes a slash at the end of a path.
fn trimmed(path: &str) -> &str {
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path)
}

/// A path as an ARN has it: `/orders/{id}` is `/orders/*`.
pub(super) fn pattern(path: &str) -> String {
    let is_name = |name: &str| {
        let name = name.strip_suffix('+').unwrap_or(name);
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || ['.', '_', '-'].contains(&c))
    };
    let mut out = String::new();
    let mut rest = path;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 1..start + length];
        out.push_str(&rest[..start]);
        if is_name(name) {
            out.push('*');
            rest = &rest[start + length + 1..];
        } else {
            out.push('{');
            rest = &rest[start + 1..];
        }
    }
    out + rest
}
