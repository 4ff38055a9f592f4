//! Dynamic QR: a picture that a phone reads to pay.
//!
//! What the provider's pictures say inside is not documented. These say the members of the request
//! in its order, joined by `|`, which is enough for a test to read them back.

use std::io;

use amana_core::http::{Request, Response};
use amana_core::provider::daraja::wire::qr::{QrResponse, TRANSACTION_CODES};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcode::{Color, EcLevel, QrCode};

use super::body::Object;
use super::rejection::{Rejection, json};
use super::routes::Route;
use crate::kernel::Sandbox;

/// Width and height in pixels that are drawn.
const SIZES: std::ops::RangeInclusive<u32> = 21..=2_000;
/// The blank frame, in modules.
const FRAME: u32 = 4;
/// Characters of a text inside.
const TEXT_MAX: usize = 200;

/// `POST /mpesa/qrcode/v1/generate`.
pub fn generate(
    sandbox: &mut Sandbox,
    request: &Request,
    route: &Route,
) -> Result<Response, Rejection> {
    let body = Object::read(request, route.required)?;
    let code = body.word("TrxCode", &TRANSACTION_CODES)?;
    let amount = body.shillings("Amount")?;
    let size = body
        .text("Size")
        .parse()
        .ok()
        .filter(|size| SIZES.contains(size));
    let size = size.ok_or_else(|| Rejection::field("Size", "a size is 21 to 2000 pixels"))?;
    let content = [
        body.text("MerchantName"),
        body.text("RefNo"),
        amount.amount(),
        code,
        body.text("CPI"),
    ];
    if let Some(index) = content
        .iter()
        .position(|text| text.chars().count() > TEXT_MAX)
    {
        let (_, label) = route.required.get(index).copied().unwrap_or_default();
        return Err(Rejection::field(label, "a text has at most 200 characters"));
    }
    let png = picture(&content.join("|"), size)
        .ok_or_else(|| Rejection::field("Size", "the content does not fit into the size"))?;
    let random = sandbox.random();
    let request_id = format!("{}-{}-1", random.digits(5), random.digits(8));
    let answer = QrResponse {
        response_code: "00".to_owned(),
        request_id: Some(request_id),
        response_description: "QR Code Successfully Generated.".to_owned(),
        qr_code: STANDARD.encode(png),
    };
    Ok(json(200, &answer))
}

/// The picture of a text, so many pixels wide and high.
fn picture(text: &str, size: u32) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let modules = u32::try_from(code.width()).ok()?;
    let scale = size / (modules + 2 * FRAME);
    if scale == 0 {
        return None;
    }
    let margin = (size - scale * modules) / 2;
    let is_dark = |x: u32, y: u32| {
        let module = |pixel: u32| {
            let index = pixel.checked_sub(margin)? / scale;
            usize::try_from(index)
                .ok()
                .filter(|index| *index < code.width())
        };
        matches!((module(x), module(y)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark)
    };
    let pixels: Vec<u8> = (0..size)
        .flat_map(|y| (0..size).map(move |x| (x, y)))
        .map(|(x, y)| if is_dark(x, y) { 0 } else { 255 })
        .collect();
    encode(&pixels, size).ok()
}

fn encode(pixels: &[u8], size: u32) -> io::Result<Vec<u8>> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, size, size);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(png)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_says_what_it_was_given() {
        for (text, size) in [("TEST|INV-1|1.00|BG|373132", 300), ("x", 29)] {
            let png = picture(text, size).unwrap();
            let decoder = png::Decoder::new(io::Cursor::new(png));
            let mut reader = decoder.read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let frame = reader.next_frame(&mut pixels).unwrap();
            assert_eq!((frame.width, frame.height), (size, size));
            let side = usize::try_from(size).unwrap();
            let luma = |x: usize, y: usize| pixels[y * side + x];
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, luma);
            let grids = image.detect_grids();
            assert_eq!(grids[0].decode().unwrap().1, text);
        }
        assert_eq!(picture("x", 28), None);
    }
}
