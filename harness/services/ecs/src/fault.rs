//! ECS's errors. Every one of them is a 400 in its model.

use account::Fault;

pub(super) fn client(message: impl Into<String>) -> Fault {
    Fault::new(400, "ClientException", message)
}

pub(super) fn invalid_parameter(message: impl Into<String>) -> Fault {
    Fault::new(400, "InvalidParameterException", message)
}

pub(super) fn cluster_not_found() -> Fault {
    Fault::new(400, "ClusterNotFoundException", "Cluster not found.")
}

/// The answer when a task's role cannot be had: it is gone, or its trust policy does not let ECS in.
pub(super) fn cannot_assume(role: &str) -> Fault {
    client(format!(
        "ECS was unable to assume the role '{role}' that was provided for this task. Please verify that the role being \
         passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this \
         role."
    ))
}

/// A denial of another service's action, such as `iam:PassRole`, that ECS raises as its own.
pub(super) fn raised_by_ecs(mut fault: Fault) -> Fault {
    if fault.code == "AccessDenied" {
        fault.code = "AccessDeniedException".into();
        fault.status = 400;
    }
    fault
}

/// An operation that ECS does not have, or that is not emulated.
pub(super) fn unknown_operation(operation: &str) -> Fault {
    Fault::new(400, "UnknownOperationException", format!("ecs:{operation} is not emulated here"))
}
