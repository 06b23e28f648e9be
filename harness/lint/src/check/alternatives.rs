//! Resource types of which a call names one, though the reference marks each as required.

use catalog::Row;
use policy::wildcard::matches_action;

/// Actions and types, each with the page that says so. The pages are those of single operations: one parameter takes
/// the identifier of one of these.
const ALTERNATIVES: &[(&[&str], &[&str])] = &[
    // "modelId: The unique identifier of the model to invoke to run inference", of any of these sorts.
    // docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
    (
        &["bedrock:*"],
        &[
            "application-inference-profile",
            "async-invoke",
            "bedrock-marketplace-model-endpoint",
            "custom-model",
            "custom-model-deployment",
            "default-prompt-router",
            "foundation-model",
            "imported-model",
            "inference-profile",
            "project",
            "prompt-router",
            "provisioned-model",
            "system-tool",
        ],
    ),
    // docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_StartBrowserSession.html: browserIdentifier
    (&["bedrock-agentcore:*"], &["browser", "browser-custom"]),
    // docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_StartCodeInterpreterSession.html
    (&["bedrock-agentcore:*"], &["code-interpreter", "code-interpreter-custom"]),
    // docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html: "The ARN of the IAM
    // resource (user, group, role, or managed policy)"
    (
        &["iam:GenerateServiceLastAccessedDetails", "iam:ListPoliciesGrantingServiceAccess"],
        &["group", "policy", "role", "user"],
    ),
    // docs.aws.amazon.com/iot/latest/apireference/API_CreateJob.html: "A list of things and thing groups"
    (&["iot:AssociateTargetsWithJob", "iot:CreateJob"], &["thing", "thinggroup"]),
    // One prefix for both versions of Lex: the first has versions of intents, the second has bots.
    // docs.aws.amazon.com/service-authorization/latest/reference/list_amazonlexv2.html
    (&["lex:DeleteIntent"], &["bot", "intent version"]),
    (&["lex:DeleteSlotType"], &["bot", "slottype version"]),
    // "The alias can be used interchangeably with key ARN".
    // docs.aws.amazon.com/payment-cryptography/latest/userguide/concepts.html
    (
        &[
            "payment-cryptography:*Data",
            "payment-cryptography:*KeyReplicationRegions",
            "payment-cryptography:Generate*",
            "payment-cryptography:GetCertificateSigningRequest",
            "payment-cryptography:TranslateKeyMaterial",
            "payment-cryptography:Verify*",
        ],
        &["alias", "key"],
    ),
    // docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html: executionArn
    (&["states:DescribeExecution"], &["execution", "express"]),
    // docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html: stateMachineArn or mapRunArn
    (&["states:ListExecutions"], &["maprun", "statemachine"]),
];

/// Those of some rows of an action that stand for each other with one of them, that one included.
pub(super) fn of(row: Row, rows: &[Row]) -> Vec<Row> {
    let name = |row: Row| row.resource_type().map_or("*", catalog::ResourceType::name);
    let is_meant = |(actions, types): &&(&[&str], &[&str])| {
        types.contains(&name(row)) && actions.iter().any(|action| matches_action(action, row.action().name()))
    };
    match ALTERNATIVES.iter().find(is_meant) {
        Some((_, types)) => rows.iter().copied().filter(|other| types.contains(&name(*other))).collect(),
        None => vec![row],
    }
}
