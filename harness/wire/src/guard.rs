//! Authorisation in front of an emulator: a request is decided on here, by the world, and done there.

mod ecs;
mod facts;
mod forward;
mod relay;
mod reserved;

use std::sync::Arc;

use ::s3::ProxiedObjects as _;
use ::s3::{Remaining, Request};
use account::{Call, Fault, Identity, Surroundings, World};
use bytes::Bytes;
use http::request::Parts;
use hyper::body::{Body, Incoming};
use serde_json::Value;

use crate::body::{Complete, Reader};
use crate::chance::RequestId;
use crate::hosted::Visit;
use crate::reader;
use crate::s3::{self, Control, RoutedRequest};
use crate::shape::{Answered, Shaped};
use crate::signature::Verified;
use crate::upstream::{Backend, Framing, Upload};

/// A request to a world whose buckets are in an emulator.
pub(crate) struct Guard<'r> {
    pub(crate) hosted: &'r Visit,
    pub(crate) backend: &'r Backend,
    pub(crate) id: &'r RequestId,
    pub(crate) identity: Arc<Identity>,
    pub(crate) surroundings: Surroundings,
    pub(crate) verified: Option<&'r Verified>,
    pub(crate) parts: &'r Parts,
}

/// The body of a request: decoded with it, or still coming.
enum Content {
    Whole,
    Coming(Box<Upload>),
}

/// The fault, and the body that it leaves unread.
type Refused = (Fault, Option<Incoming>);

impl Guard<'_> {
    /// Decides on a request to S3 and, if it is allowed, has it done. What is uploaded goes through as it comes; all
    /// other bodies are read first.
    pub(crate) async fn s3(&self, asked: RoutedRequest, body: Incoming) -> Result<Answered, Refused> {
        let uploads = forward::takes_bytes(asked.operation());
        match self.length(&body).filter(|length| uploads && *length > reader::SMALL) {
            Some(length) => {
                let decided = match asked.decode(Bytes::new(), &Complete::default()) {
                    Ok(decoded) => self.decide(&decoded.request).await.map(|left| (decoded, left)),
                    Err(fault) => Err(fault),
                };
                let (decoded, left) = match decided {
                    Ok(decided) => decided,
                    Err(fault) => return Err((fault, Some(body))),
                };
                let upload = self.upload(body, length).map_err(|fault| (fault, None))?;
                self.act(decoded, left, Content::Coming(Box::new(upload))).await.map_err(|fault| (fault, None))
            }
            None => {
                let read = reader::payload(self.parts, self.verified, body).await;
                let (payload, complete) = read.map_err(|fault| (fault, None))?;
                let whole = async {
                    let decoded = asked.decode(payload, &complete)?;
                    let configures = decoded.request.configures();
                    let _alone = if configures { Some(self.backend.alone().await) } else { None };
                    let left = self.decide(&decoded.request).await?;
                    self.act(decoded, left, Content::Whole).await
                };
                whole.await.map_err(|fault| (fault, None))
            }
        }
    }

    /// S3 Control's part of S3. A bucket's tags are the emulator's, which it is told as S3 has it; Block Public Access
    /// of the account is the world's alone.
    pub(crate) async fn control(&self, control: Control, body: Bytes) -> Result<Shaped, Fault> {
        let modelled = control.operation();
        let operation = modelled.name.as_str();
        let input = control.input(body)?;
        let name = input["ResourceArn"].as_str().and_then(|arn| arn.split_once(":s3:::")).map(|(_, name)| name);
        let name = name.unwrap_or_default().to_owned();
        let reads = ["Get", "List"].iter().any(|start| operation.starts_with(start));
        let _alone = if reads { None } else { Some(self.backend.alone().await) };
        if !name.is_empty() && !name.contains('/') {
            ::s3::check_bucket_name(&name)?;
            reserved::check(&name)?;
            self.know_bucket(&name).await?;
            self.read_bucket_tags(&name).await?;
        }
        let make = |world: &mut World, call: &mut Call<'_>| {
            let before = world.as_is(&name);
            (before, world.call(call, "s3control", operation, input))
        };
        let (before, made) = self.call(make);
        let output: Value = made?;
        if matches!(operation, "TagResource" | "UntagResource")
            && let Err(fault) = self.write_bucket_tags(&name).await
        {
            self.hosted.with(|world| world.s3_change(before));
            return Err(fault);
        }
        s3::control_answer(modelled, output)
    }

    async fn decide(&self, request: &Request) -> Result<Remaining, Fault> {
        request.buckets().try_for_each(|bucket| reserved::check(&bucket))?;
        let known = self.find_out(request).await?;
        self.call(|world, call| world.s3_elsewhere(call, request, &known))
    }

    /// Makes a call to the world, whose decisions are recorded under the request's id.
    fn call<R>(&self, make: impl FnOnce(&mut World, &mut Call<'_>) -> R) -> R {
        self.hosted.call(&self.id.id, self.identity.clone(), &self.surroundings, make)
    }

    /// How many bytes the body has without its framing, if it says so.
    fn length(&self, body: &Incoming) -> Option<u64> {
        match self.parts.headers.get("x-amz-decoded-content-length") {
            Some(length) => length.to_str().ok()?.parse().ok(),
            None => body.size_hint().exact(),
        }
    }

    fn upload(&self, body: Incoming, length: u64) -> Result<Upload, Fault> {
        if length > reader::MAX_PIECE {
            return Err(reader::too_large(length, reader::MAX_PIECE));
        }
        let reader = Reader::new(self.parts, self.verified).map_err(|error| error.answer())?;
        if !reader.can_be_of(body.size_hint().exact()) {
            return Err(reader::incomplete());
        }
        let framing = reader.trailing_checksum().map(Framing::new);
        Ok(Upload::new(body, reader, length, framing, self.parts.extensions.get().cloned()))
    }
}
