//! Condition keys that AWS does not have, and what was probably meant.

use policy::{Kind, plain};

use crate::code;
use crate::sink::Sink;
use crate::written::Condition;

pub(super) fn check(kind: Kind, condition: &Condition<'_>, sink: &mut Sink) {
    let name = condition.name;
    let Some((prefix, rest)) = name.split_once(':').filter(|(prefix, rest)| !prefix.is_empty() && !rest.is_empty())
    else {
        return;
    };
    // Identity providers bring keys of their own: token.actions.githubusercontent.com:sub.
    let is_text_for_sub = name.contains("${");
    let is_of_another = prefix.contains(['.', '/']) || super::is_of_a_service(kind, name);
    if !is_text_for_sub && (condition.key.is_some() || is_of_another) {
        return;
    }
    // As the service authorisation reference writes it: `aws:RequestTag/${TagKey}`.
    let bare = if is_text_for_sub { name.split("/${").next().unwrap_or(name) } else { name.trim_end_matches('/') };
    if catalog::key(&format!("{bare}/x")).is_some() {
        let message = format!("`{}` names no tag", plain(name));
        let help = match is_text_for_sub {
            true => {
                format!("nothing replaces a `${{…}}` in a key; write the tag's own key, as in `{}/team`", plain(bare))
            }
            false => format!("write the tag's key behind it: `{}/team`", plain(bare)),
        };
        sink.add(&code::MISSING_TAG_KEY_IN_CONDITION, condition.name_span, message).help(help);
        return;
    }
    if name.eq_ignore_ascii_case("aws:ARN") {
        let message = format!("AWS does not support `{}`", plain(name));
        let help = "use `aws:PrincipalArn` for who asks, `aws:SourceArn` for what a service acts for";
        sink.add(&code::UNSUPPORTED_GLOBAL_CONDITION_KEY, condition.name_span, message).help(help);
        return;
    }
    let is_global = prefix.eq_ignore_ascii_case("aws");
    let code = if is_global { &code::INVALID_GLOBAL_CONDITION_KEY } else { &code::INVALID_SERVICE_CONDITION_KEY };
    let message = format!("AWS has no condition key `{}`, so no request carries it", plain(name));
    let help = match is_text_for_sub {
        true => Some(IN_KEY.to_owned()),
        false => made_up(prefix, rest).or_else(|| if sink.is_full() { None } else { near(name) }),
    };
    sink.add(code, condition.name_span, message).help(help.unwrap_or_default());
}

/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
const IN_KEY: &str =
    "nothing replaces a `${…}` in a key; in a template, write the whole policy as JSON text for `Fn::Sub`";

/// What was probably meant by a condition key that AWS does not have: what to write instead, in a sentence. None: nothing
/// is near.
#[must_use]
pub fn meant(name: &str) -> Option<String> {
    let of_prefix = name.split_once(':').and_then(|(prefix, rest)| made_up(prefix, rest));
    of_prefix.or_else(|| near(name))
}

/// Keys that people make up, by what stands behind the prefix.
fn made_up(prefix: &str, rest: &str) -> Option<String> {
    let (head, tag) = rest.split_once('/').unwrap_or((rest, "KEY"));
    let (is_s3, tag) = (prefix.eq_ignore_ascii_case("s3"), plain(tag));
    Some(match head.to_ascii_lowercase().as_str() {
        "resourcetag" if is_s3 => {
            format!("an object's tags are `s3:ExistingObjectTag/{tag}`, its bucket's `aws:ResourceTag/{tag}`")
        }
        "requesttag" if is_s3 => format!("the tags an object is written with are `s3:RequestObjectTag/{tag}`"),
        "objecttag" => format!("an object's tags are `s3:ExistingObjectTag/{tag}`"),
        "requesttagkeys" if is_s3 => {
            "the keys of the tags an object is written with are `s3:RequestObjectTagKeys`".to_owned()
        }
        "resourcetag" | "resourcetags" => format!("did you mean `aws:ResourceTag/{tag}`?"),
        "requesttag" | "requesttags" => format!("did you mean `aws:RequestTag/{tag}`?"),
        "principaltag" | "principaltags" => format!("did you mean `aws:PrincipalTag/{tag}`?"),
        "tagkey" | "tagkeys" | "requesttagkeys" => "did you mean `aws:TagKeys`?".to_owned(),
        "sessiontag" | "sessiontags" => format!("session tags are `aws:PrincipalTag/{tag}`"),
        "tasktag" | "tasktags" => "no key carries the tags of the task that sends a request".to_owned(),
        _ => return None,
    })
}

/// The nearest key. A tag's key is left out of the comparison.
fn near(name: &str) -> Option<String> {
    let (head, tag) = name.split_once('/').map_or((name, None), |(head, tag)| (head, Some(tag)));
    let head_of = |pattern: &'static str| pattern.split("/$").next().unwrap_or(pattern);
    let near = source::suggest(head, catalog::keys().map(catalog::Key::pattern).map(head_of))?;
    Some(match tag {
        Some(tag) => format!("did you mean `{near}/{}`?", plain(tag)),
        None => format!("did you mean `{near}`?"),
    })
}
