//! The commands of `amana` that are clients of a running sandbox: each calls the control API and
//! prints what it answers, for people or, with `--json`, for programs.

mod clock;
mod connection;
mod error;
mod faults;
mod listen;
mod logs;
mod openapi;
mod phones;
mod print;
mod run;
mod trigger;
mod url;
mod vectors;
mod verify;

#[cfg(test)]
mod tests;

pub use self::connection::Client;
pub use self::error::ClientError;
pub use self::url::BaseUrl;
use crate::host::NamespaceName;

/// Which sandbox is meant, and how it is to be talked about.
#[derive(Debug, Clone, clap::Args)]
pub struct Remote {
    /// Address of the sandbox
    #[arg(
        long,
        env = "AMANA_URL",
        default_value = "http://127.0.0.1:4600",
        global = true
    )]
    pub url: BaseUrl,
    /// Namespace, if not the default one
    #[arg(long, env = "AMANA_NAMESPACE", value_name = "NAME", global = true)]
    pub namespace: Option<NamespaceName>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

impl Remote {
    /// A connection to it.
    pub fn client(&self) -> Client {
        Client::new(self.url.clone(), self.namespace.clone())
    }
}

/// How a command that checks something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be, or nothing was to be checked.
    Passed,
    /// Not as it should be; what was wrong is already printed.
    Failed,
}

/// The commands.
#[derive(Debug, clap::Subcommand)]
pub enum ClientCommand {
    /// Show the clock, change it, or move it ahead
    Clock(clock::ClockOptions),
    /// Show the phones, change one, answer its prompts, use its keypad
    Phones(phones::PhonesOptions),
    /// Show the faults, arm one, take them away
    Faults(faults::FaultsOptions),
    /// Show the event log, or follow it
    Logs(logs::LogsOptions),
    /// Do what a published exchange does, so that its callbacks come
    Trigger(trigger::TriggerOptions),
    /// Forward the callbacks of the sandbox to an application that it cannot reach
    Listen(listen::ListenOptions),
    /// List the published exchanges, or show one
    Vectors(vectors::VectorsOptions),
    /// Print what the sandbox serves as an OpenAPI document
    Openapi(openapi::OpenapiOptions),
    /// Run scripted dialogues of phones; ends with 1 if one does not go as it should
    Run(run::RunOptions),
    /// Check a sandbox against what is published
    Verify(verify::VerifyOptions),
}

impl ClientCommand {
    /// Does it.
    ///
    /// # Errors
    /// If the sandbox cannot be reached or refuses.
    pub async fn run(&self) -> Result<Verdict, ClientError> {
        match self {
            Self::Clock(options) => options.run().await,
            Self::Phones(options) => options.run().await,
            Self::Faults(options) => options.run().await,
            Self::Logs(options) => options.run().await,
            Self::Trigger(options) => options.run().await,
            Self::Listen(options) => options.run().await,
            Self::Vectors(options) => options.run(),
            Self::Openapi(options) => options.run().await,
            Self::Run(options) => options.run().await,
            Self::Verify(options) => options.run().await,
        }
    }
}
