//! Hosts, paths and methods: which endpoint a request is for.
//!
//! Each of the provider's services has a host of its own, live and sandbox. Where clients are
//! pointed at one address, the service is the first part of the path instead
//! (`/africastalking/payments/mobile/checkout/request`), or is left out and follows from the path.

use super::rejection::Rejection;

/// The provider's services that the sandbox mimics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// Text messages, airtime, application data, tokens.
    Api,
    /// Premium messages; the same paths as [`Service::Api`].
    Content,
    /// Mobile checkout, payouts and their queries.
    Payments,
    /// SIM-swap checks.
    Insights,
    /// Mobile data; only its queries are mimicked, over the payment wallet.
    Bundles,
    /// Calls; known so that it is refused in the provider's words.
    Voice,
    /// WhatsApp; likewise.
    Chat,
}

impl Service {
    const ALL: [Self; 7] = [
        Self::Api,
        Self::Content,
        Self::Payments,
        Self::Insights,
        Self::Bundles,
        Self::Voice,
        Self::Chat,
    ];

    /// The first label of its hosts, and its part of a path.
    const fn label(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Content => "content",
            Self::Payments => "payments",
            Self::Insights => "insights",
            Self::Bundles => "bundles",
            Self::Voice => "voice",
            Self::Chat => "chat",
        }
    }
}

/// The host names of all services, live and sandbox.
pub static HOSTS: [&str; 13] = [
    "api.africastalking.com",
    "api.sandbox.africastalking.com",
    "content.africastalking.com",
    "payments.africastalking.com",
    "payments.sandbox.africastalking.com",
    "insights.africastalking.com",
    "insights.sandbox.africastalking.com",
    "bundles.africastalking.com",
    "bundles.sandbox.africastalking.com",
    "voice.africastalking.com",
    "voice.sandbox.africastalking.com",
    "chat.africastalking.com",
    "chat.sandbox.africastalking.com",
];

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// Ask a subscriber for money.
    Checkout,
    /// Pay subscribers.
    B2c,
    /// Pay a business.
    B2b,
    /// One payment transaction.
    Transaction,
    /// The transactions of a product.
    Transactions,
    /// The movements of the payment wallet.
    FetchWallet,
    /// The balance of the payment wallet.
    WalletBalance,
    /// Send a text message.
    SendMessage,
    /// Send a text message, newer form.
    SendBulk,
    /// Text messages from phones.
    FetchMessages,
    /// The application's credit.
    User,
    /// Send airtime.
    SendAirtime,
    /// One airtime request.
    FindAirtime,
    /// A token that lets a subscriber subscribe.
    CheckoutToken,
    /// A token instead of the key.
    AuthToken,
    /// When a SIM was last swapped.
    SimSwap,
}

impl Endpoint {
    /// The name in the event log and in fault rules.
    pub const fn operation(self) -> &'static str {
        match self {
            Self::Checkout => "mobile_checkout",
            Self::B2c => "mobile_b2c",
            Self::B2b => "mobile_b2b",
            Self::Transaction => "find_transaction",
            Self::Transactions => "fetch_transactions",
            Self::FetchWallet => "fetch_wallet",
            Self::WalletBalance => "wallet_balance",
            Self::SendMessage => "send_sms",
            Self::SendBulk => "send_sms_bulk",
            Self::FetchMessages => "fetch_sms",
            Self::User => "user",
            Self::SendAirtime => "send_airtime",
            Self::FindAirtime => "find_airtime",
            Self::CheckoutToken => "checkout_token",
            Self::AuthToken => "auth_token",
            Self::SimSwap => "sim_swap",
        }
    }
}

/// The methods of a row. Queries are `GET`; one client (JavaScript 0.6) posts them as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Methods {
    Get,
    Post,
    Both,
}

impl Methods {
    fn allow(self, method: &str) -> bool {
        match self {
            Self::Get => method == "GET",
            Self::Post => method == "POST",
            Self::Both => matches!(method, "GET" | "POST"),
        }
    }
}

/// Every route, by the host of its service.
static ROUTES: &[(Service, Methods, &str, Endpoint)] = {
    use Endpoint as To;
    use Methods::{Both, Get, Post};
    use Service::{Api, Bundles, Insights, Payments as Pay};
    &[
        (Pay, Post, "/mobile/checkout/request", To::Checkout),
        (Pay, Post, "/mobile/b2c/request", To::B2c),
        (Pay, Post, "/mobile/b2b/request", To::B2b),
        (Pay, Both, "/query/transaction/find", To::Transaction),
        (Pay, Both, "/query/transaction/fetch", To::Transactions),
        (Pay, Both, "/query/wallet/fetch", To::FetchWallet),
        (Pay, Both, "/query/wallet/balance", To::WalletBalance),
        (Api, Post, "/version1/messaging", To::SendMessage),
        (Api, Get, "/version1/messaging", To::FetchMessages),
        (Api, Post, "/version1/messaging/bulk", To::SendBulk),
        (Api, Get, "/version1/user", To::User),
        (Api, Post, "/version1/airtime/send", To::SendAirtime),
        (Api, Get, "/query/transaction/find", To::FindAirtime),
        (Api, Post, "/checkout/token/create", To::CheckoutToken),
        (Api, Post, "/auth-token/generate", To::AuthToken),
        (Insights, Post, "/v1/sim-swap", To::SimSwap),
        (Bundles, Both, "/query/transaction/find", To::Transaction),
        (Bundles, Both, "/query/wallet/balance", To::WalletBalance),
    ]
};

/// The service of this host, live or sandbox.
pub fn service_of_host(host: &str) -> Option<Service> {
    let name = host
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let label = name
        .strip_suffix(".sandbox.africastalking.com")
        .or_else(|| name.strip_suffix(".africastalking.com"))?;
    Service::ALL
        .into_iter()
        .find(|service| service.label() == label)
}

/// The service that the path begins with, and the rest of the path.
pub fn service_of_path(path: &str) -> Option<(Service, &str)> {
    Service::ALL.into_iter().find_map(|service| {
        let rest = path.strip_prefix('/')?.strip_prefix(service.label())?;
        rest.starts_with('/').then_some((service, rest))
    })
}

/// The endpoint for this request: routing first, then the method.
///
/// Without a service every path is looked for; `/query/transaction/find` then means payments, and
/// the prefix of the id decides.
pub fn resolve(service: Option<Service>, method: &str, path: &str) -> Result<Endpoint, Rejection> {
    let path = match path.strip_suffix('/') {
        Some(rest) if !rest.is_empty() => rest,
        Some(_) | None => path,
    };
    let service = match service {
        Some(Service::Content) => Some(Service::Api),
        other => other,
    };
    let at_path = ROUTES
        .iter()
        .filter(|(of, _, known, _)| *known == path && service.is_none_or(|service| *of == service));
    let mut allowed = [false, false];
    for (_, methods, _, endpoint) in at_path {
        if methods.allow(method) {
            return Ok(*endpoint);
        }
        allowed[0] |= methods.allow("GET");
        allowed[1] |= methods.allow("POST");
    }
    Err(match allowed {
        [true, true] => Rejection::Method("GET, POST"),
        [true, false] => Rejection::Method("GET"),
        [false, true] => Rejection::Method("POST"),
        [false, false] => Rejection::NotFound,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_live_and_sandbox() {
        for (host, service) in [
            ("api.africastalking.com", Some(Service::Api)),
            ("API.sandbox.africastalking.com:443", Some(Service::Api)),
            (
                "payments.sandbox.africastalking.com",
                Some(Service::Payments),
            ),
            ("payments.africastalking.com.evil.test", None),
            ("127.0.0.1:4600", None),
        ] {
            assert_eq!(service_of_host(host), service, "{host}");
        }
    }

    #[test]
    fn every_host_has_a_service() {
        for host in HOSTS {
            assert!(service_of_host(host).is_some(), "{host}");
        }
    }

    #[test]
    fn the_service_decides_between_equal_paths() {
        let find = "/query/transaction/find";
        for (service, endpoint) in [
            (Some(Service::Payments), Endpoint::Transaction),
            (Some(Service::Api), Endpoint::FindAirtime),
            (None, Endpoint::Transaction),
        ] {
            assert_eq!(resolve(service, "GET", find), Ok(endpoint));
        }
        let rest = service_of_path("/payments/mobile/b2c/request");
        assert_eq!(rest, Some((Service::Payments, "/mobile/b2c/request")));
        assert_eq!(service_of_path("/paymentsx/mobile"), None);
    }

    #[test]
    fn routing_comes_before_the_method() {
        let rows = [
            ("GET", "/mobile/checkout/request", Rejection::Method("POST")),
            (
                "DELETE",
                "/version1/messaging",
                Rejection::Method("GET, POST"),
            ),
            ("GET", "/version1/airtime", Rejection::NotFound),
            ("POST", "/", Rejection::NotFound),
        ];
        for (method, path, rejection) in rows {
            assert_eq!(resolve(None, method, path), Err(rejection), "{path}");
        }
    }
}
