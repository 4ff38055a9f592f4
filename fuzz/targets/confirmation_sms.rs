#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| amana_core::fuzzing::confirmation_sms(input, &mut |_| {}));
