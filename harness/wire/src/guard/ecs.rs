//! ECS in front of an emulator that has it: decided on here, done there, and the tasks' sessions are ours.

use ::ecs::{ProxiedTasks as _, Unknown};
use account::{Call, Fault, World};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use model::ECS;
use policy::arn::Arn;
use serde_json::{Value, json};

use super::Guard;
use crate::answer::Protocol;
use crate::hash::{hex, sha256};
use crate::shape::{self, Shaped};
use crate::upstream::Signature;
use protocol::xml;

/// The memory in MiB for a container that has none of its own: Fargate's smallest task.
const MEMORY: u64 = 512;

impl Guard<'_> {
    /// Decides on a request and, if it is allowed, has it done.
    pub(crate) async fn ecs(&self, operation: &str, input: Value) -> Result<Shaped, Fault> {
        self.find_out_about_tasks(operation, &input).await?;
        if services::operation("ecs", operation).is_some_and(|row| row.is_answered_here) {
            let here = self.call(|world, call| world.call(call, "ecs", operation, input))?;
            self.fill_in(format!("no emulator has {operation}: the account does it itself"));
            return Ok(shape::json_result(&here));
        }
        let rehearse = |world: &mut World, call: &mut Call<'_>| {
            let here = world.ecs_rehearse(call, operation, input.clone())?;
            let is_new = !world.ecs_has_tasks(&here["tasks"]);
            let exact = ecs::name_exactly(call, operation, input.clone(), &here)?;
            Ok::<_, Fault>((here, is_new, exact))
        };
        let (here, is_new, exact) = self.call(rehearse)?;
        let nothing = operation == "DescribeTasks" && here["tasks"].as_array().is_some_and(Vec::is_empty);
        if nothing || (operation == "RunTask" && !is_new) {
            return Ok(shape::json_result(&here));
        }
        let mut filled_in = self.filled_in(operation, exact.clone(), &here);
        let mut answer = self.ask_ecs(operation, &filled_in).await?;
        if misses_subnet(&answer) && self.fill_in_subnet(&mut filled_in).await? {
            answer = self.ask_ecs(operation, &filled_in).await?;
        }
        if !answer.status().is_success() {
            return Ok(self.ecs_error(answer));
        }
        let there = self.ecs_answer(operation, &answer)?;
        let told = self.call(|_, call| ecs::keep_what_was_asked(call, operation, &exact, &here, there));
        let told = told.map_err(|what| self.backend.fault(&format!("answers {operation} with {what}")))?;
        self.call(|world, call| world.ecs_follow(call, operation, exact, &told))?;
        Ok(shape::json_result(&told))
    }

    async fn find_out_about_tasks(&self, operation: &str, input: &Value) -> Result<(), Fault> {
        let mut asked = Vec::new();
        loop {
            let unknown = self.call(|world, call| world.ecs_unknowns(call, operation, input, &asked))?;
            if unknown.is_empty() {
                return Ok(());
            }
            for one in unknown {
                let (question, members) = match &one {
                    Unknown::Cluster(name) => ("DescribeClusters", json!({ "clusters": [name], "include": ["TAGS"] })),
                    Unknown::Definition(text) => {
                        ("DescribeTaskDefinition", json!({ "taskDefinition": text, "include": ["TAGS"] }))
                    }
                    Unknown::Task { cluster, id } => {
                        ("DescribeTasks", json!({ "cluster": cluster, "tasks": [id], "include": ["TAGS"] }))
                    }
                    Unknown::Tags(arn) => ("ListTagsForResource", json!({ "resourceArn": arn })),
                };
                let answer = self.ask_ecs(question, &members).await?;
                let is_about_tags = matches!(one, Unknown::Tags(_));
                if answer.status().is_success() {
                    let found = self.ecs_answer(question, &answer)?;
                    // moto leaves the member out for a cluster that never had any.
                    let is_told = found.is_object() && (found["tags"].is_array() || found["tags"].is_null());
                    if is_about_tags && !is_told {
                        return Err(self.unexpected(question, &answer));
                    }
                    self.call(|world, call| world.ecs_adopt(call, &one, &found));
                } else if is_about_tags || !says_that_nothing_is_there(&answer) {
                    return Err(self.unexpected(question, &answer));
                }
                asked.push(one);
            }
        }
    }

    async fn ask_ecs(&self, operation: &str, input: &Value) -> Result<Response<Bytes>, Fault> {
        let members = input.as_object().cloned().unwrap_or_default();
        let modelled =
            ECS.operation(operation).ok_or_else(|| self.backend.fault(&format!("cannot be asked for {operation}")))?;
        let request = protocol::encode_request(&ECS, ECS.protocol, modelled, &members.into())
            .map_err(|malformed| self.backend.fault(&format!("cannot be asked for this {operation}: {malformed}")))?;
        self.ask_regional("ecs", Protocol::Json, request.headers, request.body).await
    }

    async fn ask_regional(
        &self,
        service: &str,
        protocol: Protocol,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response<Bytes>, Fault> {
        // By this moto tells accounts apart; nobody else looks at it.
        if let Some(account) = self.identity.account().and_then(|account| HeaderValue::from_str(account).ok()) {
            headers.insert(HeaderName::from_static("x-moto-account-id"), account);
        }
        let payload = hex(&sha256(&body));
        let region = Some(self.surroundings.region.as_str());
        let signature = Signature { service, protocol, region, payload: &payload };
        self.backend.ask((Method::POST, "/"), headers, body, &signature).await
    }

    /// What the emulator asks for beyond what ECS does.
    fn filled_in(&self, operation: &str, mut input: Value, here: &Value) -> Value {
        match operation {
            "RegisterTaskDefinition" => self.fill_in_memory(&mut input),
            "RunTask" => {
                self.fill_in_security_groups(&mut input);
                self.fill_in_tags(&mut input, &here["tasks"][0]["tags"]);
            }
            _ => {}
        }
        input
    }

    fn fill_in_memory(&self, input: &mut Value) {
        let containers = input.get_mut("containerDefinitions").and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let has_some = ["memory", "memoryReservation"].into_iter().any(|member| !container[member].is_null());
            if let Some(members) = container.as_object_mut().filter(|_| !has_some) {
                let name = members.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                members.insert("memory".to_owned(), json!(MEMORY));
                self.fill_in(format!(
                    "a memory for each container, which moto wants where Fargate wants one for the task: {MEMORY} given to `{name}`"
                ));
            }
        }
    }

    fn fill_in_security_groups(&self, input: &mut Value) {
        let network = input.pointer_mut("/networkConfiguration/awsvpcConfiguration").and_then(Value::as_object_mut);
        if let Some(network) = network.filter(|network| !network.contains_key("securityGroups")) {
            network.insert("securityGroups".to_owned(), json!([]));
            let what = "security groups, which moto wants named for a task in network mode awsvpc: an empty list given";
            self.fill_in(what.to_owned());
        }
    }

    /// Puts one of the emulator's own subnets in the place of those that it does not know. Whether it has one.
    async fn fill_in_subnet(&self, input: &mut Value) -> Result<bool, Fault> {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        let question = Bytes::from_static(b"Action=DescribeSubnets&Version=2016-11-15");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, form)]);
        let answer = self.ask_regional("ec2", Protocol::Query, headers, question).await?;
        let root = xml::read(answer.body()).unwrap_or_default();
        let first = root.child("subnetSet").and_then(|set| set.child("item")).and_then(|item| item.text_of("subnetId"));
        let subnets = input.pointer_mut("/networkConfiguration/awsvpcConfiguration/subnets");
        let (Some(own), Some(subnets)) = (first, subnets) else { return Ok(false) };
        *subnets = json!([own]);
        self.fill_in("a subnet that EC2 has on the emulator: given instead of those that were named".to_owned());
        Ok(true)
    }

    /// `tags`: all that the task has.
    fn fill_in_tags(&self, input: &mut Value, tags: &Value) {
        let propagates = input["propagateTags"] == "TASK_DEFINITION" || input["enableECSManagedTags"] == true;
        if let Some(members) = input.as_object_mut().filter(|_| propagates) {
            members.insert("tags".to_owned(), tags.clone());
            let what = "the tags of the task definition and those that ECS manages, which emulators do not give a task: \
                        given in the request";
            self.fill_in(what.to_owned());
        }
    }

    fn fill_in(&self, what: String) {
        if self.backend.fill_in(&what) {
            self.hosted.log(&what);
        }
    }

    fn ecs_answer(&self, operation: &str, answer: &Response<Bytes>) -> Result<Value, Fault> {
        let value: Value = serde_json::from_slice(answer.body())
            .map_err(|error| self.backend.fault(&format!("answers {operation} with what is no JSON: {error}")))?;
        // Policies name this world's account, so a task of another would be nobody's.
        let own = self.identity.account().unwrap_or_default();
        match foreign(&value, own) {
            None => Ok(value),
            Some(arn) => Err(self.backend.fault(&format!(
                "answers {operation} with `{arn}`, where account {own} was expected; start it for that account \
                 (MINISTACK_ACCOUNT_ID), or serve the account that it has"
            ))),
        }
    }

    fn ecs_error(&self, answer: Response<Bytes>) -> Shaped {
        let (parts, body) = answer.into_parts();
        if parts.status.is_server_error() {
            self.backend.failed(&self.id.id, parts.status, &body);
        }
        let mut headers = parts.headers;
        super::relay::OWN.iter().for_each(|name| drop(headers.remove(*name)));
        headers.remove(CONTENT_LENGTH);
        Shaped { status: parts.status, headers, body }
    }
}

/// Whether an error is one of those by which ECS says that there is no such thing: a status alone may
/// come from any program at the other end.
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
fn says_that_nothing_is_there(answer: &Response<Bytes>) -> bool {
    const CODES: [&str; 4] =
        ["ClientException", "ClusterNotFoundException", "InvalidParameterException", "ResourceNotFoundException"];
    let error = serde_json::from_slice::<Value>(answer.body()).unwrap_or_default();
    let code = error["__type"].as_str().and_then(|code| code.rsplit('#').next());
    answer.status() == StatusCode::BAD_REQUEST && code.is_some_and(|code| CODES.contains(&code))
}

/// Whether an error says that there is no such subnet. moto does so in the words of EC2, which are none of ECS.
fn misses_subnet(answer: &Response<Bytes>) -> bool {
    answer.status().is_client_error() && String::from_utf8_lossy(answer.body()).contains("InvalidSubnetID")
}

/// The ARN of something in another account, where an answer has one of its own things.
fn foreign<'v>(value: &'v Value, own: &str) -> Option<&'v str> {
    match value {
        Value::String(text) => {
            let arn = Arn::parse(text).filter(|arn| arn.service == "ecs")?;
            (arn.account != own).then_some(text)
        }
        Value::Array(items) => items.iter().find_map(|item| foreign(item, own)),
        Value::Object(members) => members.values().find_map(|member| foreign(member, own)),
        _ => None,
    }
}
