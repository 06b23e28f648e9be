//! Calls to an emulator: what it wants otherwise is adapted, what is made is remembered, and deleted again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;
use serde_json::{Value, json};

use super::adapt;
use super::emulator::Emulator;
use super::undo::{Undo, undo};
use crate::api::{ApiCall, Refusal};
use crate::client::{Client, Endpoint};

/// The way to an emulator, for one option.
pub(super) struct Line<'a> {
    pub(super) emulator: &'a Emulator,
    endpoint: Endpoint,
    /// The account under test.
    account: String,
    state: Mutex<State>,
}

/// Somebody who signs.
#[derive(Clone)]
pub(super) struct Keys {
    client: Client,
    /// The account whose root user this is.
    root_of: Option<String>,
}

#[derive(Default)]
struct State {
    enforcing: Option<bool>,
    /// What was made, with the account it was made in.
    made: Vec<(String, Undo)>,
    /// How often each family was registered.
    registered: HashMap<String, usize>,
    /// ARNs as planned, and as they came to be: revisions count on where a family is registered anew.
    renamed: Vec<(String, String)>,
    subnet: Option<String>,
    notes: IndexSet<String>,
}

impl<'a> Line<'a> {
    pub(super) fn new(emulator: &'a Emulator, endpoint: &Endpoint, account: &str, region: &str) -> Self {
        let endpoint = endpoint.in_region(region);
        Self { emulator, endpoint, account: account.to_owned(), state: Mutex::default() }
    }

    /// The root user of an account.
    pub(super) fn root(&self, account: &str) -> Keys {
        let client = self.endpoint.with_keys(self.emulator.root_id(account), &self.emulator.root.secret, None);
        Keys { client, root_of: Some(account.to_owned()) }
    }

    /// Somebody whose keys a call has given out.
    pub(super) fn keys(&self, id: &str, secret: &str, token: Option<&str>) -> Keys {
        Keys { client: self.endpoint.with_keys(id, secret, token.map(str::to_owned)), root_of: None }
    }

    pub(super) fn note(&self, note: String) {
        self.state().notes.insert(note);
    }

    /// What is to be said of this option.
    pub(super) fn notes(self) -> IndexSet<String> {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).notes
    }

    /// Makes a call. Set-up is the root user's, who is not held to any policy, and the one whom moto does not know while
    /// it enforces; everybody else is authorised.
    pub(super) async fn send(&self, keys: &Keys, call: &ApiCall) -> Result<Value, Refusal> {
        self.enforce(keys, keys.root_of.is_none()).await?;
        if keys.root_of.is_some() {
            self.is_free(keys, call).await?;
        }
        let call = self.adapted(call).await?;
        let refusal = match self.made(keys, &call).await {
            Ok(answer) => return Ok(answer),
            Err(refusal) => refusal,
        };
        let tried = if keys.root_of.is_some() {
            adapt::alternatives(&call, &refusal, self.emulator.known.title)
        } else {
            Vec::new()
        };
        for (other, note) in tried {
            if let Ok(answer) = self.made(keys, &other).await {
                self.note(note);
                return Ok(answer);
            }
        }
        Err(self.as_planned(refusal))
    }

    /// Deletes what was made, the last first. What was gone already is no matter.
    pub(super) async fn clear(&self) {
        {
            let mut state = self.state();
            state.registered.clear();
            state.renamed.clear();
        }
        loop {
            let Some((account, undo)) = self.state().made.pop() else { return };
            let root = self.root(&account);
            if let Err(refusal) = self.enforce(&root, false).await {
                self.note(format!("what was made may still be there: {}", refusal.told()));
                return;
            }
            let undone = match &undo {
                Undo::Call(call) => (call.name(), self.deleted(&root, call).await),
                Undo::Bucket(name) => (format!("bucket {name}"), self.emptied(&root, name).await),
            };
            if let (what, Err(refusal)) = undone {
                self.note(format!("could not be deleted again: {what}: {}", refusal.told()));
                if refusal.status == 0 {
                    return;
                }
            }
        }
    }

    async fn made(&self, keys: &Keys, call: &ApiCall) -> Result<Value, Refusal> {
        let answer = keys.client.send(call).await.result?;
        let account = keys.root_of.clone().unwrap_or_else(|| self.account.clone());
        let mut state = self.state();
        state.made.extend(undo(call, &answer).into_iter().map(|undo| (account.clone(), undo)));
        if call.operation == "RegisterTaskDefinition" {
            state.registered(&answer);
        }
        Ok(answer)
    }

    async fn deleted(&self, root: &Keys, call: &ApiCall) -> Result<(), Refusal> {
        match root.client.send(call).await.result {
            Err(refusal) if refusal.status != 404 && !refusal.code.starts_with("NoSuch") => Err(refusal),
            _ => Ok(()),
        }
    }

    /// A bucket's own policy may keep even the root user out, but not from deleting the policy.
    /// docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
    async fn emptied(&self, root: &Keys, bucket: &str) -> Result<(), Refusal> {
        let of = |operation| ApiCall::new("s3", operation, json!({"Bucket": bucket}));
        self.deleted(root, &of("DeleteBucketPolicy")).await?;
        // One answer lists up to a thousand.
        loop {
            let listed = match root.client.send(&of("ListObjectVersions")).await.result {
                Ok(listed) => listed,
                Err(_) => root.client.send(&of("ListObjectsV2")).await.result?,
            };
            let objects = listed.as_array().map(Vec::as_slice).unwrap_or_default();
            if objects.is_empty() {
                return self.deleted(root, &of("DeleteBucket")).await;
            }
            for object in objects {
                let mut input = object.clone();
                input["Bucket"] = json!(bucket);
                // An object that is in no version has this for its id.
                if input["VersionId"] == "null" {
                    input["VersionId"] = Value::Null;
                }
                root.client.send(&ApiCall::new("s3", "DeleteObject", input)).await.result?;
            }
        }
    }

    /// A bucket that is there already is somebody's: making it would be no error in us-east-1, but deleting it would.
    async fn is_free(&self, root: &Keys, call: &ApiCall) -> Result<(), Refusal> {
        let Some(bucket) = call.input["Bucket"].as_str().filter(|_| call.operation == "CreateBucket") else {
            return Ok(());
        };
        let head = ApiCall::new("s3", "HeadBucket", json!({"Bucket": bucket}));
        match root.client.send(&head).await.result {
            Ok(_) => Err(Refusal {
                status: 409,
                code: "BucketAlreadyExists".to_owned(),
                message: format!("there is a bucket {bucket} already: it is not touched"),
            }),
            Err(refusal) if refusal.status == 0 => Err(refusal),
            Err(_) => Ok(()),
        }
    }

    async fn enforce(&self, keys: &Keys, on: bool) -> Result<(), Refusal> {
        if self.state().enforcing == Some(on) {
            return Ok(());
        }
        self.emulator.enforce(&keys.client, on).await?;
        self.state().enforcing = Some(on);
        Ok(())
    }

    async fn adapted(&self, call: &ApiCall) -> Result<ApiCall, Refusal> {
        let mut call = call.clone();
        let subnet = self.subnet(&call).await?;
        let mut state = self.state();
        if self.emulator.known.wants_more {
            state.notes.extend(adapt::filled(&mut call, self.emulator.known.title, subnet.as_deref()));
        }
        if !state.renamed.is_empty() {
            let text = call.input.to_string();
            let text = state.renamed.iter().fold(text, |text, (from, to)| adapt::renamed(&text, from, to));
            call.input = serde_json::from_str(&text).unwrap_or(call.input);
        }
        Ok(call)
    }

    /// A subnet that the emulator has, where it wants one.
    async fn subnet(&self, call: &ApiCall) -> Result<Option<String>, Refusal> {
        if !self.emulator.known.wants_more || call.input.get("networkConfiguration").is_none() {
            return Ok(None);
        }
        if let Some(known) = self.state().subnet.clone() {
            return Ok(Some(known));
        }
        let enforcing = self.state().enforcing;
        let root = self.root(&self.account);
        self.enforce(&root, false).await?;
        let found = root.client.send(&ApiCall::new("ec2", "DescribeSubnets", json!({}))).await.result;
        self.enforce(&root, enforcing == Some(true)).await?;
        let found = found?["Subnets"][0]["SubnetId"].as_str().map(str::to_owned);
        self.state().subnet.clone_from(&found);
        Ok(found)
    }

    /// A refusal with the ARNs that were planned.
    fn as_planned(&self, refusal: Refusal) -> Refusal {
        let state = self.state();
        let message =
            state.renamed.iter().fold(refusal.message, |text, (planned, real)| adapt::renamed(&text, real, planned));
        Refusal { message, ..refusal }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A plan counts the revisions of a family from 1; what answers may have seen it before.
    fn registered(&mut self, answer: &Value) {
        let real = answer["taskDefinition"]["taskDefinitionArn"].as_str();
        let Some((real, (family, _))) = real.and_then(|real| Some((real, real.rsplit_once(':')?))) else { return };
        let count = self.registered.entry(family.to_owned()).or_default();
        *count += 1;
        let planned = format!("{family}:{count}");
        if planned != real {
            self.renamed.retain(|(known, _)| *known != planned);
            self.renamed.push((planned, real.to_owned()));
        }
    }
}
