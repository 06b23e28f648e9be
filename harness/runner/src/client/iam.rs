//! IAM calls through aws-sdk-iam.

use aws_sdk_iam::Client;
use aws_sdk_iam::types::Tag;
use matrix::call::{ApiCall, CallError};
use serde_json::json;

use super::input::Input;
use super::reply::{Reply, done, reply};
use super::{Unsent, build};

pub(super) async fn send(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    match call.operation {
        name if name.starts_with("Create") => create(client, call).await,
        name if name.starts_with("Put") => put(client, call).await,
        name if name.starts_with("Attach") || name.starts_with("Add") => attach(client, call).await,
        name if name.starts_with("Detach") || name.starts_with("Remove") => detach(client, call).await,
        name if name.starts_with("Delete") => delete(client, call).await,
        _ => other(client, call).await,
    }
}

async fn create(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let tags = tags(input)?;
    Ok(match call.operation {
        "CreateRole" => done(
            client
                .create_role()
                .set_role_name(input.text("RoleName"))
                .set_path(input.text("Path"))
                .set_assume_role_policy_document(input.text("AssumeRolePolicyDocument"))
                .set_description(input.text("Description"))
                .set_max_session_duration(input.number("MaxSessionDuration"))
                .set_permissions_boundary(input.text("PermissionsBoundary"))
                .set_tags(tags)
                .send()
                .await,
        ),
        "CreateUser" => reply(
            client
                .create_user()
                .set_user_name(input.text("UserName"))
                .set_path(input.text("Path"))
                .set_permissions_boundary(input.text("PermissionsBoundary"))
                .set_tags(tags)
                .send()
                .await,
            |out| json!({"User": {"Arn": out.user.map(|user| user.arn)}}),
        ),
        "CreateGroup" => {
            let (name, path) = (input.text("GroupName"), input.text("Path"));
            done(client.create_group().set_group_name(name).set_path(path).send().await)
        }
        "CreatePolicy" => reply(
            client
                .create_policy()
                .set_policy_name(input.text("PolicyName"))
                .set_path(input.text("Path"))
                .set_policy_document(input.text("PolicyDocument"))
                .set_description(input.text("Description"))
                .set_tags(tags)
                .send()
                .await,
            |out| json!({"Policy": {"Arn": out.policy.and_then(|policy| policy.arn)}}),
        ),
        "CreateInstanceProfile" => {
            let (name, path) = (input.text("InstanceProfileName"), input.text("Path"));
            let create = client.create_instance_profile().set_instance_profile_name(name).set_path(path);
            done(create.set_tags(tags).send().await)
        }
        "CreateAccessKey" => {
            reply(client.create_access_key().set_user_name(input.text("UserName")).send().await, |out| {
                json!({"AccessKey": out.access_key.map(|key| {
                    json!({"AccessKeyId": key.access_key_id, "SecretAccessKey": key.secret_access_key})
                })})
            })
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

async fn put(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let (name, document) = (input.text("PolicyName"), input.text("PolicyDocument"));
    Ok(match call.operation {
        "PutRolePolicy" => {
            let put = client.put_role_policy().set_role_name(input.text("RoleName"));
            done(put.set_policy_name(name).set_policy_document(document).send().await)
        }
        "PutUserPolicy" => {
            let put = client.put_user_policy().set_user_name(input.text("UserName"));
            done(put.set_policy_name(name).set_policy_document(document).send().await)
        }
        "PutGroupPolicy" => {
            let put = client.put_group_policy().set_group_name(input.text("GroupName"));
            done(put.set_policy_name(name).set_policy_document(document).send().await)
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

async fn attach(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let arn = input.text("PolicyArn");
    Ok(match call.operation {
        "AttachRolePolicy" => {
            done(client.attach_role_policy().set_role_name(input.text("RoleName")).set_policy_arn(arn).send().await)
        }
        "AttachUserPolicy" => {
            done(client.attach_user_policy().set_user_name(input.text("UserName")).set_policy_arn(arn).send().await)
        }
        "AttachGroupPolicy" => {
            done(client.attach_group_policy().set_group_name(input.text("GroupName")).set_policy_arn(arn).send().await)
        }
        "AddUserToGroup" => {
            let add = client.add_user_to_group().set_group_name(input.text("GroupName"));
            done(add.set_user_name(input.text("UserName")).send().await)
        }
        "AddRoleToInstanceProfile" => {
            let add = client.add_role_to_instance_profile().set_role_name(input.text("RoleName"));
            done(add.set_instance_profile_name(input.text("InstanceProfileName")).send().await)
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

async fn detach(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let arn = input.text("PolicyArn");
    Ok(match call.operation {
        "DetachRolePolicy" => {
            done(client.detach_role_policy().set_role_name(input.text("RoleName")).set_policy_arn(arn).send().await)
        }
        "DetachUserPolicy" => {
            done(client.detach_user_policy().set_user_name(input.text("UserName")).set_policy_arn(arn).send().await)
        }
        "DetachGroupPolicy" => {
            done(client.detach_group_policy().set_group_name(input.text("GroupName")).set_policy_arn(arn).send().await)
        }
        "RemoveUserFromGroup" => {
            let remove = client.remove_user_from_group().set_group_name(input.text("GroupName"));
            done(remove.set_user_name(input.text("UserName")).send().await)
        }
        "RemoveRoleFromInstanceProfile" => {
            let remove = client.remove_role_from_instance_profile().set_role_name(input.text("RoleName"));
            done(remove.set_instance_profile_name(input.text("InstanceProfileName")).send().await)
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

async fn delete(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    let [role, user, group, policy] =
        ["RoleName", "UserName", "GroupName", "PolicyName"].map(|member| input.text(member));
    Ok(match call.operation {
        "DeleteRole" => done(client.delete_role().set_role_name(role).send().await),
        "DeleteUser" => done(client.delete_user().set_user_name(user).send().await),
        "DeleteGroup" => done(client.delete_group().set_group_name(group).send().await),
        "DeletePolicy" => done(client.delete_policy().set_policy_arn(input.text("PolicyArn")).send().await),
        "DeleteInstanceProfile" => {
            let name = input.text("InstanceProfileName");
            done(client.delete_instance_profile().set_instance_profile_name(name).send().await)
        }
        "DeleteAccessKey" => {
            let delete = client.delete_access_key().set_user_name(user);
            done(delete.set_access_key_id(input.text("AccessKeyId")).send().await)
        }
        "DeleteRolePolicy" => {
            done(client.delete_role_policy().set_role_name(role).set_policy_name(policy).send().await)
        }
        "DeleteUserPolicy" => {
            done(client.delete_user_policy().set_user_name(user).set_policy_name(policy).send().await)
        }
        "DeleteGroupPolicy" => {
            done(client.delete_group_policy().set_group_name(group).set_policy_name(policy).send().await)
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

async fn other(client: &Client, call: &ApiCall) -> Result<Reply, Unsent> {
    let input = Input(&call.input);
    Ok(match call.operation {
        "GetRole" => done(client.get_role().set_role_name(input.text("RoleName")).send().await),
        "GetUser" => done(client.get_user().set_user_name(input.text("UserName")).send().await),
        "ListRoles" => done(client.list_roles().send().await),
        "TagRole" => done(client.tag_role().set_role_name(input.text("RoleName")).set_tags(tags(input)?).send().await),
        "UpdateAssumeRolePolicy" => {
            let update = client.update_assume_role_policy().set_role_name(input.text("RoleName"));
            done(update.set_policy_document(input.text("PolicyDocument")).send().await)
        }
        "UntagRole" => {
            let untag = client.untag_role().set_role_name(input.text("RoleName"));
            done(untag.set_tag_keys(input.texts("TagKeys")).send().await)
        }
        _ => return Err(Unsent::NoBuilder),
    })
}

fn tags(input: Input<'_>) -> Result<Option<Vec<Tag>>, CallError> {
    let made = |tag: Input<'_>| build(Tag::builder().set_key(tag.text("Key")).set_value(tag.text("Value")).build());
    let tags = input.parts("Tags").map(made).collect::<Result<Vec<_>, _>>()?;
    Ok((!tags.is_empty()).then_some(tags))
}
