use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::openapi::Document;
use super::page;
use crate::control::routes::ROUTES;
use crate::payments;
use crate::provider;

/// The method and path of every operation of a document.
fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let methods = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().keys();
        methods.map(move |method| (method.clone(), path.clone()))
    });
    methods.collect()
}

#[test]
fn every_route_is_in_its_document() {
    let control = Document::find("control").unwrap().openapi();
    let routes = ROUTES
        .iter()
        .map(|route| (route.method.to_owned(), route.path.to_owned()));
    assert_eq!(operations(&control), routes.collect());
    let payments = Document::find("payments").unwrap().openapi();
    let routes = payments::routes().map(|(method, path, ..)| (method.to_lowercase(), path.into()));
    assert_eq!(operations(&payments), routes.collect());
    for provider in provider::ALL {
        let document = Document::find(provider.mount()).unwrap().openapi();
        let paths = document["paths"].as_object().unwrap();
        for row in provider.coverage() {
            assert!(paths.contains_key(&row.path), "{}", row.path);
        }
    }
    assert!(Document::find("other").is_none());
}

#[test]
fn a_document_is_whole() {
    for document in Document::all() {
        let openapi = document.openapi();
        assert_eq!(openapi["openapi"], "3.1.0");
        let mut ids = BTreeSet::new();
        for operation in &document.operations {
            assert!(ids.insert(operation.id.clone()), "{}", operation.id);
            let shown = &openapi["paths"][&operation.path][&operation.method];
            let named = |place: &str| -> Vec<&str> {
                let parameters = shown["parameters"].as_array().unwrap().iter();
                parameters
                    .filter(|parameter| parameter["in"] == place)
                    .filter_map(|parameter| parameter["name"].as_str())
                    .collect()
            };
            assert_eq!(named("path"), operation.variables(), "{}", operation.path);
            assert!(!shown["summary"].as_str().unwrap().is_empty());
        }
    }
}

#[test]
fn bodies_say_what_they_take() {
    let control = Document::find("control").unwrap().openapi();
    let body = |path: &str, method: &str| {
        control["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
            .clone()
    };
    let prompt = body("/_amana/phones/{msisdn}/prompts/{id}", "post");
    assert_eq!(prompt["required"], json!(["action"]));
    assert_eq!(
        prompt["properties"]["action"]["enum"],
        json!(["approve", "cancel", "ignore"])
    );
    let fault = body("/_amana/faults", "post");
    assert_eq!(fault["properties"]["with"]["additionalProperties"], false);
    let settings = body("/_amana/settings", "patch");
    assert_eq!(settings["properties"]["seed"]["default"], 1);
    assert!(body("/_amana/reset", "post").is_null());
}

#[test]
fn the_page_shows_every_operation_and_escapes_what_it_shows() {
    let documents = Document::all();
    let html = page::page(&documents);
    for operation in documents.iter().flat_map(|document| &document.operations) {
        assert!(html.contains(&operation.path), "{}", operation.path);
    }
    let hostile = Document {
        name: "hostile",
        title: "<script>\"&".to_owned(),
        servers: Vec::new(),
        operations: Vec::new(),
        schemas: serde_json::Map::new(),
    };
    let html = page::page(&[hostile]);
    assert!(html.contains("&lt;script&gt;&quot;&amp;") && !html.contains("<script"));
}
