//! AWS itself, as the environment says: credentials, region and endpoints from the SDKs' default chain.

use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::os_shim_internal::{Env, Fs};
use aws_types::service_config::ServiceConfigKey;

use super::raw::Destination;
use super::{Client, Endpoint, PATIENCE, behavior, cause, client_of, tls};
use crate::aws::AwsError;

/// How often a call is sent that is throttled or meets a fault of AWS's own. A denial is neither.
const ATTEMPTS: u32 = 6;

impl Endpoint {
    /// AWS, and the clients of the caller that the environment names; `None` is this process's own environment, with
    /// its files `~/.aws/config` and `~/.aws/credentials`.
    ///
    /// # Errors
    /// There are no credentials, or no region.
    pub(crate) async fn of_chain(environment: Option<&[(&str, &str)]>) -> Result<(Self, Client), AwsError> {
        let connector = tls(ProxyConfig::from_env());
        let timeouts = TimeoutConfig::builder().operation_timeout(PATIENCE * 2).operation_attempt_timeout(PATIENCE);
        let loader = aws_config::defaults(behavior())
            .http_client(client_of(&connector))
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(timeouts.build());
        let loaded = match environment {
            Some(variables) => loader.env(Env::from_slice(variables)).fs(Fs::from_slice(&[])),
            None => loader,
        };
        let shared = loaded.load().await;
        if shared.region().is_none() {
            return Err(AwsError::NoRegion);
        }
        let keys = shared.credentials_provider().ok_or_else(|| AwsError::NoCredentials(String::new()))?;
        let first = keys.provide_credentials().await.map_err(|error| match error {
            // That there are none is all it says.
            CredentialsError::CredentialsNotLoaded(_) => AwsError::NoCredentials(String::new()),
            error => AwsError::NoCredentials(format!(": {}", cause(&error))),
        })?;
        let endpoint = Self { connector, destination: control(&shared), shared };
        let client = endpoint.client(first.access_key_id(), keys);
        Ok((endpoint, client))
    }
}

/// Where S3 Control is: as configured for it, or for all services, else AWS's own.
/// docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
fn control(shared: &SdkConfig) -> Destination {
    let key = ServiceConfigKey::builder().service_id("S3 Control").env("AWS_ENDPOINT_URL").profile("endpoint_url");
    let own = shared.service_config().zip(key.build().ok()).and_then(|(config, key)| config.load_config(key));
    own.or_else(|| shared.endpoint_url().map(str::to_owned)).map_or(Destination::Aws, Destination::Url)
}
