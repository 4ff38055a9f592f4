//! Reading requests as leniently as the provider does: forms, queries, and JSON objects whose
//! mistakes are told in the words of its JSON library, spray-json.

use std::collections::BTreeMap;

use amana_core::http::Request;
use amana_core::money::wire::WireDecimal;
use serde_json::value::RawValue;

use super::rejection::Rejection;

/// What the official JavaScript client sends for an option that was not given.
const UNDEFINED: &str = "undefined";

/// A form or a query.
#[derive(Debug)]
pub struct Form {
    fields: BTreeMap<String, String>,
    is_query: bool,
}

impl Form {
    /// The form in the body; the content type is not asked, because clients are careless with it.
    pub fn body(request: &Request) -> Self {
        Self::parse(&request.body, false)
    }

    /// The parameters of the query.
    pub fn query(request: &Request) -> Self {
        Self::parse(request.query.as_bytes(), true)
    }

    fn parse(bytes: &[u8], is_query: bool) -> Self {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            fields
                .entry(name.into_owned())
                .or_insert_with(|| value.into_owned());
        }
        Self { fields, is_query }
    }

    /// A field that is present, not empty and not the text `undefined`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty() && *value != UNDEFINED)
    }

    /// A field that must be present.
    pub fn require(&self, name: &'static str) -> Result<&str, Rejection> {
        self.fields
            .get(name)
            .map(String::as_str)
            .ok_or(if self.is_query {
                Rejection::QueryParameter(name)
            } else {
                Rejection::FormField(name)
            })
    }
}

/// A JSON object whose members are read one by one, in the order in which mistakes are reported.
#[derive(Debug)]
pub struct Object {
    members: BTreeMap<String, Box<RawValue>>,
}

impl Object {
    /// The object in the body.
    pub fn body(request: &Request) -> Result<Self, Rejection> {
        let type_of = request.header("content-type").unwrap_or("application/json");
        let essence = type_of.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Rejection::ContentType("application/json"));
        }
        let text =
            std::str::from_utf8(&request.body).map_err(|_| unreadable(&request.body, 1, 1))?;
        let value: Box<RawValue> = serde_json::from_str(text)
            .map_err(|error| unreadable(text.as_bytes(), error.line(), error.column()))?;
        Self::of(&value, None)
    }

    /// The members of a JSON value that must be an object.
    pub fn of(value: &RawValue, field: Option<&str>) -> Result<Self, Rejection> {
        serde_json::from_str(value.get())
            .map(|members| Self { members })
            .map_err(|_| Rejection::Content {
                field: field.map(str::to_owned),
                detail: "Object expected".to_owned(),
            })
    }

    /// The member, unless it is missing or null.
    fn get(&self, name: &str) -> Option<&RawValue> {
        self.members
            .get(name)
            .map(|value| &**value)
            .filter(|value| value.get() != "null")
    }

    fn require(&self, name: &'static str) -> Result<&RawValue, Rejection> {
        self.get(name).ok_or_else(|| Rejection::Content {
            field: Some(name.to_owned()),
            detail: format!("Object is missing required member '{name}'"),
        })
    }

    /// A member that must be text.
    pub fn text(&self, name: &'static str) -> Result<String, Rejection> {
        as_text(name, self.require(name)?)
    }

    /// A member that is text if it is there; empty text counts as missing.
    pub fn optional_text(&self, name: &'static str) -> Result<Option<String>, Rejection> {
        let text = self
            .get(name)
            .map(|value| as_text(name, value))
            .transpose()?;
        Ok(text.filter(|text| !text.is_empty()))
    }

    /// A member that must be a number; numeric text is accepted, as some clients send it.
    pub fn number(&self, name: &'static str) -> Result<WireDecimal, Rejection> {
        let value = self.require(name)?;
        serde_json::from_str(value.get())
            .map_err(|_| expected(name, "BigDecimal as JsNumber", value))
    }

    /// A member that is a map of text to text if it is there.
    pub fn text_map(&self, name: &'static str) -> Result<BTreeMap<String, String>, Rejection> {
        let Some(value) = self.get(name) else {
            return Ok(BTreeMap::new());
        };
        let members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(value.get())
            .map_err(|_| expected(name, "Map as JsObject", value))?;
        members
            .into_iter()
            .map(|(key, value)| Ok((key, as_text(name, &value)?)))
            .collect()
    }

    /// A member that must be an object.
    pub fn object(&self, name: &'static str) -> Result<Self, Rejection> {
        Self::of(self.require(name)?, Some(name))
    }

    /// A member that is an object if it is there.
    pub fn optional_object(&self, name: &'static str) -> Result<Option<Self>, Rejection> {
        self.get(name)
            .map(|value| Self::of(value, Some(name)))
            .transpose()
    }

    /// A member that is true or false if it is there.
    pub fn optional_flag(&self, name: &'static str) -> Result<Option<bool>, Rejection> {
        let read = |value: &RawValue| {
            serde_json::from_str(value.get())
                .map_err(|_| expected(name, "Boolean as JsBoolean", value))
        };
        self.get(name).map(read).transpose()
    }

    /// A member that is a number if it is there, as written.
    pub fn optional_number(&self, name: &'static str) -> Result<Option<String>, Rejection> {
        match self.get(name) {
            Some(_) => self
                .number(name)
                .map(|number| Some(number.as_str().to_owned())),
            None => Ok(None),
        }
    }

    /// A member that must be there, of whatever kind.
    pub fn anything(&self, name: &'static str) -> Result<String, Rejection> {
        self.require(name).map(|value| value.get().to_owned())
    }

    /// A member that must be a list.
    pub fn list(&self, name: &'static str) -> Result<Vec<Box<RawValue>>, Rejection> {
        let value = self.require(name)?;
        serde_json::from_str(value.get()).map_err(|_| expected(name, "List as JsArray", value))
    }
}

/// A JSON value that must be text.
pub fn as_text(name: &str, value: &RawValue) -> Result<String, Rejection> {
    serde_json::from_str(value.get()).map_err(|_| expected(name, "String as JsString", value))
}

fn expected(name: &str, kind: &str, value: &RawValue) -> Rejection {
    Rejection::Content {
        field: Some(name.to_owned()),
        detail: format!("Expected {kind}, but got {}", value.get()),
    }
}

fn unreadable(body: &[u8], line: usize, column: usize) -> Rejection {
    let detail = if body.trim_ascii().is_empty() {
        "Unexpected end-of-input".to_owned()
    } else {
        format!("Unexpected character (line {line}, position {column}), expected JSON Value")
    };
    Rejection::Content {
        field: None,
        detail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(body: &str) -> Result<Object, Rejection> {
        let request = Request::new("POST", "payments.africastalking.com", "/");
        Object::body(&request.with_body("application/json; charset=utf-8", body))
    }

    fn detail(rejection: Rejection) -> String {
        match rejection {
            Rejection::Content { detail, .. } => detail,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn mistakes_are_told_as_the_provider_tells_them() {
        let object = json(r#"{"metadata":"x","amount":true,"a":1,"none":null}"#).unwrap();
        let rows = [
            (
                object.text("username").unwrap_err(),
                "Object is missing required member 'username'",
            ),
            (
                object.text("none").unwrap_err(),
                "Object is missing required member 'none'",
            ),
            (
                object.text_map("metadata").unwrap_err(),
                "Expected Map as JsObject, but got \"x\"",
            ),
            (
                object.text("a").unwrap_err(),
                "Expected String as JsString, but got 1",
            ),
            (
                object.number("amount").unwrap_err(),
                "Expected BigDecimal as JsNumber, but got true",
            ),
            (
                object.list("a").unwrap_err(),
                "Expected List as JsArray, but got 1",
            ),
            (json("").unwrap_err(), "Unexpected end-of-input"),
            (json("[]").unwrap_err(), "Object expected"),
        ];
        for (rejection, expected) in rows {
            assert_eq!(detail(rejection), expected);
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        let object = json(r#"{"a":100.10,"b":"7"}"#).unwrap();
        assert_eq!(object.number("a").unwrap().as_str(), "100.10");
        assert_eq!(object.number("b").unwrap().as_str(), "7");
        assert_eq!(object.optional_text("c"), Ok(None));
    }

    #[test]
    fn a_form_is_not_json() {
        let request = Request::new("POST", "payments.africastalking.com", "/");
        let request = request.with_body("application/x-www-form-urlencoded", "username=sandbox");
        assert_eq!(
            Object::body(&request).unwrap_err(),
            Rejection::ContentType("application/json")
        );
    }

    #[test]
    fn undefined_is_absent() {
        let mut request = Request::new("GET", "api.africastalking.com", "/version1/messaging");
        request.query = "username=sandbox&keyword=undefined&lastReceivedId5".to_owned();
        let form = Form::query(&request);
        assert_eq!(form.get("keyword"), None);
        assert_eq!(form.get("username"), Some("sandbox"));
        assert_eq!(
            form.require("lastReceivedId"),
            Err(Rejection::QueryParameter("lastReceivedId"))
        );
    }
}
