//! One request: authenticated first, then read, then made as a call.

use std::net::IpAddr;
use std::sync::Arc;

use account::{Fault, Identity, Signing, Surroundings};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Response};
use hyper::body::Incoming;
use jiff::Timestamp;

use crate::answer::Protocol;
use crate::body::Complete;
use crate::chance::RequestId;
use crate::guard::Guard;
use crate::hosted::Visit;
use crate::hosts::Hosts;
use crate::input::{self, Input};
use crate::route::{self, Route};
use crate::s3::{self, Control, RoutedRequest};
use crate::shape::{self, Answered, Sent, Shaped};
use crate::signature::{Check, Claim, Key, SignatureError, SignatureLocation, Verified, Version};
use crate::upstream::Backend;
use crate::{reader, web_page};

/// What is known of a request before its body is read.
struct RequestContext<'r> {
    hosts: &'r Hosts,
    parts: &'r Parts,
    peer: IpAddr,
    id: RequestId,
    route: Route,
}

/// Who makes a request, and of which world.
struct Caller {
    hosted: Visit,
    identity: Arc<Identity>,
    /// `None`: nobody signed.
    verified: Option<Verified>,
}

/// What became of a request: what to answer, and whether its body is still to be taken in.
type Outcome = Result<Answered, (Fault, Option<Incoming>)>;

/// Answers a request to an AWS service.
pub(crate) async fn answer(hosts: &Hosts, peer: IpAddr, parts: &Parts, body: Incoming) -> Response<Sent> {
    let parsed = Claim::from_request(parts);
    let scope = parsed.as_ref().ok().and_then(Option::as_ref).map(Claim::service);
    let route = route::of(parts, scope);
    let lifted = if route.service == "s3" { s3::lifted(parts) } else { None };
    let parts = lifted.as_ref().unwrap_or(parts);
    let id = if route.protocol == Protocol::S3 { RequestId::s3() } else { RequestId::uuid() };
    let mut context = RequestContext { hosts, parts, peer, id, route };
    let outcome = match context.route.protocol {
        _ if let Some(why) = web_page::refusal(parts) => Err((Fault::new(403, "Forbidden", why), Some(body))),
        Protocol::S3 => context.s3(parsed, body).await,
        _ => context.call(parsed, body).await.map(Answered::Shaped).map_err(|fault| (fault, None)),
    };
    let protocol = context.route.protocol;
    match outcome {
        Ok(answered) => answered.finish(protocol, &context.id),
        Err((fault, rest)) => {
            if let Some(body) = rest {
                reader::discard(parts, body).await;
            }
            shape::fault(&context.route, &fault, &context.id, parts.method == Method::HEAD)
                .finish(protocol, &context.id)
        }
    }
}

type Signature<'r> = Result<Option<Claim<'r>>, SignatureError>;

impl RequestContext<'_> {
    /// S3 signs what a header says of the body, so the caller is known before the body comes.
    async fn s3(&self, parsed: Signature<'_>, body: Incoming) -> Outcome {
        let (caller, ask) = match self.ask_s3(parsed) {
            Ok(asked) => asked,
            Err(fault) => return Err((fault, Some(body))),
        };
        if let Some(backend) = caller.hosted.backend() {
            return self.guarded_s3(&caller, backend, ask, body).await;
        }
        let read = reader::payload(self.parts, caller.verified.as_ref(), body).await;
        let (payload, complete) = read.map_err(|fault| (fault, None))?;
        self.make_s3(&caller, ask, payload, &complete).map(Answered::Shaped).map_err(|fault| (fault, None))
    }

    async fn guarded_s3(&self, caller: &Caller, backend: &Backend, ask: S3Request, body: Incoming) -> Outcome {
        let guard = self.guard(caller, backend);
        let operation = ask.operation();
        let made = match ask {
            S3Request::S3(asked) => guard.s3(asked, body).await,
            S3Request::Control(control) => match reader::payload(self.parts, caller.verified.as_ref(), body).await {
                Ok((body, _)) => {
                    guard.control(control, body).await.map(Answered::Shaped).map_err(|fault| (fault, None))
                }
                Err(fault) => Err((fault, None)),
            },
        };
        made.inspect_err(|(fault, _)| self.log_unknown(caller, operation, fault))
    }

    fn guard<'c>(&'c self, caller: &'c Caller, backend: &'c Backend) -> Guard<'c> {
        Guard {
            hosted: &caller.hosted,
            backend,
            id: &self.id,
            identity: caller.identity.clone(),
            surroundings: self.surroundings(caller),
            verified: caller.verified.as_ref(),
            parts: self.parts,
        }
    }

    fn ask_s3(&self, parsed: Signature<'_>) -> Result<(Caller, S3Request), Fault> {
        let caller = self.authenticate(parsed, b"")?;
        // docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting.html
        if self.parts.method == Method::OPTIONS {
            return Err(Fault::new(403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket."));
        }
        let ask = match self.route.service.as_ref() {
            "s3" => RoutedRequest::read(self.parts).map(S3Request::S3),
            _ => Control::read(self.parts).map(S3Request::Control),
        };
        let ask = ask.inspect_err(|fault| self.log_unknown(&caller, "", fault))?;
        Ok((caller, ask))
    }

    fn make_s3(&self, caller: &Caller, ask: S3Request, body: Bytes, complete: &Complete) -> Result<Shaped, Fault> {
        let surroundings = self.surroundings(caller);
        let operation = ask.operation();
        let made = match ask {
            S3Request::S3(asked) => asked.decode(body, complete).and_then(|decoded| {
                let reply =
                    self.make(caller, &surroundings, |world, call| ::s3::call(world, call, &decoded.request))?;
                s3::answer(decoded.operation, reply)
            }),
            S3Request::Control(control) => {
                let modelled = control.operation();
                control.input(body).and_then(|input| {
                    let output = self
                        .make(caller, &surroundings, |world, call| world.call(call, "s3control", operation, input))?;
                    s3::control_answer(modelled, output)
                })
            }
        };
        made.inspect_err(|fault| self.log_unknown(caller, operation, fault))
    }

    /// The other services sign the body itself.
    async fn call(&mut self, parsed: Signature<'_>, body: Incoming) -> Result<Shaped, Fault> {
        let request = input::request(self.parts, reader::whole(self.parts, body).await?);
        let is_query = self.route.protocol == Protocol::Query;
        let form = if is_query { Some(input::form(&request)) } else { None };
        if let (Ok(None) | Err(_), Some(Ok(form))) = (&parsed, &form) {
            self.route.service = route::by_version(&form.version).into();
        }
        let caller = match (&parsed, &form) {
            (Ok(None), Some(Ok(form))) if needs_no_signature(&self.route.service, &form.action) => self.nobody()?,
            _ => self.authenticate(parsed, &request.body)?,
        };
        let form = form.transpose()?;
        let operation = match &form {
            Some(form) => form.action.clone(),
            None => self.target(&caller)?,
        };
        let call = input::of(&self.route.service, operation, form, &request)?;
        if let Some(backend) = caller.hosted.backend().filter(|backend| backend.upstream.has_ecs)
            && self.route.service == "ecs"
        {
            let made = self.guard(&caller, backend).ecs(&call.operation, call.input).await;
            return made.inspect_err(|fault| self.log_unknown(&caller, &call.operation, fault));
        }
        let surroundings = self.surroundings(&caller);
        let service = self.route.service.as_ref();
        let Input { operation, input } = call;
        let made = self.make(&caller, &surroundings, |world, call| world.call(call, service, &operation, input));
        match made {
            Ok(output) => shape::result(service, &operation, &self.id, output),
            Err(fault) => {
                self.log_unknown(&caller, &operation, &fault);
                Err(fault)
            }
        }
    }

    /// The operation that `X-Amz-Target` names.
    fn target(&self, caller: &Caller) -> Result<String, Fault> {
        let (prefix, operation) = route::target(&self.parts.headers);
        if !operation.is_empty() && route::is_target_of(&self.route.service, prefix) {
            return Ok(operation.to_owned());
        }
        let what = match operation {
            "" => format!("{} {}", self.parts.method, self.parts.uri.path()),
            operation => format!("{prefix}.{operation}"),
        };
        let fault = Fault::new(400, "UnknownOperationException", format!("{what} is not emulated here"));
        self.log_unknown(caller, operation, &fault);
        Err(fault)
    }

    /// Who signed. `body` counts for all protocols but S3's.
    fn authenticate(&self, parsed: Signature<'_>, body: &[u8]) -> Result<Caller, Fault> {
        let refuse = |error: SignatureError| Fault::from(error.answer(self.route.protocol));
        let Some(parsed) = parsed.map_err(refuse)? else {
            return if self.route.protocol == Protocol::S3 {
                self.nobody()
            } else {
                Err(refuse(SignatureError::Missing))
            };
        };
        let found = self.hosts.of_key(parsed.access_key_id()).filter(|(_, credential)| credential.active);
        let key = found.as_ref().map(|(_, credential)| Key {
            secret: &credential.secret,
            token: credential.token.as_deref(),
            expires: credential.expires,
        });
        // S3 Control signs as S3; and what is signed for another service is not taken for this one.
        let service = if self.route.service == "s3control" { "s3" } else { self.route.service.as_ref() };
        let check = Check { protocol: self.route.protocol, service, region: None, key, now: Timestamp::now(), body };
        let verified = parsed.verify(&check).map_err(refuse)?;
        match found {
            Some((hosted, credential)) => {
                Ok(Caller { hosted, identity: credential.identity, verified: Some(verified) })
            }
            None => Err(refuse(SignatureError::UnknownKey { id: verified.access_key_id })),
        }
    }

    /// A caller who did not sign, in the first world there is.
    fn nobody(&self) -> Result<Caller, Fault> {
        let hosted = self.hosts.first().ok_or_else(|| Fault {
            sender: account::Sender::Service,
            ..Fault::new(503, "ServiceUnavailable", "No account is served.")
        })?;
        Ok(Caller { hosted: hosted.visit(), identity: Arc::new(Identity::Anonymous), verified: None })
    }

    fn make<R>(
        &self,
        caller: &Caller,
        surroundings: &Surroundings,
        make: impl FnOnce(&mut account::World, &mut account::Call<'_>) -> R,
    ) -> R {
        caller.hosted.call(&self.id.id, caller.identity.clone(), surroundings, make)
    }

    /// What the network and the signature tell of the request.
    fn surroundings(&self, caller: &Caller) -> Surroundings {
        let headers = &self.parts.headers;
        let verified = caller.verified.as_ref();
        Surroundings {
            source_ip: Some(self.peer.to_canonical()),
            user_agent: text(headers, "user-agent"),
            referer: text(headers, "referer"),
            // Clients reach AWS by https, and this stands in for AWS: a policy that denies what comes without TLS is
            // one that lets real clients in. That the last step to this machine's own port is plain is no part of
            // what is emulated.
            secure: true,
            // What nobody signed names no region; us-east-1 is where S3's global endpoint is.
            region: verified.map_or_else(|| "us-east-1".to_owned(), |verified| verified.region.clone()),
            signing: verified
                .filter(|_| self.route.protocol == Protocol::S3)
                .map(|verified| signing(headers, verified)),
        }
    }

    /// Whether a name is that of an operation of the service, with or without a prefix of the service's.
    fn is_name_of(&self, name: &str, operation: &str) -> bool {
        let prefix = name.strip_suffix(operation).filter(|_| !operation.is_empty());
        prefix.is_some_and(|prefix| prefix.is_empty() || prefix.to_ascii_lowercase().starts_with(&*self.route.service))
    }

    /// One line about an operation that is not here, or a feature of one.
    fn log_unknown(&self, caller: &Caller, operation: &str, fault: &Fault) {
        if matches!(fault.code.as_ref(), "NotImplemented" | "InvalidAction" | "UnknownOperationException") {
            let colon = if operation.is_empty() { "" } else { ":" };
            let fields: String = fault.fields.iter().map(|(name, text)| format!(" ({name}: {text})")).collect();
            let what = format!("{}{colon}{operation}", self.route.service);
            // What says no more than the name is said already.
            let why = match fault.message.strip_suffix(" is not emulated here") {
                Some(name) if self.is_name_of(name, operation) => String::new(),
                _ => format!(": {}", fault.message),
            };
            let ask = match catalog::action(&what) {
                Some(_) => "; ask it as an `action:` of a scenario, or with `tagproof simulate`",
                None => "",
            };
            caller.hosted.log(&format!("not emulated: {what}{why}{fields}{ask}"));
        }
    }
}

/// A request of the protocol that S3 and S3 Control share.
enum S3Request {
    S3(RoutedRequest),
    Control(Control),
}

impl S3Request {
    fn operation(&self) -> &'static str {
        match self {
            S3Request::S3(asked) => &asked.operation().name,
            S3Request::Control(control) => &control.operation().name,
        }
    }
}

/// The proof of identity is in some calls themselves.
/// docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
fn needs_no_signature(service: &str, action: &str) -> bool {
    model::of(service).and_then(|model| model.operation(action)).is_some_and(|operation| operation.is_unsigned)
}

/// docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
fn signing(headers: &HeaderMap, verified: &Verified) -> Signing {
    let age = Timestamp::now().duration_since(verified.signed_at).as_millis();
    let is_presigned = verified.place == SignatureLocation::Query;
    Signing {
        auth_type: if is_presigned { "REST-QUERY-STRING" } else { "REST-HEADER" },
        // "In Signature Version 2, this value is always set to 0."
        age_ms: is_presigned.then(|| match verified.version {
            Version::Two => 0,
            Version::Four => i64::try_from(age).unwrap_or(i64::MAX),
        }),
        version: match verified.version {
            Version::Two => "AWS",
            Version::Four => "AWS4-HMAC-SHA256",
        },
        content_sha256: text(headers, "x-amz-content-sha256"),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
