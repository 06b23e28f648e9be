//! Which keys of a request somebody can change, and what changes with them.

use super::change::PolicyPosition;
use crate::arn::Arn;
use crate::compile;
use crate::trace::{PolicyTrace, StatementTrace, Trace};
use crate::words::plain;
use crate::{ContextValue, Kind, Principal, Request, TagsOf, Vocabulary};

/// What candidates are made from.
pub(super) struct MendInput<'a> {
    pub(super) trace: &'a Trace,
    pub(super) request: &'a Request,
    pub(super) vocabulary: &'a dyn Vocabulary,
}

/// A statement as it was written, and what it said.
pub(super) struct TracedStatement<'a> {
    pub(super) policy: &'a PolicyTrace,
    pub(super) statement: &'a StatementTrace,
    pub(super) place: PolicyPosition,
}

impl<'a> TracedStatement<'a> {
    pub(super) fn compiled(&self) -> Option<&'a compile::Statement> {
        self.policy.policy.statements().get(self.statement.index.checked_sub(1)?)
    }
}

/// Every statement of the policies of a kind, and of a level if one is given.
pub(super) fn seen(trace: &Trace, kind: Kind, level: Option<usize>) -> Vec<TracedStatement<'_>> {
    policies(trace, kind, level)
        .flat_map(|(place, policy)| {
            let statements = policy.statements.iter();
            statements.map(move |statement| TracedStatement { policy, statement, place: place.clone() })
        })
        .collect()
}

/// The policies of a kind, and of a level if one is given, with their places.
pub(super) fn policies(
    trace: &Trace,
    kind: Kind,
    level: Option<usize>,
) -> impl Iterator<Item = (PolicyPosition, &PolicyTrace)> {
    let of_kind = trace.policies.iter().filter(move |policy| policy.kind == kind);
    let mut counted: (Option<usize>, usize) = (None, 0);
    let placed = of_kind.map(move |policy| {
        counted = if counted.0 == policy.level { (counted.0, counted.1 + 1) } else { (policy.level, 1) };
        let place = PolicyPosition { kind, level: policy.level, name: Some(policy.name.clone()), at: counted.1 - 1 };
        (place, policy)
    });
    placed.filter(move |(place, _)| level.is_none() || place.level == level)
}

/// What is a fact of the caller, of the resource, of the time or of the place, and nothing that a request can set. Tags are
/// none of these.
/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
const FACTS: &[&str] = &[
    "aws:currenttime",
    "aws:ec2instancesourceprivateipv4",
    "aws:ec2instancesourcevpc",
    "aws:epochtime",
    "aws:federatedprovider",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "aws:tokenissuetime",
    "aws:userid",
    "aws:username",
];

/// What a key is about; the order is that in which mends are proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    /// Somebody's tags.
    Tags(TagsOf),
    Other,
}

impl MendInput<'_> {
    /// What a key is about.
    pub(super) fn about(&self, key: &str) -> About {
        self.vocabulary.tags_of(key).map_or(About::Other, About::Tags)
    }

    /// Whether requests for the action can carry the key on this resource; `None` if that is not known.
    pub(super) fn carries(&self, key: &str) -> Option<bool> {
        self.vocabulary.carries(&self.request.action, &self.request.resource, key)
    }

    /// Whether somebody can give the request another value of the key.
    pub(super) fn can_set(&self, key: &str) -> bool {
        let is_fact = FACTS.iter().any(|fact| key.eq_ignore_ascii_case(fact));
        // "This key is included in the request context if the principal is using an IAM principal with attached tags."
        let can_be_tagged = || {
            use Principal::{FederatedUser, RoleSession, User};
            matches!(self.request.principal, User { .. } | RoleSession { .. } | FederatedUser { .. })
        };
        !is_fact
            && self.carries(key) != Some(false)
            && (self.about(key) != About::Tags(TagsOf::Caller) || can_be_tagged())
    }

    /// A key with a value, or without one, and every other key that changes with it.
    pub(super) fn with_what_follows(
        &self,
        key: &str,
        value: Option<ContextValue>,
    ) -> Vec<(String, Option<ContextValue>)> {
        let mut all = vec![(key.to_owned(), value.clone())];
        match (self.about(key), key.split_once('/')) {
            (About::Tags(TagsOf::Request), Some((_, tag))) => {
                let twins = self.twins(key, value.as_ref());
                if is_request_tag(key) || twins.iter().any(|(twin, _)| is_request_tag(twin)) {
                    all.extend(self.tag_keys(&[(tag, value.is_some())]));
                }
                all.extend(twins);
            }
            (About::Tags(TagsOf::Resource), _) => all.extend(self.twins(key, value.as_ref())),
            _ if key.eq_ignore_ascii_case("aws:TagKeys") => all.extend(self.passed_tags(value.as_ref())),
            _ => {}
        }
        all
    }

    /// `aws:TagKeys` once tags are passed, or not passed any more.
    fn tag_keys(&self, tags: &[(&str, bool)]) -> Option<(String, Option<ContextValue>)> {
        let key = "aws:TagKeys";
        if self.carries(key) == Some(false) {
            return None;
        }
        let before = self.values(key);
        let mut after = before.clone();
        for &(tag, is_passed) in tags {
            match is_passed {
                true if after.iter().any(|other| other.eq_ignore_ascii_case(tag)) => {}
                true => after.push(tag.to_owned()),
                false => after.retain(|other| !other.eq_ignore_ascii_case(tag)),
            }
        }
        (after != before).then(|| (key.to_owned(), (!after.is_empty()).then_some(ContextValue::Many(after))))
    }

    /// `aws:RequestTag/…` of the tags that `aws:TagKeys` comes to list, or lists no more.
    fn passed_tags(&self, value: Option<&ContextValue>) -> Vec<(String, Option<ContextValue>)> {
        let after = value.map(values).unwrap_or_default();
        let before = self.values("aws:TagKeys");
        let key = |tag: &String| format!("aws:RequestTag/{tag}");
        let has = |key: &String| self.request.context.get(key).is_some();
        let gone = before.iter().filter(|tag| !after.contains(tag)).map(key).filter(has).map(|key| (key, None));
        let new = after.iter().map(key).filter(|key| !has(key) && self.carries(key) != Some(false));
        let passed = new.map(|key| (key, Some(ContextValue::One(super::values::MADE_UP.to_owned()))));
        gone.chain(passed).collect()
    }

    /// The other names of a tag that a request on this resource carries.
    fn twins(&self, key: &str, value: Option<&ContextValue>) -> Vec<(String, Option<ContextValue>)> {
        let Some((own, tag)) = key.split_once('/') else { return Vec::new() };
        let service = self.request.action.split(':').next().unwrap_or_default();
        // Where nothing is known of the action, what policies and request speak of.
        let usual = ["aws:ResourceTag".to_owned(), format!("{service}:ResourceTag"), "s3:BucketTag".to_owned()];
        let usual: Vec<_> = usual
            .into_iter()
            .filter(|name| ["aws", service].contains(&name.split(':').next().unwrap_or_default()))
            .collect();
        let is_own = |name: &String| name.eq_ignore_ascii_case(own);
        let spoken_of = |key: &String| self.request.context.get(key).is_some() || self.trace.asked.look_at(key);
        let is_one = usual.iter().any(is_own);
        let others = usual.iter().filter(|name| is_one && !is_own(name)).map(|name| format!("{name}/{tag}"));
        let usual: Vec<_> = others.filter(|key| spoken_of(key) && self.carries(key) != Some(false)).collect();
        let mut twins = self.vocabulary.twins(&self.request.action, &self.request.resource, key);
        twins.extend(usual);
        twins.sort();
        twins.dedup();
        twins.into_iter().map(|twin| (twin, value.cloned())).collect()
    }

    pub(super) fn values(&self, key: &str) -> Vec<String> {
        self.request.context.get(key).map(values).unwrap_or_default()
    }

    /// How a key comes into the request, or goes out of it. Tags come from what they are on.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    pub(super) fn way(&self, key: &str, value: Option<&ContextValue>) -> String {
        let (name, tag) = key.split_once('/').unwrap_or((key, ""));
        let Some(value) = value else { return self.way_out(key) };
        let pair = format!("{} = {}", plain(tag), shown(value));
        match name.to_ascii_lowercase().as_str() {
            "aws:tagkeys" => self.way_of_tags(&values(value)),
            "aws:principaltag" => self.way_of_caller(&format!("{}={}", plain(tag), shown(value))),
            "s3:existingobjecttag" => format!("give the object the tag {pair}"),
            // docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
            "aws:resourcetag" | "s3:buckettag" if self.is_bucket_or_object() => {
                format!("give the bucket the tag {pair} and enable attribute-based access control for it")
            }
            // "The name of a resource-creating API action": the service sets it.
            // docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
            name if name.ends_with(":createaction") => {
                format!("pass the tags with {}, which makes the resource", shown(value))
            }
            _ if tag.is_empty() => format!("make the request with {} = {}", plain(key), shown(value)),
            _ => match self.about(key) {
                About::Tags(TagsOf::Request) => format!("pass the tag {pair} in the request"),
                About::Tags(TagsOf::Resource) => format!("give the resource the tag {pair}"),
                _ => format!("make the request with {} = {}", plain(key), shown(value)),
            },
        }
    }

    /// A session has the tags of its role, and those that were passed when it was made.
    /// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    fn way_of_caller(&self, pair: &str) -> String {
        match &self.request.principal {
            Principal::User { .. } => format!("tag the user {pair}"),
            Principal::RoleSession { .. } => format!("tag the role {pair}, or pass the session tag {pair}"),
            _ => format!("give the caller the tag {pair}"),
        }
    }

    fn way_out(&self, key: &str) -> String {
        let tag = plain(key.split_once('/').map_or("", |(_, tag)| tag));
        match self.about(key) {
            _ if key.eq_ignore_ascii_case("aws:TagKeys") => self.way_of_tags(&[]),
            _ if tag.is_empty() => format!("make the request without {}", plain(key)),
            About::Tags(TagsOf::Request) => format!("do not pass the tag {tag} in the request"),
            About::Tags(TagsOf::Caller) => format!("take the tag {tag} from the caller"),
            About::Tags(TagsOf::Resource) => format!("take the tag {tag} from the resource"),
            About::Other => format!("make the request without {}", plain(key)),
        }
    }

    fn way_of_tags(&self, after: &[String]) -> String {
        let before = self.values("aws:TagKeys");
        let list = |tags: Vec<&String>| tags.iter().map(|tag| plain(tag)).collect::<Vec<_>>().join(", ");
        let new = list(after.iter().filter(|tag| !before.contains(tag)).collect());
        let gone = list(before.iter().filter(|tag| !after.contains(tag)).collect());
        match (new.is_empty(), gone.is_empty()) {
            (false, true) => format!("pass the tag {new} in the request"),
            (true, _) => format!("do not pass the tag {gone} in the request"),
            (false, false) => format!("pass the tag {new} in the request, and not {gone}"),
        }
    }

    fn is_bucket_or_object(&self) -> bool {
        Arn::parse(&self.request.resource).is_some_and(|arn| arn.service == "s3" && arn.account.is_empty())
    }
}

fn is_request_tag(key: &str) -> bool {
    TagsOf::of_global(key) == Some(TagsOf::Request) && key.contains('/')
}

/// The values of a key, one or many.
pub(super) fn values(value: &ContextValue) -> Vec<String> {
    match value {
        ContextValue::One(value) => vec![value.clone()],
        ContextValue::Many(values) => values.clone(),
    }
}

fn shown(value: &ContextValue) -> String {
    let values: Vec<_> =
        values(value).iter().map(|value| if value.is_empty() { "\"\"".to_owned() } else { plain(value) }).collect();
    values.join(", ")
}
