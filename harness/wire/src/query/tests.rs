//! Forms to JSON and results to XML, as botocore and the SDKs write and read them.

use account::{Fault, Sender};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{QueryError, decode, encode, encode_error};

#[track_caller]
fn check(form: &str, expected: Value) {
    let call = decode(format!("Action=A&Version=2010-05-08&{form}").as_bytes()).unwrap();
    assert_eq!((call.action.as_str(), call.version.as_str()), ("A", "2010-05-08"));
    assert_eq!(call.input, expected, "{form}");
}

#[test]
fn forms() {
    check("", json!({}));
    check("RoleName=app&MaxSessionDuration=3600", json!({"RoleName": "app", "MaxSessionDuration": "3600"}));
    check("Description=a+b%2Bc%26%C3%BC", json!({"Description": "a b+c&ü"}));
    check(
        "Tags.member.1.Key=Status&Tags.member.1.Value=OK&Tags.member.2.Key=Team&Tags.member.2.Value=",
        json!({"Tags": [{"Key": "Status", "Value": "OK"}, {"Key": "Team", "Value": ""}]}),
    );
    check(
        "PolicyArns.member.1.arn=arn:aws:iam::aws:policy/X",
        json!({"PolicyArns": [{"arn": "arn:aws:iam::aws:policy/X"}]}),
    );
    check(
        "TransitiveTagKeys.member.10=j&TransitiveTagKeys.member.2=b&TransitiveTagKeys.member.7=g",
        json!({"TransitiveTagKeys": ["b", "g", "j"]}),
    );
    check(
        "ContextEntries.member.1.ContextKeyName=aws:TagKeys&ContextEntries.member.1.ContextKeyType=stringList\
         &ContextEntries.member.1.ContextKeyValues.member.1=a&ContextEntries.member.1.ContextKeyValues.member.2=b",
        json!({"ContextEntries": [{"ContextKeyName": "aws:TagKeys", "ContextKeyType": "stringList", "ContextKeyValues": ["a", "b"]}]}),
    );
    check("A.member.1=x&A.other=y", json!({"A": {"member": {"1": "x"}, "other": "y"}}));
    check("Tags=&TagKeys=&Path=", json!({"Tags": [], "TagKeys": [], "Path": ""}));
    check(
        "Map.entry.1.key=a&Map.entry.1.value=1&Map.entry.2.key=b&Map.entry.2.value.Inner=2",
        json!({"Map": {"a": "1", "b": {"Inner": "2"}}}),
    );
    check("X-Amz-Signature=1&X-Amz-Date=2&UserName=u", json!({"UserName": "u"}));
}

#[test]
fn forms_that_are_no_calls() {
    assert_eq!(decode(b"Version=1&UserName=u"), Err(QueryError::MissingAction));
    let deep = format!("{}x=1", "a.".repeat(5000));
    for form in ["A=1&A=2", "A=1&A.b=2", "A.b=1&A=2", "A.=1", deep.as_str()] {
        let result = decode(format!("Action=A&{form}").as_bytes());
        assert!(matches!(result, Err(QueryError::Malformed { .. })), "{form}: {result:?}");
    }
    let many: String = (0..30_000).map(|index| format!("&p{index}=1")).collect();
    assert!(decode(format!("Action=A{many}").as_bytes()).is_err());
}

#[test]
fn results() {
    let role = json!({"Role": {"RoleName": "a<b", "MaxSessionDuration": 3600, "Tags": [{"Key": "k", "Value": ""}], "PermissionsBoundary": null}});
    assert_eq!(
        encode("iam", "GetRole", "id-1", &role),
        "<GetRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetRoleResult><Role>\
         <RoleName>a&lt;b</RoleName><MaxSessionDuration>3600</MaxSessionDuration>\
         <Tags><member><Key>k</Key><Value/></member></Tags></Role></GetRoleResult>\
         <ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GetRoleResponse>"
    );
    let list = json!({"PolicyNames": ["a", "b"], "IsTruncated": false, "Empty": []});
    assert_eq!(
        encode("sts", "List", "id-2", &list),
        "<ListResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><ListResult>\
         <PolicyNames><member>a</member><member>b</member></PolicyNames><IsTruncated>false</IsTruncated><Empty/>\
         </ListResult><ResponseMetadata><RequestId>id-2</RequestId></ResponseMetadata></ListResponse>"
    );
    let summary = encode("iam", "GetAccountSummary", "r", &json!({"SummaryMap": {"Users": 1}}));
    assert!(summary.contains("<SummaryMap><entry><key>Users</key><value>1</value></entry></SummaryMap>"), "{summary}");
    for nothing in [json!({}), Value::Null] {
        assert!(!encode("iam", "DeleteRole", "r", &nothing).contains("Result"));
        assert!(encode("iam", "UpdateRole", "r", &nothing).contains("<UpdateRoleResult/>"));
    }
}

#[test]
fn errors() {
    let fault = Fault::new(403, "AccessDenied", "User: a & b");
    assert_eq!(
        encode_error("sts", &fault, "id-3"),
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>AccessDenied</Code><Message>User: a &amp; b</Message></Error><RequestId>id-3</RequestId></ErrorResponse>"
    );
    let failure = Fault { sender: Sender::Service, ..Fault::new(500, "InternalFailure", "") };
    assert!(encode_error("iam", &failure, "r").contains("<Type>Receiver</Type>"));
}

/// A client's serialiser, to turn values into forms.
fn form(prefix: &str, value: &Value, out: &mut Vec<String>) {
    let escaped =
        |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                form(&format!("{prefix}.member.{}", index + 1), item, out);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                form(&if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") }, member, out);
            }
        }
        leaf => out.push(format!("{prefix}={}", escaped(leaf.as_str().unwrap()))),
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = ".{0,8}".prop_map(Value::String);
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..12).prop_map(Value::Array),
            prop::collection::btree_map("M[a-z]{1,5}", inner, 1..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_a_client_writes_comes_back(members in prop::collection::btree_map("M[a-z]{1,5}", value(), 0..5), reversed in any::<bool>()) {
        let input = Value::Object(members.into_iter().collect());
        let mut pairs = vec!["Action=A".to_owned()];
        form("", &input, &mut pairs);
        if reversed {
            pairs.reverse();
        }
        prop_assert_eq!(decode(pairs.join("&").as_bytes()).unwrap().input, input);
    }

    #[test]
    fn no_form_makes_it_panic(form in "([a-z.0-9%=&+]|member|entry|key|value|\\PC){0,60}") {
        let _ = decode(form.as_bytes());
        let result = decode(format!("Action=A&{form}").as_bytes());
        prop_assert!(!matches!(result, Err(QueryError::MissingAction)));
    }
}
