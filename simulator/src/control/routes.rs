//! Every route of the control API, one row each. The router, the OpenAPI document and the tests that
//! go through all routes are made from this table, so that a route that is not in it is not served.

use axum::routing::{delete, get, patch, post, put};

use super::answer::schema_of;
use super::bodies::{
    ADVANCE, CLOCK, FAULT, KEYPAD, MESSAGE, NAMESPACE, PAYMENT, PHONE, PROMPT, RANGE, WAIT,
};
use super::route::{Answer, Body, Parameter, Route};
use super::{
    callbacks, certificates, clock, events, faults, health, invariants, magic, messages,
    namespaces, payments, phones, prompts, settings, snapshot, stream, ussd, wait,
};

/// Method, path, body, statuses and answer; name and handler; what it does; parameters of its query.
macro_rules! routes {
    ($(
        $method:ident $path:literal $(($body:ident $($members:ident)?))?
        $status:literal $(| $other:literal)? $answer:ident
        $operation:ident = $handler:expr, $summary:literal $([$($name:literal: $what:literal,)*])?;
    )*) => {
        &[$(Route {
            method: stringify!($method),
            path: concat!("/_amana", $path),
            operation: stringify!($operation),
            summary: $summary,
            query: &[$($(Parameter { name: $name, summary: $what },)*)?],
            body: routes!(@body $($body $($members)?)?),
            statuses: &[$status $(, $other)?],
            answer: Answer::$answer,
            schema: |generator| schema_of($handler, generator),
            handler: || $method($handler),
        },)*]
    };
    (@body) => { Body::Nothing };
    (@body $body:ident) => { Body::$body };
    (@body $body:ident $members:ident) => { Body::$body($members) };
}

/// The table.
pub static ROUTES: &[Route] = routes! {
    get "/health" 200 Json
        show_health = health::show, "That the sandbox answers, and as what";
    post "/reset" 204 Nothing
        reset_namespace = snapshot::reset, "Make the namespace as new";
    get "/settings" 200 Json
        show_settings = settings::show, "The settings";
    patch "/settings" (Settings) 200 Json
        patch_settings = settings::patch, "Change the settings by a merge patch (RFC 7396)";
    get "/invariants" 200 Json
        check_invariants = invariants::show, "Check the live state, now";
    get "/snapshot" 200 Json
        show_snapshot = snapshot::show, "The whole namespace as one document";
    put "/snapshot" (Snapshot) 200 Json
        restore_snapshot = snapshot::restore, "Put the namespace to a snapshot";
    get "/state_hash" 200 Json
        show_state_hash = snapshot::hash, "What the namespace is, in two hashes";
    get "/namespaces" 200 Json
        list_namespaces = namespaces::list, "All namespaces that were used";
    put "/namespaces/{name}" (Object NAMESPACE) 201 | 200 Json
        create_namespace = namespaces::create,
        "Make a namespace; 200 if it is there and begins like this";
    delete "/namespaces/{name}" 204 Nothing
        remove_namespace = namespaces::remove, "Remove a namespace without trace";
    get "/clock" 200 Json
        show_clock = clock::show, "The clock";
    put "/clock" (Object CLOCK) 200 Json
        set_clock = clock::set, "Give the clock another mode or time";
    post "/clock/advance" (Object ADVANCE) 200 Json
        advance_clock = clock::advance,
        "Move the clock ahead; answers when everything due has happened";
    get "/phones" 200 Json
        list_phones = phones::list, "All phones that were used";
    get "/phones/{msisdn}" 200 Json
        show_phone = phones::show, "A phone";
    put "/phones/{msisdn}" (Object PHONE) 200 Json
        configure_phone = phones::configure, "Configure a phone";
    get "/phones/{msisdn}/prompts" 200 Json
        list_prompts = prompts::list, "Its prompts, open and past, newest first";
    post "/phones/{msisdn}/prompts/{id}" (Object PROMPT) 200 Json
        answer_prompt = prompts::answer, "Answer a prompt; `current` is the open one";
    get "/phones/{msisdn}/messages" 200 Json
        list_messages = messages::list, "Its text messages, newest first" [
            "q": "only those whose text contains this",
        ];
    post "/phones/{msisdn}/messages" (Object MESSAGE) 201 Json
        send_message = messages::send, "Let it send a text message";
    post "/phones/{msisdn}/messages/read" 204 Nothing
        read_messages = messages::read, "Note that its owner looked at the messages";
    post "/phones/{msisdn}/payments" (Object PAYMENT) 200 Json
        pay_business = payments::pay, "Let its owner pay a business unasked";
    post "/phones/{msisdn}/ussd" (Object KEYPAD) 200 Json
        step_ussd = ussd::step, "Use its keypad; answers when the next screen is there";
    get "/phones/{msisdn}/ledger" 200 Json
        show_ledger = phones::ledger, "Its wallet statement, newest line first";
    get "/magic" 200 Json
        list_magic = magic::list, "What the magic numbers do";
    get "/certificates/ca" 200 Pem
        show_authority = certificates::authority, "What clients of the sandbox's HTTPS trust";
    get "/certificates/{provider}" 200 Pem
        show_certificate = certificates::show, "What clients of a provider encrypt secrets with";
    get "/events" 200 Json
        list_events = events::list, "The event log, oldest first" [
            "since": "only events after this number",
            "type": "only this type, or a group of types with `.*`",
            "correlation": "only what one request caused",
            "phone": "only about this phone",
            "q": "only events that contain this text",
            "limit": "at most so many, 1 to 1000",
        ];
    get "/events/stream" 200 Stream
        stream_events = stream::stream, "The event log from now on; `Last-Event-ID` resumes" [
            "since": "from after this number",
        ];
    post "/wait" (Object WAIT) 200 Json
        wait_for_event = wait::wait, "Wait for the first event that matches";
    get "/faults" 200 Json
        list_faults = faults::list, "Faults, armed and spent";
    post "/faults" (Object FAULT) 201 Json
        arm_fault = faults::arm, "Arm a fault";
    delete "/faults" 204 Nothing
        disarm_faults = faults::disarm_all, "Take all faults away";
    delete "/faults/{id}" 204 Nothing
        disarm_fault = faults::disarm, "Take a fault away";
    get "/callbacks" 200 Json
        list_callbacks = callbacks::list, "Callbacks, newest first" [
            "provider": "only of this provider",
            "limit": "at most so many, 1 or more",
        ];
    get "/callbacks/{id}" 200 Json
        show_callback = callbacks::show, "A callback, signed as if it were made now";
    post "/callbacks/resend" (Object RANGE) 202 Json
        resend_callbacks = callbacks::resend_range, "Make all callbacks of a range again";
    post "/callbacks/{id}/resend" 202 Json
        resend_callback = callbacks::resend, "Make a callback again";
};
