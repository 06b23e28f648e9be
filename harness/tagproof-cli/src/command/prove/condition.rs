//! Conditions and session tags as flags give them.

use policy::plain;
use serde_json::{Map, Value, json};
use simulate::Fault;

/// A condition of IAM: `KEY=VALUE …`, or JSON; `None` if nothing is given.
///
/// # Errors
/// It cannot be read as one.
pub(super) fn condition(option: &str, given: &[String]) -> Result<Option<Value>, Fault> {
    let condition = match given {
        [] => return Ok(None),
        [json] if json.trim_start().starts_with('{') => serde_json::from_str(json)
            .map_err(|error| Fault::new(format!("{option}: the condition is not JSON: {error}")))?,
        pairs => of_pairs(option, pairs)?,
    };
    simulate::condition(option, condition).map(Some)
}

/// Values of a key with several are looked for among them.
fn of_pairs(option: &str, pairs: &[String]) -> Result<Value, Fault> {
    let mut condition = Map::new();
    for pair in pairs {
        let Some((key, value)) = pair.split_once('=').filter(|(key, _)| key.contains(':')) else {
            let fault = Fault::new(format!("{option}: `{}` is not KEY=VALUE", plain(pair)));
            return Err(fault.help(format!(
                "write `{option} aws:PrincipalTag/Team=finance`, or a condition as JSON: `{option} \
                 '{{\"StringLike\": {{…}}}}'`"
            )));
        };
        let is_many = simulate::is_multivalued(key) == Some(true);
        let operator = if is_many { "ForAnyValue:StringEquals" } else { "StringEquals" };
        let keys = condition.entry(operator).or_insert_with(|| json!({}));
        let values = keys.as_object_mut().map(|keys| keys.entry(key).or_insert_with(|| json!([])));
        values.and_then(Value::as_array_mut).into_iter().for_each(|values| values.push(json!(value)));
    }
    Ok(condition.into())
}

/// The session tags that each session has; `None`: any may be there.
///
/// # Errors
/// They are neither `any` nor `none` nor tags.
pub(super) fn session_tags(given: &[String]) -> Result<Option<Vec<(String, String)>>, Fault> {
    match given {
        [] => Ok(None),
        [word] if word == "any" => Ok(None),
        [word] if word == "none" => Ok(Some(Vec::new())),
        tags => {
            let tag = |text: &String| {
                let pair = text.split_once('=').filter(|(key, _)| !key.is_empty());
                let fault = || Fault::new(format!("--session-tags: `{}` is not KEY=VALUE", plain(text)));
                pair.map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .ok_or_else(|| fault().help("write `any`, `none`, or a tag as `Team=finance`"))
            };
            tags.iter().map(tag).collect::<Result<_, _>>().map(Some)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_in_both_forms() {
        let given = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        for (texts, expected) in [
            (&["aws:PrincipalTag/a=1"][..], json!({"StringEquals": {"aws:PrincipalTag/a": ["1"]}})),
            (
                &["aws:PrincipalTag/a=1", "aws:PrincipalTag/a=2"],
                json!({"StringEquals": {"aws:PrincipalTag/a": ["1", "2"]}}),
            ),
            (&["aws:TagKeys=a"], json!({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}})),
            (&[r#"{"Null": {"aws:TagKeys": "true"}}"#], json!({"Null": {"aws:TagKeys": "true"}})),
        ] {
            assert_eq!(
                condition("--unless", &given(texts)).map_err(|fault| fault.message),
                Ok(Some(expected)),
                "{texts:?}"
            );
        }
        assert_eq!(condition("--unless", &[]).map_err(|fault| fault.message), Ok(None));
        for (text, expected) in [
            ("Team=finance", "--unless: `Team=finance` is not KEY=VALUE"),
            ("{", "--unless: the condition is not JSON: EOF while parsing an object at line 1 column 1"),
        ] {
            let fault = condition("--unless", &given(&[text])).map_err(|fault| fault.message);
            assert_eq!(fault, Err(expected.to_owned()), "{text}");
        }
        assert!(condition("--when", &given(&[r#"{"StringEqual": {"a:b": "c"}}"#])).is_err());
    }

    #[test]
    fn session_tags_are_any_none_or_these() {
        let given = |texts: &[&str]| session_tags(&texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>()).ok();
        let tag = ("Team".to_owned(), "a=b".to_owned());
        assert_eq!(given(&[]), Some(None));
        assert_eq!(given(&["any"]), Some(None));
        assert_eq!(given(&["none"]), Some(Some(Vec::new())));
        assert_eq!(given(&["Team=a=b"]), Some(Some(vec![tag])));
        assert_eq!(given(&["Team"]), None);
    }
}
