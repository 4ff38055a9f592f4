//! Hosts, paths and methods: which endpoint a request is for.
//!
//! Each of the provider's services has a host of its own, live and sandbox. Where clients are
//! pointed at one address, the service is the first part of the path instead
//! (`/africastalking/payments/mobile/checkout/request`), or is left out and follows from the path.

use super::rejection::Rejection;
use crate::provider::coverage::Priority;

/// The provider's services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// Text messages, airtime, application data, tokens.
    Api,
    /// Premium messages; the same paths as [`Service::Api`].
    Content,
    /// Payments and their queries.
    Payments,
    /// SIM-swap checks.
    Insights,
    /// Mobile data, over the payment wallet.
    Bundles,
    /// Calls.
    Voice,
    /// WhatsApp.
    Chat,
    /// Tokens for calls from a browser.
    Webrtc,
    /// Messages to devices.
    Iot,
}

impl Service {
    const ALL: [Self; 9] = [
        Self::Api,
        Self::Content,
        Self::Payments,
        Self::Insights,
        Self::Bundles,
        Self::Voice,
        Self::Chat,
        Self::Webrtc,
        Self::Iot,
    ];

    /// The first label of its hosts, and its part of a path.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Content => "content",
            Self::Payments => "payments",
            Self::Insights => "insights",
            Self::Bundles => "bundles",
            Self::Voice => "voice",
            Self::Chat => "chat",
            Self::Webrtc => "webrtc",
            Self::Iot => "iot",
        }
    }
}

/// The host names of all services, live and sandbox.
pub static HOSTS: [&str; 15] = [
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
    "webrtc.africastalking.com",
    "iot.africastalking.com",
];

macro_rules! endpoints {
    ($($variant:ident = $operation:literal, $doc:literal;)*) => {
        /// What can be asked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Endpoint {
            $(#[doc = $doc] $variant,)*
        }

        impl Endpoint {
            /// The name in the event log and in fault rules.
            pub const fn operation(self) -> &'static str {
                match self { $(Self::$variant => $operation,)* }
            }
        }
    };
}

endpoints! {
    Checkout = "mobile_checkout", "Ask a subscriber for money.";
    B2c = "mobile_b2c", "Pay subscribers.";
    B2b = "mobile_b2b", "Pay a business.";
    Transaction = "find_transaction", "One payment transaction.";
    Transactions = "fetch_transactions", "The transactions of a product.";
    FetchWallet = "fetch_wallet", "The movements of the payment wallet.";
    WalletBalance = "wallet_balance", "The balance of the payment wallet.";
    BankCharge = "bank_checkout", "Charge a bank account.";
    BankValidate = "bank_validate", "End such a charge with a one-time password.";
    BankTransfer = "bank_transfer", "Pay bank accounts.";
    CardCharge = "card_checkout", "Charge a card.";
    CardValidate = "card_validate", "End such a charge with a one-time password.";
    WalletTransfer = "wallet_transfer", "Pay another product.";
    StashTopup = "stash_topup", "Pay into the application's credit.";
    MobileData = "mobile_data", "Send mobile data.";
    SendMessage = "send_sms", "Send a text message.";
    SendBulk = "send_sms_bulk", "Send a text message, newer form.";
    FetchMessages = "fetch_sms", "Text messages from phones.";
    CreateSubscription = "create_subscription", "Ask a subscriber for a subscription.";
    CarrierSubscription = "carrier_subscription", "The same, on a page of the network.";
    DeleteSubscription = "delete_subscription", "End a subscription.";
    FetchSubscriptions = "fetch_subscriptions", "Who subscribed.";
    User = "user", "The application's credit.";
    SendAirtime = "send_airtime", "Send airtime.";
    FindAirtime = "find_airtime", "One airtime request.";
    CheckoutToken = "checkout_token", "A token that lets a subscriber subscribe.";
    AuthToken = "auth_token", "A token instead of the key.";
    UssdPush = "ussd_push", "Open a USSD session on a phone.";
    SimSwap = "sim_swap", "When a SIM was last swapped.";
    Call = "call", "Call phones.";
    QueueStatus = "queue_status", "How many calls wait.";
    MediaUpload = "media_upload", "Keep a sound file.";
    CallTransfer = "call_transfer", "Pass a call on.";
    SendChat = "chat_send", "Send a WhatsApp message.";
    SendTemplate = "chat_template", "Register the template of a WhatsApp message.";
    Capability = "capability_token", "A token for calls from a browser.";
    Publish = "iot_publish", "A message to devices.";
}

/// The methods of a row. Queries are `GET`; one client (JavaScript 0.6) posts them as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methods {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// Either.
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

    /// Their names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Both => "GET, POST",
        }
    }
}

/// A row of the table.
#[derive(Debug)]
pub struct Route {
    /// The service whose hosts serve it.
    pub service: Service,
    /// With which methods.
    pub methods: Methods,
    /// The path there.
    pub path: &'static str,
    /// What is asked for.
    pub endpoint: Endpoint,
    /// How much it matters.
    pub priority: Priority,
}

macro_rules! routes {
    ($($priority:ident $service:ident $methods:ident $path:literal $endpoint:ident;)*) => {
        &[$(Route {
            service: Service::$service,
            methods: Methods::$methods,
            path: $path,
            endpoint: Endpoint::$endpoint,
            priority: Priority::$priority,
        },)*]
    };
}

/// Every route. Where two services have the same path and no host tells which is meant, the first
/// row counts.
pub static ROUTES: &[Route] = routes! {
    Core Payments Post "/mobile/checkout/request" Checkout;
    Core Payments Post "/mobile/b2c/request" B2c;
    Common Payments Post "/mobile/b2b/request" B2b;
    Core Payments Both "/query/transaction/find" Transaction;
    Common Payments Both "/query/transaction/fetch" Transactions;
    Common Payments Both "/query/wallet/fetch" FetchWallet;
    Core Payments Both "/query/wallet/balance" WalletBalance;
    Rare Payments Post "/bank/checkout/charge" BankCharge;
    Rare Payments Post "/bank/checkout/validate" BankValidate;
    Rare Payments Post "/bank/transfer" BankTransfer;
    Rare Payments Post "/card/checkout/charge" CardCharge;
    Rare Payments Post "/card/checkout/validate" CardValidate;
    Rare Payments Post "/transfer/wallet" WalletTransfer;
    Rare Payments Post "/topup/stash" StashTopup;
    Rare Payments Post "/mobile/data/request" MobileData;
    Core Api Post "/version1/messaging" SendMessage;
    Common Api Get "/version1/messaging" FetchMessages;
    Common Api Post "/version1/messaging/bulk" SendBulk;
    Rare Api Get "/version1/subscription" FetchSubscriptions;
    Rare Api Post "/version1/subscription/create" CreateSubscription;
    Rare Api Post "/version1/subscription/delete" DeleteSubscription;
    Rare Api Post "/version1/subscription/safaricom" CarrierSubscription;
    Core Api Get "/version1/user" User;
    Common Api Post "/version1/airtime/send" SendAirtime;
    Common Api Get "/query/transaction/find" FindAirtime;
    Rare Api Post "/checkout/token/create" CheckoutToken;
    Rare Api Post "/auth-token/generate" AuthToken;
    Rare Api Post "/ussd/push/request" UssdPush;
    Common Insights Post "/v1/sim-swap" SimSwap;
    Rare Bundles Post "/mobile/data/request" MobileData;
    Rare Bundles Both "/query/transaction/find" Transaction;
    Rare Bundles Both "/query/wallet/balance" WalletBalance;
    Rare Voice Post "/call" Call;
    Rare Voice Post "/queueStatus" QueueStatus;
    Rare Voice Post "/mediaUpload" MediaUpload;
    Rare Voice Post "/callTransfer" CallTransfer;
    Rare Chat Post "/whatsapp/message/send" SendChat;
    Rare Chat Post "/whatsapp/template/send" SendTemplate;
    Rare Webrtc Post "/capability-token/request" Capability;
    Rare Iot Post "/data/publish" Publish;
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

/// Whether this host is a sandbox's; none for one of a service that has the same host for both, and
/// for no host of the provider.
pub fn is_sandbox_host(host: &str) -> Option<bool> {
    let label = service_of_host(host)?.label();
    let has_both = HOSTS.iter().any(|known| {
        let rest = known.strip_prefix(label);
        rest.is_some_and(|rest| rest.starts_with(".sandbox."))
    });
    let is_sandbox = host.to_ascii_lowercase().contains(".sandbox.");
    has_both.then_some(is_sandbox)
}

/// The service that the path begins with, and the rest of the path.
pub fn service_of_path(path: &str) -> Option<(Service, &str)> {
    Service::ALL.into_iter().find_map(|service| {
        let rest = path.strip_prefix('/')?.strip_prefix(service.label())?;
        rest.starts_with('/').then_some((service, rest))
    })
}

/// The route of this request: routing first, then the method.
///
/// Without a service every path is looked for; `/query/transaction/find` then means payments, and
/// the prefix of the id decides.
pub fn resolve(
    service: Option<Service>,
    method: &str,
    path: &str,
) -> Result<&'static Route, Rejection> {
    let path = match path.strip_suffix('/') {
        Some(rest) if !rest.is_empty() => rest,
        Some(_) | None => path,
    };
    let service = match service {
        Some(Service::Content) => Some(Service::Api),
        other => other,
    };
    let is_here = |route: &&Route| {
        route.path == path && service.is_none_or(|service| route.service == service)
    };
    let mut allowed = [false, false];
    for route in ROUTES.iter().filter(is_here) {
        if route.methods.allow(method) {
            return Ok(route);
        }
        allowed[0] |= route.methods.allow("GET");
        allowed[1] |= route.methods.allow("POST");
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
    fn environments_by_host() {
        for (host, expected) in [
            ("api.africastalking.com", Some(false)),
            ("API.Sandbox.africastalking.com:443", Some(true)),
            ("bundles.sandbox.africastalking.com", Some(true)),
            ("content.africastalking.com", None),
            ("webrtc.africastalking.com", None),
            ("127.0.0.1:4600", None),
        ] {
            assert_eq!(is_sandbox_host(host), expected, "{host}");
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
            let route = resolve(service, "GET", find).unwrap();
            assert_eq!(route.endpoint, endpoint);
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
            assert_eq!(
                resolve(None, method, path).unwrap_err(),
                rejection,
                "{path}"
            );
        }
    }
}
