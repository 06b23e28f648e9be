//! A hosted world with a definition whose containers are shells.

use std::sync::Arc;

use account::ids::Seeded;
use account::{AccessKey, Call, Identity, Ids, Settings, Surroundings, Tracing};
use launch::Images;
use serde_json::{Value, json};
use wire::{Hosted, Hosting, Server};

const ACCOUNT: &str = "123456789012";

pub(crate) struct Kit {
    _server: Server,
    pub(crate) hosted: Arc<Hosted>,
}

struct InRealm(u16, Seeded);

impl Ids for InRealm {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.1.fill(bytes);
    }

    fn realm(&self) -> u16 {
        self.0
    }
}

impl Kit {
    pub(crate) async fn new() -> Self {
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let root = AccessKey { id: "test".to_owned(), secret: "nobody guesses it".to_owned() };
        let settings = Settings { account: ACCOUNT.to_owned(), root };
        let hosting = Hosting { tracing: Tracing::Denials, log: None, upstream: None };
        let kit = Self { hosted: server.host(settings, hosting), _server: server };
        kit.call("ecs", "CreateCluster", json!({}));
        kit.call("logs", "CreateLogGroup", json!({"logGroupName": "g"}));
        let trust = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole",
        }});
        kit.call("iam", "CreateRole", json!({"RoleName": "task", "AssumeRolePolicyDocument": trust.to_string()}));
        kit
    }

    pub(crate) fn call(&self, service: &str, operation: &str, input: Value) -> Value {
        let surroundings = Surroundings::unknown("us-east-1");
        self.hosted.with(|world| {
            let chance = ecs::task_changes(world) ^ std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64;
            let mut call = Call {
                identity: Arc::new(Identity::Root { account: ACCOUNT.to_owned() }),
                now: jiff::Timestamp::now(),
                ids: &mut InRealm(self.hosted.realm(), Seeded(chance)),
                surroundings: &surroundings,
                tracing: Tracing::Denials,
                decisions: &mut Vec::new(),
            };
            world.call(&mut call, service, operation, input).unwrap()
        })
    }

    /// Starts tasks of these containers; gives their ARNs.
    pub(crate) fn tasks(&self, containers: &Value, count: usize) -> Vec<String> {
        let definition = json!({
            "family": "f", "memory": "512", "taskRoleArn": format!("arn:aws:iam::{ACCOUNT}:role/task"),
            "containerDefinitions": containers,
        });
        self.call("ecs", "RegisterTaskDefinition", definition);
        let started = self.call("ecs", "RunTask", json!({"taskDefinition": "f", "count": count}));
        let tasks = started["tasks"].as_array().unwrap().iter();
        tasks.map(|task| task["taskArn"].as_str().unwrap().to_owned()).collect()
    }

    /// Starts a task of one container that runs a script.
    pub(crate) fn task(&self, script: &str) -> String {
        self.tasks(&json!([shell("c", script)]), 1).remove(0)
    }
}

pub(crate) fn shell(name: &str, script: &str) -> Value {
    json!({"name": name, "image": "shell", "command": ["-c", script], "stopTimeout": 1})
}

/// A shell stands for the image `shell`.
pub(crate) fn images() -> Images {
    let mut images = Images::default();
    images.map("shell", "sh");
    images
}
